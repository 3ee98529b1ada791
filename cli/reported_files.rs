//! The files that a check looked at, as reports need them: shown name, text, lines. Trees are gone by then.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use hookc_compiler::{Diagnostic, FileId, Label, Severity, Sources};

use crate::line_index::{LineColumn, LineIndex};
use crate::project_root::{FILE, Settings};

/// The id of `hook.toml` in diagnostics; the compiler's own ids count from 0.
pub(crate) const PROJECT_FILE: FileId = FileId(u32::MAX);

/// A file of a report.
#[derive(Debug)]
pub(crate) struct ReportedFile {
    /// Its name for people: from the current folder where it lies near. Not yet safe to print.
    pub(crate) shown: String,
    pub(crate) text: Arc<str>,
    /// Where it lies; `None` for the built-in library and standard input.
    pub(crate) disk: Option<PathBuf>,
    /// Whether the command was given it.
    pub(crate) requested: bool,
    lines: OnceLock<LineIndex>,
}

impl ReportedFile {
    fn new(shown: String, text: Arc<str>, disk: Option<PathBuf>, requested: bool) -> ReportedFile {
        ReportedFile { shown, text, disk, requested, lines: OnceLock::new() }
    }

    pub(crate) fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The first and the last place of a label's span.
    pub(crate) fn places(&self, span: hookc_grammar::Span) -> (LineColumn, LineColumn) {
        self.lines().places(&self.text, span)
    }
}

/// The files of one [`Sources`], and the project's own.
#[derive(Debug)]
pub(crate) struct ReportedFiles {
    files: Vec<ReportedFile>,
    project_file: ReportedFile,
}

/// How the paths of a project are shown and found.
#[derive(Clone, Debug)]
pub(crate) struct ProjectPaths {
    /// The real path of the project's folder.
    pub(crate) folder: PathBuf,
    /// The real path of the current folder.
    pub(crate) current: PathBuf,
    /// The asked files: the path from the root, the name that was typed, the place on the disk.
    pub(crate) requested: Vec<RequestedFile>,
}

/// A file that the command was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestedFile {
    /// From the project's root, with `/`.
    pub(crate) path: String,
    pub(crate) shown: String,
    /// `None` for standard input.
    pub(crate) disk: Option<PathBuf>,
}

impl ReportedFiles {
    pub(crate) fn new(sources: &Sources, settings: &Settings, paths: &ProjectPaths) -> ReportedFiles {
        let files = sources.iter().map(|(_, file)| {
            let requested = paths
                .requested
                .binary_search_by(|requested| requested.path.as_str().cmp(&file.path))
                .ok()
                .and_then(|at| paths.requested.get(at));
            let (shown, disk) = match requested {
                Some(requested) => (requested.shown.clone(), requested.disk.clone()),
                None if hookc_compiler::library::text(&file.path).is_some() => (file.path.clone(), None),
                None => (paths.shown(&file.path), Some(paths.folder.join(&file.path))),
            };
            ReportedFile::new(shown, file.text.clone(), disk, requested.is_some())
        });
        let project_file =
            ReportedFile::new(paths.shown(FILE), settings.text.clone(), Some(paths.folder.join(FILE)), false);
        ReportedFiles { files: files.collect(), project_file }
    }

    /// Texts that are no files of a project, by name; their ids count from 0.
    pub(crate) fn of_texts(texts: Vec<(String, Arc<str>)>) -> ReportedFiles {
        let files = texts.into_iter().map(|(shown, text)| ReportedFile::new(shown, text, None, true)).collect();
        ReportedFiles { files, project_file: ReportedFile::new(FILE.to_owned(), Arc::from(""), None, false) }
    }

    /// The file; an id that is not in it gives the project's file.
    pub(crate) fn file(&self, id: FileId) -> &ReportedFile {
        self.files.get(id.0 as usize).unwrap_or(&self.project_file)
    }
}

impl ProjectPaths {
    /// The name of a file from the current folder.
    fn shown(&self, path: &str) -> String {
        relative(&self.current, &self.folder.join(path)).to_string_lossy().replace('\\', "/")
    }
}

/// The way from one folder to a file, over at most three folders upwards; else the whole path.
pub(crate) fn relative(from: &Path, to: &Path) -> PathBuf {
    for (ups, above) in from.ancestors().take(4).enumerate() {
        if above.parent().is_some()
            && let Ok(rest) = to.strip_prefix(above)
        {
            return std::iter::repeat_n("..", ups).collect::<PathBuf>().join(rest);
        }
    }
    to.to_owned()
}

/// A diagnostic and the files that its places are in.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) diagnostic: Diagnostic,
    pub(crate) files: Arc<ReportedFiles>,
}

impl Finding {
    pub(crate) fn file(&self, label: &Label) -> &ReportedFile {
        self.files.file(label.place.file)
    }

    /// The file of its own place.
    pub(crate) fn home(&self) -> &ReportedFile {
        self.file(&self.diagnostic.primary)
    }

    /// The name of its own file, the place in it.
    pub(crate) fn at(&self) -> (&str, LineColumn) {
        let file = self.home();
        (&file.shown, file.places(self.diagnostic.span()).0)
    }

    /// The order of reports: by file, place, code and message.
    pub(crate) fn order(&self, other: &Finding) -> std::cmp::Ordering {
        let key = |finding: &Finding| (finding.diagnostic.span(), finding.diagnostic.code.id);
        (self.home().shown.cmp(&other.home().shown))
            .then_with(|| key(self).cmp(&key(other)))
            .then_with(|| self.diagnostic.message.cmp(&other.diagnostic.message))
    }
}

/// How many there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Finding]) -> Counts {
        let mut counts = Counts::default();
        for finding in findings {
            match finding.diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }
}

/// `1 file`, `2 files`
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
