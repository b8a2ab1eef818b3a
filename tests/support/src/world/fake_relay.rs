//! A relay of another time: it answers, but in versions that this desk does not speak.

use baton_protocol::enrol::InviteInfo;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::Versions;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Something that answers every call of a desk in the same way.
#[derive(Debug)]
pub struct FakeRelay {
    server: MockServer,
}

impl FakeRelay {
    /// Tells every invite that it is good, and that the relay speaks these versions.
    ///
    /// # Errors
    /// When the answer cannot be written.
    pub async fn of_versions(versions: Versions) -> anyhow::Result<Self> {
        let info = InviteInfo {
            agent_name: "Ines".to_owned(),
            accounts: Vec::new(),
            expires_at_ms: i64::MAX,
            workspace: "Another time".to_owned(),
            versions,
        };
        Ok(Self::that_answers(ResponseTemplate::new(200).set_body_json(info)).await)
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
        Ok(Self::that_answers(ResponseTemplate::new(426).set_body_json(body)).await)
    }

    async fn that_answers(answer: ResponseTemplate) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self { server }
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> String {
        self.server.uri()
    }
}
