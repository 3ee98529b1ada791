//! Finds the project of a file and reads its `hook.toml`.
//!
//! The root is the nearest folder upwards that has one, else the file's own folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::diagnostics::UNUSED_PUBLIC;
use hookc_compiler::project::{Level, ProjectError};
use hookc_compiler::sources::resolve;
use hookc_compiler::{LoadError, Loader, Project, library};

use crate::disk_loader::{DiskLoader, read_text};

/// The name of the project file.
pub const FILE: &str = "hook.toml";

/// The folder of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    /// The real path of the folder.
    pub folder: PathBuf,
    /// Whether it has a `hook.toml`.
    pub has_file: bool,
}

/// A project and what its file got wrong.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What it says.
    pub project: Project,
    /// The text of `hook.toml`; empty without one.
    pub text: Arc<str>,
    /// What is wrong with it, sorted by place.
    pub errors: Vec<ProjectError>,
}

/// Finds roots; each folder is looked at once.
#[derive(Default)]
pub struct Roots {
    known: HashMap<PathBuf, Option<PathBuf>>,
}

impl Roots {
    /// The root of the files in `folder`, which is a real path.
    pub fn of(&mut self, folder: &Path) -> Root {
        match self.nearest(folder) {
            Some(folder) => Root { folder, has_file: true },
            None => Root { folder: folder.to_owned(), has_file: false },
        }
    }

    fn nearest(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let found = match folder.join(FILE).symlink_metadata() {
            Ok(_) => Some(folder.to_owned()),
            Err(_) => folder.parent().and_then(|parent| self.nearest(parent)),
        };
        self.known.insert(folder.to_owned(), found.clone());
        found
    }
}

/// The settings of the project.
pub fn settings(root: &Root) -> Settings {
    let text = root.has_file.then(|| read_text(&root.folder.join(FILE), &root.folder));
    settings_of(&root.folder, text, &mut DiskLoader::new(&root.folder))
}

/// The settings of the project in `folder` whose `hook.toml` holds this text, where there is one; `loader` reads the files
/// that it names.
pub fn settings_of(folder: &Path, text: Option<Result<Arc<str>, LoadError>>, loader: &mut dyn Loader) -> Settings {
    let mut settings = match text {
        Some(text) => read(text, loader),
        None => Settings { project: Project::default(), text: Arc::from(""), errors: Vec::new() },
    };
    if settings.project.name.is_empty() {
        settings.project.name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    }
    settings
}

fn read(text: Result<Arc<str>, LoadError>, loader: &mut dyn Loader) -> Settings {
    match text {
        Ok(text) => {
            let (project, mut errors) = Project::parse(&text);
            errors.extend(missing_uses(&project, loader));
            Settings { project, text, errors }
        }
        Err(error) => {
            let message = format!("`{FILE}` cannot be read: {}", words(&error));
            let error = ProjectError { span: hookc_grammar::Span::default(), message, help: None };
            Settings { project: Project::default(), text: Arc::from(""), errors: vec![error] }
        }
    }
}

/// Files of `use` that cannot be read: what they say would otherwise silently not hold.
fn missing_uses(project: &Project, loader: &mut dyn Loader) -> Vec<ProjectError> {
    let used = project.uses.iter().zip(&project.use_spans);
    let missing = used.filter_map(|(path, span)| {
        let file = resolve("", path).ok().filter(|file| library::text(file).is_none())?;
        let error = loader.read(&file).err()?;
        let message = format!("`{file}` cannot be read: {}", words(&error));
        Some(ProjectError { span: *span, message, help: None })
    });
    missing.collect()
}

/// Whether the project wants a lint that only all of its files together can answer: what one does not use another may.
pub fn asks_for_whole(project: &Project) -> bool {
    matches!(project.lints.get(&UNUSED_PUBLIC), Some(Level::Warn | Level::Deny))
}

/// Says nothing of such lints, where not all files of the project are looked at.
pub fn silence_part(project: &mut Project) {
    if asks_for_whole(project) {
        project.lints.insert(UNUSED_PUBLIC, Level::Allow);
    }
}

/// What is wrong with a file, as the end of a sentence.
pub fn words(error: &LoadError) -> String {
    match error {
        LoadError::NotFound => "it does not exist".to_owned(),
        LoadError::Outside => "it lies outside of the project's folder".to_owned(),
        LoadError::NotAFile => "it is not a regular file".to_owned(),
        LoadError::TooLarge => "it is larger than 16 MiB".to_owned(),
        LoadError::NotUtf8(offset) => format!("it is not UTF-8 text (byte {offset})"),
        LoadError::Io(words) => words.clone(),
    }
}
