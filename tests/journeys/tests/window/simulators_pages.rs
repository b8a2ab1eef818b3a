//! The pages of the local Meta in a real browser: the customer's phone, and the control room.

use std::path::Path;

use anyhow::Context as _;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{AYUMI, KITE_AND_CO, MARA, NOOR, NORTHWIND_TEA};
use baton_simulator::BOT_APP_ID;
use baton_support::window::browser::{Browser, Theme};
use baton_support::window::meta::{APP_ID, MetaProgram};
use baton_support::window::page::by_name;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde_json::{Value, json};

const ON_INSTAGRAM: &str = "17841400000000033";
/// A Page that no desk can serve.
const FERN_AND_FIELD: &str = "104500000000033";

fn picture(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulators-pages");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.png")))
}

/// The Page says something on an account where any app may. Gives the message's mid.
async fn says(meta: &MetaProgram, page: &str, customer: &str, message: &Value) -> anyhow::Result<String> {
    let body = json!({"recipient": {"id": customer}, "messaging_type": "RESPONSE", "message": message});
    let (status, answer) = meta.graph_call(page, "messages", &body).await?;
    anyhow::ensure!(status == 200, "{answer}");
    answer["message_id"].as_str().map(str::to_owned).context("a message has a mid")
}

/// Waits until a webhook told of this, and gives it.
async fn told(meta: &MetaProgram, what: &str, is_it: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
    until::some(&format!("a webhook of {what}"), until::SHORT, async || {
        Ok(meta.webhooks().await?.into_iter().map(|hook| hook["event"].clone()).find(|event| is_it(event)))
    })
    .await
}

/// The words of the messages on the phone, oldest first, with who said them.
async fn on_the_phone(phone: &Browser) -> anyhow::Result<Vec<(String, String)>> {
    let script = "return [...document.querySelectorAll('[data-test=\"message\"]')].map((e) => \
                  [e.dataset.from, e.querySelector('.said').innerText])";
    Ok(serde_json::from_value(phone.client().execute(script, vec![]).await?)?)
}

async fn shows(phone: &Browser, from: &str, words: &str) -> anyhow::Result<()> {
    let mut last = Vec::new();
    let shown = until::holds(&format!("{words:?} on the phone"), until::SHORT, async || {
        last = on_the_phone(phone).await?;
        Ok(last.iter().any(|(by, said)| by == from && said.contains(words)))
    })
    .await;
    shown.with_context(|| format!("the phone shows {last:?}"))
}

fn of(mid: &str) -> String {
    format!("{}[data-mid=\"{mid}\"]", by_name("message"))
}

/// Opens a message's menu and picks what has this name.
async fn picks(phone: &Browser, mid: &str, name: &str) -> anyhow::Result<()> {
    opens_menu(phone, mid).await?;
    phone.click_css(&format!("{} {}", of(mid), by_name(name))).await
}

/// The message may be drawn anew under the pointer: then it is pressed again.
async fn opens_menu(phone: &Browser, mid: &str) -> anyhow::Result<()> {
    let menu = format!("{} details", of(mid));
    until::holds("the menu of the message", until::SHORT, async || {
        if phone.attribute(&menu, "open").await?.is_some() {
            return Ok(true);
        }
        phone.click_css(&format!("{menu} summary")).await?;
        Ok(false)
    })
    .await
}

async fn writes(phone: &Browser, text: &str) -> anyhow::Result<String> {
    phone.type_into("composer-text", text).await?;
    phone.click("send").await?;
    shows(phone, "customer", text).await?;
    mid_of(phone, text).await
}

async fn mid_of(phone: &Browser, text: &str) -> anyhow::Result<String> {
    let script = "return [...document.querySelectorAll('[data-test=\"message\"]')] \
                  .filter((e) => e.innerText.includes(arguments[0])).at(-1)?.dataset.mid ?? null";
    let mid = phone.client().execute(script, vec![json!(text)]).await?;
    mid.as_str().map(str::to_owned).with_context(|| format!("no message says {text:?}"))
}

#[tokio::test]
async fn a_customer_does_on_the_phone_what_customers_do_on_messenger() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let meta = stage.meta();
    let noor = meta.customer(KITE_AND_CO, NOOR).await?.id().to_owned();
    let phone = Browser::open(
        stage.room(),
        "phone",
        Theme::Light,
        &format!("{}#{KITE_AND_CO}/{noor}", meta.phone_url()),
    )
    .await?;
    phone.says("page-name", "Kite & Co").await?;

    // Words.
    writes(&phone, "Is the red kite back?").await?;

    // A quick reply, which goes once it was pressed.
    let which = json!({"text": "Which size?", "quick_replies": [
        {"content_type": "text", "title": "Small", "payload": "S"},
        {"content_type": "text", "title": "Large", "payload": "L"},
    ]});
    says(meta, KITE_AND_CO, &noor, &which).await?;
    phone.says("quick-1", "Large").await?;
    phone.screenshot(&picture("phone-quick-replies")?).await?;
    phone.click("quick-1").await?;
    shows(&phone, "customer", "Large").await?;
    phone.see_no("quick-replies").await?;
    let chosen = told(meta, "the quick reply", |event| event["message"].get("quick_reply").is_some()).await?;
    assert_eq!(chosen["message"]["quick_reply"]["payload"], "L");

    // A button of a template.
    let card = json!({"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [{
        "title": "Red kite, large", "subtitle": "In stock from Monday",
        "buttons": [
            {"type": "postback", "title": "Keep one for me", "payload": "KEEP"},
            {"type": "web_url", "title": "See it", "url": "https://kites.example.invalid/red"},
        ],
    }]}}});
    says(meta, KITE_AND_CO, &noor, &card).await?;
    phone.says("template", "Red kite, large").await?;
    phone.click("press-0-0").await?;
    let pressed = told(meta, "the button", |event| event.get("postback").is_some()).await?;
    assert_eq!(pressed["postback"]["payload"], "KEEP");
    // What was pressed is said under the card, which moves the card's buttons.
    shows(&phone, "customer", "Keep one for me").await?;
    phone.click("press-0-1").await?;
    phone.says("note", "https://kites.example.invalid/red").await?;

    // A picture, which is there to be seen.
    phone.click("plus").await?;
    phone.click("thing-picture").await?;
    let script = "const all = [...document.querySelectorAll('[data-test=\"message\"] img.media')]; \
                  return all.length > 0 && all.every((one) => one.complete && one.naturalWidth > 0)";
    until::holds("the picture", until::SHORT, async || {
        Ok(phone.client().execute(script, vec![]).await? == json!(true))
    })
    .await?;

    // A reaction, and back.
    let answer = says(meta, KITE_AND_CO, &noor, &json!({"text": "Consider it kept."})).await?;
    shows(&phone, APP_ID, "Consider it kept.").await?;
    picks(&phone, &answer, "react-love").await?;
    phone.see_css(&format!("{} .feeling", of(&answer))).await?;
    phone.screenshot(&picture("phone-messenger")?).await?;
    opens_menu(&phone, &answer).await?;
    phone.screenshot(&picture("phone-menu")?).await?;
    picks(&phone, &answer, "unreact").await?;
    told(meta, "the reaction taken back", |event| event["reaction"]["action"] == "unreact").await?;

    // What was sent is seen when the customer says so.
    phone.click("seen").await?;
    told(meta, "reading", |event| event.get("read").is_some()).await?;
    phone.says("messages", "you have seen it").await?;

    // Taken back: Messenger tells nobody, the phone shows it.
    let regretted = writes(&phone, "Actually, no").await?;
    picks(&phone, &regretted, "unsend").await?;
    shows(&phone, "customer", "You took this message back").await?;
    assert!(!on_the_phone(&phone).await?.iter().any(|(_, said)| said.contains("Actually")));
    Ok(())
}

#[tokio::test]
async fn a_customer_has_instagram_too() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let meta = stage.meta();
    let ayumi = meta.comes_to_instagram(NORTHWIND_TEA, ON_INSTAGRAM, AYUMI).await?;
    let phone = Browser::open(stage.room(), "phone", Theme::Light, meta.phone_url()).await?;
    phone.chooses("page-select", FERN_AND_FIELD).await?;
    phone.says("unserved", "the right to message for it was not granted").await?;
    phone.screenshot(&picture("phone-unserved")?).await?;
    phone.chooses("page-select", ON_INSTAGRAM).await?;
    phone.says("unserved", "No desk serves this account now").await?;
    phone.says("page-name", "@northwindtea").await?;
    phone.see_css(".phone.instagram").await?;

    let mid = writes(&phone, "Do you ship to Austria?").await?;
    let answer = says(meta, NORTHWIND_TEA, &ayumi, &json!({"text": "We do."})).await?;
    shows(&phone, APP_ID, "We do.").await?;
    picks(&phone, &answer, "react-love").await?;
    phone.click("plus").await?;
    phone.click("thing-mention-in-a-story").await?;
    phone.click("seen").await?;
    let read = told(meta, "reading", |event| event.get("read").is_some()).await?;
    assert!(read["read"].get("mid").is_some(), "Instagram tells it by message: {read}");
    phone.screenshot(&picture("phone-instagram")?).await?;

    picks(&phone, &mid, "unsend").await?;
    let gone = told(meta, "the unsend", |event| event["message"]["is_deleted"] == true).await?;
    assert_eq!(gone["message"]["mid"], json!(mid));
    shows(&phone, "customer", "You took this message back").await?;
    assert!(!on_the_phone(&phone).await?.iter().any(|(_, said)| said.contains("Austria")));
    Ok(())
}

#[tokio::test]
async fn in_the_control_room_the_world_is_moved_and_everything_is_read() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let meta = stage.meta();
    let noor = meta.customer(KITE_AND_CO, NOOR).await?;
    let room = Browser::open(stage.room(), "control-room", Theme::Light, meta.control_room_url()).await?;
    noor.writes("Is the red kite back?").await?;

    // The clock.
    let before_ms = meta.now_ms().await?;
    let day = |clock: &str| clock.rsplit_once(", ").map(|(day, _)| day.to_owned());
    let today = room.text_where("clock", "a day", |clock| day(clock).is_some()).await?;
    room.click("advance-24h").await?;
    room.text_where("clock", "another day", |clock| day(clock) != day(&today)).await?;
    assert!(meta.now_ms().await? - before_ms >= 24 * 3_600_000);
    noor.writes("Hello?").await?;

    // A fault, and its end.
    room.chooses("fault-effect", "send_refused").await?;
    room.chooses("fault-error", "person_unavailable").await?;
    room.click_css("#fault summary").await?;
    room.type_into("fault-times", "1").await?;
    room.click("fault-add").await?;
    room.says("faults", "in force").await?;
    let hello =
        json!({"recipient": {"id": noor.id()}, "messaging_type": "RESPONSE", "message": {"text": "It is."}});
    let (status, refused) = meta.graph_call(KITE_AND_CO, "messages", &hello).await?;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(551)), "{refused}");
    room.says("faults", "struck 1 of 1").await?;
    room.screenshot(&picture("control-room-fault")?).await?;
    let number = meta.faults().await?.first().context("a rule")?["number"].as_u64().context("a number")?;
    room.click(&format!("fault-remove-{number}")).await?;
    room.says("faults", "Nothing goes wrong").await?;
    assert_eq!(meta.graph_call(KITE_AND_CO, "messages", &hello).await?.0, 200);

    // Routing, and who holds a thread.
    room.chooses(&format!("routing-{KITE_AND_CO}"), "on").await?;
    room.see(&format!("default-app-{KITE_AND_CO}")).await?;
    room.chooses(&format!("owner-{}", noor.id()), BOT_APP_ID).await?;
    until::holds("the bot to hold it", until::SHORT, async || {
        Ok(noor.held_by().await?.as_deref() == Some("Teabot"))
    })
    .await?;
    let (_, refused) = meta.graph_call(KITE_AND_CO, "messages", &hello).await?;
    assert_eq!(refused["error"]["error_subcode"], 2_018_300);

    // A call and a webhook, opened.
    room.chooses("journal-kind", "call").await?;
    room.type_into("journal-find", "2018300").await?;
    let call = opened(&room, "\"error_subcode\": 2018300").await?;
    assert!(call.contains("It is.") && call.contains("Answered 400"), "{call}");
    room.screenshot(&picture("control-room-call")?).await?;
    room.see("journal-find").await?.clear().await?;
    room.chooses("journal-kind", "webhook").await?;
    room.type_into("journal-find", "red kite").await?;
    let webhook = opened(&room, "Is the red kite back?").await?;
    assert!(webhook.contains("\"mid\"") && webhook.contains("messages, for"), "{webhook}");
    Ok(())
}

#[tokio::test]
async fn both_pages_follow_the_desktop_into_the_dark() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let meta = stage.meta();
    let mut brightness = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        let page = Browser::open(stage.room(), "theme", theme, meta.phone_url()).await?;
        page.see("customer-list").await?;
        shows(&page, "customer", "").await?;
        page.screenshot(&picture(&format!("phone-{theme:?}").to_lowercase())?).await?;
        page.goes_to(meta.control_room_url()).await?;
        page.says("accounts", "Northwind Tea").await?;
        let mara = meta.customer(NORTHWIND_TEA, MARA).await?;
        let holder = format!("{} option:checked", by_name(&format!("owner-{}", mara.id())));
        let held_by = mara.held_by().await?.unwrap_or_else(|| "Nobody".to_owned());
        assert_eq!(page.text_css(&holder).await?, held_by);
        page.screenshot(&picture(&format!("control-room-{theme:?}").to_lowercase())?).await?;
        let script = "const [red] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g); return Number(red)";
        brightness.push(page.client().execute(script, vec![]).await?.as_f64().context("a colour")?);
    }
    assert!(brightness[0] > 200.0 && brightness[1] < 60.0, "{brightness:?}");
    Ok(())
}

/// Opens the first line of the journal that has something like this in it, and gives what it shows.
async fn opened(room: &Browser, words: &str) -> anyhow::Result<String> {
    let script = "const line = document.querySelector('[data-test=\"line\"]'); if (!line) return ''; \
                  const more = line.querySelector('[data-test=\"more\"]'); \
                  if (!more) line.querySelector('button').click(); return more?.innerText ?? ''";
    let mut last = String::new();
    let found = until::some(&format!("{words:?} in the journal"), until::SHORT, async || {
        last = room.client().execute(script, vec![]).await?.as_str().unwrap_or_default().to_owned();
        Ok(last.contains(words).then(|| last.clone()))
    })
    .await;
    found.with_context(|| format!("its first line shows {last:?}"))
}
