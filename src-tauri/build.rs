//! Makes the shell's context: configuration, icons, and what the page may ask (the four commands below, nothing else).

use std::path::Path;

fn main() {
    let page = Path::new("../ui/dist");
    if !page.join("index.html").exists() {
        println!("cargo:warning=the page is not built: run `make page`, then build again");
        // The folder is embedded at compile time. Empty, it lets everything else compile and be tested.
        if let Err(error) = std::fs::create_dir_all(page) {
            println!("cargo:warning=cannot make ui/dist: {error}");
        }
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    tauri_build::try_build(
        tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(&[
            "call",
            "attach",
            "subscribe",
            "opening",
        ])),
    )
    .unwrap_or_else(|error| {
        println!("cargo:error={error:#}");
        std::process::exit(1);
    });
}
