//! Programs in memory for the tests of the compiler: files, the project, and what is found in them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::{Diagnostic, LoadError, Loader, LowerOptions, Project, Sources};
use hookc_plan::Plan;

/// The file of a program that is checked; the others are imported.
pub(crate) const MAIN: &str = "main.hook";
/// The name of the project file.
pub(crate) const PROJECT: &str = "hook.toml";
/// What a file may open with: the command that raises what `check` alone does not.
const COMMAND: &str = "// hookc compile ";

/// Files of one project.
#[derive(Clone, Default)]
pub(crate) struct Program {
    files: BTreeMap<String, Result<Arc<str>, LoadError>>,
}

/// A diagnostic as fixtures speak of it: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) file: String,
    pub(crate) start: (usize, usize),
    pub(crate) end: (usize, usize),
    pub(crate) code: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { file, start, end, code } = self;
        write!(f, "{file}:{}:{}..{}:{} {code}", start.0, start.1, end.0, end.1)
    }
}

/// What was found, and its message.
pub(crate) type Told = (Found, String);

struct Memory<'p>(&'p Program);

impl Loader for Memory<'_> {
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
        self.0.files.get(path).cloned().unwrap_or(Err(LoadError::NotFound))
    }
}

impl Program {
    /// A program of one file.
    pub(crate) fn new(text: &str) -> Program {
        Program::default().with(MAIN, text)
    }

    /// With one more file.
    pub(crate) fn with(mut self, path: &str, text: &str) -> Program {
        self.files.insert(path.to_owned(), Ok(Arc::from(text)));
        self
    }

    /// With a file that cannot be read.
    pub(crate) fn with_unreadable(mut self, path: &str, error: LoadError) -> Program {
        self.files.insert(path.to_owned(), Err(error));
        self
    }

    /// A fixture: a file, or a folder with a `main.hook`.
    pub(crate) fn read(path: &Path) -> Program {
        if path.is_file() {
            return Program::new(&read_text(path));
        }
        files_below(path).iter().fold(Program::default(), |program, file| {
            let name = file.strip_prefix(path).unwrap().to_str().unwrap();
            program.with(name, &read_text(file))
        })
    }

    /// The files that can be read, with their paths.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_ref().ok()?.as_ref())))
    }

    /// The text of the file that is checked.
    pub(crate) fn main(&self) -> &str {
        self.text(MAIN)
    }

    fn text(&self, path: &str) -> &str {
        self.texts().find(|(other, _)| *other == path).map_or("", |(_, text)| text)
    }

    /// Everything loaded, as the command line does it.
    pub(crate) fn sources(&self) -> Sources {
        let mut project = Project::parse(self.text(PROJECT)).0;
        if project.name.is_empty() {
            "project".clone_into(&mut project.name);
        }
        Sources::load(&[MAIN.to_owned()], project, &mut Memory(self))
    }

    /// What `check` finds, as data.
    pub(crate) fn diagnostics(&self) -> (Sources, Vec<Diagnostic>) {
        let sources = self.sources();
        let diagnostics = hookc_compiler::check(&sources).diagnostics;
        let diagnostics = sources.project.apply_levels(diagnostics);
        (sources, diagnostics)
    }

    /// The plan of all jobs, or of those that the file's first line asks for.
    pub(crate) fn lower(&self) -> Result<Plan, Vec<Diagnostic>> {
        let sources = self.sources();
        hookc_compiler::check_and_lower(&sources, &self.options(&sources)).result
    }

    /// The options in the first line, as of a command: `// hookc compile main.hook --job nightly --profile dev`.
    fn options(&self, sources: &Sources) -> LowerOptions {
        let words: Vec<&str> =
            self.main().lines().next().and_then(|line| line.strip_prefix(COMMAND)).unwrap_or("").split(' ').collect();
        let after = |flag: &str| words.iter().skip_while(|word| **word != flag).nth(1).map(|word| (*word).to_owned());
        LowerOptions { file: sources.find(MAIN).unwrap(), job: after("--job"), profile: after("--profile") }
    }

    /// What is found, in order: by `check`, by the file's command, and in `hook.toml`.
    pub(crate) fn told(&self) -> Vec<Told> {
        let (sources, mut diagnostics) = self.diagnostics();
        if self.main().starts_with(COMMAND) && !diagnostics.iter().any(|diagnostic| diagnostic.is_error()) {
            diagnostics = self.lower().err().unwrap_or(diagnostics);
        }
        let place = |path: &str, text: &str, start: u32, end: u32, code: &str| Found {
            file: path.to_owned(),
            start: line_column(text, start as usize),
            end: line_column(text, end as usize),
            code: code.to_owned(),
        };
        let project = self.text(PROJECT);
        let (_, errors) = Project::parse(project);
        let bad = hookc_compiler::diagnostics::BAD_PROJECT_FILE.id;
        let mut told: Vec<Told> = errors
            .into_iter()
            .map(|error| (place(PROJECT, project, error.span.start, error.span.end, bad), error.message))
            .collect();
        told.extend(diagnostics.into_iter().map(|diagnostic| {
            let file = sources.file(diagnostic.file());
            let span = diagnostic.span();
            (place(&file.path, &file.text, span.start, span.end, diagnostic.code.id), diagnostic.message)
        }));
        told.sort();
        told
    }

    /// The codes that are found, in order.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.told().into_iter().map(|(found, _)| found.code).collect()
    }
}

/// The fixtures of a folder below `tests/fixtures`, by name: files, and folders with a `main.hook`.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = fixtures_folder().join(folder);
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hook") || path.join(MAIN).is_file())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} is empty", folder.display());
    found
}

/// `tests/fixtures`.
pub(crate) fn fixtures_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn read_text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Line and column of a byte, both from 1.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}
