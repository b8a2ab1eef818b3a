//! Personas: a name and a face under which an app answers on Messenger (docs/meta.md 4.9).

use baton_messenger::AccountId;

use super::World;
use super::account::Account;
use super::refusals::Refusal;

const NAME_CHARACTERS: usize = 50;

/// One persona. Deleting it is soft: what it said keeps the face.
#[derive(Debug, Clone)]
pub(crate) struct Persona {
    pub id: String,
    pub account: AccountId,
    pub name: String,
    pub picture_url: String,
    pub is_deleted: bool,
}

impl World {
    pub fn add_persona(
        &mut self,
        account: &AccountId,
        name: &str,
        picture_url: &str,
    ) -> Result<String, Refusal> {
        if name.trim().is_empty() || name.chars().count() > NAME_CHARACTERS {
            return Err(Refusal::bad_parameter("name must hold 1 to 50 characters."));
        }
        if !picture_url.starts_with("https://") && !picture_url.starts_with("http://127.0.0.1") {
            return Err(Refusal::bad_parameter("profile_picture_url must be a public link."));
        }
        let account = self.account(account)?.id.clone();
        let id = self.new_number(550_000_000_000_000).to_string();
        let persona = Persona {
            id: id.clone(),
            account,
            name: name.to_owned(),
            picture_url: picture_url.to_owned(),
            is_deleted: false,
        };
        self.personas.insert(id.clone(), persona);
        Ok(id)
    }

    /// The living persona of this id on this account.
    pub fn persona(&self, account: &AccountId, id: &str) -> Result<&Persona, Refusal> {
        let persona = self.personas.get(id).filter(|p| &p.account == account && !p.is_deleted);
        persona.ok_or_else(|| Refusal::of("object_missing"))
    }

    pub fn delete_persona(&mut self, account: &AccountId, id: &str) -> Result<(), Refusal> {
        self.persona(account, id)?;
        if let Some(persona) = self.personas.get_mut(id) {
            persona.is_deleted = true;
        }
        Ok(())
    }

    pub(super) fn check_persona(&self, account: &Account, id: &str) -> Result<(), Refusal> {
        if account.is_instagram() {
            return Err(Refusal::bad_parameter("There are no personas on Instagram."));
        }
        self.persona(&account.id, id).map(|_| ()).map_err(|_| Refusal::bad_parameter("Unknown persona_id."))
    }
}
