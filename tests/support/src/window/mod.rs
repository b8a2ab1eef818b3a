//! The real programs, driven as people drive them: simulator, relay and desk as processes, the desk's window by
//! WebDriver.
//!
//! What it promises: everything it starts lives in a [`room::Room`] of its own (display, bus, key ring, home) and
//! ends with it, also when the test panics or its process is killed. What it refuses: the user's own bus, key store and
//! folders; fixed ports; waiting for a moment instead of a state.
//!
//! ```text
//! Room ── Xvfb (only without a display) · dbus-daemon · gnome-keyring-daemon
//!  ├─ Program: baton-simulator ── phone(): what a customer does
//!  ├─ Program: baton-relay ────── kill, start again on the same ports
//!  │   └─ Line ── holds up what a desk lacks
//!  ├─ DeskWindow: WebKitWebDriver ── baton-desk ── its web view
//!  ├─ Windowless: a colleague's desk in this process, with no window to drive
//!  └─ Browser: WebKitWebDriver ── MiniBrowser ── a page of the simulator
//! ```

pub mod browser;
pub mod desk;
pub mod desktop;
mod driver;
pub mod free_port;
mod hand;
pub mod line;
pub mod meta;
pub mod page;
pub mod picture;
pub mod program;
pub mod relay;
pub mod room;
pub mod until;
pub mod windowless;
