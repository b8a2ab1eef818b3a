//! Looking for lines of the journal.

use baton_messenger::{AccountId, AppId};
use serde::{Deserialize, Serialize};

use super::record::Records;
use super::{Entry, Fate, Line};

/// A page holds so many lines at most.
const LIMIT: usize = 60;
/// So many lines are looked at for one page: a search without a hit comes back and says how far it got.
const LOOKED_AT: usize = 1_500;

/// What is looked for; what is left out fits everything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Query {
    /// Any part of the line's JSON, whatever the case.
    pub text: String,
    /// `call` or `webhook`.
    pub kind: Option<String>,
    /// Webhooks of this account, and calls that name it.
    pub account: Option<AccountId>,
    /// Calls by this app, webhooks for it.
    pub app: Option<AppId>,
    /// Only what did not go well.
    pub trouble: bool,
    /// Only what a fault struck.
    pub faults: bool,
    /// Without what an app asks about itself every second, only to hear the time.
    pub quiet: bool,
}

/// Lines, newest first.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub lines: Vec<Line>,
    /// Look for more below this; `None`: that was all.
    pub before: Option<u64>,
    /// The point from which changes are new.
    pub changes: u64,
}

impl Query {
    /// Whether a line is one that is looked for.
    pub fn fits(&self, line: &Line) -> bool {
        let (kind, is_trouble, is_struck) = match &line.entry {
            Entry::Call(call) => {
                let is_well = call.status.is_some_and(|status| status < 400) || call.ended_ms.is_none();
                ("call", !is_well, !call.faults.is_empty())
            }
            Entry::Webhook(webhook) => {
                let failed = webhook.tries.iter().any(|attempt| attempt.status != Some(200));
                let is_gone = matches!(webhook.fate, Fate::Dropped | Fate::Unsubscribed);
                ("webhook", failed || is_gone, !webhook.faults.is_empty())
            }
        };
        (!self.quiet || is_trouble || is_struck || !asks_the_time(&line.entry))
            && self.kind.as_ref().is_none_or(|wanted| wanted.is_empty() || wanted == kind)
            && (!self.trouble || is_trouble)
            && (!self.faults || is_struck)
            && self.fits_app(&line.entry)
            && self.fits_text(line)
    }

    fn fits_app(&self, entry: &Entry) -> bool {
        let Some(wanted) = self.app.as_ref().filter(|app| !app.as_str().is_empty()) else { return true };
        match entry {
            Entry::Call(call) => call.app_id.as_ref() == Some(wanted),
            Entry::Webhook(webhook) => &webhook.app_id == wanted,
        }
    }

    fn fits_text(&self, line: &Line) -> bool {
        let account = self.account.as_ref().map_or("", AccountId::as_str);
        if self.text.is_empty() && account.is_empty() {
            return true;
        }
        let Ok(json) = serde_json::to_string(&line.entry) else { return false };
        json.contains(account) && json.to_lowercase().contains(&self.text.to_lowercase())
    }
}

/// An app reads itself: the relay's way to hear Meta's time.
fn asks_the_time(entry: &Entry) -> bool {
    let Entry::Call(call) = entry else { return false };
    let about = call.path.rsplit('/').next().unwrap_or_default();
    call.method == "GET" && call.app_id.as_ref().is_some_and(|app| app.as_str() == about)
}

pub(super) fn page(records: &Records, query: &Query, before: Option<u64>) -> Page {
    let mut page = Page { lines: Vec::new(), before: None, changes: records.changes() };
    for (looked_at, line) in records.newest_first(before.unwrap_or(u64::MAX)).enumerate() {
        if page.lines.len() >= LIMIT || looked_at >= LOOKED_AT {
            page.before = Some(line.order + 1);
            break;
        }
        if query.fits(&line) {
            page.lines.push(line);
        }
    }
    page
}
