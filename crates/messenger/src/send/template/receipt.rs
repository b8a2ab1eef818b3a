//! A receipt (docs/meta.md 4.8).

use serde::Serialize;
use serde::ser::Serializer;

use super::{Field, Items, Unsendable};
use crate::limits::RECEIPT_LINES;
use crate::send::text::{address, present};

/// What was bought, and the sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    recipient_name: String,
    order_number: String,
    currency: Currency,
    payment_method: String,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adjustments: Vec<Adjustment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    elements: Vec<ReceiptLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Summary {
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_cost: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_tax: Option<Amount>,
    total_cost: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Adjustment {
    name: String,
    amount: Amount,
}

/// An amount of money, exact to a thousandth; the currency stands beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    thousandths: i64,
}

impl Amount {
    /// From thousandths of the currency's unit.
    pub fn of_thousandths(thousandths: i64) -> Self {
        Self { thousandths }
    }

    /// From hundredths, such as cents.
    pub fn of_hundredths(hundredths: i32) -> Self {
        Self { thousandths: i64::from(hundredths) * 10 }
    }
}

impl Serialize for Amount {
    #[expect(clippy::cast_precision_loss, reason = "sums of money are far below 2^53 thousandths")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.thousandths as f64 / 1000.0)
    }
}

/// A currency by its three letters (ISO 4217).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Currency(String);

impl Currency {
    /// From three capital letters.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`].
    pub fn new(code: impl Into<String>) -> Result<Self, Unsendable> {
        let code = code.into();
        if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Ok(Self(code));
        }
        Err(Unsendable::WrongForm { field: Field::Currency, form: "three capital letters, such as EUR" })
    }
}

/// Where a purchase goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostalAddress {
    street_1: String,
    street_2: String,
    city: String,
    postal_code: String,
    state: String,
    country: String,
}

impl PostalAddress {
    /// All of it but a second line has to be there.
    ///
    /// # Errors
    /// [`Unsendable::Empty`].
    pub fn new(
        street: impl Into<String>,
        city: impl Into<String>,
        postal_code: impl Into<String>,
        state: impl Into<String>,
        country: impl Into<String>,
    ) -> Result<Self, Unsendable> {
        Ok(Self {
            street_1: present(Field::PostalAddress, street)?,
            street_2: String::new(),
            city: present(Field::PostalAddress, city)?,
            postal_code: present(Field::PostalAddress, postal_code)?,
            state: present(Field::PostalAddress, state)?,
            country: present(Field::PostalAddress, country)?,
        })
    }

    /// With a second line.
    #[must_use]
    pub fn with_second_line(self, line: impl Into<String>) -> Self {
        Self { street_2: line.into(), ..self }
    }
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptLine {
    title: String,
    price: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
}

impl ReceiptLine {
    /// What it is and what it costs.
    ///
    /// # Errors
    /// [`Unsendable::Empty`].
    pub fn new(title: impl Into<String>, price: Amount) -> Result<Self, Unsendable> {
        let title = present(Field::ReceiptLine, title)?;
        Ok(Self { title, price, subtitle: None, quantity: None, currency: None, image_url: None })
    }

    /// With a second line.
    #[must_use]
    pub fn with_subtitle(self, subtitle: impl Into<String>) -> Self {
        Self { subtitle: Some(subtitle.into()), ..self }
    }

    /// How many.
    #[must_use]
    pub fn with_quantity(self, quantity: u32) -> Self {
        Self { quantity: Some(quantity), ..self }
    }

    /// In a currency named on the line itself.
    #[must_use]
    pub fn with_currency(self, currency: Currency) -> Self {
        Self { currency: Some(currency), ..self }
    }

    /// With a picture.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless the address is HTTPS.
    pub fn with_picture(self, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { image_url: Some(address(Field::Address, url)?), ..self })
    }
}

impl Receipt {
    /// What every receipt has. The order's number must be one that was not used before; only the caller can know.
    ///
    /// # Errors
    /// [`Unsendable::Empty`].
    pub fn new(
        recipient_name: impl Into<String>,
        order_number: impl Into<String>,
        payment_method: impl Into<String>,
        currency: Currency,
        total_cost: Amount,
    ) -> Result<Self, Unsendable> {
        Ok(Self {
            recipient_name: present(Field::ReceiptName, recipient_name)?,
            order_number: present(Field::OrderNumber, order_number)?,
            payment_method: present(Field::PaymentMethod, payment_method)?,
            currency,
            summary: Summary { subtotal: None, shipping_cost: None, total_tax: None, total_cost },
            merchant_name: None,
            order_url: None,
            timestamp: None,
            address: None,
            adjustments: Vec::new(),
            elements: Vec::new(),
        })
    }

    /// With the sums that lead to the total.
    #[must_use]
    pub fn with_sums(mut self, subtotal: Amount, shipping: Amount, tax: Amount) -> Self {
        self.summary.subtotal = Some(subtotal);
        self.summary.shipping_cost = Some(shipping);
        self.summary.total_tax = Some(tax);
        self
    }

    /// With the name of the seller.
    #[must_use]
    pub fn with_merchant(self, name: impl Into<String>) -> Self {
        Self { merchant_name: Some(name.into()), ..self }
    }

    /// With the address at which the order can be seen.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless it is HTTPS.
    pub fn with_order_url(self, url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self { order_url: Some(address(Field::Address, url)?), ..self })
    }

    /// When it was bought, in milliseconds UTC; Meta gets whole seconds as text.
    #[must_use]
    pub fn at_ms(self, ms: i64) -> Self {
        Self { timestamp: Some(ms.div_euclid(1000).to_string()), ..self }
    }

    /// Where it goes.
    #[must_use]
    pub fn to_address(self, address: PostalAddress) -> Self {
        Self { address: Some(address), ..self }
    }

    /// Something taken off or added, such as a voucher.
    ///
    /// # Errors
    /// [`Unsendable::Empty`].
    pub fn with_adjustment(mut self, name: impl Into<String>, amount: Amount) -> Result<Self, Unsendable> {
        self.adjustments.push(Adjustment { name: present(Field::ReceiptLine, name)?, amount });
        Ok(self)
    }

    /// With one more line.
    ///
    /// # Errors
    /// [`Unsendable::TooMany`] (100).
    pub fn with_line(mut self, line: ReceiptLine) -> Result<Self, Unsendable> {
        if self.elements.len() >= RECEIPT_LINES {
            return Err(Unsendable::TooMany { items: Items::ReceiptLines, max: RECEIPT_LINES });
        }
        self.elements.push(line);
        Ok(self)
    }
}
