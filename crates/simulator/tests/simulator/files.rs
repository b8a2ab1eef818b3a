//! Files both ways: links that end, uploads, ids (docs/meta.md 2.6.4, 4.5).

use std::time::Duration;

use baton_simulator::{Said, Thing};
use reqwest::multipart::{Form, Part};
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::stage::{MARA, MARA_ON_INSTA, Stage, code};

const DAY: Duration = Duration::from_secs(86_400);

fn by_url(kind: &str, url: &str) -> Value {
    message(&json!({"attachment": {"type": kind, "payload": {"url": url}}}))
}

fn message(message: &Value) -> Value {
    json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": message})
}

async fn upload(stage: &Stage, path: &str, form: Form) -> (u16, Value) {
    let url = format!("{}/v26.0{path}", stage.sim.base_url());
    let call = stage.http.post(url).bearer_auth(stage.token.expose_secret()).multipart(form);
    let answer = call.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn file(name: &str, mime: &str, bytes: usize) -> Part {
    Part::bytes(vec![7; bytes]).file_name(name.to_owned()).mime_str(mime).unwrap()
}

fn form_of(kind: &str, part: Part) -> Form {
    let message = json!({"attachment": {"type": kind, "payload": {"is_reusable": true}}});
    Form::new().text("message", message.to_string()).part("filedata", part)
}

#[rstest]
#[case(Thing::Image, "image/png", &b"\x89PNG"[..])]
#[case(Thing::Animation, "image/gif", b"GIF8")]
#[case(Thing::Video, "video/mp4", b"\0\0\0")]
#[case(Thing::Audio, "audio/mp4", b"\0\0\0")]
#[case(Thing::File { name: Some("Rechnung März.pdf".into()) }, "application/pdf", b"%PDF")]
#[case(Thing::Sticker { id: None, form: baton_simulator::StickerForm::Sticker }, "image/png", b"\x89PNG")]
#[tokio::test]
async fn a_customers_file_can_be_fetched_until_its_link_ends(
    #[case] thing: Thing,
    #[case] mime: &str,
    #[case] begins: &[u8],
) {
    let stage = Stage::without_routing().await;
    let mid = stage.sim.customer_says(&stage.page, &stage.mara, &Said::thing(thing)).unwrap();
    let events = stage.webhooks(1).await;
    let link = events[0].1["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned();
    let got = stage.http.get(&link).send().await.unwrap();
    assert_eq!((got.status().as_u16(), got.headers()["content-type"].to_str().unwrap()), (200, mime));
    assert!(got.bytes().await.unwrap().starts_with(begins));
    stage.sim.advance(3 * DAY);
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 403);
    let (_, fresh) = stage.get(&format!("/{mid}?fields=attachments,sticker")).await;
    let whole = fresh.to_string();
    let fresh = whole.split('"').find(|part| part.contains("/media/")).unwrap();
    assert_eq!(stage.http.get(fresh).send().await.unwrap().status(), 200, "Graph gives a new link");
}

#[tokio::test]
async fn a_story_is_gone_after_a_day() {
    let stage = Stage::with_instagram().await;
    stage.mara_says_on_instagram(&Said::thing(Thing::StoryMention));
    let events = stage.webhooks(1).await;
    let link = events[0].1["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned();
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 200);
    stage.sim.advance(DAY);
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 403);
    let mid = stage.instagram_thread().messages[0].mid.clone();
    let (_, message) = stage.get(&format!("/{mid}?fields=story")).await;
    let link = message["story"]["mention"]["link"].as_str().unwrap();
    assert_eq!(stage.http.get(link).send().await.unwrap().status(), 403, "no link brings it back");
}

#[tokio::test]
async fn a_file_is_uploaded_and_sent_in_one_call() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let form = Form::new()
        .text("recipient", format!(r#"{{"id":"{MARA}"}}"#))
        .text("messaging_type", "RESPONSE")
        .text("message", r#"{"attachment":{"type":"file","payload":{}}}"#)
        .part("filedata", file("offer.pdf", "application/pdf", 2000));
    let (status, sent) = upload(&stage, "/me/messages", form).await;
    assert_eq!(status, 200, "{sent}");
    let events = stage.webhooks(2).await;
    let attachment = &events[1].1["message"]["attachments"][0];
    assert_eq!(attachment["type"], "file");
    let got = stage.http.get(attachment["payload"]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap().as_ref(), vec![7; 2000]);
    let call = stage.sim.calls().last().unwrap().clone();
    assert_eq!(call.params["filedata"], "(2000 bytes, application/pdf)", "the journal keeps no bytes");
    let path = format!("/{}?fields=attachments", sent["message_id"].as_str().unwrap());
    let shown = &stage.get(&path).await.1["attachments"]["data"][0];
    assert_eq!((&shown["name"], &shown["size"]), (&json!("offer.pdf"), &json!(2000)));
}

#[tokio::test]
async fn an_uploaded_file_can_be_sent_for_90_days_from_its_page_only() {
    let stage = Stage::with_instagram().await;
    stage.mara_writes("Hello");
    let form = form_of("image", file("a.png", "image/png", 100));
    let (status, uploaded) = upload(&stage, "/me/message_attachments", form).await;
    assert_eq!(status, 200, "{uploaded}");
    let id = uploaded["attachment_id"].clone();
    let send = |kind: &str| message(&json!({"attachment": {"type": kind, "payload": {"attachment_id": id}}}));
    assert_eq!(stage.post("/me/messages", &send("image")).await.0, 200);
    assert_eq!(stage.post("/me/messages", &send("image")).await.0, 200, "again and again");
    assert_eq!(code(&stage.post("/me/messages", &send("video")).await.1), (100, 2018074));

    stage.mara_says_on_instagram(&Said::text("Hello"));
    let mut on_instagram = send("image");
    on_instagram["recipient"]["id"] = MARA_ON_INSTA.into();
    assert_eq!(code(&stage.post("/me/messages", &on_instagram).await.1), (100, 2018074));
    let kite = stage.sim.add_page(baton_simulator::NewPage::without_routing(crate::stage::KITE, "Kite & Co"));
    let mara =
        baton_simulator::NewCustomer { id: Some(MARA.into()), ..baton_simulator::NewCustomer::named("Mara") };
    stage.sim.add_customer(&crate::stage::KITE.into(), mara).unwrap();
    stage.sim.customer_writes(&crate::stage::KITE.into(), &MARA.into(), "Hello").unwrap();
    assert_eq!(code(&stage.post_as(&kite, "/me/messages", &send("image")).await.1), (100, 2018074));

    stage.sim.advance(90 * DAY);
    stage.mara_writes("Still there?");
    assert_eq!(code(&stage.post("/me/messages", &send("image")).await.1), (100, 2018074));
}

#[tokio::test]
async fn a_reusable_file_sent_by_its_address_gets_an_id() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let mut body = by_url("image", "https://files.example.invalid/a.jpg");
    let (_, plain) = stage.post("/me/messages", &body).await;
    assert_eq!(plain.get("attachment_id"), None);
    body["message"]["attachment"]["payload"]["is_reusable"] = true.into();
    let (_, kept) = stage.post("/me/messages", &body).await;
    let again = json!({"attachment": {"type": "image", "payload": {"attachment_id": kept["attachment_id"]}}});
    assert_eq!(stage.post("/me/messages", &message(&again)).await.0, 200);
}

#[tokio::test]
async fn addresses_are_fetched_on_this_machine_and_nowhere_else() {
    let stage = Stage::without_routing().await;
    stage.sim.customer_says(&stage.page, &stage.mara, &Said::thing(Thing::Image)).unwrap();
    let events = stage.webhooks(1).await;
    let link = events[0].1["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned();
    let original = stage.http.get(&link).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(stage.post("/me/messages", &by_url("image", &link)).await.0, 200);
    let sent = stage.thread().messages[1].attachments[0]["payload"]["url"].as_str().unwrap().to_owned();
    assert_ne!(sent, link, "Meta keeps a copy of its own");
    assert_eq!(stage.http.get(sent).send().await.unwrap().bytes().await.unwrap(), original);

    for dead in
        [format!("{}/media/1/x.png", stage.sim.base_url()), "http://files.example.invalid/a.jpg".into()]
    {
        assert_eq!(
            code(&stage.post("/me/messages", &by_url("image", &dead)).await.1),
            (100, 2018008),
            "{dead}"
        );
    }
    assert_eq!(stage.thread().messages.len(), 2, "what could not be fetched is not sent");
}

#[rstest]
#[case("file", "a.pdf", "application/pdf", 25 * 1024 * 1024, None, false)]
#[case("file", "a.pdf", "application/pdf", 25 * 1024 * 1024 + 1, Some((100, 2018109)), false)]
#[case("image", "a.png", "image/png", 8 * 1024 * 1024 + 1, None, false)]
#[case("image", "a.png", "image/png", 8 * 1024 * 1024 + 1, Some((100, 2018109)), true)]
#[case("image", "Übersicht.png", "image/png", 100, None, false)]
#[case("image", "Übersicht.png", "image/png", 100, Some((100, 2018047)), true)]
#[case("image", "a.bmp", "image/bmp", 100, Some((100, 2018047)), true)]
#[case("file", "a.pdf", "application/pdf", 100, None, true)]
#[case("picture", "a.png", "image/png", 100, Some((100, 0)), false)]
#[tokio::test]
async fn sizes_names_and_formats(
    #[case] kind: &str,
    #[case] name: &str,
    #[case] mime: &str,
    #[case] bytes: usize,
    #[case] refused: Option<(i64, i64)>,
    #[case] is_instagram: bool,
) {
    let stage = Stage::with_instagram().await;
    let path =
        if is_instagram { "/me/message_attachments?platform=instagram" } else { "/me/message_attachments" };
    let (status, body) = upload(&stage, path, form_of(kind, file(name, mime, bytes))).await;
    assert_eq!((status != 200).then(|| code(&body)), refused, "{body}");
}

#[tokio::test]
async fn several_images_go_together_where_that_is_rolled_out() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let image = json!({"type": "image", "payload": {"url": "https://files.example.invalid/a.jpg"}});
    let film = json!({"type": "video", "payload": {"url": "https://files.example.invalid/a.mp4"}});
    let many = |list: Vec<Value>| message(&json!({ "attachments": list }));
    assert_eq!(stage.post("/me/messages", &many(vec![image.clone(); 10])).await.0, 200);
    assert_eq!(stage.thread().messages[1].attachments.len(), 10);
    assert_eq!(code(&stage.post("/me/messages", &many(vec![image.clone(); 11])).await.1), (100, 0));
    assert_eq!(code(&stage.post("/me/messages", &many(vec![image.clone(), film])).await.1), (100, 0));
    let url = format!("{}/control/pages/{}/switches", stage.sim.base_url(), stage.page);
    stage.http.post(url).json(&json!({"has_albums": false})).send().await.unwrap();
    assert_eq!(code(&stage.post("/me/messages", &many(vec![image.clone(); 2])).await.1), (100, 2534068));
    assert_eq!(stage.post("/me/messages", &many(vec![image])).await.0, 200);
}
