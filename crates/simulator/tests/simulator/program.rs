//! The program itself: ready file, signals, wrong settings.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

#[tokio::test]
async fn the_program_says_where_it_is_and_ends_on_interrupt() {
    let folder = tempfile::tempdir().unwrap();
    let ready_file = folder.path().join("ready.json");
    let mut program = Command::new(env!("CARGO_BIN_EXE_baton-simulator"))
        .args(["--world", "demo", "--ready-file"])
        .arg(&ready_file)
        .env("BATON_SIM_APP_SECRET", "a secret for this test")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    let ready: Value = loop {
        if let Ok(text) = std::fs::read_to_string(&ready_file) {
            break serde_json::from_str(&text).unwrap();
        }
        assert!(Instant::now() < until, "no ready file");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&ready_file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "tokens are for the owner's eyes");
    }
    assert_eq!(ready["pages"][0]["name"], "Northwind Tea");
    assert_eq!(ready["pages"][1]["name"], "Kite & Co");
    assert_eq!(ready["app_id"], "700100200300400");
    let base = ready["base_url"].as_str().unwrap();
    let me = reqwest::Client::new().get(format!("{base}/v26.0/me?fields=name"));
    let me: Value = me
        .bearer_auth(ready["pages"][0]["token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(me["name"], "Northwind Tea");

    Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    let output = tokio::task::spawn_blocking(move || {
        let status = program.wait().unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut program.stdout.take().unwrap(), &mut text).unwrap();
        (status, text)
    });
    let (status, text) = output.await.unwrap();
    assert!(status.success());
    for address in ["base_url", "phone_url", "control_room_url"] {
        assert!(text.contains(ready[address].as_str().unwrap()), "{text}");
    }
    assert!(!text.contains("EAA"), "no token on the terminal");
}

#[test]
fn without_a_secret_it_says_what_to_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_baton-simulator"))
        .env_remove("BATON_SIM_APP_SECRET")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("--app-secret-file") && text.contains("BATON_SIM_APP_SECRET"), "{text}");
}
