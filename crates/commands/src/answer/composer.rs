//! What may be sent, and the acts of the composer.

use baton_core::control::{Act, Asked, other_apps};
use baton_core::desk::{
    ComposerFacts, Press, SendWay, Setback as Told, SetbackKind as ToldKind, ThreadShown,
};
use baton_core::media::MOST_FILES;
use baton_core::outbox::Leaves;
use baton_core::store::{PartKey, ThreadId};
use baton_messenger::limits::METADATA_CHARS;
use baton_messenger::policy::Verdict as Policy;
use baton_messenger::routing::settings_address;
use baton_messenger::send::{FileKind, FileWay, TextUnit as MetaUnit};
use baton_messenger::{AppId, Platform};
use baton_protocol::PartId;
use baton_thread::AccountFacts;

use super::control_words::app_name;
use super::media::{own, own_named};
use super::notes::note_draft;
use super::rows::name_of;
use super::session::words;
use super::{Answer, Answering, errors};
use crate::contract::attachment::MediaView;
use crate::contract::composer::{
    AttachFile, ComposerState, NotLeft, PartName, PartPress, PassTarget, PutAside, RemoveFile, SaveDraft,
    Seen, SendMode, SendReceipt, SendReply, Setback, SetbackKind, TakesFiles, TextLimit, TextUnit, Verdict,
};
use crate::contract::thread::{ActOnControl, ThreadName};
use crate::contract::{ControlAct, Count, Ms, ThreadRef};

impl Answering {
    pub(crate) async fn composer(&self, name: ThreadName) -> Answer<ComposerState> {
        let thread = ThreadId(name.thread.0);
        self.desk().composer(thread).await.map(composer_state).map_err(errors::of_desk)
    }

    pub(crate) async fn save_draft(&self, save: SaveDraft) -> Answer<()> {
        let thread = ThreadId(save.thread.0);
        self.desk().save_draft(thread, &save.text, &save.based_on).await.map_err(errors::of_desk)
    }

    pub(crate) async fn attach_file(&self, asked: AttachFile, bytes: &[u8]) -> Answer<MediaView> {
        let attached = self.desk().attach_file(ThreadId(asked.thread.0), &asked.name, bytes).await;
        attached.map(|file| own(&file)).map_err(|error| errors::of_file(&error))
    }

    pub(crate) async fn remove_file(&self, asked: RemoveFile) -> Answer<()> {
        let file = own_named(&asked.file)?;
        self.desk().remove_file(ThreadId(asked.thread.0), file).await.map_err(errors::of_desk)
    }

    pub(crate) async fn send_reply(&self, send: SendReply) -> Answer<SendReceipt> {
        let press = Press {
            thread: ThreadId(send.thread.0),
            text: send.text,
            files: send.files.iter().map(|file| own_named(file)).collect::<Answer<_>>()?,
            based_on: send.based_on,
            leaves: match send.verdict {
                Verdict::Plain => Leaves::Plain,
                Verdict::HumanAgent => Leaves::Tagged,
                Verdict::Refused => return Err(errors::unreadable("a reply that it knew to be refused")),
            },
            take_first: send.take_first,
            version: send.seen.version.0,
            word_seq: send.seen.word_seq.0,
            composed_ms: send.composed_ms.0,
            despite_unknown: send.despite_unknown,
            hold_ms: send.hold_ms.0,
            then_done: send.then_done,
        };
        let thread = press.thread;
        let receipt = self.desk().send_reply(press).await.map_err(errors::of_desk)?;
        // The reply is safe: what cannot be read now is read with the thread.
        let (items, store_version) =
            self.items_of_parts(thread, &receipt.keys).await.unwrap_or_else(|_| (Vec::new(), 0));
        Ok(SendReceipt {
            items,
            store_version: Count(store_version),
            reply: receipt.reply.to_string(),
            keys: receipt.keys.iter().map(|key| super::items::part_item_key(*key)).collect(),
            parts: receipt.keys.iter().map(|key| key.0.to_string()).collect(),
        })
    }

    pub(crate) async fn retry_part(&self, press: PartPress) -> Answer<()> {
        self.desk().retry_part(part(&press.part)?, shown(&press)).await.map_err(errors::of_desk)
    }

    pub(crate) async fn send_rest(&self, press: PartPress) -> Answer<()> {
        self.desk().send_rest(part(&press.part)?, shown(&press)).await.map_err(errors::of_desk)
    }

    pub(crate) async fn send_part_now(&self, name: PartName) -> Answer<()> {
        self.desk().send_part_now(part(&name.part)?).await.map_err(errors::of_desk)
    }

    pub(crate) async fn discard_part(&self, name: PartName) -> Answer<()> {
        self.desk().discard_part(part(&name.part)?).await.map_err(errors::of_desk)
    }

    pub(crate) async fn put_aside(&self, asked: PutAside) -> Answer<()> {
        self.desk().put_aside(part(&asked.part)?, asked.aside).await.map_err(errors::of_desk)
    }

    pub(crate) async fn not_left(&self, (): ()) -> Answer<Vec<NotLeft>> {
        let not_left = self.desk().not_left().await.map_err(errors::of_desk)?.into_iter();
        Ok(not_left
            .map(|one| NotLeft {
                thread: ThreadRef(one.thread.id.0),
                name: name_of(&one.thread),
                text: one.text,
                held: one.is_held,
            })
            .collect())
    }

    pub(crate) async fn quit(&self, (): ()) -> Answer<()> {
        self.outside().quit().map_err(|_| errors::not_opened())
    }

    pub(super) async fn setbacks(&self) -> Answer<Vec<Setback>> {
        let setbacks = self.desk().setbacks().await.map_err(errors::of_desk)?;
        Ok(setbacks.into_iter().map(setback).collect())
    }

    pub(crate) async fn told_of_setback(&self, name: PartName) -> Answer<()> {
        self.desk().told_of_setback(PartKey(part(&name.part)?)).await.map_err(errors::of_desk)
    }

    pub(crate) async fn act_on_control(&self, asked: ActOnControl) -> Answer<()> {
        let act = match asked.act {
            ControlAct::Take => Act::Take,
            ControlAct::PassToDefault => Act::PassToDefault,
            ControlAct::PassToInbox => Act::PassToInbox,
            ControlAct::PassToApp => Act::PassToApp,
            ControlAct::Release => Act::Release,
            ControlAct::Request => Act::Request,
            ControlAct::Extend => Act::Extend,
        };
        let thread = ThreadId(asked.thread.0);
        let asked = Asked { to: asked.to.map(AppId::from), note: asked.note, ..Asked::plain(act) };
        self.desk().act_on_control(thread, &asked).await.map_err(errors::of_desk)
    }
}

fn setback(setback: Told) -> Setback {
    Setback {
        part: setback.part.0.to_string(),
        kind: match setback.kind {
            ToldKind::NotSent => SetbackKind::NotSent,
            ToldKind::NotDone => SetbackKind::NotDone,
            ToldKind::NotNoted => SetbackKind::NotNoted,
            ToldKind::NotSet => SetbackKind::NotSet,
        },
        thread: ThreadRef(setback.thread.id.0),
        name: name_of(&setback.thread),
        words: words(setback.words),
    }
}

fn part(name: &str) -> Answer<PartId> {
    name.parse().map_err(|_| errors::unreadable("the name of a reply"))
}

fn shown(press: &PartPress) -> ThreadShown {
    ThreadShown {
        version: press.seen.version.0,
        word_seq: press.seen.word_seq.0,
        despite_unknown: press.despite_unknown,
    }
}

/// The composer as the page shows it.
pub(super) fn composer_state(facts: ComposerFacts) -> ComposerState {
    ComposerState {
        verdict: match facts.verdict {
            Policy::Plain { .. } => Verdict::Plain,
            Policy::HumanAgent { .. } => Verdict::HumanAgent,
            Policy::Refused { .. } => Verdict::Refused,
        },
        free_until_ms: facts.windows.open_until_ms.map(Ms),
        late_until_ms: facts.windows.human_until_ms.map(Ms),
        send: match facts.send {
            SendWay::Send => SendMode::Send,
            SendWay::TakeAndSend => SendMode::TakeAndSend,
            SendWay::Blocked => SendMode::Blocked,
        },
        words: facts.words.map(words),
        blocked: facts.block.keeps_away(),
        for_another: facts.is_for_another,
        pass_to: if facts.acts.contains(&Act::PassToApp) { pass_to(&facts.account) } else { Vec::new() },
        acts: facts.acts.into_iter().map(control_act).collect(),
        note_max: u32::try_from(METADATA_CHARS).unwrap_or(u32::MAX),
        control_setting: settings_address(facts.account.platform.unwrap_or(Platform::Messenger)).to_owned(),
        limit: TextLimit {
            max: u32::try_from(facts.limit.max).unwrap_or(u32::MAX),
            unit: match facts.limit.unit {
                MetaUnit::Characters => TextUnit::Characters,
                MetaUnit::Bytes => TextUnit::Bytes,
            },
        },
        files: facts.files.iter().map(own).collect(),
        takes: takes(facts.platform),
        draft: facts.draft.map(|draft| draft.text).unwrap_or_default(),
        draft_words: facts.draft_words.map(words),
        seen: Seen { version: Count(facts.version), word_seq: Count(facts.word_seq) },
        note: note_draft(facts.note),
    }
}

/// What files may be added on a channel.
fn takes(platform: Platform) -> TakesFiles {
    let types = FileKind::formats(platform).unwrap_or_default();
    TakesFiles {
        types: types.into_iter().map(str::to_owned).collect(),
        most_bytes: Count(FileKind::File.max_bytes(platform, FileWay::ByUpload)),
        most: u32::try_from(MOST_FILES).unwrap_or(u32::MAX),
    }
}

/// By name, those without one last.
fn pass_to(account: &AccountFacts) -> Vec<PassTarget> {
    let has_name = |app: &AppId| account.apps.get(app).is_some_and(|known| !known.name.is_empty());
    let mut targets: Vec<_> = other_apps(account)
        .map(|app| (!has_name(app), PassTarget { app: app.to_string(), name: app_name(app, account) }))
        .collect();
    targets.sort_by_key(|(nameless, target)| (*nameless, target.name.to_lowercase(), target.app.clone()));
    targets.into_iter().map(|(_, target)| target).collect()
}

fn control_act(act: Act) -> ControlAct {
    match act {
        Act::Take => ControlAct::Take,
        Act::PassToDefault => ControlAct::PassToDefault,
        Act::PassToInbox => ControlAct::PassToInbox,
        Act::PassToApp => ControlAct::PassToApp,
        Act::Release => ControlAct::Release,
        Act::Request => ControlAct::Request,
        Act::Extend => ControlAct::Extend,
    }
}
