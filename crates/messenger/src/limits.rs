//! Meta's figures, each with the section of docs/meta.md that gives its source and how sure it is.

/// The open window after the customer's last opening action: 24 hours (docs/meta.md 4.3).
pub const OPEN_WINDOW_MS: i64 = 24 * 60 * 60 * 1000;
/// The window for late replies written by a person: 7 days (docs/meta.md 4.3).
pub const HUMAN_AGENT_WINDOW_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Time kept in reserve before a deadline while Meta's time is doubtful. Ours, not Meta's.
pub const DOUBT_MARGIN_MS: i64 = 60 * 1000;

/// Longest Messenger text, in characters (docs/meta.md 4.4: "under 2000" and "2000" are both stated; one
/// less than the figure satisfies both readings).
pub const MESSENGER_TEXT_CHARS: usize = 1999;
/// Longest Instagram text, in bytes of UTF-8 (docs/meta.md 4.4).
pub const INSTAGRAM_TEXT_BYTES: usize = 1000;
/// Longest `metadata` of a message or a control call, in characters: "under 1000" (docs/meta.md 4.1, 5.3).
pub const METADATA_CHARS: usize = 999;

/// Most quick replies under one message (docs/meta.md 4.7).
pub const QUICK_REPLIES: usize = 13;
/// Longest title of a quick reply, in characters; Meta cuts longer ones (docs/meta.md 4.7).
pub const QUICK_REPLY_TITLE_CHARS: usize = 20;
/// Longest developer's text of a quick reply or button, in characters (docs/meta.md 4.7, 4.8).
pub const PAYLOAD_CHARS: usize = 1000;
/// Longest title of a button, in characters (docs/meta.md 4.8).
pub const BUTTON_TITLE_CHARS: usize = 20;
/// Most buttons of a card or template (docs/meta.md 4.8).
pub const BUTTONS: usize = 3;
/// Most cards of a generic template (docs/meta.md 4.8).
pub const CARDS: usize = 10;
/// Longest title and longest second line of a card, in characters (docs/meta.md 4.8).
pub const CARD_LINE_CHARS: usize = 80;
/// Longest text of a button template, in characters (docs/meta.md 4.8).
pub const BUTTON_TEXT_CHARS: usize = 640;
/// Most lines of a receipt (docs/meta.md 4.8).
pub const RECEIPT_LINES: usize = 100;
/// Most pictures of one message; Messenger's 10 or 30 is not settled (docs/meta.md 4.5).
pub const IMAGES: usize = 10;
/// Largest picture by address, and largest picture at all on Instagram, in bytes (docs/meta.md 4.5: "8 MB", read as
/// millions, the smaller reading).
pub const IMAGE_BYTES: u64 = 8_000_000;
/// Largest file otherwise, in bytes (docs/meta.md 4.5: "25 MB").
pub const FILE_BYTES: u64 = 25_000_000;
/// Longest name of a persona, in characters (docs/meta.md 4.9).
pub const PERSONA_NAME_CHARS: usize = 50;
/// Longest greeting, in characters (docs/meta.md 9, without a source).
pub const GREETING_CHARS: usize = 160;
/// Most questions offered to somebody who has not written yet (docs/meta.md 9).
pub const ICE_BREAKERS: usize = 4;
/// Most items of the persistent menu (docs/meta.md 9).
pub const MENU_ITEMS: usize = 20;
/// Longest title of a menu item, in characters (docs/meta.md 9).
pub const MENU_TITLE_CHARS: usize = 30;
/// Most domains on the allow list (docs/meta.md 9, without a source).
pub const DOMAINS: usize = 50;

/// Control lapses this long after the customer's last message (docs/meta.md 5.2).
pub const CONTROL_LAPSE_MS: i64 = 24 * 60 * 60 * 1000;
/// Longest extension of control, in seconds: 7 days (docs/meta.md 5.3).
pub const EXTEND_SECONDS_MAX: u32 = 604_800;

/// Conversations API calls per second and account, for the whole team (docs/meta.md 6.1).
pub const CONVERSATION_CALLS_PER_SECOND: u32 = 2;
/// Messages of a thread whose details the Conversations API gives, newest first (docs/meta.md 3.2).
pub const MESSAGES_WITH_DETAILS: usize = 20;
/// Share of a budget, in per cent, from which background work slows down (docs/meta.md 6.2).
pub const USAGE_SLOW_PERCENT: u32 = 80;
/// Share of a budget, in per cent, from which only an agent's sends go out (docs/meta.md 6.2).
pub const USAGE_STOP_PERCENT: u32 = 95;

/// A webhook must be answered within this time (docs/meta.md 2.4).
pub const WEBHOOK_ANSWER_MS: i64 = 5_000;
/// Largest webhook body we take: 8 MiB (docs/meta.md 2.3).
pub const WEBHOOK_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Most events in one webhook POST (docs/meta.md 2.3).
pub const WEBHOOK_EVENTS: usize = 1000;
/// A timed app secret proof is good for this long (docs/meta.md 1.2).
pub const PROOF_LIFE_MS: i64 = 5 * 60 * 1000;

/// The webhook fields a Page is subscribed with (docs/meta.md 2.5). `response_feedback` is left out on
/// purpose: subscribing makes thumbs appear under our messages.
pub const PAGE_FIELDS: &[&str] = &[
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_deliveries",
    "message_reads",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_account_linking",
    "messaging_feedback",
    "send_cart",
    "inbox_labels",
];

/// The part of [`PAGE_FIELDS`] without which the inbox would miss something an agent must know.
pub const PAGE_FIELDS_NEEDED: &[&str] = &[
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_deliveries",
    "message_reads",
    "messaging_postbacks",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
];

/// What a Page is subscribed with when only its Instagram account is served. Any field makes Meta send the events of the
/// account, whose own fields the app chooses; this one says nothing of the Page's customers (docs/meta.md 2.5).
pub const FIELDS_FOR_INSTAGRAM: &[&str] = &["messaging_policy_enforcement"];

/// The fields of object `instagram`, on which the app (not the account) is subscribed (docs/meta.md 2.5).
pub const INSTAGRAM_FIELDS: &[&str] = &[
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_seen",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referral",
    "messaging_handover",
    "standby",
];

/// The part of [`INSTAGRAM_FIELDS`] without which the inbox would miss something an agent must know.
pub const INSTAGRAM_FIELDS_NEEDED: &[&str] = &[
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_seen",
    "messaging_postbacks",
    "messaging_handover",
    "standby",
];
