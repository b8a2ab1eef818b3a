//! What came with a message, in the shape of the page.

use baton_core::store::{AttachmentRow, CART, MediaRef, picture_of_card};
use baton_messenger::webhook::{
    Attachment, AttachmentKind, Cart, Product, ReceiptAddress, ReceiptLine, ReceiptSummary, SharedProduct,
    Template, TemplateButton, TemplateCard, TemplateReceipt,
};
use serde_json::Value;

use super::outside::{past_redirector, web_address};
use crate::contract::attachment::{
    AttachmentView, BoughtView, ButtonDoes, CardButton, CardView, HiddenWhy, MediaKind, MediaState,
    MediaView, MoneyView, ReceiptView, SharedKind, SumKind, SumView,
};
use crate::contract::{Count, Ms};

/// What came with a message.
pub(super) fn attachment(row: &AttachmentRow) -> AttachmentView {
    if row.kind == CART {
        return AttachmentView::Order { lines: cart(row) };
    }
    let read = row.read();
    let medium = |kind| medium(row, &read, kind);
    match read.is() {
        Some(AttachmentKind::Image) => AttachmentView::Media { media: medium(MediaKind::Image) },
        Some(AttachmentKind::Video) => AttachmentView::Media { media: medium(MediaKind::Video) },
        Some(AttachmentKind::Audio) => AttachmentView::Media { media: medium(MediaKind::Audio) },
        Some(AttachmentKind::File) => AttachmentView::Media { media: medium(MediaKind::File) },
        Some(AttachmentKind::Sticker | AttachmentKind::LikeHeart) => {
            AttachmentView::Media { media: medium(MediaKind::Sticker) }
        }
        Some(AttachmentKind::Location) => place(&read),
        Some(AttachmentKind::Fallback) => link(&read),
        Some(AttachmentKind::Template) => template(row, &read),
        Some(AttachmentKind::Post) => shared(&read, SharedKind::Post, None),
        Some(AttachmentKind::IgPost | AttachmentKind::Share) => {
            shared(&read, SharedKind::Post, Some(medium(MediaKind::Image)))
        }
        Some(AttachmentKind::Reel | AttachmentKind::IgReel) => {
            shared(&read, SharedKind::Reel, Some(medium(MediaKind::Video)))
        }
        Some(AttachmentKind::StoryMention) => {
            AttachmentView::StoryMention { media: Some(medium(MediaKind::Image)).filter(is_somewhere) }
        }
        Some(AttachmentKind::AppointmentBooking) => appointment(&read),
        Some(AttachmentKind::Ephemeral) => hidden(HiddenWhy::Disappearing, &read),
        Some(AttachmentKind::Other(_)) | None => hidden(HiddenWhy::Unknown, &read),
    }
}

/// A medium that hangs on something else than an attachment: the story or ad of a message.
pub(super) fn beside(medium: MediaRef, kind: MediaKind, url: Option<&String>, fleeting: bool) -> MediaView {
    MediaView {
        id: medium.to_string(),
        kind,
        title: String::new(),
        state: if url.is_some() { MediaState::AtMeta } else { MediaState::Missing },
        bytes: None,
        fleeting,
        emoji: None,
        content: None,
    }
}

fn medium(row: &AttachmentRow, read: &Attachment, kind: MediaKind) -> MediaView {
    let emoji = match read.is() {
        Some(AttachmentKind::LikeHeart) => Some("❤️".to_owned()),
        _ if read.is_like() => Some("👍".to_owned()),
        _ => None,
    };
    MediaView {
        title: read.title.clone().unwrap_or_default(),
        emoji,
        ..beside(
            MediaRef::Attachment(row.place),
            kind,
            read.url.as_ref(),
            read.is() == Some(AttachmentKind::StoryMention),
        )
    }
}

fn is_somewhere(media: &MediaView) -> bool {
    media.state != MediaState::Missing
}

fn hidden(why: HiddenWhy, read: &Attachment) -> AttachmentView {
    AttachmentView::Hidden { why, title: read.title.clone().unwrap_or_default() }
}

fn place(read: &Attachment) -> AttachmentView {
    match read.coordinates.map(|at| (at.lat, at.long)) {
        Some((Some(lat), Some(long))) => {
            AttachmentView::Place { title: read.title.clone().unwrap_or_default(), lat, long }
        }
        _ => hidden(HiddenWhy::Empty, read),
    }
}

/// A share that Meta cannot give comes as a link without anything (docs/meta.md 2.6.7).
fn link(read: &Attachment) -> AttachmentView {
    let address = read.url.as_deref().and_then(web_address).map(|url| past_redirector(&url));
    if address.is_none() && read.title.is_none() {
        return hidden(HiddenWhy::Empty, read);
    }
    AttachmentView::Link { title: read.title.clone().unwrap_or_default(), address }
}

fn shared(read: &Attachment, what: SharedKind, media: Option<MediaView>) -> AttachmentView {
    let is_page = media.is_none();
    AttachmentView::Shared {
        what,
        title: read.title.clone().unwrap_or_default(),
        address: read.url.as_deref().filter(|_| is_page).and_then(web_address).map(String::from),
        media: media.filter(is_somewhere),
    }
}

fn appointment(read: &Attachment) -> AttachmentView {
    let booking = read.booking().unwrap_or_default();
    AttachmentView::Appointment {
        status: booking.status.unwrap_or_default(),
        start_ms: booking.start_ms.map(Ms),
        end_ms: booking.end_ms.map(Ms),
        zone: booking.timezone,
    }
}

fn template(row: &AttachmentRow, read: &Attachment) -> AttachmentView {
    let products = read.products();
    if !products.is_empty() {
        let cards = products.into_iter().enumerate();
        return AttachmentView::Cards {
            cards: cards.map(|(at, one)| product_card(row, read, at, one)).collect(),
        };
    }
    match read.template() {
        Some(Template::Generic { cards } | Template::Media { cards }) if !cards.is_empty() => {
            let cards = cards.into_iter().enumerate();
            AttachmentView::Cards { cards: cards.map(|(at, one)| card(row, read, at, one)).collect() }
        }
        Some(Template::Button { text, buttons }) => {
            let card = CardView {
                text: text.unwrap_or_default(),
                buttons: buttons.into_iter().map(button).collect(),
                ..CardView::default()
            };
            AttachmentView::Cards { cards: vec![card] }
        }
        Some(Template::Receipt(of)) => AttachmentView::Receipt { receipt: Box::new(receipt(*of)) },
        _ => loose_card(row, read),
    }
}

/// A template of another kind, and a card out of the history: whatever of a card can be read in it.
fn loose_card(row: &AttachmentRow, read: &Attachment) -> AttachmentView {
    let inside = |name: &str| read.payload.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let cta = read.payload.as_ref().and_then(|payload| payload.get("cta"));
    let card = CardView {
        title: inside("title").or_else(|| read.title.clone()).unwrap_or_default(),
        text: inside("subtitle").or_else(|| inside("text")).unwrap_or_default(),
        media: picture(row, read, 0, MediaKind::Image),
        address: None,
        buttons: cta.and_then(cta_button).into_iter().collect(),
    };
    if card.title.is_empty() && card.text.is_empty() && card.media.is_none() {
        return hidden(HiddenWhy::Empty, read);
    }
    AttachmentView::Cards { cards: vec![card] }
}

/// The button of a card out of the history (docs/meta.md 3.4).
fn cta_button(cta: &Value) -> Option<CardButton> {
    let text = |name: &str| cta.get(name).and_then(Value::as_str);
    let address = text("url").and_then(web_address).map(String::from);
    let does = if address.is_some() { ButtonDoes::Opens } else { ButtonDoes::Other };
    Some(CardButton { title: text("title")?.to_owned(), does, address })
}

fn product_card(row: &AttachmentRow, read: &Attachment, at: usize, product: SharedProduct) -> CardView {
    CardView {
        title: product.title.unwrap_or_default(),
        text: product.subtitle.unwrap_or_default(),
        media: picture(row, read, at, MediaKind::Image),
        ..CardView::default()
    }
}

fn card(row: &AttachmentRow, read: &Attachment, at: usize, card: TemplateCard) -> CardView {
    let kind = if card.media_type.as_deref() == Some("video") { MediaKind::Video } else { MediaKind::Image };
    // A media template names an upload, which has no address.
    let upload = || {
        let place = MediaRef::Card { place: row.place, card: at };
        card.attachment_id.as_ref().map(|_| beside(place, kind, None, false))
    };
    CardView {
        media: picture(row, read, at, kind).or_else(upload),
        title: card.title.unwrap_or_default(),
        text: card.subtitle.unwrap_or_default(),
        address: card.default_action.and_then(|action| web(action.url.as_deref())),
        buttons: card.buttons.into_iter().map(button).collect(),
    }
}

fn picture(row: &AttachmentRow, read: &Attachment, at: usize, kind: MediaKind) -> Option<MediaView> {
    let url = picture_of_card(read, at)?;
    Some(beside(MediaRef::Card { place: row.place, card: at }, kind, Some(&url), false))
}

fn button(button: TemplateButton) -> CardButton {
    let address = web(button.url.as_deref());
    let does = match button.kind.as_deref() {
        Some("web_url") if address.is_some() => ButtonDoes::Opens,
        Some("postback") => ButtonDoes::Answers,
        Some("phone_number") => ButtonDoes::Calls,
        _ => ButtonDoes::Other,
    };
    CardButton { title: button.title.unwrap_or_default(), does, address }
}

fn web(url: Option<&str>) -> Option<String> {
    url.and_then(web_address).map(String::from)
}

fn receipt(receipt: TemplateReceipt) -> ReceiptView {
    let currency = receipt.currency.unwrap_or_default();
    let money = |amount: f64| MoneyView { amount, currency: currency.clone() };
    let sum = |what, amount: Option<f64>| {
        amount.map(|amount| SumView { what, title: String::new(), amount: money(amount) })
    };
    let ReceiptSummary { subtotal, shipping_cost, total_tax, total_cost } =
        receipt.summary.unwrap_or_default();
    let adjustments = receipt.adjustments.into_iter().filter_map(|adjustment| {
        let title = adjustment.name.unwrap_or_default();
        adjustment.amount.map(|off| SumView { what: SumKind::Adjustment, title, amount: money(-off) })
    });
    let sums = [
        sum(SumKind::Subtotal, subtotal),
        sum(SumKind::Shipping, shipping_cost),
        sum(SumKind::Tax, total_tax),
    ];
    ReceiptView {
        number: receipt.order_number.unwrap_or_default(),
        recipient: receipt.recipient_name.unwrap_or_default(),
        payment: receipt.payment_method.unwrap_or_default(),
        ordered_ms: receipt.at_ms.map(Ms),
        shipped_to: receipt.address.map(address_lines).unwrap_or_default(),
        lines: receipt.elements.into_iter().map(|line| bought(line, &currency)).collect(),
        sums: sums.into_iter().flatten().chain(adjustments).chain(sum(SumKind::Total, total_cost)).collect(),
        address: web(receipt.order_url.as_deref()),
    }
}

fn address_lines(address: ReceiptAddress) -> Vec<String> {
    let join = |parts: [Option<String>; 2]| {
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    };
    let lines = [
        address.street_1.unwrap_or_default(),
        address.street_2.unwrap_or_default(),
        join([address.postal_code, address.city]),
        join([address.state, address.country]),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn bought(line: ReceiptLine, currency: &str) -> BoughtView {
    let currency = line.currency.unwrap_or_else(|| currency.to_owned());
    BoughtView {
        title: line.title.unwrap_or_default(),
        text: line.subtitle.unwrap_or_default(),
        quantity: line.quantity.and_then(count),
        price: line.price.map(|amount| MoneyView { amount, currency }),
    }
}

fn cart(row: &AttachmentRow) -> Vec<BoughtView> {
    let cart: Option<Cart> = row.payload.clone().and_then(|payload| serde_json::from_value(payload).ok());
    cart.unwrap_or_default().products.into_iter().map(ordered).collect()
}

fn ordered(product: Product) -> BoughtView {
    let currency = product.currency.unwrap_or_default();
    BoughtView {
        title: product.name.or_else(|| product.retailer_id.clone()).unwrap_or_default(),
        text: product.retailer_id.unwrap_or_default(),
        quantity: product.quantity.and_then(count),
        price: product.unit_price.map(|amount| MoneyView { amount, currency }),
    }
}

fn count(quantity: i64) -> Option<Count> {
    u64::try_from(quantity).ok().map(Count)
}
