//! Keeps the files and folders that outputs name. What is outside the attempt's own folder is copied into it, so that later
//! readers get what there was when the process ended.

use std::path::{Path, PathBuf};

use hookc_plan::{Mismatch, Type, Value};

use super::body::Attempt;
use super::typed_paths::map_paths;

/// `value` with each path in it absolute, present, and inside the attempt's folder. Mismatches begin at `name`.
pub(super) fn kept(attempt: &Attempt<'_>, name: &str, ty: &Type, value: &Value) -> Result<Value, Mismatch> {
    let keeper = Keeper { attempt, folder: attempt.work.join(name) };
    let kept = map_paths(&attempt.shared.plan.types, ty, value, &|path| keeper.path(path));
    kept.map_err(|mismatch| mismatch.within(name))
}

struct Keeper<'a> {
    attempt: &'a Attempt<'a>,
    folder: PathBuf,
}

impl Keeper<'_> {
    fn path(&self, path: &str) -> Result<Value, Mismatch> {
        let wrong = |got: String| Mismatch::here("an existing file or folder", got);
        let full = self.attempt.cwd.join(path);
        let real = full.canonicalize().map_err(|error| wrong(format!("{path:?}: {error}")))?;
        let work = self.attempt.work.canonicalize().unwrap_or_else(|_| self.attempt.work.clone());
        if real.starts_with(&work) {
            return Ok(Value::text(full.to_string_lossy()));
        }
        if work.starts_with(&real) {
            return Err(wrong(format!("{path:?}, which contains the attempt's own folder")));
        }
        let copied = self.copy(&real, &full);
        copied
            .map(|to| Value::text(to.to_string_lossy()))
            .map_err(|error| wrong(format!("{path:?}, and copying it failed: {error}")))
    }

    /// Copies to `OUTPUT/NAME`; a second file of this name goes to `OUTPUT/1/NAME`.
    fn copy(&self, from: &Path, named: &Path) -> std::io::Result<PathBuf> {
        let name = named.file_name().or_else(|| from.file_name()).unwrap_or_else(|| std::ffi::OsStr::new("root"));
        let mut to = self.folder.join(name);
        let mut number = 0;
        while to.symlink_metadata().is_ok() {
            number += 1;
            to = self.folder.join(number.to_string()).join(name);
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        copy_tree(from, &to)?;
        Ok(to)
    }
}

/// Copies a file, or a folder with everything in it; links inside it stay links.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut left = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = left.pop() {
        let kind = from.symlink_metadata()?.file_type();
        if kind.is_dir() {
            std::fs::create_dir(&to)?;
            for entry in std::fs::read_dir(&from)? {
                let entry = entry?;
                left.push((entry.path(), to.join(entry.file_name())));
            }
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(&from)?, &to)?;
        } else if kind.is_file() {
            std::fs::copy(&from, &to)?;
        } else {
            return Err(std::io::Error::other(format!("{} is neither a file nor a folder", from.display())));
        }
    }
    Ok(())
}
