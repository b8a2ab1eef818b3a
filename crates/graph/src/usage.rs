//! How much of Meta's budgets is used, from the headers of an answer (docs/meta.md 6.2).

use reqwest::header::HeaderMap;
use serde_json::Value;

const MINUTE_MS: i64 = 60_000;

/// What the usage headers of one answer say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// `X-App-Usage`.
    pub app: Option<UsageShare>,
    /// `X-Page-Usage`; an older header.
    pub page: Option<UsageShare>,
    /// `X-Business-Use-Case-Usage`, one row per account and kind of call.
    pub business: Vec<BusinessUsage>,
}

/// Shares of one budget, in per cent; 100 is where calls are turned away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageShare {
    /// Number of calls.
    pub calls: u32,
    /// Computing time.
    pub cpu_time: u32,
    /// Whole time.
    pub total_time: u32,
}

/// One row of the business header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessUsage {
    /// The business, Page or account the budget belongs to.
    pub id: String,
    /// `messenger`, `pages`, `instagram`, …
    pub kind: String,
    /// The shares.
    pub share: UsageShare,
    /// How long calls are turned away, in milliseconds; 0 while they are not.
    pub regain_ms: i64,
}

impl UsageShare {
    /// The largest of the three, which is the one that counts.
    pub fn percent(self) -> u32 {
        self.calls.max(self.cpu_time).max(self.total_time)
    }
}

impl Usage {
    /// Reads the headers; `None` when there are none.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let json =
            |name: &str| -> Option<Value> { serde_json::from_slice(headers.get(name)?.as_bytes()).ok() };
        let usage = Self {
            app: json("x-app-usage").as_ref().map(share),
            page: json("x-page-usage").as_ref().map(share),
            business: json("x-business-use-case-usage").as_ref().map(business).unwrap_or_default(),
        };
        (usage != Self::default()).then_some(usage)
    }

    /// The largest share of any budget, in per cent.
    pub fn percent(&self) -> u32 {
        let shares = self.app.into_iter().chain(self.page).chain(self.business.iter().map(|row| row.share));
        shares.map(UsageShare::percent).max().unwrap_or(0)
    }

    /// The largest share of the budgets that are the account's own, not the app's, in per cent; `None` when none was told.
    pub fn account_percent(&self) -> Option<u32> {
        let shares = self.page.into_iter().chain(self.business.iter().map(|row| row.share));
        shares.map(UsageShare::percent).max()
    }

    /// How long Meta turns calls away, in milliseconds; `None` while it does not.
    pub fn regain_ms(&self) -> Option<i64> {
        self.business.iter().map(|row| row.regain_ms).max().filter(|ms| *ms > 0)
    }
}

fn share(value: &Value) -> UsageShare {
    let percent = |name: &str| value.get(name).and_then(Value::as_f64).map_or(0, whole_percent);
    UsageShare {
        calls: percent("call_count"),
        cpu_time: percent("total_cputime"),
        total_time: percent("total_time"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to a range that fits"
)]
fn whole_percent(percent: f64) -> u32 {
    percent.clamp(0.0, 1_000_000.0).ceil() as u32
}

fn business(value: &Value) -> Vec<BusinessUsage> {
    let Value::Object(accounts) = value else {
        return Vec::new();
    };
    let rows = |rows: &Value| rows.as_array().cloned().unwrap_or_default();
    accounts.iter().flat_map(|(id, list)| rows(list).into_iter().map(|row| business_row(id, &row))).collect()
}

fn business_row(id: &str, row: &Value) -> BusinessUsage {
    let minutes = row.get("estimated_time_to_regain_access").and_then(Value::as_i64).unwrap_or(0);
    BusinessUsage {
        id: id.to_owned(),
        kind: row.get("type").and_then(Value::as_str).unwrap_or_default().to_owned(),
        share: share(row),
        regain_ms: minutes.max(0).saturating_mul(MINUTE_MS),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &BTreeMap<String, String>) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn the_documented_headers_are_read() {
        let pairs =
            serde_json::from_str(include_str!("../../../fixtures/graph_headers_rate_limit.json")).unwrap();
        let usage = Usage::from_headers(&headers(&pairs)).unwrap();
        assert_eq!(usage.app, Some(UsageShare { calls: 28, cpu_time: 25, total_time: 25 }));
        assert_eq!(usage.page.unwrap().percent(), 12);
        assert_eq!(usage.business.len(), 2);
        assert_eq!(
            (usage.business[0].id.as_str(), usage.business[0].kind.as_str()),
            ("104500000000011", "messenger")
        );
        assert_eq!((usage.percent(), usage.account_percent()), (100, Some(100)));
        assert_eq!(usage.regain_ms(), Some(19 * 60_000));
    }

    #[test]
    fn no_headers_and_odd_headers_say_nothing() {
        assert_eq!(Usage::from_headers(&HeaderMap::new()), None);
        let odd = BTreeMap::from([
            ("x-app-usage".to_owned(), "not json".to_owned()),
            ("x-business-use-case-usage".to_owned(), r#"{"1": "x", "2": [3]}"#.to_owned()),
        ]);
        let usage = Usage::from_headers(&headers(&odd)).unwrap();
        assert_eq!((usage.percent(), usage.regain_ms()), (0, None));
    }
}
