//! Lists that this agent keeps under names, on this desk alone.

use baton_messenger::Words;
use uuid::Uuid;

use super::customer::tidy;
use super::{Desk, DeskError};
use crate::store::{Filter, SavedViewRow, ViewCounts, ViewKept};

/// A list under a name, and how many threads there are of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The list.
    pub view: SavedViewRow,
    /// How many threads each view holds with its filters.
    pub counts: ViewCounts,
    /// Its label was taken out of the workspace.
    pub label_is_gone: bool,
}

impl SavedView {
    /// How many there are at most.
    pub const MOST: u32 = 30;
    /// How long a name may be, characters.
    pub const NAME_CHARS: usize = 40;
}

/// Why a list cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ViewFault {
    /// It has no name.
    #[error("a saved view without a name")]
    Name,
    /// Its name is too long.
    #[error("the name of a saved view is too long")]
    NameTooLong,
    /// Another one goes by its name.
    #[error("there is a saved view of this name")]
    NameTaken,
    /// There are as many as there can be.
    #[error("there is no room for another saved view")]
    TooMany,
}

impl ViewFault {
    pub(super) fn words(self) -> Words {
        match self {
            Self::Name => Words::new("A saved view needs a name.", "Give it one."),
            Self::NameTooLong => Words::new(
                format!("The name is longer than {} characters.", SavedView::NAME_CHARS),
                "Choose a shorter one.",
            ),
            Self::NameTaken => Words::new(
                "There is a saved view of this name already.",
                "Choose another name, or change the one that is there.",
            ),
            Self::TooMany => Words::new(
                format!("There are {} saved views already, and there is no room for more.", SavedView::MOST),
                "Delete one that you no longer need.",
            ),
        }
    }
}

impl Desk {
    /// The lists that this agent keeps, in the order in which they were made.
    ///
    /// # Errors
    /// [`DeskError::NotEnrolled`]; when the store cannot be read.
    pub async fn saved_views(&self) -> Result<Vec<SavedView>, DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let rows = self.inner.store.saved_views().await?;
        let mut reading = self.inner.store.reading().await?;
        let labels = reading.labels().await?;
        let mut views = Vec::with_capacity(rows.len());
        for view in rows {
            let filter = Filter { platform: view.platform, label: view.label };
            let label_is_gone =
                view.label.is_some_and(|label| labels.iter().all(|known| known.label != label));
            // No thread shows a label that is gone, so none is counted.
            let counts = if label_is_gone {
                ViewCounts::default()
            } else {
                reading.filtered_counts(me, view.account.as_ref(), &filter).await?
            };
            views.push(SavedView { view, counts, label_is_gone });
        }
        Ok(views)
    }

    /// Keeps a list: a new one, or another one in the place of that with its id.
    ///
    /// # Errors
    /// [`DeskError::View`] when it cannot be kept; when the store cannot be written.
    pub async fn save_view(&self, mut view: SavedViewRow) -> Result<(), DeskError> {
        view.name = tidy(&view.name);
        if view.name.is_empty() {
            return Err(ViewFault::Name.into());
        }
        if view.name.chars().count() > SavedView::NAME_CHARS {
            return Err(ViewFault::NameTooLong.into());
        }
        match self.inner.store.save_view(&view, SavedView::MOST).await? {
            ViewKept::Kept => Ok(()),
            ViewKept::NoRoom => Err(ViewFault::TooMany.into()),
            ViewKept::NameTaken => Err(ViewFault::NameTaken.into()),
        }
    }

    /// Forgets one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_view(&self, id: Uuid) -> Result<(), DeskError> {
        Ok(self.inner.store.forget_view(id).await?)
    }
}
