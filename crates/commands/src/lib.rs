//! The one list of what the page may ask and hear. TypeScript is generated from it, and every host answers
//! all of it through [`dispatch`].

pub mod alerts;
mod answer;
pub mod contract;
mod dispatch;
pub mod files;
pub mod list;
pub mod media;
mod opening;
pub mod outside;
pub mod typescript;

pub use answer::Answering;
pub use contract::error::{CommandError, CommandErrorCode};
pub use contract::notice::Notice;
pub use contract::opening::OpeningView;
pub use contract::status::DiagnosticFact;
pub use dispatch::{NAMES, dispatch};
pub use opening::Opening;
