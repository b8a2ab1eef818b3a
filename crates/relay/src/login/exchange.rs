//! From the code to the box: the person's token, a long one, the Pages with theirs, sealed.

use std::time::Duration;

use baton_graph::CallError;
use baton_messenger::answer::PageAccount;
use baton_protocol::enrol::AccountRole;
use baton_protocol::login::{GrantedInstagram, GrantedPage, LoginFailure, LoginStanding, LoginTokens};
use baton_protocol::sealed::Sealed;
use baton_protocol::token::PageToken;
use secrecy::SecretString;

use super::page::Page;
use crate::log::tokens::WaitingLogin;
use crate::state::Shared;

/// How long Meta may take for all of it; a person waits in front of a browser.
const DEADLINE: Duration = Duration::from_secs(60);

/// How it ended: for the desk, and for the person.
pub(super) struct Exchanged {
    pub(super) standing: LoginStanding,
    pub(super) page: Page,
}

impl Exchanged {
    pub(super) fn failed(reason: LoginFailure, message: &str, action: &str) -> Self {
        let (message, action) = (message.to_owned(), action.to_owned());
        let page = Page::failed(reason, &message, &action);
        Self { standing: LoginStanding::Failed { reason, message, action }, page }
    }

    fn of_meta(error: &CallError) -> Self {
        tracing::warn!(%error, "Meta did not exchange what a login brought");
        let words = error.agent_words();
        if error.graph_error().is_none() {
            return Self::failed(
                LoginFailure::MetaAway,
                "The relay could not reach Meta.",
                "Begin the login again in a moment.",
            );
        }
        let message = format!("Meta did not hand over the Pages. {}", words.what);
        Self::failed(
            LoginFailure::Refused,
            &message,
            "Begin the login again. When it happens again, ask whoever operates the relay: its log says more.",
        )
    }
}

/// Exchanges the code, and seals what comes of it for the desk that began.
pub(super) async fn exchange(shared: &Shared, login: &WaitingLogin, code: &SecretString) -> Exchanged {
    let pages = match tokio::time::timeout(DEADLINE, pages(shared, code)).await {
        Ok(Ok(pages)) => pages,
        Ok(Err(error)) => return Exchanged::of_meta(&error),
        Err(_) => {
            return Exchanged::failed(
                LoginFailure::MetaAway,
                "Meta did not answer the relay in time.",
                "Begin the login again in a moment.",
            );
        }
    };
    if pages.is_empty() {
        return Exchanged::failed(
            LoginFailure::NoPages,
            "No Page was chosen in Meta's dialog, or this person has none.",
            "Begin the login again and choose the Pages, or let somebody log in who manages them.",
        );
    }
    let pages: Vec<GrantedPage> = pages.into_iter().map(|page| granted(page, &login.accounts)).collect();
    let page = Page::done(login, &pages);
    match Sealed::of(&LoginTokens { login: login.login, pages }, &login.public_key) {
        Ok(sealed) => Exchanged { standing: LoginStanding::Ready { sealed }, page },
        Err(error) => {
            tracing::error!(desk = %login.desk, %error, "tokens could not be sealed for their desk");
            Exchanged::failed(
                LoginFailure::Internal,
                "The relay could not seal the Page tokens for this desk.",
                "Enrol the desk again with a new invite.",
            )
        }
    }
}

/// The Pages of the person, with tokens that have no end of their own: those made from a long token (docs/meta.md 1.3).
async fn pages(shared: &Shared, code: &SecretString) -> Result<Vec<PageAccount>, CallError> {
    let return_url = shared.login.return_url.as_deref().unwrap_or_default();
    let short = shared.graph.exchange_code(&shared.app_secret, return_url, code).await?;
    let long = shared.graph.long_lived(&shared.app_secret, &short.token).await?;
    shared.graph.all_accounts(&shared.app_secret.credentials_of(&long.token)).await
}

/// A Page as its desk gets to know it: with the token only where it serves an account of that desk.
fn granted(mut page: PageAccount, accounts: &[AccountRole]) -> GrantedPage {
    let instagram = page
        .instagram_business_account
        .take()
        .map(|link| GrantedInstagram { account: link.id, username: link.username });
    let own = [Some(&page.id), instagram.as_ref().map(|link| &link.account)];
    let serves: Vec<_> =
        accounts.iter().filter(|on| own.contains(&Some(&on.account))).map(|on| on.account.clone()).collect();
    let token = page.take_token().filter(|_| !serves.is_empty()).map(PageToken::new);
    GrantedPage {
        can_message: page.can_message(),
        can_subscribe: page.can_subscribe(),
        name: page.name.unwrap_or_else(|| page.id.to_string()),
        page: page.id,
        instagram,
        serves,
        token,
    }
}
