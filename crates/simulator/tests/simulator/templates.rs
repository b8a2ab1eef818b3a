//! Templates, buttons, quick replies: what Meta takes, and what a customer can press (docs/meta.md 4.7, 4.8).

use baton_simulator::Pressed;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{MARA, Stage, code};

fn template(payload: &Value) -> Value {
    message(&json!({"attachment": {"type": "template", "payload": payload}}))
}

fn message(message: &Value) -> Value {
    json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": message})
}

fn card(title: &str) -> Value {
    json!({"title": title, "subtitle": "1.7 l"})
}

fn postback(title: &str) -> Value {
    json!({"type": "postback", "title": title, "payload": "FX"})
}

fn receipt() -> Value {
    json!({
        "template_type": "receipt", "recipient_name": "Mara Lindt", "order_number": "FX-1001",
        "currency": "EUR", "payment_method": "Visa 1234", "summary": {"total_cost": 43.9},
        "elements": [{"title": "Blue kettle", "price": 39.0}],
    })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

#[rstest]
#[case::cards(json!({"template_type": "generic", "elements": vec![card("Kettle"); 10]}))]
#[case::card_with_buttons(json!({"template_type": "generic", "elements": [{
    "title": "Kettle", "default_action": {"type": "web_url", "url": "https://a.invalid/"},
    "buttons": [postback("One"), {"type": "web_url", "title": "Two", "url": "https://a.invalid/"}],
}]}))]
#[case::buttons(json!({"template_type": "button", "text": "What next?", "buttons": [
    {"type": "phone_number", "title": "Call us", "payload": "+4930000000"}, postback("Ask"),
]}))]
#[case::receipt(receipt())]
#[case::film_by_address(json!({"template_type": "media", "elements": [
    {"media_type": "video", "url": "https://www.facebook.com/shop/videos/1"},
]}))]
#[case::products(json!({"template_type": "product", "elements": [{"id": "55"}]}))]
#[tokio::test]
async fn what_meta_takes(#[case] payload: Value) {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let (status, body) = stage.post("/me/messages", &template(&payload)).await;
    assert_eq!(status, 200, "{body}");
    let events = stage.webhooks(2).await;
    assert_eq!(
        events[1].1["message"]["attachments"][0]["payload"], payload,
        "the echo shows it as it was sent"
    );
}

const BAD: (i64, i64) = (100, 0);

#[rstest]
#[case::no_type(json!({"elements": [card("Kettle")]}), BAD)]
#[case::no_cards(json!({"template_type": "generic", "elements": []}), BAD)]
#[case::eleven_cards(json!({"template_type": "generic", "elements": vec![card("Kettle"); 11]}), BAD)]
#[case::long_title(json!({"template_type": "generic", "elements": [card(&"x".repeat(81))]}), BAD)]
#[case::four_buttons(json!({"template_type": "button", "text": "?", "buttons": vec![postback("A"); 4]}), BAD)]
#[case::no_buttons(json!({"template_type": "button", "text": "?"}), BAD)]
#[case::long_text(json!({"template_type": "button", "text": "x".repeat(641), "buttons": [postback("A")]}), BAD)]
#[case::long_button(json!({"template_type": "button", "text": "?", "buttons": [postback(&"x".repeat(21))]}), BAD)]
#[case::no_number(json!({"template_type": "button", "text": "?", "buttons": [
    {"type": "phone_number", "title": "Call", "payload": "030 1234"},
]}), BAD)]
#[case::no_total(with(receipt(), "summary", json!({})), BAD)]
#[case::no_currency(with(receipt(), "currency", json!("euro")), BAD)]
#[case::two_films(json!({"template_type": "media", "elements": [{}, {}]}), (100, 2018173))]
#[case::neither_id_nor_url(json!({"template_type": "media", "elements": [{"media_type": "image"}]}), (100, 2018173))]
#[case::unknown_id(json!({"template_type": "media", "elements": [
    {"media_type": "image", "attachment_id": "1"},
]}), (100, 2018074))]
#[tokio::test]
async fn what_meta_refuses(#[case] payload: Value, #[case] refusal: (i64, i64)) {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    assert_eq!(code(&stage.post("/me/messages", &template(&payload)).await.1), refusal);
    assert_eq!(stage.thread().messages.len(), 1);
}

#[tokio::test]
async fn the_number_of_an_order_is_used_once() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    assert_eq!(stage.post("/me/messages", &template(&receipt())).await.0, 200);
    assert_eq!(code(&stage.post("/me/messages", &template(&receipt())).await.1), BAD);
}

#[tokio::test]
async fn a_button_is_pressed_and_its_app_hears_all_of_it_even_in_standby() {
    let stage = Stage::with_routing().await;
    stage.mara_writes("Hello");
    stage.control(&stage.ours, "take", json!({})).await;
    let buttons = json!([
        postback("Ask a person"),
        {"type": "web_url", "title": "Open", "url": "https://shop.example.invalid/"},
        {"type": "phone_number", "title": "Call", "payload": "+4930000000"},
    ]);
    let payload = json!({"template_type": "button", "text": "What next?", "buttons": buttons});
    let (_, sent) = stage.post("/me/messages", &template(&payload)).await;
    let mid = sent["message_id"].as_str().unwrap().into();
    stage.control(&stage.ours, "pass", json!({"target_app_id": stage.bot})).await;

    let press = |button| stage.sim.customer_presses(&stage.page, &stage.mara, &mid, 0, button);
    assert!(matches!(press(0).unwrap(), Pressed::Said { .. }));
    assert_eq!(press(1).unwrap(), Pressed::Opens { url: "https://shop.example.invalid/".into() });
    assert_eq!(press(2).unwrap(), Pressed::Calls { number: "+4930000000".into() });
    assert!(press(3).is_err());
    stage.settled().await;
    let events = stage.receiver.events();
    let (list, event) = events.iter().find(|(_, e)| e.get("postback").is_some()).unwrap();
    assert_eq!((list.as_str(), &event["postback"]["payload"]), ("messaging", &json!("FX")));
    assert_eq!(events.iter().filter(|(_, e)| e.get("postback").is_some()).count(), 1);
}

#[tokio::test]
async fn a_quick_reply_is_chosen_while_it_is_there() {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let quick = json!([
        {"content_type": "text", "title": "A title that is much too long", "payload": "FX_LONG"},
        {"content_type": "user_email"},
    ]);
    let body = message(&json!({"text": "Which one?", "quick_replies": quick}));
    let (_, sent) = stage.post("/me/messages", &body).await;
    let mid = sent["message_id"].as_str().unwrap().into();
    stage.sim.customer_chooses(&stage.page, &stage.mara, &mid, 0).unwrap();
    stage.settled().await;
    let (_, event) = stage.receiver.events().pop().unwrap();
    assert_eq!(event["message"]["text"], "A title that is much", "cut to 20 characters");
    assert_eq!(event["message"]["quick_reply"], json!({"payload": "FX_LONG"}));
    assert!(stage.sim.customer_chooses(&stage.page, &stage.mara, &mid, 1).is_err(), "they are gone");
}

#[rstest]
#[case::fourteen(vec![json!({"content_type": "text", "title": "A", "payload": "B"}); 14])]
#[case::no_payload(vec![json!({"content_type": "text", "title": "A"})])]
#[case::unknown(vec![json!({"content_type": "location"})])]
#[tokio::test]
async fn quick_replies_that_meta_refuses(#[case] quick: Vec<Value>) {
    let stage = Stage::without_routing().await;
    stage.mara_writes("Hello");
    let body = message(&json!({"text": "Which one?", "quick_replies": quick}));
    assert_eq!(code(&stage.post("/me/messages", &body).await.1), BAD);
}
