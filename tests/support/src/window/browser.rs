//! A plain browser, for the pages of the simulator: the one that comes with the driver, so that it is the desk's engine.

use std::ops::Deref;

use serde_json::{Value, json};

use super::page::Page;
use super::program::Program;
use super::room::Room;
use super::{driver, until};

/// What the desktop around the browser looks like; pages may follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A browser's window.
#[derive(Debug)]
pub struct Browser {
    page: Page,
    // Ends with it.
    _driver: Program,
}

impl Browser {
    /// Opens a browser on a page.
    ///
    /// # Errors
    /// When the driver or the browser does not start, or the address cannot be opened.
    pub async fn open(room: &Room, name: &str, theme: Theme, url: &str) -> anyhow::Result<Self> {
        let look = match theme {
            Theme::Light => "Adwaita",
            Theme::Dark => "Adwaita:dark",
        };
        // Where there is no GPU the browser's own renderer paints nothing at first.
        let env = [("GTK_THEME", look), ("WEBKIT_DISABLE_DMABUF_RENDERER", "1")];
        let asked = driver::Asked { name, what: "the browser", options: Value::Null, env: &env };
        let (client, driver) = driver::drive(room, asked).await?;
        client.set_window_rect(0, 0, 1280, 820).await?;
        client.goto(url).await?;
        Ok(Self { page: Page::new(client, room.display()), _driver: driver })
    }

    /// Opens another page in the same window.
    ///
    /// # Errors
    /// When the address cannot be opened.
    pub async fn goes_to(&self, url: &str) -> anyhow::Result<()> {
        Ok(self.page.client().goto(url).await?)
    }

    /// Chooses in a list of choices, by value, as a person does: the page hears of it.
    ///
    /// # Errors
    /// When there is no such list or choice.
    pub async fn chooses(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let list = self.page.see(name).await?;
        let script = "const [list, value] = arguments; \
                      if (![...list.options].some((one) => one.value === value)) return false; \
                      list.value = value; list.dispatchEvent(new Event('change', { bubbles: true })); return true";
        until::holds(&format!("{name} to offer {value}"), until::SHORT, async || {
            let done =
                self.page.client().execute(script, vec![serde_json::to_value(&list)?, json!(value)]).await?;
            Ok(done == json!(true))
        })
        .await
    }
}

impl Deref for Browser {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}
