//! The public address, called as Meta calls it (docs/meta.md 2.1).

use baton_protocol::routes;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Finding, Patient, http, told};
use crate::secret;

const REACHED: &str = "public address";
const HANDSHAKE: &str = "webhook handshake";

pub(super) async fn examine(patient: &Patient) -> Vec<Finding> {
    let reached = reached(patient).await;
    let handshake = handshake(patient).await.unwrap_or_else(|why| {
        Finding::wrong(
            HANDSHAKE,
            format!("{} does not answer Meta's handshake: {why}.", patient.callback_url()),
            "Let the proxy pass /webhook, /login/return and /healthz to `public_listen`, unchanged.",
        )
    });
    vec![reached, handshake]
}

async fn reached(patient: &Patient) -> Finding {
    let url = format!("{}{}", patient.public_url(), routes::HEALTH);
    let answer = match http(&url) {
        Ok(client) => client.get(&url).send().await.map_err(|error| told(&error)),
        Err(why) => Err(why),
    };
    let health: Result<Value, String> = match answer {
        Ok(answer) => answer.json().await.map_err(|_| "what answers there is no relay".to_owned()),
        Err(why) => Err(why),
    };
    match health {
        Ok(health) if health["durable"].is_boolean() => {
            Finding::good(REACHED, format!("{} is reached from this machine.", patient.public_url()))
        }
        Ok(_) => unreached(patient, "what answers there is no relay"),
        Err(why) => unreached(patient, &why),
    }
}

fn unreached(patient: &Patient, why: &str) -> Finding {
    Finding::wrong(
        REACHED,
        format!("{} is not reached: {why}.", patient.public_url()),
        "Check name, certificate, proxy and firewall. Meta takes no certificate that it cannot verify.",
    )
}

async fn handshake(patient: &Patient) -> Result<Finding, String> {
    let ours = patient.config.verify_token.expose_secret();
    let challenge = secret::fresh("").map_err(|error| error.to_string())?;
    let challenge = challenge.expose_secret();
    let (status, body) = ask(patient, ours, challenge).await?;
    if status != 200 || body != challenge {
        return Err(format!("it answered {status}, and not with the challenge alone"));
    }
    let other = format!("not-{challenge}");
    let (status, _) = ask(patient, &other, challenge).await?;
    if status != 403 {
        return Err(format!("a wrong verify token was answered {status} and not 403"));
    }
    Ok(Finding::good(HANDSHAKE, "The right verify token is answered, a wrong one refused."))
}

async fn ask(patient: &Patient, token: &str, challenge: &str) -> Result<(u16, String), String> {
    let url = patient.callback_url();
    let query = [("hub.mode", "subscribe"), ("hub.challenge", challenge), ("hub.verify_token", token)];
    let answer = http(&url)?.get(&url).query(&query).send().await.map_err(|error| told(&error))?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await.map_err(|error| told(&error))?))
}
