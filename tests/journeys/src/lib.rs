//! Journeys through the real window: simulator, relay and desk as programs, the window by WebDriver.
//!
//! The demo and the tests play the same [`story`], on the same [`stage`]. Each step does what a person does, waits
//! until the screen says what it should, and leaves pictures of it in light and in dark.

pub mod agent;
pub mod album;
pub mod demo_team;
pub mod stage;
pub mod story;
pub mod team;
pub mod telling;
pub mod tending;

/// The Page with routing on; Teabot is its default app.
pub const NORTHWIND_TEA: &str = "104500000000011";
/// The Page with routing off.
pub const KITE_AND_CO: &str = "104500000000022";
/// Kite & Co on Instagram, with routing off.
pub const KITE_ON_INSTAGRAM: &str = "17841400000000044";
/// Every account that the desk serves.
pub const ACCOUNTS: [&str; 3] = [NORTHWIND_TEA, KITE_AND_CO, KITE_ON_INSTAGRAM];
/// A customer of Northwind Tea who waits for a parcel.
pub const MARA: &str = "Mara Lindt";
/// A customer of Kite & Co.
pub const NOOR: &str = "Noor Janssen";
/// A customer of Kite & Co on Instagram.
pub const AYUMI: &str = "Ayumi Sato";
/// The agent at the desk.
pub const INES: &str = "Ines";
/// What the bot is called.
pub const TEABOT: &str = "Teabot";
