//! One request of Graph, as data.

use baton_messenger::id::AccountId;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::multipart::{Form, Part};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::config::GraphConfig;
use crate::credentials::{AppsecretProof, Credentials};
use crate::error::NotBegun;
use crate::upload::FileToSend;

/// A request that is not yet sent. It has no `Debug`: a parameter may be a secret.
#[derive(Clone)]
pub(crate) struct Call {
    /// What it is called in log lines.
    pub(crate) name: &'static str,
    method: Method,
    path: Vec<String>,
    params: Vec<(&'static str, String)>,
    secret_params: Vec<(&'static str, SecretString)>,
    body: Body,
}

/// What goes along besides the address.
#[derive(Clone)]
enum Body {
    Nothing,
    Json(Vec<u8>),
    /// The parameters travel in the body instead of the address.
    Form,
    /// The members of a JSON body as fields of a form, and a file.
    Multipart {
        fields: Vec<(String, String)>,
        file: FileToSend,
    },
}

impl Call {
    pub(crate) fn get(name: &'static str, path: &[&str]) -> Self {
        Self::new(name, Method::GET, path)
    }

    pub(crate) fn post(name: &'static str, path: &[&str]) -> Self {
        Self::new(name, Method::POST, path)
    }

    pub(crate) fn delete(name: &'static str, path: &[&str]) -> Self {
        Self::new(name, Method::DELETE, path)
    }

    /// `POST` with the parameters in the body, for those that no address may hold.
    pub(crate) fn form(name: &'static str, path: &[&str]) -> Self {
        Self { body: Body::Form, ..Self::post(name, path) }
    }

    /// `POST /{account}/{edge}` with a JSON body.
    pub(crate) fn post_to(
        name: &'static str,
        account: &AccountId,
        edge: &str,
        body: &impl Serialize,
    ) -> Result<Self, NotBegun> {
        let body = serde_json::to_vec(body).map_err(|error| NotBegun::RequestUnusable(error.to_string()))?;
        Ok(Self { body: Body::Json(body), ..Self::post(name, &[account.as_str(), edge]) })
    }

    /// `POST /{account}/{edge}` with a file: each member of the JSON body becomes a field of its own, text as it is and
    /// anything else as JSON (docs/meta.md 4.5).
    pub(crate) fn post_file(
        name: &'static str,
        account: &AccountId,
        edge: &str,
        body: &impl Serialize,
        file: &FileToSend,
    ) -> Result<Self, NotBegun> {
        let unusable = |why: &str| NotBegun::RequestUnusable(why.to_owned());
        let body = serde_json::to_value(body).map_err(|error| unusable(&error.to_string()))?;
        let serde_json::Value::Object(members) = body else {
            return Err(unusable("the body is not an object"));
        };
        let field = |(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        };
        let fields = members.into_iter().map(field).collect();
        let body = Body::Multipart { fields, file: file.clone() };
        Ok(Self { body, ..Self::post(name, &[account.as_str(), edge]) })
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.params.push((name, value.into()));
        self
    }

    pub(crate) fn with_maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn with_secret(mut self, name: &'static str, value: &SecretString) -> Self {
        self.secret_params.push((name, value.clone()));
        self
    }

    /// What of it must not appear anywhere.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secret_params.iter().map(|(_, secret)| secret.expose_secret())
    }

    /// The request, ready to go.
    pub(crate) fn request(
        &self,
        http: &reqwest::Client,
        config: &GraphConfig,
        credentials: &Credentials,
        proof: Option<&AppsecretProof>,
    ) -> Result<reqwest::Request, NotBegun> {
        let mut request = http.request(self.method.clone(), self.url(config, proof)?);
        if let Some(token) = credentials.token() {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        let request = match &self.body {
            Body::Nothing => request,
            Body::Json(body) => {
                request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body.clone())
            }
            Body::Form => {
                let proven = proof_pairs(proof);
                let proven = proven.iter().map(|(name, value)| (*name, value.as_str()));
                request.form(&self.pairs().chain(proven).collect::<Vec<_>>())
            }
            Body::Multipart { fields, file } => request.multipart(multipart(fields, file)?),
        };
        request.build().map_err(|error| NotBegun::RequestUnusable(error.without_url().to_string()))
    }

    fn new(name: &'static str, method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { name, method, path, params: Vec::new(), secret_params: Vec::new(), body: Body::Nothing }
    }

    fn url(&self, config: &GraphConfig, proof: Option<&AppsecretProof>) -> Result<Url, NotBegun> {
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
        // A form carries everything itself.
        let proven = if matches!(self.body, Body::Form) { Vec::new() } else { proof_pairs(proof) };
        let own = self.pairs().filter(|_| !matches!(self.body, Body::Form));
        let mut pairs = own.chain(proven.iter().map(|(name, value)| (*name, value.as_str()))).peekable();
        if pairs.peek().is_some() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let open = self.params.iter().map(|(name, value)| (*name, value.as_str()));
        open.chain(self.secret_params.iter().map(|(name, value)| (*name, value.expose_secret())))
    }
}

fn proof_pairs(proof: Option<&AppsecretProof>) -> Vec<(&'static str, String)> {
    let Some(proof) = proof else { return Vec::new() };
    let time = proof.time.map(|time| ("appsecret_time", time.to_string()));
    [("appsecret_proof", proof.proof.expose_secret().to_owned())].into_iter().chain(time).collect()
}

fn multipart(fields: &[(String, String)], file: &FileToSend) -> Result<Form, NotBegun> {
    let length = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
    let part = Part::stream_with_length(file.body(), length)
        .file_name(file.ascii_name())
        .mime_str(&file.mime)
        .map_err(|_| NotBegun::RequestUnusable("the kind of the file is not a MIME type".to_owned()))?;
    let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name.clone(), value.clone()));
    Ok(form.part("filedata", part))
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
