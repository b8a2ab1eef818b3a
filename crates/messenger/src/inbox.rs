//! Meta's own inbox, for what only it can show.

use crate::id::AccountId;

/// The address of Meta's inbox in a browser, for a Page and the Instagram account linked to it (docs/meta.md 5.2).
/// A thread in it has no address that could be known from outside.
pub fn inbox_address(page: &AccountId) -> String {
    let page: String = page.as_str().chars().filter(char::is_ascii_digit).collect();
    format!("https://business.facebook.com/latest/inbox/all?asset_id={page}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_named_and_nothing_else_gets_into_the_address() {
        assert_eq!(
            inbox_address(&AccountId::from("1045&x=/../11")),
            "https://business.facebook.com/latest/inbox/all?asset_id=104511"
        );
    }
}
