//! Templates and their limits (docs/meta.md 4.8). Instagram takes `generic`, `button` and `product`.

use baton_messenger::Platform;
use serde_json::Value;

use super::buttons;
use crate::world::World;
use crate::world::account::Account;
use crate::world::refusals::Refusal;

const ELEMENTS: usize = 10;
const LINE: usize = 80;
const BUTTON_TEXT: usize = 640;
const RECEIPT_ELEMENTS: usize = 100;

pub(super) fn check(world: &World, account: &Account, payload: &Value, now_ms: i64) -> Result<(), Refusal> {
    let platform = account.platform;
    match (payload["template_type"].as_str().unwrap_or_default(), platform) {
        ("generic", _) => generic(platform, payload),
        ("button", _) => button(platform, payload),
        ("product", _) => product(payload),
        ("media", Platform::Messenger) => media(world, account, payload, now_ms),
        ("receipt", Platform::Messenger) => receipt(account, payload),
        (kind, _) => Err(Refusal::bad_parameter(format!("A template of type {kind} is not possible here."))),
    }
}

fn elements(payload: &Value, most: usize) -> Result<&Vec<Value>, Refusal> {
    let elements = payload["elements"].as_array().filter(|list| (1..=most).contains(&list.len()));
    elements.ok_or_else(|| Refusal::bad_parameter(format!("elements must hold 1 to {most} objects.")))
}

fn text(object: &Value, key: &str, most: usize) -> Result<(), Refusal> {
    let text = object[key].as_str().unwrap_or_default();
    if text.trim().is_empty() || text.chars().count() > most {
        return Err(Refusal::bad_parameter(format!("{key} must hold 1 to {most} characters.")));
    }
    Ok(())
}

fn maybe_text(object: &Value, key: &str, most: usize) -> Result<(), Refusal> {
    if object.get(key).is_none() { Ok(()) } else { text(object, key, most) }
}

fn generic(platform: Platform, payload: &Value) -> Result<(), Refusal> {
    for element in elements(payload, ELEMENTS)? {
        text(element, "title", LINE)?;
        maybe_text(element, "subtitle", LINE)?;
        buttons::check_default_action(element.get("default_action"))?;
        buttons::check(platform, element.get("buttons"))?;
    }
    Ok(())
}

fn button(platform: Platform, payload: &Value) -> Result<(), Refusal> {
    text(payload, "text", BUTTON_TEXT)?;
    match buttons::check(platform, payload.get("buttons"))? {
        0 => Err(Refusal::bad_parameter("At least one button is needed.")),
        _ => Ok(()),
    }
}

fn product(payload: &Value) -> Result<(), Refusal> {
    elements(payload, ELEMENTS)?.iter().try_for_each(|element| text(element, "id", LINE))
}

fn media(world: &World, account: &Account, payload: &Value, now_ms: i64) -> Result<(), Refusal> {
    let fault = |text: &str| Refusal { text: text.to_owned(), ..Refusal::of("media_template") };
    let element = elements(payload, 1).map_err(|_| fault("A media template has one element."))?.first();
    let element = element.ok_or_else(|| fault("A media template has one element."))?;
    if !matches!(element["media_type"].as_str(), Some("image" | "video")) {
        return Err(fault("media_type must be image or video."));
    }
    buttons::check(account.platform, element.get("buttons"))?;
    let id = element.get("attachment_id").and_then(super::upload::id_text);
    match (id, element["url"].as_str()) {
        (Some(id), None) => world.upload(account, &id, now_ms).map(|_| ()),
        (None, Some(_)) => Ok(()),
        _ => Err(fault("Either attachment_id or url is needed.")),
    }
}

fn receipt(account: &Account, payload: &Value) -> Result<(), Refusal> {
    for key in ["recipient_name", "order_number", "payment_method"] {
        text(payload, key, 1000)?;
    }
    let currency = payload["currency"].as_str().unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Refusal::bad_parameter("currency must be an ISO 4217 code."));
    }
    if !payload["summary"]["total_cost"].is_number() {
        return Err(Refusal::bad_parameter("summary.total_cost is needed."));
    }
    if payload.get("elements").is_some() {
        elements(payload, RECEIPT_ELEMENTS)?.iter().try_for_each(|element| text(element, "title", LINE))?;
    }
    let order = payload["order_number"].as_str().unwrap_or_default();
    if account.orders.contains(order) {
        return Err(Refusal::bad_parameter("order_number was used already."));
    }
    Ok(())
}
