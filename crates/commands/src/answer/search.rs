//! Looking for messages and customers.

use baton_core::desk::DeskError;
use baton_core::search::Query;
use baton_core::search::query::Calendar;
use baton_core::store::{
    Author as Said, MessageKey, PeoplePage, PersonPlace, SearchFor, SearchHit as Hit, SearchPage, StoreError,
    ThreadId,
};
use baton_messenger::Words as Told;
use baton_protocol::AccountId;

use super::attachments::attachment;
use super::control_words::{app_name, inbox_name};
use super::media::Known;
use super::rows::{Names, customer_name, thread_row};
use super::session::{channel, words};
use super::{Answer, Answering, errors};
use crate::contract::attachment::{AttachmentView, MediaKind, MediaState, MediaView};
use crate::contract::search::{Found, FoundPeople, Search, SearchHit, SearchPeople, SnippetPiece};
use crate::contract::thread::Author;
use crate::contract::{Channel, Count, Ms, ThreadRef};

impl Answering {
    pub(crate) async fn search(&self, asked: Search) -> Answer<Found> {
        let me = self.desk().me().ok_or_else(|| errors::of_desk(DeskError::NotEnrolled))?;
        let now_ms = self.desk().meta_now().ms;
        let before: Option<i64> = match &asked.before {
            Some(place) => Some(place.parse().map_err(|_| errors::unreadable("a place in what was found"))?),
            None => None,
        };
        let query = match Query::parse(&asked.typed, &Calendar::at(now_ms, &asked.zone)) {
            Ok(query) => query,
            Err(error) => return Ok(problem(error.words())),
        };
        if query.is_empty() {
            return Ok(Found::default());
        }
        let thread = asked.thread.map(|thread| ThreadId(thread.0));
        let asked = SearchFor { query, thread, me, before, limit: asked.limit, now_ms };
        let page = match self.desk().store().search(&asked).await {
            Ok(page) => page,
            Err(StoreError::Query(error)) => return Ok(problem(error.words())),
            Err(error) => return Err(errors::of_store(error)),
        };
        let indexing = self.desk().store().is_indexing().await.map_err(errors::of_store)?;
        let mut reading = self.reading().await?;
        let names = Names::read(&mut reading, Some(me)).await?;
        drop(reading);
        found(page, &names, indexing)
    }

    pub(crate) async fn search_people(&self, asked: SearchPeople) -> Answer<FoundPeople> {
        let me = self.desk().me().ok_or_else(|| errors::of_desk(DeskError::NotEnrolled))?;
        let now_ms = self.desk().meta_now().ms;
        let after: PersonPlace = serde_json::from_str(&asked.after)
            .map_err(|_| errors::unreadable("a place among the customers that were found"))?;
        // Words that do not hold any more found nobody: the search itself says what is wrong with them.
        let Ok(query) = Query::parse(&asked.typed, &Calendar::at(now_ms, &asked.zone)) else {
            return Ok(FoundPeople::default());
        };
        let asked = SearchFor { query, thread: None, me, before: None, limit: asked.limit, now_ms };
        let page = match self.desk().store().search_people(&asked, after).await {
            Ok(page) => page,
            Err(StoreError::Query(_)) => PeoplePage::default(),
            Err(error) => return Err(errors::of_store(error)),
        };
        let mut reading = self.reading().await?;
        let names = Names::read(&mut reading, Some(me)).await?;
        drop(reading);
        Ok(FoundPeople {
            people: page.people.into_iter().map(|row| thread_row(row, &names)).collect(),
            next: page.next.as_ref().map(person).transpose()?,
        })
    }
}

/// A place among people as the page hands it back.
fn person(place: &PersonPlace) -> Answer<String> {
    serde_json::to_string(place)
        .map_err(|_| errors::unreadable("a place among the customers that were found"))
}

fn problem(told: Told) -> Found {
    Found { problem: Some(words(told)), ..Found::default() }
}

fn found(page: SearchPage, names: &Names, indexing: bool) -> Answer<Found> {
    Ok(Found {
        names: page.names.into_iter().map(|row| thread_row(row, names)).collect(),
        names_next: page.names_next.as_ref().map(person).transpose()?,
        names_count: page.names_count.map(Count),
        hits: page.hits.into_iter().map(|hit| shown(hit, names)).collect::<Answer<_>>()?,
        next: page.next.map(|next| next.to_string()),
        count: page.count.map(Count),
        counts_on: page.counts_on,
        problem: None,
        indexing,
    })
}

fn shown(hit: Hit, names: &Names) -> Answer<SearchHit> {
    let name = customer_name(hit.customer_name.as_deref(), &hit.customer);
    let (author, author_name) = said_by(&hit, &name, names);
    let media = medium(&hit);
    Ok(SearchHit {
        blurred: hit.by_stranger && media.as_ref().is_some_and(is_seen),
        media,
        thread: ThreadRef(hit.thread.0),
        at: written(&hit.place)?,
        channel: hit.platform.map_or(Channel::Messenger, channel),
        account_name: hit.account_name,
        customer: hit.customer,
        name,
        author,
        author_name,
        at_ms: Ms(hit.place.at_ms),
        cut_before: hit.snippet.cut_before,
        cut_after: hit.snippet.cut_after,
        pieces: hit
            .snippet
            .pieces
            .into_iter()
            .map(|piece| SnippetPiece { text: piece.text, found: piece.found })
            .collect(),
    })
}

/// The medium that stands for a hit.
fn medium(hit: &Hit) -> Option<MediaView> {
    let mut views: Vec<AttachmentView> = hit.attachments.iter().map(attachment).collect();
    Known::of(&hit.media).fill_attachments(&mut views);
    let mut media: Vec<MediaView> = views.into_iter().filter_map(first_medium).collect();
    media.retain(|media| !media.fleeting && media.state != MediaState::Missing);
    let seen = media.iter().position(is_seen);
    (!media.is_empty()).then(|| media.swap_remove(seen.unwrap_or(0)))
}

fn first_medium(view: AttachmentView) -> Option<MediaView> {
    match view {
        AttachmentView::Media { media } => Some(media),
        AttachmentView::Shared { media, .. } => media,
        AttachmentView::Cards { cards } => cards.into_iter().find_map(|card| card.media),
        _ => None,
    }
}

fn is_seen(media: &MediaView) -> bool {
    matches!(media.kind, MediaKind::Image | MediaKind::Video)
}

fn said_by(hit: &Hit, customer: &str, names: &Names) -> (Author, String) {
    let facts = || names.facts(&AccountId::from(hit.account.as_str()));
    match &hit.author {
        Said::Customer => (Author::Customer, customer.to_owned()),
        Said::Agent(agent) if Some(*agent) == names.me => (Author::Me, names.agent(*agent)),
        Said::Agent(agent) => (Author::Colleague, names.agent(*agent)),
        Said::OtherDesk => (Author::Colleague, "Another desk".to_owned()),
        Said::MetaInbox => (Author::Inbox, inbox_name(facts().platform).to_owned()),
        Said::App(app) => (Author::App, app_name(app, &facts())),
        Said::Account | Said::System => (Author::App, hit.account_name.clone()),
    }
}

/// A place in a thread as the page hands it back.
pub(super) fn written(place: &MessageKey) -> Answer<String> {
    serde_json::to_string(place).map_err(|_| errors::unreadable("a place in the thread"))
}
