//! The thread list.

use std::collections::BTreeMap;

use baton_core::desk::was_not_sent;
use baton_core::store::{
    Author as Said, Block, Filter, LabelRow, ListFrom, ListKey, ListQuery, Outgoing, Reading, Sort as Order,
    ThreadId, ThreadKey, ThreadLabel, ThreadRow as Row, View as Which, ViewCounts as Counted,
};
use baton_messenger::id::Platform;
use baton_messenger::limits::{HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::Status;
use baton_protocol::{AccountId, AgentId, LabelId};
use baton_thread::AccountFacts;

use super::control_words::{app_name, inbox_name, owner_view};
use super::preview::preview_what;
use super::session::channel;
use super::{Answer, Answering, errors};
use crate::contract::labels::{LabelState, ThreadLabelView};
use crate::contract::queue::ReplyWaitsView;
use crate::contract::thread::{Assign, Mark, Marked, SendState, SetStatus};
use crate::contract::threads::{
    BlockCustomer, BlockView, ListThreads, NameFrom, PreviewBy, Sort, ThreadPage, ThreadRow, View, ViewCounts,
};
use crate::contract::{Channel, Count, Ms, StatusView, ThreadRef};

/// What rows need beside themselves: names of agents and facts of accounts, read once per answer.
pub(super) struct Names {
    pub(super) me: Option<AgentId>,
    agents: BTreeMap<AgentId, String>,
    facts: BTreeMap<AccountId, AccountFacts>,
    late: BTreeMap<AccountId, bool>,
    labels: BTreeMap<LabelId, LabelRow>,
    /// What was made urgent here, or no longer so, and the team has not been told of yet.
    urgent: BTreeMap<ThreadKey, bool>,
}

impl Names {
    /// Reads them.
    pub(super) async fn read(reading: &mut Reading, me: Option<AgentId>) -> Answer<Self> {
        let agents = reading.agents().await.map_err(errors::of_store)?;
        let (mut facts, mut late) = (BTreeMap::new(), BTreeMap::new());
        for row in reading.accounts().await.map_err(errors::of_store)? {
            late.insert(row.account.clone(), row.human_agent == HumanAgentRight::Approved);
            let known = reading.account_facts(&row.account).await.map_err(errors::of_store)?;
            facts.insert(row.account, known);
        }
        let agents = agents.into_iter().map(|agent| (agent.agent, agent.name)).collect();
        let urgent = reading.queued_priorities().await.map_err(errors::of_store)?;
        let labels = reading.labels().await.map_err(errors::of_store)?;
        let labels = labels.into_iter().map(|row| (row.label, row)).collect();
        Ok(Self { me, agents, facts, late, labels, urgent })
    }

    pub(super) fn agent(&self, agent: AgentId) -> String {
        self.agents.get(&agent).cloned().unwrap_or_else(|| "A colleague".to_owned())
    }

    /// A label of the workspace; none for one that is gone, or of which nothing is known yet.
    pub(super) fn label(&self, label: LabelId) -> Option<&LabelRow> {
        self.labels.get(&label)
    }

    pub(super) fn facts(&self, account: &AccountId) -> AccountFacts {
        self.facts.get(account).cloned().unwrap_or_default()
    }
}

fn view_counts(counts: &Counted) -> ViewCounts {
    ViewCounts {
        mine: Count(counts.mine),
        mine_waiting: Count(counts.mine_waiting),
        unassigned: Count(counts.unassigned),
        unassigned_waiting: Count(counts.unassigned_waiting),
        mentions: Count(counts.mentions),
        mentions_open: Count(counts.mentions_open),
        ending_soon: Count(counts.ending_soon),
        all: Count(counts.all),
        all_waiting: Count(counts.all_waiting),
        too_late: Count(counts.too_late),
        snoozed: Count(counts.snoozed),
        done: Count(counts.done),
        blocked: Count(counts.blocked),
    }
}

impl Answering {
    pub(crate) async fn list_threads(&self, asked: ListThreads) -> Answer<ThreadPage> {
        let me = self.desk().me().ok_or_else(|| errors::of_desk(baton_core::desk::DeskError::NotEnrolled))?;
        let account = asked.account.as_deref().map(AccountId::from);
        let query = ListQuery {
            view: which(asked.view, me),
            account: account.clone(),
            sort: match asked.sort {
                Sort::NeedsReply => Order::NeedsReply,
                Sort::Newest => Order::Newest,
            },
            from: list_from(&asked)?,
            limit: asked.limit,
            now_ms: self.desk().meta_now().ms,
        };
        let filter = Filter {
            platform: asked.channel.map(platform),
            label: asked.label.as_deref().map(label_id).transpose()?,
        };
        let mut reading = self.reading().await?;
        let page = reading.filtered_list(&query, &filter).await.map_err(errors::of_store)?;
        let counts =
            reading.filtered_counts(me, account.as_ref(), &filter).await.map_err(errors::of_store)?;
        let is_filtered = account.is_some() || asked.channel.is_some() || asked.label.is_some();
        let whole = if is_filtered {
            Some(reading.view_counts(me, None).await.map_err(errors::of_store)?)
        } else {
            None
        };
        let names = Names::read(&mut reading, Some(me)).await?;
        Ok(ThreadPage {
            rows: page.rows.into_iter().map(|row| thread_row(row, &names)).collect(),
            previous: page.previous.map(write_key),
            next: page.next.map(write_key),
            counts: view_counts(&counts),
            whole: whole.as_ref().map(view_counts),
        })
    }

    pub(crate) async fn assign(&self, asked: Assign) -> Answer<()> {
        self.desk().assign(ThreadId(asked.thread.0), asked.to_me).await.map_err(errors::of_desk)
    }

    pub(crate) async fn set_status(&self, asked: SetStatus) -> Answer<()> {
        let status = status_of(&asked.status);
        self.desk().set_status(ThreadId(asked.thread.0), status).await.map_err(errors::of_desk)
    }

    pub(crate) async fn block_customer(&self, asked: BlockCustomer) -> Answer<()> {
        let wanted = match asked.block {
            BlockView::No => Block::No,
            BlockView::Blocked => Block::Blocked,
            BlockView::Spam => Block::Spam,
        };
        self.desk().block(ThreadId(asked.thread.0), wanted).await.map_err(errors::of_desk)
    }

    pub(crate) async fn mark(&self, asked: Mark) -> Answer<Marked> {
        let version = self.desk().mark(ThreadId(asked.thread.0), asked.read).await;
        Ok(Marked { store_version: Count(version.map_err(errors::of_desk)?) })
    }

    /// The store as it is now, for an answer that takes several looks.
    pub(super) async fn reading(&self) -> Answer<Reading> {
        self.desk().store().reading().await.map_err(errors::of_store)
    }
}

/// A row of the list.
pub(super) fn thread_row(row: Row, names: &Names) -> ThreadRow {
    let facts = names.facts(&row.key.account);
    let late = names.late.get(&row.key.account).copied().unwrap_or(false);
    let not_sent = was_not_sent(&row);
    let labels = labels(&row, names);
    let urgent = names.urgent.get(&row.key).copied().unwrap_or(row.urgent);
    ThreadRow {
        thread: ThreadRef(row.id.0),
        name: name_of(&row),
        preview_by: preview_by(&row.preview.by, names.me),
        preview_name: preview_name(&row.preview.by, &facts, names),
        name_from: name_from(&row),
        preview_what: preview_what(row.preview.kind),
        preview: row.preview.text,
        last_ms: Ms(row.last_at_ms),
        unread: Count(u64::from(row.unread)),
        owner: owner_view(&row.owner, &facts),
        free_until_ms: row.last_opening_ms.map(|opened| Ms(opened.saturating_add(OPEN_WINDOW_MS))),
        late_until_ms: row
            .last_opening_ms
            .filter(|_| late)
            .map(|opened| Ms(opened.saturating_add(HUMAN_AGENT_WINDOW_MS))),
        assignee: row.assignee.map(|agent| names.agent(agent)),
        mine: row.assignee.is_some() && row.assignee == names.me,
        status: status(&row.status),
        waiting_since_ms: row.waiting_since_ms.map(Ms),
        needs_reply: row.needs_reply,
        labels,
        urgent,
        urgent_pending: urgent != row.urgent,
        mentioned: row.mention.is_some_and(|mention| mention.is_open),
        block: block_view(row.block),
        not_sent,
        draft: row.draft,
        outgoing: outgoing(&row.outgoing),
        leaving: row.leaving,
        leaving_is: outgoing(&row.leaving_is),
        reply_waits: row
            .reply_waits
            .map(|agent| ReplyWaitsView { name: names.agent(agent), me: Some(agent) == names.me }),
        account: row.key.account.to_string(),
        account_name: row.account_name,
        channel: row.platform.map_or(Channel::Messenger, channel),
        customer: row.key.customer.to_string(),
    }
}

/// Whether a customer is kept away.
pub(super) fn block_view(block: Block) -> BlockView {
    match block {
        Block::No => BlockView::No,
        Block::Blocked => BlockView::Blocked,
        Block::Spam => BlockView::Spam,
    }
}

/// What a thread's customer is called.
pub(super) fn name_of(row: &Row) -> String {
    customer_name(row.customer_name.as_deref(), row.key.customer.as_str())
}

/// What a customer is called.
pub(crate) fn customer_name(name: Option<&str>, customer: &str) -> String {
    name.map_or_else(|| fallback_name(customer), str::to_owned)
}

/// Before anybody knows the name: the end of the scoped id, so that two strangers can be told apart.
fn fallback_name(customer: &str) -> String {
    let tail: Vec<char> = customer.chars().rev().take(4).collect();
    format!("Customer {}", tail.into_iter().rev().collect::<String>())
}

fn name_from(row: &Row) -> NameFrom {
    match (&row.customer_name, row.named_by_hand) {
        (None, _) => NameFrom::Nobody,
        (Some(_), true) => NameFrom::Hand,
        (Some(_), false) => NameFrom::Meta,
    }
}

/// The name of whoever said the last thing, where the page cannot know it.
fn preview_name(author: &Said, facts: &AccountFacts, names: &Names) -> Option<String> {
    match author {
        Said::App(app) => Some(app_name(app, facts)),
        Said::Agent(agent) => Some(names.agent(*agent)),
        Said::OtherDesk => Some("Another desk".to_owned()),
        Said::MetaInbox => Some(inbox_name(facts.platform).to_owned()),
        // Meta does not say who sent it.
        Said::Account | Said::Customer | Said::System => None,
    }
}

fn preview_by(author: &Said, me: Option<AgentId>) -> PreviewBy {
    match author {
        Said::Customer => PreviewBy::Customer,
        Said::Agent(agent) if Some(*agent) == me => PreviewBy::Me,
        Said::Agent(_) | Said::OtherDesk => PreviewBy::Colleague,
        Said::App(_) | Said::Account => PreviewBy::App,
        Said::MetaInbox => PreviewBy::Inbox,
        Said::System => PreviewBy::System,
    }
}

fn which(view: View, me: AgentId) -> Which {
    match view {
        View::Mine => Which::Mine(me),
        View::Unassigned => Which::Unassigned,
        View::Mentions => Which::Mentions,
        View::EndingSoon => Which::EndingSoon,
        View::All => Which::All,
        View::TooLate => Which::TooLate,
        View::Snoozed => Which::Snoozed,
        View::Done => Which::Done,
        View::Blocked => Which::Blocked,
    }
}

/// The platform of a channel.
pub(super) fn platform(channel: Channel) -> Platform {
    match channel {
        Channel::Messenger => Platform::Messenger,
        Channel::Instagram => Platform::Instagram,
    }
}

/// A label by what the page calls it.
pub(super) fn label_id(label: &str) -> Answer<LabelId> {
    label.parse().map_err(|_| errors::unreadable("a label"))
}

/// The labels of a thread that there are, by name.
fn labels(row: &Row, names: &Names) -> Vec<ThreadLabelView> {
    let mut labels: Vec<ThreadLabelView> = row
        .labels
        .iter()
        .filter_map(|(label, how)| Some((names.label(*label)?, how)))
        .map(|(known, how)| ThreadLabelView {
            id: known.label.to_string(),
            name: known.name.clone(),
            colour: known.colour.clone(),
            state: match how {
                ThreadLabel::On => LabelState::On,
                ThreadLabel::PuttingOn => LabelState::PuttingOn,
                ThreadLabel::TakingOff => LabelState::TakingOff,
            },
        })
        .collect();
    labels.sort_by_cached_key(|label| (label.name.to_lowercase(), label.id.clone()));
    labels
}

/// A status as the core has it.
pub(super) fn status_of(status: &StatusView) -> Status {
    match status {
        StatusView::Open => Status::Open,
        StatusView::WaitingOnCustomer => Status::WaitingOnCustomer,
        StatusView::Snoozed { until_ms } => Status::Snoozed { until_ms: until_ms.0 },
        StatusView::Done => Status::Done,
    }
}

/// A status for the page.
pub(super) fn status(status: &Status) -> StatusView {
    match status {
        Status::Open => StatusView::Open,
        Status::WaitingOnCustomer => StatusView::WaitingOnCustomer,
        Status::Snoozed { until_ms } => StatusView::Snoozed { until_ms: Ms(*until_ms) },
        Status::Done => StatusView::Done,
    }
}

/// The worst first: what needs a person before what goes on by itself.
fn outgoing(outgoing: &Outgoing) -> Option<SendState> {
    [
        (outgoing.refused, SendState::Refused),
        (outgoing.unknown, SendState::Unknown),
        (outgoing.waiting, SendState::Waiting),
        (outgoing.sending, SendState::Sending),
        (outgoing.queued, SendState::Queued),
        (outgoing.held, SendState::Held),
    ]
    .into_iter()
    .find_map(|(count, state)| (count > 0).then_some(state))
}

fn list_from(asked: &ListThreads) -> Answer<ListFrom> {
    Ok(match (&asked.up_to, &asked.after) {
        (Some(key), _) => ListFrom::UpTo(read_key(key)?),
        (None, Some(key)) => ListFrom::After(read_key(key)?),
        (None, None) => ListFrom::Top,
    })
}

fn write_key(key: ListKey) -> String {
    format!("{}.{}", key.sort_ms, key.thread.0)
}

fn read_key(text: &str) -> Answer<ListKey> {
    let parts =
        text.split_once('.').and_then(|(sort, thread)| Some((sort.parse().ok()?, thread.parse().ok()?)));
    let (sort_ms, thread) = parts.ok_or_else(|| errors::unreadable("a place in the list"))?;
    Ok(ListKey { sort_ms, thread: ThreadId(thread) })
}

#[cfg(test)]
mod tests {
    use baton_core::store::{ListKey, ThreadId};

    use super::{fallback_name, read_key, write_key};

    #[test]
    fn a_place_in_the_list_survives_the_page() {
        let key = ListKey { sort_ms: -17, thread: ThreadId(4) };
        assert_eq!(read_key(&write_key(key)).unwrap(), key);
        assert!(read_key("nowhere").is_err());
    }

    #[test]
    fn a_stranger_goes_by_the_end_of_the_id() {
        assert_eq!(fallback_name("6200000000000101"), "Customer 0101");
    }
}
