//! Alerts: what this desk's agent is told of wherever they are, by a notification and a sound.
//!
//! ```text
//!   stream ──▶ heard (pure) ──▶ gathered for a moment ──▶ how the threads stand ──┐
//!   time ────▶ shutting (pure), what was told before ─────────────────────────────┼──▶ machine (pure) ──▶ AlertEvent
//!   page ────▶ what somebody looks at, do not disturb, what is to be told ────────┘                       └▶ host, page
//! ```
//!
//! Promises: never for the agent's own act, never for what history brings, nothing of a backlog, nothing twice after a new
//! start; what was read elsewhere, given away or taken back leaves the screen again. What is shown is the host's affair: here
//! nothing draws and nothing makes a sound.

mod choice;
mod desk;
mod heard;
mod machine;
mod run;
mod shutting;
mod words;

use std::sync::Mutex;

use baton_messenger::id::AppId;
use tokio::sync::{Notify, broadcast, mpsc};

pub use choice::{AlertChoice, AlertKind, AlertSwitch, MOST_MINUTES, MOST_VOLUME, Quiet};
pub(crate) use heard::Clocks;
pub use heard::HeardLog;
use heard::{Heard, Logs};
pub use machine::{Alert, Effect, End, Machine, News, Rules, Says, Slot, What};
pub(crate) use run::run;
pub use shutting::{Ending, Stage, ToldOf};
pub use words::AlertWords;

use crate::store::{Store, StoreError, ThreadId, ThreadKey};

/// The setting under which it is kept what was chosen.
const SETTING: &str = "core.alerts";
/// Slow listeners lose the oldest.
const CAPACITY: usize = 256;

/// What a host and the page hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertEvent {
    /// Show this in the place of what stands in its slot.
    Show {
        /// The alert.
        alert: Alert,
        /// What it says, as the agent chose.
        words: AlertWords,
    },
    /// Take away what stands there.
    Close(Slot),
    /// Let this be heard.
    Sound(AlertKind),
    /// What was chosen changed, or do not disturb began or ended.
    Chosen,
    /// Another app passed control of a thread to us: a word inside the window, and never a notification.
    Passed {
        /// The thread.
        thread: ThreadId,
        /// Account and customer.
        key: ThreadKey,
        /// The customer's name, when it is known.
        customer: Option<String>,
        /// The app that held it; none where Meta does not say.
        from: Option<AppId>,
        /// True when this agent works on the thread.
        is_mine: bool,
    },
}

/// What comes into the loop.
#[derive(Debug)]
enum Input {
    Heard(Vec<Heard>),
    Looks(Option<ThreadId>),
    Gone(Slot),
    /// Names are not to be seen any more.
    Hide,
}

/// What the rest of a desk has of its alerts.
#[derive(Debug)]
pub(crate) struct Alerts {
    logs: Mutex<Logs>,
    choice: Mutex<AlertChoice>,
    inputs: mpsc::UnboundedSender<Input>,
    /// Until the loop takes it.
    to_loop: Mutex<Option<mpsc::UnboundedReceiver<Input>>>,
    events: broadcast::Sender<AlertEvent>,
    /// What was chosen changed.
    chosen: Notify,
}

impl Alerts {
    /// As an earlier run left them.
    pub(crate) async fn open(store: &Store) -> Result<Self, StoreError> {
        let kept = store.setting(SETTING).await?;
        // What cannot be read is as by default: a choice is made again sooner than a desk that does not open.
        let choice =
            kept.and_then(|json| serde_json::from_str::<AlertChoice>(&json).ok()).unwrap_or_default();
        let (inputs, to_loop) = mpsc::unbounded_channel();
        Ok(Self {
            logs: Mutex::new(Logs::new(store.heard_logs().await?)),
            choice: Mutex::new(choice.bounded()),
            inputs,
            to_loop: Mutex::new(Some(to_loop)),
            events: broadcast::Sender::new(CAPACITY),
            chosen: Notify::new(),
        })
    }

    fn input(&self, input: Input) {
        // Nobody takes it once the desk stops.
        let _ = self.inputs.send(input);
    }

    fn event(&self, event: AlertEvent) {
        // Nobody listening is no fault: a desk without a window.
        let _ = self.events.send(event);
    }
}
