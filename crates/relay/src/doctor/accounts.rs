//! Each account: what desks last confirmed, and with a Page token at hand what Meta says now. The relay itself has no Page
//! token, and Meta tells a Page's subscription to nobody else (docs/meta.md 2.5).

use baton_graph::{Credentials, GraphClient};
use baton_messenger::id::{AccountId, Platform};
use baton_messenger::limits::{PAGE_FIELDS, PAGE_FIELDS_NEEDED};
use secrecy::SecretString;

use super::{Finding, NotRead, Patient};
use crate::people::AccountLine;

pub(super) async fn examine(patient: &Patient) -> Vec<Finding> {
    let mut findings = match &patient.accounts {
        Ok(accounts) if accounts.is_empty() => vec![Finding::note(
            "accounts",
            "Nobody was invited to an account yet.",
            "Make an invite with `baton-relay invite`.",
        )],
        Ok(accounts) => accounts.iter().map(as_desks_say).collect(),
        Err(NotRead::NoDatabase) => vec![no_database(patient)],
        Err(NotRead::Failed(why)) => vec![Finding::wrong(
            "accounts",
            format!("The accounts cannot be read: {why}."),
            "Check `database`, and who may read the file.",
        )],
    };
    for token in &patient.page_tokens {
        findings.push(as_meta_says(patient, token).await);
    }
    findings
}

fn no_database(patient: &Patient) -> Finding {
    Finding::note(
        "accounts",
        format!(
            "There is no database at {} yet, and this look made none.",
            patient.config.database.display()
        ),
        "The relay makes it, as its own user, when it starts. If it has run, check `database`.",
    )
}

fn as_desks_say(account: &AccountLine) -> Finding {
    let check = format!("account {} ({})", account.account, account.platform);
    if !account.connected {
        return Finding::note(
            check,
            "No desk has connected it; its webhooks wait in quarantine.",
            "Connect it at a desk that was invited to it.",
        );
    }
    if account.token_alive == Some(false) {
        return Finding::wrong(
            check,
            "Meta refuses its Page token. Webhooks still come; nobody can answer.",
            "Have an admin connect it again at a desk: that heals all desks.",
        );
    }
    let mend = "Connect it again at a desk, or run `baton-relay subscribe --page-token-file`.";
    // An Instagram account's events come by the app's own subscription; its Page must be subscribed to anything at all.
    if account.platform == Platform::Instagram && account.fields.is_empty() {
        return Finding::wrong(check, "When it was connected its Page was not subscribed to the app.", mend);
    }
    let missing: Vec<&str> = needed(account.platform)
        .iter()
        .copied()
        .filter(|field| !account.fields.iter().any(|has| has == field))
        .collect();
    if !missing.is_empty() {
        return Finding::wrong(
            check,
            format!("When it was connected Meta did not confirm these fields: {}.", missing.join(", ")),
            mend,
        );
    }
    Finding::good(
        check,
        format!(
            "Connected as {}, routing {}; {} fields confirmed.",
            account.name,
            account.routing,
            account.fields.len()
        ),
    )
}

/// Whose token it is, and what that Page is subscribed to now.
async fn as_meta_says(patient: &Patient, token: &SecretString) -> Finding {
    const CHECK: &str = "Page token at hand";
    let graph = match patient.graph() {
        Ok(graph) => graph,
        Err(error) => return Finding::wrong(CHECK, format!("{error}."), "Correct `graph_url`."),
    };
    match page_of(patient, &graph, token).await {
        Ok(page) => subscribed(patient, &graph, token, &page).await,
        Err(why) => Finding::wrong(CHECK, why, "Make a Page token with the relay's own app."),
    }
}

/// The Page behind a token of our app.
pub(super) async fn page_of(
    patient: &Patient,
    graph: &GraphClient,
    token: &SecretString,
) -> Result<AccountId, String> {
    let app = patient.app();
    let facts = graph.debug_token(&app.credentials(), token).await.map_err(|error| format!("{error}."))?;
    if !facts.is_valid {
        return Err("Meta no longer accepts it.".to_owned());
    }
    if facts.app_id.as_ref() != Some(&app.app) {
        return Err("It was made with another Meta app.".to_owned());
    }
    facts.account.ok_or_else(|| "It is not the token of a Page.".to_owned())
}

/// What a Page is subscribed to, as Meta tells it.
pub(super) async fn subscribed(
    patient: &Patient,
    graph: &GraphClient,
    token: &SecretString,
    page: &AccountId,
) -> Finding {
    const DO: &str = "Run `baton-relay subscribe --page-token-file` with this token.";
    let check = format!("Page {page} at Meta");
    let app = patient.app();
    let credentials: Credentials = app.credentials_of(token);
    let apps = match graph.subscribed_apps(&credentials, page).await {
        Ok(apps) => apps,
        Err(error) => {
            return Finding::wrong(
                check,
                format!("Meta does not tell its subscription: {error}."),
                "Try again.",
            );
        }
    };
    let Some(ours) = apps.data.iter().find(|each| each.id == app.app) else {
        return Finding::wrong(check, "It is not subscribed to the app: no webhook comes.", DO);
    };
    let missing = ours.missing(PAGE_FIELDS);
    if missing.is_empty() {
        return Finding::good(check, format!("Subscribed to the app with all {} fields.", PAGE_FIELDS.len()));
    }
    if is_for_instagram_alone(patient, page) {
        return Finding::good(check, "Subscribed to the app, as its Instagram account needs.");
    }
    let what = format!("These fields are missing: {}.", missing.join(", "));
    if ours.missing(PAGE_FIELDS_NEEDED).is_empty() {
        return Finding::note(
            check,
            what,
            "An inbox can do without them. `baton-relay subscribe` asks for them.",
        );
    }
    Finding::wrong(check, what, DO)
}

/// The fields of a Page's subscription without which an account of this platform would miss something.
fn needed(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Messenger => PAGE_FIELDS_NEEDED,
        Platform::Instagram => &[],
    }
}

/// True for a Page whose Instagram account is served and whose own customers are not: of these nothing is to be sent.
pub(super) fn is_for_instagram_alone(patient: &Patient, page: &AccountId) -> bool {
    let known = patient.accounts.as_deref().unwrap_or_default();
    let is_served = |account: &AccountLine| account.connected && account.page == *page;
    known.iter().any(is_served) && !known.iter().any(|account| is_served(account) && is_page(account))
}

/// True for accounts that have a Page of their own.
pub(super) fn is_page(account: &AccountLine) -> bool {
    account.platform == Platform::Messenger
}
