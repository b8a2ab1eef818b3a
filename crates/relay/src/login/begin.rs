//! A desk begins: a state, and the address of Meta's dialog.

use baton_graph::DEFAULT_VERSION;
use baton_messenger::id::Platform;
use baton_protocol::LoginId;
use baton_protocol::login::{LOGIN_LIFE_MS, LoginBegun, LoginRequest};
use secrecy::ExposeSecret;
use url::Url;

use crate::log::LogError;
use crate::log::tokens::NewLogin;
use crate::people::DeskAccess;
use crate::secret::{self, NoRandomness};
use crate::state::Shared;

/// Rights that Messenger needs (docs/meta.md 1.6).
const MESSENGER: &[&str] = &[
    "pages_show_list",
    "pages_messaging",
    "pages_manage_metadata",
    "pages_read_engagement",
    "business_management",
];
/// What Instagram through a Page needs besides (docs/meta.md 1.6).
const INSTAGRAM: &[&str] = &["instagram_basic", "instagram_manage_messages"];

/// Why no login can begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotBegin {
    #[error("the relay does not know at which address Meta reaches it")]
    NoPublicUrl,
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error("the dialog's address is not a web address")]
    DialogUrl,
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Begins a login for this desk.
pub(crate) async fn begin(
    shared: &Shared,
    desk: &DeskAccess,
    request: &LoginRequest,
) -> Result<LoginBegun, CannotBegin> {
    let return_url = shared.login.return_url.as_deref().ok_or(CannotBegin::NoPublicUrl)?;
    let state = secret::fresh("login_")?;
    let login = LoginId::new();
    let expires_at_ms = shared.clock.wall_ms() + LOGIN_LIFE_MS;
    let new = NewLogin { login, desk: desk.desk, state: secret::hash(&state), ends_at_ms: expires_at_ms };
    shared.log.begin_login(new).await?;
    let mut url = dialog(&shared.login.dialog_url)?;
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", shared.app.as_str())
            .append_pair("redirect_uri", return_url)
            .append_pair("state", state.expose_secret())
            .append_pair("response_type", "code");
        match &shared.login.config_id {
            Some(config) => query.append_pair("config_id", config),
            None => query.append_pair("scope", &rights(desk).join(",")),
        };
        if request.ask_again {
            query.append_pair("auth_type", "rerequest");
        }
    }
    Ok(LoginBegun { login, url: url.into(), expires_at_ms })
}

/// Only the rights that the desk's accounts need: Meta refuses a dialog that asks for more than the app may.
fn rights(desk: &DeskAccess) -> Vec<&'static str> {
    let has_instagram = desk.accounts.iter().any(|on| on.platform == Platform::Instagram);
    let instagram = if has_instagram { INSTAGRAM } else { &[] };
    MESSENGER.iter().chain(instagram).copied().collect()
}

fn dialog(base: &str) -> Result<Url, CannotBegin> {
    let mut url = Url::parse(base).map_err(|_| CannotBegin::DialogUrl)?;
    url.path_segments_mut().map_err(|()| CannotBegin::DialogUrl)?.pop_if_empty().extend([
        DEFAULT_VERSION,
        "dialog",
        "oauth",
    ]);
    Ok(url)
}
