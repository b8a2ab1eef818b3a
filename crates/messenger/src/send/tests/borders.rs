//! One less fits, one more does not: every limit at its border, in the unit that Meta counts.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::id::StickerId;
use crate::limits;

const M: Platform = Platform::Messenger;
const I: Platform = Platform::Instagram;
const URL: &str = "https://shop.example.invalid/";

/// Letters of one to four bytes, of one and of two UTF-16 units.
fn letters() -> impl Strategy<Value = String> {
    select(vec!["a", "ä", "ß", "€", "中", "😀", "e\u{301}", "👨\u{200d}👩\u{200d}👧"]).prop_map(str::to_owned)
}

/// Texts around a length, counted in UTF-16 units, filled up with single letters so that every length occurs.
fn text_around(max: usize) -> impl Strategy<Value = String> {
    (prop::collection::vec(letters(), 0..12), 0..7_usize).prop_map(move |(odd, over)| {
        let odd = odd.concat();
        let units = (max + over).saturating_sub(3).saturating_sub(odd.encode_utf16().count());
        odd + &"a".repeat(units)
    })
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// What each text inside a structured message is made with, and its limit.
type Made = fn(&str) -> Result<(), Unsendable>;
const LINES: &[(Made, usize)] = &[
    (|text| QuickReply::text(text, "P").map(drop), 20),
    (|text| QuickReply::text("T", text).map(drop), 1000),
    (|text| Button::postback(text, "P").map(drop), 20),
    (|text| Button::postback("T", text).map(drop), 1000),
    (|text| Button::web_url(text, URL).map(drop), 20),
    (|text| Button::phone_number(text, "+4930000000").map(drop), 20),
    (|text| Card::new(text).map(drop), 80),
    (|text| Card::new("T").and_then(|card| card.with_subtitle(text)).map(drop), 80),
    (|text| TemplateBody::button(M, text, vec![pressed()]).map(drop), 640),
    (|text| TemplateBody::button(I, text, vec![pressed()]).map(drop), 640),
    (|text| Metadata::new(text).map(drop), 999),
    (|text| PersonaBody::new(text, URL).map(drop), 50),
    (|text| ProfileBody::new().with_greetings(vec![("default".into(), text.into())]).map(drop), 160),
    (|text| ProfileBody::new().with_get_started(text).map(drop), 1000),
    (|text| Menu::new("default").with_postback(text, "P").map(drop), 30),
    (|text| Menu::new("default").with_postback("T", text).map(drop), 1000),
    (|text| Menu::new("default").with_url(text, URL).map(drop), 30),
    (|text| Question::new("Q", text).map(drop), 1000),
];

fn pressed() -> Button {
    Button::postback("T", "P").unwrap()
}

fn card() -> Card {
    Card::new("T").unwrap().with_button(pressed())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_messenger_text_is_counted_in_characters(text in text_around(1999)) {
        let made = MessageBody::text(M, &text);
        prop_assert_eq!(made.is_ok(), units(&text) < 2000);
    }

    #[test]
    fn an_instagram_text_is_counted_in_bytes(odd in prop::collection::vec(letters(), 0..40), over in 0..7_usize) {
        let odd = odd.concat();
        let text = format!("{odd}{}", "a".repeat((1000 + over).saturating_sub(3).saturating_sub(odd.len())));
        let made = MessageBody::text(I, &text);
        prop_assert_eq!(made.is_ok(), text.len() <= 1000, "{} bytes", text.len());
        if made.is_err() {
            prop_assert_eq!(made, Err(Unsendable::TextTooLong { max: 1000, unit: TextUnit::Bytes }));
        }
    }

    #[test]
    fn every_line_has_its_limit(
        (which, text) in (0..LINES.len()).prop_flat_map(|which| (Just(which), text_around(LINES[which].1))),
    ) {
        let (make, max) = LINES[which];
        let made = make(&text);
        prop_assert_eq!(made.is_ok(), units(&text) <= max, "line {} with {} units", which, units(&text));
        if let Err(Unsendable::TooLong { max: said, .. }) = made {
            prop_assert_eq!(said, max);
        }
    }

    #[test]
    fn everything_that_is_counted_has_its_limit(number in 0..120_usize, instagram: bool) {
        let platform = if instagram { I } else { M };
        let fits = |max: usize| (1..=max).contains(&number);
        let replies = vec![QuickReply::text("T", "P").unwrap(); number];
        let message = MessageBody::text(platform, "Which one?").unwrap();
        prop_assert_eq!(message.with_quick_replies(replies).is_ok(), fits(13));
        prop_assert_eq!(TemplateBody::generic(platform, vec![card(); number]).is_ok(), fits(10));
        prop_assert_eq!(TemplateBody::button(platform, "T", vec![pressed(); number]).is_ok(), fits(3));
        let many = (0..number).fold(Card::new("T").unwrap(), |card, _| card.with_button(pressed()));
        prop_assert_eq!(TemplateBody::generic(platform, vec![many]).is_ok(), fits(3));
        let media = Media::of_upload(MediaKind::Image, "1".into());
        let media = (0..number).fold(media, |media, _| media.with_button(pressed()));
        prop_assert_eq!(TemplateBody::media(M, media).is_ok(), number <= 3);
        let images = vec![FileSource::url(URL).unwrap(); number];
        prop_assert_eq!(MessageBody::images(platform, images).is_ok(), fits(10));
        let line = ReceiptLine::new("T", Amount::of_hundredths(1)).unwrap();
        let eur = Currency::new("EUR").unwrap();
        let empty = Receipt::new("M", "1", "V", eur, Amount::default()).unwrap();
        let receipt = (0..number).try_fold(empty, |receipt, _| receipt.with_line(line.clone()));
        prop_assert_eq!(receipt.is_ok(), number <= 100);
        let questions = vec![Question::new("Q", "P").unwrap(); number];
        prop_assert_eq!(ProfileBody::new().with_ice_breakers(vec![("default".into(), questions)]).is_ok(), fits(4));
        let menu = (0..number).try_fold(Menu::new("default"), |menu, _| menu.with_postback("T", "P"));
        prop_assert_eq!(menu.and_then(|menu| ProfileBody::new().with_menus(vec![menu])).is_ok(), fits(20));
        prop_assert_eq!(ProfileBody::new().with_domains(vec![URL.into(); number]).is_ok(), number <= 50);
    }

    #[test]
    fn a_file_has_the_size_that_its_way_allows(over in -2..3_i64, instagram: bool, by_url: bool) {
        let platform = if instagram { I } else { M };
        let way = if by_url { FileWay::ByUrl } else { FileWay::ByUpload };
        for kind in [FileKind::Image, FileKind::Video, FileKind::Audio, FileKind::File] {
            let max = if kind == FileKind::Image && (instagram || by_url) { 8_000_000 } else { 25_000_000 };
            prop_assert_eq!(kind.max_bytes(platform, way), max);
            let made = kind.check_size(platform, way, max.saturating_add_signed(over));
            prop_assert_eq!(made.is_ok(), over <= 0);
        }
    }

    #[test]
    fn no_address_panics(text in "(https?://)?.{0,30}") {
        if let Ok(FileSource::Url { url, .. }) = FileSource::url(&text) {
            prop_assert!(url.to_ascii_lowercase().starts_with("https:"), "{url}");
        }
    }
}

#[rstest]
#[case("https://a.invalid/x?y=1#z", true)]
#[case("HTTPS://a.invalid", true)]
#[case("http://a.invalid", false)]
#[case("https://", false)]
#[case("https://user:word@a.invalid/", false)]
#[case("https://a.invalid/a b", false)]
#[case(" https://a.invalid/", false)]
#[case("javascript:alert(1)", false)]
#[case("", false)]
fn only_addresses_that_meta_can_open(#[case] url: &str, #[case] taken: bool) {
    assert_eq!(FileSource::url(url).is_ok(), taken);
    assert_eq!(Button::web_url("T", url).is_ok(), taken);
    assert_eq!(Card::new("T").unwrap().with_picture(url).is_ok(), taken);
    assert_eq!(PersonaBody::new("Ines", url).is_ok(), taken);
}

#[rstest]
#[case("https://www.facebook.com/x", true)]
#[case("https://facebook.com/x", true)]
#[case("https://notfacebook.com/x", false)]
#[case("https://facebook.com.invalid/x", false)]
#[case("http://www.facebook.com/x", false)]
fn media_templates_take_facebooks_addresses_alone(#[case] url: &str, #[case] taken: bool) {
    assert_eq!(Media::of_facebook(MediaKind::Image, url).is_ok(), taken);
}

#[rstest]
#[case("+4930000000", true)]
#[case("+493000000012345", true)]
#[case("+4930000000123456", false)]
#[case("+493000", false)]
#[case("030000000", false)]
#[case("+0930000000", false)]
#[case("+49 30 000000", false)]
fn a_number_to_call_has_a_country(#[case] number: &str, #[case] taken: bool) {
    assert_eq!(Button::phone_number("Call us", number).is_ok(), taken);
}

#[rstest]
#[case("EUR", true)]
#[case("eur", false)]
#[case("EURO", false)]
#[case("€", false)]
fn a_currency_is_three_capitals(#[case] code: &str, #[case] taken: bool) {
    assert_eq!(Currency::new(code).is_ok(), taken);
}

#[test]
fn amounts_are_exact() {
    assert_eq!(body(Amount::of_hundredths(4390)), json!(43.9));
    assert_eq!(body(Amount::of_thousandths(1_234_567)), json!(1234.567));
    assert_eq!(body(Amount::of_hundredths(-500)), json!(-5.0));
}

#[rstest]
#[case("image/png", FileKind::Image, true)]
#[case("image/jpeg; charset=x", FileKind::Image, true)]
#[case("image/webp", FileKind::Image, false)]
#[case("AUDIO/MP4", FileKind::Audio, true)]
#[case("audio/ogg", FileKind::Audio, false)]
#[case("video/quicktime", FileKind::Video, true)]
#[case("video/x-matroska", FileKind::Video, false)]
#[case("application/pdf", FileKind::File, true)]
#[case("text/plain", FileKind::File, false)]
#[case("", FileKind::File, false)]
fn messenger_takes_every_format_and_instagram_some(
    #[case] mime: &str,
    #[case] kind: FileKind,
    #[case] on_instagram: bool,
) {
    assert_eq!(FileKind::of_mime(M, mime), Ok(kind));
    assert_eq!(FileKind::of_mime(I, mime).is_ok(), on_instagram);
}

#[test]
fn what_only_one_channel_has_cannot_be_built_for_the_other() {
    let not_on = |feature, platform| Unsendable::NotOnChannel { feature, platform };
    let plain = |platform| MessageBody::text(platform, "Hello").unwrap();
    let eur = Currency::new("EUR").unwrap();
    let receipt = Receipt::new("M", "1", "V", eur, Amount::default()).unwrap();
    let media = Media::of_upload(MediaKind::Image, "1".into());
    let sticker = StickerId::from("1");
    assert_eq!(MessageBody::sticker(I, sticker).unwrap_err(), not_on(Feature::Sticker, I));
    assert_eq!(MessageBody::like_heart(M).unwrap_err(), not_on(Feature::LikeHeart, M));
    assert_eq!(MessageBody::own_post(M, "1").unwrap_err(), not_on(Feature::OwnPost, M));
    assert_eq!(TemplateBody::media(I, media).unwrap_err(), not_on(Feature::MediaTemplate, I));
    assert_eq!(TemplateBody::receipt(I, receipt).unwrap_err(), not_on(Feature::Receipt, I));
    let call = Button::phone_number("Call us", "+4930000000").unwrap();
    let link = Button::account_link(URL).unwrap();
    for button in [call, link, Button::account_unlink()] {
        let made = TemplateBody::button(I, "T", vec![button.clone()]);
        assert_eq!(made.unwrap_err(), not_on(Feature::Button, I));
        let card = Card::new("T").unwrap().with_button(button.clone());
        assert_eq!(TemplateBody::generic(I, vec![card]).unwrap_err(), not_on(Feature::Button, I));
        assert!(TemplateBody::button(M, "T", vec![button]).is_ok());
    }
    let email = plain(I).with_quick_replies(vec![QuickReply::email()]);
    assert_eq!(email.unwrap_err(), not_on(Feature::EmailReply, I));
    assert!(plain(I).with_quick_replies(vec![QuickReply::phone_number()]).is_ok());
    let picture = QuickReply::text("T", "P").unwrap().with_picture(URL).unwrap();
    let picture = plain(I).with_quick_replies(vec![picture]);
    assert_eq!(picture.unwrap_err(), not_on(Feature::ReplyPicture, I));
    let persona = SendBody::message(&mara(), &PLAIN, plain(I)).unwrap().as_persona(&"1".into());
    assert_eq!(persona.unwrap_err(), not_on(Feature::Persona, I));
    let laugh = SenderActionBody::react(I, &mara(), &"m_1".into(), ReactionName::Smile);
    assert_eq!(laugh.unwrap_err(), not_on(Feature::Reaction, I));
    let heart = SenderActionBody::react(I, &mara(), &"m_1".into(), ReactionName::Love).unwrap();
    assert_eq!(heart, SenderActionBody::love(&mara(), &"m_1".into()));
    let laugh = SenderActionBody::react(M, &mara(), &"m_1".into(), ReactionName::Smile).unwrap();
    assert_eq!(body(laugh)["payload"]["reaction"], "smile");
}

#[test]
fn the_tag_goes_only_onto_a_persons_own_words_and_files() {
    let late = |message| SendBody::message(&mara(), &LATE, message);
    let card = TemplateBody::generic(M, vec![card()]).unwrap();
    let template = MessageBody::template(card);
    assert_eq!(late(template).unwrap_err(), Unsendable::Refused(Refusal::LateTemplate));
    let sticker = MessageBody::sticker(M, "1".into()).unwrap();
    assert_eq!(late(sticker).unwrap_err(), Unsendable::OnlyInWindow(Feature::Sticker));
    let heart = MessageBody::like_heart(I).unwrap();
    assert_eq!(late(heart).unwrap_err(), Unsendable::OnlyInWindow(Feature::LikeHeart));
    let file = late(MessageBody::file(I, FileKind::Image, FileSource::Id("1".into()))).unwrap();
    assert!(file.is_tagged());
    assert_eq!(body(file)["tag"], "HUMAN_AGENT");
}

#[test]
fn what_stands_alone_takes_no_quick_replies() {
    let reply = || vec![QuickReply::phone_number()];
    let alone = [MessageBody::sticker(M, "1".into()).unwrap(), MessageBody::like_heart(I).unwrap()];
    for message in alone {
        assert_eq!(message.with_quick_replies(reply()), Err(Unsendable::RepliesAlone));
    }
    assert!(MessageBody::file(M, FileKind::File, FileSource::upload()).with_quick_replies(reply()).is_ok());
    let nothing = MessageBody::text(M, "T").unwrap().with_quick_replies(Vec::new());
    assert_eq!(nothing, Err(Unsendable::None(Items::QuickReplies)));
}

#[test]
fn several_pictures_are_uploaded_before() {
    let two = MessageBody::images(M, vec![FileSource::upload(), FileSource::Id("1".into())]);
    assert_eq!(two, Err(Unsendable::NotUploaded));
    assert_eq!(MessageBody::images(M, Vec::new()), Err(Unsendable::None(Items::Images)));
}

#[test]
fn a_card_needs_more_than_its_title() {
    let bare = TemplateBody::generic(M, vec![Card::new("T").unwrap()]);
    assert_eq!(bare, Err(Unsendable::BareCard));
}

#[test]
fn texts_for_everybody_else_must_be_there() {
    let german = vec![("de_DE".to_owned(), "Hallo".to_owned())];
    assert_eq!(ProfileBody::new().with_greetings(german), Err(Unsendable::None(Items::DefaultLocale)));
    assert_eq!(ProfileDeletion::of(Vec::new()), Err(Unsendable::None(Items::ProfileFields)));
    let menu = Menu::new_on_instagram("default").with_postback("T", "P").unwrap();
    let menus = body(ProfileBody::new().with_menus(vec![menu]).unwrap());
    assert_eq!(menus["persistent_menu"][0].get("composer_input_disabled"), None);
}

#[test]
fn every_refusal_to_build_says_the_limit_and_what_can_be_done() {
    let all = [
        Unsendable::Refused(Refusal::Closed),
        Unsendable::EmptyText,
        Unsendable::TextTooLong { max: 1000, unit: TextUnit::Bytes },
        Unsendable::MetadataTooLong,
        Unsendable::NotAPart,
        Unsendable::ExtendOutOfRange,
        Unsendable::Empty(Field::CardTitle),
        Unsendable::TooLong { field: Field::ButtonTitle, max: limits::BUTTON_TITLE_CHARS },
        Unsendable::WrongForm { field: Field::Address, form: "an address that begins with https://" },
        Unsendable::TooMany { items: Items::QuickReplies, max: limits::QUICK_REPLIES },
        Unsendable::TooMany { items: Items::Images, max: limits::IMAGES },
        Unsendable::None(Items::Cards),
        Unsendable::NotOnChannel { feature: Feature::Receipt, platform: I },
        Unsendable::OnlyInWindow(Feature::Sticker),
        Unsendable::BareCard,
        Unsendable::RepliesAlone,
        Unsendable::NotUploaded,
        Unsendable::FileTooBig { kind: FileKind::Video, max_bytes: limits::FILE_BYTES },
        Unsendable::FileFormat { kind: FileKind::Image, platform: I },
    ];
    let mut seen = std::collections::BTreeSet::new();
    for error in all {
        let words = error.agent_words();
        assert!(!words.what.is_empty() && words.remedy.ends_with('.'), "{words:?}");
        assert!(words.what.starts_with(char::is_uppercase), "{words:?}");
        assert!(seen.insert(words.what.clone()), "{words:?}");
        assert!(!error.to_string().is_empty());
    }
    let words = Unsendable::TooLong { field: Field::ButtonTitle, max: 20 }.agent_words();
    assert_eq!(words.what, "The title of a button is longer than Meta takes (20 characters).");
    let words = Unsendable::FileTooBig { kind: FileKind::Video, max_bytes: limits::FILE_BYTES }.agent_words();
    assert_eq!(words.what, "The video is too big for Meta (25 MB at most).");
}
