//! What the person sees after Meta's dialog: one plain page, with no script, nothing to load and nothing to click.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use baton_protocol::login::{GrantedPage, LoginFailure};

use crate::log::tokens::WaitingLogin;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    status: StatusCode,
    title: &'static str,
    lines: Vec<String>,
    /// Names of Pages.
    list: Vec<String>,
}

impl Page {
    fn new(status: StatusCode, title: &'static str, lines: &[&str]) -> Self {
        Self { status, title, lines: lines.iter().map(|&line| line.to_owned()).collect(), list: Vec::new() }
    }

    /// The tokens are on their way to the desk. It names the desk, so that a person who was sent here by somebody else
    /// notices.
    pub(super) fn done(login: &WaitingLogin, pages: &[GrantedPage]) -> Self {
        let handed: Vec<String> =
            pages.iter().filter(|page| page.token.is_some()).map(|page| page.name.clone()).collect();
        let desk = format!("{}’s desk “{}”", login.agent_name, login.desk_name);
        if handed.is_empty() {
            let line = format!(
                "None of the Pages you chose belongs to an account that {desk} was invited to, so nothing was handed over."
            );
            return Self::new(
                StatusCode::OK,
                "No Page was connected",
                &[
                    &line,
                    "Choose another Page, or have an admin invite the desk to this one. You can close this page.",
                ],
            );
        }
        let line = format!("Baton on {desk} can now work with:");
        let mut page = Self::new(
            StatusCode::OK,
            "Connected",
            &[&line, "Go back to Baton and choose there what to connect. You can close this page."],
        );
        page.list = handed;
        page
    }

    /// It brought nothing, and why.
    pub(super) fn failed(reason: LoginFailure, message: &str, action: &str) -> Self {
        let (status, title) = match reason {
            LoginFailure::Denied => (StatusCode::OK, "Nothing was connected"),
            LoginFailure::NoPages => (StatusCode::OK, "No Page was chosen"),
            LoginFailure::MetaAway => (StatusCode::BAD_GATEWAY, "Meta could not be reached"),
            _ => (StatusCode::BAD_GATEWAY, "The login did not work"),
        };
        Self::new(status, title, &[message, action, "You can close this page."])
    }

    /// The state is nobody's, or its time is over.
    pub(super) fn expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "This login has ended",
            &[
                "It took longer than ten minutes, or another one was begun.",
                "Go back to Baton and begin again.",
            ],
        )
    }

    /// The state came back before.
    pub(super) fn used() -> Self {
        Self::new(
            StatusCode::GONE,
            "This login was already used",
            &["Each login works once. If Baton did not go on, begin again there."],
        )
    }

    /// A fault of the relay.
    pub(super) fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong in the relay",
            &[
                "Nothing was connected.",
                "Go back to Baton and begin again. When it happens again, tell whoever operates the relay.",
            ],
        )
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.5rem}\
    h1{font-size:1.5rem}@media(prefers-color-scheme:dark){body{background:#16181d;color:#e8e8ea}}";

/// What the browser may do with it: show it. The address it came by holds a code, which goes nowhere.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        axum::http::header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (axum::http::header::CACHE_CONTROL, "no-store"),
    (axum::http::header::REFERRER_POLICY, "no-referrer"),
    (axum::http::header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (axum::http::header::X_FRAME_OPTIONS, "DENY"),
];

/// Shows it.
pub(super) fn show(page: &Page) -> Response {
    let mut response = (page.status, Html(html(page))).into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn html(page: &Page) -> String {
    let title = escaped(page.title);
    let mut lines = page.lines.iter().map(|line| format!("<p>{}</p>", escaped(line)));
    let first = lines.next().unwrap_or_default();
    let names: String = page.list.iter().map(|name| format!("<li>{}</li>", escaped(name))).collect();
    let list = if names.is_empty() { names } else { format!("<ul>{names}</ul>") };
    let rest: String = lines.collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Baton: {title}</title>\
         <style>{STYLE}</style></head><body><h1>{title}</h1>{first}{list}{rest}</body></html>"
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_never_become_markup() {
        let mut page = Page::new(StatusCode::OK, "Connected", &["Baton on <b>Ines</b>’s desk:"]);
        page.list = vec!["Tea & <script>alert('x')</script>".to_owned()];
        let html = html(&page);
        assert!(html.contains("Tea &amp; &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b>"));
    }
}
