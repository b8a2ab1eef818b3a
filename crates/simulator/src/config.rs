//! What a simulator is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use baton_messenger::AccountId;
use secrecy::SecretString;

use crate::seed::Plan;
use crate::world::limits::Limits;

/// How a new world looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Start {
    /// The apps and nothing else.
    #[default]
    Empty,
    /// Two Pages with customers and their past, one of them on Instagram too, and a Page without the right to message.
    Demo,
    /// The demo's accounts with people at scale instead of its customers.
    Seeded(Plan),
    /// The same, read from a file that [`crate::seed::write`] made; its ages count from the start.
    File(PathBuf),
}

/// What an earlier run of the same world gave out, and somebody still holds. This run knows it, and nothing that was said.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// Page tokens of the app under test.
    pub tokens: Vec<(AccountId, SecretString)>,
    /// How far its clock was ahead of the machine's, milliseconds: time does not run backwards.
    pub clock_ahead_ms: i64,
}

/// Settings of one simulator.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The id of the app under test.
    pub app_id: String,
    /// Its name.
    pub app_name: String,
    /// Its secret; signs webhooks.
    pub app_secret: SecretString,
    /// Where its webhooks go, as if set in the dashboard. May be set later.
    pub callback_url: Option<String>,
    /// How the world begins.
    pub start: Start,
    /// What an earlier run gave out; with it the demo's customers begin without a past, which they told already.
    pub earlier: Option<Earlier>,
    /// The simulated time at the start, milliseconds UTC; `None`: the machine's.
    pub start_ms: Option<i64>,
    /// Whether time passes only when it is moved: then nothing depends on how quick the machine is.
    pub time_stands: bool,
    /// Pauses between tries of a failing webhook, real time; the last one repeats.
    pub retry_pauses: Vec<Duration>,
    /// How long a receiver may take to answer a webhook. Meta: 5 seconds.
    pub receiver_patience: Duration,
    /// How long the bot thinks, real time.
    pub bot_pause: Duration,
    /// Whether the bot also answers on Pages without routing.
    pub bot_answers_without_routing: bool,
    /// Meta's budgets of calls, and whether it refuses what goes beyond them.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            app_id: "700100200300400".into(),
            app_name: "Baton".into(),
            app_secret: SecretString::from("simulated-app-secret"),
            callback_url: None,
            start: Start::Empty,
            earlier: None,
            start_ms: None,
            time_stands: false,
            retry_pauses: [200, 500, 1000, 2000, 5000].map(Duration::from_millis).to_vec(),
            receiver_patience: Duration::from_secs(5),
            bot_pause: Duration::from_millis(400),
            bot_answers_without_routing: false,
            limits: Limits::default(),
        }
    }
}
