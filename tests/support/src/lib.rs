//! People, builders and whole parts in one process, for the tests that cross parts.

pub mod island;
pub mod people;
pub mod picture;
pub mod wait;
pub mod window;
pub mod world;

pub use people::{
    AYUMI, HARBOUR_BOOKS, INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, SAMIR, Shop,
    TEABOT, TOMASZ,
};
pub use world::{Customer, World};
