//! Sources on the disk, as the command and the editor's server find and read them: the files of a folder, the project of
//! a file, its settings, its text. Nothing is printed here; what cannot be read is data.

pub mod discovery;
pub mod disk_loader;
pub mod paths;
pub mod project_root;

/// The system says `No such file or directory (os error 2)`: the number helps nobody.
pub fn lower(words: &str) -> String {
    let words = words.split(" (os error").next().unwrap_or(words);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => first.to_lowercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}
