//! Reads source files from the disk for the compiler, inside the project's folder only.
//!
//! A file is opened once and read from that handle; that the handle lies in the folder is shown by its device and
//! inode, so a link that is swapped in between cannot lead outside. Pipes and devices are refused before they are opened.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::{LoadError, Loader};

use crate::lower;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reads the files of one project.
#[derive(Clone, Debug, Default)]
pub struct DiskLoader {
    /// The real path of the project's folder.
    folder: PathBuf,
    /// Where a path is not the file's own name: names that are not UTF-8.
    names: HashMap<String, PathBuf>,
    /// Texts that do not come from the disk: standard input, by its path.
    given: HashMap<String, Result<Arc<str>, LoadError>>,
}

impl DiskLoader {
    /// A reader of the files below `folder`, which is a real path.
    pub fn new(folder: &Path) -> DiskLoader {
        DiskLoader { folder: folder.to_owned(), ..DiskLoader::default() }
    }

    /// Reads `path` from `file`, whose name cannot be written as text.
    pub fn alias(&mut self, path: &str, file: &Path) {
        self.names.insert(path.to_owned(), file.to_owned());
    }

    /// Takes `bytes` for the content of `path`.
    pub fn give(&mut self, path: &str, bytes: Vec<u8>) {
        let text = if bytes.len() as u64 > MAX_BYTES { Err(LoadError::TooLarge) } else { text(bytes) };
        self.given.insert(path.to_owned(), text);
    }
}

impl Loader for DiskLoader {
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
        if let Some(given) = self.given.get(path) {
            return given.clone();
        }
        let file = self.names.get(path).cloned().unwrap_or_else(|| self.folder.join(path));
        read_text(&file, &self.folder)
    }
}

/// The text of a file that lies in `folder`, which is a real path.
pub fn read_text(path: &Path, folder: &Path) -> Result<Arc<str>, LoadError> {
    let metadata = path.metadata().map_err(wrong)?;
    if !metadata.is_file() {
        return Err(LoadError::NotAFile);
    }
    let file = File::open(path).map_err(wrong)?;
    let opened = file.metadata().map_err(wrong)?;
    if !opened.is_file() {
        return Err(LoadError::NotAFile);
    }
    let real = path.canonicalize().map_err(wrong)?;
    if !real.starts_with(folder) || !same_file(&opened, &real) {
        return Err(LoadError::Outside);
    }
    if opened.len() > MAX_BYTES {
        return Err(LoadError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(opened.len()).unwrap_or(0));
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > MAX_BYTES { Err(LoadError::TooLarge) } else { text(bytes) }
}

/// All of standard input; a little more than the limit where there is more.
pub fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> Result<Arc<str>, LoadError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => Err(LoadError::NotUtf8(u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX))),
    }
}

#[cfg(unix)]
fn same_file(opened: &Metadata, real: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    real.symlink_metadata().is_ok_and(|found| (found.dev(), found.ino()) == (opened.dev(), opened.ino()))
}

#[cfg(not(unix))]
fn same_file(_opened: &Metadata, _real: &Path) -> bool {
    true
}

fn wrong(error: io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound,
        _ => LoadError::Io(lower(&error.to_string())),
    }
}
