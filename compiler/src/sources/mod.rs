//! The files of a check: the ones asked for and all they import.
//!
//! The caller reads files, through a [`Loader`]: the same core serves the command line, the editor and tests.

mod file_id;

use std::sync::Arc;

pub use file_id::FileId;
use hookc_grammar::{Parse, Span};
use rustc_hash::FxHashMap;

use crate::project::Project;

/// Reads files of a project by their path from its root, with `/`.
pub trait Loader {
    /// The text of a file.
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError>;
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// There is none.
    NotFound,
    /// It lies outside of the project's folder, by a link.
    Outside,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// It is over the limit of 16 MiB.
    TooLarge,
    /// Its bytes are not UTF-8 from this offset on.
    NotUtf8(u32),
    /// The system's own words.
    Io(String),
}

impl LoadError {
    /// The reason in a few words.
    pub fn reason(&self) -> String {
        match self {
            LoadError::NotFound => "the file does not exist".to_owned(),
            LoadError::Outside => "it is outside the project".to_owned(),
            LoadError::NotAFile => "it is not a file".to_owned(),
            LoadError::TooLarge => "it is larger than 16 MiB".to_owned(),
            LoadError::NotUtf8(offset) => format!("it is not UTF-8 text: invalid byte at offset {offset}"),
            LoadError::Io(message) => message.clone(),
        }
    }
}

/// A loaded file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path from the project's root, with `/`; `std/…` for the built-in library.
    pub path: String,
    /// Its text; empty where it could not be read.
    pub text: Arc<str>,
    /// Its tree and syntax errors.
    pub parse: Arc<Parse>,
    /// Whether it was asked for; the others are imported.
    pub asked: bool,
    /// Why it could not be read.
    pub error: Option<LoadError>,
}

impl SourceFile {
    /// A file that was read; `before` is its earlier form, whose unchanged parts are used again.
    pub(crate) fn read(
        path: &str,
        text: Result<Arc<str>, LoadError>,
        asked: bool,
        before: Option<&SourceFile>,
    ) -> SourceFile {
        let (text, error) = match text {
            Ok(text) => (text, None),
            Err(error) => (Arc::from(""), Some(error)),
        };
        let parse = Arc::new(match before {
            Some(before) => hookc_grammar::reparse(&text, &before.parse),
            None => hookc_grammar::parse(&text),
        });
        SourceFile { path: path.to_owned(), text, parse, asked, error }
    }
}

/// All files of a check, and the project they belong to.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The project's settings.
    pub project: Project,
    files: Vec<SourceFile>,
    by_path: FxHashMap<String, FileId>,
}

/// How many files a check may hold.
pub const MAX_FILES: usize = 1_000;

impl Sources {
    /// Loads the files asked for (paths from the root) and all they import. A file that cannot be read is kept, empty, with its error.
    pub fn load(asked: &[String], project: Project, loader: &mut dyn Loader) -> Sources {
        let mut asked = asked.to_vec();
        asked.sort();
        asked.dedup();
        let shared: Vec<String> = project.uses.iter().filter_map(|path| resolve("", path).ok()).collect();
        let mut sources = Sources { project, files: Vec::new(), by_path: FxHashMap::default() };
        for path in &asked {
            sources.add(path, true, loader);
        }
        for path in &shared {
            sources.add(path, false, loader);
        }
        let mut next = 0;
        while let Some(file) = sources.files.get(next) {
            for path in imported_paths(file) {
                if sources.files.len() >= MAX_FILES {
                    return Sources::of_files(sources.project, sources.files);
                }
                sources.add(&path, false, loader);
            }
            next += 1;
        }
        Sources::of_files(sources.project, sources.files)
    }

    /// Loaded files, in the order of their paths: what is said of two files never depends on which one was asked for.
    pub(crate) fn of_files(project: Project, mut files: Vec<SourceFile>) -> Sources {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let ids = (0..).map(FileId);
        let by_path = files.iter().zip(ids).map(|(file, id)| (file.path.clone(), id)).collect();
        Sources { project, files, by_path }
    }

    /// One text that is no file, such as an expression: it is shown in diagnostics and not parsed.
    pub(crate) fn of_text(name: &str, text: &str) -> Sources {
        let parse = Arc::new(hookc_grammar::parse(""));
        let file = SourceFile { path: name.to_owned(), text: Arc::from(text), parse, asked: true, error: None };
        Sources {
            project: Project::default(),
            files: vec![file],
            by_path: FxHashMap::from_iter([(name.to_owned(), FileId(0))]),
        }
    }

    /// No text at all: for expressions while they have no mistake to show.
    pub(crate) fn none() -> &'static Sources {
        static NONE: std::sync::LazyLock<Sources> = std::sync::LazyLock::new(|| Sources::of_text("<expression>", ""));
        &NONE
    }

    /// A library file, parsed.
    pub(crate) fn library_file(path: &str) -> Option<SourceFile> {
        let text: Arc<str> = Arc::from(crate::library::text(path)?);
        let parse = Arc::new(hookc_grammar::parse(&text));
        Some(SourceFile { path: path.to_owned(), text, parse, asked: false, error: None })
    }

    fn add(&mut self, path: &str, asked: bool, loader: &mut dyn Loader) {
        if self.by_path.contains_key(path) {
            return;
        }
        let file = Sources::library_file(path)
            .map(|file| SourceFile { asked, ..file })
            .unwrap_or_else(|| SourceFile::read(path, loader.read(path), asked, None));
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.by_path.insert(path.to_owned(), id);
        self.files.push(file);
    }

    /// The file; ids come from this value, so it exists.
    pub fn file(&self, id: FileId) -> &SourceFile {
        static EMPTY: std::sync::LazyLock<SourceFile> = std::sync::LazyLock::new(|| SourceFile {
            path: String::new(),
            text: Arc::from(""),
            parse: Arc::new(hookc_grammar::parse("")),
            asked: false,
            error: None,
        });
        self.files.get(id.0 as usize).unwrap_or(&EMPTY)
    }

    /// The file with this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// Every file with its id, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), file))
    }

    /// The text of a range.
    pub fn text(&self, file: FileId, span: Span) -> &str {
        self.file(file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// The paths that a file imports, from the project's root; what leaves it is left out.
pub(crate) fn imported_paths(file: &SourceFile) -> Vec<String> {
    use hookc_grammar::ast::{ExprKind, Item};
    let mut paths = Vec::new();
    for placed in &file.parse.file.items {
        let Item::Import(import) = placed.node.as_ref() else {
            continue;
        };
        let Some(ExprKind::Template(template)) = import.path.as_ref().map(|path| &path.kind) else {
            continue;
        };
        if let Some(path) = template.as_const().and_then(|target| resolve(&file.path, target).ok()) {
            paths.push(path);
        }
    }
    paths
}

/// Why the text after `from` names no file of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// It goes above the root, or is absolute.
    Outside,
    /// It begins neither with `./`, `../` nor `std/`.
    NotRelative,
    /// The built-in library has no such file.
    NoSuchLibrary,
}

/// The path from the project's root of what `from` (a file's path, or empty for the root) calls `target`.
pub fn resolve(from: &str, target: &str) -> Result<String, BadPath> {
    if let Some(name) = target.strip_prefix("std/") {
        let path = format!("std/{}", name.strip_suffix(".hook").unwrap_or(name));
        return if crate::library::text(&path).is_some() { Ok(path) } else { Err(BadPath::NoSuchLibrary) };
    }
    if target.starts_with('/') {
        return Err(BadPath::Outside);
    }
    if !target.starts_with("./") && !target.starts_with("../") {
        return Err(BadPath::NotRelative);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(BadPath::Outside)?;
            }
            name => parts.push(name),
        }
    }
    let path = parts.join("/");
    Ok(if path.ends_with(".hook") { path } else { format!("{path}.hook") })
}
