//! Writes files in one step: a reader sees the old text or the new one, never half of it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Replaces the content of a file that exists; its permissions stay. A link is followed, and stays a link.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let real = path.canonicalize()?;
    let permissions = real.metadata()?.permissions();
    let (temporary, mut file) = beside(&real)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(permissions))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &real));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Writes a new file, with the folders above it; an existing one is an error.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// Writes a file that this program makes, whether or not it exists.
pub(crate) fn overwrite(path: &Path, text: &str) -> io::Result<()> {
    if path.exists() { replace(path, text) } else { create(path, text) }
}

/// A new file in the same folder, so that the rename stays on one disk.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0_u32;
    loop {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}-{number}.tmp", std::process::id()));
        let candidate = path.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&candidate) {
            Ok(file) => return Ok((candidate, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => number += 1,
            Err(error) => return Err(error),
        }
    }
}
