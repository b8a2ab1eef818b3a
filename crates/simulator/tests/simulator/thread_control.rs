//! Pass, take, request, release, extend, lapse (docs/meta.md 5).

use baton_simulator::{Arrival, RoutingMode};
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{MARA, START_MS, Stage, code, hours};

const DONE: (i64, i64) = (0, 0);
const BAD: (i64, i64) = (100, 0);
const NO_TAKE: (i64, i64) = (27, 0);

/// Who holds the thread before: nobody, ours, the bot. Who calls what. What comes of it.
#[rstest]
#[case::pass_by_owner("bot", "bot", "pass", json!({"target_app_id": "700100200300400"}), DONE, "ours")]
#[case::pass_to_default("ours", "ours", "pass", json!({}), DONE, "bot")]
#[case::pass_to_inbox("ours", "ours", "pass", json!({"target_app_id": "263902037430900"}), DONE, "inbox")]
#[case::pass_as_number("ours", "ours", "pass", json!({"target_app_id": 700_555_666_777_888_u64}), DONE, "bot")]
#[case::pass_to_itself("ours", "ours", "pass", json!({"target_app_id": "700100200300400"}), BAD, "ours")]
#[case::pass_by_other("bot", "ours", "pass", json!({"target_app_id": "700100200300400"}), BAD, "bot")]
#[case::pass_when_idle("nobody", "ours", "pass", json!({"target_app_id": "700100200300400"}), DONE, "ours")]
#[case::pass_to_unknown("ours", "ours", "pass", json!({"target_app_id": "1"}), BAD, "ours")]
#[case::take_from_bot("bot", "ours", "take", json!({}), DONE, "ours")]
#[case::take_when_idle("nobody", "ours", "take", json!({}), DONE, "ours")]
#[case::take_when_owner("ours", "ours", "take", json!({}), BAD, "ours")]
#[case::take_not_allowed("ours", "bot", "take", json!({}), NO_TAKE, "ours")]
#[case::request_with_routing("bot", "ours", "request", json!({}), BAD, "bot")]
#[case::release_by_owner("ours", "ours", "release", json!({}), DONE, "nobody")]
#[case::release_by_other("bot", "ours", "release", json!({}), BAD, "bot")]
#[case::release_when_idle("nobody", "ours", "release", json!({}), BAD, "nobody")]
#[case::extend_by_owner("ours", "ours", "extend", json!({"duration": 604_800}), DONE, "ours")]
#[case::extend_too_long("ours", "ours", "extend", json!({"duration": 604_801}), BAD, "ours")]
#[case::extend_nothing("ours", "ours", "extend", json!({"duration": 0}), BAD, "ours")]
#[case::extend_by_other("bot", "ours", "extend", json!({"duration": 60}), BAD, "bot")]
#[tokio::test]
async fn with_routing_on(
    #[case] before: &str,
    #[case] caller: &str,
    #[case] call: &str,
    #[case] more: Value,
    #[case] result: (i64, i64),
    #[case] after: &str,
) {
    check(Stage::with_routing().await, before, caller, call, more, result, after).await;
}

#[rstest]
#[case::take("nobody", "ours", "take", json!({}), NO_TAKE, "nobody")]
#[case::take_from_bot("bot", "ours", "take", json!({}), NO_TAKE, "bot")]
#[case::request_when_idle("nobody", "ours", "request", json!({}), DONE, "ours")]
#[case::request_from_bot("bot", "ours", "request", json!({}), DONE, "bot")]
#[case::request_when_owner("ours", "ours", "request", json!({}), BAD, "ours")]
#[case::pass_when_idle("nobody", "ours", "pass", json!({"target_app_id": "700555666777888"}), DONE, "bot")]
#[case::pass_to_itself("nobody", "ours", "pass", json!({"target_app_id": "700100200300400"}), DONE, "ours")]
#[case::pass_without_target("nobody", "ours", "pass", json!({}), BAD, "nobody")]
#[case::pass_by_owner("ours", "ours", "pass", json!({"target_app_id": "263902037430900"}), DONE, "inbox")]
#[case::pass_by_other("bot", "ours", "pass", json!({"target_app_id": "263902037430900"}), BAD, "bot")]
#[case::release_when_idle("nobody", "ours", "release", json!({}), BAD, "nobody")]
#[case::release_by_owner("ours", "ours", "release", json!({}), DONE, "nobody")]
#[case::release_by_other("bot", "ours", "release", json!({}), BAD, "bot")]
#[case::extend_when_idle("nobody", "ours", "extend", json!({"duration": 60}), BAD, "nobody")]
#[case::extend_by_owner("ours", "ours", "extend", json!({"duration": 60}), DONE, "ours")]
#[tokio::test]
async fn with_routing_off(
    #[case] before: &str,
    #[case] caller: &str,
    #[case] call: &str,
    #[case] more: Value,
    #[case] result: (i64, i64),
    #[case] after: &str,
) {
    check(Stage::without_routing().await, before, caller, call, more, result, after).await;
}

const ONLY_PRIMARY: (i64, i64) = (100, 2018171);
const ONLY_SECONDARY: (i64, i64) = (100, 2018234);

/// The old handover protocol: the bot is the primary receiver, ours a secondary one.
#[rstest]
#[case::take_by_secondary("bot", "ours", "take", json!({}), ONLY_PRIMARY, "bot")]
#[case::take_by_primary("ours", "bot", "take", json!({}), DONE, "bot")]
#[case::request_by_secondary("bot", "ours", "request", json!({}), DONE, "bot")]
#[case::request_when_idle("nobody", "ours", "request", json!({}), DONE, "nobody")]
#[case::request_by_primary("ours", "bot", "request", json!({}), ONLY_SECONDARY, "ours")]
#[case::pass_to_primary("ours", "ours", "pass", json!({}), DONE, "bot")]
#[case::pass_to_secondary("bot", "bot", "pass", json!({"target_app_id": "700100200300400"}), DONE, "ours")]
#[case::pass_idle_by_primary("nobody", "bot", "pass", json!({"target_app_id": "700100200300400"}), DONE, "ours")]
#[case::pass_idle_by_other("nobody", "ours", "pass", json!({"target_app_id": "700100200300400"}), BAD, "nobody")]
#[case::pass_to_inbox("ours", "ours", "pass", json!({"target_app_id": "263902037430900"}), DONE, "inbox")]
#[case::pass_without_role("ours", "ours", "pass", json!({"target_app_id": "990000000000001"}), BAD, "ours")]
#[case::release_by_owner("ours", "ours", "release", json!({}), DONE, "nobody")]
#[case::release_by_other("bot", "ours", "release", json!({}), BAD, "bot")]
#[case::extend_by_owner("ours", "ours", "extend", json!({"duration": 3600}), DONE, "ours")]
#[case::extend_by_other("bot", "ours", "extend", json!({"duration": 3600}), BAD, "bot")]
#[tokio::test]
async fn with_roles(
    #[case] before: &str,
    #[case] caller: &str,
    #[case] call: &str,
    #[case] more: Value,
    #[case] result: (i64, i64),
    #[case] after: &str,
) {
    check(roles().await, before, caller, call, more, result, after).await;
}

async fn roles() -> Stage {
    let stage = Stage::without_routing().await;
    let mode = RoutingMode::HopV2 { primary: stage.bot.clone(), secondary: vec![stage.ours.clone()] };
    stage.sim.set_routing(&stage.page, &mode).unwrap();
    stage
}

#[tokio::test]
async fn with_roles_the_primary_receiver_has_what_nobody_owns() {
    let stage = roles().await;
    let events = stage.webhooks(1).await;
    assert_eq!(events[0].1["app_roles"], json!({"700100200300400": ["secondary_receiver"]}));
    assert_eq!(events[0].1.get("sender"), None);
    let (_, status) = stage.get("/me?fields=messaging_feature_status").await;
    assert_eq!(
        status["messaging_feature_status"],
        json!({"hop_v2": true, "msgr_multi_app": false, "ig_multi_app": false})
    );
    stage.mara_writes("Hello");
    assert_eq!(stage.owner(), Some(stage.bot.clone()));
    assert_eq!(code(&stage.send("Hi").await.1), (10, 2018300));
    stage.sim.advance(hours(24));
    assert_eq!(stage.owner(), None);
    let late = stage.late("HUMAN_AGENT");
    assert_eq!(code(&stage.post("/me/messages", &late).await.1), (10, 2018300), "idle is the primary's");
    let bot = stage.sim.token_for(&stage.bot, &stage.page);
    assert_eq!(stage.post_as(&bot, "/me/messages", &late).await.0, 200);
    let asked = "/me/conversations?platform=messenger&fields=is_owner";
    assert_eq!(stage.get(asked).await.1["data"][0].get("is_owner"), None, "that is routing's field");

    let (_, receivers) = stage.get_as(&bot, "/me/secondary_receivers?fields=id,name").await;
    assert_eq!(receivers["data"], json!([{"id": stage.ours, "name": "Baton"}]));
    assert_eq!(code(&stage.get("/me/secondary_receivers").await.1), ONLY_PRIMARY);
}

#[tokio::test]
async fn people_at_the_page_answer_from_metas_inbox_and_the_loser_is_told() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.settled().await;
    let heard = stage.receiver.got().len();
    stage.sim.inbox_answers(&stage.page, &stage.mara, "Ines here", false).unwrap();
    let events = stage.webhooks(heard + 2).await;
    assert_eq!(
        events[heard].1["take_thread_control"],
        json!({"previous_owner_app_id": "700100200300400", "new_owner_app_id": "263902037430900", "metadata": ""})
    );
    let (list, echo) = &events[heard + 1];
    assert_eq!((list.as_str(), &echo["message"]["app_id"]), ("standby", &json!(263_902_037_430_900_u64)));
    assert_eq!(code(&stage.send("Hi").await.1), (10, 2018300));
    stage.sim.inbox_answers(&stage.page, &stage.mara, "Nameless", true).unwrap();
    assert_eq!(stage.webhooks(heard + 3).await[heard + 2].1["message"].get("app_id"), None);

    let off = Stage::without_routing().await;
    off.mara_writes("Hello");
    off.sim.inbox_answers(&off.page, &off.mara, "Ines here", false).unwrap();
    assert_eq!(off.owner(), None, "without routing nobody owns it, and all may answer");
    assert_eq!(off.send("Hi").await.0, 200);
}

#[tokio::test]
async fn the_ai_agent_takes_a_thread_and_only_graph_knows() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.settled().await;
    let heard = stage.receiver.got().len();
    assert!(stage.sim.ai_agent_answers(&stage.page, &stage.mara, "Not mine").is_err());
    stage.sim.ai_agent_takes(&stage.page, &stage.mara).unwrap();
    stage.sim.ai_agent_answers(&stage.page, &stage.mara, "We open at nine.").unwrap();
    let events = stage.webhooks(heard + 2).await;
    let said: Vec<_> = events[heard..].iter().map(|(_, e)| e["message"]["text"].clone()).collect();
    assert_eq!(said, ["Your AI agent will respond.", "We open at nine."], "messages, and no handover");
    assert_eq!(events[heard].1["message"].get("app_id"), None);
    let (_, owned) = stage.get("/me/conversations?platform=messenger&fields=is_owner").await;
    assert_eq!(owned["data"][0]["is_owner"], false);
    assert_eq!(code(&stage.send("Hi").await.1), (10, 2018300));
}

#[tokio::test]
async fn a_campaign_gives_the_thread_to_its_app_for_days() {
    let stage = Stage::with_routing().await;
    let arrival = Arrival::Referral {
        referral: json!({"source": "ADS", "type": "OPEN_THREAD", "ad_id": "66"}),
        to_app: Some(stage.ours.clone()),
        days: Some(7),
    };
    stage.sim.customer_arrives(&stage.page, &stage.mara, &arrival).unwrap();
    assert_eq!(stage.owner(), Some(stage.ours.clone()));
    assert_eq!(stage.send("You saw our ad").await.0, 200, "an ad into the thread opens the window");
    stage.sim.advance(hours(7 * 24 - 1));
    assert_eq!(stage.owner(), Some(stage.ours.clone()));
    stage.sim.advance(hours(1));
    assert_eq!(stage.owner(), None);
}

async fn check(
    stage: Stage,
    before: &str,
    caller: &str,
    call: &str,
    more: Value,
    result: (i64, i64),
    after: &str,
) {
    let app = |name: &str| match name {
        "ours" => Some(stage.ours.clone()),
        "bot" => Some(stage.bot.clone()),
        "inbox" => Some("263902037430900".into()),
        _ => None,
    };
    stage.mara_writes("Hello");
    stage.sim.seize(&stage.page, &stage.mara, app(before).as_ref()).unwrap();
    let (status, body) = stage.control(&app(caller).unwrap(), call, more).await;
    assert_eq!(code(&body), result, "{body}");
    assert_eq!(status == 200, result == DONE);
    if result == DONE {
        assert_eq!(body, json!({"success": true}));
    }
    assert_eq!(stage.owner(), app(after));
}

/// The act that gave control counts 24 hours, as does the customer's last message; the later one decides.
#[tokio::test]
async fn control_lapses_silently_24_hours_after_the_later_of_message_and_act() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.sim.advance(hours(20));
    stage.control(&stage.ours, "take", json!({})).await;
    stage.sim.advance(hours(23));
    assert_eq!(stage.owner(), Some(stage.ours.clone()), "43 h after the message, 23 h after the take");
    stage.mara_writes("Still there?");
    stage.sim.advance(hours(23));
    assert_eq!(stage.owner(), Some(stage.ours.clone()), "46 h after the take, 23 h after the message");
    stage.settled().await;
    let heard = stage.receiver.got().len();
    stage.sim.advance(hours(1));
    assert_eq!(stage.owner(), None);
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), heard, "no event tells of a lapse");
    stage.mara_writes("Hello again");
    assert_eq!(
        stage.owner(),
        Some(stage.bot.clone()),
        "who writes into an idle thread meets the default app"
    );
}

#[tokio::test]
async fn an_extension_sets_its_own_time() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    stage.control(&stage.ours, "extend", json!({"duration": 604_800})).await;
    stage.sim.advance(hours(7 * 24 - 1));
    assert_eq!(stage.owner(), Some(stage.ours.clone()));
    stage.sim.advance(hours(1));
    assert_eq!(stage.owner(), None);
}

#[tokio::test]
async fn thread_owner_has_three_answers() {
    let stage = Stage::with_routing().await;
    let path = format!("/{}/thread_owner?recipient={MARA}", stage.page);
    assert_eq!(stage.get(&path).await, (200, json!({"data": []})), "idle");

    stage.mara_writes("Hello");
    let (_, hidden) = stage.get(&path).await;
    let owner = &hidden["data"][0]["thread_owner"];
    assert_eq!(owner.get("app_id"), None, "the bot owns it, and we are not the default app");
    let expires_s = owner["expiration"].as_i64().unwrap();
    assert!((expires_s - (START_MS / 1000 + 86_400)).abs() < 60, "{expires_s}");

    let bot = stage.sim.token_for(&stage.bot, &stage.page);
    let (_, own) = stage.get_as(&bot, &path).await;
    assert_eq!(own["data"][0]["thread_owner"]["app_id"], 700_555_666_777_888_u64);
    stage.control(&stage.ours, "take", json!({})).await;
    let (_, ours) = stage.get(&path).await;
    assert_eq!(ours["data"][0]["thread_owner"]["app_id"], 700_100_200_300_400_u64);
    let (_, seen_by_default_app) = stage.get_as(&bot, &path).await;
    assert_eq!(seen_by_default_app, ours);
}

/// A pass tells the new owner, a take the loser, a request the owner; release tells nobody.
#[tokio::test]
async fn handover_events_reach_the_app_they_concern_and_no_other() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    let to_us = json!({"target_app_id": stage.ours, "metadata": "bot asks for a person: refund"});
    stage.control(&stage.bot, "pass", to_us).await;
    let events = stage.webhooks(2).await;
    let (list, event) = &events[1];
    assert_eq!(list, "messaging");
    assert_eq!(event["sender"]["id"], MARA);
    assert_eq!(
        event["pass_thread_control"],
        json!({
            "previous_owner_app_id": "700555666777888", "new_owner_app_id": "700100200300400",
            "metadata": "bot asks for a person: refund",
        })
    );

    stage.control(&stage.ours, "pass", json!({"target_app_id": stage.bot})).await;
    stage.control(&stage.ours, "take", json!({"metadata": "mine"})).await;
    stage.control(&stage.ours, "release", json!({})).await;
    stage.settled().await;
    assert_eq!(stage.receiver.got().len(), 2, "we gave, took and released: nothing of it is told to us");
    let handovers: Vec<_> =
        stage.sim.webhooks().into_iter().filter(|w| w.field == "messaging_handovers").collect();
    let told: Vec<_> = handovers.iter().map(|w| w.app_id.as_str()).collect();
    assert_eq!(told, ["700100200300400", "700555666777888", "700555666777888"]);
    assert_eq!(handovers[2].event["take_thread_control"]["previous_owner_app_id"], "700555666777888");
    assert_eq!(handovers[2].event["take_thread_control"]["new_owner_app_id"], "700100200300400");
}

#[tokio::test]
async fn a_request_reaches_the_owner_and_the_first_request_of_an_idle_thread_is_granted() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "request", json!({"metadata": "agent wants to answer"})).await;
    stage.control(&stage.bot, "request", json!({"metadata": "bot would like to continue"})).await;
    let events = stage.webhooks(3).await;
    assert_eq!(
        events[1].1["pass_thread_control"],
        json!({
            "previous_owner_app_id": null, "new_owner_app_id": "700100200300400",
            "metadata": "agent wants to answer",
        })
    );
    assert_eq!(
        events[2].1["request_thread_control"],
        json!({"requested_owner_app_id": 700_555_666_777_888_u64, "metadata": "bot would like to continue"})
    );
}

#[tokio::test]
async fn the_feature_status_tells_whether_routing_is_on() {
    let on = Stage::with_routing().await;
    let (_, status) = on.get("/me?fields=messaging_feature_status").await;
    assert_eq!(status["messaging_feature_status"]["msgr_multi_app"], true);
    let off = Stage::without_routing().await;
    let (_, status) = off.get("/me?fields=messaging_feature_status").await;
    assert_eq!(status["messaging_feature_status"]["msgr_multi_app"], false);
}
