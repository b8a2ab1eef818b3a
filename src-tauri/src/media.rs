//! Media for the page: a scheme of its own, answered from the desk's vault and from nowhere else.

use std::sync::Arc;

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::shell::Shell;
use crate::window::{BOARD, MAIN};

/// The scheme: `media://localhost/<id>`, on Windows `http://media.localhost/<id>`.
pub const SCHEME: &str = "media";
/// Where the page comes from, per system: nobody else may read what is answered.
const PAGE: [&str; 2] = ["tauri://localhost", "http://tauri.localhost"];

/// Answers a request of the page.
#[expect(clippy::needless_pass_by_value, reason = "the shell hands it over so")]
pub fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let desk = context.app_handle().state::<Arc<Shell>>().desk().cloned();
    let Some(desk) = desk.filter(|_| [MAIN, BOARD].contains(&context.webview_label())) else {
        return responder.respond(plain(StatusCode::NOT_FOUND));
    };
    tauri::async_runtime::spawn(async move {
        let said = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let uri = request.uri();
        let answer = desk.serve_media(uri.path(), uri.query(), said(header::RANGE)).await;
        let mut built = Response::builder().status(answer.status);
        for (name, value) in answer.headers {
            built = built.header(name, value);
        }
        if let Some(page) = said(header::ORIGIN).filter(|origin| PAGE.contains(origin)) {
            built = built.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, page);
        }
        responder.respond(built.body(answer.body).unwrap_or_else(|_| plain(StatusCode::NOT_FOUND)));
    });
}

fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
