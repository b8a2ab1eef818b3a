//! Acts on many threads at once.

use baton_core::desk::{Before, Hindrance as Why, ManyAct as Act, Outcome, Undone};
use baton_core::store::ThreadId;
use baton_protocol::AgentId;

use super::rows::{label_id, name_of, status, status_of};
use super::session::words;
use super::{Answer, Answering, errors};
use crate::contract::many::{
    BeforeView, HinderedThread, Hindrance, Many, ManyAct, ManyDone, ManyOutcome, ManyPreview, ManyUndone,
    OutcomeView, ThreadBefore, UndoMany,
};
use crate::contract::{Count, ThreadRef, Words};

impl Answering {
    pub(crate) async fn preview_many(&self, asked: Many) -> Answer<ManyPreview> {
        let threads = ids(&asked.threads);
        let preview = self.desk().preview_many(&threads, &act(&asked.act)?).await.map_err(errors::of_desk)?;
        let cannot = preview.cannot.iter().map(|(row, why)| HinderedThread {
            thread: ThreadRef(row.id.0),
            name: name_of(row),
            why: hindrance(*why),
        });
        Ok(ManyPreview {
            can: preview.can.iter().map(|thread| ThreadRef(thread.0)).collect(),
            cannot: cannot.collect(),
            gone: count(preview.gone),
            past_deadline: count(preview.past_deadline),
        })
    }

    pub(crate) async fn act_on_many(&self, asked: Many) -> Answer<ManyDone> {
        let threads = ids(&asked.threads);
        let outcomes = self.desk().act_on_many(&threads, &act(&asked.act)?).await.map_err(errors::of_desk)?;
        let outcomes = outcomes
            .into_iter()
            .map(|(thread, done)| ManyOutcome { thread: ThreadRef(thread.0), outcome: outcome(done) });
        Ok(ManyDone { outcomes: outcomes.collect() })
    }

    pub(crate) async fn undo_many(&self, asked: UndoMany) -> Answer<ManyUndone> {
        let before: Vec<(ThreadId, Before)> = asked.threads.iter().map(before_of).collect::<Answer<_>>()?;
        let (mut back, mut moved, mut failed, mut why) = (0_usize, Vec::new(), Vec::new(), None);
        for (thread, undone) in self.desk().undo_many(before).await {
            let thread = ThreadRef(thread.0);
            match undone {
                Undone::Back => back += 1,
                Undone::Moved => moved.push(thread),
                Undone::Failed(words_of) => {
                    failed.push(thread);
                    why.get_or_insert(words(words_of));
                }
                Undone::Away => {
                    failed.push(thread);
                    why.get_or_insert_with(away);
                }
            }
        }
        Ok(ManyUndone { back: count(back), moved, failed, words: why })
    }
}

fn away() -> Words {
    Words { what: "The relay cannot be reached.".to_owned(), action: "Try again once it answers.".to_owned() }
}

fn ids(threads: &[ThreadRef]) -> Vec<ThreadId> {
    threads.iter().map(|thread| ThreadId(thread.0)).collect()
}

fn count(count: usize) -> Count {
    Count(u64::try_from(count).unwrap_or(u64::MAX))
}

fn act(act: &ManyAct) -> Answer<Act> {
    Ok(match act {
        ManyAct::Assign { to } => Act::Assign { to: to.as_deref().map(agent).transpose()? },
        ManyAct::Done => Act::Done,
        ManyAct::Snooze { until_ms } => Act::Snooze { until_ms: until_ms.0 },
        ManyAct::WaitOnCustomer => Act::WaitOnCustomer,
        ManyAct::Label { label, on } => Act::Label { label: label_id(label)?, on: *on },
        ManyAct::MarkRead => Act::MarkRead,
    })
}

fn agent(agent: &str) -> Answer<AgentId> {
    agent.parse().map_err(|_| errors::unreadable("a member"))
}

fn hindrance(why: Why) -> Hindrance {
    match why {
        Why::AlreadySo => Hindrance::AlreadySo,
        Why::OfAnother => Hindrance::OfAnother,
        Why::NotForOthers => Hindrance::NotForOthers,
        Why::NoRole => Hindrance::NoRole,
        Why::Blocked => Hindrance::Blocked,
        Why::Gone => Hindrance::Gone,
    }
}

fn outcome(outcome: Outcome) -> OutcomeView {
    match outcome {
        Outcome::Done(before) => OutcomeView::Done { before: before_view(before) },
        Outcome::Not(why) => OutcomeView::Not { why: hindrance(why) },
        Outcome::Lost(lost) => OutcomeView::Lost { words: words(lost) },
        Outcome::Failed(failed) => OutcomeView::Failed { words: words(failed) },
        Outcome::Away => OutcomeView::Away,
    }
}

/// How a thread stood, as the page keeps it for an undo.
pub(super) fn thread_before((thread, before): (ThreadId, Before)) -> ThreadBefore {
    ThreadBefore { thread: ThreadRef(thread.0), before: before_view(before) }
}

fn before_view(before: Before) -> BeforeView {
    match before {
        Before::Assignee { assignee, version } => BeforeView::Assignee {
            assignee: assignee.map(|agent| agent.to_string()),
            version: Count(version),
        },
        Before::Status { status: was, version } => {
            BeforeView::Status { status: status(&was), version: Count(version) }
        }
        Before::Label { label, was_on } => BeforeView::Label { label: label.to_string(), was_on },
        Before::Read { seq } => BeforeView::Read { seq: Count(seq) },
    }
}

fn before_of(one: &ThreadBefore) -> Answer<(ThreadId, Before)> {
    let before = match &one.before {
        BeforeView::Assignee { assignee, version } => {
            Before::Assignee { assignee: assignee.as_deref().map(agent).transpose()?, version: version.0 }
        }
        BeforeView::Status { status, version } => {
            Before::Status { status: status_of(status), version: version.0 }
        }
        BeforeView::Label { label, was_on } => Before::Label { label: label_id(label)?, was_on: *was_on },
        BeforeView::Read { seq } => Before::Read { seq: seq.0 },
    };
    Ok((ThreadId(one.thread.0), before))
}

#[cfg(test)]
mod tests {
    use baton_protocol::LabelId;
    use baton_protocol::team::Status;

    use super::*;
    use crate::contract::Ms;

    #[test]
    fn how_a_thread_stood_survives_the_page() {
        let agent = AgentId::new();
        for before in [
            Before::Assignee { assignee: Some(agent), version: 7 },
            Before::Assignee { assignee: None, version: 0 },
            Before::Status { status: Status::Snoozed { until_ms: 5 }, version: 9 },
            Before::Label { label: LabelId::new(), was_on: true },
            Before::Read { seq: 3 },
        ] {
            let view = ThreadBefore { thread: ThreadRef(4), before: before_view(before.clone()) };
            let through = serde_json::from_value(serde_json::to_value(&view).unwrap()).unwrap();
            assert_eq!(before_of(&through).unwrap(), (ThreadId(4), before));
        }
    }

    #[test]
    fn an_act_with_a_name_that_is_none_is_refused() {
        assert!(act(&ManyAct::Assign { to: Some("Ines".to_owned()) }).is_err());
        assert!(act(&ManyAct::Label { label: "VIP".to_owned(), on: true }).is_err());
        let asked = act(&ManyAct::Snooze { until_ms: Ms(7) }).unwrap();
        assert_eq!(asked, Act::Snooze { until_ms: 7 });
        assert_eq!(act(&ManyAct::WaitOnCustomer).unwrap(), Act::WaitOnCustomer);
    }
}
