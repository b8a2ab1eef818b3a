//! Opening something outside of the window. Whatever a message holds, only the web is opened, and never by the page
//! itself.

use baton_core::store::{MediaRef, StoreError, ThreadId};
use baton_messenger::inbox::inbox_address;
use url::{Host, Url};

use super::{Answer, Answering, errors};
use crate::contract::attachment::OpenOutside;

/// Longer addresses are not opened; browsers and desktops cut them at will.
const MOST_CHARS: usize = 8_000;

impl Answering {
    pub(crate) async fn open_outside(&self, asked: OpenOutside) -> Answer<()> {
        let address = match asked {
            OpenOutside::Address { address } => {
                web_address(&address).ok_or_else(|| errors::unreadable("an address"))?
            }
            OpenOutside::Place { lat, long } => map(lat, long)?,
            OpenOutside::Media { id } => return self.open_media(super::media::named(&id)?).await,
            OpenOutside::Inbox { thread } => {
                let now_ms = self.desk().meta_now().ms;
                let store = self.desk().store();
                let row = store.thread(ThreadId(thread.0), now_ms).await.map_err(errors::of_store)?;
                let account = store.account(&row.key.account).await.map_err(errors::of_store)?;
                let page = account.and_then(|account| account.page).unwrap_or(row.key.account);
                web_address(&inbox_address(&page)).ok_or_else(|| errors::unreadable("an address"))?
            }
        };
        self.outside().open(address.as_str()).map_err(|_| errors::not_opened())
    }

    /// The file of this desk in the program for it; else, and where that may not be, its address in the browser.
    async fn open_media(&self, medium: MediaRef) -> Answer<()> {
        if let Ok(Some(file)) = self.desk().media_for_outside(medium).await {
            return self.outside().open_file(&file).map_err(|_| errors::not_opened());
        }
        let source = self.desk().store().media_source(medium).await.map_err(errors::of_store)?;
        let address = web_address(&source.url)
            .ok_or_else(|| errors::of_store(StoreError::Missing("address of a file")))?;
        self.outside().open(address.as_str()).map_err(|_| errors::not_opened())
    }
}

/// An address of the web that may be opened and shown: http or https, a host, no name and no password in it.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_plain = url.username().is_empty() && url.password().is_none();
    let has_host = matches!(url.host(), Some(Host::Domain(name)) if !name.is_empty())
        || matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
    (is_web && is_plain && has_host && url.as_str().len() <= MOST_CHARS).then_some(url)
}

/// Where Meta's redirector leads to, so that people see it; the address itself when it is none (docs/meta.md 2.6.7).
pub(super) fn past_redirector(url: &Url) -> String {
    let named_so = |host: &str| host.starts_with("l.") || host.starts_with("lm.");
    let is_redirector = url.path() == "/l.php" && url.host_str().is_some_and(named_so);
    let target = url.query_pairs().find(|(name, _)| name == "u").map(|(_, value)| value.into_owned());
    let target = target.filter(|_| is_redirector).and_then(|target| web_address(&target));
    target.as_ref().unwrap_or(url).to_string()
}

fn map(lat: f64, long: f64) -> Answer<Url> {
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long);
    let address =
        format!("https://www.openstreetmap.org/?mlat={lat:.6}&mlon={long:.6}#map=16/{lat:.6}/{long:.6}");
    web_address(&address).filter(|_| on_earth).ok_or_else(|| errors::unreadable("a place"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://shop.example/p/17?a=b#c", true)]
    #[case(" http://shop.example ", true)]
    #[case("HTTPS://SHOP.EXAMPLE/", true)]
    #[case("javascript:alert(1)", false)]
    #[case("file:///etc/passwd", false)]
    #[case("mailto:mara@shop.example", false)]
    #[case("https://bank.example@evil.example/", false)]
    #[case("https://", false)]
    #[case("//shop.example/", false)]
    #[case("tauri://localhost/", false)]
    fn only_the_web_is_opened(#[case] address: &str, #[case] may: bool) {
        assert_eq!(web_address(address).is_some(), may);
    }

    #[test]
    fn an_endless_address_is_not_opened() {
        assert!(web_address(&format!("https://shop.example/{}", "a".repeat(MOST_CHARS))).is_none());
    }

    #[rstest]
    #[case(
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fshop.example%2Fp%2F17&h=x",
        "https://shop.example/p/17"
    )]
    #[case(
        "https://l.instagram.com/l.php?u=javascript%3Aalert(1)",
        "https://l.instagram.com/l.php?u=javascript%3Aalert(1)"
    )]
    #[case(
        "https://shop.example/l.php?u=https%3A%2F%2Fevil.example",
        "https://shop.example/l.php?u=https%3A%2F%2Fevil.example"
    )]
    #[case("https://shop.example/p/17", "https://shop.example/p/17")]
    fn metas_redirector_is_seen_through(#[case] address: &str, #[case] leads_to: &str) {
        assert_eq!(past_redirector(&web_address(address).unwrap()), leads_to);
    }

    #[test]
    fn a_place_opens_on_a_map() {
        let berlin = map(52.52, 13.405).unwrap();
        assert!(berlin.as_str().starts_with("https://www.openstreetmap.org/?mlat=52.520000&mlon=13.405000"));
        assert!(map(152.0, 0.0).is_err() && map(f64::NAN, 0.0).is_err());
    }
}
