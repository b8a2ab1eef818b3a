//! Page tokens at the relay: registered when Meta says what they are worth, and proven for Graph.

use baton_core::relay_client::enrol;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::routes;
use baton_protocol::token::{PageToken, TimedProof, TokenRegistered, TokenShown};
use baton_support::people::Shop;
use baton_support::{INES, KITE_AND_CO, NORTHWIND_TEA, World};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

/// A desk that only speaks with its relay.
struct BareDesk {
    http: reqwest::Client,
    relay: String,
    token: SecretString,
}

impl BareDesk {
    async fn on(world: &World, shop: Shop) -> anyhow::Result<Self> {
        let invite = world.invites(INES, &[shop]).await?;
        let identity = enrol(&world.relay_address().parse()?, &invite, "a bare desk").await?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, relay: world.relay_address(), token: identity.token })
    }

    async fn shows<T: DeserializeOwned>(
        &self,
        route: &str,
        shop: Shop,
        token: &SecretString,
    ) -> anyhow::Result<Result<T, ErrorBody>> {
        let shown = TokenShown { token: PageToken::new(token.expose_secret().to_owned()) };
        let url = format!("{}{}", self.relay, routes::of_account(route, &shop.id()));
        let request = self.http.post(url).bearer_auth(self.token.expose_secret());
        let answer = request.header(VERSION_HEADER, VERSION).json(&shown).send().await?;
        Ok(if answer.status().is_success() { Ok(answer.json().await?) } else { Err(answer.json().await?) })
    }

    async fn registers(&self, shop: Shop, token: &SecretString) -> anyhow::Result<Result<(), ErrorCode>> {
        let told = self.shows::<TokenRegistered>(routes::TOKEN, shop, token).await?;
        Ok(told.map(|facts| assert!(!facts.scopes.is_empty())).map_err(|no| no.code))
    }

    async fn asks(&self, shop: Shop, token: &SecretString) -> anyhow::Result<Result<TimedProof, ErrorCode>> {
        Ok(self.shows(routes::PROOF, shop, token).await?.map_err(|no| no.code))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_meta_knows_is_registered_and_proven_at_metas_time() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = BareDesk::on(&world, NORTHWIND_TEA).await?;
    let token = world.page_token(NORTHWIND_TEA)?;
    assert_eq!(ines.asks(NORTHWIND_TEA, &token).await?.unwrap_err(), ErrorCode::TokenRefused);
    assert_eq!(ines.registers(NORTHWIND_TEA, &token).await?, Ok(()));

    world.moves_clock(30);
    world.relay_knows_metas_time().await?;
    let proof = ines.asks(NORTHWIND_TEA, &token).await?.unwrap();
    assert!((proof.time * 1000 - world.meta().now_ms()).abs() < 60_000, "{proof:?}");
    let secret = baton_support::world::APP_SECRET.as_bytes();
    let expected =
        baton_messenger::signature::appsecret_proof_timed(secret, token.expose_secret(), proof.time);
    assert_eq!(proof.proof, expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_says_no_to_is_neither_registered_nor_proven() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = BareDesk::on(&world, NORTHWIND_TEA).await?;
    let (tea, kite) = (world.page_token(NORTHWIND_TEA)?, world.page_token(KITE_AND_CO)?);
    let persons = world.meta().user_token().unwrap();
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    for token in [&tea, &kite, &persons] {
        assert_eq!(ines.registers(NORTHWIND_TEA, token).await?, Err(ErrorCode::TokenRefused));
        assert_eq!(ines.asks(NORTHWIND_TEA, token).await?.unwrap_err(), ErrorCode::TokenRefused);
    }
    assert_eq!(ines.registers(KITE_AND_CO, &kite).await?, Err(ErrorCode::NoSuchLog));
    world.meta().revive_tokens(&NORTHWIND_TEA.id());
    assert_eq!(ines.registers(NORTHWIND_TEA, &tea).await?, Ok(()));
    Ok(())
}
