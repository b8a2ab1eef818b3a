//! Every documented request body is built exactly as it is.

use serde_json::{Value, json};

use super::*;
use crate::id::{AppId, AttachmentId, PersonaId, StickerId};

const M: Platform = Platform::Messenger;
const SHOP: &str = "https://shop.example.invalid/p/17";
const KETTLE: &str = "https://scontent.example-cdn.invalid/fx/kettle.jpg";

fn reply(message: MessageBody) -> SendBody {
    SendBody::message(&mara(), &PLAIN, message).unwrap()
}

fn said(text: &str) -> MessageBody {
    MessageBody::text(M, text).unwrap()
}

fn on_instagram() -> CustomerId {
    "7300000000000201".into()
}

fn upload() -> AttachmentId {
    "687700000000002".into()
}

fn eur() -> Currency {
    Currency::new("EUR").unwrap()
}

fn cents(cents: i32) -> Amount {
    Amount::of_hundredths(cents)
}

fn quick_replies() -> SendBody {
    let blue = QuickReply::text("Blue", "FX_BLUE").unwrap();
    let blue = blue.with_picture("https://scontent.example-cdn.invalid/fx/blue.png").unwrap();
    let offered = vec![blue, QuickReply::text("Red", "FX_RED").unwrap(), QuickReply::email()];
    reply(said("Which one?").with_quick_replies(offered).unwrap())
}

fn generic() -> SendBody {
    let card = Card::new("Blue kettle")
        .and_then(|card| card.with_subtitle("1.7 l"))
        .and_then(|card| card.with_picture(KETTLE))
        .and_then(|card| card.opening(SHOP))
        .unwrap()
        .with_button(Button::web_url("Open", SHOP).unwrap())
        .with_button(Button::postback("Ask a person", "FX_HUMAN").unwrap());
    reply(MessageBody::template(TemplateBody::generic(M, vec![card]).unwrap()))
}

fn button() -> SendBody {
    let buttons = vec![
        Button::phone_number("Call us", "+4930000000").unwrap(),
        Button::postback("Ask a person", "FX_HUMAN").unwrap(),
    ];
    reply(MessageBody::template(TemplateBody::button(M, "What next?", buttons).unwrap()))
}

fn media() -> SendBody {
    let media = Media::of_upload(MediaKind::Image, upload())
        .with_button(Button::web_url("Shop", "https://shop.example.invalid/").unwrap());
    reply(MessageBody::template(TemplateBody::media(M, media).unwrap()))
}

fn receipt() -> SendBody {
    let line = ReceiptLine::new("Blue kettle", cents(3900))
        .unwrap()
        .with_subtitle("1.7 l")
        .with_quantity(1)
        .with_currency(eur())
        .with_picture(KETTLE)
        .unwrap();
    let receipt = Receipt::new("Mara Lindt", "FX-1001", "Visa 1234", eur(), cents(4390))
        .unwrap()
        .with_sums(cents(3900), cents(490), cents(0))
        .with_order_url("https://shop.example.invalid/o/FX-1001")
        .unwrap()
        .at_ms(1_791_190_800_999)
        .to_address(PostalAddress::new("Musterweg 1", "Leipzig", "04109", "SN", "DE").unwrap())
        .with_adjustment("Voucher", cents(0))
        .unwrap()
        .with_line(line)
        .unwrap();
    reply(MessageBody::template(TemplateBody::receipt(M, receipt).unwrap()))
}

fn file(source: FileSource) -> SendBody {
    reply(MessageBody::file(M, FileKind::Image, source))
}

fn at(url: &str) -> FileSource {
    FileSource::url(url).unwrap()
}

fn send_bodies() -> Vec<(&'static str, Value)> {
    let bot = AppId::from("700555666777888");
    let mid = Mid::from("m_FxMsg0003q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw");
    let comment = Commented::CommentId("880000000000001_990000000000020".into());
    let images = vec![at("https://files.example.invalid/a.jpg"), FileSource::Id(upload())];
    let instagram = |message: MessageBody| SendBody::message(&on_instagram(), &PLAIN, message).unwrap();
    let part = |part: &str| Some(Metadata::new(format!("fx1:out:0199b2c0-0000-7000-8000-{part}")).unwrap());
    let text = |verdict: &Verdict, text: &str, metadata| {
        body(SendBody::text(M, &mara(), verdict, text, metadata).unwrap())
    };
    vec![
        ("text_in_window", text(&PLAIN, "Yes, we have three left.", part("000000000001"))),
        ("text_human_agent", text(&LATE, "Sorry for the wait, here is your answer.", part("000000000003"))),
        (
            "text_with_persona",
            body(
                reply(said("Ines here, how can I help?"))
                    .as_persona(&PersonaId::from("550000000000001"))
                    .unwrap(),
            ),
        ),
        ("text_inline_reply", body(reply(said("This one is sold out.")).in_reply_to(&mid))),
        ("text_quick_replies", body(quick_replies())),
        ("text_and_release_control", body(reply(said("Have a nice day!")).and_release())),
        ("text_and_pass_control", body(reply(said("The assistant takes over now.")).and_pass(Some(&bot)))),
        ("attachment_by_url", body(file(at("https://files.example.invalid/a.jpg").reusable()))),
        ("attachment_by_id", body(file(FileSource::Id(upload())))),
        ("attachments_several_images", body(reply(MessageBody::images(M, images).unwrap()))),
        ("sticker", body(reply(MessageBody::sticker(M, StickerId::from("369239263222822")).unwrap()))),
        ("template_generic", body(generic())),
        ("template_button", body(button())),
        ("template_media", body(media())),
        ("template_receipt", body(receipt())),
        (
            "utility_template",
            body(UtilityBody::new(&mara(), "order_shipped", "en_US", vec!["FX-1001".into()]).unwrap()),
        ),
        (
            "private_reply_to_comment",
            body(PrivateReplyBody::text(M, comment, "Thanks for asking, let us talk here.").unwrap()),
        ),
        ("sender_action_typing", body(SenderActionBody::typing_on(&mara()))),
        ("sender_action_mark_seen", body(SenderActionBody::mark_seen(&mara()))),
        ("sender_action_react", body(SenderActionBody::love(&mara(), &mid))),
        ("sender_action_unreact", body(SenderActionBody::unreact(&mara(), &mid))),
        ("instagram_like_heart", body(instagram(MessageBody::like_heart(Platform::Instagram).unwrap()))),
        (
            "instagram_share_own_post",
            body(instagram(MessageBody::own_post(Platform::Instagram, "18000000000000001").unwrap())),
        ),
        (
            "upload_attachment",
            body(UploadBody::new(M, FileKind::File, at("https://files.example.invalid/invoice.pdf"))),
        ),
    ]
}

fn control_bodies() -> Vec<(&'static str, Value)> {
    let note = |text: &str| Some(Metadata::new(text).unwrap());
    let bot = AppId::from("700555666777888");
    let page_inbox = AppId::from(crate::id::PAGE_INBOX);
    let instagram_inbox = AppId::from(crate::id::INSTAGRAM_INBOX);
    vec![
        ("pass", body(ControlBody::pass(&mara(), Some(&bot), note("question answered")))),
        ("pass_to_default_app", body(ControlBody::pass(&mara(), None, note("question answered")))),
        (
            "pass_to_page_inbox",
            body(ControlBody::pass(&mara(), Some(&page_inbox), note("for the shop team"))),
        ),
        (
            "pass_to_instagram_inbox",
            body(ControlBody::pass(&on_instagram(), Some(&instagram_inbox), note("for the shop team"))),
        ),
        ("take", body(ControlBody::take(&mara(), note("agent took over")))),
        ("request", body(ControlBody::request(&mara(), note("agent wants to answer")))),
        ("release", body(ControlBody::release(&mara()))),
        ("extend", body(ControlBody::extend(&mara(), 172_800).unwrap())),
    ]
}

fn profile_bodies() -> Vec<(&'static str, Value)> {
    let default = || DEFAULT_LOCALE.to_owned();
    let question = Question::new("Where are you located?", "FX_ICE_LOCATION").unwrap();
    let set = ProfileBody::new()
        .with_get_started("FX_GET_STARTED")
        .and_then(|set| set.with_greetings(vec![(default(), "Hello from Kettle Corner".into())]))
        .and_then(|set| set.with_ice_breakers(vec![(default(), vec![question])]))
        .and_then(|set| set.with_domains(vec!["https://shop.example.invalid/".into()]))
        .unwrap();
    let menu = Menu::new(DEFAULT_LOCALE).with_postback("Talk to a person", "FX_HUMAN").unwrap();
    vec![
        ("set", body(set)),
        ("delete", body(ProfileDeletion::of(vec![ProfileField::IceBreakers]).unwrap())),
        ("custom_user_settings", body(CustomerMenuBody::new(&mara(), vec![menu]).unwrap())),
        (
            "persona_create",
            body(PersonaBody::new("Ines K.", "https://files.example.invalid/ines.jpg").unwrap()),
        ),
    ]
}

/// The documented bodies of a file and the built ones are the same, none more and none less.
fn assert_same(file: &str, built: &[(&'static str, Value)]) {
    let documented: Value = serde_json::from_str(file).unwrap();
    let documented = documented["variants"].as_object().unwrap();
    for (variant, made) in built {
        assert_eq!(made, &documented[*variant], "{variant}");
    }
    let missing: Vec<_> =
        documented.keys().filter(|variant| built.iter().all(|(made, _)| made != variant)).collect();
    assert!(missing.is_empty(), "not built: {missing:?}");
}

#[test]
fn every_documented_send_is_built_as_it_is() {
    assert_same(include_str!("../../../../../fixtures/req_send_api.json"), &send_bodies());
}

#[test]
fn every_documented_control_call_is_built_as_it_is() {
    assert_same(include_str!("../../../../../fixtures/req_thread_control.json"), &control_bodies());
}

#[test]
fn every_documented_profile_call_is_built_as_it_is() {
    assert_same(include_str!("../../../../../fixtures/req_messenger_profile.json"), &profile_bodies());
}

#[test]
fn all_request_fixtures_are_built() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let mut on_disk: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("req_"))
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, ["req_messenger_profile.json", "req_send_api.json", "req_thread_control.json"]);
}

#[test]
fn what_the_documented_bodies_leave_out_has_its_form_too() {
    let uploaded = reply(MessageBody::file(M, FileKind::Video, FileSource::upload()));
    assert!(uploaded.needs_file());
    assert_eq!(body(&uploaded)["message"], json!({"attachment": {"type": "video", "payload": {}}}));

    let on_instagram = UploadBody::new(Platform::Instagram, FileKind::Image, FileSource::upload());
    assert!(on_instagram.needs_file());
    let expected = json!({"platform": "instagram",
        "message": {"attachment": {"type": "image", "payload": {"is_reusable": true}}}});
    assert_eq!(body(&on_instagram), expected);

    let to_default = body(reply(said("Bye")).and_pass(None));
    assert_eq!(to_default["thread_control"], json!({"control_type": "pass"}));
    let post = PrivateReplyBody::text(M, Commented::PostId("1_2".into()), "Hi").unwrap();
    assert_eq!(body(post)["recipient"], json!({"post_id": "1_2"}));
    let one = MessageBody::images(M, vec![FileSource::upload()]).unwrap();
    assert_eq!(body(&one), json!({"attachment": {"type": "image", "payload": {}}}));
    let linking = Button::account_link("https://shop.example.invalid/login").unwrap();
    assert_eq!(body(linking), json!({"type": "account_link", "url": "https://shop.example.invalid/login"}));
    assert_eq!(body(Button::account_unlink()), json!({"type": "account_unlink"}));
    let video = Media::of_facebook(MediaKind::Video, "https://www.facebook.com/shop/videos/1").unwrap();
    let expected = json!({"media_type": "video", "url": "https://www.facebook.com/shop/videos/1"});
    assert_eq!(body(video), expected);
}
