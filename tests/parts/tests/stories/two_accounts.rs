//! Two accounts, one desk each: nothing of the other is readable, by any call, with a guessed cursor, or on the stream.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_commands::contract::OwnerKind;
use baton_commands::contract::thread::Author;
use baton_core::relay_client::{RelayClient, RelayError};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::error::ErrorCode;
use baton_protocol::snapshot::{ReadMark, SnapshotPage};
use baton_protocol::team::Status;
use baton_protocol::{CommandId, Cursor, LogName, SeqRanges};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_TEA, SAMIR, World};

const SECRET_OF_MARA: &str = "Please do not tell anybody about the samovar.";
const NOTE: &str = "The samovar is a surprise";

struct Two {
    world: World,
    ines: TestDesk,
    jonas: TestDesk,
    mara: Customer,
    samir: Customer,
}

/// Ines serves only Northwind Tea, Jonas only Kite & Co; both have something to read.
async fn two_accounts() -> anyhow::Result<Two> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let (mara, samir) = (world.customer(MARA)?, world.customer(SAMIR)?);
    mara.writes(SECRET_OF_MARA)?;
    mara.writes("I want a person")?;
    samir.writes("Do you repair kites?")?;
    ines.sees(&mara, "her thread", |t| t.held_by() == OwnerKind::Ours).await?;
    jonas.sees(&samir, "his thread", |t| t.says(Author::Customer, "Do you repair kites?")).await?;
    Ok(Two { world, ines, jonas, mara, samir })
}

fn tea_log() -> LogName {
    LogName::Account(NORTHWIND_TEA.id())
}

/// Everything by which something of Northwind Tea would be known.
fn marks_of_tea(two: &Two) -> anyhow::Result<Vec<String>> {
    let token = two.world.page_token(NORTHWIND_TEA)?;
    Ok(vec![
        SECRET_OF_MARA.into(),
        NOTE.into(),
        MARA.into(),
        two.mara.id().to_string(),
        NORTHWIND_TEA.name.into(),
        secrecy::ExposeSecret::expose_secret(&token).to_owned(),
    ])
}

fn is_hidden<T>(result: Result<T, RelayError>) -> bool {
    matches!(result, Err(RelayError::Refused(body)) if body.code == ErrorCode::NoSuchLog)
}

fn command(command: Command) -> CommandRequest {
    CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_about_the_other_account_is_answered() -> anyhow::Result<()> {
    let two = two_accounts().await?;
    let relay: RelayClient = two.world.as_desk(&two.jonas).await?;
    let head = two.world.entries(NORTHWIND_TEA).await?.len() as u64;
    assert!(head > 3);

    let hello = relay.hello().await?;
    assert_eq!(hello.accounts.iter().map(|a| a.account.clone()).collect::<Vec<_>>(), [KITE_AND_CO.id()]);
    for (after, before) in
        [(None, None), (Some(0), None), (Some(head - 1), None), (None, Some(head + 1)), (Some(1), Some(3))]
    {
        assert!(is_hidden(relay.entries(&tea_log(), after, before, 100).await), "{after:?} {before:?}");
    }
    assert!(is_hidden(relay.snapshot(&NORTHWIND_TEA.id(), &SnapshotPage::default()).await));
    let mark = ReadMark { account: NORTHWIND_TEA.id(), customer: two.mara.id().clone(), read_seq: 1 };
    assert!(is_hidden(relay.mark_read(&mark).await));
    let status = Command::SetStatus { customer: two.mara.id().clone(), status: Status::Done };
    assert!(is_hidden(relay.command(&tea_log(), &command(status)).await));
    let token = Command::ReportToken { alive: false };
    assert!(is_hidden(relay.command(&tea_log(), &command(token)).await));

    // The two are not told apart: an account that nobody has is answered alike.
    let nobody = LogName::Account("999999999999999".into());
    assert!(is_hidden(relay.entries(&nobody, None, None, 100).await));
    assert_eq!(two.world.entries(NORTHWIND_TEA).await?.len() as u64, head, "a refused command left an entry");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guessed_cursor_opens_no_stream_of_the_other_account() -> anyhow::Result<()> {
    let two = two_accounts().await?;
    let relay = two.world.as_desk(&two.jonas).await?;
    let ours = two.world.as_desk(&two.ines).await?;
    let page = ours.entries(&tea_log(), Some(0), None, 1).await?;
    let mut ranges = SeqRanges::new();
    ranges.insert(1, 1);
    // Even with the right log's identity and chain.
    let guess = Cursor { log_id: page.log_id, ranges, chain: page.entries[0].chain.clone() };

    let heard = match relay.stream(BTreeMap::from([(tea_log(), guess)]), None).await {
        Err(refused) => {
            assert!(is_hidden::<()>(Err(refused)));
            String::new()
        }
        Ok(mut stream) => {
            two.mara.writes("One more thing.")?;
            two.samir.writes("Tomorrow then.")?;
            let mut heard = String::new();
            let listening = async {
                while let Ok(event) = stream.next().await {
                    heard.push_str(&format!("{event:?}"));
                    if heard.contains("Tomorrow then.") {
                        break;
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(30), listening).await?;
            // Give what does not belong here the chance to arrive too.
            let _ = tokio::time::timeout(Duration::from_millis(500), stream.next()).await.map(|more| {
                heard.push_str(&format!("{more:?}"));
            });
            assert!(heard.contains("Tomorrow then."));
            heard
        }
    };

    for mark in marks_of_tea(&two)? {
        assert!(!heard.contains(&mark), "“{mark}” stands in what was streamed to Jonas");
    }
    assert!(!heard.contains("One more thing."));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_other_account_is_on_the_disk_of_the_desk() -> anyhow::Result<()> {
    let two = two_accounts().await?;

    assert!(two.jonas.threads(baton_commands::contract::threads::View::All).await?.len() == 1);
    let session = two.jonas.session().await?;
    assert_eq!(session.accounts.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [KITE_AND_CO.name]);

    let files = bytes_of(two.jonas.folder())?;
    let has = |text: &str| files.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has(SAMIR), "the search itself must be able to find something");
    for mark in marks_of_tea(&two)? {
        assert!(!has(&mark), "“{mark}” stands in the files of Jonas's desk");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_in_no_file_of_any_desk_or_the_relay() -> anyhow::Result<()> {
    let two = two_accounts().await?;
    let files = bytes_of(two.world.folder())?;
    for shop in [NORTHWIND_TEA, KITE_AND_CO] {
        let token = two.world.page_token(shop)?;
        let text = secrecy::ExposeSecret::expose_secret(&token).as_bytes();
        assert!(!files.windows(text.len()).any(|part| part == text), "the token of {}", shop.name);
    }
    Ok(())
}

fn bytes_of(folder: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            bytes.extend(bytes_of(&path)?);
        } else if path.is_file() {
            bytes.extend(std::fs::read(&path)?);
        }
    }
    Ok(bytes)
}
