//! Lists that this agent keeps under names.

use baton_core::desk::SavedView as Kept;
use baton_core::store::{SavedViewRow, ViewCounts};
use baton_protocol::AccountId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::rows::{label_id, platform};
use super::session::channel;
use super::{Answer, Answering, errors};
use crate::contract::Count;
use crate::contract::threads::View;
use crate::contract::views::{SaveView, SavedView, SavedViewName, SavedViews};

impl Answering {
    pub(crate) async fn saved_views(&self, (): ()) -> Answer<SavedViews> {
        let kept = self.desk().saved_views().await.map_err(errors::of_desk)?;
        Ok(SavedViews {
            // One of a newer version is kept, and not shown.
            views: kept.into_iter().filter_map(shown).collect(),
            most: Kept::MOST,
            name_max: u32::try_from(Kept::NAME_CHARS).unwrap_or(u32::MAX),
        })
    }

    pub(crate) async fn save_view(&self, asked: SaveView) -> Answer<SavedViews> {
        let id = match &asked.id {
            Some(id) => view_id(id)?,
            None => Uuid::now_v7(),
        };
        let row = SavedViewRow {
            id,
            name: asked.name,
            view: written(&asked.view)?,
            account: asked.account.map(AccountId::from),
            platform: asked.channel.map(platform),
            label: asked.label.as_deref().map(label_id).transpose()?,
            sort: written(&asked.sort)?,
        };
        self.desk().save_view(row).await.map_err(errors::of_desk)?;
        self.saved_views(()).await
    }

    pub(crate) async fn delete_view(&self, asked: SavedViewName) -> Answer<SavedViews> {
        self.desk().forget_view(view_id(&asked.id)?).await.map_err(errors::of_desk)?;
        self.saved_views(()).await
    }
}

fn shown(kept: Kept) -> Option<SavedView> {
    let Kept { view: row, counts, label_is_gone } = kept;
    let view = read(&row.view)?;
    let (all, waiting) = counted(view, &counts);
    Some(SavedView {
        id: row.id.to_string(),
        name: row.name,
        view,
        account: row.account.map(|account| account.to_string()),
        channel: row.platform.map(channel),
        label: row.label.map(|label| label.to_string()),
        label_is_gone,
        sort: read(&row.sort)?,
        all: Count(all),
        waiting: Count(waiting),
    })
}

/// How many threads a view holds, and how many of them are to be answered.
fn counted(view: View, counts: &ViewCounts) -> (u64, u64) {
    match view {
        View::Mine => (counts.mine, counts.mine_waiting),
        View::Unassigned => (counts.unassigned, counts.unassigned_waiting),
        View::Mentions => (counts.mentions, counts.mentions_open),
        View::EndingSoon => (counts.ending_soon, counts.ending_soon),
        View::All => (counts.all, counts.all_waiting),
        View::TooLate => (counts.too_late, 0),
        View::Snoozed => (counts.snoozed, 0),
        View::Done => (counts.done, 0),
        View::Blocked => (counts.blocked, 0),
    }
}

/// A name of the contract as the page writes it.
fn written<T: Serialize>(name: &T) -> Answer<String> {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(errors::unreadable("a view")),
    }
}

fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn view_id(id: &str) -> Answer<Uuid> {
    id.parse().map_err(|_| errors::unreadable("a saved view"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::threads::Sort;

    #[test]
    fn a_view_is_kept_by_the_name_that_the_page_has_for_it() {
        assert_eq!(written(&View::EndingSoon).unwrap(), "endingSoon");
        assert_eq!(read::<View>("endingSoon"), Some(View::EndingSoon));
        assert_eq!(read::<Sort>(&written(&Sort::NeedsReply).unwrap()), Some(Sort::NeedsReply));
        assert_eq!(read::<View>("ofTomorrow"), None);
    }
}
