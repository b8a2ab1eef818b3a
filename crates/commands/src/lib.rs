//! The one list of what the page may ask and hear. TypeScript is generated from it, and every host answers
//! all of it through [`dispatch`].

pub mod contract;
pub mod list;
pub mod typescript;
