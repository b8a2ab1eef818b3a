//! One request of Graph, as data.

use baton_messenger::id::AccountId;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::config::GraphConfig;
use crate::credentials::Credentials;
use crate::error::NotBegun;

/// A request that is not yet sent. It has no `Debug`: a parameter may be a secret.
#[derive(Clone)]
pub(crate) struct Call {
    /// What it is called in log lines.
    pub(crate) name: &'static str,
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    secret_query: Option<(&'static str, SecretString)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub(crate) fn get(name: &'static str, path: &[&str]) -> Self {
        Self::new(name, Method::GET, path)
    }

    pub(crate) fn post(name: &'static str, path: &[&str]) -> Self {
        Self::new(name, Method::POST, path)
    }

    /// `POST /{account}/{edge}` with a JSON body.
    pub(crate) fn post_to(
        name: &'static str,
        account: &AccountId,
        edge: &str,
        body: &impl Serialize,
    ) -> Result<Self, NotBegun> {
        let body = serde_json::to_vec(body).map_err(|error| NotBegun::RequestUnusable(error.to_string()))?;
        Ok(Self { body: Some(body), ..Self::post(name, &[account.as_str(), edge]) })
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn with_maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn with_secret(mut self, name: &'static str, value: &SecretString) -> Self {
        self.secret_query = Some((name, value.clone()));
        self
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret_query.as_ref().map(|(_, secret)| secret.expose_secret())
    }

    /// The request, ready to go.
    pub(crate) fn request(
        &self,
        config: &GraphConfig,
        credentials: &Credentials,
    ) -> Result<reqwest::Request, NotBegun> {
        let mut request = reqwest::Request::new(self.method.clone(), self.url(config, credentials)?);
        request.headers_mut().insert(AUTHORIZATION, bearer(&credentials.token)?);
        if let Some(body) = &self.body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }

    fn new(name: &'static str, method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { name, method, path, query: Vec::new(), secret_query: None, body: None }
    }

    fn url(&self, config: &GraphConfig, credentials: &Credentials) -> Result<Url, NotBegun> {
        // A segment of nothing or of dots would change which node is called.
        if self.path.iter().any(|segment| matches!(segment.as_str(), "" | "." | "..")) {
            return Err(NotBegun::RequestUnusable("an id is empty".to_owned()));
        }
        let mut url = config.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| NotBegun::RequestUnusable("the address takes no path".to_owned()))?
            .pop_if_empty()
            .push(&config.version)
            .extend(&self.path);
        let secret = self.secret_query.as_ref().map(|(name, value)| (*name, value.expose_secret()));
        let proof = credentials.proof.as_ref();
        let time = proof.map(|proof| proof.time.to_string());
        let pairs = self
            .query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(secret)
            .chain(proof.map(|proof| ("appsecret_proof", proof.proof.expose_secret())))
            .chain(time.as_deref().map(|time| ("appsecret_time", time)));
        let mut pairs = pairs.peekable();
        if pairs.peek().is_some() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, NotBegun> {
    let token = token.expose_secret();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NotBegun::TokenUnusable);
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| NotBegun::TokenUnusable)?;
    value.set_sensitive(true);
    Ok(value)
}
