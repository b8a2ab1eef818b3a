//! The control room: one page that shows the whole simulated Meta and what crosses its borders, and acts on it through
//! the control API.
//!
//! Everything it shows comes over one stream ([`stream`]), made new when the page looks for something else. Views
//! here hold no token and no more than a page can show, however large the world is.

mod stream;
mod view;

pub(crate) use stream::events;
pub(crate) use view::named;
