//! Facts for support, name and value, each name once. Never a secret, never a customer's words.

use std::time::Duration;

use baton_graph::Pace;

use super::inner::lock;
use super::setup::{AccountStanding, SessionFacts};
use super::status::MetaHealth;
use super::tokens::Token;
use super::{Desk, DeskError};
use crate::store::{Figures, LogState, SCHEMA};
use crate::sync::{Refusal, SyncStatus};

type Fact = (String, String);

impl Desk {
    /// Facts for support, name and value, in the order in which they are shown.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn diagnostics(&self) -> Result<Vec<Fact>, DeskError> {
        let session = self.session().await?;
        let figures = self.inner.store.figures().await?;
        let mut facts = vec![
            fact("Version", env!("CARGO_PKG_VERSION")),
            fact("System", format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH)),
        ];
        facts.extend(self.of_relay(&session));
        facts.extend(self.of_meta().await?);
        facts.extend(self.of_secrets(&session.accounts));
        facts.extend(of_store(&figures));
        let aside = self.inner.store.set_aside().await;
        facts.extend(aside.iter().map(|(name, bytes)| fact(&format!("Set aside, {name}"), size(*bytes))));
        facts.extend(of_outbox(&figures));
        for account in &session.accounts {
            facts.extend(self.of_account(account));
        }
        facts.extend(self.inner.store.cursors().await?.iter().map(|log| self.of_log(log)));
        facts.extend(self.of_mishaps());
        Ok(facts)
    }

    fn of_relay(&self, session: &SessionFacts) -> Vec<Fact> {
        let Some(enrolment) = &session.enrolment else { return vec![fact("Relay", "not set up")] };
        let said = lock(&self.inner.relay_said).clone();
        let program = said.as_ref().map(|said| said.program.as_str()).filter(|program| !program.is_empty());
        vec![
            fact("Relay", enrolment.relay.clone()),
            fact("Version of the relay", program.unwrap_or("not known")),
            fact(
                "Relay keeps webhooks before it answers",
                said.map_or("not known", |said| yes(said.durable)),
            ),
            fact("Stream", stream_words(&self.inner.sync_status())),
            fact("Desk", enrolment.desk.to_string()),
            fact("Agent", enrolment.agent.to_string()),
        ]
    }

    async fn of_meta(&self) -> Result<Vec<Fact>, DeskError> {
        let status = self.status().await?;
        let mut facts = vec![
            fact("Meta", meta_words(status.meta)),
            fact("Meta's clock minus this computer's", seconds(status.now.ms - self.inner.wall_ms())),
            fact("Meta's time is doubtful", yes(status.now.doubtful)),
        ];
        facts.extend(
            status.paces.iter().map(|(name, pace)| fact(&format!("Reads of {name}"), pace_words(*pace))),
        );
        Ok(facts)
    }

    fn of_secrets(&self, accounts: &[AccountStanding]) -> Vec<Fact> {
        let trouble = self.key_store_error(accounts);
        vec![fact("Key store", trouble.map_or("answers".to_owned(), |error| error.to_string()))]
    }

    fn of_account(&self, account: &AccountStanding) -> Vec<Fact> {
        let id = &account.access.account;
        let name = |what: &str| format!("Account {id}, {what}");
        let heard = account.last_webhook_ms.map(|ms| self.meta_now().ms.saturating_sub(ms));
        let mut facts = vec![
            fact(&name("channel and role"), format!("{}, {}", account.access.platform, account.access.role)),
            fact(&name("connected"), yes(account.access.connected)),
            fact(&name("Page token"), token_word(&account.token)),
            fact(&name("last webhook"), heard.map_or("none".to_owned(), |ms| format!("{} ago", seconds(ms)))),
        ];
        if let Some(row) = &account.facts {
            facts.push(fact(&name("routing"), row.routing.to_string()));
            let default_app = row.default_app.as_ref().map_or("not known".to_owned(), ToString::to_string);
            facts.push(fact(&name("default app"), default_app));
            facts.push(fact(&name("human agent"), row.human_agent.to_string()));
        }
        facts
    }

    fn of_log(&self, log: &LogState) -> Fact {
        let ranges = &log.cursor.ranges;
        let (count, highest) = (ranges.count(), ranges.highest().unwrap_or(0));
        let heads = lock(&self.inner.heads);
        let head = heads.get(&log.log).map_or(String::new(), |head| format!(", the relay has {head}"));
        fact(&format!("Log {}", log.log), format!("{count} entries, the newest {highest}{head}"))
    }

    fn of_mishaps(&self) -> Vec<Fact> {
        let now = self.inner.boot_ms();
        let all = self.inner.mishaps.all();
        if all.is_empty() {
            return vec![fact("Errors since the start", "none")];
        }
        let newest_first = all.into_iter().rev().enumerate();
        newest_first
            .map(|(place, mishap)| {
                let ago = seconds(now.saturating_sub(mishap.boot_ms));
                let times =
                    if mishap.times > 1 { format!(", {} times", mishap.times) } else { String::new() };
                fact(&format!("Error {}", place + 1), format!("{ago} ago{times}: {}", mishap.what))
            })
            .collect()
    }
}

fn of_store(figures: &Figures) -> Vec<Fact> {
    vec![
        fact("SQLite", figures.sqlite.clone()),
        fact("Schema of the store", SCHEMA.to_string()),
        fact(
            "Size of the store",
            format!("{}, {} of it free", size(figures.bytes), size(figures.free_bytes)),
        ),
    ]
}

fn of_outbox(figures: &Figures) -> Vec<Fact> {
    let parts: Vec<String> = figures.parts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    vec![
        fact("Replies not sent", if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }),
        fact("Commands that wait for the relay", figures.commands.to_string()),
    ]
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    (name.to_owned(), value.into())
}

fn stream_words(status: &SyncStatus) -> String {
    match status {
        SyncStatus::Idle => "not begun".to_owned(),
        SyncStatus::Connecting => "connecting".to_owned(),
        SyncStatus::Live { answered_ms: None } => "open".to_owned(),
        SyncStatus::Live { answered_ms: Some(ms) } => {
            format!("open; the relay answered in {ms} ms when it was connected")
        }
        SyncStatus::Behind { missing: 0 } => "open, not every log of it yet".to_owned(),
        SyncStatus::Behind { missing } => format!("open, {missing} entries still to read"),
        SyncStatus::Offline { error, .. } => format!("closed: {error}"),
        SyncStatus::Refused { why } => format!("refused: {}", refusal_words(*why)),
    }
}

fn refusal_words(why: Refusal) -> &'static str {
    match why {
        Refusal::Revoked => "an admin cut this desk off",
        Refusal::Unknown => "it does not know this desk",
        Refusal::RelayTooOld => "the relay is older than this desk understands",
        Refusal::RelayTooNew => "the relay is newer than this desk understands",
    }
}

fn meta_words(meta: MetaHealth) -> String {
    match meta {
        MetaHealth::NotAsked => "not asked since the start".to_owned(),
        MetaHealth::Answered { ago_ms } => format!("answered {} ago", seconds(ago_ms)),
        MetaHealth::Lost { ago_ms } => format!("not reached, tried {} ago", seconds(ago_ms)),
        MetaHealth::Unreachable => "cannot be reached".to_owned(),
    }
}

fn pace_words(pace: Pace) -> String {
    match pace {
        Pace::Free => "as they come".to_owned(),
        Pace::Slow { percent } => format!("slowed, {percent} % of Meta's budget is used"),
        Pace::SendsOnly { percent, for_ms } => {
            format!("wait {}, {percent} % of Meta's budget is used; replies go out", seconds(for_ms))
        }
        Pace::Throttled { for_ms } => format!("wait {}, Meta turned calls away", seconds(for_ms)),
    }
}

fn token_word(token: &Token) -> &'static str {
    match token {
        Token::Missing => "none",
        Token::Alive(_) => "accepted",
        Token::Dead => "refused by Meta",
        Token::Locked(_) => "key store closed",
    }
}

fn yes(fact: bool) -> &'static str {
    if fact { "yes" } else { "no" }
}

/// A span as people read it: seconds below an hour, else hours and minutes.
fn seconds(ms: i64) -> String {
    let span = Duration::from_millis(ms.unsigned_abs()).as_secs();
    let sign = if ms < 0 && span > 0 { "-" } else { "" };
    match span {
        0..3_600 => format!("{sign}{span} s"),
        _ => format!("{sign}{} h {} min", span / 3_600, span % 3_600 / 60),
    }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use baton_graph::Pace;

    use super::{pace_words, seconds, size, stream_words};
    use crate::sync::{Refusal, SyncStatus};

    #[test]
    fn how_fast_the_relay_answered_is_said_as_what_it_was() {
        let stream = |answered_ms| stream_words(&SyncStatus::Live { answered_ms });
        assert_eq!(stream(None), "open");
        assert_eq!(stream(Some(120)), "open; the relay answered in 120 ms when it was connected");
    }

    #[rstest]
    #[case(Refusal::Revoked, "refused: an admin cut this desk off")]
    #[case(Refusal::Unknown, "refused: it does not know this desk")]
    #[case(Refusal::RelayTooOld, "refused: the relay is older than this desk understands")]
    #[case(Refusal::RelayTooNew, "refused: the relay is newer than this desk understands")]
    fn why_the_relay_is_not_heard_is_said_in_words(#[case] why: Refusal, #[case] words: &str) {
        assert_eq!(stream_words(&SyncStatus::Refused { why }), words);
    }

    #[rstest]
    #[case(999, "0 s")]
    #[case(-1_500, "-1 s")]
    #[case(3_599_000, "3599 s")]
    #[case(108_120_000, "30 h 2 min")]
    fn spans_can_be_read(#[case] ms: i64, #[case] words: &str) {
        assert_eq!(seconds(ms), words);
    }

    #[rstest]
    #[case(Pace::Free, "as they come")]
    #[case(Pace::Slow { percent: 80 }, "slowed, 80 % of Meta's budget is used")]
    #[case(
        Pace::SendsOnly { percent: 100, for_ms: 9_035 },
        "wait 9 s, 100 % of Meta's budget is used; replies go out"
    )]
    #[case(Pace::Throttled { for_ms: 60_000 }, "wait 60 s, Meta turned calls away")]
    fn the_pace_of_reads_is_said_in_words(#[case] pace: Pace, #[case] words: &str) {
        assert_eq!(pace_words(pace), words);
    }

    #[rstest]
    #[case(0, "0 kB")]
    #[case(4_096, "5 kB")]
    #[case(12_340_000, "12.3 MB")]
    fn sizes_can_be_read(#[case] bytes: u64, #[case] words: &str) {
        assert_eq!(size(bytes), words);
    }
}
