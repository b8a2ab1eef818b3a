//! Every request of the fixtures is taken as it is, but for the ids that this world made itself.

use std::collections::BTreeSet;

use baton_simulator::{NewPage, RoutingMode, Said};
use serde_json::{Value, json};

use super::shape::{fixture, fixtures_named};
use crate::stage::{INSTA, Stage, TEA};

/// What the simulator does not take, and why.
const NOT_TAKEN: &[(&str, &str)] = &[
    ("utility_template", "templates that Meta reviews are not sent by an inbox"),
    ("private_reply_to_comment", "comments are no part of this world"),
];

#[tokio::test]
async fn sends_and_uploads_of_the_fixtures_are_taken() {
    let requests = fixture("req_send_api")["variants"].clone();
    for (name, request) in requests.as_object().unwrap() {
        if NOT_TAKEN.iter().any(|(not_taken, _)| not_taken == name) {
            continue;
        }
        let stage = ready().await;
        let path = if name == "upload_attachment" { "/me/message_attachments" } else { "/me/messages" };
        let (status, answer) = stage.post(path, &with_own_ids(&stage, request).await).await;
        assert_eq!(status, 200, "{name}: {answer}");
    }
}

#[tokio::test]
async fn control_calls_of_the_fixtures_are_taken() {
    let requests = fixture("req_thread_control")["variants"].clone();
    for (name, request) in requests.as_object().unwrap() {
        let stage = ready().await;
        let call = name.split('_').next().unwrap();
        match call {
            "take" => stage.sim.seize(&stage.page, &stage.mara, Some(&stage.bot)).unwrap(),
            "request" => {
                stage.sim.set_routing(&stage.page, &RoutingMode::Off).unwrap();
                stage.sim.seize(&stage.page, &stage.mara, None).unwrap();
            }
            _ => {}
        }
        let (status, answer) = stage.post(&format!("/me/{call}_thread_control"), request).await;
        assert_eq!(status, 200, "{name}: {answer}");
    }
}

#[tokio::test]
async fn the_profiles_requests_of_the_fixtures_are_taken() {
    let requests = fixture("req_messenger_profile")["variants"].clone();
    for (name, request) in requests.as_object().unwrap() {
        let stage = ready().await;
        let token = secrecy::ExposeSecret::expose_secret(&stage.token);
        let at = |path: &str| format!("{}/v26.0/me/{path}", stage.sim.base_url());
        let call = match name.as_str() {
            "set" => stage.http.post(at("messenger_profile")),
            "delete" => stage.http.delete(at("messenger_profile")),
            "custom_user_settings" => stage.http.post(at("custom_user_settings")),
            "persona_create" => stage.http.post(at("personas")),
            other => panic!("a new request: {other}"),
        };
        let answer = call.bearer_auth(token).json(request).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
    }
}

#[test]
fn every_file_of_requests_is_tried() {
    let known: BTreeSet<String> =
        ["req_send_api", "req_thread_control", "req_messenger_profile"].map(str::to_owned).into();
    assert_eq!(fixtures_named("req_").into_iter().collect::<BTreeSet<_>>(), known);
}

/// Ours owns both of Mara's threads, and both windows are open.
async fn ready() -> Stage {
    let stage = Stage::with_instagram().await;
    stage.sim.set_routing(&stage.page, &NewPage::with_bot(TEA, "", &stage.ours).routing).unwrap();
    stage.mara_writes("Hello");
    stage.mara_says_on_instagram(&Said::text("Hello"));
    stage.sim.seize(&stage.page, &stage.mara, Some(&stage.ours)).unwrap();
    let insta = (INSTA.into(), crate::stage::MARA_ON_INSTA.into());
    stage.sim.seize(&insta.0, &insta.1, Some(&stage.ours)).unwrap();
    stage
}

async fn with_own_ids(stage: &Stage, request: &Value) -> Value {
    let image = json!({"type": "image", "payload": {"url": "https://files.example.invalid/a.jpg"}});
    let (_, uploaded) =
        stage.post("/me/message_attachments", &json!({"message": {"attachment": image}})).await;
    let ines = json!({"name": "Ines K.", "profile_picture_url": "https://files.example.invalid/ines.jpg"});
    let (_, persona) = stage.post("/me/personas", &ines).await;
    let mid = stage.thread().messages[0].mid.to_string();
    let known = request.to_string();
    let known = known.replace("687700000000002", uploaded["attachment_id"].as_str().unwrap());
    let known = known.replace("550000000000001", persona["id"].as_str().unwrap());
    let known = known.replace("m_FxMsg0003q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw", &mid);
    serde_json::from_str(&known).unwrap()
}
