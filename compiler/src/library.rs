//! The built-in library, written in `.hook` and embedded.

/// The files by their import path.
const FILES: &[(&str, &str)] =
    &[("std/log", include_str!("../std/log.hook")), ("std/notify", include_str!("../std/notify.hook"))];

/// The text of a library file.
pub fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// The import paths of the library.
pub fn paths() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The library file that declares `name` as an item.
pub(crate) fn declares(name: &str) -> Option<&'static str> {
    let heads = ["component", "record", "enum", "hook", "condition"].map(|word| format!("{word} {name}"));
    let declared = |line: &str| {
        heads.iter().any(|head| line.strip_prefix(head.as_str()).is_some_and(|rest| rest.starts_with(['(', ' '])))
    };
    FILES.iter().find(|(_, text)| text.lines().any(declared)).map(|(path, _)| *path)
}
