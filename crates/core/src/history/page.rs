//! What Meta listed, as threads to read and as pages for the log. Pure.

use std::collections::BTreeSet;

use baton_graph::{CallError, NotBegun};
use baton_messenger::answer::{Conversation, ConversationMessage, Page};
use baton_messenger::error::ErrorClass;
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, CustomerId, Mid};
use baton_protocol::DeskId;
use baton_protocol::audit::{AuditPage, Lack, MAX_PAGE_BYTES};
use baton_protocol::lease::HistoryWait;

use super::walk::Settled;
use crate::store::HistoryThread;

/// How many messages are asked for at once: a few more than Meta is known to give, so that the same answer tells whether
/// there are older ones (docs/meta.md 3.2).
pub(super) const MESSAGES_A_PAGE: u32 = MESSAGES_WITH_DETAILS as u32 + 5;
/// After a failure of Meta, milliseconds.
const FAULT_MS: i64 = 30_000;
/// After a refusal of everything, milliseconds: it is told, and it is kept. Somebody may be about to change what is refused.
const REFUSED_MS: i64 = 60_000;
/// After this a limit is looked at again, however long it was said to last, milliseconds.
const LIMIT_LOOK_MS: i64 = 30_000;

/// One page of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) threads: Vec<HistoryThread>,
    /// The cursor of the next page.
    pub(super) after: Option<String>,
    /// True when no other thread belongs to the pass.
    pub(super) is_end: bool,
}

/// The threads of a listing that belong to the pass: those that changed since.
pub(super) fn listed(
    page: &Page<Conversation>,
    account: &AccountId,
    since_ms: Option<i64>,
    begun_ms: i64,
) -> Listed {
    let mut is_past = false;
    let mut threads = Vec::new();
    for conversation in &page.data {
        let Some(id) = &conversation.id else { continue };
        // One that does not say when it changed may have changed now.
        let updated_ms = conversation.updated_ms.unwrap_or(begun_ms);
        if since_ms.is_some_and(|since_ms| updated_ms <= since_ms) {
            is_past = true;
            continue;
        }
        let party = conversation.customer(account);
        threads.push(HistoryThread {
            conversation: id.clone(),
            customer: party.and_then(|party| party.id.clone()),
            name: party.and_then(|party| party.name.clone().or_else(|| party.username.clone())),
            updated_ms,
            is_aside: false,
            is_carried: false,
        });
    }
    let after = page.after().map(str::to_owned);
    Listed { threads, is_end: is_past || after.is_none(), after }
}

/// One page of a thread's messages.
#[derive(Debug)]
pub(super) struct Told {
    /// Those that Meta gave with what they say, newest first.
    pub(super) messages: Vec<ConversationMessage>,
    /// Those that it only named, newest first.
    pub(super) named: Vec<Named>,
    /// The cursor of the next page; none when Meta lists nothing older.
    pub(super) after: Option<String>,
    /// Meta refused to list as much as was asked for.
    pub(super) is_refused: bool,
}

/// A message that Meta names and does not give.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) lack: Lack,
    /// An older one on the same page is given.
    pub(super) is_before_given: bool,
}

/// Tells what is given from what is only named. When the latter was said Meta tells; where it does not, it was no later than
/// the message before it on the page, and than when Meta was asked.
pub(super) fn told(page: Page<ConversationMessage>, asked_ms: i64) -> Told {
    let after = page.after().map(str::to_owned);
    let is_given = |message: &ConversationMessage| message.from.is_some() && message.created_ms.is_some();
    let given_up_to = page.data.iter().rposition(is_given);
    let mut told = Told { messages: Vec::new(), named: Vec::new(), after, is_refused: false };
    let mut at_ms = asked_ms;
    for (place, message) in page.data.into_iter().enumerate() {
        at_ms = message.created_ms.unwrap_or(at_ms);
        if is_given(&message) {
            told.messages.push(message);
        } else if let Some(mid) = message.id {
            let is_before_given = given_up_to.is_some_and(|given| place < given);
            told.named.push(Named { lack: Lack { mid, at_ms }, is_before_given });
        }
    }
    told
}

/// Whom a thread is with, where the listing did not say.
pub(super) fn customer_of(messages: &[ConversationMessage], account: &AccountId) -> Option<CustomerId> {
    let parties = messages.iter().flat_map(|message| message.from.iter().chain(&message.to));
    parties.filter(|party| !party.is_account(account)).find_map(|party| party.id.clone())
}

/// How a page came about.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) customer: CustomerId,
    pub(super) conversation: String,
    pub(super) name: Option<String>,
    pub(super) desk: DeskId,
    /// When Meta was asked, milliseconds UTC of Meta.
    pub(super) asked_ms: i64,
}

/// What is to be appended of a page: the messages that the log does not have, and which it lacks. Of a thread that is read for
/// the first time a page without either says that it was read; later nothing needs to be said of a thread of which nothing was
/// missing.
pub(super) fn to_append(
    origin: &Origin,
    messages: &[ConversationMessage],
    settled: &Settled,
    known: &BTreeSet<Mid>,
    is_first: bool,
) -> Vec<AuditPage> {
    let new = |message: &&ConversationMessage| message.id.as_ref().is_none_or(|id| !known.contains(id));
    let messages: Vec<ConversationMessage> = messages.iter().filter(new).cloned().collect();
    if messages.is_empty() && settled.lacks.is_empty() && !is_first {
        return Vec::new();
    }
    let page = AuditPage {
        customer: origin.customer.clone(),
        conversation: origin.conversation.clone(),
        desk: origin.desk,
        read_at_ms: origin.asked_ms,
        customer_name: origin.name.clone(),
        messages,
        is_oldest: settled.is_oldest,
        older_withheld: settled.is_withheld,
        lacks: settled.lacks.clone(),
    };
    let mut small = Vec::new();
    split(page, &mut small);
    small
}

/// What is to be appended of a message that was read alone, if the log does not have it. It says nothing of how far its
/// thread was read.
pub(super) fn alone(origin: &Origin, message: ConversationMessage, known: &BTreeSet<Mid>) -> Vec<AuditPage> {
    to_append(origin, &[message], &Settled::default(), known, false)
}

/// Cuts a page in two until each is small enough for the log. The older half ends where the whole did; what lacks, which is
/// little, is named in the newer one.
fn split(mut page: AuditPage, into: &mut Vec<AuditPage>) {
    let size = serde_json::to_string(&page).map_or(0, |json| json.len());
    if size <= MAX_PAGE_BYTES || page.messages.is_empty() {
        return into.push(page);
    }
    if let [only] = page.messages.as_mut_slice() {
        // No text is that long: what is left out are cards and files that nobody could look through.
        *only = ConversationMessage {
            id: only.id.take(),
            created_ms: only.created_ms,
            from: only.from.take(),
            is_unsupported: true,
            ..ConversationMessage::default()
        };
        return into.push(page);
    }
    let older = page.messages.split_off(page.messages.len() / 2);
    let rest = AuditPage { messages: older, lacks: Vec::new(), ..page.clone() };
    split(AuditPage { is_oldest: false, older_withheld: false, ..page }, into);
    split(rest, into);
}

/// What a failed call means for a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It goes on after so long, milliseconds.
    Wait(HistoryWait, i64),
    /// The Page token is dead.
    DeadToken,
    /// Meta does not give this one thread, or not so much of it.
    NotThis,
}

/// What a failed call means.
pub(super) fn trouble(error: &CallError, is_about_one_thread: bool) -> Trouble {
    if error.is_dead_token() {
        return Trouble::DeadToken;
    }
    let limit = matches!(error, CallError::Throttled { .. } | CallError::HeldBack(_));
    if limit || error.class() == Some(ErrorClass::Throttled) {
        return Trouble::Wait(HistoryWait::Limit, error.wait_ms().unwrap_or(FAULT_MS));
    }
    match error {
        CallError::Meta(_) if is_about_one_thread && is_of_the_thread(error.class()) => Trouble::NotThis,
        CallError::Meta(_) | CallError::NotBegun(NotBegun::TokenUnusable | NotBegun::RequestUnusable(_)) => {
            Trouble::Wait(HistoryWait::Refused, REFUSED_MS)
        }
        _ => Trouble::Wait(HistoryWait::Meta, error.wait_ms().unwrap_or(FAULT_MS)),
    }
}

/// After how long a wait is looked at again, milliseconds. A limit may end sooner than was said, and the client of Graph asks
/// nothing before it does; whatever else is left alone for as long as was told.
pub(super) fn looked_at_after(why: HistoryWait, for_ms: i64) -> i64 {
    match why {
        HistoryWait::Limit => for_ms.min(LIMIT_LOOK_MS),
        HistoryWait::Meta | HistoryWait::Refused | HistoryWait::Unknown => for_ms,
    }
}

/// Whether a listing may have been refused for its cursor: one that is dead or beyond the end is a faulty parameter, or names
/// what is gone (docs/meta.md 1.8). Missing rights, limits and dead tokens are none of it.
pub(super) fn is_of_the_cursor(error: &CallError) -> bool {
    let class = error.class();
    matches!(error, CallError::Meta(_))
        && matches!(class, Some(ErrorClass::BadRequest | ErrorClass::ObjectMissing | ErrorClass::Unknown))
}

/// Whether a refusal says something of one thread alone. A missing right is missing for all.
fn is_of_the_thread(class: Option<ErrorClass>) -> bool {
    matches!(
        class,
        Some(
            ErrorClass::MessageGone
                | ErrorClass::ObjectMissing
                | ErrorClass::BadRequest
                | ErrorClass::PersonUnknown
                | ErrorClass::PersonUnavailable
                | ErrorClass::ProfileUnavailable
                | ErrorClass::Unknown
        )
    )
}

#[cfg(test)]
mod tests {
    use baton_graph::{Hold, HoldReason};
    use baton_messenger::error::GraphError;
    use serde_json::{Value, json};

    use super::*;

    const TEA: &str = "104500000000011";
    const MARA: &str = "6200000000000101";
    /// 2026-10-05T09:00:00Z.
    const NINE: i64 = 1_791_190_800_000;

    fn conversations(json: Value) -> Page<Conversation> {
        serde_json::from_value(json).unwrap()
    }

    fn origin() -> Origin {
        Origin {
            customer: MARA.into(),
            conversation: "t_1".to_owned(),
            name: Some("Mara Lindt".to_owned()),
            desk: DeskId::new(),
            asked_ms: 7,
        }
    }

    fn messages(given: usize, bare: usize, next: Option<&str>) -> Page<ConversationMessage> {
        let message = |n: usize| {
            let mut message = json!({"id": format!("m_{n}"), "created_time": "2026-10-05T09:00:00+0000"});
            if n < given {
                message["from"] = json!({"id": MARA});
                message["to"] = json!({"data": [{"id": TEA}]});
            }
            message
        };
        let mut page = json!({"data": (0..given + bare).map(message).collect::<Vec<_>>()});
        if let Some(after) = next {
            page["paging"] = json!({"cursors": {"after": after}, "next": "https://graph.invalid/next"});
        }
        serde_json::from_value(page).unwrap()
    }

    #[test]
    fn the_fixtures_list_their_threads() {
        let fixture = include_str!("../../../../fixtures/graph_conversations_messenger_page1.json");
        let page: Page<Conversation> = serde_json::from_str(fixture).unwrap();
        let all = listed(&page, &TEA.into(), None, 0);
        assert_eq!(all.threads.len(), 2);
        assert_eq!(all.threads[0].customer, Some(MARA.into()));
        assert_eq!(all.threads[0].name.as_deref(), Some("Mara Lindt"));
        assert_eq!((all.after.as_deref(), all.is_end), (Some("QVFIUfixtureAfter1"), false));
        let newest_ms = all.threads[0].updated_ms;
        let since = listed(&page, &TEA.into(), Some(newest_ms - 1), 0);
        assert_eq!((since.threads.len(), since.is_end), (1, true));

        let instagram = include_str!("../../../../fixtures/graph_conversations_instagram.json");
        let page: Page<Conversation> = serde_json::from_str(instagram).unwrap();
        let all = listed(&page, &"17841400000000033".into(), None, 0);
        assert_eq!(all.threads.iter().filter(|thread| thread.customer.is_some()).count(), 1);
        assert!(all.is_end);
    }

    #[test]
    fn an_empty_page_ends_nothing_while_more_follow() {
        let page = conversations(
            json!({"data": [], "paging": {"cursors": {"after": "A"}, "next": "https://x.invalid"}}),
        );
        let all = listed(&page, &TEA.into(), None, 0);
        assert_eq!((all.threads.len(), all.is_end), (0, false));
        assert!(listed(&conversations(json!({"data": []})), &TEA.into(), None, 0).is_end);
    }

    #[test]
    fn messages_without_details_are_only_named() {
        let whole = told(messages(12, 0, None), 0);
        assert_eq!((whole.messages.len(), whole.named.len(), whole.after), (12, 0, None));
        let long = told(messages(20, 5, Some("A")), 0);
        assert_eq!((long.messages.len(), long.named.len(), long.after.as_deref()), (20, 5, Some("A")));
        assert!(long.named.iter().all(|named| !named.is_before_given));
        let generous = told(messages(25, 0, Some("A")), 0);
        assert_eq!((generous.messages.len(), generous.named.len()), (25, 0));
        assert_eq!(customer_of(&generous.messages, &TEA.into()), Some(MARA.into()));
        assert_eq!(customer_of(&[], &TEA.into()), None);
    }

    #[test]
    fn when_a_message_was_that_is_only_named_meta_tells_or_the_one_before_it() {
        let page = json!({"data": [
            {"id": "m_5"},
            {"id": "m_4", "created_time": "2026-10-05T09:00:04+0000", "from": {"id": MARA}},
            {"id": "m_3"},
            {"id": "m_2", "created_time": "2026-10-05T09:00:02+0000"},
            {"created_time": "2026-10-05T09:00:02+0000"},
            {"id": "m_1", "created_time": "2026-10-05T09:00:01+0000", "from": {"id": MARA}},
            {"id": "m_0"},
        ]});
        let told = told(serde_json::from_value(page).unwrap(), NINE + 60_000);
        let named: Vec<(&str, i64, bool)> = told
            .named
            .iter()
            .map(|named| (named.lack.mid.as_str(), named.lack.at_ms - NINE, named.is_before_given))
            .collect();
        let expected =
            [("m_5", 60_000, true), ("m_3", 4_000, true), ("m_2", 2_000, true), ("m_0", 1_000, false)];
        assert_eq!(named, expected);
        assert_eq!(told.messages.len(), 2);
    }

    #[test]
    fn only_what_the_log_lacks_is_appended() {
        let page = told(messages(3, 0, None), 0).messages;
        let end = || Settled { is_oldest: true, ..Settled::default() };
        let known: BTreeSet<Mid> = ["m_0".into(), "m_2".into()].into();
        let pages = to_append(&origin(), &page, &end(), &known, false);
        let [one] = &pages[..] else { panic!("{pages:?}") };
        assert_eq!(one.messages.iter().map(|m| m.id.clone().unwrap()).collect::<Vec<_>>(), ["m_1".into()]);
        assert!(one.is_oldest);
        let all: BTreeSet<Mid> = ["m_0".into(), "m_1".into(), "m_2".into()].into();
        assert!(to_append(&origin(), &page, &end(), &all, false).is_empty());
        assert_eq!(to_append(&origin(), &page, &end(), &all, true).len(), 1, "that it was read is said once");
        let lacks = vec![Lack { mid: "m_1".into(), at_ms: NINE }];
        let lacking = Settled { lacks: lacks.clone(), ..end() };
        let pages = to_append(&origin(), &page, &lacking, &all, false);
        let [one] = &pages[..] else { panic!("{pages:?}") };
        assert_eq!((one.messages.len(), &one.lacks), (0, &lacks));
    }

    #[test]
    fn a_message_that_was_read_alone_says_nothing_of_the_rest_of_its_thread() {
        let one = || messages(1, 0, None).data.remove(0);
        let pages = alone(&origin(), one(), &BTreeSet::new());
        let [page] = &pages[..] else { panic!("{pages:?}") };
        assert_eq!((page.messages.len(), page.is_oldest, page.older_withheld), (1, false, false));
        assert!(alone(&origin(), one(), &["m_0".into()].into()).is_empty(), "the log has it");
    }

    #[test]
    fn a_page_that_is_too_large_becomes_several() {
        let mut page = told(messages(9, 0, None), 0);
        for message in &mut page.messages {
            message.text = Some("x".repeat(MAX_PAGE_BYTES / 3));
        }
        page.messages[4].text = Some("x".repeat(MAX_PAGE_BYTES * 2));
        let settled = Settled {
            is_oldest: true,
            lacks: vec![Lack { mid: "m_lost".into(), at_ms: NINE }],
            ..Settled::default()
        };
        let pages = to_append(&origin(), &page.messages, &settled, &BTreeSet::new(), true);
        let ids =
            pages.iter().flat_map(|page| page.messages.iter().map(|m| m.id.clone().unwrap().to_string()));
        assert_eq!(ids.collect::<Vec<_>>(), (0..9).map(|n| format!("m_{n}")).collect::<Vec<_>>());
        assert!(pages.iter().all(|page| serde_json::to_string(page).unwrap().len() <= MAX_PAGE_BYTES));
        let last = pages.len() - 1;
        assert!(pages.iter().enumerate().all(|(place, page)| page.is_oldest == (place == last)));
        assert_eq!(pages.iter().map(|page| page.lacks.len()).sum::<usize>(), 1, "what lacks is named once");
    }

    #[test]
    fn what_holds_one_thread_up_does_not_hold_the_pass_up() {
        let refused = |code: i64, subcode: i64| {
            let error = GraphError { code, subcode: Some(subcode), ..GraphError::default() };
            CallError::Meta(Box::new(error))
        };
        assert_eq!(trouble(&refused(100, 33), true), Trouble::NotThis);
        assert_eq!(trouble(&refused(100, 9_000_001), true), Trouble::NotThis);
        assert_eq!(trouble(&refused(100, 33), false), Trouble::Wait(HistoryWait::Refused, REFUSED_MS));
        assert_eq!(trouble(&refused(200, 0), true), Trouble::Wait(HistoryWait::Refused, REFUSED_MS));
        assert_eq!(trouble(&refused(190, 460), true), Trouble::DeadToken);
        let hold = Hold { for_ms: 9_000, why: HoldReason::Slot };
        assert_eq!(trouble(&hold.into(), true), Trouble::Wait(HistoryWait::Limit, 9_000));
        let away = CallError::NotBegun(NotBegun::NoConnection("refused".to_owned()));
        assert_eq!(trouble(&away, true), Trouble::Wait(HistoryWait::Meta, FAULT_MS));
    }

    #[test]
    fn what_is_told_of_a_pause_is_kept_and_only_a_limit_is_looked_at_before() {
        let refused = CallError::Meta(Box::new(GraphError { code: 200, ..GraphError::default() }));
        let Trouble::Wait(why, for_ms) = trouble(&refused, false) else { panic!("it waits") };
        assert_eq!((why, looked_at_after(why, for_ms)), (HistoryWait::Refused, for_ms));
        assert_eq!(looked_at_after(HistoryWait::Meta, 45_000), 45_000);
        assert_eq!(looked_at_after(HistoryWait::Limit, 600_000), LIMIT_LOOK_MS);
        assert_eq!(looked_at_after(HistoryWait::Limit, 9_000), 9_000);
    }
}
