//! Meta's budgets of calls: how much of each is used, and what is refused when one is used up (docs/meta.md 6).
//!
//! Use is always counted and shown in the headers. Refusing is a switch, because a small made-up world would soon be
//! out of calls: the budgets of a day grow with the people whom a business can write to, and those are a figure here.

use std::collections::{BTreeMap, VecDeque};

use baton_messenger::{AccountId, AppId, Platform};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::World;
use super::refusals::Refusal;
use super::token::{Holder, Token};
use crate::clock::{DAY_MS, HOUR_MS};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60_000;

/// The budgets, with Meta's figures as they begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Whether calls beyond a budget are refused.
    pub is_enforced: bool,
    /// Calls of the Conversations API a second, per account.
    pub conversations_per_s: u32,
    /// Sends a second per Page.
    pub sends_per_s: u32,
    /// Sends a second per Instagram account.
    pub instagram_sends_per_s: u32,
    /// Sends of sound and film a second, per account.
    pub media_sends_per_s: u32,
    /// Calls of the Messenger profile in ten minutes, per Page.
    pub profile_per_10_min: u32,
    /// People whom each account can write to; its calls a day are 200 times as many.
    pub engaged: u32,
    /// People who use the app each day; its calls an hour are 200 times as many.
    pub daily_users: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            is_enforced: false,
            conversations_per_s: 2,
            sends_per_s: 300,
            instagram_sends_per_s: 100,
            media_sends_per_s: 10,
            profile_per_10_min: 10,
            engaged: 1000,
            daily_users: 1000,
        }
    }
}

/// What a call is, for the budgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallClass {
    Conversations,
    Send {
        has_media: bool,
    },
    MessengerProfile,
    /// The Page itself: its node, its subscriptions.
    Page,
    Other,
}

/// Calls within a span of time.
#[derive(Debug, Default)]
struct Meter {
    /// Times, or beginnings of minutes, with how many calls fell there.
    counts: VecDeque<(i64, u32)>,
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub(crate) struct Meters {
    app: BTreeMap<AppId, Meter>,
    account: BTreeMap<(AccountId, &'static str), Meter>,
}

/// One budget and how a call stands to it.
struct Budget {
    /// The key under which an account's calls are counted; also the `type` in the header, where it has one.
    name: &'static str,
    limit: u32,
    span_ms: i64,
    refusal: &'static str,
}

impl Meter {
    fn count(&mut self, now_ms: i64, span_ms: i64) -> u32 {
        // Long spans are counted by the minute, so that a day of calls stays small.
        let grain_ms = if span_ms >= HOUR_MS { MINUTE_MS } else { 1 };
        let at_ms = now_ms - now_ms % grain_ms;
        while self.counts.front().is_some_and(|(ms, _)| now_ms - ms >= span_ms) {
            self.counts.pop_front();
        }
        match self.counts.back_mut() {
            Some((ms, count)) if *ms == at_ms => *count += 1,
            _ => self.counts.push_back((at_ms, 1)),
        }
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// When enough of what was counted is over, so that the next call is within the limit.
    fn free_ms(&self, limit: u32, span_ms: i64) -> i64 {
        let mut left: u32 = self.counts.iter().map(|(_, count)| count).sum();
        for (ms, count) in &self.counts {
            left -= count;
            if left < limit {
                return ms + span_ms;
            }
        }
        0
    }
}

/// What the budgets say to a call.
pub(crate) struct Counted {
    pub headers: Vec<(&'static str, String)>,
    pub refusal: Option<Refusal>,
}

impl World {
    /// Counts a call of this class for `account` (the token's own, or the Instagram account that is meant).
    pub fn count_call(
        &mut self,
        token: &Token,
        account: Option<&AccountId>,
        class: CallClass,
        now_ms: i64,
    ) -> Counted {
        let mut counted = Counted { headers: Vec::new(), refusal: None };
        let app_limit = self.limits.daily_users.saturating_mul(200);
        let used = self.meters.app.entry(token.app.clone()).or_default().count(now_ms, HOUR_MS);
        counted.headers.push(("x-app-usage", share(used, app_limit).to_string()));
        if used > app_limit {
            let name = if token.holder == Holder::User { "rate_user" } else { "rate_app" };
            counted.refusal = Some(Refusal::of(name));
        }
        if let Some(account) = account {
            self.count_account(&mut counted, account, class, now_ms);
        }
        if !self.limits.is_enforced {
            counted.refusal = None;
        }
        counted
    }

    fn count_account(&mut self, counted: &mut Counted, account: &AccountId, class: CallClass, now_ms: i64) {
        let platform = self.account(account).map_or(Platform::Messenger, |a| a.platform);
        let mut shown = Vec::new();
        for budget in self.limits.budgets(platform, class) {
            let meter = self.meters.account.entry((account.clone(), budget.name)).or_default();
            let used = meter.count(now_ms, budget.span_ms);
            let is_over = used > budget.limit;
            if is_over && counted.refusal.is_none() {
                counted.refusal = Some(Refusal::of(budget.refusal));
            }
            if budget.span_ms == DAY_MS {
                let left_ms = if is_over { meter.free_ms(budget.limit, DAY_MS) - now_ms } else { 0 };
                let mut row = share(used, budget.limit);
                row["type"] = budget.name.into();
                row["estimated_time_to_regain_access"] = (left_ms.max(0) as u64).div_ceil(60_000).into();
                shown.push(row);
            }
        }
        let header = json!({account.as_str(): shown});
        counted.headers.push(("x-business-use-case-usage", header.to_string()));
    }
}

impl Limits {
    fn budgets(&self, platform: Platform, class: CallClass) -> Vec<Budget> {
        let is_instagram = platform == Platform::Instagram;
        let throttled = if is_instagram { "rate_custom_instagram" } else { "rate_custom" };
        let short = |name, limit, span_ms| Budget { name, limit, span_ms, refusal: throttled };
        let mut budgets = match class {
            CallClass::Conversations => vec![short("conversations", self.conversations_per_s, SECOND_MS)],
            CallClass::Send { has_media } => {
                let limit = if is_instagram { self.instagram_sends_per_s } else { self.sends_per_s };
                let mut sends = vec![short("sends", limit, SECOND_MS)];
                if has_media {
                    sends.push(short("media sends", self.media_sends_per_s, SECOND_MS));
                }
                sends
            }
            CallClass::MessengerProfile => {
                vec![short("messenger profile", self.profile_per_10_min, 10 * MINUTE_MS)]
            }
            CallClass::Page | CallClass::Other => Vec::new(),
        };
        let day = |name, per_person: u32, refusal| Budget {
            name,
            limit: self.engaged.saturating_mul(per_person),
            span_ms: DAY_MS,
            refusal,
        };
        budgets.push(match class {
            CallClass::Page => day("pages", 4800, "rate_buc_pages"),
            _ if is_instagram => day("instagram", 200, "rate_buc_instagram"),
            _ => day("messenger", 200, "rate_buc_messenger"),
        });
        budgets
    }
}

/// Used shares in per cent, as the headers write them. Time and processor follow the calls.
fn share(used: u32, limit: u32) -> Value {
    let percent = u64::from(used) * 100 / u64::from(limit.max(1));
    json!({"call_count": percent, "total_cputime": percent / 4, "total_time": percent / 4})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_counts_no_more() {
        let mut meter = Meter::default();
        assert_eq!((meter.count(0, SECOND_MS), meter.count(500, SECOND_MS)), (1, 2));
        assert_eq!(meter.count(999, SECOND_MS), 3);
        assert_eq!(meter.free_ms(2, SECOND_MS), 1500, "two of the three are over then");
        assert_eq!(meter.count(1500, SECOND_MS), 2);
    }

    #[test]
    fn a_day_is_counted_by_the_minute() {
        let mut meter = Meter::default();
        for call in 0..1000 {
            meter.count(call * 100, DAY_MS);
        }
        assert!(meter.counts.len() <= 2);
        assert_eq!(meter.count(DAY_MS, DAY_MS), 401, "the first minute is over");
    }
}
