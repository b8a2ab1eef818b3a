//! Notices of the desk as the page hears them.

use baton_core::desk::Notice as DeskNotice;
use futures_util::{Stream, StreamExt, stream};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use super::Answering;
use crate::contract::notice::Notice;
use crate::contract::{Count, ThreadRef};

impl Answering {
    /// What goes stale from now on, in order. When a listener was too slow it hears [`Notice::All`].
    pub fn notices(&self) -> impl Stream<Item = Notice> + Send + use<> {
        let desks = BroadcastStream::new(self.desk().notices()).map(|heard| match heard {
            Ok(notice) => of_desk(notice),
            Err(BroadcastStreamRecvError::Lagged(_)) => Notice::All,
        });
        // What was missed of alerts is old by now.
        let alerts =
            BroadcastStream::new(self.told.subscribe()).filter_map(|heard| std::future::ready(heard.ok()));
        stream::select(desks, alerts)
    }
}

fn of_desk(notice: DeskNotice) -> Notice {
    match notice {
        DeskNotice::Threads(threads, version) => Notice::Threads {
            threads: threads.into_iter().map(|thread| ThreadRef(thread.0)).collect(),
            store_version: Count(version),
        },
        DeskNotice::Marked(threads, version) => Notice::Marked {
            threads: threads.into_iter().map(|thread| ThreadRef(thread.0)).collect(),
            store_version: Count(version),
        },
        DeskNotice::Lists(version) => Notice::Lists { store_version: Count(version) },
        DeskNotice::Status | DeskNotice::Counts => Notice::Status,
        DeskNotice::Accounts => Notice::Session,
        DeskNotice::Login => Notice::Login,
        DeskNotice::Presence => Notice::Presence,
        DeskNotice::Closing => Notice::Closing,
    }
}
