//! The relay and its log, as `/healthz` tells.

use baton_protocol::routes;
use serde_json::Value;

use super::{Finding, Patient, http, told};

const CHECK: &str = "relay and log";

pub(super) async fn examine(patient: &Patient) -> Vec<Finding> {
    let url = format!("http://{}{}", patient.config.public_listen, routes::HEALTH);
    match ask(&url).await {
        Ok(health) => judge(&health),
        Err(why) => vec![Finding::wrong(
            CHECK,
            format!("No relay answers on {}: {why}.", patient.config.public_listen),
            "Start it with `baton-relay serve`, and look at what it writes.",
        )],
    }
}

async fn ask(url: &str) -> Result<Value, String> {
    let answer = http(url)?.get(url).send().await.map_err(|error| told(&error))?;
    answer.json().await.map_err(|_| "what answers there is no relay".to_owned())
}

fn judge(health: &Value) -> Vec<Finding> {
    let Some(durable) = health["durable"].as_bool() else {
        return vec![Finding::wrong(
            CHECK,
            "What answers there is no relay.",
            "Give the relay addresses of its own with `public_listen` and `desk_listen`.",
        )];
    };
    let mut findings = vec![log(health, durable)];
    findings.extend(refusals(health));
    findings.extend(quarantine(health));
    findings
}

fn log(health: &Value, durable: bool) -> Finding {
    match health["log_problem"].as_str() {
        Some(problem) => Finding::wrong(
            CHECK,
            format!("{problem}."),
            "Make room on the disk, and check that it is well; Meta repeats what was refused for about an hour.",
        ),
        None if !durable => Finding::wrong(
            CHECK,
            "The log answers before it is durable: a webhook that was answered can be lost.",
            "Choose another kind of log with `database`.",
        ),
        None => Finding::good(CHECK, "The relay answers, and its log can be written and is durable."),
    }
}

fn refusals(health: &Value) -> Option<Finding> {
    let mismatches = health["refused"]["signature_mismatch"].as_u64().unwrap_or(0);
    (mismatches > 0).then(|| {
        Finding::wrong(
            "signatures",
            format!("{mismatches} webhooks were signed with another secret since the relay started."),
            "Compare `app_secret` with the Meta app's dashboard. While a secret is being changed keep the old one in \
             `app_secret_previous`.",
        )
    })
}

/// One line for each reason, because each asks for something else.
fn quarantine(health: &Value) -> Vec<Finding> {
    let reasons = health["quarantined_by_reason"].as_object();
    let line = |(why, count): (&String, &Value)| {
        let advice = match why.as_str() {
            "unknown_account" => "Connect the accounts they are for: then these events move into their logs.",
            "wrong_object" => {
                "They came as Messenger's for an account on Instagram, or the other way round. Look whether the account was \
                 invited as what it is."
            }
            "dashboard_test" => "Nothing: somebody pressed the Test button of the app's dashboard.",
            _ => "Nothing now: each newer version tries again to read them.",
        };
        let why = why.replace('_', " ");
        Finding::note("quarantine", format!("Events that belong into no log yet: {count} {why}."), advice)
    };
    reasons.into_iter().flatten().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::doctor::Standing;

    fn standings(health: &Value) -> Vec<(String, Standing)> {
        judge(health).into_iter().map(|finding| (finding.check, finding.standing)).collect()
    }

    #[test]
    fn what_healthz_says_is_judged() {
        let well = json!({"durable": true, "log_problem": null, "refused": {}, "quarantined_by_reason": {}});
        assert_eq!(standings(&well), [(CHECK.to_owned(), Standing::Good)]);
        let hasty = json!({"durable": false, "log_problem": null});
        assert_eq!(standings(&hasty), [(CHECK.to_owned(), Standing::Wrong)]);
        let full = json!({"durable": true, "log_problem": "the log cannot store now: disk full"});
        assert_eq!(standings(&full), [(CHECK.to_owned(), Standing::Wrong)]);
        let other_secret = json!({"durable": true, "refused": {"signature_mismatch": 3},
            "quarantined_by_reason": {"unknown_account": 2}});
        let expected =
            [(CHECK, Standing::Good), ("signatures", Standing::Wrong), ("quarantine", Standing::Note)];
        assert_eq!(standings(&other_secret), expected.map(|(check, standing)| (check.to_owned(), standing)));
        assert_eq!(standings(&json!({"hello": 1})), [(CHECK.to_owned(), Standing::Wrong)]);
    }

    #[test]
    fn each_reason_of_the_quarantine_has_its_own_advice() {
        let reasons = json!({"dashboard_test": 1, "unknown_account": 1, "unreadable": 2, "wrong_object": 3});
        let lines = quarantine(&json!({"quarantined_by_reason": reasons}));
        let advice: std::collections::BTreeSet<String> =
            lines.iter().map(|line| line.action.clone()).collect();
        assert_eq!((lines.len(), advice.len()), (4, 4), "{lines:?}");
        assert!(lines.iter().any(|line| line.what.contains("3 wrong object")), "{lines:?}");
    }
}
