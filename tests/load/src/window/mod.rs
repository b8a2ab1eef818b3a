//! The real window beside a web view with nothing of ours around it: start, keys, scrolling, memory, rest, and webhooks that
//! become rows.
//!
//! ```text
//!   Room ─ Xvfb ─┬─ WebKitWebDriver ─ baton-desk ─ its page      (what is promised)
//!                └─ bare-page ─ a page of the same rows          (the reference; served and heard by `site`)
//! ```

pub mod board;
mod cold;
mod keys;
pub mod measure;
mod paint;
mod process;
mod profile;
mod real;
mod scripts;
mod site;
mod started;
mod tail;

pub(crate) use keys::numbers as scripted;
pub use process::memory_mib;
pub(crate) use scripts::{DRAWN, WATCH_CALLS};
