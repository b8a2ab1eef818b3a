//! Who a customer is (docs/meta.md 3.5). A failure here never keeps a message from being shown.

use baton_messenger::answer::UserProfile;
use baton_messenger::id::{CustomerId, Platform};

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::Credentials;
use crate::error::CallError;

impl GraphClient {
    /// The customer's profile; may be empty.
    ///
    /// # Errors
    /// [`CallError`]; [`ErrorClass::ProfileUnavailable`](baton_messenger::error::ErrorClass::ProfileUnavailable) is the
    /// ordinary one.
    pub async fn profile(
        &self,
        credentials: &Credentials,
        platform: Platform,
        customer: &CustomerId,
    ) -> Result<UserProfile, CallError> {
        let fields = match platform {
            Platform::Messenger => "first_name,last_name,name,profile_pic",
            Platform::Instagram => {
                "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,\
                 is_verified_user"
            }
        };
        let call = Call::get("profile", &[customer.as_str()]).with("fields", fields);
        self.read(&call, credentials).await
    }
}
