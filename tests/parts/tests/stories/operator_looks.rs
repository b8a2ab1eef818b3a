//! The operator looks at everything between Meta and the desks, and mends what is wrong.

use baton_messenger::limits::PAGE_FIELDS;
use baton_relay::doctor::{self, Finding, Standing};
use baton_support::{INES, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World};
use secrecy::SecretString;

/// What is wrong, by what was looked at. How full the disk of the machine is that tests is not Baton's doing.
fn wrong(findings: &[Finding]) -> Vec<&str> {
    let is_full = |finding: &Finding| finding.check == "disk" && finding.what.contains("are free");
    let wrong = findings.iter().filter(|finding| finding.standing == Standing::Wrong && !is_full(finding));
    wrong.map(|finding| finding.check.as_str()).collect()
}

fn find<'a>(findings: &'a [Finding], check: &str) -> Option<&'a Finding> {
    findings.iter().find(|finding| finding.check == check)
}

const APP_WEBHOOKS: &str = "app webhooks of object page";

fn page() -> String {
    format!("Page {} at Meta", NORTHWIND_TEA.id())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_well_once_app_and_page_are_subscribed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let _ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let patient = world.patient(vec![world.page_token(NORTHWIND_TEA)?]).await?;

    let subscribed = doctor::subscribe(&patient).await;
    assert_eq!(wrong(&subscribed), Vec::<&str>::new(), "{subscribed:#?}");
    assert_eq!(find(&subscribed, APP_WEBHOOKS).unwrap().standing, Standing::Good);
    assert!(find(&subscribed, &page()).unwrap().what.contains(&format!("all {} fields", PAGE_FIELDS.len())));

    let looked = doctor::examine(&patient).await;
    assert_eq!(wrong(&looked), Vec::<&str>::new(), "{looked:#?}");
    for check in ["relay and log", "public address", "webhook handshake", "app and secret", "clock"] {
        assert_eq!(find(&looked, check).unwrap().standing, Standing::Good, "{check}");
    }
    assert!(find(&looked, "disk").unwrap().what.contains("free"), "{looked:#?}");
    let account = format!("account {} (messenger)", NORTHWIND_TEA.id());
    assert!(find(&looked, &account).unwrap().what.contains(NORTHWIND_TEA.name));
    assert_eq!(find(&looked, "backups").unwrap().standing, Standing::Note);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_lost_its_subscription_is_found_and_mended() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let _ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let patient = world.patient(vec![world.page_token(NORTHWIND_TEA)?]).await?;
    doctor::subscribe(&patient).await;

    world.meta().unsubscribe(&NORTHWIND_TEA.id(), &world.meta().app_id());
    assert_eq!(wrong(&doctor::examine(&patient).await), [page()]);
    world.meta().subscribe(&NORTHWIND_TEA.id(), &world.meta().app_id(), &["messages"])?;
    let some = doctor::examine(&patient).await;
    assert!(find(&some, &page()).unwrap().what.contains("standby"), "{some:#?}");

    assert_eq!(wrong(&doctor::subscribe(&patient).await), Vec::<&str>::new());
    assert_eq!(wrong(&doctor::examine(&patient).await), Vec::<&str>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_its_instagram_account_needs_is_well_with_little() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let _ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let patient = world.patient(vec![world.page_token(NORTHWIND_TEA)?]).await?;

    assert_eq!(wrong(&doctor::subscribe(&patient).await), Vec::<&str>::new());
    let looked = doctor::examine(&patient).await;
    assert_eq!(wrong(&looked), Vec::<&str>::new(), "{looked:#?}");
    assert!(find(&looked, &page()).unwrap().what.contains("Instagram"), "{looked:#?}");

    world.meta().unsubscribe(&NORTHWIND_TEA.id(), &world.meta().app_id());
    assert_eq!(wrong(&doctor::examine(&patient).await), [page()]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_is_wrong_is_named_with_what_to_do() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let _ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let well = world.patient(vec![world.page_token(NORTHWIND_TEA)?]).await?;
    doctor::subscribe(&well).await;

    let mut other_secret = well.clone();
    other_secret.config.app_secrets = vec![SecretString::from("another-secret")];
    let looked = doctor::examine(&other_secret).await;
    assert!(wrong(&looked).contains(&"app and secret"), "{looked:#?}");

    let mut other_token = well.clone();
    other_token.config.verify_token = SecretString::from("another-token");
    assert_eq!(wrong(&doctor::examine(&other_token).await), ["webhook handshake"]);

    let mut elsewhere = well.clone();
    elsewhere.config.public_url = Some("http://127.0.0.1:9".to_owned());
    assert_eq!(
        wrong(&doctor::examine(&elsewhere).await),
        ["public address", "webhook handshake", APP_WEBHOOKS]
    );
    let subscribed = doctor::subscribe(&elsewhere).await;
    assert!(wrong(&subscribed).contains(&APP_WEBHOOKS), "Meta calls before it says yes: {subscribed:#?}");

    let mut no_room_for_it = well.clone();
    no_room_for_it.config.database = "/nowhere/relay.db".into();
    assert_eq!(wrong(&doctor::examine(&no_room_for_it).await), ["disk"]);

    world.moves_clock(1);
    let looked = doctor::examine(&well).await;
    assert_eq!(wrong(&looked), ["clock"]);
    assert!(looked.iter().all(|f| f.standing != Standing::Wrong || !f.action.is_empty()));

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    assert_eq!(wrong(&doctor::examine(&well).await), ["clock", "Page token at hand"]);

    world.kills_relay();
    let looked = doctor::examine(&well).await;
    assert_eq!(
        wrong(&looked),
        ["relay and log", "public address", "webhook handshake", "clock", "Page token at hand"]
    );
    let told = looked.iter().map(ToString::to_string).collect::<String>();
    for secret in world.secrets()? {
        assert!(!told.contains(&secret), "a secret is printed");
    }
    Ok(())
}
