//! `bare-page <address>`: a window of the desk's size with WebKit's web view in it, and nothing of ours around.

use anyhow::Context as _;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use gtk::prelude::*;
    use webkit2gtk::{WebView, WebViewExt as _};

    let address = std::env::args().nth(1).context("give it an address")?;
    gtk::init().context("there is no display")?;
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_default_size(1280, 820);
    let view = WebView::new();
    view.load_uri(&address);
    window.add(&view);
    window.connect_delete_event(|_, _| {
        gtk::main_quit();
        gtk::glib::Propagation::Proceed
    });
    window.show_all();
    gtk::main();
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("the bare page stands beside WebKitGTK")
}
