//! Who holds a thread, in words and in the shape of the page.

use baton_messenger::id::{AppId, LEAD_BOT, Platform};
use baton_thread::{AccountFacts, Cause, Change, Owner, OwnerState};

use super::session::routing as routing_view;
use crate::contract::{Ms, OwnerKind, OwnerView};

/// What we call ourselves as the owner of a thread.
const US: &str = "Baton";

/// What whoever reads this is called.
pub(crate) const YOU: &str = "You";

/// What Meta's lead form bot is called.
const QUESTIONS: &str = "Meta's automatic questions";

/// What Meta's own inbox is called on this channel.
pub(crate) fn inbox_name(platform: Option<Platform>) -> &'static str {
    match platform {
        Some(Platform::Instagram) => "Instagram inbox",
        Some(Platform::Messenger) | None => "Page Inbox",
    }
}

/// What an app is called: its name, ours, Meta's, or its id where nobody named it.
pub(crate) fn app_name(app: &AppId, facts: &AccountFacts) -> String {
    if facts.our_app.as_ref() == Some(app) {
        return US.to_owned();
    }
    if baton_messenger::id::is_meta_inbox(app) {
        return inbox_name(facts.platform).to_owned();
    }
    if app.as_str() == LEAD_BOT {
        return QUESTIONS.to_owned();
    }
    match facts.apps.get(app) {
        Some(known) if !known.name.is_empty() => known.name.clone(),
        _ => format!("App {app}"),
    }
}

/// What an owner is called.
pub(crate) fn owner_name(owner: &Owner, facts: &AccountFacts) -> String {
    match owner {
        Owner::Ours => US.to_owned(),
        Owner::Idle => "Nobody".to_owned(),
        Owner::Other { app: Some(app) } => app_name(app, facts),
        Owner::Other { app: None } => "Another app".to_owned(),
        Owner::MetaInbox => inbox_name(facts.platform).to_owned(),
        Owner::Unmanaged => "Any connected app".to_owned(),
        Owner::Unknown => "Not known".to_owned(),
    }
}

/// An owner's kind for the page.
pub(crate) fn owner_kind(owner: &Owner) -> OwnerKind {
    match owner {
        Owner::Ours => OwnerKind::Ours,
        Owner::Idle => OwnerKind::Idle,
        Owner::Other { app: Some(app) } if app.as_str() == LEAD_BOT => OwnerKind::QuestionFlow,
        Owner::Other { .. } => OwnerKind::Other,
        Owner::MetaInbox => OwnerKind::MetaInbox,
        Owner::Unmanaged => OwnerKind::Unmanaged,
        Owner::Unknown => OwnerKind::Unknown,
    }
}

/// An owner's state for the page.
pub(crate) fn owner_view(state: &OwnerState, facts: &AccountFacts) -> OwnerView {
    OwnerView {
        owner: owner_kind(&state.owner),
        app_name: state.owner.is_elsewhere().then(|| owner_name(&state.owner, facts)),
        until_ms: state.until_ms.map(Ms),
        since_ms: state.since_ms.map(Ms),
        default_app_name: default_app_name(facts),
        first_name: facts.receiver().map(|app| app_name(app, facts)),
        routing: routing_view(facts.routing),
    }
}

/// The app that answers when nobody holds a thread, by name.
pub(crate) fn default_app_name(facts: &AccountFacts) -> Option<String> {
    facts.default_app.as_ref().map(|app| app_name(app, facts))
}

/// One line of the timeline. `agent`: what whoever of us did it is called; [`YOU`] for whoever reads this.
pub(crate) fn change_line(change: &Change, facts: &AccountFacts, agent: Option<&str>) -> String {
    let to = owner_name(&change.to, facts);
    let from = owner_name(&change.from, facts);
    let agent = agent.map(str::to_owned);
    match change.cause {
        Cause::Passed if change.when_done => match agent {
            Some(agent) if agent == YOU => format!("Handed back to {to} when you marked it done"),
            Some(agent) => format!("Handed back to {to} when {agent} marked it done"),
            None => format!("Handed back to {to} when it was done"),
        },
        Cause::Passed => match agent.or_else(|| giver(change, facts)) {
            Some(giver) => format!("{giver} passed this thread to {to}"),
            None => format!("This thread was passed to {to}"),
        },
        Cause::Taken => {
            let taker = agent.unwrap_or(to);
            match giver(change, facts) {
                Some(loser) => format!("{taker} took this thread from {loser}"),
                None => format!("{taker} took this thread"),
            }
        }
        Cause::Requested => match agent {
            Some(agent) if agent == YOU => format!("{YOU} ask for this thread"),
            Some(agent) => format!("{agent} asks for this thread"),
            None => {
                let who =
                    change.app.as_ref().map_or_else(|| "Another app".to_owned(), |app| app_name(app, facts));
                format!("{who} asks for this thread")
            }
        },
        Cause::Released => format!("{} gave this thread up", agent.unwrap_or(from)),
        // A desk does that by itself while somebody writes.
        Cause::Extended => format!("{to} keeps this thread for longer"),
        Cause::Lapsed => format!("{from} lost this thread, because the customer wrote nothing more"),
        Cause::CustomerWrote => match change.to {
            Owner::Idle => "Nobody holds this thread now: the customer wrote, and no app got it".to_owned(),
            Owner::Unmanaged => "Any connected app may answer again, because the customer wrote".to_owned(),
            _ => format!("{to} got this thread, because the customer wrote"),
        },
        Cause::Answered => format!("{to} answers here"),
        Cause::Read => format!("Meta says that {}", stands(&change.to, facts)),
        Cause::SendRefused if owner_kind(&change.to) == OwnerKind::QuestionFlow => {
            "A reply was refused because an automatic flow of questions runs here".to_owned()
        }
        Cause::SendRefused => format!("A reply was refused because {}", stands(&change.to, facts)),
        Cause::SendAccepted => format!("Meta accepted a reply, so {}", stands(&change.to, facts)),
        Cause::RoutingOff => "Any connected app may answer, because routing is off".to_owned(),
        Cause::NothingKnown => "Nobody knows yet who holds this thread".to_owned(),
    }
}

/// Who holds the thread, as the second half of a sentence.
fn stands(owner: &Owner, facts: &AccountFacts) -> String {
    match owner {
        Owner::Idle => "nobody holds this thread".to_owned(),
        Owner::Other { app: None } => "another app holds this thread".to_owned(),
        Owner::Unmanaged => "any connected app may answer here".to_owned(),
        Owner::Unknown => "nobody knows who holds this thread".to_owned(),
        Owner::MetaInbox => format!("the {} holds this thread", owner_name(owner, facts)),
        Owner::Ours | Owner::Other { app: Some(_) } => {
            format!("{} holds this thread", owner_name(owner, facts))
        }
    }
}

/// The app that had the thread before a pass or a take: as Meta names it, else as it was known.
fn giver(change: &Change, facts: &AccountFacts) -> Option<String> {
    if let Some(app) = &change.app {
        let named = Owner::of_app(app, facts);
        return (named != change.to).then(|| owner_name(&named, facts));
    }
    let is_app = matches!(change.from, Owner::Ours | Owner::Other { app: Some(_) } | Owner::MetaInbox);
    (is_app && change.from != change.to).then(|| owner_name(&change.from, facts))
}

/// How control came, for "who held it".
pub(crate) fn held_how(change: &Change, facts: &AccountFacts) -> String {
    match change.cause {
        Cause::Passed => {
            giver(change, facts).map_or_else(|| "passed".to_owned(), |giver| format!("passed by {giver}"))
        }
        Cause::Taken => "taken".to_owned(),
        Cause::Requested => "asked for".to_owned(),
        Cause::Released => "given up".to_owned(),
        Cause::Extended => "kept longer".to_owned(),
        Cause::Lapsed => "lapsed without a message".to_owned(),
        Cause::CustomerWrote => "new message".to_owned(),
        Cause::Answered => "answered".to_owned(),
        Cause::Read => "read from Meta".to_owned(),
        Cause::SendRefused => "a reply was refused".to_owned(),
        Cause::SendAccepted => "a reply was accepted".to_owned(),
        Cause::RoutingOff => "routing is off".to_owned(),
        Cause::NothingKnown => "not known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use baton_messenger::id::AppId;
    use baton_protocol::account::RoutingMode;
    use baton_thread::owner::KnownApp;
    use baton_thread::{AccountFacts, Cause, Change, Owner, OwnerState};
    use rstest::rstest;

    use super::{YOU, app_name, change_line, held_how, owner_view};

    fn northwind() -> AccountFacts {
        AccountFacts {
            our_app: Some(AppId::from("700100200300400")),
            routing: RoutingMode::On,
            default_app: Some(AppId::from("700555666777888")),
            apps: BTreeMap::from([(
                AppId::from("700555666777888"),
                KnownApp { name: "Teabot".to_owned(), answers_count: false },
            )]),
            ..AccountFacts::default()
        }
    }

    fn change(from: Owner, to: Owner, cause: Cause) -> Change {
        Change { at_ms: 1, from, to, cause, app: None, note: None, agent: None, when_done: false }
    }

    #[test]
    fn a_pass_names_who_passed_and_to_whom() {
        let bot = Owner::Other { app: Some(AppId::from("700555666777888")) };
        let pass = change(bot.clone(), Owner::Ours, Cause::Passed);
        assert_eq!(change_line(&pass, &northwind(), None), "Teabot passed this thread to Baton");
        assert_eq!(held_how(&pass, &northwind()), "passed by Teabot");
        let back = change(Owner::Ours, bot, Cause::Passed);
        assert_eq!(change_line(&back, &northwind(), None), "Baton passed this thread to Teabot");
    }

    #[test]
    fn who_had_it_before_is_told_as_meta_names_it() {
        let named = |app: &str, change: Change| Change { app: Some(AppId::from(app)), ..change };
        let unexpected = change(Owner::Other { app: None }, Owner::Ours, Cause::Passed);
        assert_eq!(
            change_line(&named("700555666777888", unexpected), &northwind(), None),
            "Teabot passed this thread to Baton"
        );
        let after_its_echo = change(Owner::MetaInbox, Owner::MetaInbox, Cause::Taken);
        assert_eq!(
            change_line(&named("700100200300400", after_its_echo), &northwind(), None),
            "Page Inbox took this thread from Baton"
        );
        let to_itself = change(Owner::Ours, Owner::Ours, Cause::Passed);
        assert_eq!(change_line(&to_itself, &northwind(), None), "This thread was passed to Baton");
    }

    /// "The customer wrote: Teabot holds this thread" reads as though the customer had said so.
    #[rstest]
    #[case::the_bots(
        Some("700555666777888"),
        Cause::CustomerWrote,
        "Teabot got this thread, because the customer wrote"
    )]
    #[case::somebodys(None, Cause::CustomerWrote, "Another app got this thread, because the customer wrote")]
    #[case::read(Some("700555666777888"), Cause::Read, "Meta says that Teabot holds this thread")]
    #[case::read_nameless(None, Cause::Read, "Meta says that another app holds this thread")]
    #[case::refused(None, Cause::SendRefused, "A reply was refused because another app holds this thread")]
    fn cause_and_effect_are_told_apart(#[case] app: Option<&str>, #[case] cause: Cause, #[case] line: &str) {
        let to = Owner::Other { app: app.map(AppId::from) };
        assert_eq!(change_line(&change(Owner::Ours, to, cause), &northwind(), None), line);
    }

    #[rstest]
    #[case(
        Owner::Idle,
        Cause::CustomerWrote,
        "Nobody holds this thread now: the customer wrote, and no app got it"
    )]
    #[case(Owner::Ours, Cause::CustomerWrote, "Baton got this thread, because the customer wrote")]
    #[case(Owner::Ours, Cause::SendAccepted, "Meta accepted a reply, so Baton holds this thread")]
    #[case(Owner::MetaInbox, Cause::Read, "Meta says that the Page Inbox holds this thread")]
    #[case(
        Owner::Idle,
        Cause::Lapsed,
        "Page Inbox lost this thread, because the customer wrote nothing more"
    )]
    fn what_control_comes_to_is_said_with_why(#[case] to: Owner, #[case] cause: Cause, #[case] line: &str) {
        assert_eq!(change_line(&change(Owner::MetaInbox, to, cause), &northwind(), None), line);
    }

    #[test]
    fn what_one_of_us_did_names_that_agent() {
        let bot = || Owner::Other { app: Some(AppId::from("700555666777888")) };
        let line = |change: Change, agent| change_line(&change, &northwind(), Some(agent));
        let take = change(bot(), Owner::Ours, Cause::Taken);
        assert_eq!(line(take.clone(), "Ines Duarte"), "Ines Duarte took this thread from Teabot");
        assert_eq!(line(take, YOU), "You took this thread from Teabot");
        let pass = change(Owner::Unknown, bot(), Cause::Passed);
        assert_eq!(line(pass, "Ines Duarte"), "Ines Duarte passed this thread to Teabot");
        let handed_back = || Change { when_done: true, ..change(Owner::Ours, bot(), Cause::Passed) };
        assert_eq!(
            line(handed_back(), "Ines Duarte"),
            "Handed back to Teabot when Ines Duarte marked it done",
            "nobody pressed *Pass*"
        );
        assert_eq!(line(handed_back(), YOU), "Handed back to Teabot when you marked it done");
        let release = change(Owner::Ours, Owner::Idle, Cause::Released);
        assert_eq!(line(release, "Ines Duarte"), "Ines Duarte gave this thread up");
        let request = || change(bot(), bot(), Cause::Requested);
        assert_eq!(line(request(), "Ines Duarte"), "Ines Duarte asks for this thread");
        assert_eq!(line(request(), YOU), "You ask for this thread");
        let kept = change(Owner::Ours, Owner::Ours, Cause::Extended);
        assert_eq!(
            line(kept, "Ines Duarte"),
            "Baton keeps this thread for longer",
            "a desk does that by itself"
        );
    }

    #[rstest]
    #[case::named("700555666777888", "Teabot")]
    #[case::seen_and_not_named("41", "App 41")]
    #[case::not_even_seen("42", "App 42")]
    fn an_app_goes_by_its_name_and_without_one_by_its_id_wherever_it_stands(
        #[case] id: &str,
        #[case] name: &str,
    ) {
        let mut facts = northwind();
        let nameless = KnownApp { name: String::new(), answers_count: false };
        facts.apps.insert(AppId::from("41"), nameless);
        let app = AppId::from(id);
        let owner = Owner::Other { app: Some(app.clone()) };
        let state = OwnerState { owner: owner.clone(), ..OwnerState::default() };
        assert_eq!(owner_view(&state, &facts).app_name.as_deref(), Some(name), "in the strip");
        let take = change(Owner::Idle, owner, Cause::Taken);
        assert_eq!(change_line(&take, &facts, None), format!("{name} took this thread"), "in the timeline");
        assert_eq!(app_name(&app, &facts), name, "among those it can be passed to");
    }

    #[test]
    fn an_app_that_meta_does_not_tell_is_another_one() {
        let owner = Owner::Other { app: None };
        let state = OwnerState { owner: owner.clone(), ..OwnerState::default() };
        assert_eq!(owner_view(&state, &northwind()).app_name.as_deref(), Some("Another app"));
        let take = change(Owner::Idle, owner, Cause::Taken);
        assert_eq!(change_line(&take, &northwind(), None), "Another app took this thread");
    }
}
