//! Buttons of templates (docs/meta.md 4.8): Instagram knows links and postbacks only.

use baton_messenger::Platform;
use serde_json::Value;

use crate::world::refusals::Refusal;

const TITLE: usize = 20;
const PAYLOAD: usize = 1000;
const MOST: usize = 3;

/// The buttons under a template's text or element; `None`: there are none.
pub(super) fn check(platform: Platform, buttons: Option<&Value>) -> Result<usize, Refusal> {
    let Some(buttons) = buttons else { return Ok(0) };
    let broken = || Refusal::bad_parameter("buttons must be a list.");
    let buttons = buttons.as_array().ok_or_else(broken)?;
    if buttons.len() > MOST {
        return Err(Refusal::bad_parameter("At most 3 buttons."));
    }
    buttons.iter().try_for_each(|button| check_one(platform, button))?;
    Ok(buttons.len())
}

/// What a tap on the whole element does: a link without a title.
pub(super) fn check_default_action(action: Option<&Value>) -> Result<(), Refusal> {
    let Some(action) = action else { return Ok(()) };
    if action["type"] != "web_url" || action.get("title").is_some() {
        return Err(Refusal::bad_parameter("default_action must be a link without a title."));
    }
    check_link(action)
}

fn check_one(platform: Platform, button: &Value) -> Result<(), Refusal> {
    match (button["type"].as_str().unwrap_or_default(), platform) {
        ("web_url", _) => {
            check_title(button)?;
            check_link(button)
        }
        ("postback", _) => {
            check_title(button)?;
            let payload = button["payload"].as_str().unwrap_or_default();
            if payload.is_empty() || payload.chars().count() > PAYLOAD {
                return Err(Refusal::bad_parameter("A postback needs a payload of up to 1000 characters."));
            }
            Ok(())
        }
        ("phone_number", Platform::Messenger) => {
            check_title(button)?;
            let number = button["payload"].as_str().unwrap_or_default();
            let digits = number.strip_prefix('+').unwrap_or_default();
            let is_number = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            if is_number { Ok(()) } else { Err(Refusal::bad_parameter("The number must be E.164.")) }
        }
        ("account_link", Platform::Messenger) => check_link(button),
        ("account_unlink", Platform::Messenger) => Ok(()),
        (kind, _) => Err(Refusal::bad_parameter(format!("A button of type {kind} is not possible here."))),
    }
}

fn check_title(button: &Value) -> Result<(), Refusal> {
    let title = button["title"].as_str().unwrap_or_default();
    if title.trim().is_empty() || title.chars().count() > TITLE {
        return Err(Refusal::bad_parameter("A button needs a title of up to 20 characters."));
    }
    Ok(())
}

fn check_link(button: &Value) -> Result<(), Refusal> {
    let url = button["url"].as_str().unwrap_or_default();
    if url.starts_with("https://") || url.starts_with("http://") {
        Ok(())
    } else {
        Err(Refusal::bad_parameter("url must be a link."))
    }
}
