//! The contract is whole: whatever the desk or the relay asks of Graph has a row.

use std::collections::BTreeSet;

use super::answers;
use crate::sources;

/// Each call as the client of Graph names it, and its rows.
const ROWS_OF: &[(&str, &[&str])] = &[
    ("accounts", &["GET /me/accounts"]),
    ("app", &["GET /{app}?fields=id"]),
    ("app_subscriptions", &["GET /{app}/subscriptions"]),
    (
        "conversation_with",
        &[
            "GET /{page}/conversations?user_id=",
            "GET /{page}/conversations?user_id= of nobody",
            "GET /{page}/conversations?user_id=&fields=messages{…}",
            "GET /{page}/conversations?user_id=&fields=is_owner",
        ],
    ),
    (
        "conversations",
        &[
            "GET /{page}/conversations?platform=messenger",
            "GET /{page}/conversations?platform=instagram",
            "GET /{page}/conversations?after=",
        ],
    ),
    ("debug_token", &["GET /debug_token"]),
    ("exchange_code", &["GET /oauth/access_token?code="]),
    ("feature_status", &["GET /me?fields=messaging_feature_status"]),
    ("linked_instagram", &["GET /me?fields=id,name,instagram_business_account{…}"]),
    ("long_lived", &["GET /oauth/access_token?grant_type=fb_exchange_token"]),
    ("me", &["GET /me?fields=id,name"]),
    ("message", &["GET /{mid}", "GET /{mid} on Instagram"]),
    ("messages", &["GET /{conversation}/messages"]),
    ("moderate", &["POST /{page}/moderate_conversations"]),
    ("profile", &["GET /{psid}", "GET /{igsid}"]),
    ("secondary_receivers", &["GET /me/secondary_receivers"]),
    ("send", &["POST /{page}/messages"]),
    // A file in the call changes the request, not the answer.
    ("send_file", &["POST /{page}/messages"]),
    ("sender_action", &["POST /{page}/messages with a sender action"]),
    ("subscribe_app", &["POST /{app}/subscriptions"]),
    ("subscribe_page", &["POST /{page}/subscribed_apps"]),
    ("subscribed_apps", &["GET /{page}/subscribed_apps"]),
    ("thread_owner", &["GET /{page}/thread_owner"]),
    ("unsubscribe_page", &["DELETE /{page}/subscribed_apps"]),
    ("upload", &["POST /{page}/message_attachments"]),
];

/// Calls that are named by what they say, and their rows.
const NAMED_ELSEWHERE: &[(&str, &[&str])] = &[(
    "body.call().edge()",
    &[
        "POST /{page}/pass_thread_control",
        "POST /{page}/take_thread_control",
        "POST /{page}/release_thread_control",
        "POST /{page}/request_thread_control",
        "POST /{page}/extend_thread_control",
    ],
)];

/// How a call begins in the client's source.
const BEGINNINGS: &[&str] = &[
    "Call::get(",
    "Call::post(",
    "Call::delete(",
    "Call::form(",
    "Call::post_to(",
    "Call::post_file(",
    "token_call(",
];

#[test]
fn every_call_that_the_client_makes_has_a_row() {
    let named: BTreeSet<String> = ROWS_OF.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let elsewhere = NAMED_ELSEWHERE.iter().map(|(name, _)| (*name).to_owned());
    let known: BTreeSet<String> = named.into_iter().chain(elsewhere).collect();
    assert_eq!(made_by_graph(), known);

    let rows = answers::calls();
    let all = ROWS_OF.iter().chain(NAMED_ELSEWHERE).flat_map(|(_, calls)| *calls);
    let without: Vec<&str> = all.copied().filter(|call| !rows.contains(call)).collect();
    assert!(without.is_empty(), "without a row: {without:?}");
}

#[test]
fn a_call_that_is_new_in_the_source_is_found() {
    let source = r#"
        let call = Call::get("brand_new", &["me"]);
        Ok(Self { ..Self::post(name, path) })
        let call = Call::post_to(
            "on_its_own_line", page, "edge", body);
        fn token_call(name: &'static str) -> Call {
            Call::get(name, &["oauth"])
    "#;
    let found: Vec<String> = names_in(source).collect();
    assert_eq!(found, ["\"brand_new\"", "\"on_its_own_line\""]);
}

/// A list of fields that the client of Graph asks for, by the name of its constant.
pub(super) fn asked_by_graph(constant: &str) -> String {
    let beginning = format!("const {constant}: &str =");
    let sources = sources();
    let text = sources.iter().find_map(|source| source.split_once(&beginning)).map(|(_, after)| after);
    let quoted = text.and_then(|after| after.split('"').nth(1)).unwrap_or_else(|| panic!("no {constant}"));
    // A list that is broken over lines goes on where the next line's words begin.
    quoted.split("\\\n").map(str::trim_start).collect()
}

fn made_by_graph() -> BTreeSet<String> {
    sources().iter().flat_map(|source| names_in(source).collect::<Vec<_>>()).collect()
}

/// The names in the order in which a source has them for each beginning.
fn names_in(source: &str) -> impl Iterator<Item = String> {
    BEGINNINGS.iter().flat_map(move |beginning| {
        source.split(beginning).skip(1).filter_map(|after| {
            let name = first_argument(after);
            // Where the ways to make a call are made themselves, the name is still a parameter.
            (name != "name" && !name.starts_with("name:")).then(|| name.to_owned())
        })
    })
}

/// What stands before the first comma.
fn first_argument(after: &str) -> &str {
    after.split(',').next().unwrap_or_default().trim()
}

fn sources() -> Vec<String> {
    sources::in_folder("crates/graph/src").into_iter().map(|(_, text)| text).collect()
}
