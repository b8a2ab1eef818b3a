//! One download: guarded, capped while it streams, and never with a token.

use std::time::Duration;

use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};
use reqwest::{Response, StatusCode};

use super::address::{self, Forbidden, Reach};
use super::error::MediaError;
use super::resolve::PublicOnly;

/// How often an address may send on to another one.
const MOST_HOPS: usize = 4;
/// How long setting up a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the line may be silent.
const SILENCE: Duration = Duration::from_secs(20);
/// How long the whole may take.
const WHOLE: Duration = Duration::from_secs(300);
/// Longer names of files are cut, characters.
const MOST_NAME: usize = 120;

/// Where the bytes of a download go.
pub(super) trait Sink: Send {
    /// Takes the next bytes.
    fn take(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), MediaError>> + Send;
}

/// Into memory.
impl Sink for Vec<u8> {
    async fn take(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Fetches media.
pub(super) struct Fetcher {
    http: reqwest::Client,
    reach: Reach,
}

impl Fetcher {
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub(super) fn new(on_this_machine: bool) -> Result<Self, MediaError> {
        let reach = if on_this_machine { Reach::ThisMachineToo } else { Reach::Public };
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("baton/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .referer(false)
            .redirect(guarded(reach))
            .dns_resolver(std::sync::Arc::new(PublicOnly::new(reach)));
        if on_this_machine {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| MediaError::Unreachable(error.without_url().to_string()))?;
        Ok(Self { http, reach })
    }

    /// Streams what lies at an address into a sink; returns the file's name, where the answer has one.
    ///
    /// # Errors
    /// [`MediaError`]; what was taken until then is of no use.
    pub(super) async fn stream(
        &self,
        address: &str,
        most: u64,
        sink: &mut impl Sink,
    ) -> Result<Option<String>, MediaError> {
        let url = address::checked(address, self.reach).map_err(refused)?;
        let mut answer = self.http.get(url).send().await.map_err(failed)?;
        judge(answer.status())?;
        if answer.content_length().is_some_and(|length| length > most) {
            return Err(MediaError::TooLarge { most });
        }
        let name = file_name(&answer);
        let mut taken: u64 = 0;
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            taken = taken.saturating_add(chunk.len() as u64);
            if taken > most {
                return Err(MediaError::TooLarge { most });
            }
            sink.take(&chunk).await?;
        }
        Ok(name)
    }
}

/// Each hop is held to the same rules as the first address.
fn guarded(reach: Reach) -> reqwest::redirect::Policy {
    reqwest::redirect::Policy::custom(move |hop| match address::check(hop.url(), reach) {
        Err(why) => hop.error(why),
        Ok(()) if hop.previous().len() > MOST_HOPS => hop.error(Forbidden::TooManyHops),
        Ok(()) => hop.follow(),
    })
}

/// Meta answers 403, 404 or 410 for a link that ended (docs/meta.md 2.6.4). Any other refusal of the address is as final;
/// being asked to wait, or a fault of the server, is not.
fn judge(status: StatusCode) -> Result<(), MediaError> {
    let passes = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    match status {
        StatusCode::OK => Ok(()),
        status if status.is_client_error() && !passes.contains(&status) => Err(MediaError::Dead),
        status => Err(MediaError::Unreachable(format!("the server answered {}", status.as_u16()))),
    }
}

/// The address stays out of the words: it is signed, and it is the customer's.
fn failed(error: reqwest::Error) -> MediaError {
    let error = error.without_url();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(at) = cause {
        if let Some(why) = forbidden(at) {
            return refused(why);
        }
        cause = at.source();
    }
    let what = if error.is_timeout() { "it took too long" } else { "the connection failed" };
    MediaError::Unreachable(what.to_owned())
}

/// Why is for the log; the address is not.
fn refused(why: Forbidden) -> MediaError {
    tracing::warn!(%why, "an address of a file is not followed");
    MediaError::Forbidden
}

/// A refusal of ours travels inside of what the client and the resolver wrap it in.
fn forbidden(error: &(dyn std::error::Error + 'static)) -> Option<Forbidden> {
    let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let inside = inside.and_then(|inside| inside.downcast_ref::<Forbidden>());
    inside.or_else(|| error.downcast_ref::<Forbidden>()).copied()
}

/// The name that the answer gives the file, or else the last piece of its address when that looks like one.
fn file_name(answer: &Response) -> Option<String> {
    let last = answer.url().path_segments().and_then(|mut pieces| pieces.next_back());
    let last = last.filter(|last| last.contains('.')).map(percent_decoded);
    tidy(&disposition_name(answer.headers()).or(last)?)
}

/// `attachment; filename="invoice.pdf"`, or its form for other letters (RFC 6266).
fn disposition_name(headers: &HeaderMap) -> Option<String> {
    let disposition = String::from_utf8_lossy(headers.get(CONTENT_DISPOSITION)?.as_bytes()).into_owned();
    let parts = || disposition.split(';').skip(1).filter_map(|part| part.trim().split_once('='));
    let wide = parts().find(|(name, _)| name.eq_ignore_ascii_case("filename*"));
    let wide = wide.and_then(|(_, value)| value.splitn(3, '\'').nth(2)).map(percent_decoded);
    let plain = parts().find(|(name, _)| name.eq_ignore_ascii_case("filename"));
    wide.or_else(|| plain.map(|(_, value)| value.trim_matches('"').to_owned()))
}

fn percent_decoded(text: &str) -> String {
    // What stands between two `=` of a form is decoded the same way, save for the plus.
    let pair = format!("n={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, name)| name.into_owned()).unwrap_or_default()
}

/// A name that can stand in a folder of anybody's: one piece, no control letters, not hidden, not endless.
pub(super) fn tidy(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| {
            !c.is_control()
                && !"\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(*c)
        })
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let plain = plain.trim().trim_start_matches('.').trim();
    (!plain.is_empty()).then(|| cut(plain))
}

/// Cuts before the ending, so that a long name keeps it.
fn cut(name: &str) -> String {
    if name.chars().count() <= MOST_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = if ending.chars().count() <= 10 { ending } else { "" };
    let kept: String = name.chars().take(MOST_NAME - ending.chars().count() - 1).collect();
    if ending.is_empty() { kept } else { format!("{kept}.{ending}") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that gives one answer, word for word, to whoever asks.
    async fn answers(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut asked = [0; 4096];
                let _ = line.read(&mut asked).await;
                let _ = line.write_all(answer.as_bytes()).await;
            }
        });
        format!("http://{address}/file.bin")
    }

    #[rstest]
    #[case::said_before("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")]
    #[case::not_said(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"
    )]
    #[case::to_the_end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world")]
    #[tokio::test]
    async fn no_more_than_allowed_is_taken(#[case] answer: &'static str) {
        let (address, fetcher) = (answers(answer).await, Fetcher::new(true).unwrap());
        let mut taken = Vec::new();
        fetcher.stream(&address, 11, &mut taken).await.unwrap();
        assert_eq!(taken, b"hello world");
        let mut taken = Vec::new();
        let refused = fetcher.stream(&address, 10, &mut taken).await.unwrap_err();
        assert!(matches!(refused, MediaError::TooLarge { most: 10 }), "{refused:?}");
        assert!(taken.len() <= 10);
    }

    #[tokio::test]
    async fn an_answer_that_ends_too_early_passes() {
        let address =
            answers("HTTP/1.1 200 OK\r\nContent-Length: 50\r\nConnection: close\r\n\r\nhello").await;
        let cut = Fetcher::new(true).unwrap().stream(&address, 100, &mut Vec::new()).await.unwrap_err();
        assert!(matches!(cut, MediaError::Unreachable(_)) && cut.may_pass(), "{cut:?}");
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_followed() {
        let fetcher = Fetcher::new(false).unwrap();
        let address = answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
        for address in [address.as_str(), "https://localhost/a.jpg", "https://127.0.0.1.nip.invalid/"] {
            let refused = fetcher.stream(address, 10, &mut Vec::new()).await.unwrap_err();
            assert!(!matches!(refused, MediaError::Dead | MediaError::TooLarge { .. }), "{refused:?}");
        }
    }

    #[rstest]
    #[case("invoice.pdf", Some("invoice.pdf"))]
    #[case("../../.bashrc", Some("bashrc"))]
    #[case("C:\\Users\\x\\a.exe", Some("a.exe"))]
    #[case("a\u{202e}fdp.exe", Some("afdp.exe"))]
    #[case("a\nb\u{7}.txt", Some("ab.txt"))]
    #[case("what?.txt", Some("what_.txt"))]
    #[case("...", None)]
    #[case("", None)]
    fn a_name_is_one_plain_piece(#[case] name: &str, #[case] kept: Option<&str>) {
        assert_eq!(tidy(name).as_deref(), kept);
    }

    #[test]
    fn an_endless_name_is_cut_and_keeps_its_ending() {
        let name = tidy(&format!("{}.pdf", "é".repeat(500))).unwrap();
        assert_eq!(name.chars().count(), MOST_NAME);
        assert!(name.ends_with(".pdf"));
    }

    #[rstest]
    #[case("attachment; filename=\"invoice 7.pdf\"", Some("invoice 7.pdf"))]
    #[case("attachment; filename=plain.txt", Some("plain.txt"))]
    #[case("attachment; filename=\"x.txt\"; filename*=UTF-8''gr%C3%BC%C3%9Fe.txt", Some("grüße.txt"))]
    #[case("inline", None)]
    fn the_answer_names_the_file(#[case] disposition: &str, #[case] name: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_DISPOSITION, disposition.parse().unwrap());
        assert_eq!(disposition_name(&headers).as_deref(), name);
    }

    #[rstest]
    #[case(200, "")]
    #[case(403, "died")]
    #[case(404, "died")]
    #[case(410, "died")]
    #[case(429, "answered 429")]
    #[case(503, "answered 503")]
    #[case(204, "answered 204")]
    fn what_is_gone_is_told_from_what_passes(#[case] status: u16, #[case] words: &str) {
        let said =
            judge(StatusCode::from_u16(status).unwrap()).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(said.contains(words) && said.is_empty() == words.is_empty(), "{said}");
    }
}
