//! Spell checking in the page, in the languages of the system. WebKitGTK checks nothing until somebody says so; the other
//! systems' web views do by themselves.

use tauri::WebviewWindow;

/// Checked where the system names no language that could be checked.
const ELSE: &str = "en_US";

/// The languages of the system, the preferred one first, as dictionaries are called: `de_AT`, `en_GB`.
#[must_use]
pub fn languages(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    // As GNU gettext has it: a list of preferences counts only where there is a locale at all.
    let preferred = set("LANGUAGE").filter(|_| dictionary(&locale).is_some()).unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for name in preferred.split(':').chain([locale.as_str()]) {
        let Some(name) = dictionary(name) else { continue };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    if found.is_empty() {
        found.push(ELSE.to_owned());
    }
    found
}

/// `de_AT.UTF-8@euro` → `de_AT`; none for what is no language.
fn dictionary(locale: &str) -> Option<String> {
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    let is_language =
        name.len() >= 2 && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (is_language && name != "POSIX").then(|| name.to_owned())
}

/// Switches it on for the page of this window.
#[cfg(target_os = "linux")]
pub fn check(window: &WebviewWindow, languages: Vec<String>) {
    use webkit2gtk::{WebContextExt as _, WebViewExt as _};

    let asked = window.with_webview(move |web_view| {
        let Some(context) = web_view.inner().context() else { return };
        let names: Vec<&str> = languages.iter().map(String::as_str).collect();
        context.set_spell_checking_languages(&names);
        context.set_spell_checking_enabled(true);
        tracing::info!(?names, "spell checking is on");
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "spell checking stays off");
    }
}

/// Other web views check by themselves.
#[cfg(not(target_os = "linux"))]
pub fn check(_window: &WebviewWindow, _languages: Vec<String>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_of_the_system_are_told_by_its_environment() {
        let of = |set: &[(&str, &str)]| {
            languages(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("LANG", "de_AT.UTF-8")]), ["de_AT"]);
        assert_eq!(of(&[("LANG", "de_AT.UTF-8"), ("LC_ALL", "pl_PL@euro")]), ["pl_PL"]);
        let several = [("LANGUAGE", "de_AT:en_GB:en"), ("LANG", "de_AT.UTF-8")];
        assert_eq!(of(&several), ["de_AT", "en_GB", "en"]);
        for none in
            [&[][..], &[("LANG", "C.UTF-8")], &[("LC_ALL", "POSIX"), ("LANGUAGE", "de")], &[("LANG", "")]]
        {
            assert_eq!(of(none), ["en_US"]);
        }
    }
}
