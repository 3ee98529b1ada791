//! All that the server knows at one moment. A clone is a snapshot: it shares everything and nothing in it changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_files::paths::{from_root, split};
use hookc_files::project_root::{FILE, Root, Roots, Settings, settings, silence_part};
use tower_lsp::ls_types::Uri;

use crate::client_profile::ClientProfile;
use crate::document_text::Text;
use crate::library_files::Library;
use crate::project::{Project, ProjectFile, ProjectId};
use crate::uri;

/// The server's knowledge.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) profile: Arc<ClientProfile>,
    pub(crate) library: Arc<Library>,
    pub(crate) folders: Arc<[Folder]>,
    pub(crate) projects: Arc<BTreeMap<ProjectId, Project>>,
    /// What is open, by the file of a project that it is.
    pub(crate) documents: Arc<BTreeMap<ProjectFile, Document>>,
    /// The file of each open address.
    pub(crate) opened: Arc<BTreeMap<Uri, ProjectFile>>,
}

/// A folder that the client has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folder {
    /// As the client writes it.
    pub(crate) written: PathBuf,
    pub(crate) real: PathBuf,
}

/// An open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the client writes it.
    pub(crate) uri: Uri,
    pub(crate) version: i32,
    pub(crate) text: Arc<Text>,
}

impl State {
    pub(crate) fn new(library: Library) -> State {
        State {
            profile: Arc::default(),
            library: Arc::new(library),
            folders: Arc::from([]),
            projects: Arc::default(),
            documents: Arc::default(),
            opened: Arc::default(),
        }
    }

    /// The file of a document, open or not.
    pub(crate) fn project_file(&self, uri: &Uri) -> ProjectFile {
        self.opened.get(uri).cloned().unwrap_or_else(|| self.find(uri, &mut Roots::default()).0)
    }

    /// The file at an address, by the folders of the disk, and the root of its project.
    pub(crate) fn find(&self, uri: &Uri, roots: &mut Roots) -> (ProjectFile, Option<Root>) {
        let Some(path) = uri::to_path(uri) else {
            let project_id = ProjectId::Alone(Arc::from(uri.as_str()));
            return (ProjectFile { project_id, path: Arc::from(UNTITLED) }, None);
        };
        if let Some(path) = self.library.path(&path) {
            return (ProjectFile { project_id: ProjectId::Library, path }, None);
        }
        let (folder, name) = split(Path::new("/"), &path);
        let root = roots.of(&folder);
        let path = from_root(&root.folder, &folder.join(&name));
        (
            ProjectFile { project_id: ProjectId::Folder(Arc::from(root.folder.as_path())), path: Arc::from(path) },
            Some(root),
        )
    }

    /// The address of a file, as the client writes it.
    pub(crate) fn uri(&self, project_file: &ProjectFile) -> Option<Uri> {
        if let Some(document) = self.documents.get(project_file) {
            return Some(document.uri.clone());
        }
        if hookc_compiler::library::text(&project_file.path).is_some() {
            let project_file = ProjectFile { project_id: ProjectId::Library, path: project_file.path.clone() };
            return self
                .documents
                .get(&project_file)
                .map(|document| document.uri.clone())
                .or_else(|| self.library.uri(&project_file.path));
        }
        match &project_file.project_id {
            ProjectId::Alone(uri) => uri::parse(uri),
            ProjectId::Library => None,
            ProjectId::Folder(folder) => {
                let project = self.projects.get(&project_file.project_id);
                let file = project
                    .and_then(|project| project.disk(&project_file.path))
                    .unwrap_or_else(|| folder.join(&*project_file.path));
                uri::of_path(&self.written(&file))
            }
        }
    }

    /// A real path as the client writes it, who may have come by a link.
    fn written(&self, file: &Path) -> PathBuf {
        let inside = |folder: &Folder| file.strip_prefix(&folder.real).ok().map(|rest| folder.written.join(rest));
        self.folders.iter().find_map(inside).unwrap_or_else(|| file.to_owned())
    }

    /// The project with this id, begun where it is new.
    pub(crate) fn project_mut(&mut self, project_id: &ProjectId, root: Option<&Root>) -> &mut Project {
        let folders = self.folders.clone();
        let begin = || {
            let settings = first_settings(root);
            let rules = rules(&folders, project_id, &settings);
            Project::new(project_id.clone(), settings, rules)
        };
        Arc::make_mut(&mut self.projects).entry(project_id.clone()).or_insert_with(begin)
    }
}

/// The settings that hold here: all files of a project are looked at where its folder is open in the editor.
pub(crate) fn rules(folders: &[Folder], project_id: &ProjectId, settings: &Settings) -> hookc_compiler::Project {
    let mut rules = settings.project.clone();
    let is_in = |folder: &Folder| matches!(project_id, ProjectId::Folder(root) if root.starts_with(&folder.real));
    if !folders.iter().any(is_in) {
        silence_part(&mut rules);
    }
    rules
}

/// What a document without a name of its own is called in its project.
const UNTITLED: &str = "untitled.hook";

fn first_settings(root: Option<&Root>) -> Settings {
    match root {
        Some(root) => settings(root),
        None => Settings { project: hookc_compiler::Project::default(), text: Arc::from(""), errors: Vec::new() },
    }
}

/// Whether a file is its project's `hook.toml`.
pub(crate) fn is_settings(project_file: &ProjectFile) -> bool {
    matches!(project_file.project_id, ProjectId::Folder(_)) && &*project_file.path == FILE
}

impl Folder {
    pub(crate) fn new(written: PathBuf) -> Folder {
        let real = written.canonicalize().unwrap_or_else(|_| written.clone());
        Folder { written, real }
    }
}
