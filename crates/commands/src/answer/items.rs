//! What was said and done in a thread, as the page shows it.

use baton_core::outbox::{State, Wait, state_of};
use baton_core::store::{
    AttachmentRow, Author as Said, Delivery, MessageKind, MessageRow, PartKey, PartRow, TimelineItem,
    TimelineLine,
};
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_thread::AccountFacts;

use super::control_words::{app_name, change_line, owner_kind};
use super::rows::Names;
use super::session::words;
use crate::contract::Ms;
use crate::contract::thread::{AttachmentView, Author, Item, MessageView, ReactionView, SendState};
use crate::contract::threads::ThreadRow;

/// The key of a message that this desk's outbox sent: the same from *queued* to *seen*.
pub(super) fn part_item_key(key: PartKey) -> String {
    format!("part:{}", key.0)
}

/// Whose thread it is, for names.
pub(super) struct Scene {
    pub(super) names: Names,
    pub(super) facts: AccountFacts,
    pub(super) row: ThreadRow,
}

impl Scene {
    /// A message that is in the store.
    pub(super) fn message(&self, row: MessageRow) -> Item {
        let author = self.author(&row.author);
        let ours = matches!(row.author, Said::Agent(_) | Said::OtherDesk);
        let message = MessageView {
            key: row.own_part.map_or_else(|| format!("m:{}", row.place.key), part_item_key),
            mid: row.mid.map(|mid| mid.to_string()),
            part: None,
            author_name: self.author_name(&row.author),
            author,
            text: self.text(row.kind, row.text, row.extra.as_ref()),
            attachments: row.attachments.iter().map(attachment).collect(),
            at_ms: Ms(row.place.at_ms),
            state: row.delivery.filter(|_| ours).map(delivery),
            state_words: None,
            late: row.tagged,
            reactions: row
                .reactions
                .into_iter()
                .map(|reaction| ReactionView {
                    by_customer: reaction.actor == self.row.customer,
                    emoji: reaction.emoji,
                })
                .collect(),
            reply_to: row.reply_to.map(|(_, line)| line.unwrap_or_else(|| "an earlier message".to_owned())),
            edited: row.edited,
            unsent: row.unsent,
            unknown: row.kind == MessageKind::Unknown,
            standby: row.standby,
            found_late: row.found_late,
        };
        Item::Message { message: Box::new(message) }
    }

    /// A part of this desk's outbox that is no message yet. `at_ms` is when it was pressed, of Meta's clock.
    pub(super) fn part(&self, row: &PartRow, at_ms: i64) -> Item {
        let state = state_of(row).ok();
        let message = MessageView {
            key: part_item_key(row.key),
            mid: row.mid.as_ref().map(ToString::to_string),
            part: Some(row.part.to_string()),
            author: Author::Me,
            author_name: self.names.me.map(|me| self.names.agent(me)).unwrap_or_default(),
            text: row.text.clone(),
            attachments: Vec::new(),
            at_ms: Ms(at_ms),
            state: state.as_ref().map(part_state),
            state_words: state.as_ref().and_then(State::agent_words).map(words),
            late: row.tag.is_some(),
            reactions: Vec::new(),
            reply_to: None,
            edited: false,
            unsent: false,
            unknown: false,
            standby: false,
            found_late: false,
        };
        Item::Message { message: Box::new(message) }
    }

    /// A line of the timeline; none for facts that say nothing to an agent here.
    pub(super) fn line(&self, item: TimelineItem) -> Option<Item> {
        let at_ms = Ms(item.at_ms);
        match item.line {
            TimelineLine::Owner(change) => Some(Item::Handover {
                key: item.key,
                at_ms,
                line: change_line(&change, &self.facts),
                owner: owner_kind(&change.to),
                note: change.note,
            }),
            TimelineLine::Team(fact) => {
                Some(Item::Team { line: self.team_line(&fact)?, key: item.key, at_ms })
            }
            TimelineLine::Note(note) => Some(Item::Note {
                key: item.key,
                at_ms,
                by: note.by.map_or_else(|| "Baton".to_owned(), |agent| self.names.agent(agent)),
                text: note.text,
            }),
        }
    }

    fn author(&self, author: &Said) -> Author {
        match author {
            Said::Customer => Author::Customer,
            Said::Agent(agent) if Some(*agent) == self.names.me => Author::Me,
            Said::Agent(_) | Said::OtherDesk => Author::Colleague,
            Said::App(_) | Said::Account | Said::System => Author::App,
            Said::MetaInbox => Author::Inbox,
        }
    }

    fn author_name(&self, author: &Said) -> String {
        match author {
            Said::Customer => self.row.name.clone(),
            Said::Agent(agent) => self.names.agent(*agent),
            Said::OtherDesk => "Another desk of Baton".to_owned(),
            Said::App(app) => app_name(app, &self.facts),
            Said::MetaInbox => "Page Inbox".to_owned(),
            Said::Account => "Sent outside Baton".to_owned(),
            Said::System => String::new(),
        }
    }

    fn text(&self, kind: MessageKind, text: Option<String>, extra: Option<&serde_json::Value>) -> String {
        match (kind, text) {
            (_, Some(text)) => text,
            (MessageKind::Notice, None) => notice(extra),
            (_, None) => String::new(),
        }
    }

    fn team_line(&self, fact: &TeamFact) -> Option<String> {
        match fact {
            TeamFact::Assigned { assignee, by, .. } => Some(self.assigned_line(*assignee, by)),
            TeamFact::StatusSet { status, by, .. } => {
                let who = self.actor(by);
                Some(match status {
                    Status::Open => format!("{who} reopened this thread"),
                    Status::WaitingOnCustomer => format!("{who} set this thread to waiting for the customer"),
                    Status::Snoozed { .. } => format!("{who} put this thread to sleep"),
                    Status::Done => format!("{who} marked this thread done"),
                })
            }
            TeamFact::PrioritySet { urgent: true, by, .. } => {
                Some(format!("{} marked this thread urgent", self.actor(by)))
            }
            TeamFact::BlockSet { blocked: true, by, .. } => {
                Some(format!("{} blocked the customer", self.actor(by)))
            }
            _ => None,
        }
    }

    fn assigned_line(&self, assignee: Option<baton_protocol::AgentId>, by: &Actor) -> String {
        let who = self.actor(by);
        match (assignee, by) {
            (Some(to), Actor::Agent { agent, .. }) if to == *agent => {
                format!("{who} took this thread on")
            }
            (Some(to), _) => format!("{who} gave this thread to {}", self.names.agent(to)),
            (None, _) => format!("{who} gave this thread back to the queue"),
        }
    }

    fn actor(&self, by: &Actor) -> String {
        match by {
            Actor::Agent { agent, .. } if Some(*agent) == self.names.me => "You".to_owned(),
            Actor::Agent { agent, .. } => self.names.agent(*agent),
            Actor::Relay => "Baton".to_owned(),
            Actor::Operator => "An operator".to_owned(),
        }
    }
}

/// What happened, when nobody said it.
fn notice(extra: Option<&serde_json::Value>) -> String {
    let kind =
        extra.and_then(|extra| extra.get("kind")).and_then(serde_json::Value::as_str).unwrap_or_default();
    match kind {
        "optin" => "The customer agreed to be sent messages",
        "referral" => "The customer came through a link or an ad",
        "account_linking" => "The customer linked or unlinked an account",
        "feedback" | "response_feedback" => "The customer gave feedback",
        "cart" => "The customer sent a shopping cart",
        "policy_enforcement" => "Meta changed what this Page may send",
        "inbox_labels" => "A label was changed in Meta's inbox",
        _ => "Something happened that cannot be shown here yet",
    }
    .to_owned()
}

fn attachment(row: &AttachmentRow) -> AttachmentView {
    let kind = match row.kind.as_str() {
        known @ ("image" | "video" | "audio" | "file" | "sticker" | "location" | "template") => known,
        "fallback" => "link",
        "share" | "post" | "reel" | "ig_post" | "ig_reel" | "story_mention" => "share",
        _ => "unknown",
    };
    AttachmentView { kind: kind.to_owned(), title: row.title.clone().unwrap_or_default() }
}

fn delivery(delivery: Delivery) -> SendState {
    match delivery {
        Delivery::Sent => SendState::Sent,
        Delivery::Delivered => SendState::Delivered,
        Delivery::Seen => SendState::Seen,
    }
}

fn part_state(state: &State) -> SendState {
    match state {
        State::Queued {
            wait: Some(Wait::Relay | Wait::Network | Wait::Limit { .. } | Wait::Token), ..
        } => SendState::Waiting,
        State::Queued { wait: None, .. } | State::Returned { .. } => SendState::Queued,
        State::Sending => SendState::Sending,
        State::Sent { .. } => SendState::Sent,
        State::Refused { .. } => SendState::Refused,
        State::Unknown { .. } => SendState::Unknown,
        State::Abandoned => SendState::Abandoned,
    }
}
