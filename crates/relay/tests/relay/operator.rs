//! The real program at the command line: settings, invites with and without a running relay, the ready file.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::enrol::{EnrolRequest, Enrolled, InviteInfo};
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::routes;

use crate::stage::{APP, SECRET, TEA, VERIFY};

/// The program on a database in this folder, with free ports.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton-relay"));
    command
        .env_clear()
        .env("BATON_RELAY_APP_ID", APP)
        .env("BATON_RELAY_APP_SECRET", SECRET)
        .env("BATON_RELAY_VERIFY_TOKEN", VERIFY)
        .env("BATON_RELAY_DATABASE", format!("sqlite:{}", dir.join("relay.db").display()))
        .env("BATON_RELAY_PUBLIC_LISTEN", "127.0.0.1:0")
        .env("BATON_RELAY_DESK_LISTEN", "127.0.0.1:0")
        .env("BATON_RELAY_GRAPH_URL", "http://127.0.0.1:9");
    command
}

fn invite(dir: &Path) -> Output {
    program(dir).args(["invite", "--role", "agent", "--account", TEA, "--name", "Ines"]).output().unwrap()
}

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(dir: &Path) -> (Serving, serde_json::Value) {
    let ready = dir.join("ready.json");
    let child = program(dir)
        .args(["serve", "--ready-file"])
        .arg(&ready)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(dir.join("relay.log")).unwrap())
        .spawn()
        .unwrap();
    (Serving(child), wait_for_ready(&ready))
}

/// What the relay writes once it listens.
pub fn wait_for_ready(ready: &Path) -> serde_json::Value {
    let begun = Instant::now();
    while !ready.exists() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the relay did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    serde_json::from_slice(&std::fs::read(ready).unwrap()).unwrap()
}

#[tokio::test]
async fn invites_are_made_with_and_without_a_running_relay() {
    let dir = tempfile::tempdir().unwrap();
    let before = String::from_utf8(invite(dir.path()).stdout).unwrap();
    let (serving, ready) = serve(dir.path());
    let during = String::from_utf8(invite(dir.path()).stdout).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for invite in [before.trim(), during.trim()] {
        let url = format!("{}{}", ready["desk_url"].as_str().unwrap(), routes::INVITE);
        let answer = http.post(url).json(&serde_json::json!({"invite": invite})).send().await.unwrap();
        assert_eq!(answer.json::<InviteInfo>().await.unwrap().agent_name, "Ines");
    }
    let second = program(dir.path()).arg("serve").output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another relay"));
    drop(serving);
    let log = std::fs::read_to_string(dir.path().join("relay.log")).unwrap();
    assert!(!log.contains(SECRET) && !log.contains(VERIFY) && !log.contains(before.trim()), "{log}");
}

#[test]
fn an_invite_says_until_when_it_is_good_and_stands_alone_for_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let told = invite(dir.path());
    let alone = String::from_utf8(told.stdout).unwrap();
    assert_eq!((alone.lines().count(), alone.starts_with("inv_")), (1, true), "{alone}");
    let beside = String::from_utf8(told.stderr).unwrap();
    let words = beside.lines().find(|line| line.starts_with("It lets one desk in, once, until 20")).unwrap();
    assert!(words.contains(" UTC. Run the same command again for another one."), "{words}");
    assert!(!beside.contains(alone.trim()), "{beside}");
}

#[test]
fn the_values_of_a_role_are_named_and_a_wrong_one_is_told_which_there_are() {
    let dir = tempfile::tempdir().unwrap();
    for (words, known) in [
        (["invite", "--role"], ["agent", "supervisor", "admin"].as_slice()),
        (["access", "--role"], ["agent", "supervisor", "admin", "none"].as_slice()),
    ] {
        let [command, option] = words;
        let help = program(dir.path()).args([command, "--help"]).output().unwrap();
        let wrong = program(dir.path()).args([command, option, "boss"]).output().unwrap();
        assert!(!wrong.status.success());
        let (help, wrong) = (String::from_utf8_lossy(&help.stdout), String::from_utf8_lossy(&wrong.stderr));
        for role in known {
            assert!(help.contains(&format!("- {role}:")), "{help}");
            assert!(wrong.contains(role), "{wrong}");
        }
        assert!(wrong.contains("boss"), "{wrong}");
    }
}

#[test]
fn a_relay_without_desks_says_so_and_how_to_let_one_in() {
    let dir = tempfile::tempdir().unwrap();
    let told = program(dir.path()).arg("desks").output().unwrap();
    assert!(told.status.success());
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("No desk") && told.contains("baton-relay invite"), "{told}");
}

#[test]
fn the_socket_and_the_file_are_the_users_own() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let (_serving, _) = serve(dir.path());
    for file in ["relay.db", "relay.db-wal", "relay.db.sock", "relay.db.lock"] {
        let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn wrong_settings_are_explained_all_at_once_and_the_relay_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    let told = program(dir.path())
        .env_remove("BATON_RELAY_APP_SECRET")
        .env("BATON_RELAY_PUBLIC_LISTEN", "everywhere")
        .arg("serve")
        .output()
        .unwrap();
    assert!(!told.status.success());
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("BATON_RELAY_APP_SECRET_FILE") && told.contains("everywhere"), "{told}");
    assert!(!dir.path().join("relay.db").exists());
}

#[test]
fn a_taken_address_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let told = program(dir.path())
        .env("BATON_RELAY_DESK_LISTEN", taken.local_addr().unwrap().to_string())
        .arg("serve")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("cannot be listened on") && told.contains("desk_listen"), "{told}");
}

#[test]
fn revoking_a_desk_that_does_not_exist_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let desk = baton_protocol::DeskId::new().to_string();
    let told = program(dir.path()).args(["revoke", "--desk", &desk]).output().unwrap();
    assert!(!told.status.success());
    assert!(String::from_utf8_lossy(&told.stderr).contains("no such desk"));
}

#[tokio::test]
async fn another_desk_demotes_nobody_by_the_way_and_the_list_says_how_each_desk_stands() {
    let dir = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| program(dir.path()).args(words).output().unwrap();
    let told = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let admin = run(&["invite", "--role", "admin", "--account", TEA, "--name", "Ines"]);
    let (_serving, ready) = serve(dir.path());
    let url = ready["desk_url"].as_str().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = EnrolRequest {
        invite: told(&admin).trim().to_owned(),
        desk_name: "laptop".to_owned(),
        public_key: STANDARD.encode([7; 32]),
        version: VERSION,
    };
    let enrolled: Enrolled = http
        .post(format!("{url}{}", routes::ENROL))
        .json(&request)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let agent = enrolled.agent.to_string();
    let another = ["invite", "--role", "agent", "--account", TEA, "--agent", &agent];
    let refused = run(&another);
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("Ines would change from admin to agent") && why.contains("--change-role"), "{why}");
    assert!(run(&[&another[..], &["--change-role"]].concat()).status.success());
    // Without an agent there is no role to change.
    let senseless = ["invite", "--role", "agent", "--account", TEA, "--name", "Jonas", "--change-role"];
    assert!(!run(&senseless).status.success());

    let desk = enrolled.desk.to_string();
    assert!(told(&run(&["desks"])).contains(&format!("{desk}  enrolled  laptop")));
    assert!(run(&["revoke", "--desk", &desk]).status.success());
    let listed = told(&run(&["desks"]));
    assert!(listed.contains("cut off, has not confirmed that nothing is left on it"), "{listed}");
    let wiped = http
        .post(format!("{url}{}", routes::WIPED))
        .bearer_auth(&enrolled.token)
        .header(VERSION_HEADER, VERSION.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(wiped.status(), 204);
    let listed = told(&run(&["desks"]));
    assert!(listed.contains("cut off, nothing is left on it"), "{listed}");
}

#[test]
fn the_doctor_says_what_is_wrong_and_shows_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    std::fs::write(&token, "EAAFIXTUREpageTokenOne\n").unwrap();
    // Both at once: each asks a Graph that is away several times.
    let run = |word: &str| {
        let mut command = program(dir.path());
        command
            .env("BATON_RELAY_PUBLIC_LISTEN", "127.0.0.1:9")
            .arg(word)
            .arg("--page-token-file")
            .arg(&token);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for child in [run("doctor"), run("subscribe")] {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("WRONG") && told.contains("To be mended"), "{told}");
        for secret in [SECRET, "EAAFIXTUREpageTokenOne"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

/// `baton-relay doctor | head`: the pipe is closed before everything is said.
#[test]
fn whoever_stops_listening_breaks_no_command() {
    let dir = tempfile::tempdir().unwrap();
    let (copy, graph_away) = (dir.path().join("copy.db"), "127.0.0.1:9");
    let to = copy.display().to_string();
    let commands: [(&[&str], i32); 7] = [
        (&["invite", "--role", "agent", "--account", TEA, "--name", "Ines"], 0),
        (&["desks"], 0),
        (&["backup", "--to", &to], 0),
        (&["account", "--account", TEA, "--human-agent", "approved"], 0),
        (&["restore", "--from", &to], 0),
        (&["doctor"], 1),
        (&["subscribe"], 1),
    ];
    for (words, code) in commands {
        let mut command = program(dir.path());
        command.env("BATON_RELAY_PUBLIC_LISTEN", graph_away).args(words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!told.contains("panicked"), "{words:?}: {told}");
        assert_eq!(ended.status.code(), Some(code), "{words:?}: {told}");
    }
    // Nor does it break where nobody listens to what is said beside it.
    let mut command = program(dir.path());
    command.args(["invite", "--role", "agent", "--account", TEA, "--name", "Jonas"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stdout.starts_with(b"inv_"), "{ended:?}");
}

#[test]
fn questions_before_the_first_start_make_nothing_and_the_doctor_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let run = |word: &str| {
        let mut command = program(dir.path());
        command.env("BATON_RELAY_PUBLIC_LISTEN", "127.0.0.1:9").arg(word);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let [doctor, subscribe, desks] =
        ["doctor", "subscribe", "desks"].map(run).map(|child| child.wait_with_output().unwrap());
    let told = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told(&doctor).contains("There is no database at"), "{}", told(&doctor));
    assert_eq!(subscribe.status.code(), Some(1), "{}", told(&subscribe));
    assert!(told(&desks).contains("No desk was let in yet"), "{}", told(&desks));
    let made: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(made.is_empty(), "{made:?}");

    // Where there is one, they read it.
    assert!(invite(dir.path()).status.success());
    let doctor = run("doctor").wait_with_output().unwrap();
    assert!(!told(&doctor).contains("There is no database"), "{}", told(&doctor));
    assert!(told(&doctor).contains(TEA), "{}", told(&doctor));
}
