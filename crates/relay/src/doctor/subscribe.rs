//! Subscribing: the app to the events of its platforms, and Pages whose tokens are at hand to the app. Each is read back.

use baton_messenger::limits::{FIELDS_FOR_INSTAGRAM, PAGE_FIELDS};
use secrecy::SecretString;

use super::{Finding, Patient, accounts, meta};
use crate::app_webhooks::wanted;

/// Subscribes, and tells what Meta says afterwards. Doing it again changes nothing.
pub async fn subscribe(patient: &Patient) -> Vec<Finding> {
    let graph = match patient.graph() {
        Ok(graph) => graph,
        Err(error) => return vec![Finding::wrong("Graph", format!("{error}."), "Correct `graph_url`.")],
    };
    let mut findings = Vec::new();
    for platform in patient.platforms() {
        let done = graph
            .subscribe_app(
                &patient.app(),
                platform,
                &patient.callback_url(),
                &patient.config.verify_token,
                wanted(platform),
            )
            .await;
        findings.push(match done {
            Ok(_) => meta::subscription(patient, &graph, platform).await,
            Err(error) => Finding::wrong(
                format!("app webhooks of object {}", platform.object()),
                format!("Meta does not subscribe the app: {error}."),
                "Meta calls the relay before it says yes: run `baton-relay doctor` and mend the public address first.",
            ),
        });
    }
    for token in &patient.page_tokens {
        findings.push(page(patient, &graph, token).await);
    }
    findings.extend(left_to_desks(patient));
    findings
}

async fn page(patient: &Patient, graph: &baton_graph::GraphClient, token: &SecretString) -> Finding {
    const CHECK: &str = "Page token at hand";
    let page = match accounts::page_of(patient, graph, token).await {
        Ok(page) => page,
        Err(why) => return Finding::wrong(CHECK, why, "Make a Page token with the relay's own app."),
    };
    let fields =
        if accounts::is_for_instagram_alone(patient, &page) { FIELDS_FOR_INSTAGRAM } else { PAGE_FIELDS };
    match graph.subscribe_page(&patient.app().credentials_of(token), &page, fields).await {
        Ok(_) => accounts::subscribed(patient, graph, token, &page).await,
        Err(error) => Finding::wrong(
            format!("Page {page} at Meta"),
            format!("Meta does not subscribe it: {error}."),
            "The person behind the token needs the task MODERATE on the Page, and the app the right pages_manage_metadata.",
        ),
    }
}

/// Pages are subscribed by the desks that connect them; the relay has no token for that.
fn left_to_desks(patient: &Patient) -> Option<Finding> {
    let known = patient.accounts.as_deref().unwrap_or_default();
    let waiting: Vec<&str> = known
        .iter()
        .filter(|account| accounts::is_page(account) && !account.connected)
        .map(|account| account.account.as_str())
        .collect();
    (!waiting.is_empty() && patient.page_tokens.is_empty()).then(|| {
        Finding::note(
            "Pages",
            format!("Not connected yet: {}.", waiting.join(", ")),
            "The desk that connects a Page subscribes it. To do it here, show its token with --page-token-file.",
        )
    })
}
