//! The team of the demo: what its workspace shares, and colleagues who are there, so that whoever tries Baton alone is not
//! alone in it.
//!
//! They are whole desks of their own on the same relay, without a window. Each does a few things once and then stays online;
//! nobody answers for them.

use baton_support::window::desk::DeskStart;
use baton_support::window::windowless::{Seat, Windowless};

use crate::stage::Stage;
use crate::team::SVEN;
use crate::{AYUMI, INES, KITE_AND_CO, KITE_ON_INSTAGRAM, NOOR, NORTHWIND_TEA};

/// An agent. No customer of the demo has this name.
pub const EMIL: &str = "Emil";
/// A customer of Kite & Co on Instagram.
pub const NIA: &str = "Nia Okafor";

/// Labels, with their colours.
const LABELS: [(&str, &str); 2] = [("Refund", "#b53073"), ("Wholesale", "#286ebd")];
/// Canned replies, by name.
const CANNED: [(&str, &str); 3] = [
    ("hello", "Hello {name}, this is {agent} from {account}. How can I help?"),
    ("parcel", "Your parcel is on its way, {name}. This is its number: {parcel number}"),
    ("hours", "Our shop is open Monday to Saturday, 9:00 to 18:00."),
];
/// What Sven asks of whoever tries the demo.
const ASKS: &str = "@Ines can you take this one? We ship to Osaka since spring.";

/// Says what the workspace shares.
///
/// # Errors
/// When the relay refuses.
pub async fn shares(stage: &Stage) -> anyhow::Result<()> {
    stage.relay()?.admin_shares(NORTHWIND_TEA, &LABELS, &CANNED).await
}

/// How the window of a colleague is started.
///
/// # Errors
/// When the relay refuses an invite.
pub fn window_of(stage: &Stage, role: &str, name: &str) -> anyhow::Result<DeskStart> {
    let desk = format!("desk-{}", name.to_lowercase());
    Ok(DeskStart {
        data_dir: stage.room().folder().join(&desk),
        name: desk,
        ..stage.desk_start(Some(stage.enrol_file_of_a(role, name)?))
    })
}

/// An agent and a supervisor. Dropping it ends their desks.
#[derive(Debug)]
pub struct Colleagues {
    emil: Windowless,
    sven: Windowless,
}

/// Whom they have to do with, by the ids that Meta gives.
#[derive(Clone, Debug)]
pub struct Morning {
    noor: String,
    nia: String,
    ayumi: String,
}

impl Morning {
    /// Of the demo's own customers.
    ///
    /// # Errors
    /// When one of them is not in this world.
    pub async fn of(stage: &Stage) -> anyhow::Result<Self> {
        let meta = stage.meta();
        let id = async |account, name| anyhow::Ok(meta.customer(account, name).await?.id().to_owned());
        Ok(Self {
            noor: id(KITE_AND_CO, NOOR).await?,
            nia: id(KITE_ON_INSTAGRAM, NIA).await?,
            ayumi: id(KITE_ON_INSTAGRAM, AYUMI).await?,
        })
    }
}

impl Colleagues {
    /// They sit down and are online.
    ///
    /// # Errors
    /// When the relay does not let them in.
    pub async fn sit_down(stage: &Stage) -> anyhow::Result<Self> {
        Ok(Self {
            emil: sits_down(stage, "agent", EMIL).await?,
            sven: sits_down(stage, "supervisor", SVEN).await?,
        })
    }

    /// Emil takes two threads and has one of them open, Sven asks Ines in a note to look at a third. It waits until what was
    /// said before has been read: some desk with a Page token has to do that.
    ///
    /// # Errors
    /// When a thread does not come, or somebody was faster.
    pub async fn begin(&self, morning: &Morning) -> anyhow::Result<()> {
        let noor = self.emil.thread(KITE_AND_CO, &morning.noor).await?;
        self.emil.claims(noor).await?;
        self.emil.reads(noor).await?;
        let nia = self.emil.thread(KITE_ON_INSTAGRAM, &morning.nia).await?;
        self.emil.claims(nia).await?;
        let ayumi = self.sven.thread(KITE_ON_INSTAGRAM, &morning.ayumi).await?;
        self.sven.notes(ayumi, ASKS, &[INES]).await
    }
}

async fn sits_down(stage: &Stage, role: &str, name: &str) -> anyhow::Result<Windowless> {
    let data_dir = stage.room().folder().join(format!("desk-{}", name.to_lowercase()));
    let seat = Seat {
        data_dir: &data_dir,
        machine: &format!("{name}'s computer"),
        graph_url: stage.meta().graph_url(),
        relay: &stage.relay_address(),
        invite: &stage.invite_of_a(role, name)?,
    };
    Windowless::sits_down(&seat).await
}

#[cfg(test)]
mod tests {
    use baton_protocol::{canned, label};

    use super::*;

    #[test]
    fn what_the_workspace_shares_can_be_kept() {
        for (name, colour) in LABELS {
            assert_eq!(label::check(name, colour), Ok(()), "{name}");
        }
        for (name, text) in CANNED {
            assert_eq!(canned::check(name, Some(text)), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_note_means_the_agent_at_the_window() {
        assert!(ASKS.starts_with(&format!("@{INES} ")), "{ASKS}");
    }
}
