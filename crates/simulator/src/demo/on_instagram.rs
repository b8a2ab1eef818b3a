//! The customers of the kite shop on Instagram: a picture, an answer to a story, a heart under a reply.

use super::KITE_ON_INSTAGRAM;
use super::stories::{DAY, HOUR, Story, about_story, c, loved, picture};

pub(super) const STORIES: &[Story] = &[
    Story {
        page: KITE_ON_INSTAGRAM,
        psid: "7300000000000301",
        first_name: "Ayumi",
        last_name: "Sato",
        locale: "ja_JP",
        gender: "female",
        timezone: 9,
        said: &[
            about_story(3 * HOUR, "きれい！ Where was this flown? 😍"),
            c(3 * HOUR - 1, "And do you ship the red one to Osaka?"),
        ],
    },
    Story {
        page: KITE_ON_INSTAGRAM,
        psid: "7300000000000302",
        first_name: "Rafael",
        last_name: "Costa",
        locale: "pt_BR",
        gender: "male",
        timezone: -3,
        said: &[
            c(2 * DAY + 30, "Oi! A vareta da minha pipa quebrou, tem conserto?"),
            picture(2 * DAY + 29),
            loved(2 * DAY, "Oi Rafael, tem sim. A vareta nova custa 6 € e vai pelo correio hoje."),
            c(2 * DAY - 12, "Perfeito, obrigado!"),
        ],
    },
    Story {
        page: KITE_ON_INSTAGRAM,
        psid: "7300000000000303",
        first_name: "Nia",
        last_name: "Okafor",
        locale: "en_GB",
        gender: "female",
        timezone: 0,
        said: &[c(40, "Hi! Which kite is best for a light wind and a six year old?")],
    },
];
