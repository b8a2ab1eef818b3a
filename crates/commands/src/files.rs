//! Files from the page: what each host answers when bytes come beside a command.
//!
//! Bytes do not travel as JSON. A host takes them as the body of a request and names the command's request in a header, as
//! JSON in percent signs: the window with the raw body of its call, the browser host with a `POST` of
//! `application/octet-stream`.

use crate::Answering;
use crate::answer::errors;
use crate::contract::attachment::MediaView;
use crate::contract::composer::AttachFile;
use crate::contract::error::{CommandError, CommandErrorCode};

/// The header that carries an [`AttachFile`].
pub const HEADER: &str = "baton-file";
/// A host takes no larger body, bytes: somewhat more than any channel takes, so that what is too large is told with the
/// channel's own figure.
pub const MOST_BYTES: usize = 32 << 20;

/// Adds a file to a draft.
///
/// # Errors
/// With what may be sent instead; nothing was added then.
pub async fn attach(desk: &Answering, header: Option<&str>, bytes: &[u8]) -> Result<MediaView, CommandError> {
    let asked = header.and_then(asked).ok_or_else(|| errors::unreadable("a file"))?;
    let attached = desk.attach_file(asked, bytes).await;
    if attached.as_ref().is_err_and(|error| error.code == CommandErrorCode::Storage) {
        desk.desk().suspect_file();
    }
    attached
}

fn asked(header: &str) -> Option<AttachFile> {
    let mut bytes = Vec::with_capacity(header.len());
    let mut rest = header.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let two = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&two).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_letters_comes_through_a_header() {
        let file = asked("%7B%22thread%22%3A7%2C%22name%22%3A%22Rechnung%20M%C3%A4rz.pdf%22%7D").unwrap();
        assert_eq!((file.thread.0, file.name.as_str()), (7, "Rechnung März.pdf"));
        for odd in ["", "%7B", "%", "%zz", "{\"thread\":7}"] {
            assert!(asked(odd).is_none(), "{odd}");
        }
    }
}
