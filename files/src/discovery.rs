//! From the paths of the command line to the files that are meant, sorted.
//!
//! A file that is named is taken as it is. In a folder every `.hook` file counts, at any depth; what is hidden or
//! named by an ignore file is left out.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::lower;

/// The extension of source files.
pub const EXTENSION: &str = "hook";

/// What the paths stand for.
#[derive(Debug, Default)]
pub struct DiscoveredFiles {
    /// The files, sorted, each once.
    pub files: Vec<PathBuf>,
    /// The folders that could not be read, each with the reason, as whole lines.
    pub problems: Vec<String>,
}

/// A path without a single character, which would mean the current folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyPath;

/// The files below `paths`. A path that does not exist is kept: reading it reports it.
pub fn find(paths: &[PathBuf]) -> Result<DiscoveredFiles, EmptyPath> {
    let mut found = DiscoveredFiles::default();
    for path in paths {
        if path.as_os_str().is_empty() {
            return Err(EmptyPath);
        }
        if path.is_dir() { walk(path, &mut found) } else { found.files.push(path.clone()) }
    }
    found.files.sort();
    found.files.dedup();
    Ok(found)
}

fn walk(folder: &Path, found: &mut DiscoveredFiles) {
    // Ignore files hold outside of a repository too.
    let walker = WalkBuilder::new(folder).require_git(false).sort_by_file_name(Ord::cmp).build();
    for entry in walker {
        match entry {
            Ok(entry) => {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                if !is_folder && entry.path().extension().is_some_and(|extension| extension == EXTENSION) {
                    found.files.push(tidy(entry.path()));
                }
            }
            Err(error) => found.problems.push(lower(&error.to_string())),
        }
    }
}

/// `./a.hook` is shown as `a.hook`.
fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}
