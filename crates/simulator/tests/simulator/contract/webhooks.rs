//! Every webhook of the fixtures is made by some act, with the same keys and types, both ways.

use std::collections::BTreeSet;

use baton_messenger::{AppId, Mid, Platform};
use baton_simulator::{
    Arrival, LegacyShare, NewPage, PolicyNotice, RoutingMode, Said, StickerForm, Tap, Telling, Thing,
};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::shape::{difference, fixture, fixtures_named};
use crate::stage::{INSTA, MARA, MARA_ON_INSTA, Stage, TEA};

type Act = for<'a> fn(&'a Stage) -> BoxFuture<'a, ()>;

/// One entry of one fixture, and the act whose last webhook must look like it.
struct Row {
    fixture: &'static str,
    entry: usize,
    act: Act,
    /// Paths in which the two may differ; the reason stands beside each.
    but: &'static [&'static str],
}

const EVENT: &str = ".entry[].messaging[]";

macro_rules! rows {
    ($($fixture:ident [$entry:literal] |$stage:ident| $act:block $(but $but:expr)?;)*) => {
        &[$(Row {
            fixture: stringify!($fixture),
            entry: $entry,
            act: |$stage| Box::pin(async move { $act }),
            but: rows!(@but $($but)?),
        }),*]
    };
    (@but) => { &[] };
    (@but $but:expr) => { &$but };
}

const ROWS: &[Row] = rows! {
    page_message_text[0] |s| { says(s, &Said::text("Hi")) };
    page_message_quick_reply[0] |s| {
        says(s, &Said { quick_reply: Some("FX_TRACK".into()), ..Said::text("Track order") });
    };
    page_message_reply_to[0] |s| {
        let mid = answered(s).await;
        says(s, &Said { reply_to: Some(mid), ..Said::text("Yes, that one") });
    };
    page_message_media[0] |s| { says(s, &Said { things: vec![Thing::Image, Thing::Image], ..Said::default() }) };
    page_message_media[1] |s| { says(s, &Said::thing(Thing::Video)) };
    page_message_media[2] |s| { says(s, &Said::thing(Thing::Audio)) };
    page_message_media[3] |s| { says(s, &Said::thing(Thing::File { name: None })) };
    page_message_sticker[0] |s| { says(s, &sticker(StickerForm::Sticker)) };
    // Once the fixture writes the id as text.
    page_message_sticker[1] |s| { says(s, &sticker(StickerForm::Twice)) }
        but [".entry[].messaging[].message.attachments[].payload.sticker_id: string"];
    page_message_location[0] |s| { says(s, &Said::thing(Thing::Location { lat: 52.52, long: 13.405 })) };
    page_message_fallback[0] |s| {
        let url = "https://shop.example.invalid/p/17".to_owned();
        let link = Thing::Link { url, title: "Blue kettle".into() };
        says(s, &Said { text: Some("This one".into()), ..Said::thing(link) });
    };
    page_message_fallback[1] |s| { says(s, &Said::thing(Thing::UnknownShare)) };
    page_message_shares[0] |s| { says(s, &Said::thing(Thing::Post { title: "Autumn".into() })) };
    page_message_shares[1] |s| { says(s, &Said::thing(Thing::IgReel { title: "Parcels".into() })) };
    page_message_shares[2] |s| {
        says(s, &Said::thing(Thing::Product { title: "Blue kettle".into(), subtitle: "€39".into() }));
    };
    page_message_ad_referral[0] |s| {
        says(s, &Said { referral: Some(ad()), ..Said::text("I saw your ad") });
    };
    page_message_command[0] |s| {
        says(s, &Said { commands: vec!["opening".into()], ..Said::text("/opening hours") });
    };
    page_message_appointment[0] |s| {
        let (start_ms, end_ms) = (1_791_212_400_000, 1_791_216_000_000);
        says(s, &Said::thing(Thing::Appointment { start_ms, end_ms, timezone: "Europe/Berlin".into() }));
    };
    page_message_edit[0] |s| {
        let mid = says_mid(s, &Said::text("Hi"));
        s.sim.customer_edits(&s.page, &s.mara, &mid, "Hi, red?").unwrap();
    };
    page_echo_own_app[0] |s| {
        s.mara_writes("Hi");
        let mut send = s.response("Yes.");
        send["message"]["metadata"] = "bt1:out:1".into();
        s.post("/me/messages", &send).await;
    };
    page_echo_other_senders[0] |s| {
        s.sim.inbox_answers(&s.page, &s.mara, "From the inbox", false).unwrap();
    };
    page_echo_other_senders[1] |s| {
        let share =
            LegacyShare { title: "Shared post".into(), is_template: true, hides_app: true, ..LegacyShare::default() };
        s.sim.inbox_shares(&s.page, &s.mara, &share).unwrap();
    };
    page_echo_other_senders[2] |s| {
        s.mara_writes("Hi");
        s.send_as(&s.bot, "From the bot").await;
    };
    page_echo_attachments[0] |s| {
        s.mara_writes("Hi");
        let image = json!({"type": "image", "payload": {"url": "https://files.example.invalid/a.jpg"}});
        sends(s, json!({"attachment": image, "metadata": "bt1:out:2"})).await;
    };
    page_echo_attachments[1] |s| {
        s.mara_writes("Hi");
        let buttons = json!([
            {"type": "web_url", "url": "https://shop.example.invalid/", "title": "Open shop"},
            {"type": "postback", "title": "Talk to a person", "payload": "FX_HUMAN"},
        ]);
        let payload = json!({"template_type": "button", "text": "What next?", "buttons": buttons});
        sends(s, json!({"attachment": {"type": "template", "payload": payload}})).await;
    };
    page_echo_attachments[2] |s| {
        s.mara_writes("Hi");
        let id: u64 = uploaded(s).await.parse().unwrap();
        let payload =
            json!({"template_type": "media", "elements": [{"media_type": "image", "attachment_id": id}]});
        sends(s, json!({"attachment": {"type": "template", "payload": payload}})).await;
    };
    page_echo_attachments[3] |s| {
        let url = Some("https://www.example.invalid/legacy".to_owned());
        let share = LegacyShare { title: "Legacy Attachment".into(), url, ..LegacyShare::default() };
        s.sim.inbox_shares(&s.page, &s.mara, &share).unwrap();
    };
    page_reaction[0] |s| { reacts(s, Some("love")).await };
    page_reaction[1] |s| {
        reacts(s, Some("love")).await;
        reacts(s, None).await;
    };
    page_postback[0] |s| { taps(s, &Tap { title: "Talk to a person".into(), payload: "FX".into(), ..Tap::default() }) };
    page_postback[1] |s| {
        let referral = json!({"ref": "qr-shop-door", "source": "SHORTLINK", "type": "OPEN_THREAD"});
        taps(s, &Tap { title: "Get Started".into(), payload: "FX".into(), referral: Some(referral), mid: None });
    };
    // Real deliveries may lack the time; ours have it.
    page_delivery[0] |s| {
        answered(s).await;
        s.sim.customer_receives(&s.page, &s.mara).unwrap();
    } but [".entry[].messaging[].timestamp"];
    // Real deliveries may lack the mids; ours have them.
    page_delivery[1] |s| {
        answered(s).await;
        s.sim.customer_receives(&s.page, &s.mara).unwrap();
    } but [".entry[].messaging[].delivery.mids"];
    page_read[0] |s| {
        answered(s).await;
        s.sim.customer_reads(&s.page, &s.mara).unwrap();
    };
    page_optin[0] |s| {
        arrives(s, &Arrival::Optin { title: "News".into(), payload: "FX".into(), status: None });
    };
    page_referral[0] |s| {
        let referral = json!({"ref": "qr-shop-door", "source": "SHORTLINK", "type": "OPEN_THREAD"});
        arrives(s, &Arrival::Referral { referral, to_app: None, days: None });
    };
    page_referral[1] |s| {
        let context = json!({"ad_title": "Become a reseller", "post_id": "880", "photo_url": "https://x.invalid/a"});
        let referral =
            json!({"source": "ADS", "type": "LEAD_COMPLETE", "ad_id": "660", "ads_context_data": context});
        arrives(s, &Arrival::Lead { referral, answers: vec![("Which city?".into(), "Leipzig".into())] });
    };
    page_handover_pass[0] |s| {
        s.mara_writes("Hi");
        s.sim.seize(&s.page, &s.mara, Some(&s.bot)).unwrap();
        s.control(&s.bot, "pass", json!({"target_app_id": s.ours, "metadata": "refund"})).await;
    };
    // The fixture shows that ids can be numbers; ours are text.
    page_handover_pass[1] |s| {
        s.mara_writes("Hi");
        s.control(&s.bot, "pass", json!({"target_app_id": s.ours})).await;
    } but [".entry[].messaging[].pass_thread_control.new_owner_app_id"];
    page_handover_take[0] |s| {
        s.mara_writes("Hi");
        s.sim.seize(&s.page, &s.mara, Some(&s.ours)).unwrap();
        s.sim.inbox_takes(&s.page, &s.mara).unwrap();
    };
    page_handover_request[0] |s| {
        s.mara_writes("Hi");
        s.sim.seize(&s.page, &s.mara, Some(&s.ours)).unwrap();
        s.control(&s.bot, "request", json!({"metadata": "bot would like to continue"})).await;
    };
    page_handover_app_roles[0] |s| {
        let roles = RoutingMode::HopV2 { primary: s.ours.clone(), secondary: vec![] };
        s.sim.set_routing(&s.page, &roles).unwrap();
    };
    page_standby[0] |s| {
        routed(s);
        s.mara_writes("Where is my parcel?");
    };
    page_standby[1] |s| {
        routed(s);
        s.mara_writes("Where is my parcel?");
        s.send_as(&s.bot, "Let me look that up.").await;
    };
    page_standby[2] |s| {
        routed(s);
        taps(s, &Tap { title: "Track order".into(), payload: "FX".into(), ..Tap::default() });
    };
    page_standby[3] |s| {
        routed(s);
        s.mara_writes("Hi");
        s.send_as(&s.bot, "Hello").await;
        s.sim.customer_reads(&s.page, &s.mara).unwrap();
    };
    page_policy_enforcement[0] |s| { s.sim.policy_notice(&s.page, PolicyNotice::Block, "Warnings").unwrap() };
    page_policy_enforcement[1] |s| { s.sim.policy_notice(&s.page, PolicyNotice::Unblock, "").unwrap() };
    // The question's key is the developer's own.
    page_feedback[0] |s| {
        arrives(s, &Arrival::Feedback { score: "5".into(), words: Some("Quick answer".into()) });
    } but [".entry[].messaging[].messaging_feedback.feedback_screens[].questions."];
    page_response_feedback[0] |s| {
        let mid = answered(s).await;
        arrives(s, &Arrival::Thumb { mid, is_good: true });
    };
    page_account_linking[0] |s| { arrives(s, &Arrival::Linked { authorization_code: "fx".into() }) };
    page_send_cart[0] |s| {
        let product = json!({
            "id": "55", "retailer_id": "SKU", "name": "Blue kettle", "unit_price": 39.0, "currency": "EUR",
            "quantity": 1,
        });
        arrives(s, &Arrival::Cart { products: vec![product], note: Some("gift wrap please".into()) });
    };
    page_inbox_labels[0] |s| { arrives(s, &Arrival::Label { name: "VIP".into(), is_set: true }) };

    ig_message_text[0] |s| { on_ig(s, &Said::text("Hi")) };
    ig_message_media[0] |s| {
        on_ig(s, &Said { things: vec![Thing::Image, Thing::Video], ..Said::default() });
    };
    ig_message_shares[0] |s| { on_ig(s, &Said::thing(Thing::IgPost { title: "New colours".into() })) };
    ig_message_shares[1] |s| { on_ig(s, &Said::thing(Thing::Share)) };
    ig_message_shares[2] |s| { on_ig(s, &Said::thing(Thing::IgReel { title: "Behind".into() })) };
    ig_story_mention[0] |s| { on_ig(s, &Said::thing(Thing::StoryMention)) };
    ig_story_reply[0] |s| { on_ig(s, &Said { answers_story: true, ..Said::text("Love this!") }) };
    ig_inline_reply[0] |s| {
        on_ig(s, &Said::text("Hi"));
        let sent = send_on_ig(s, "Blue or red?").await;
        on_ig(s, &Said { reply_to: Some(sent), ..Said::text("The second one") });
    };
    ig_message_unrenderable[0] |s| { on_ig(s, &Said::thing(Thing::Ephemeral)) };
    ig_message_unrenderable[1] |s| { on_ig(s, &Said { is_unsupported: true, ..Said::default() }) };
    ig_message_deleted[0] |s| {
        let mid = s.mara_says_on_instagram(&Said::text("Hi"));
        s.sim.customer_unsends(&INSTA.into(), &MARA_ON_INSTA.into(), &mid).unwrap();
    };
    ig_echo[0] |s| {
        on_ig(s, &Said::text("Hi"));
        send_on_ig(s, "Yes.").await;
    };
    ig_message_edit[0] |s| {
        let mid = s.mara_says_on_instagram(&Said::text("Hi"));
        s.sim.customer_edits(&INSTA.into(), &MARA_ON_INSTA.into(), &mid, "Ho").unwrap();
    };
    ig_message_edit_num0[0] |s| { on_ig(s, &Said { telling: Telling::EditZero, ..Said::text("Hi") }) };
    ig_reaction[0] |s| { loves_on_ig(s).await };
    ig_postback_icebreaker[0] |s| {
        let (title, payload) = ("Where are you located?".to_owned(), "FX_ICE".to_owned());
        let tap = Tap { title, payload, ..Tap::default() };
        s.sim.customer_taps_button(&INSTA.into(), &MARA_ON_INSTA.into(), &tap).unwrap();
    };
    ig_referral_ig_me[0] |s| {
        let referral = json!({"ref": "flyer", "source": "SHORTLINK", "type": "OPEN_THREAD"});
        let arrival = Arrival::Referral { referral, to_app: None, days: None };
        s.sim.customer_arrives(&INSTA.into(), &MARA_ON_INSTA.into(), &arrival).unwrap();
    };
    ig_seen[0] |s| {
        on_ig(s, &Said::text("Hi"));
        send_on_ig(s, "Yes.").await;
        s.sim.customer_reads(&INSTA.into(), &MARA_ON_INSTA.into()).unwrap();
    };
    ig_standby_message[0] |s| {
        routed_on_ig(s);
        on_ig(s, &Said::text("Hi"));
    };
    ig_handover_pass[0] |s| {
        routed_on_ig(s);
        on_ig(s, &Said::text("Hi"));
        let bot = s.sim.token_for(&s.bot, &s.page);
        let pass = json!({"recipient": {"id": MARA_ON_INSTA}, "target_app_id": s.ours, "metadata": "refund"});
        s.post_as(&bot, "/me/pass_thread_control", &pass).await;
    };
    ig_dashboard_test_event[0] |s| { s.sim.dashboard_test(Platform::Instagram) };
};

/// What no act makes, and why.
const NOT_MADE: &[(&str, &str)] =
    &[("page_batch_mixed", "each event goes out in a POST of its own; batches are put together by a fault")];

#[tokio::test]
async fn webhooks_have_the_shape_of_the_fixtures() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let stage = Stage::with_instagram().await;
        (row.act)(&stage).await;
        stage.settled().await;
        let got = stage.receiver.got();
        let Some(last) = got.last() else {
            wrong.push(format!("{}[{}]: nothing came", row.fixture, row.entry));
            continue;
        };
        let mut expected = fixture(row.fixture);
        let entry = expected["entry"][row.entry].clone();
        expected["entry"] = json!([entry]);
        if let Some(why) = difference(&last.json(), &expected, row.but) {
            wrong.push(format!("{}[{}]\n{why}\nours: {:#}", row.fixture, row.entry, last.json()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_entry_of_every_webhook_fixture_has_a_row() {
    let made: BTreeSet<(String, usize)> =
        ROWS.iter().map(|row| (row.fixture.to_owned(), row.entry)).collect();
    assert_eq!(made.len(), ROWS.len(), "an entry stands twice");
    let mut all = BTreeSet::new();
    for name in fixtures_named("page_").into_iter().chain(fixtures_named("ig_")) {
        if NOT_MADE.iter().any(|(not_made, _)| *not_made == name) {
            continue;
        }
        let entries = fixture(&name)["entry"].as_array().unwrap().len();
        all.extend((0..entries).map(|entry| (name.clone(), entry)));
    }
    assert_eq!(made, all);
    assert!(ROWS.iter().flat_map(|row| row.but).all(|path| path.starts_with(EVENT)));
}

fn says(stage: &Stage, said: &Said) {
    says_mid(stage, said);
}

fn says_mid(stage: &Stage, said: &Said) -> Mid {
    stage.sim.customer_says(&stage.page, &stage.mara, said).unwrap()
}

fn on_ig(stage: &Stage, said: &Said) {
    stage.mara_says_on_instagram(said);
}

fn taps(stage: &Stage, tap: &Tap) {
    stage.sim.customer_taps_button(&stage.page, &stage.mara, tap).unwrap();
}

fn arrives(stage: &Stage, arrival: &Arrival) {
    stage.sim.customer_arrives(&stage.page, &stage.mara, arrival).unwrap();
}

fn sticker(form: StickerForm) -> Said {
    Said::thing(Thing::Sticker { id: Some(842_488_328_414_943), form })
}

fn ad() -> Value {
    json!({
        "ref": "autumn-ad", "ad_id": "6600000000000001", "source": "ADS", "type": "OPEN_THREAD",
        "ads_context_data": {
            "ad_title": "Autumn kettles", "photo_url": "https://x.example.invalid/ad.jpg",
            "video_url": "https://x.example.invalid/ad.mp4", "post_id": "88", "product_id": "55",
            "flow_id": "77",
        },
    })
}

async fn sends(stage: &Stage, message: Value) -> Mid {
    let body = json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": message});
    let (status, sent) = stage.post("/me/messages", &body).await;
    assert_eq!(status, 200, "{sent}");
    sent["message_id"].as_str().unwrap().into()
}

async fn answered(stage: &Stage) -> Mid {
    stage.mara_writes("Hi");
    sends(stage, json!({"text": "Hello"})).await
}

async fn send_on_ig(stage: &Stage, text: &str) -> Mid {
    let body =
        json!({"recipient": {"id": MARA_ON_INSTA}, "messaging_type": "RESPONSE", "message": {"text": text}});
    let (status, sent) = stage.post("/me/messages", &body).await;
    assert_eq!(status, 200, "{sent}");
    sent["message_id"].as_str().unwrap().into()
}

async fn uploaded(stage: &Stage) -> String {
    let attachment = json!({"type": "image", "payload": {"url": "https://files.example.invalid/a.jpg", "is_reusable": true}});
    let (_, answer) =
        stage.post("/me/message_attachments", &json!({"message": {"attachment": attachment}})).await;
    answer["attachment_id"].as_str().unwrap().to_owned()
}

async fn reacts(stage: &Stage, name: Option<&str>) {
    let mid = match stage.thread().messages.last() {
        Some(message) => message.mid.clone(),
        None => answered(stage).await,
    };
    stage.sim.customer_reacts(&stage.page, &stage.mara, &mid, name).unwrap();
}

async fn loves_on_ig(stage: &Stage) {
    on_ig(stage, &Said::text("Hi"));
    let mid = send_on_ig(stage, "Hello").await;
    stage.sim.customer_reacts(&INSTA.into(), &MARA_ON_INSTA.into(), &mid, Some("love")).unwrap();
}

fn routed(stage: &Stage) {
    stage.sim.set_routing(&stage.page, &NewPage::with_bot(TEA, "", &stage.ours).routing).unwrap();
}

fn routed_on_ig(stage: &Stage) {
    let bot: AppId = stage.bot.clone();
    let on = RoutingMode::On { default_app: bot, may_take: vec![stage.ours.clone()] };
    stage.sim.set_routing(&INSTA.into(), &on).unwrap();
}
