//! What the disk does to the relay: a write that fails, a body that a later version can read.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use baton_messenger::signature;
use baton_protocol::enrol::Role;
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;

use crate::operator::{program, wait_for_ready};
use crate::stage::{MARA, SECRET, Stage, TEA, message};

/// A relay whose files may not grow beyond this: a write then fails as on a broken disk.
fn serve_with_a_wall(dir: &Path, blocks: u32) -> Command {
    let real = program(dir);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" serve --ready-file \"$1\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).arg(real.get_program()).arg(dir.join("ready.json")).env_clear();
    for (name, value) in real.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}

#[tokio::test]
async fn a_write_that_fails_ends_the_answers_and_then_the_relay_and_loses_nothing() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let dir = stage.database().parent().unwrap().to_owned();
    stage.relay.take().unwrap().stop().await;

    let mut child =
        serve_with_a_wall(&dir, 4000).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let ready = wait_for_ready(&dir.join("ready.json"));
    let url = format!("{}/webhook", ready["public_url"].as_str().unwrap());
    let (mut answered, mut refused) = (Vec::new(), 0);
    let begun = Instant::now();
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the relay goes on after a lost write");
        let mid = format!("m_{}", answered.len() + refused);
        let body = message(TEA, MARA, &mid, &"x".repeat(100_000));
        let signature = signature::sign(SECRET.as_bytes(), body.as_bytes());
        let post = stage.http.post(&url).header("X-Hub-Signature-256", signature).body(body).send();
        match post.await.map(|answer| answer.status().as_u16()) {
            Ok(200) => {
                assert_eq!(refused, 0, "an answer after a lost write");
                answered.push(mid);
            }
            Ok(status) => {
                assert_eq!(status, 503);
                refused += 1;
            }
            Err(_) => refused += 1,
        }
    };
    assert_eq!((ended.code(), ended.signal()), (Some(74), None), "it says that it must be started anew");
    assert!(!answered.is_empty() && refused > 0, "{} answered, {refused} refused", answered.len());

    stage.start().await;
    let entries = ines.at(&stage).entries(TEA).await;
    let found = |mid: &str| entries.iter().filter(|entry| entry.key.ends_with(&format!(":{mid}"))).count();
    assert!(answered.iter().all(|mid| found(mid) == 1), "everything that was answered is there once");
    assert!(entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
}

#[tokio::test]
async fn a_body_that_a_later_version_can_read_moves_into_its_log_at_start() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.relay.take().unwrap().stop().await;
    let body = message(TEA, MARA, "m_1", "Hello");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(stage.database());
    let mut file = options.connect().await.unwrap();
    sqlx::query("insert into quarantine (at_ms, why, key, body) values (1, 'unreadable', 'k', ?)")
        .bind(body.into_bytes())
        .execute(&mut file)
        .await
        .unwrap();
    file.close().await.unwrap();

    stage.start().await;
    let entries = ines.at(&stage).entries(TEA).await;
    assert!(entries[1].key.ends_with("message:m_1"));
    assert_eq!(stage.health().await["quarantined"], 0);
}

#[tokio::test]
async fn one_file_belongs_to_one_relay() {
    let stage = Stage::new().await;
    let second = baton_relay::Relay::start(stage.config()).await.err().unwrap();
    assert!(second.to_string().contains("in use by another relay"), "{second}");
    assert!(stage.desk("Ines", &[(TEA, Role::Agent)]).await.enrolled.agent_name == "Ines");
}
