//! People, desks and invites; a desk that was cut off; erasing a customer.

use baton_core::desk::{
    Colleague, ColleagueDesk, CutOff, CutOffStage, Erasure, ErasureDesk, InviteLine, PeopleFacts,
};
use baton_core::store::ThreadId;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::{InviteAsked, OpenInvite, RoleOn};
use baton_protocol::{AccountId, AgentId, DeskId, InviteId};
use secrecy::ExposeSecret;

use super::session::{channel, display_name, role, words};
use super::{Answer, Answering, errors};
use crate::contract::people::{
    CutOffStageView, CutOffView, DeskName, DeskState, ErasingView, ErasureDeskView, ErasureView,
    InviteFaultView, InviteLineView, InviteName, InviteShown, InviteText, InvitesChecked, InvitesFile,
    MakeInvite, OpenInviteView, PeopleAccount, PeopleView, PersonDeskView, PersonRole, RenameAgent, SetRole,
    TeamPerson,
};
use crate::contract::session::RoleView;
use crate::contract::thread::ThreadName;
use crate::contract::{Count, Ms};

/// An hour, milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1000;
/// A day, milliseconds.
const DAY_MS: i64 = 24 * HOUR_MS;

impl Answering {
    pub(crate) async fn people(&self, (): ()) -> Answer<PeopleView> {
        let facts = self.desk().people().await.map_err(errors::of_desk)?;
        let mut accounts = Vec::with_capacity(facts.accounts.len());
        for access in &facts.accounts {
            accounts.push(self.people_account(access).await?);
        }
        let supervised = self.desk().supervised().await.map_err(errors::of_desk)?;
        let person = |one: &Colleague| self.person(one, &accounts, supervised.contains(&one.agent));
        Ok(PeopleView {
            people: facts.people.iter().map(person).collect(),
            invites: facts.invites.iter().map(|invite| open_invite(invite, &facts)).collect(),
            is_admin: facts.is_admin(),
            away: facts.away.as_ref().map(|error| words(error.agent_words())),
            accounts,
        })
    }

    async fn people_account(&self, access: &AccountRole) -> Answer<PeopleAccount> {
        let row = self.desk().store().account(&access.account).await.map_err(errors::of_store)?;
        Ok(PeopleAccount {
            id: access.account.to_string(),
            name: row.and_then(|row| row.name).unwrap_or_else(|| display_name(access)),
            channel: channel(access.platform),
            administered: access.role == Role::Admin,
        })
    }

    fn person(&self, person: &Colleague, accounts: &[PeopleAccount], may_return: bool) -> TeamPerson {
        TeamPerson {
            id: person.agent.to_string(),
            name: person.name.clone(),
            me: self.desk().me() == Some(person.agent),
            roles: roles(&person.roles),
            wholly: person.wholly,
            may_rename: person.may_rename,
            may_return,
            desks: person.desks.iter().map(|desk| self.person_desk(desk, accounts)).collect(),
        }
    }

    fn person_desk(&self, desk: &ColleagueDesk, accounts: &[PeopleAccount]) -> PersonDeskView {
        let name_of = |account: &AccountId| {
            let known = accounts.iter().find(|known| known.id == account.as_str());
            known.map_or_else(|| account.to_string(), |known| known.name.clone())
        };
        PersonDeskView {
            id: desk.desk.to_string(),
            name: desk.name.clone(),
            this_desk: self.desk().this_desk() == Some(desk.desk),
            connected: desk.connected,
            seen_ms: desk.seen_at_ms.map(Ms),
            enrolled_ms: Ms(desk.enrolled_at_ms),
            state: match (desk.revoked_at_ms, desk.wiped_at_ms) {
                (None, _) => DeskState::Enrolled,
                (Some(_), None) => DeskState::CutOff,
                (Some(_), Some(_)) => DeskState::Wiped,
            },
            still_holds: desk.still_holds.iter().map(name_of).collect(),
            erasures: Count(u64::from(desk.erasures)),
        }
    }

    pub(crate) async fn make_invite(&self, asked: MakeInvite) -> Answer<InviteShown> {
        let asked = InviteAsked {
            agent: asked.agent.as_deref().map(agent).transpose()?,
            name: asked.name,
            roles: asked.roles.iter().map(role_on).collect(),
            valid_ms: i64::from(asked.expires_hours) * HOUR_MS,
            change_roles: false,
        };
        let made = self.desk().make_invite(asked).await.map_err(errors::of_desk)?;
        Ok(InviteShown {
            invite: made.secret.expose_secret().to_owned(),
            name: made.name,
            relay_address: made.relay,
            expires_ms: Ms(made.expires_at_ms),
        })
    }

    pub(crate) async fn check_invites(&self, list: InviteText) -> Answer<InvitesChecked> {
        let looked = self.desk().check_invites(&list.text).await.map_err(errors::of_desk)?;
        Ok(InvitesChecked {
            people: looked.people.into_iter().map(invite_line).collect(),
            faults: looked
                .faults
                .into_iter()
                .map(|fault| InviteFaultView { line: line_number(fault.line), what: fault.what })
                .collect(),
        })
    }

    pub(crate) async fn import_invites(&self, list: InviteText) -> Answer<InvitesFile> {
        let place = self.outside().place_to_save("invites.csv").await.map_err(|_| errors::not_opened())?;
        let Some(place) = place else { return Ok(InvitesFile { name: None, invites: Count(0) }) };
        let made = self.desk().import_invites(&list.text, &place).await.map_err(errors::of_desk)?;
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(InvitesFile { name: Some(name), invites: Count(u64::try_from(made).unwrap_or(0)) })
    }

    pub(crate) async fn take_back_invite(&self, of: InviteName) -> Answer<PeopleView> {
        let invite: InviteId = of.invite.parse().map_err(|_| errors::unreadable("an invite"))?;
        self.desk().take_invite_back(invite).await.map_err(errors::of_desk)?;
        self.people(()).await
    }

    pub(crate) async fn set_role(&self, set: SetRole) -> Answer<PeopleView> {
        let account = AccountId::from(set.account.as_str());
        let role = set.role.map(role_of);
        self.desk().set_role(agent(&set.agent)?, &account, role).await.map_err(errors::of_desk)?;
        self.people(()).await
    }

    pub(crate) async fn rename_agent(&self, asked: RenameAgent) -> Answer<PeopleView> {
        self.desk().rename_agent(agent(&asked.agent)?, &asked.name).await.map_err(errors::of_desk)?;
        self.people(()).await
    }

    pub(crate) async fn revoke_desk(&self, of: DeskName) -> Answer<PeopleView> {
        let desk: DeskId = of.desk.parse().map_err(|_| errors::unreadable("the name of a desk"))?;
        self.desk().revoke_desk(desk).await.map_err(errors::of_desk)?;
        self.people(()).await
    }
}

impl Answering {
    pub(crate) async fn erasing(&self, name: ThreadName) -> Answer<ErasingView> {
        let erasing = self.desk().erasing(ThreadId(name.thread.0)).await.map_err(errors::of_desk)?;
        Ok(ErasingView {
            messages: Count(erasing.messages),
            notes: Count(erasing.notes),
            files: Count(erasing.files),
            has_draft: erasing.has_draft,
            replies_waiting: Count(erasing.waiting_parts),
        })
    }

    pub(crate) async fn erase_customer(&self, name: ThreadName) -> Answer<()> {
        self.desk().erase_customer(ThreadId(name.thread.0)).await.map_err(errors::of_desk)
    }

    pub(crate) async fn erasure(&self, name: ThreadName) -> Answer<Option<ErasureView>> {
        let standing = self.desk().erasure(ThreadId(name.thread.0)).await.map_err(errors::of_desk)?;
        Ok(standing.map(erasure_view))
    }
}

fn erasure_view(erasure: Erasure) -> ErasureView {
    ErasureView {
        at_ms: Ms(erasure.at_ms),
        by: erasure.by,
        waiting: erasure.waiting.into_iter().map(erasure_desk).collect(),
    }
}

fn erasure_desk(desk: ErasureDesk) -> ErasureDeskView {
    ErasureDeskView {
        id: desk.desk.to_string(),
        name: desk.name,
        agent_name: desk.agent_name,
        seen_ms: desk.seen_at_ms.map(Ms),
        connected: desk.connected,
        cut_off: desk.is_revoked,
    }
}

/// That this desk was cut off, for the page.
pub(super) fn cut_off(cut_off: CutOff) -> CutOffView {
    let told = words(cut_off.words());
    CutOffView {
        workspace: cut_off.workspace,
        agent_name: cut_off.agent_name,
        relay_address: cut_off.relay,
        stage: match cut_off.stage {
            CutOffStage::Removing => CutOffStageView::Removing,
            CutOffStage::Removed => CutOffStageView::Removed,
            CutOffStage::Told => CutOffStageView::Told,
        },
        drafts: Count(cut_off.drafts),
        replies: Count(cut_off.replies),
        words: told,
    }
}

fn open_invite(invite: &OpenInvite, facts: &PeopleFacts) -> OpenInviteView {
    OpenInviteView {
        id: invite.invite.to_string(),
        name: invite.name.clone(),
        another_desk: invite.agent.is_some(),
        roles: roles(&invite.roles),
        made_by: invite.made_by.map(|agent| facts.called(agent).unwrap_or("A colleague").to_owned()),
        made_ms: invite.made_at_ms.map(Ms),
        expires_ms: Ms(invite.expires_at_ms),
    }
}

fn invite_line(line: InviteLine) -> InviteLineView {
    InviteLineView {
        line: line_number(line.line),
        name: line.name,
        roles: roles(&line.roles),
        expires_days: u32::try_from(line.valid_ms / DAY_MS).unwrap_or(0),
        has_namesake: line.has_namesake,
    }
}

fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn roles(roles: &[RoleOn]) -> Vec<PersonRole> {
    roles.iter().map(|on| PersonRole { account: on.account.to_string(), role: role(on.role) }).collect()
}

fn role_on(on: &PersonRole) -> RoleOn {
    RoleOn { account: AccountId::from(on.account.as_str()), role: role_of(on.role) }
}

fn role_of(role: RoleView) -> Role {
    match role {
        RoleView::Agent => Role::Agent,
        RoleView::Supervisor => Role::Supervisor,
        RoleView::Admin => Role::Admin,
    }
}

fn agent(text: &str) -> Answer<AgentId> {
    text.parse().map_err(|_| errors::unreadable("the name of a person"))
}
