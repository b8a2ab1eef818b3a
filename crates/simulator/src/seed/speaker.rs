//! Somebody who speaks one of the languages, for whoever needs words now and not a whole past.

use std::sync::OnceLock;

use rand_pcg::Pcg64;

use super::tongue::{self, Tongue, pick};

/// One of the languages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Speaker(&'static Tongue);

fn tongues() -> &'static [Tongue] {
    static TONGUES: OnceLock<Vec<Tongue>> = OnceLock::new();
    TONGUES.get_or_init(Tongue::all)
}

impl Speaker {
    /// Of any language, by how many speak it.
    pub fn any(dice: &mut Pcg64) -> Self {
        Self(tongue::choose(tongues(), dice))
    }

    /// Of the language of this locale; the first one when there is none.
    pub fn of(locale: &str) -> Self {
        let language = locale.get(..2).unwrap_or_default();
        let known = tongues().iter().find(|tongue| tongue.locale.starts_with(language));
        Self(known.unwrap_or(&tongues()[0]))
    }

    pub fn name(&self, dice: &mut Pcg64) -> (String, String) {
        (self.0.first_name(dice).to_owned(), self.0.last_name(dice).to_owned())
    }

    pub fn locale(&self) -> &'static str {
        self.0.locale
    }

    pub fn timezone(&self) -> i32 {
        self.0.timezone
    }

    /// Something a customer writes.
    pub fn words(&self, dice: &mut Pcg64) -> String {
        let mut text = String::with_capacity(96);
        self.0.say(pick(&self.0.asks, dice), dice, &mut text);
        text.push(' ');
        self.0.say(pick(&self.0.adds, dice), dice, &mut text);
        text
    }
}
