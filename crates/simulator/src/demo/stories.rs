//! The customers of the demo world and what was said before it began.

use super::{KITE, TEA};

/// Who said a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Customer,
    Bot,
    Desk,
}

/// What a line is.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Words(&'static str),
    /// Words under which the customer put a heart.
    Loved(&'static str),
    /// Words about a story of the account.
    AboutStory(&'static str),
    Picture,
}

pub(super) struct Line {
    pub minutes_ago: u32,
    pub side: Side,
    pub what: What,
}

pub(super) struct Story {
    pub page: &'static str,
    pub psid: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub locale: &'static str,
    pub gender: &'static str,
    pub timezone: i32,
    pub said: &'static [Line],
}

pub(super) const fn c(minutes_ago: u32, text: &'static str) -> Line {
    Line { minutes_ago, side: Side::Customer, what: What::Words(text) }
}

pub(super) const fn about_story(minutes_ago: u32, text: &'static str) -> Line {
    Line { minutes_ago, side: Side::Customer, what: What::AboutStory(text) }
}

pub(super) const fn picture(minutes_ago: u32) -> Line {
    Line { minutes_ago, side: Side::Customer, what: What::Picture }
}

pub(super) const fn loved(minutes_ago: u32, text: &'static str) -> Line {
    Line { minutes_ago, side: Side::Desk, what: What::Loved(text) }
}

const fn b(minutes_ago: u32, text: &'static str) -> Line {
    Line { minutes_ago, side: Side::Bot, what: What::Words(text) }
}

const fn d(minutes_ago: u32, text: &'static str) -> Line {
    Line { minutes_ago, side: Side::Desk, what: What::Words(text) }
}

pub(super) const HOUR: u32 = 60;
pub(super) const DAY: u32 = 24 * HOUR;

pub(super) const STORIES: &[Story] = &[
    Story {
        page: TEA,
        psid: "6200000000000101",
        first_name: "Mara",
        last_name: "Lindt",
        locale: "en_GB",
        gender: "female",
        timezone: 1,
        said: &[
            c(9 * DAY, "Hello, is the Assam from the spring harvest back?"),
            b(9 * DAY - 1, "Hello, this is Teabot. Ask me about orders, parcels, returns or opening hours."),
            d(9 * DAY - 20, "Hi Mara, Ines here. It arrives on Thursday, I can put 250 g aside for you."),
            c(9 * DAY - 24, "That would be lovely, thank you ☕"),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000102",
        first_name: "Jonas",
        last_name: "Weber",
        locale: "de_DE",
        gender: "male",
        timezone: 1,
        said: &[
            c(3 * DAY + 40, "Guten Tag, ich habe statt Sencha einen Gyokuro bekommen 🙈"),
            b(3 * DAY + 39, "I can look that up. What is the number of your order?"),
            c(3 * DAY + 35, "Bestellung 4390. Darf ich ihn behalten?"),
            d(3 * DAY + 10, "Guten Tag Herr Weber, behalten Sie ihn gern. Der Sencha geht heute noch raus."),
            c(3 * DAY + 6, "Großartig, vielen Dank!"),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000103",
        first_name: "Tomasz",
        last_name: "Wilk",
        locale: "pl_PL",
        gender: "male",
        timezone: 1,
        said: &[
            c(5 * HOUR, "Dzień dobry, czy wysyłacie do Gdańska?"),
            b(5 * HOUR - 1, "Hello, this is Teabot. Ask me about orders, parcels, returns or opening hours."),
            c(4 * HOUR + 50, "Chodzi o czajnik żeliwny, 1,2 litra."),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000104",
        first_name: "Samir",
        last_name: "Haddad",
        locale: "ar_AR",
        gender: "male",
        timezone: 3,
        said: &[
            c(2 * DAY + 90, "مرحبا، هل لديكم شاي بالنعناع؟"),
            d(2 * DAY + 60, "أهلاً سمير، نعم، النعناع المغربي متوفر الآن."),
            c(2 * DAY + 58, "شكراً جزيلاً"),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000105",
        first_name: "Lucía",
        last_name: "Ferrer",
        locale: "es_ES",
        gender: "female",
        timezone: 1,
        said: &[
            c(26 * HOUR, "¡Hola! Mi pedido 4401 llegó con la lata abollada."),
            b(
                26 * HOUR - 1,
                "Thank you. Your parcel has left our shop; the carrier gives no newer news yet.",
            ),
            c(25 * HOUR + 30, "Sí, pero está abollada. ¿Me la pueden cambiar?"),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000106",
        first_name: "Oksana",
        last_name: "Kovalenko",
        locale: "uk_UA",
        gender: "female",
        timezone: 2,
        said: &[
            c(20 * DAY, "Добрий день! Скільки можна зберігати матчу?"),
            d(20 * DAY - 15, "Добрий день, Оксано. Закриту пів року, відкриту чотири тижні в холодильнику."),
        ],
    },
    Story {
        page: TEA,
        psid: "6200000000000107",
        first_name: "Petra",
        last_name: "Novák",
        locale: "cs_CZ",
        gender: "female",
        timezone: 1,
        said: &[
            c(50, "Is the shop open on All Saints?"),
            b(49, "The shop is open Monday to Saturday, 9:00 to 18:00."),
            c(48, "Thanks 👍"),
        ],
    },
    Story {
        page: KITE,
        psid: "6200000000000201",
        first_name: "Noor",
        last_name: "Janssen",
        locale: "nl_NL",
        gender: "female",
        timezone: 1,
        said: &[
            c(6 * HOUR, "Hi, which line do I need for the 2.4 m delta?"),
            d(5 * HOUR + 30, "Hello Noor, the 70 kg Dyneema, 30 m. It is in stock in both colours."),
            c(5 * HOUR + 20, "Perfect. Can I pick it up on Saturday?"),
        ],
    },
    Story {
        page: KITE,
        psid: "6200000000000202",
        first_name: "Élodie",
        last_name: "Marchand",
        locale: "fr_FR",
        gender: "female",
        timezone: 1,
        said: &[
            c(4 * DAY, "Bonjour, la voile de mon cerf-volant s'est déchirée. Vous réparez ?"),
            d(4 * DAY - 45, "Bonjour Élodie, oui. Envoyez-nous une photo, nous vous dirons le prix."),
        ],
    },
    Story {
        page: KITE,
        psid: "6200000000000203",
        first_name: "Henrik",
        last_name: "Sørensen",
        locale: "da_DK",
        gender: "male",
        timezone: 1,
        said: &[c(11 * DAY, "Do you still make the old box kite? My father wants one 🪁")],
    },
];
