//! The file that says how far a removal has come.

use std::io;
use std::path::Path;

use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use super::Record;

/// Its name in the data folder.
pub(super) const FILE: &str = "cut-off.json";

/// Reads it; none when there is none. One that cannot be read was begun: what it stands for goes on from the beginning.
pub(super) async fn read(file: &Path) -> io::Result<Option<Record>> {
    let bytes = match fs::read(file).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(serde_json::from_slice(&bytes).unwrap_or_else(|_| Record::begun())))
}

/// Writes it: it is whole on the disk when this returns, or as it was.
pub(super) async fn write(file: &Path, record: &Record) -> io::Result<()> {
    let bytes = serde_json::to_vec(record)?;
    let part = file.with_extension("part");
    let mut written = fs::File::create(&part).await?;
    written.write_all(&bytes).await?;
    written.sync_all().await?;
    fs::rename(&part, file).await?;
    sync_folder(file).await
}

/// Removes it.
pub(super) async fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync_folder(file).await,
    }
}

/// Where folders cannot be opened, as on Windows, names are safe already.
async fn sync_folder(file: &Path) -> io::Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    match fs::File::open(folder).await {
        Ok(opened) => opened.sync_all().await,
        Err(_) => Ok(()),
    }
}
