//! A faithful local Meta: the same paths, JSON and refusals, a clock that can be moved, a bot, and the customer's
//! phone.
//!
//! ```text
//!   a test, a person        the app under test               webhooks
//!        │ /control /phone        │ Graph                       ▲ signed, escaped
//!        ▼                        ▼                             │
//!   ┌─────────┐  acts   ┌──────────────────┐  deliveries  ┌──────────┐
//!   │ routes  │ ──────▶ │ world (one lock) │ ───────────▶ │ deliver  │ ──▶ callbacks, with retries
//!   └─────────┘         └──────────────────┘              └──────────┘ ──▶ the bot inside
//!        clock · faults · journal stand beside and are asked by all
//! ```
//!
//! Promises: every rule of the world is written from Meta's facts (docs/meta.md), never taken
//! from the code it tests; every app goes through the same rules; simulated time rules everything a client can
//! see. It listens to this machine only for control, and keeps no token in its journal.
//!
//! Built: Messenger and Instagram, all three systems of thread control, files, templates, login, proofs, call limits.

mod admin;
mod begin;
mod bot;
mod clock;
mod config;
mod control_room;
mod deliver;
mod demo;
mod escape;
mod faults;
mod fields;
mod files;
mod handle;
mod journal;
mod load;
mod phone;
mod quiet;
mod routes;
pub mod seed;
mod server;
mod sign;
mod sim;
mod world;

pub use admin::{NewCustomer, NewInstagram, NewPage, RoutingMode};
pub use config::{Config, Earlier, Start};
pub use faults::{CallKind, Effect, Fault, FaultView, LooseForm, Right, Struck};
pub use handle::{Simulator, SimulatorError};
pub use journal::{Call, Fate, Try, Webhook};
pub use load::{Latency, Load, LoadReport};
pub use quiet::{AppAct, QuietWorld, Refused};
pub use world::acts::arrive::Arrival;
pub use world::acts::business::{LegacyShare, PolicyNotice};
pub use world::acts::press::Pressed;
pub use world::acts::said::{Said, StickerForm, Telling, Thing};
pub use world::acts::tap::Tap;
pub use world::app::AppKind;
pub use world::limits::Limits;
pub use world::show::{
    AppView, CustomerView, MessageView, OwnerView, PageView, SubscriptionView, ThreadView, WorldView,
};
pub use world::thread::Profile;
pub use world::webhook_out::List;

/// The app id of the built-in bot.
pub const BOT_APP_ID: &str = bot::BOT_APP;
