//! The pages that people open, and the files they are made of. They load nothing from elsewhere.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A page may load its own files, talk to the simulator, show its pictures and play its media. Nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($kind:expr, $name:literal) => {
        ($name, $kind, include_str!(concat!("../pages/", $name)))
    };
}

/// `(name, type, text)`
const FILES: &[(&str, &str, &str)] = &[
    file!(CSS, "shared/look.css"),
    file!(SCRIPT, "shared/page.js"),
    file!(HTML, "phone/phone.html"),
    file!(CSS, "phone/phone.css"),
    file!(CSS, "phone/content.css"),
    file!(SCRIPT, "phone/phone.js"),
    file!(SCRIPT, "phone/messages.js"),
    file!(SCRIPT, "phone/content.js"),
    file!(SCRIPT, "phone/compose.js"),
    file!(HTML, "room/room.html"),
    file!(CSS, "room/room.css"),
    file!(SCRIPT, "room/room.js"),
    file!(SCRIPT, "room/clock.js"),
    file!(SCRIPT, "room/accounts.js"),
    file!(SCRIPT, "room/threads.js"),
    file!(SCRIPT, "room/journal.js"),
    file!(SCRIPT, "room/json.js"),
    file!(SCRIPT, "room/faults.js"),
    file!(SCRIPT, "room/load.js"),
];

/// The file of this name.
pub(super) fn file(name: &str) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(known, ..)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, *text).into_response()
}
