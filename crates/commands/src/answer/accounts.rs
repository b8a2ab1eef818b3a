//! Accounts: how they are, checking them, removing them.

use baton_core::desk::{AccountStanding, FactKind, FactState, HealthFact, MetaAfter};
use baton_core::store::KnownAppRow;
use baton_messenger::id::{AppId, is_meta_inbox};
use baton_protocol::AccountId;

use super::session::{name_of, words};
use super::{Answer, Answering, errors};
use crate::contract::account::{
    AccountFact, AccountFactKind, AccountFactState, AccountName, CountAnswers, EvidenceFile, KnownAppView,
    RemovalView, RemovedView, RenameApp,
};
use crate::contract::session::Session;
use crate::contract::{Count, Ms, Words};

impl Answering {
    pub(crate) async fn check_account(&self, name: AccountName) -> Answer<Session> {
        self.desk().check_account(&id(&name)).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn subscribe_again(&self, name: AccountName) -> Answer<Session> {
        self.desk().subscribe_again(&id(&name)).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn rename_app(&self, asked: RenameApp) -> Answer<Session> {
        let (account, app) = (AccountId::from(asked.account.as_str()), AppId::from(asked.app.as_str()));
        self.desk().rename_app(&account, app, &asked.name).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn count_answers(&self, asked: CountAnswers) -> Answer<Session> {
        let (account, app) = (AccountId::from(asked.account.as_str()), AppId::from(asked.app.as_str()));
        self.desk().count_answers(&account, app, asked.on).await.map_err(errors::of_desk)?;
        self.session(()).await
    }

    pub(crate) async fn removal(&self, name: AccountName) -> Answer<RemovalView> {
        let lost = self.desk().removal(&id(&name)).await.map_err(errors::of_desk)?;
        Ok(RemovalView {
            threads: Count(lost.threads),
            replies_waiting: Count(lost.waiting_parts),
            drafts: Count(lost.drafts),
        })
    }

    pub(crate) async fn remove_account(&self, name: AccountName) -> Answer<RemovedView> {
        let meta = self.desk().remove_account(&id(&name)).await.map_err(errors::of_desk)?;
        Ok(RemovedView { words: after_removal(meta) })
    }
}

impl Answering {
    pub(crate) async fn export_evidence(&self, of: AccountName) -> Answer<EvidenceFile> {
        let account = id(&of);
        let session = self.desk().session().await.map_err(errors::of_desk)?;
        let standing = session.accounts.iter().find(|standing| standing.access.account == account);
        let called = standing.map(name_of).unwrap_or_default();
        let name = format!("late-replies-{}.csv", plain(&called));
        let place = self.outside().place_to_save(&name).await.map_err(|_| errors::not_opened())?;
        let Some(place) = place else {
            return Ok(EvidenceFile { name: None, rows: Count(0), lacks: Count(0) });
        };
        let written = self.desk().export_evidence(&account, &place).await.map_err(errors::of_desk)?;
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
        let (rows, lacks) = (Count(written.rows), Count(written.lacks));
        Ok(EvidenceFile { name: Some(name.unwrap_or_default()), rows, lacks })
    }
}

/// A name as part of a file's name on every system.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' });
    let joined: String = letters.take(60).collect();
    joined.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn id(name: &AccountName) -> AccountId {
    AccountId::from(name.account.as_str())
}

/// What is left to do at Meta.
fn after_removal(meta: MetaAfter) -> Words {
    match meta {
        MetaAfter::Silent => Words::default(),
        MetaAfter::SharedPage => Words {
            what: "Meta goes on sending what happens on Instagram for as long as the linked Page is connected; the relay puts it \
                   aside, and nobody reads it."
                .to_owned(),
            action: "To end that too, unlink the account from the Page in Meta's settings.".to_owned(),
        },
        MetaAfter::StillSends => Words {
            what: "Meta could not be told, so it goes on sending to the relay, which puts it aside."
                .to_owned(),
            action: "Remove the app from the Page in Meta's settings.".to_owned(),
        },
    }
}

/// The other apps of an account, those with a name first, by name. Meta's own inboxes have their names.
pub(crate) fn apps(known: Vec<KnownAppRow>, our_app: Option<&AppId>) -> Vec<KnownAppView> {
    let others = known.into_iter().filter(|row| Some(&row.app) != our_app && !is_meta_inbox(&row.app));
    let view = |row: KnownAppRow| KnownAppView {
        app: row.app.to_string(),
        name: row.name,
        answers_count: row.answers_count,
    };
    let mut views: Vec<KnownAppView> = others.map(view).collect();
    views
        .sort_by_cached_key(|view| (view.name.is_none(), view.name.as_ref().map(|name| name.to_lowercase())));
    views
}

/// How an account is, for the page.
pub(crate) fn health(of: &AccountStanding, default_app: Option<&str>, now_ms: i64) -> Vec<AccountFact> {
    of.health(default_app, now_ms).into_iter().map(fact).collect()
}

fn fact(fact: HealthFact) -> AccountFact {
    AccountFact {
        kind: kind(fact.kind),
        state: state(fact.state),
        value: fact.value,
        words: words(fact.words),
        at_ms: fact.at_ms.map(Ms),
    }
}

fn kind(kind: FactKind) -> AccountFactKind {
    match kind {
        FactKind::Connection => AccountFactKind::Connection,
        FactKind::Token => AccountFactKind::Token,
        FactKind::TokenRights => AccountFactKind::TokenRights,
        FactKind::TokenEnd => AccountFactKind::TokenEnd,
        FactKind::Subscription => AccountFactKind::Subscription,
        FactKind::AppSubscription => AccountFactKind::AppSubscription,
        FactKind::LastWebhook => AccountFactKind::LastWebhook,
        FactKind::Policy => AccountFactKind::Policy,
        FactKind::Routing => AccountFactKind::Routing,
        FactKind::DefaultApp => AccountFactKind::DefaultApp,
        FactKind::HumanAgent => AccountFactKind::HumanAgent,
        FactKind::Names => AccountFactKind::Names,
        FactKind::Missed => AccountFactKind::Missed,
    }
}

fn state(state: FactState) -> AccountFactState {
    match state {
        FactState::Good => AccountFactState::Good,
        FactState::Note => AccountFactState::Note,
        FactState::Warning => AccountFactState::Warning,
        FactState::Bad => AccountFactState::Bad,
    }
}
