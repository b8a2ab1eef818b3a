//! Private notes, what is urgent, and whom a thread can be given to.

use baton_core::desk::NewNote;
use baton_core::store::{NoteDraftRow, ThreadId};
use baton_protocol::{AgentId, NoteId, note};

use super::session::{role, words};
use super::{Answer, Answering, errors};
use crate::contract::note::{
    AddNote, Escalate, GiveThread, Member, Members, NoteDraft, NoteReceipt, RemoveNote, SaveNoteDraft,
    SetUrgent,
};
use crate::contract::thread::ThreadName;

impl Answering {
    pub(crate) async fn save_note_draft(&self, save: SaveNoteDraft) -> Answer<()> {
        let thread = ThreadId(save.thread.0);
        self.desk()
            .save_note_draft(thread, &save.text, save.supervisors_only, &save.based_on)
            .await
            .map_err(errors::of_desk)
    }

    pub(crate) async fn add_note(&self, asked: AddNote) -> Answer<NoteReceipt> {
        let new = NewNote {
            text: asked.text,
            mentions: asked.mentions.iter().map(|agent| agent_of(agent)).collect::<Answer<_>>()?,
            supervisors_only: asked.supervisors_only,
        };
        let added = self.desk().add_note(ThreadId(asked.thread.0), new, &asked.based_on).await;
        Ok(NoteReceipt { note: added.map_err(errors::of_desk)?.to_string() })
    }

    pub(crate) async fn remove_note(&self, asked: RemoveNote) -> Answer<()> {
        let note: NoteId = asked.note.parse().map_err(|_| errors::unreadable("the name of a note"))?;
        self.desk().remove_note(ThreadId(asked.thread.0), note).await.map_err(errors::of_desk)
    }

    pub(crate) async fn set_urgent(&self, asked: SetUrgent) -> Answer<()> {
        self.desk().set_urgent(ThreadId(asked.thread.0), asked.urgent).await.map_err(errors::of_desk)
    }

    pub(crate) async fn escalate(&self, asked: Escalate) -> Answer<()> {
        self.desk().escalate(ThreadId(asked.thread.0), &asked.why).await.map_err(errors::of_desk)
    }

    pub(crate) async fn give_thread(&self, asked: GiveThread) -> Answer<()> {
        let to = asked.to.as_deref().map(agent_of).transpose()?;
        self.desk().give(ThreadId(asked.thread.0), to).await.map_err(errors::of_desk)
    }

    pub(crate) async fn members(&self, name: ThreadName) -> Answer<Members> {
        let (thread, me) = (ThreadId(name.thread.0), self.desk().me());
        let members = self.desk().members(thread).await.map_err(errors::of_desk)?;
        let now_ms = self.desk().meta_now().ms;
        let row = self.desk().store().thread(thread, now_ms).await.map_err(errors::of_store)?;
        let members = members.into_iter().map(|member| Member {
            me: Some(member.agent) == me,
            assigned: Some(member.agent) == row.assignee,
            agent: member.agent.to_string(),
            name: member.name,
            role: role(member.role),
        });
        Ok(Members { members: members.collect() })
    }
}

fn agent_of(text: &str) -> Answer<AgentId> {
    text.parse().map_err(|_| errors::unreadable("the name of a colleague"))
}

/// What is written as a note, as the page shows it.
pub(super) fn note_draft(draft: Option<NoteDraftRow>) -> NoteDraft {
    let max = u32::try_from(note::TEXT_UNITS).unwrap_or(u32::MAX);
    match draft {
        None => NoteDraft { text: String::new(), supervisors_only: false, words: None, max },
        Some(draft) => NoteDraft {
            text: draft.text,
            supervisors_only: draft.supervisors_only,
            words: draft.came_back.map(words),
            max,
        },
    }
}
