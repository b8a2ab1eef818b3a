//! How threads are given out, and what is done when somebody falls out.

use baton_core::desk::Returned;
use baton_core::store::{HandedDraft, ThreadId};
use baton_protocol::account::{AssignBy, QueueRules};
use baton_protocol::enrol::AccountRole;
use baton_protocol::{AccountId, AgentId};

use super::many::thread_before;
use super::rows::Names;
use super::session::{channel, display_name, words};
use super::{Answer, Answering, errors};
use crate::contract::queue::{
    AgentName, HandedDraftName, HandedDraftView, QueueView, QueueWayView, ReturnedView, ReturningAccountView,
    ReturningView, SetQueue,
};
use crate::contract::session::Session;
use crate::contract::{Count, Ms};

impl Answering {
    pub(crate) async fn set_queue(&self, set: SetQueue) -> Answer<Session> {
        let account = AccountId::from(set.account.as_str());
        let rules = QueueRules {
            assign: match set.way {
                QueueWayView::Manual => AssignBy::Manual,
                QueueWayView::RoundRobin => AssignBy::RoundRobin,
                QueueWayView::Unknown => AssignBy::Unknown,
            },
            limit: set.limit,
            reopen_to_last: set.reopen_to_last,
            reaction_reopens: set.reaction_reopens,
            only_assignee_sends: set.only_assignee_sends,
        };
        self.desk().set_queue(&account, rules).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn returning(&self, of: AgentName) -> Answer<ReturningView> {
        let returning = self.desk().returning(agent(&of)?).await.map_err(errors::of_desk)?;
        let mut accounts = Vec::with_capacity(returning.accounts.len());
        for (on, threads) in &returning.accounts {
            accounts.push(ReturningAccountView {
                id: on.account.to_string(),
                name: self.account_called(on).await?,
                channel: channel(on.platform),
                threads: Count(*threads),
            });
        }
        let threads = returning.accounts.iter().map(|(_, threads)| threads).sum();
        Ok(ReturningView {
            agent: of.agent,
            name: returning.name,
            accounts,
            threads: Count(threads),
            sets_offline: returning.sets_offline,
        })
    }

    pub(crate) async fn return_threads(&self, of: AgentName) -> Answer<ReturnedView> {
        let agent = agent(&of)?;
        let Returned { threads, failed } =
            self.desk().return_threads(agent).await.map_err(errors::of_desk)?;
        let name = self.desk().store().agent_name(agent).await.map_err(errors::of_store)?;
        let mut not_all = Vec::with_capacity(failed.len());
        for (on, _) in &failed {
            not_all.push(self.account_called(on).await?);
        }
        Ok(ReturnedView {
            name: name.unwrap_or_else(|| "A colleague".to_owned()),
            threads: threads.into_iter().map(thread_before).collect(),
            failed: not_all,
            words: failed.into_iter().next().map(|(_, why)| words(why)),
        })
    }

    pub(crate) async fn drop_handed_draft(&self, of: HandedDraftName) -> Answer<()> {
        self.desk().handed_draft_is_done(ThreadId(of.thread.0), of.seq.0).await.map_err(errors::of_desk)
    }

    /// What an account is called.
    async fn account_called(&self, on: &AccountRole) -> Answer<String> {
        let row = self.desk().store().account(&on.account).await.map_err(errors::of_store)?;
        Ok(row.and_then(|row| row.name).unwrap_or_else(|| display_name(on)))
    }
}

/// The rules of a queue for the page.
pub(super) fn queue_view(rules: &QueueRules) -> QueueView {
    QueueView {
        way: match rules.assign {
            AssignBy::Manual => QueueWayView::Manual,
            AssignBy::RoundRobin => QueueWayView::RoundRobin,
            AssignBy::Unknown => QueueWayView::Unknown,
        },
        limit: rules.limit,
        limit_most: QueueRules::MOST,
        reopen_to_last: rules.reopen_to_last,
        reaction_reopens: rules.reaction_reopens,
        only_assignee_sends: rules.only_assignee_sends,
    }
}

/// What was handed over with a thread, for the page.
pub(super) fn handed_draft(draft: HandedDraft, names: &Names) -> HandedDraftView {
    HandedDraftView {
        seq: Count(draft.seq),
        by: names.agent(draft.from),
        at_ms: Ms(draft.at_ms),
        text: draft.text,
        files: draft.files,
    }
}

fn agent(of: &AgentName) -> Answer<AgentId> {
    of.agent.parse().map_err(|_| errors::unreadable("the name of a person"))
}
