//! The folder of a run: where its logs, working folders and trace are.

use std::path::{Path, PathBuf};

/// The folder of a run: `.hook/runs/RUN/`.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    /// The project's root.
    pub(crate) root: PathBuf,
    run: PathBuf,
}

impl RunFolder {
    pub(crate) fn new(root: &Path, run: &str) -> RunFolder {
        RunFolder { root: root.to_owned(), run: root.join(".hook").join("runs").join(run) }
    }

    /// Creates the folders that every run has.
    pub(crate) fn create(&self) -> std::io::Result<()> {
        std::fs::create_dir_all(self.run.join("logs"))?;
        std::fs::create_dir_all(self.run.join("work"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.run
    }

    /// `logs/LABEL.N.log`: what an attempt printed.
    pub(crate) fn log(&self, label: &str, number: u32) -> PathBuf {
        self.run.join("logs").join(format!("{label}.{number}.log"))
    }

    /// `work/LABEL/N`; the files with inputs and outputs are beside it.
    pub(crate) fn work(&self, label: &str, number: u32) -> PathBuf {
        self.run.join("work").join(label).join(number.to_string())
    }
}

/// The `file:` address of an absolute path.
pub(crate) fn file_uri(path: &str) -> String {
    let mut uri = String::from("file://");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
