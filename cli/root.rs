//! Finds the project of a file and reads its `hook.toml`.
//!
//! The root is the nearest folder upwards that has one, else the file's own folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::project::ProjectError;
use hookc_compiler::sources::resolve;
use hookc_compiler::{LoadError, Loader, Project, library};

use crate::loader::{DiskLoader, read_text};

/// The name of the project file.
pub(crate) const FILE: &str = "hook.toml";

/// The folder of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    /// The real path of the folder.
    pub(crate) folder: PathBuf,
    /// Whether it has a `hook.toml`.
    pub(crate) has_file: bool,
}

/// A project and what its file got wrong.
pub(crate) struct Settings {
    pub(crate) project: Project,
    /// The text of `hook.toml`; empty without one.
    pub(crate) text: Arc<str>,
    pub(crate) errors: Vec<ProjectError>,
}

/// Finds roots; each folder is looked at once.
#[derive(Default)]
pub(crate) struct Roots {
    known: HashMap<PathBuf, Option<PathBuf>>,
}

impl Roots {
    /// The root of the files in `folder`, which is a real path.
    pub(crate) fn of(&mut self, folder: &Path) -> Root {
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
pub(crate) fn settings(root: &Root) -> Settings {
    let mut settings = if root.has_file {
        read(&root.folder)
    } else {
        Settings { project: Project::default(), text: Arc::from(""), errors: Vec::new() }
    };
    if settings.project.name.is_empty() {
        settings.project.name =
            root.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    }
    settings
}

fn read(folder: &Path) -> Settings {
    match read_text(&folder.join(FILE), folder) {
        Ok(text) => {
            let (project, mut errors) = Project::parse(&text);
            errors.extend(missing_uses(&project, folder));
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
fn missing_uses(project: &Project, folder: &Path) -> Vec<ProjectError> {
    let mut loader = DiskLoader::new(folder);
    let used = project.uses.iter().zip(&project.use_spans);
    let missing = used.filter_map(|(path, span)| {
        let file = resolve("", path).ok().filter(|file| library::text(file).is_none())?;
        let error = loader.read(&file).err()?;
        let message = format!("`{file}` cannot be read: {}", words(&error));
        Some(ProjectError { span: *span, message, help: None })
    });
    missing.collect()
}

/// What is wrong with a file, as the end of a sentence.
pub(crate) fn words(error: &LoadError) -> String {
    match error {
        LoadError::NotFound => "it does not exist".to_owned(),
        LoadError::Outside => "it lies outside of the project's folder".to_owned(),
        LoadError::NotAFile => "it is no regular file".to_owned(),
        LoadError::TooLarge => "it is larger than 16 MiB".to_owned(),
        LoadError::NotUtf8(offset) => format!("it is not UTF-8 text (byte {offset})"),
        LoadError::Io(words) => words.clone(),
    }
}
