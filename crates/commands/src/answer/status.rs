//! The status line and the diagnostics.

use baton_core::desk::{AccountStanding, LapsingThread as Lapsing, MetaHealth, Pace, StatusFacts, Token};
use baton_core::relay_client::RelayError;
use baton_core::store::NotSentRow;
use baton_core::sync::{Refusal, SyncStatus};

use super::rows::customer_name;
use super::session::words;
use super::{Answer, Answering, errors, history, session};
use crate::contract::status::{
    AccountStatus, DiagnosticFact, Diagnostics, Health, LapsingThread, Layer, NotSentThread, StatusLine,
};
use crate::contract::{Count, Ms, ThreadRef, Words};

impl Answering {
    pub(crate) async fn status(&self, (): ()) -> Answer<StatusLine> {
        let facts = self.desk().status().await.map_err(errors::of_desk)?;
        Ok(StatusLine {
            meta: alone(meta(&facts), &facts.relay),
            relay: relay(&facts.relay),
            desk: desk(&facts),
            history: history::layer(&facts.accounts),
            accounts: facts.accounts.iter().map(|of| account(of, &facts)).collect(),
            replies_waiting: Count(facts.waiting_parts),
            sent_again_ms: facts.sent_again_ms.map(Ms),
            replies_unknown: Count(facts.unknown_parts),
            replies_checking: Count(facts.checked_parts),
            now_ms: Ms(facts.now.ms),
            now_doubtful: facts.now.doubtful,
            waiting_for_me: Count(facts.waiting_for_me),
            lapsing: facts.lapsing.iter().map(lapsing).collect(),
            not_sent: facts.not_sent.iter().map(not_sent).collect(),
            setbacks: self.setbacks().await?,
        })
    }

    pub(crate) async fn wake(&self, (): ()) -> Answer<()> {
        self.desk().wake();
        Ok(())
    }

    pub(crate) async fn diagnostics(&self, (): ()) -> Answer<Diagnostics> {
        let facts = self.desk().diagnostics().await.map_err(errors::of_desk)?;
        let of_desk = facts.into_iter().map(|(name, value)| DiagnosticFact { name, value });
        // What the host knows of the same name it knows better.
        let unsaid = |fact: &DiagnosticFact| self.host_facts.iter().all(|said| said.name != fact.name);
        Ok(Diagnostics { facts: self.host_facts.iter().cloned().chain(of_desk.filter(unsaid)).collect() })
    }
}

fn lapsing(of: &Lapsing) -> LapsingThread {
    LapsingThread {
        thread: ThreadRef(of.thread.0),
        name: customer_name(of.customer_name.as_deref(), of.key.customer.as_str()),
        until_ms: Ms(of.until_ms),
    }
}

fn not_sent(of: &NotSentRow) -> NotSentThread {
    NotSentThread {
        thread: ThreadRef(of.thread.0),
        name: customer_name(of.customer_name.as_deref(), of.key.customer.as_str()),
        unsure: of.unsure,
    }
}

fn account(of: &AccountStanding, facts: &StatusFacts) -> AccountStatus {
    let lacks = facts.lacks.get(&of.access.account);
    AccountStatus {
        account: of.access.account.to_string(),
        name: session::name_of(of),
        channel: session::channel(of.access.platform),
        connected: of.is_connected(),
        last_webhook_ms: of.last_webhook_ms.map(Ms),
        lacks: Count(lacks.map_or(0, |lacks| lacks.entries)),
        lacked: Count(lacks.map_or(0, |lacks| lacks.of)),
        history: history::view(of),
    }
}

fn layer(health: Health, short: &str, what: &str, action: &str) -> Layer {
    Layer {
        health,
        short: short.to_owned(),
        words: Words { what: what.to_owned(), action: action.to_owned() },
    }
}

/// Accounts whose Page token Meta refuses, by name.
fn refused_tokens(accounts: &[AccountStanding]) -> Vec<String> {
    let dead = accounts.iter().filter(|one| matches!(one.token, Token::Dead));
    dead.map(session::name_of).collect()
}

fn meta(facts: &StatusFacts) -> Layer {
    let layer = how_meta_answers(facts.meta, &refused_tokens(&facts.accounts), &facts.paces);
    if facts.sent_again_ms.is_some() { replies_held_back(layer) } else { layer }
}

/// Meta turned a reply away for its limits. Until when, the page says: it knows how this agent reads times.
fn replies_held_back(layer: Layer) -> Layer {
    if layer.health == Health::Bad {
        return layer;
    }
    let mut held = self::layer(
        Health::Busy,
        "Meta is throttling",
        "Meta turned replies away because too much was sent at once, so they wait. They are sent again by themselves.",
        "",
    );
    if layer.health == Health::Busy {
        // What else is held back; what follows there is said of replies that go out.
        held.words.action = layer.words.what;
    }
    held
}

/// What cannot leave is said first, then what Meta's limits hold back.
fn how_meta_answers(health: MetaHealth, refused: &[String], paces: &[(String, Pace)]) -> Layer {
    let is_away = matches!(health, MetaHealth::Unreachable | MetaHealth::Lost { .. });
    if !refused.is_empty() && !is_away {
        return layer(
            Health::Bad,
            "Meta refuses a token",
            &format!("Meta refuses the Page token of {}, so nothing can be sent there.", refused.join(", ")),
            "The line at the top says what can be done.",
        );
    }
    match (health, paces) {
        (MetaHealth::Unreachable, _) => layer(
            Health::Bad,
            "Meta not reached",
            "Meta cannot be reached, so replies wait.",
            "Check the network. Baton goes on trying by itself.",
        ),
        // How much of its allowance is used says nothing of a Meta that is away.
        (MetaHealth::Lost { ago_ms }, _) => layer(
            Health::Bad,
            "Meta not reached",
            &format!("Meta could not be reached {}.", ago(ago_ms)),
            "Check the network. Baton goes on trying by itself.",
        ),
        (_, [_, ..]) => held_back(paces),
        (MetaHealth::NotAsked, []) => {
            layer(Health::Unknown, "Meta not asked yet", "Meta was not asked since Baton started.", "")
        }
        (MetaHealth::Answered { ago_ms }, []) => {
            layer(Health::Good, "Meta ok", &format!("Meta answered this desk {}.", ago(ago_ms)), "")
        }
    }
}

/// How long ago something was, as a sentence ends with it.
fn ago(ago_ms: i64) -> String {
    match ago_ms / 60_000 {
        0 => "within the last minute".to_owned(),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

/// Without the relay nobody gives out slots, so this desk keeps far below its share of Meta's limit.
fn alone(mut meta: Layer, relay: &SyncStatus) -> Layer {
    // Nothing is read from a Meta that is away.
    if meta.health == Health::Bad {
        return meta;
    }
    let read = match relay {
        SyncStatus::Refused { why: Refusal::Revoked | Refusal::Unknown } => {
            "for replies in doubt, and for who holds a thread that is opened. What customers write now, and older messages, \
             come"
        }
        SyncStatus::Offline { .. } | SyncStatus::Refused { .. } => {
            "for replies in doubt, and for the thread that was opened last: what was written there since, and who holds it. \
             What customers write in other threads, and older messages, come"
        }
        SyncStatus::Idle | SyncStatus::Connecting | SyncStatus::Live { .. } | SyncStatus::Behind { .. } => {
            return meta;
        }
    };
    meta.words.what.push_str(&format!(
        " While the relay is away, Meta is read from at most once in 30 seconds: {read} once the relay serves this desk again."
    ));
    meta
}

fn held_back(paces: &[(String, Pace)]) -> Layer {
    let told: Vec<String> = paces.iter().filter_map(|(name, pace)| pace_words(name, *pace)).collect();
    let waits = paces.iter().any(|(_, pace)| !matches!(pace, Pace::Free | Pace::Slow { .. }));
    let short = if waits { "Meta asks to wait" } else { "Meta nearly busy" };
    layer(Health::Busy, short, &told.join(" "), "Replies go out as always. The rest goes on by itself.")
}

fn pace_words(name: &str, pace: Pace) -> Option<String> {
    Some(match pace {
        Pace::Free => return None,
        Pace::Slow { percent } => {
            format!(
                "{percent} % of Meta's allowance for {name} is used, so names and history are read slowly."
            )
        }
        Pace::SendsOnly { percent, for_ms } => format!(
            "{percent} % of Meta's allowance for {name} is used, so nothing is read for {}.",
            minutes(for_ms)
        ),
        Pace::Throttled { for_ms } => {
            format!("Meta turned calls for {name} away, so nothing is read for {}.", minutes(for_ms))
        }
    })
}

/// Whole minutes, rounded up, in words.
fn minutes(ms: i64) -> String {
    match ms.saturating_add(59_999) / 60_000 {
        ..=1 => "about a minute".to_owned(),
        minutes => format!("about {minutes} minutes"),
    }
}

fn relay(status: &SyncStatus) -> Layer {
    match status {
        SyncStatus::Idle => layer(
            Health::Unknown,
            "Relay not set up",
            "This desk does not speak with a relay yet.",
            "Finish the set-up, or unlock the key store.",
        ),
        SyncStatus::Connecting => layer(Health::Busy, "Relay connecting", "The relay is being called.", ""),
        // How fast it answered when it was connected says nothing of now, so no number stands here.
        SyncStatus::Live { .. } => layer(
            Health::Good,
            "Relay ok",
            "This desk is connected to the relay: what arrives there is shown here at once.",
            "",
        ),
        SyncStatus::Behind { .. } => {
            layer(Health::Good, "Relay ok", "This desk is connected to the relay, and is catching up.", "")
        }
        SyncStatus::Offline { error: RelayError::NotStored, .. } => refused("Nothing is stored", status),
        SyncStatus::Offline { .. } => refused("Relay not reached", status),
        SyncStatus::Refused { why: Refusal::Revoked } => refused("Cut off by the relay", status),
        SyncStatus::Refused { why: Refusal::Unknown } => refused("Not known to the relay", status),
        SyncStatus::Refused { why: Refusal::RelayTooOld } => refused("Relay too old", status),
        SyncStatus::Refused { why: Refusal::RelayTooNew } => refused("Relay too new", status),
    }
}

fn refused(short: &str, status: &SyncStatus) -> Layer {
    let said = status.trouble().map(words).unwrap_or_default();
    Layer { health: Health::Bad, short: short.to_owned(), words: said }
}

fn desk(facts: &StatusFacts) -> Layer {
    how_complete(&facts.relay, facts.lacks.values().map(|lacks| lacks.entries).sum())
}

/// `lacks`: entries of accounts that are known of and not here, with or without a relay that could bring them.
fn how_complete(relay: &SyncStatus, lacks: u64) -> Layer {
    match (relay, lacks) {
        (SyncStatus::Live { .. }, 0) => {
            layer(Health::Good, "This desk up to date", "This desk holds everything the relay has.", "")
        }
        // Before a log is open only what was told last is known of it.
        (SyncStatus::Live { .. } | SyncStatus::Behind { missing: 0 }, missing)
        | (&SyncStatus::Behind { missing }, _) => catches_up(missing),
        (SyncStatus::Idle, 0) => {
            layer(Health::Unknown, "Nothing copied yet", "Nothing was copied to this desk yet.", "")
        }
        (SyncStatus::Connecting | SyncStatus::Offline { .. } | SyncStatus::Refused { .. }, 0) => layer(
            Health::Busy,
            "This desk may be behind",
            "What is here can be read; what arrived since the relay was last heard is missing.",
            "",
        ),
        (_, lacks) => is_behind(lacks),
    }
}

fn catches_up(missing: u64) -> Layer {
    if missing == 0 {
        return layer(
            Health::Busy,
            "Catching up",
            "This desk asks the relay what arrived since it was last heard. What is here can be read.",
            "",
        );
    }
    if missing == 1 {
        return layer(
            Health::Busy,
            "Catching up, 1 left",
            "One older event is being read from the relay; the newest are shown already.",
            "",
        );
    }
    layer(
        Health::Busy,
        &format!("Catching up, {missing} left"),
        &format!("{missing} older events are being read from the relay; the newest are shown already."),
        "",
    )
}

/// Nothing is being read now, so nothing is promised but that it goes on.
fn is_behind(lacks: u64) -> Layer {
    let (events, are) = if lacks == 1 { ("event", "is") } else { ("events", "are") };
    layer(
        Health::Busy,
        &format!("This desk lacks {lacks} {events}"),
        &format!(
            "{lacks} {events} that the relay has {are} not on this desk, and what arrived since the relay was last heard is \
             missing too. What is here can be read."
        ),
        "The rest comes by itself once this desk is connected to the relay again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: MetaHealth = MetaHealth::Answered { ago_ms: 0 };

    #[test]
    fn what_waits_for_metas_limits_says_for_how_long() {
        let throttled = Pace::Throttled { for_ms: 61_000 };
        let line = how_meta_answers(FINE, &[], &[("Northwind Tea".to_owned(), throttled)]);
        assert_eq!((line.health, line.short.as_str()), (Health::Busy, "Meta asks to wait"));
        assert!(line.words.what.contains("Northwind Tea") && line.words.what.contains("about 2 minutes"));
        let slow = how_meta_answers(FINE, &[], &[("Northwind Tea".to_owned(), Pace::Slow { percent: 83 })]);
        assert_eq!(slow.short, "Meta nearly busy");
        assert!(slow.words.what.contains("83 %"), "{}", slow.words.what);
    }

    #[test]
    fn replies_that_meta_turned_away_are_no_good_meta_and_what_is_worse_is_said_first() {
        let line = replies_held_back(how_meta_answers(FINE, &[], &[]));
        assert_eq!((line.health, line.short.as_str()), (Health::Busy, "Meta is throttling"));
        let slow = ("Northwind Tea".to_owned(), Pace::Slow { percent: 83 });
        let both = replies_held_back(how_meta_answers(FINE, &[], &[slow]));
        assert!(both.words.what.contains("replies") && both.words.action.contains("83 %"), "{both:?}");
        let cut_off = replies_held_back(how_meta_answers(MetaHealth::Unreachable, &[], &[]));
        assert_eq!(cut_off.short, "Meta not reached");
    }

    #[test]
    fn a_meta_that_is_not_reached_is_said_first() {
        let line =
            how_meta_answers(MetaHealth::Unreachable, &[], &[("x".to_owned(), Pace::Slow { percent: 83 })]);
        assert_eq!(line.health, Health::Bad);
        assert_eq!(how_meta_answers(FINE, &[], &[]).health, Health::Good);
    }

    #[test]
    fn of_a_meta_that_is_away_nothing_else_is_said() {
        let slow = ("Northwind Tea".to_owned(), Pace::Slow { percent: 83 });
        let lost = MetaHealth::Lost { ago_ms: 3 * 60_000 };
        let line = how_meta_answers(lost, &["Kite & Co".to_owned()], &[slow]);
        assert_eq!((line.health, line.short.as_str()), (Health::Bad, "Meta not reached"));
        assert_eq!(line.words.what, "Meta could not be reached 3 minutes ago.");
        let offline = SyncStatus::Refused { why: Refusal::Revoked };
        assert_eq!(alone(replies_held_back(line.clone()), &offline), line);
    }

    #[test]
    fn a_relay_that_is_connected_is_well_however_fast_it_answered_then() {
        for answered_ms in [None, Some(120), Some(9_000)] {
            let line = relay(&SyncStatus::Live { answered_ms });
            assert_eq!((line.health, line.short.as_str()), (Health::Good, "Relay ok"));
        }
    }

    #[test]
    fn without_the_relay_it_is_said_what_is_still_read_from_meta_and_what_is_not() {
        let refused = SyncStatus::Refused { why: Refusal::Unknown };
        let said = alone(how_meta_answers(FINE, &[], &[]), &refused).words.what;
        assert!(said.contains("who holds a thread that is opened"), "{said}");
        assert!(said.contains("What customers write now, and older messages, come once"), "{said}");
        let error = RelayError::Unreachable("refused".to_owned());
        let away = SyncStatus::Offline { since_boot_ms: 0, next_try_boot_ms: 0, error };
        let said = alone(how_meta_answers(FINE, &[], &[]), &away).words.what;
        assert!(said.contains("what was written there since, and who holds it"), "{said}");
        assert!(
            said.contains("What customers write in other threads, and older messages, come once"),
            "{said}"
        );
        let live = SyncStatus::Live { answered_ms: None };
        let line = how_meta_answers(FINE, &[], &[]);
        assert_eq!(alone(line.clone(), &live), line);
    }

    #[test]
    fn what_a_desk_is_known_to_lack_is_said_with_the_relay_and_without_it() {
        let away = SyncStatus::Offline {
            since_boot_ms: 0,
            next_try_boot_ms: 0,
            error: RelayError::Unreachable("refused".to_owned()),
        };
        for relay in [&away, &SyncStatus::Connecting, &SyncStatus::Idle] {
            let line = how_complete(relay, 12);
            assert_eq!((line.health, line.short.as_str()), (Health::Busy, "This desk lacks 12 events"));
            assert!(line.words.what.starts_with("12 events that the relay has are not on"), "{line:?}");
            assert!(line.words.action.contains("once this desk is connected"), "{line:?}");
        }
        assert_eq!(how_complete(&away, 0).short, "This desk may be behind");
        assert_eq!(how_complete(&away, 1).short, "This desk lacks 1 event");
        let live = SyncStatus::Live { answered_ms: None };
        assert_eq!(
            how_complete(&live, 12).short,
            "Catching up, 12 left",
            "before it was looked what to read"
        );
        assert_eq!(how_complete(&live, 0).health, Health::Good);
        assert_eq!(how_complete(&SyncStatus::Behind { missing: 1 }, 0).short, "Catching up, 1 left");
        let opening = SyncStatus::Behind { missing: 0 };
        assert_eq!(how_complete(&opening, 12).short, "Catching up, 12 left");
        let line = how_complete(&opening, 0);
        assert_eq!((line.health, line.short.as_str()), (Health::Busy, "Catching up"), "nobody knows yet");
    }

    #[test]
    fn a_token_that_meta_refuses_is_no_good_meta() {
        let line = how_meta_answers(FINE, &["Kite & Co".to_owned()], &[]);
        assert_eq!(line.health, Health::Bad);
        assert!(line.words.what.contains("Kite & Co"), "{}", line.words.what);
    }
}
