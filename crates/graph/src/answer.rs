//! The answer to one request: status, bytes, and the error object if there is one.

use baton_messenger::error::GraphError;
use jiff::fmt::rfc2822;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;

use crate::error::Unknown;
use crate::redact;
use crate::usage::Usage;

/// More than any answer needs; what is longer is not read on.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How long to wait after a throttle when neither Meta nor what came before says (docs/meta.md 6.2).
const THROTTLE_MS: i64 = 60_000;

/// What came back. It has no `Debug`: the body may hold tokens.
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) error: Option<GraphError>,
    /// It was refused for its proof or the want of one, and the same call may work with another.
    pub(crate) may_work_with_another_proof: bool,
    /// What the headers say about waiting.
    told_wait_ms: Option<i64>,
    /// How long to wait after a throttle code.
    wait_ms: i64,
    /// Meta's time when it answered.
    date_ms: Option<i64>,
    body: Vec<u8>,
    is_whole: bool,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.http_status) && self.error.is_none()
    }

    /// How long to wait after a throttle code.
    pub(crate) fn retry_after_ms(&self) -> i64 {
        self.wait_ms
    }

    /// How long Meta itself says to wait.
    pub(crate) fn told_wait_ms(&self) -> Option<i64> {
        self.told_wait_ms
    }

    /// It was found out how long to wait.
    pub(crate) fn wait_for(&mut self, wait_ms: i64) {
        self.wait_ms = wait_ms;
    }

    /// Meta's time when it answered, in milliseconds.
    pub(crate) fn date_ms(&self) -> Option<i64> {
        self.date_ms
    }

    /// The body as a value.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Unknown> {
        if !self.is_whole {
            return Err(self.unreadable("it is longer than 16 MiB"));
        }
        // The text of the JSON error is left out: it can quote the body, and the body can hold tokens.
        serde_json::from_slice(&self.body).map_err(|error| {
            self.unreadable(&format!("unexpected JSON at line {}, column {}", error.line(), error.column()))
        })
    }

    pub(crate) fn unreadable(&self, why: &str) -> Unknown {
        Unknown::Unreadable { http_status: self.http_status, why: why.to_owned() }
    }
}

/// Reads the rest of a response.
pub(crate) async fn read(mut response: Response, secrets: &[&str]) -> Result<Answer, reqwest::Error> {
    let http_status = response.status().as_u16();
    let told_wait_ms = wait_ms(response.headers());
    let date_ms = date_ms(response.headers());
    let mut body = Vec::new();
    let mut is_whole = true;
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MOST_BYTES {
            is_whole = false;
            break;
        }
        body.extend_from_slice(&chunk);
    }
    let error = GraphError::from_body(http_status, &body).map(|error| redact::error(error, secrets));
    Ok(Answer {
        http_status,
        error,
        may_work_with_another_proof: false,
        told_wait_ms,
        wait_ms: told_wait_ms.unwrap_or(THROTTLE_MS),
        date_ms,
        body,
        is_whole,
    })
}

/// Meta's time from `Date`, in milliseconds.
pub(crate) fn date_ms(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok().map(jiff::Timestamp::as_millisecond)
}

fn wait_ms(headers: &HeaderMap) -> Option<i64> {
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok());
    let asked = seconds.filter(|seconds| *seconds > 0).map(|seconds| seconds.saturating_mul(1000));
    Usage::from_headers(headers).and_then(|usage| usage.regain_ms()).max(asked)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_date_of_an_answer_is_metas_time() {
        let mut headers = HeaderMap::new();
        assert_eq!(date_ms(&headers), None);
        headers.insert(DATE, HeaderValue::from_static("Mon, 05 Oct 2026 09:00:00 GMT"));
        assert_eq!(date_ms(&headers), Some(1_791_190_800_000));
        headers.insert(DATE, HeaderValue::from_static("tomorrow"));
        assert_eq!(date_ms(&headers), None);
    }

    #[test]
    fn the_longer_of_two_waits_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(wait_ms(&headers), None);
        headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
        assert_eq!(wait_ms(&headers), Some(7000));
        let usage = r#"{"1":[{"type":"messenger","estimated_time_to_regain_access":2}]}"#;
        headers.insert("x-business-use-case-usage", HeaderValue::from_static(usage));
        assert_eq!(wait_ms(&headers), Some(120_000));
    }
}
