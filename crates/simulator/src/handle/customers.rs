//! What customers do, and what others do in their threads.

use baton_messenger::{AccountId, AppId, CustomerId, Mid};

use super::{Simulator, SimulatorError};
use crate::admin::NewCustomer;
use crate::world::NewPerson;
use crate::world::acts::arrive::Arrival;
use crate::world::acts::business::LegacyShare;
use crate::world::acts::press::Pressed;
use crate::world::acts::said::Said;
use crate::world::acts::tap::Tap;
use crate::world::thread::Profile;

impl Simulator {
    /// A new customer of a Page.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn add_customer(&self, page: &AccountId, new: NewCustomer) -> Result<CustomerId, SimulatorError> {
        Ok(self.sim.act(|world, _| world.add_customer(page, NewPerson::from(new)))?)
    }

    /// The customer writes.
    ///
    /// # Errors
    /// Unknown Page or customer, or an empty text.
    pub fn customer_writes(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
    ) -> Result<Mid, SimulatorError> {
        self.customer_says(page, customer, &Said::text(text))
    }

    /// The customer says something: words, things, an answer to a story …
    ///
    /// # Errors
    /// Unknown account or customer, nothing said, or something that the platform does not have.
    pub fn customer_says(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        said: &Said,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_says(page, customer, said, now_ms))?)
    }

    /// The customer writes a reply to a message.
    ///
    /// # Errors
    /// As [`Simulator::customer_writes`].
    pub fn customer_replies(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
        to: &Mid,
    ) -> Result<Mid, SimulatorError> {
        self.customer_says(page, customer, &Said { reply_to: Some(to.clone()), ..Said::text(text) })
    }

    /// The customer taps a button.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_taps(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        title: &str,
        payload: &str,
    ) -> Result<Mid, SimulatorError> {
        let tap = Tap { title: title.to_owned(), payload: payload.to_owned(), ..Tap::default() };
        self.customer_taps_button(page, customer, &tap)
    }

    /// The customer taps a button of a known message, or by a link or ad.
    ///
    /// # Errors
    /// Unknown account or customer, or no app sent the message.
    pub fn customer_taps_button(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        tap: &Tap,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_taps(page, customer, tap, now_ms))?)
    }

    /// The customer's phone shows everything sent so far.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_receives(&self, page: &AccountId, customer: &CustomerId) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_receives(page, customer, now_ms))?)
    }

    /// The customer has seen everything sent so far.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_reads(&self, page: &AccountId, customer: &CustomerId) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_reads(page, customer, now_ms))?)
    }

    /// The customer reacts to a message (`love`, `like` …), or with `None` takes the reaction back.
    ///
    /// # Errors
    /// Unknown Page, customer or message.
    pub fn customer_reacts(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        name: Option<&str>,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_reacts(page, customer, mid, name, now_ms))?)
    }

    /// Whether messages can reach the customer; if not, sends are refused with 551.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn set_reachable(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        is_reachable: bool,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| {
            world.thread_mut(page, customer).map(|thread| thread.customer.is_reachable = is_reachable)
        })?)
    }

    /// Gives a thread to an app, or to nobody, without any event, as Meta's AI agent does.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn seize(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        app: Option<&AppId>,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.seize(page, customer, app, now_ms))?)
    }

    /// The customer presses a button of a template: of the first or only card when `element` is 0.
    ///
    /// # Errors
    /// Unknown account or customer, or no such button.
    pub fn customer_presses(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        element: usize,
        button: usize,
    ) -> Result<Pressed, SimulatorError> {
        let which = (element, button);
        Ok(self.sim.act(|world, now_ms| world.customer_presses(page, customer, mid, which, now_ms))?)
    }

    /// The customer taps a quick reply of the newest message.
    ///
    /// # Errors
    /// Unknown account or customer, or the quick replies are gone.
    pub fn customer_chooses(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        index: usize,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_chooses(page, customer, mid, index, now_ms))?)
    }

    /// The customer changes the text of an own message; up to five times.
    ///
    /// # Errors
    /// Unknown account or customer, or not theirs to change.
    pub fn customer_edits(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        text: &str,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_edits(page, customer, mid, text, now_ms))?)
    }

    /// The customer takes an own message back. Only Instagram tells of it.
    ///
    /// # Errors
    /// Unknown account or customer, or not theirs to take back.
    pub fn customer_unsends(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_unsends(page, customer, mid, now_ms))?)
    }

    /// The customer arrives by a link or an ad, agrees to news, links an account, fills a cart or a form.
    ///
    /// # Errors
    /// Unknown account or customer, or the platform has no such event.
    pub fn customer_arrives(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        arrival: &Arrival,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_arrives(page, customer, arrival, now_ms))?)
    }

    /// What Graph tells of the customer from now on.
    ///
    /// # Errors
    /// Unknown account or customer.
    pub fn set_profile(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        profile: Profile,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| world.thread_mut(page, customer).map(|t| t.customer.profile = profile))?)
    }

    /// A person of the business answers in Meta's inbox; `hides_app`: the echo does not name it.
    ///
    /// # Errors
    /// Unknown account or customer, or an empty text.
    pub fn inbox_answers(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
        hides_app: bool,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.inbox_answers(page, customer, text, hides_app, now_ms))?)
    }

    /// A person of the business shares something from Meta's inbox that the echo does not carry.
    ///
    /// # Errors
    /// Unknown account or customer.
    pub fn inbox_shares(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        share: &LegacyShare,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.inbox_shares(page, customer, share, now_ms))?)
    }

    /// A person of the business moves the thread to Meta's inbox.
    ///
    /// # Errors
    /// Unknown account or customer.
    pub fn inbox_takes(&self, page: &AccountId, customer: &CustomerId) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.inbox_takes(page, customer, now_ms))?)
    }

    /// Meta's AI agent takes the thread without an event and says so in a message.
    ///
    /// # Errors
    /// Unknown account or customer.
    pub fn ai_agent_takes(&self, page: &AccountId, customer: &CustomerId) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.ai_agent_takes(page, customer, now_ms))?)
    }

    /// Meta's AI agent answers in a thread of its own.
    ///
    /// # Errors
    /// Unknown account or customer, an empty text, or the thread is not its own.
    pub fn ai_agent_answers(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.ai_agent_answers(page, customer, text, now_ms))?)
    }
}
