//! Webhooks posted by hand: with a right signature, a wrong one, or bytes that Meta would never send.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of `X-Hub-Signature-256` for these bytes under this secret.
///
/// # Errors
/// Never with this algorithm, which takes secrets of any length.
pub fn signature(secret: &str, body: &[u8]) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(body);
    Ok(format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
}

/// Posts a body with this signature header, or none, and gives the status.
///
/// # Errors
/// When no answer came.
pub async fn post(webhook_url: &str, body: Vec<u8>, signature: Option<&str>) -> anyhow::Result<u16> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut request = http.post(webhook_url).header("Content-Type", "application/json").body(body);
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature-256", signature);
    }
    Ok(request.send().await?.status().as_u16())
}
