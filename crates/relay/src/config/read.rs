//! Reading the settings: the environment over the file over the defaults.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use baton_messenger::id::AppId;
use secrecy::SecretString;
use url::{Host, Url};

use super::{Config, DIALOG, META_TIME_EVERY, MOST_CONNECTIONS};
use crate::clock::SystemClock;
use crate::net::Deadlines;

/// Where settings come from.
#[derive(Default)]
pub struct Source {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The variables that are set.
    pub env: Vec<(String, String)>,
}

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which setting, and where it can be set.
    pub setting: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub action: String,
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The relay cannot start with these settings:")?;
        for Problem { setting, what, action } in &self.0 {
            writeln!(f, "\n  {setting}\n    {what}\n    {action}")?;
        }
        Ok(())
    }
}

const PREFIX: &str = "BATON_RELAY_";
/// All settings; in the environment in capitals behind the prefix.
const NAMES: &[&str] = &[
    "workspace",
    "database",
    "public_listen",
    "desk_listen",
    "app_id",
    "app_secret",
    "app_secret_file",
    "app_secret_previous",
    "app_secret_previous_file",
    "verify_token",
    "verify_token_file",
    "graph_url",
    "public_url",
    "dialog_url",
    "login_config_id",
    "meta_time_seconds",
    "most_connections",
    "ready_file",
];

/// Reads and checks all settings.
///
/// # Errors
/// [`Problems`]: all of them, not only the first.
pub fn read(source: &Source) -> Result<Config, Problems> {
    let mut reader = Reader::new(source);
    let config = Config {
        workspace: reader.text("workspace").unwrap_or_else(|| "Baton".to_owned()),
        database: reader.database(),
        public_listen: reader.or("public_listen", "an address and port such as 127.0.0.1:8080", PUBLIC),
        desk_listen: reader.or("desk_listen", "an address and port such as 127.0.0.1:8081", DESKS),
        app_id: reader.app_id(),
        app_secrets: reader.app_secrets(),
        verify_token: reader.needed_secret(
            "verify_token",
            "Choose any text and enter the same one in the webhook settings of the Meta app.",
        ),
        graph_url: reader.graph_url(),
        public_url: reader
            .address("public_url", "Write the address that Meta calls, such as https://relay.example.com."),
        dialog_url: reader
            .address("dialog_url", "Leave it out to use Meta's own address.")
            .unwrap_or_else(|| DIALOG.to_owned()),
        login_config_id: reader.text("login_config_id").map(|id| id.trim().to_owned()),
        meta_time_every: reader.meta_time(),
        most_connections: reader.or("most_connections", "a whole number such as 2048", MOST_CONNECTIONS),
        ready_file: reader.text("ready_file").map(PathBuf::from),
        deadlines: Deadlines::default(),
        heartbeat: Duration::from_millis(baton_protocol::stream::HEARTBEAT_MS),
        clock: Arc::new(SystemClock),
    };
    if reader.problems.is_empty() { Ok(config) } else { Err(Problems(reader.problems)) }
}

const PUBLIC: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const DESKS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8081);

struct Reader<'a> {
    source: &'a Source,
    file: toml::Table,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source) -> Self {
        let mut reader = Self { source, file: toml::Table::new(), problems: Vec::new() };
        if let Some(path) = &source.file {
            reader.read_file(path);
        }
        reader.find_strangers();
        reader
    }

    fn read_file(&mut self, path: &Path) {
        let setting = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => match text.parse::<toml::Table>() {
                Ok(table) => self.file = table,
                Err(error) => {
                    // The message quotes no value: a secret could stand there.
                    let what = format!("The file is not TOML: {}.", error.message());
                    self.problem(setting, what, "Write one `name = \"value\"` per line.");
                }
            },
            Err(error) => {
                let what = format!("The settings file cannot be read: {error}.");
                self.problem(setting, what, "Check the path after --config, and who may read the file.");
            }
        }
    }

    /// A misspelt setting would silently be a default.
    fn find_strangers(&mut self) {
        let mut strangers: Vec<String> = self
            .file
            .keys()
            .filter(|name| !NAMES.contains(&name.as_str()))
            .map(|name| format!("`{name}` in the file"))
            .collect();
        for (name, _) in &self.source.env {
            let Some(short) = name.strip_prefix(PREFIX) else { continue };
            if short != "LOG" && short != "CONFIG" && !NAMES.contains(&short.to_lowercase().as_str()) {
                strangers.push(name.clone());
            }
        }
        for stranger in strangers {
            self.problem(
                stranger,
                "There is no such setting.".to_owned(),
                &format!("Known settings: {}.", NAMES.join(", ")),
            );
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let variable = variable(name);
        let from_env =
            self.source.env.iter().find(|(known, _)| *known == variable).map(|(_, value)| value.clone());
        let value = from_env.or_else(|| match self.file.get(name)? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        });
        value.filter(|value| !value.trim().is_empty())
    }

    fn or<T: FromStr>(&mut self, name: &str, expected: &str, default: T) -> T {
        let Some(text) = self.text(name) else { return default };
        text.trim().parse().unwrap_or_else(|_| {
            self.problem(place(name), format!("`{text}` is not {expected}."), "Correct it, or leave it out.");
            default
        })
    }

    fn database(&mut self) -> PathBuf {
        let text = self.text("database").unwrap_or_else(|| "sqlite:relay.db".to_owned());
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => {
                PathBuf::from(path.strip_prefix("//").unwrap_or(path))
            }
            _ => {
                self.problem(
                    place("database"),
                    "It does not begin with `sqlite:`, the only kind of log this version has.".to_owned(),
                    "Write `sqlite:` and the path of a file, such as sqlite:/var/lib/baton/relay.db.",
                );
                PathBuf::new()
            }
        }
    }

    fn app_id(&mut self) -> AppId {
        let id = self.text("app_id").unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            let what = if id.is_empty() { "It is not set." } else { "It is not a row of digits." };
            self.problem(
                place("app_id"),
                what.to_owned(),
                "Copy the App ID from the Meta app's dashboard, Settings > Basic.",
            );
        }
        AppId::new(id)
    }

    fn app_secrets(&mut self) -> Vec<SecretString> {
        let current = self.needed_secret(
            "app_secret",
            "Copy the App Secret from the Meta app's dashboard, Settings > Basic, into a file that only the relay reads.",
        );
        let previous = self.secret("app_secret_previous");
        [current].into_iter().chain(previous).collect()
    }

    fn needed_secret(&mut self, name: &str, action: &str) -> SecretString {
        let problems_before = self.problems.len();
        let secret = self.secret(name);
        if secret.is_none() && self.problems.len() == problems_before {
            let setting = format!("{} or {}", place(name), place(&format!("{name}_file")));
            self.problem(setting, "Neither is set.".to_owned(), action);
        }
        secret.unwrap_or_default()
    }

    /// From the setting itself, or from the file that the setting of the same name with `_file` names.
    fn secret(&mut self, name: &str) -> Option<SecretString> {
        if let Some(text) = self.text(name) {
            return Some(SecretString::from(text.trim().to_owned()));
        }
        let file_name = format!("{name}_file");
        let path = self.text(&file_name)?;
        match std::fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => Some(SecretString::from(text.trim().to_owned())),
            Ok(_) => {
                self.problem(place(&file_name), format!("{path} is empty."), "Put the secret into it.");
                None
            }
            Err(error) => {
                let what = format!("{path} cannot be read: {error}.");
                self.problem(place(&file_name), what, "Check the path, and who may read the file.");
                None
            }
        }
    }

    fn graph_url(&mut self) -> String {
        let url = self.text("graph_url").unwrap_or_else(|| baton_graph::GRAPH.to_owned());
        let checked = baton_graph::GraphConfig::at(&url).and_then(baton_graph::GraphClient::new);
        if let Err(error) = checked {
            self.problem(place("graph_url"), format!("{error}."), "Leave it out to use Meta's own address.");
        }
        url
    }

    /// A web address that is protected, or on this machine.
    fn address(&mut self, name: &str, action: &str) -> Option<String> {
        let text = self.text(name)?.trim().to_owned();
        let wrong = match Url::parse(&text) {
            Err(error) => Some(format!("`{text}` is not a web address: {error}.")),
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                Some(format!("`{text}` has more than a host and a path."))
            }
            Ok(url) if url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url) => None,
            Ok(_) => Some(format!("`{text}` must begin with https:// unless it is on this machine.")),
        };
        if let Some(what) = wrong {
            self.problem(place(name), what, action);
        }
        Some(text)
    }

    fn meta_time(&mut self) -> Duration {
        let seconds = self.or("meta_time_seconds", "a whole number of seconds", META_TIME_EVERY.as_secs());
        if !(1..=60).contains(&seconds) {
            self.problem(
                place("meta_time_seconds"),
                "Meta's time must be asked for at least once a minute, and at most once a second.".to_owned(),
                "Choose a number from 1 to 60.",
            );
        }
        Duration::from_secs(seconds)
    }

    fn problem(&mut self, setting: String, what: String, action: &str) {
        self.problems.push(Problem { setting, what, action: action.to_owned() });
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase())
}

fn place(name: &str) -> String {
    format!("`{name}` in the file, or {} in the environment", variable(name))
}

#[cfg(test)]
mod tests;
