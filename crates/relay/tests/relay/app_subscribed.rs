//! What Meta sends our app at all: asked with the app's own token once an account is connected, told as a fact of its log
//! when it is news, asked again after a day, and sooner while something is missing.

use baton_messenger::limits::{INSTAGRAM_FIELDS, PAGE_FIELDS};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, Entry, Platform};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::meta_stub::TEA_INSTAGRAM;
use crate::stage::{APP, Desk, SECRET, Stage, TEA, connect, until};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

/// What Meta answers from now on, of each object its fields; with another token it answers nothing.
async fn meta_sends(meta: &MockServer, objects: &[(&str, &[&str])]) {
    let subscription = |(object, fields): &(&str, &[&str])| {
        let fields: Vec<Value> =
            fields.iter().map(|name| json!({"name": name, "version": "v26.0"})).collect();
        json!({"object": object, "callback_url": "https://relay.example.invalid/webhook", "active": true,
            "fields": fields})
    };
    let data: Vec<Value> = objects.iter().map(subscription).collect();
    answers(meta, &ResponseTemplate::new(200).set_body_json(json!({ "data": data }))).await;
}

async fn answers(meta: &MockServer, answer: &ResponseTemplate) {
    meta.reset().await;
    Mock::given(method("GET"))
        .and(path(format!("/v26.0/{APP}/subscriptions")))
        .and(header("authorization", format!("Bearer {APP}|{SECRET}").as_str()))
        .respond_with(answer.clone())
        .mount(meta)
        .await;
}

/// How often Meta was asked since it answers like this.
async fn asked(meta: &MockServer) -> usize {
    let got = meta.received_requests().await.unwrap_or_default();
    got.iter().filter(|request| request.url.path().ends_with("/subscriptions")).count()
}

async fn stage_with(meta: &MockServer) -> Stage {
    Stage::with(|config| config.graph_url = meta.uri()).await
}

async fn desk_on_instagram(stage: &Stage) -> Desk {
    let desk = stage.desk_of("Ines", &[(TEA_INSTAGRAM, Platform::Instagram, Role::Agent)]).await;
    connects_instagram(&desk).await;
    desk
}

async fn connects_instagram(desk: &Desk) {
    let Command::ConnectAccount { name, app, routing, fields, .. } = connect(TEA_INSTAGRAM, "kettlecorner")
    else {
        panic!("it connects nothing")
    };
    let (platform, page) = (Platform::Instagram, AccountId::from(TEA));
    desk.do_it(TEA_INSTAGRAM, Command::ConnectAccount { platform, name, page, app, routing, fields }).await;
}

/// What the log says of it, oldest first.
async fn told(desk: &Desk, account: &str) -> Vec<(bool, Vec<String>)> {
    let said = |entry: &Entry| match TeamFact::from_body(&entry.body) {
        Ok(TeamFact::AppSubscribed { subscribed, fields }) => Some((subscribed, fields)),
        _ => None,
    };
    desk.entries(account).await.iter().filter_map(said).collect()
}

async fn is_told(desk: &Desk, account: &str, times: usize) -> (bool, Vec<String>) {
    until("the fact in the log", async || told(desk, account).await.len() >= times).await;
    let mut told = told(desk, account).await;
    assert_eq!(told.len(), times, "{told:?}");
    told.remove(times - 1)
}

fn sorted(fields: &[&str]) -> Vec<String> {
    let mut fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    fields.sort_unstable();
    fields
}

#[tokio::test]
async fn what_meta_sends_of_instagram_stands_in_the_log_and_changes_with_it() {
    let meta = MockServer::start().await;
    meta_sends(&meta, &[("page", PAGE_FIELDS), ("instagram", INSTAGRAM_FIELDS)]).await;
    let stage = stage_with(&meta).await;
    let ines = desk_on_instagram(&stage).await;
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 1).await, (true, sorted(INSTAGRAM_FIELDS)));

    // Fields that nobody needs are no news; and all is well, so that Meta is asked once a day.
    let more = [INSTAGRAM_FIELDS, &["comments"]].concat();
    meta_sends(&meta, &[("instagram", &more)]).await;
    stage.clock.advance_ms(DAY_MS);
    until("Meta to be asked after a day", async || asked(&meta).await == 1).await;

    meta_sends(&meta, &[("instagram", &["messages"])]).await;
    stage.clock.advance_ms(DAY_MS);
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 2).await, (true, sorted(&["messages"])));

    // Something is missing: Meta is asked again soon.
    meta_sends(&meta, &[("page", PAGE_FIELDS)]).await;
    stage.clock.advance_ms(10 * MINUTE_MS);
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 3).await, (false, Vec::new()));
    meta_sends(&meta, &[("instagram", INSTAGRAM_FIELDS)]).await;
    stage.clock.advance_ms(10 * MINUTE_MS);
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 4).await, (true, sorted(INSTAGRAM_FIELDS)));
}

#[tokio::test]
async fn of_a_page_it_is_told_only_when_something_is_missing_or_comes_back() {
    let meta = MockServer::start().await;
    meta_sends(&meta, &[("page", PAGE_FIELDS)]).await;
    let stage = stage_with(&meta).await;
    let ines = stage.desk_on_tea("Ines").await;
    until("Meta to be asked", async || asked(&meta).await == 1).await;

    meta_sends(&meta, &[("page", &["messages", "standby"])]).await;
    stage.clock.advance_ms(DAY_MS);
    assert_eq!(is_told(&ines, TEA, 1).await, (true, sorted(&["messages", "standby"])));
    meta_sends(&meta, &[("page", PAGE_FIELDS)]).await;
    stage.clock.advance_ms(10 * MINUTE_MS);
    assert_eq!(is_told(&ines, TEA, 2).await, (true, sorted(PAGE_FIELDS)));
}

#[tokio::test]
async fn a_relay_that_starts_again_asks_and_tells_no_old_news() {
    let meta = MockServer::start().await;
    meta_sends(&meta, &[("instagram", &["messages"])]).await;
    let mut stage = stage_with(&meta).await;
    let ines = desk_on_instagram(&stage).await;
    is_told(&ines, TEA_INSTAGRAM, 1).await;

    meta_sends(&meta, &[("instagram", &["messages"])]).await;
    stage.restart_with(|config| config.graph_url = meta.uri()).await;
    until("Meta to be asked", async || asked(&meta).await == 1).await;
    meta_sends(&meta, &[("instagram", INSTAGRAM_FIELDS)]).await;
    stage.clock.advance_ms(10 * MINUTE_MS);
    let ines = ines.at(&stage);
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 2).await, (true, sorted(INSTAGRAM_FIELDS)));
}

#[tokio::test]
async fn a_meta_that_does_not_answer_is_asked_again_and_nothing_is_told_meanwhile() {
    let meta = MockServer::start().await;
    let refusal = json!({"error": {"message": "(#190) No.", "type": "OAuthException", "code": 190}});
    answers(&meta, &ResponseTemplate::new(400).set_body_json(refusal)).await;
    let stage = stage_with(&meta).await;
    let ines = desk_on_instagram(&stage).await;
    until("Meta to be asked", async || asked(&meta).await == 1).await;
    assert_eq!(told(&ines, TEA_INSTAGRAM).await, Vec::new());

    meta_sends(&meta, &[("instagram", INSTAGRAM_FIELDS)]).await;
    stage.clock.advance_ms(10 * MINUTE_MS);
    assert_eq!(is_told(&ines, TEA_INSTAGRAM, 1).await, (true, sorted(INSTAGRAM_FIELDS)));
}

#[tokio::test]
async fn an_account_that_is_connected_later_hears_of_it_too() {
    let meta = MockServer::start().await;
    meta_sends(&meta, &[("page", PAGE_FIELDS), ("instagram", INSTAGRAM_FIELDS)]).await;
    let stage = stage_with(&meta).await;
    let _jonas = stage.desk_on_tea("Jonas").await;
    until("Meta to be asked", async || asked(&meta).await == 1).await;
    let ines = desk_on_instagram(&stage).await;
    is_told(&ines, TEA_INSTAGRAM, 1).await;

    // One that was removed and connected anew needs no second word of it.
    let admin = stage.desk_of("Ada", &[(TEA_INSTAGRAM, Platform::Instagram, Role::Admin)]).await;
    let before = asked(&meta).await;
    admin.do_it(TEA_INSTAGRAM, Command::RemoveAccount).await;
    let admin = stage.desk_of("Ada", &[(TEA_INSTAGRAM, Platform::Instagram, Role::Admin)]).await;
    connects_instagram(&admin).await;
    stage.clock.advance_ms(DAY_MS);
    until("Meta to be asked anew", async || asked(&meta).await > before).await;
    assert_eq!(told(&admin, TEA_INSTAGRAM).await.len(), 1);
}
