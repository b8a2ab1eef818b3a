//! A relay of another time: it answers, but in versions that this desk does not speak.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context as _;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::Versions;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Older than every desk.
pub const TOO_OLD: Versions = Versions { current: 0, oldest: 0 };
/// Newer than every desk, and it serves none of today.
pub const TOO_NEW: Versions = Versions { current: 9, oldest: 9 };

/// Something that answers every call of a desk in the same way.
#[derive(Debug)]
pub struct FakeRelay {
    server: MockServer,
}

impl FakeRelay {
    /// Tells everybody that it speaks these versions. What else it says, a desk of today cannot read.
    pub async fn of_versions(versions: Versions) -> Self {
        Self::on(MockServer::start().await, versions).await
    }

    /// As [`FakeRelay::of_versions`], on a port that a relay listened on before.
    ///
    /// # Errors
    /// When somebody still listens there.
    pub async fn of_versions_at(port: u16, versions: Versions) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = listener.with_context(|| format!("port {port} is not free"))?;
        Ok(Self::on(MockServer::builder().listener(listener).start().await, versions).await)
    }

    /// Refuses every desk for its age.
    ///
    /// # Errors
    /// When the answer cannot be written.
    pub async fn that_refuses_old_desks() -> anyhow::Result<Self> {
        let body = ErrorBody {
            code: ErrorCode::DeskTooOld,
            message: "This desk is too old for the relay.".to_owned(),
            action: "Update Baton.".to_owned(),
        };
        let server = MockServer::start().await;
        answers(&server, ResponseTemplate::new(426).set_body_json(body)).await;
        Ok(Self { server })
    }

    async fn on(server: MockServer, versions: Versions) -> Self {
        let body = json!({"versions": versions, "of": "another time"});
        answers(&server, ResponseTemplate::new(200).set_body_json(body)).await;
        Self { server }
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> String {
        self.server.uri()
    }
}

async fn answers(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(any()).respond_with(answer).mount(server).await;
}
