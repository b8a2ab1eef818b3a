//! A hand with the mouse: it takes something, carries it over the page and lets it go.

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;

use super::page::Page;

impl Page {
    /// Takes what one selector finds and carries it over the middle of what another one finds, in several moves; the button
    /// stays down.
    ///
    /// # Errors
    /// When one of them does not appear.
    pub async fn carries(&self, what: &str, over: &str) -> anyhow::Result<()> {
        let (from, to) = (self.see_css(what).await?, self.see_css(over).await?);
        let hand = hand()
            .then(beside(from, 0.0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(on_by(2.0))
            .then(on_by(3.0))
            .then(on_by(4.0))
            .then(beside(to.clone(), 12.0))
            .then(beside(to, 0.0));
        Ok(self.client().perform_actions(hand).await?)
    }

    /// Lets go what it carries, where it is.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn lets_go(&self) -> anyhow::Result<()> {
        let up = hand().then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.client().perform_actions(up).await?)
    }

    /// Carries something to a place and lets it go there.
    ///
    /// # Errors
    /// As [`Page::carries`].
    pub async fn drags(&self, what: &str, to: &str) -> anyhow::Result<()> {
        self.carries(what, to).await?;
        self.lets_go().await
    }
}

/// The same hand each time: what it holds it still holds with the next moves.
fn hand() -> MouseActions {
    MouseActions::new("hand".to_owned())
}

/// To the middle of an element, or so many CSS pixels to the right of it.
fn beside(element: Element, x: f64) -> PointerAction {
    PointerAction::MoveToElement { element, duration: None, x, y: 0.0 }
}

/// So many CSS pixels to the right and down.
fn on_by(pixels: f64) -> PointerAction {
    PointerAction::MoveBy { duration: None, x: pixels, y: pixels }
}
