//! The HTTP client of Meta's Graph API.
//!
//! ```text
//! a read  ──▶ call ──▶ answer ─┬─ understood ──────────────────────▶ value
//!              ▲               ├─ throttled · fault · cut ── wait ─┐  (at most three more times)
//!              └───────────────┼───────────────────────────────────┘
//!                              └─ anything else ──────────────────▶ CallError
//!
//! a send  ──▶ call ──▶ Accepted · Refused · Throttled · NotBegun · Unknown      (never a second call)
//! ```
//!
//! It promises:
//! - A send is one HTTP request, whatever happens. What became of it is one of five facts
//!   ([`SendResult`]); every doubt is [`SendResult::Unknown`].
//! - A token travels in the `Authorization` header, never in an address, with the one exception that Meta asks for
//!   (the token that `debug_token` is to inspect). No token and no address stands in a log line, an error or a `Debug`
//!   output; where Meta quotes a token in a message, it is cut out.
//! - Paging follows cursors. The `next` links, which carry the token, are never followed.
//! - Every answer's `Date` and usage headers reach the [`Observer`], because rules run on Meta's time and budgets on
//!   Meta's count.
//!
//! It refuses to speak plain HTTP to anything but loopback, and follows no redirects.

mod account;
mod answer;
mod call;
mod client;
mod config;
mod control;
mod conversation;
mod credentials;
mod error;
mod observe;
mod profile;
mod read;
mod redact;
mod send;
mod token;
mod usage;

pub use client::GraphClient;
pub use config::{ConfigError, DEFAULT_VERSION, GRAPH, GraphConfig};
pub use control::ControlResult;
pub use conversation::{CONVERSATION_FIELDS, ConversationQuery, MESSAGE_FIELDS};
pub use credentials::{AppsecretProof, Credentials};
pub use error::{CallError, NotBegun, Unknown};
pub use observe::Observer;
pub use send::SendResult;
pub use usage::{BusinessUsage, Usage, UsageShare};
