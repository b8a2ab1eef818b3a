//! The HTTP client of Meta's Graph API.
//!
//! ```text
//! a read  ──▶ its turn ──▶ call ──▶ answer ─┬─ understood ──────────────────────▶ value
//!             (budget, slot)                ├─ throttled · fault · cut ── wait ─┐  (at most three more times)
//!                ▲                          │                                   │
//!                └──────────────────────────┼───────────────────────────────────┘
//!                                           └─ anything else ──────────────────▶ CallError
//!
//! a send  ──▶ call ──▶ Accepted · Refused · Throttled · NotBegun · Unknown      (never a second call)
//! ```
//!
//! It promises:
//! - A send is one HTTP request, whatever happens. What became of it is one of five facts
//!   ([`SendResult`]); every doubt is [`SendResult::Unknown`].
//! - Sends and control calls wait for nothing. Reads about an account keep to Meta's budgets and to the team's slots, and
//!   say for how long they are held back ([`Hold`], [`GraphClient::pace`]).
//! - A token travels in the `Authorization` header, never in an address, with the exceptions that Meta asks for (the token
//!   that `debug_token` is to inspect, and those that the login exchanges). No token and no address stands in a log line,
//!   an error or a `Debug` output; where Meta quotes a token in a message, it is cut out.
//! - Where the app asks for it, each call carries a proof for its very token ([`Prover`]); without one nothing leaves.
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
mod login;
mod observe;
mod pace;
mod profile;
mod proof;
mod read;
mod redact;
mod send;
mod token;
mod upload;
mod usage;

pub use client::GraphClient;
pub use config::{ConfigError, DEFAULT_VERSION, GRAPH, GraphConfig};
pub use control::ControlResult;
pub use conversation::{CONVERSATION_FIELDS, ConversationQuery, MESSAGE_FIELDS};
pub use credentials::{AppSecret, AppsecretProof, Credentials};
pub use error::{CallError, NotBegun, Unknown};
pub use login::UserToken;
pub use observe::{Failure, Observer};
pub use pace::{BootClock, Hold, HoldReason, Pace, SlotAnswer, SlotBook, Slots, Urgency};
pub use proof::{NoProof, Prover};
pub use send::SendResult;
pub use upload::{Count, FileToSend, UPLOAD_LIFE_MS, Uploaded};
pub use usage::{BusinessUsage, Usage, UsageShare};
