//! A shopping cart that a customer sent (docs/meta.md 2.6.21).

use serde::{Deserialize, Serialize};

use crate::loose;

/// A shopping cart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cart {
    /// What is in it.
    #[serde(default, deserialize_with = "loose::list")]
    pub products: Vec<Product>,
    /// What the customer wrote with it.
    #[serde(default, deserialize_with = "loose::text")]
    pub note: Option<String>,
}

/// One line of a shopping cart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Meta's id of the product.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// The shop's own id.
    #[serde(default, deserialize_with = "loose::id")]
    pub retailer_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// Price of one, in `currency`.
    #[serde(default, deserialize_with = "loose::real")]
    pub unit_price: Option<f64>,
    /// ISO 4217.
    #[serde(default, deserialize_with = "loose::text")]
    pub currency: Option<String>,
    /// How many.
    #[serde(default, deserialize_with = "loose::whole")]
    pub quantity: Option<i64>,
}
