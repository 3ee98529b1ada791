//! Paths of the disk and paths of a project.

use std::path::{Path, PathBuf};

/// The real folder of a file and its name in it; the file itself may be a link, or missing.
pub fn split(current: &Path, file: &Path) -> (PathBuf, PathBuf) {
    let whole = current.join(file);
    let (Some(folder), Some(name)) = (whole.parent(), whole.file_name()) else {
        return (whole.clone(), PathBuf::new());
    };
    (folder.canonicalize().unwrap_or_else(|_| folder.to_owned()), PathBuf::from(name))
}

/// The path of a file from the project's root, with `/`.
pub fn from_root(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file);
    let parts: Vec<String> = inside.components().map(|part| text_of(Path::new(part.as_os_str()))).collect();
    parts.join("/")
}

/// A path as text; bytes that are no UTF-8 are shown as `\xff`, so that different names stay different.
pub fn text_of(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}
