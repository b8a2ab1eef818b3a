//! Meta's refusals: code, subcode, HTTP status and type of each error this simulator can answer with.
//!
//! Codes and subcodes follow docs/meta.md 7.2; statuses are this simulator's choice, as Meta documents few.
//! The texts are ours: no client may decide by them.

use serde_json::{Value, json};

/// One refusal, complete but for its trace id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub kind: &'static str,
    pub code: i64,
    pub subcode: Option<i64>,
    pub is_transient: bool,
    pub text: String,
}

/// `(name, status, type, code, subcode or 0, is_transient, text)`
type Row = (&'static str, u16, &'static str, i64, i64, bool, &'static str);

const OAUTH: &str = "OAuthException";
const METHOD: &str = "GraphMethodException";

const ROWS: &[Row] = &[
    ("token_expired", 400, OAUTH, 190, 463, false, "Error validating access token: the session has expired."),
    (
        "token_password_changed",
        400,
        OAUTH,
        190,
        460,
        false,
        "Error validating access token: the session ended when the password was changed.",
    ),
    (
        "token_app_removed",
        400,
        OAUTH,
        190,
        458,
        false,
        "Error validating access token: the person removed the app.",
    ),
    (
        "token_checkpoint",
        400,
        OAUTH,
        190,
        459,
        false,
        "Error validating access token: the person must log in on the website first.",
    ),
    ("token_not_confirmed", 400, OAUTH, 190, 464, false, "The person's account is not confirmed."),
    ("token_invalid", 400, OAUTH, 190, 467, false, "Invalid OAuth access token."),
    (
        "token_page_role_lost",
        400,
        OAUTH,
        190,
        492,
        false,
        "The person behind this token has no role on the Page any more.",
    ),
    ("permission_missing", 403, OAUTH, 200, 0, false, "The permission for this call was not granted."),
    (
        "not_public_yet",
        403,
        OAUTH,
        200,
        2018028,
        false,
        "Until review is passed only people with a role on the app can be messaged.",
    ),
    ("window_closed_messenger", 400, OAUTH, 10, 2018278, false, "Sent outside of the allowed window."),
    ("window_closed_instagram", 400, OAUTH, 10, 2534022, false, "Sent outside of the allowed window."),
    ("page_restricted", 400, OAUTH, 10, 1893063, false, "This Page may not send messages for now."),
    ("feature_missing", 400, OAUTH, 10, 0, false, "The app lacks the feature or permission for this."),
    ("not_thread_owner_send", 400, OAUTH, 10, 2018300, false, "Another app is controlling this thread now."),
    ("lead_flow_running", 400, OAUTH, 10, 2018321, false, "An automated question flow controls this chat."),
    (
        "not_thread_owner_instagram_action",
        400,
        OAUTH,
        100,
        2534037,
        false,
        "Not possible: the app does not own the thread.",
    ),
    (
        "take_blocked_no_default_app",
        400,
        OAUTH,
        27,
        0,
        false,
        "Taking thread control is not available on this Page.",
    ),
    ("take_only_primary", 400, OAUTH, 100, 2018171, false, "Only the primary receiver can take control."),
    (
        "request_only_secondary",
        400,
        OAUTH,
        100,
        2018234,
        false,
        "Only a secondary receiver can request control.",
    ),
    ("control_not_allowed", 400, OAUTH, 100, 0, false, "This thread control call is not allowed now."),
    ("tag_retired", 400, OAUTH, 100, 0, false, "This message tag is no longer allowed."),
    ("bad_parameter", 400, OAUTH, 100, 0, false, "Invalid parameter."),
    ("no_matching_user", 400, OAUTH, 100, 2018001, false, "No matching user found."),
    ("no_matching_ig_user", 400, OAUTH, 100, 2534014, false, "No matching Instagram user."),
    (
        "object_missing",
        400,
        METHOD,
        100,
        33,
        false,
        "Unsupported request. The object does not exist, or permissions are missing.",
    ),
    (
        "attachment_fetch_failed",
        400,
        OAUTH,
        100,
        2018008,
        false,
        "The file could not be fetched from its URL.",
    ),
    ("attachment_upload_failed", 400, OAUTH, 100, 2018047, false, "The attachment could not be uploaded."),
    ("attachment_too_big", 400, OAUTH, 100, 2018109, false, "The attachment exceeds the size limit."),
    ("attachment_id_unknown", 400, OAUTH, 100, 2018074, false, "The id is invalid, or not your attachment."),
    (
        "albums_not_rolled_out",
        400,
        OAUTH,
        100,
        2534068,
        false,
        "Several images in one message are not available to this account yet.",
    ),
    ("media_template", 400, OAUTH, 100, 2018173, false, "The media template is broken."),
    ("ig_not_eligible", 400, OAUTH, 36103, 0, false, "This account cannot use the messaging API."),
    ("ig_no_profile", 400, "IGApiException", 9010, 0, false, "No matching Instagram user."),
    ("profile_unavailable", 400, OAUTH, 100, 2018218, false, "No profile is available for this user."),
    ("profile_permission", 400, OAUTH, 100, 2018247, false, "No permission to read user profiles."),
    ("profile_consent", 403, OAUTH, 230, 0, false, "User consent is required to read the profile."),
    (
        "message_too_old",
        400,
        OAUTH,
        100,
        9000001,
        false,
        "This message has been deleted by the user or the business.",
    ),
    ("person_unavailable", 400, OAUTH, 551, 1545041, false, "This person is not available right now."),
    (
        "person_unavailable_200",
        400,
        OAUTH,
        200,
        1545041,
        false,
        "Message not sent: this person is not available right now.",
    ),
    (
        "ig_access_disabled",
        400,
        OAUTH,
        200,
        2534041,
        false,
        "The account owner disabled access to direct messages.",
    ),
    ("abusive", 400, OAUTH, 368, 0, false, "The action was deemed abusive or is otherwise disallowed."),
    ("rate_app", 400, OAUTH, 4, 0, false, "Application request limit reached."),
    ("rate_user", 400, OAUTH, 17, 0, false, "User request limit reached."),
    ("rate_page_user_token", 400, OAUTH, 32, 0, false, "Page request limit reached."),
    ("rate_buc_pages", 400, OAUTH, 80001, 0, false, "Too many calls to this Page account."),
    ("rate_buc_messenger", 400, OAUTH, 80006, 0, false, "Too many messenger calls to this Page account."),
    ("rate_buc_instagram", 400, OAUTH, 80002, 0, false, "Too many calls to this Instagram account."),
    ("rate_custom", 400, OAUTH, 613, 0, false, "Calls to this API have exceeded the rate limit."),
    (
        "rate_custom_instagram",
        400,
        OAUTH,
        613,
        2534040,
        false,
        "Calls to this API have exceeded the rate limit.",
    ),
    ("transient_unknown", 500, OAUTH, 1, 99, true, "An unknown error has occurred."),
    (
        "transient_service",
        500,
        OAUTH,
        2,
        0,
        true,
        "An unexpected error has occurred. Please retry your request later.",
    ),
    ("label_terms", 400, OAUTH, 2, 2018344, false, "The terms of custom labels were not accepted."),
    ("maybe_sent", 500, OAUTH, 1, 1357046, false, "Received invalid JSON reply."),
    (
        "temporary_send_failure",
        500,
        "FacebookApiException",
        1200,
        0,
        false,
        "Temporary send message failure.",
    ),
    (
        "signature_required",
        400,
        METHOD,
        100,
        0,
        false,
        "Calls from a server need an appsecret_proof argument.",
    ),
    ("proof_wrong", 400, METHOD, 100, 0, false, "Invalid appsecret_proof provided in the API argument."),
    // Recalled, not in docs/meta.md: how the login refuses.
    ("client_secret_wrong", 400, OAUTH, 1, 0, false, "Error validating client secret."),
    ("code_expired", 400, OAUTH, 100, 36007, false, "This authorization code has expired."),
    ("code_redirect", 400, OAUTH, 100, 36008, false, "The redirect_uri is not the one of the dialog."),
    ("code_used", 400, OAUTH, 100, 36009, false, "This authorization code has been used."),
    // Recalled, not in docs/meta.md: the code Meta gives when the callback does not return the challenge.
    ("callback_not_verified", 400, OAUTH, 2200, 0, false, "The callback could not be verified."),
    ("unknown_path", 400, OAUTH, 2500, 0, false, "Unknown path components."),
];

impl Refusal {
    /// The refusal of this name (the names of fixtures/graph_errors.json, and a few more).
    pub fn by_name(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.0 == name).map(Self::from_row)
    }

    /// Every name that [`Refusal::by_name`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ROWS.iter().map(|row| row.0)
    }

    /// The refusal of this name; for names written in this crate.
    pub fn of(name: &'static str) -> Self {
        Self::by_name(name).unwrap_or_else(|| Self {
            status: 500,
            kind: OAUTH,
            code: 1,
            subcode: None,
            is_transient: false,
            text: format!("The simulator has no refusal named {name}."),
        })
    }

    /// Code 100 with its own explanation.
    pub fn bad_parameter(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::of("bad_parameter") }
    }

    /// A thread control call that is not allowed now: code 100 (docs/meta.md 5.4).
    pub fn control(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::of("control_not_allowed") }
    }

    fn from_row(row: &Row) -> Self {
        let &(_, status, kind, code, subcode, is_transient, text) = row;
        let subcode = (subcode != 0).then_some(subcode);
        Self { status, kind, code, subcode, is_transient, text: text.to_owned() }
    }

    /// The JSON body (docs/meta.md 7.1).
    pub fn body(&self, trace: &str) -> Value {
        let message = match self.code {
            190 | 1 | 2 | 1200 => self.text.clone(),
            _ if self.kind == METHOD => self.text.clone(),
            code => format!("(#{code}) {}", self.text),
        };
        let mut error = json!({
            "message": message, "type": self.kind, "code": self.code, "fbtrace_id": trace,
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if self.is_transient {
            error["is_transient"] = true.into();
        }
        if self.code == 2 && self.subcode.is_none() {
            error["error_user_title"] = "Not available".into();
            error["error_user_msg"] = "This is not available right now. Please try again later.".into();
        }
        json!({ "error": error })
    }
}
