//! The built-in library as files that every editor can open.
//!
//! A file is written when somebody is first led to it, below the user's cache folder, and cannot be written to.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use crate::uri;

/// The folder that holds `std/…`.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    folder: PathBuf,
}

impl Library {
    /// Below `cache`, one for each version.
    pub(crate) fn new(cache: &Path) -> Library {
        Library { folder: cache.join("hookc").join(env!("CARGO_PKG_VERSION")) }
    }

    /// The user's cache folder, by the rules of the system.
    pub(crate) fn of_user() -> Library {
        let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")));
        Library::new(&cache.unwrap_or_else(std::env::temp_dir))
    }

    /// The address of a library file, written where it is not there yet.
    pub(crate) fn uri(&self, path: &str) -> Option<Uri> {
        let text = hookc_compiler::library::text(path)?;
        let file = self.folder.join(format!("{path}.hook"));
        let is_there = std::fs::read(&file).is_ok_and(|bytes| bytes == text.as_bytes());
        if !is_there {
            write(&file, text).ok()?;
        }
        uri::of_path(&file)
    }

    /// The library's path of one of these files.
    pub(crate) fn path(&self, file: &Path) -> Option<Arc<str>> {
        let inside = file.strip_prefix(&self.folder).ok()?.to_str()?.strip_suffix(".hook")?;
        hookc_compiler::library::paths().find(|path| *path == inside).map(Arc::from)
    }
}

/// Several servers may do so at once: each writes a file of its own and puts it in its place.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder)?;
    let draft = file.with_extension(format!("{}.part", std::process::id()));
    let mut out = std::fs::File::create(&draft)?;
    out.write_all(text.as_bytes())?;
    let mut permissions = out.metadata()?.permissions();
    permissions.set_readonly(true);
    out.set_permissions(permissions)?;
    std::fs::rename(&draft, file)
}
