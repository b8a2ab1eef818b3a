//! The usage headers of a throttled answer (docs/meta.md 6.2, 6.3).

use baton_messenger::AccountId;
use serde_json::json;

const MINUTE_MS: i64 = 60_000;

/// The headers that go with this code: the budget is used up, and comes back when the rule ends.
pub(super) fn headers(
    code: i64,
    page: Option<&AccountId>,
    until_ms: Option<i64>,
    now_ms: i64,
) -> Vec<(&'static str, String)> {
    let used_up = json!({"call_count": 100, "total_cputime": 100, "total_time": 100});
    let kind = match code {
        4 | 17 => return vec![("x-app-usage", used_up.to_string())],
        32 => return vec![("x-page-usage", used_up.to_string())],
        80001 => "pages",
        80002 => "instagram",
        _ => "messenger",
    };
    // Without an end Meta names no time either, and the caller has to try.
    let left_ms = until_ms.map_or(0, |until_ms| until_ms - now_ms).max(0);
    let minutes = left_ms / MINUTE_MS + i64::from(left_ms % MINUTE_MS > 0);
    let mut usage = used_up;
    usage["type"] = kind.into();
    usage["estimated_time_to_regain_access"] = minutes.into();
    let account = page.map_or("", AccountId::as_str);
    vec![("x-business-use-case-usage", json!({account: [usage]}).to_string())]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_code_has_its_header_and_minutes_are_rounded_up() {
        assert_eq!(headers(4, None, None, 0)[0].0, "x-app-usage");
        assert_eq!(headers(32, None, None, 0)[0].0, "x-page-usage");
        let page = AccountId::from("1045");
        let (name, text) = headers(80006, Some(&page), Some(61_000), 0).remove(0);
        assert_eq!(name, "x-business-use-case-usage");
        let usage: Value = serde_json::from_str(&text).unwrap();
        let entry = &usage["1045"][0];
        assert_eq!((entry["type"].as_str(), entry["call_count"].as_i64()), (Some("messenger"), Some(100)));
        assert_eq!(entry["estimated_time_to_regain_access"], 2);
    }
}
