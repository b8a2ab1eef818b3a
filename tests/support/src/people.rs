//! The people and Pages of every story, so that tests speak of them by name.

use baton_messenger::{AccountId, AppId, CustomerId, Platform};

/// An agent who answers for Northwind Tea.
pub const INES: &str = "Ines";
/// An agent who answers for Kite & Co, and helps out at Northwind Tea.
pub const JONAS: &str = "Jonas";

/// A customer who waits for a parcel.
pub const MARA: &str = "Mara Lindt";
/// A customer who asks about opening hours.
pub const TOMASZ: &str = "Tomasz Wilk";
/// A customer who flies kites.
pub const SAMIR: &str = "Samir Haddad";
/// A customer who writes on Instagram.
pub const AYUMI: &str = "Ayumi Sato";

/// What the bot is called.
pub const TEABOT: &str = "Teabot";

/// A Page of the stories, or an Instagram account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shop {
    id: &'static str,
    /// The Page whose token speaks for it: itself, or the one that the Instagram account is linked to.
    page: &'static str,
    /// Messenger or Instagram.
    pub platform: Platform,
    /// The account's name.
    pub name: &'static str,
    /// Whether Conversation Routing is on, with the bot as the default app.
    pub is_routing_on: bool,
}

/// Routing is on and Teabot is the default app.
pub const NORTHWIND_TEA: Shop = Shop {
    id: "104500000000011",
    page: "104500000000011",
    platform: Platform::Messenger,
    name: "Northwind Tea",
    is_routing_on: true,
};
/// Northwind Tea on Instagram, in worlds that have it: routing is on and Teabot is the default app there too.
pub const NORTHWIND_ON_INSTAGRAM: Shop = Shop {
    id: "17841400000000033",
    page: "104500000000011",
    platform: Platform::Instagram,
    name: "Northwind Tea",
    is_routing_on: true,
};
/// Routing is off: any connected app may answer.
pub const KITE_AND_CO: Shop = Shop {
    id: "104500000000022",
    page: "104500000000022",
    platform: Platform::Messenger,
    name: "Kite & Co",
    is_routing_on: false,
};

/// A Page where whoever logs in may not answer messages; no world has it until it is added.
pub const HARBOUR_BOOKS: Shop = Shop {
    id: "104500000000044",
    page: "104500000000044",
    platform: Platform::Messenger,
    name: "Harbour Books",
    is_routing_on: false,
};

/// Every customer, the account they write to, and their id there.
pub(crate) const CUSTOMERS: &[(&str, Shop, &str)] = &[
    (MARA, NORTHWIND_TEA, "6200000000000101"),
    (TOMASZ, NORTHWIND_TEA, "6200000000000102"),
    (SAMIR, KITE_AND_CO, "6200000000000103"),
    (AYUMI, NORTHWIND_ON_INSTAGRAM, "7300000000000201"),
];

impl Shop {
    /// Meta's id of the account.
    #[must_use]
    pub fn id(self) -> AccountId {
        AccountId::from(self.id)
    }

    /// Meta's id of the Page whose token speaks for it.
    #[must_use]
    pub fn page(self) -> AccountId {
        AccountId::from(self.page)
    }
}

/// The id that a customer has with a Page.
pub(crate) fn customer_id(psid: &str) -> CustomerId {
    CustomerId::from(psid)
}

/// The bot's app.
#[must_use]
pub fn teabot() -> AppId {
    AppId::from(baton_simulator::BOT_APP_ID)
}
