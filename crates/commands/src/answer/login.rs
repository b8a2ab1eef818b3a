//! Logging in with Meta. The address of the dialog goes to the browser, and to the page only where there is none or where the
//! person asks for it.

use baton_core::login::{Granted, LoginFacts};
use baton_protocol::AccountId;
use baton_protocol::login::LoginFailure;
use secrecy::{ExposeSecret, SecretString};

use super::outside::web_address;
use super::session::{channel, display_name, words};
use super::{Answer, Answering, errors};
use crate::contract::Ms;
use crate::contract::login::{BeginLogin, ConnectGranted, GrantedView, LoginFailureView, LoginView};

impl Answering {
    pub(crate) async fn begin_login(&self, asked: BeginLogin) -> Answer<LoginView> {
        let address = self.desk().begin_login(asked.ask_again).await.map_err(errors::of_desk)?;
        self.open_dialog(&address);
        self.login(()).await
    }

    pub(crate) async fn open_login_again(&self, (): ()) -> Answer<LoginView> {
        if let Some(address) = self.desk().login_address() {
            self.open_dialog(&address);
        }
        self.login(()).await
    }

    pub(crate) async fn show_login_address(&self, (): ()) -> Answer<LoginView> {
        self.desk().show_login_address();
        self.login(()).await
    }

    pub(crate) async fn login(&self, (): ()) -> Answer<LoginView> {
        Ok(view(self.desk().login().await.map_err(errors::of_desk)?))
    }

    pub(crate) async fn connect_granted(&self, asked: ConnectGranted) -> Answer<LoginView> {
        let accounts: Vec<AccountId> = asked.accounts.into_iter().map(AccountId::from).collect();
        self.desk().connect_granted(&accounts).await.map_err(errors::of_desk)?;
        self.login(()).await
    }

    pub(crate) async fn cancel_login(&self, (): ()) -> Answer<()> {
        self.desk().cancel_login();
        Ok(())
    }

    /// The relay names the address, and nothing but the web is opened for it.
    fn open_dialog(&self, address: &SecretString) {
        let opened =
            web_address(address.expose_secret()).is_some_and(|url| self.outside().open(url.as_str()).is_ok());
        self.desk().login_browser(opened);
    }
}

fn view(facts: LoginFacts) -> LoginView {
    match facts {
        LoginFacts::None => LoginView::None,
        LoginFacts::Waiting { until_ms, is_browser_open, to_copy } => LoginView::Waiting {
            until_ms: Ms(until_ms),
            browser_opened: is_browser_open,
            link: to_copy.and_then(|address| web_address(address.expose_secret())).map(Into::into),
        },
        LoginFacts::Choosing { granted, not_chosen } => LoginView::Choosing {
            granted: granted.into_iter().map(granted_view).collect(),
            not_chosen: not_chosen.iter().map(display_name).collect(),
        },
        LoginFacts::Failed { reason, words: told } => {
            LoginView::Failed { reason: failure(reason), words: words(told) }
        }
    }
}

fn granted_view(granted: Granted) -> GrantedView {
    GrantedView {
        id: granted.account.to_string(),
        name: granted.name,
        channel: channel(granted.platform),
        may_connect: granted.may_connect,
        connected: granted.is_connected,
        why_not: granted.why_not.map(words),
    }
}

fn failure(reason: LoginFailure) -> LoginFailureView {
    match reason {
        LoginFailure::Denied => LoginFailureView::Denied,
        LoginFailure::NoPages => LoginFailureView::NoPages,
        LoginFailure::Expired => LoginFailureView::Expired,
        LoginFailure::MetaAway => LoginFailureView::MetaAway,
        LoginFailure::Refused | LoginFailure::Internal | LoginFailure::Unknown => LoginFailureView::Other,
    }
}
