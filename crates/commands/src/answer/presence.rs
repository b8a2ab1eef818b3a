//! Who is there, in the shape of the page.

use std::collections::BTreeMap;

use baton_core::desk::WhoIsThere;
use baton_core::store::{AgentRow, ThreadId};
use baton_protocol::AgentId;
use baton_protocol::presence::{Doing as Does, Presence, PresenceState as Present, Viewing};

use super::{Answer, Answering, errors};
use crate::contract::Count;
use crate::contract::presence::{
    Doing, OnScreen, PersonView, PresenceState, PresenceView, SetPresence, Shows,
};

impl Answering {
    pub(crate) async fn presence(&self, (): ()) -> Answer<PresenceView> {
        let mut reading = self.reading().await?;
        let agents = reading.colleagues().await.map_err(errors::of_store)?;
        drop(reading);
        let WhoIsThere { chosen, state, goes_away, set_offline_by, everybody, .. } =
            self.desk().who_is_there();
        let supervised = self.desk().supervised().await.map_err(errors::of_desk)?;
        let me = self.desk().me();
        let threads_left = self.desk().threads_left().await.map_err(errors::of_desk)?;
        let set_offline_by = set_offline_by.map(|by| {
            let known = agents.iter().find(|known| known.agent == by);
            known.map_or_else(|| "A supervisor".to_owned(), |known| known.name.clone())
        });
        Ok(PresenceView {
            known: everybody.is_some(),
            chosen: state_view(chosen),
            mine: state_view(state),
            goes_away,
            set_offline_by,
            threads_left: Count(threads_left),
            people: agents
                .into_iter()
                .map(|agent| {
                    let may_return = supervised.contains(&agent.agent);
                    PersonView { may_return, ..person(agent, me, everybody.as_ref()) }
                })
                .collect(),
        })
    }

    pub(crate) async fn set_presence(&self, set: SetPresence) -> Answer<PresenceView> {
        let chosen = set.state.map(|state| match state {
            PresenceState::Online => Ok(Present::Online),
            PresenceState::Away => Ok(Present::Away),
            PresenceState::TransfersOnly => Ok(Present::TransfersOnly),
            PresenceState::Offline => Ok(Present::Offline),
            PresenceState::Unknown => Err(errors::unreadable("a state that nobody can choose")),
        });
        let chosen = chosen.transpose()?;
        if let Some(goes_away) = set.goes_away {
            self.desk().set_goes_away(goes_away).await.map_err(errors::of_desk)?;
        }
        if let Some(chosen) = chosen {
            self.desk().choose_presence(chosen);
        }
        self.presence(()).await
    }

    pub(crate) async fn shows(&self, shown: Shows) -> Answer<()> {
        let thread = shown.thread.map(|thread| (ThreadId(thread.0), doing_of(shown.doing)));
        self.desk().shows(thread).await.map_err(errors::of_desk)
    }

    pub(crate) async fn touched(&self, (): ()) -> Answer<()> {
        self.desk().touched();
        Ok(())
    }
}

fn person(
    agent: AgentRow,
    me: Option<AgentId>,
    everybody: Option<&BTreeMap<AgentId, Presence>>,
) -> PersonView {
    let there = everybody.map(|everybody| everybody.get(&agent.agent));
    let state = match there {
        None => PresenceState::Unknown,
        Some(None) => PresenceState::Offline,
        Some(Some(presence)) => state_view(presence.state),
    };
    let views = there.flatten().map(|presence| presence.views.iter().map(looks_at).collect());
    PersonView {
        me: me == Some(agent.agent),
        agent: agent.agent.to_string(),
        name: agent.name,
        state,
        looks_at: views.unwrap_or_default(),
        may_return: false,
    }
}

fn looks_at(view: &Viewing) -> OnScreen {
    OnScreen {
        account: view.thread.account.to_string(),
        customer: view.thread.customer.to_string(),
        doing: match view.doing {
            Does::Reads | Does::Unknown => Doing::Reads,
            Does::WritesReply => Doing::WritesReply,
            Does::WritesNote => Doing::WritesNote,
        },
    }
}

/// What somebody does in a thread, as the core has it.
pub(super) fn doing_of(doing: Doing) -> Does {
    match doing {
        Doing::Reads => Does::Reads,
        Doing::WritesReply => Does::WritesReply,
        Doing::WritesNote => Does::WritesNote,
    }
}

pub(super) fn state_view(state: Present) -> PresenceState {
    match state {
        Present::Online => PresenceState::Online,
        Present::Away => PresenceState::Away,
        Present::TransfersOnly => PresenceState::TransfersOnly,
        Present::Offline => PresenceState::Offline,
        Present::Unknown => PresenceState::Unknown,
    }
}
