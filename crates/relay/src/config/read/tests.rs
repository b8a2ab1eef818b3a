use secrecy::ExposeSecret;

use super::*;

fn env(pairs: &[(&str, &str)]) -> Source {
    Source {
        file: None,
        env: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

const GOOD: &[(&str, &str)] = &[
    ("BATON_RELAY_APP_ID", "700100200300400"),
    ("BATON_RELAY_APP_SECRET", "s3cret"),
    ("BATON_RELAY_VERIFY_TOKEN", "tea"),
];

#[test]
fn the_environment_alone_is_enough() {
    let config = read(&env(GOOD)).unwrap();
    assert_eq!(config.database, PathBuf::from("relay.db"));
    assert_eq!(config.app_secrets[0].expose_secret(), "s3cret");
    assert_eq!(config.graph_url, baton_graph::GRAPH);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let problems = read(&env(&[
        ("BATON_RELAY_DATABASE", "mysql:x"),
        ("BATON_RELAY_PUBLIC_LISTEN", "everywhere"),
        ("BATON_RELAY_GRAPH_URL", "http://graph.facebook.com"),
        ("BATON_RELAY_META_TIME_SECONDS", "3600"),
        ("BATON_RELAY_VERIFY_TOKN", "tea"),
    ]))
    .unwrap_err();
    let told = problems.to_string();
    for word in [
        "DATABASE",
        "PUBLIC_LISTEN",
        "GRAPH_URL",
        "META_TIME_SECONDS",
        "VERIFY_TOKN",
        "APP_ID",
        "APP_SECRET",
        "BATON_RELAY_VERIFY_TOKEN_FILE",
    ] {
        assert!(told.contains(word), "{word} is missing in: {told}");
    }
    assert_eq!(problems.0.len(), 8);
}

#[test]
fn secrets_come_from_files_and_the_environment_wins_over_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (secret, file) = (dir.path().join("secret"), dir.path().join("relay.toml"));
    std::fs::write(&secret, "from-file\n").unwrap();
    std::fs::write(
        &file,
        format!("app_id = 42\nworkspace = \"Tea\"\napp_secret_file = {secret:?}\nverify_token = \"x\"\n"),
    )
    .unwrap();
    let source = Source { file: Some(file), ..env(&[("BATON_RELAY_WORKSPACE", "Coffee")]) };
    let config = read(&source).unwrap();
    assert_eq!(config.workspace, "Coffee");
    assert_eq!(config.app_id.as_str(), "42");
    assert_eq!(config.app_secrets[0].expose_secret(), "from-file");
    assert!(!format!("{config:?}").contains("from-file"));
}

#[test]
fn a_broken_file_is_explained_without_its_values() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("relay.toml");
    std::fs::write(&file, "app_secret = hunter2-hunter2").unwrap();
    let told = read(&Source { file: Some(file), env: Vec::new() }).unwrap_err().to_string();
    assert!(told.contains("is not TOML"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_missing_secret_file_is_named_once() {
    let mut pairs = GOOD.to_vec();
    pairs[1] = ("BATON_RELAY_APP_SECRET_FILE", "/nowhere/secret");
    let problems = read(&env(&pairs)).unwrap_err();
    assert_eq!(problems.0.len(), 1);
    assert!(problems.to_string().contains("/nowhere/secret"));
}
