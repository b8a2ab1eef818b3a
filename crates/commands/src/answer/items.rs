//! What was said and done in a thread, as the page shows it.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::desk::{PartElsewhere, PendingNote, ReadFromMeta};
use baton_core::outbox::{State, Wait, leaves_of, state_of};
use baton_core::store::{
    Author as Said, Block, Delivery, Earlier, Frame, MessageKind, MessageRow, NoteRow, OwnFile, PartKey,
    PartRow, Quote, ReactionRow, TimelineItem, TimelineLine,
};
use baton_messenger::error::Help;
use baton_messenger::{Mid, Words};
use baton_protocol::enrol::Role;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, LabelId, NoteId, PartId, ReplyId};
use baton_thread::AccountFacts;

use super::attachments::attachment;
use super::control_words::{YOU, app_name, change_line, inbox_name, owner_kind};
use super::happened::{came, happened, pressed, story};
use super::media::{Known, elsewhere as elsewhere_file, own, wait_for_the_relay};
use super::preview::preview_what;
use super::rows::{Names, platform};
use super::search::written;
use super::session::words;
use crate::contract::attachment::{AttachmentView, MediaState};
use crate::contract::happened::{CrossedView, EarlierView, QuoteView};
use crate::contract::note::MentionView;
use crate::contract::thread::{Author, HelpView, Item, MessageView, PartAct, ReactionView, SendState};
use crate::contract::threads::{PreviewWhat, ThreadRow};
use crate::contract::{Channel, Count, Ms};

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
    /// What other desks have on its way in it.
    pub(super) elsewhere: Vec<PartElsewhere>,
    /// The files of this desk's parts, as long as it keeps them.
    pub(super) files: BTreeMap<PartKey, OwnFile>,
    /// When the newest message was said of a reply of which other parts have not left: these stand after it.
    pub(super) said: BTreeMap<ReplyId, i64>,
    /// How far those are that are on their way to Meta, per cent.
    pub(super) uploads: BTreeMap<PartKey, u8>,
    /// What stands around the replies of this desk.
    pub(super) frames: BTreeMap<PartKey, Frame>,
    /// The messages that these and the draft answer.
    pub(super) quotes: BTreeMap<Mid, Quote>,
    /// Parts that left while the relay was away, as long as it has not been told.
    pub(super) unchecked: BTreeSet<PartId>,
    /// Our reactions that the team has not been told of yet.
    pub(super) reacted: BTreeMap<Mid, Option<String>>,
    /// Notes that the team has not been told of yet.
    pub(super) pending: Vec<PendingNote>,
    /// Notes that are being taken away.
    pub(super) removing: BTreeSet<NoteId>,
    /// What this agent may do on the account.
    pub(super) role: Option<Role>,
    /// What Meta itself told of the thread, because the relay was away.
    pub(super) from_meta: Option<ReadFromMeta>,
}

/// How a part stands to those before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing of this desk keeps it back.
    Free,
    /// It waits for one before it, and leaves by itself after that.
    Waits,
    /// One of its reply was refused or given up, and an agent has to say what becomes of it and what follows.
    Behind,
    /// The same, and another before it asks the agent.
    FurtherBehind,
    /// It is kept back together with one before it, which has what can be done.
    HeldToo,
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
        let frame = row.own_part.and_then(|part| self.frames.get(&part));
        let key = item_key(&row);
        let reactions = self.reactions(row.mid.as_ref(), row.reactions);
        let mut message = MessageView {
            key,
            place: written(&row.place).ok(),
            author_name: self.author_name(&row.author),
            author: self.author(&row.author),
            attachments: row.attachments.iter().map(attachment).collect(),
            at_ms: Ms(row.place.at_ms),
            state: row.delivery.filter(|_| ours).map(delivery),
            // Meta's echo may leave out what the reply was sent with; a late reply was sent without it.
            reply_to: match &row.reply_to {
                Some(quote) => Some(self.quote(quote)),
                None if row.tagged => None,
                None => self.answered(frame),
            },
            story: story(&row.extra, row.number),
            came: came(&row.extra, row.number),
            pressed: pressed(&row.extra),
            edited: row.edited,
            unsent: row.unsent,
            unknown: row.kind == MessageKind::Unknown || row.extra.unsupported,
            standby: row.standby,
            found_late: row.found_late,
            late: row.tagged,
            unchecked: row.unchecked,
            crossed: row.crossed.as_ref().map(|by| self.crossed(by)),
            mid: row.mid.map(|mid| mid.to_string()),
            part: None,
            elsewhere: false,
            acts: Vec::new(),
            help: None,
            text: row.text.unwrap_or_default(),
            state_words: None,
            sent_again_ms: None,
            uploaded: None,
            reactions,
            offered: if row.extra.offered.is_empty() && !row.unsent {
                offers(frame)
            } else {
                row.extra.offered
            },
            earlier: row.earlier.into_iter().map(earlier).collect(),
            from_meta_ms: None,
        };
        known.fill(&mut message);
        if let Some(file) = row.own_part.filter(|_| !row.unsent).and_then(|part| self.files.get(&part)) {
            show_own(&mut message.attachments, file);
        }
        Item::Message { message: Box::new(message) }
    }

    /// A message that was read from Meta itself. Nothing can be done with what the store does not have.
    pub(super) fn read_from_meta(&self, row: MessageRow, read_ms: i64) -> Item {
        match self.message(row) {
            Item::Message { mut message } => {
                message.place = None;
                message.mid = None;
                message.from_meta_ms = Some(Ms(read_ms));
                wait_for_the_relay(&mut message);
                Item::Message { message }
            }
            happened => happened,
        }
    }

    /// The reactions on a message; ours as this desk set it last.
    fn reactions(&self, mid: Option<&Mid>, rows: Vec<ReactionRow>) -> Vec<ReactionView> {
        let ours = mid.and_then(|mid| self.reacted.get(mid));
        let known = rows.into_iter().map(|reaction| ReactionView {
            by_customer: reaction.actor == self.row.customer,
            emoji: reaction.emoji,
            pending: false,
        });
        let known = known.filter(|reaction| reaction.by_customer || ours.is_none());
        let pending = ours.cloned().flatten();
        known.chain(pending.map(|emoji| ReactionView { emoji, by_customer: false, pending: true })).collect()
    }

    fn crossed(&self, by: &Said) -> CrossedView {
        CrossedView { by: self.author(by), name: self.author_name(by) }
    }

    /// The message that a reply of this desk answers.
    fn answered(&self, frame: Option<&Frame>) -> Option<QuoteView> {
        self.quoted(frame?.answers.as_ref()?)
    }

    /// A message that is answered.
    pub(super) fn quoted(&self, mid: &Mid) -> Option<QuoteView> {
        self.quotes.get(mid).map(|quote| self.quote(quote))
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

    /// Parts of this desk's outbox that are no messages yet, oldest first. They leave in this order, so that one waits for
    /// the one before it; what stands behind a part of its reply that did not leave waits for an agent's word.
    pub(super) fn parts(&self, rows: &[PartRow]) -> Vec<(i64, Item)> {
        let mut held_up = false;
        let mut kept_back: BTreeMap<ReplyId, u32> = BTreeMap::new();
        let mut held: BTreeSet<ReplyId> = BTreeSet::new();
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let state = state_of(row).ok();
            let behind = match state {
                Some(State::Queued { .. }) => kept_back.get_mut(&row.reply),
                _ => None,
            };
            let place = match (&state, behind) {
                (_, Some(count)) => {
                    *count += 1;
                    if *count == 1 { Place::Behind } else { Place::FurtherBehind }
                }
                (Some(State::Held { .. }), None) if !held.insert(row.reply) => Place::HeldToo,
                (Some(State::Queued { wait: None, .. }), None) if held_up => Place::Waits,
                _ => Place::Free,
            };
            let after_ms = self.said.get(&row.reply).copied().unwrap_or(i64::MIN);
            items.push((row.pressed_ms.max(after_ms), self.part(row, state.as_ref(), place)));
            if row.state.keeps_back() {
                kept_back.entry(row.reply).or_default();
            }
            let waits = matches!(
                state,
                Some(State::Held { .. } | State::Queued { wait: Some(_), .. } | State::Unknown { .. })
            );
            held_up |= waits && !matches!(place, Place::Behind | Place::FurtherBehind);
        }
        items
    }

    fn part(&self, row: &PartRow, state: Option<&State>, place: Place) -> Item {
        let overtaken = self.overtaken.contains(&row.reply);
        let leaves = leaves_of(row);
        let says = |state: &State| {
            if overtaken { state.overtaken_words(leaves) } else { state.words_as(leaves) }
        };
        let file = self.files.get(&row.key);
        let message = MessageView {
            key: part_item_key(row.key),
            mid: row.mid.as_ref().map(ToString::to_string),
            part: Some(row.part.to_string()),
            acts: match (place, state) {
                (Place::Free, Some(state)) => part_acts(state, !row.text.is_empty() || file.is_some()),
                (Place::Waits, _) => vec![PartAct::TakeBack],
                (Place::Behind, _) => vec![PartAct::SendRest, PartAct::TakeBack],
                (Place::FurtherBehind | Place::HeldToo, _) | (_, None) => Vec::new(),
            },
            help: state.and_then(|state| help_view(state, self.row.channel)),
            author_name: self.names.me.map(|me| self.names.agent(me)).unwrap_or_default(),
            attachments: file.map(|file| AttachmentView::Media { media: own(file) }).into_iter().collect(),
            state: match place {
                Place::Waits | Place::Behind | Place::FurtherBehind => Some(SendState::Waiting),
                Place::Free | Place::HeldToo => state.map(part_state),
            },
            state_words: match place {
                Place::Waits => Some(words(Words::new(
                    "This reply waits for the one before it.",
                    "They leave in the order in which you sent them.",
                ))),
                Place::Behind => Some(words(Words::new(
                    "This waits: the part of this reply before it did not go out.",
                    "Send that one again and this follows, send the rest without it, or take it back.",
                ))),
                Place::FurtherBehind => Some(words(Words::new(
                    "This waits too: a part of this reply before it did not go out.",
                    "",
                ))),
                Place::Free | Place::HeldToo => state.and_then(says).map(words),
            },
            sent_again_ms: state.and_then(State::held_until_ms).filter(|_| !overtaken).map(Ms),
            uploaded: self.uploads.get(&row.key).copied(),
            late: row.tag.is_some(),
            unchecked: self.unchecked.contains(&row.part) && state.is_some_and(has_left),
            // A late reply leaves it out.
            reply_to: self.answered(self.frames.get(&row.key)).filter(|_| row.tag.is_none()),
            offered: offers(self.frames.get(&row.key)),
            ..unsaid(Author::Me, row.text.clone(), row.pressed_ms)
        };
        Item::Message { message: Box::new(message) }
    }

    /// What was read from Meta itself, oldest first, with when it was said.
    pub(super) fn news(&self) -> impl Iterator<Item = (i64, Item)> {
        self.from_meta.iter().flat_map(move |told| {
            let rows = told.messages.iter();
            rows.map(move |row| (row.place.at_ms, self.read_from_meta(row.clone(), told.read_ms)))
        })
    }

    /// A part of another desk that is no message yet.
    pub(super) fn part_elsewhere(&self, elsewhere: &PartElsewhere) -> Item {
        let PartElsewhere { part, may_give_up } = elsewhere;
        let said = part.agent.map_or(Said::OtherDesk, Said::Agent);
        let is_unknown = part.is_unknown();
        let state = if is_unknown {
            SendState::Unknown
        } else if part.is_sent() {
            SendState::Sent
        } else {
            SendState::Sending
        };
        let remedy = if *may_give_up {
            "Ask the customer or look in Meta's inbox. If it did not arrive, give it up and answer."
        } else {
            "Ask whoever wrote it, or look in Meta's inbox."
        };
        let message = MessageView {
            key: format!("part:{}", part.part),
            part: Some(part.part.to_string()),
            elsewhere: true,
            acts: may_give_up.then_some(PartAct::GiveUp).into_iter().collect(),
            author_name: self.author_name(&said),
            state: Some(state),
            state_words: is_unknown.then(|| {
                words(Words::new("It is not certain whether this reply of another desk arrived.", remedy))
            }),
            late: part.tag.is_some(),
            attachments: part.file.map(elsewhere_file).into_iter().collect(),
            unchecked: part.unchecked,
            ..unsaid(
                self.author(&said),
                part.text.clone().unwrap_or_default(),
                part.granted_ms.unwrap_or_default(),
            )
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
                line: change_line(&change, &self.facts, change.agent.map(|agent| self.who(agent)).as_deref()),
                owner: owner_kind(&change.to),
                note: change.note,
            }),
            TimelineLine::Team(fact) => match *fact {
                TeamFact::CustomerErased { by, .. } => Some(Item::Erased {
                    key: item.key,
                    at_ms,
                    line: format!("{} erased this customer", self.actor(&by)),
                }),
                fact => Some(Item::Team { line: self.team_line(&fact)?, key: item.key, at_ms }),
            },
            TimelineLine::Note(note) => (!self.removing.contains(&note.note)).then(|| self.note(note, false)),
            TimelineLine::Gap => Some(Item::Gap { key: item.key, at_ms, count: Count(1) }),
        }
    }

    /// Notes of this desk that the team has not been told of yet, with when they were written.
    pub(super) fn pending_notes(&self) -> impl Iterator<Item = (i64, Item)> {
        self.pending.iter().map(|PendingNote { note, at_ms }| {
            let row = NoteRow {
                note: note.note,
                at_ms: *at_ms,
                by: self.names.me,
                text: note.text.clone(),
                mentions: note.mentions.clone(),
                supervisors_only: note.supervisors_only,
            };
            (*at_ms, self.note(row, true))
        })
    }

    fn note(&self, note: NoteRow, pending: bool) -> Item {
        let is_own = note.by.is_some() && note.by == self.names.me;
        let mention = |agent: &AgentId| MentionView {
            name: self.names.agent(*agent),
            me: Some(*agent) == self.names.me,
        };
        Item::Note {
            key: format!("note:{}", note.note),
            at_ms: Ms(note.at_ms),
            note: note.note.to_string(),
            by: note.by.map_or_else(|| "Baton".to_owned(), |agent| self.names.agent(agent)),
            mentions: note.mentions.iter().map(mention).collect(),
            text: note.text,
            supervisors_only: note.supervisors_only,
            pending,
            may_remove: is_own || self.role.is_some_and(|role| role != Role::Agent),
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
            TeamFact::LabelAdded { label, by, .. } => {
                Some(format!("{} put the label {} on this thread", self.actor(by), self.label(*label)))
            }
            TeamFact::LabelRemoved { label, by, .. } => {
                Some(format!("{} took the label {} off this thread", self.actor(by), self.label(*label)))
            }
            TeamFact::PrioritySet { urgent, by, .. } => {
                let how =
                    if *urgent { "marked this thread urgent" } else { "marked this thread no longer urgent" };
                Some(format!("{} {how}", self.actor(by)))
            }
            TeamFact::BlockSet { blocked, spam, by, .. } => {
                let who = self.actor(by);
                Some(match Block::of(*blocked, *spam) {
                    Block::No => format!("{who} unblocked this customer"),
                    Block::Blocked => format!("{who} blocked this customer"),
                    Block::Spam => format!("{who} blocked this customer as spam"),
                })
            }
            _ => None,
        }
    }

    fn assigned_line(&self, assignee: Option<AgentId>, by: &Actor) -> String {
        let who = self.actor(by);
        match (assignee, by) {
            (Some(to), Actor::Agent { agent, .. }) if to == *agent => {
                format!("{who} took this thread on")
            }
            (Some(to), _) => format!("{who} gave this thread to {}", self.names.agent(to)),
            (None, _) => format!("{who} gave this thread back to the queue"),
        }
    }

    fn label(&self, label: LabelId) -> String {
        self.names.label(label).map_or_else(|| "that is gone".to_owned(), |row| format!("“{}”", row.name))
    }

    fn who(&self, agent: AgentId) -> String {
        if Some(agent) == self.names.me { YOU.to_owned() } else { self.names.agent(agent) }
    }

    fn actor(&self, by: &Actor) -> String {
        match by {
            Actor::Agent { agent, .. } => self.who(*agent),
            Actor::Relay => "Baton".to_owned(),
            Actor::Operator => "An operator".to_owned(),
        }
    }
}

/// What this desk sent is shown from its own copy until Meta's lies in the vault.
fn show_own(attachments: &mut [AttachmentView], file: &OwnFile) {
    for attachment in attachments {
        if let AttachmentView::Media { media } = attachment
            && media.state != MediaState::Here
        {
            *media = own(file);
        }
    }
}

/// The key of a message's item; the same from *queued* to *seen* for what this desk sent.
pub(super) fn item_key(row: &MessageRow) -> String {
    row.own_part.map_or_else(|| format!("m:{}", row.place.key), part_item_key)
}

fn help_view(state: &State, channel: Channel) -> Option<HelpView> {
    Some(match state.help(platform(channel))? {
        Help::SendAgain => HelpView::SendAgain,
        Help::Change => HelpView::Change,
        Help::Take => HelpView::Take,
        Help::Reconnect => HelpView::Reconnect,
        Help::Inbox => HelpView::Inbox,
        Help::MetaSettings { address } => HelpView::MetaSettings { address: address.to_owned() },
        Help::Tell => HelpView::Tell { text: state.report()? },
    })
}

/// Whether its one Graph call may have begun.
fn has_left(state: &State) -> bool {
    !matches!(state, State::Held { .. } | State::Queued { .. } | State::Returned { .. })
}

fn offers(frame: Option<&Frame>) -> Vec<String> {
    frame.map(|frame| frame.offers.clone()).unwrap_or_default()
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

/// What is on its way and was said by nobody yet, as far as it is the same for all.
fn unsaid(author: Author, text: String, at_ms: i64) -> MessageView {
    MessageView {
        key: String::new(),
        place: None,
        mid: None,
        part: None,
        elsewhere: false,
        acts: Vec::new(),
        help: None,
        author,
        author_name: String::new(),
        text,
        attachments: Vec::new(),
        at_ms: Ms(at_ms),
        state: None,
        state_words: None,
        sent_again_ms: None,
        uploaded: None,
        late: false,
        unchecked: false,
        crossed: None,
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
        from_meta_ms: None,
    }
}

/// What can be done with a part of this desk's outbox. Words that are gone cannot be sent again, and neither can what is
/// still looked for.
fn part_acts(state: &State, has_content: bool) -> Vec<PartAct> {
    let acts: &[PartAct] = match state {
        State::Held { .. } => &[PartAct::TakeBack, PartAct::SendNow],
        State::Queued { wait: Some(_), .. } => &[PartAct::TakeBack],
        State::Refused { aside: false, .. } => &[PartAct::SendAgain, PartAct::TakeBack, PartAct::PutAside],
        State::Refused { aside: true, .. } => &[PartAct::SendAgain, PartAct::TakeBack],
        State::Unknown { .. } => &[PartAct::SendAgain, PartAct::GiveUp],
        State::Abandoned { .. } => &[PartAct::SendAgain],
        State::Queued { wait: None, .. } | State::Sending | State::Sent { .. } | State::Returned { .. } => {
            &[]
        }
    };
    // For what was given up Baton looks once it is to be sent again.
    let again = has_content && (state.may_be_sent_again() || matches!(state, State::Abandoned { .. }));
    acts.iter().copied().filter(|act| *act != PartAct::SendAgain || again).collect()
}

fn part_state(state: &State) -> SendState {
    match state {
        State::Held { .. } => SendState::Held,
        State::Queued {
            wait: Some(Wait::Relay | Wait::Network | Wait::Limit { .. } | Wait::Token | Wait::Upload),
            ..
        } => SendState::Waiting,
        State::Queued { wait: None, .. } | State::Returned { .. } => SendState::Queued,
        State::Sending => SendState::Sending,
        State::Sent { .. } => SendState::Sent,
        State::Refused { aside: false, .. } => SendState::Refused,
        State::Refused { aside: true, .. } => SendState::Aside,
        State::Unknown { .. } => SendState::Unknown,
        State::Abandoned { .. } => SendState::Abandoned,
    }
}
