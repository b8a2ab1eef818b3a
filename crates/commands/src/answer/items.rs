//! What was said and done in a thread, as the page shows it.

use std::collections::BTreeSet;

use baton_core::outbox::{State, Wait, state_of};
use baton_core::store::{
    Author as Said, Delivery, Earlier, MessageKind, MessageRow, PartKey, PartRow, Quote, ReactionRow,
    TimelineItem, TimelineLine,
};
use baton_protocol::ReplyId;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_thread::AccountFacts;

use super::attachments::attachment;
use super::control_words::{app_name, change_line, inbox_name, owner_kind};
use super::happened::{came, happened, pressed, story};
use super::media::Known;
use super::preview::preview_what;
use super::rows::Names;
use super::search::written;
use super::session::words;
use crate::contract::Ms;
use crate::contract::happened::{EarlierView, QuoteView};
use crate::contract::thread::{Author, Item, MessageView, ReactionView, SendState};
use crate::contract::threads::{PreviewWhat, ThreadRow};

/// The key of a message that this desk's outbox sent: the same from *queued* to *seen*.
pub(super) fn part_item_key(key: PartKey) -> String {
    format!("part:{}", key.0)
}

/// Whose thread it is, for names, and what became of its replies.
pub(super) struct Scene {
    pub(super) names: Names,
    pub(super) facts: AccountFacts,
    pub(super) row: ThreadRow,
    /// Replies that will not leave, because the customer has written since.
    pub(super) overtaken: BTreeSet<ReplyId>,
}

impl Scene {
    /// A message, or something that happened, that is in the store.
    pub(super) fn message(&self, row: MessageRow) -> Item {
        let known = Known::of(&row.media);
        if let Some(mut happened) = happened(&row) {
            known.fill_happened(&mut happened);
            let about = row.reply_to.as_ref().map(|quote| self.quote(quote));
            let happened = Box::new(happened);
            return Item::Happened { key: item_key(&row), at_ms: Ms(row.place.at_ms), happened, about };
        }
        let ours = matches!(row.author, Said::Agent(_) | Said::OtherDesk);
        let mut message = MessageView {
            key: item_key(&row),
            place: written(&row.place).ok(),
            author_name: self.author_name(&row.author),
            author: self.author(&row.author),
            attachments: row.attachments.iter().map(attachment).collect(),
            at_ms: Ms(row.place.at_ms),
            state: row.delivery.filter(|_| ours).map(delivery),
            reply_to: row.reply_to.as_ref().map(|quote| self.quote(quote)),
            story: story(&row.extra, row.number),
            came: came(&row.extra, row.number),
            pressed: pressed(&row.extra),
            edited: row.edited,
            unsent: row.unsent,
            unknown: row.kind == MessageKind::Unknown || row.extra.unsupported,
            standby: row.standby,
            found_late: row.found_late,
            late: row.tagged,
            mid: row.mid.map(|mid| mid.to_string()),
            part: None,
            text: row.text.unwrap_or_default(),
            state_words: None,
            sent_again_ms: None,
            reactions: row.reactions.into_iter().map(|reaction| self.reaction(reaction)).collect(),
            offered: row.extra.offered,
            earlier: row.earlier.into_iter().map(earlier).collect(),
        };
        known.fill(&mut message);
        Item::Message { message: Box::new(message) }
    }

    fn reaction(&self, reaction: ReactionRow) -> ReactionView {
        ReactionView { by_customer: reaction.actor == self.row.customer, emoji: reaction.emoji }
    }

    /// A message that another one answers, in one line. What it answers in turn is not told.
    fn quote(&self, quote: &Quote) -> QuoteView {
        let Some(original) = quote.original.as_deref() else {
            let (what, text) = (PreviewWhat::Text, String::new());
            return QuoteView { key: None, place: None, author_name: String::new(), what, text };
        };
        let (kind, text) = original.in_one_line();
        QuoteView {
            key: Some(item_key(original)),
            place: written(&original.place).ok(),
            author_name: self.author_name(&original.author),
            what: preview_what(kind),
            text,
        }
    }

    /// A part of this desk's outbox that is no message yet.
    pub(super) fn part(&self, row: &PartRow) -> Item {
        let state = state_of(row).ok();
        let overtaken = self.overtaken.contains(&row.reply);
        let says = if overtaken { State::overtaken_words } else { State::agent_words };
        let message = MessageView {
            key: part_item_key(row.key),
            place: None,
            mid: row.mid.as_ref().map(ToString::to_string),
            part: Some(row.part.to_string()),
            author: Author::Me,
            author_name: self.names.me.map(|me| self.names.agent(me)).unwrap_or_default(),
            text: row.text.clone(),
            attachments: Vec::new(),
            at_ms: Ms(row.pressed_ms),
            state: state.as_ref().map(part_state),
            state_words: state.as_ref().and_then(says).map(words),
            sent_again_ms: state.as_ref().and_then(State::held_until_ms).filter(|_| !overtaken).map(Ms),
            late: row.tag.is_some(),
            reactions: Vec::new(),
            reply_to: None,
            story: None,
            came: None,
            pressed: None,
            offered: Vec::new(),
            edited: false,
            earlier: Vec::new(),
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
            Said::MetaInbox => inbox_name(self.facts.platform).to_owned(),
            // Meta does not say who sent it.
            Said::Account | Said::System => String::new(),
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

/// The key of a message's item; the same from *queued* to *seen* for what this desk sent.
pub(super) fn item_key(row: &MessageRow) -> String {
    row.own_part.map_or_else(|| format!("m:{}", row.place.key), part_item_key)
}

fn earlier(earlier: Earlier) -> EarlierView {
    EarlierView { at_ms: Ms(earlier.at_ms), text: earlier.text }
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
