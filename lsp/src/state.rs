//! All that the server knows at one moment. A clone is a snapshot: it shares everything and nothing in it changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_files::place::{from_root, split};
use hookc_files::root::{FILE, Root, Roots, Settings, settings, silence_part};
use tower_lsp::ls_types::Uri;

use crate::library::Library;
use crate::profile::Profile;
use crate::project::{Home, Place, Project};
use crate::text::Text;
use crate::uri;

/// The server's knowledge.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) profile: Arc<Profile>,
    pub(crate) library: Arc<Library>,
    pub(crate) folders: Arc<[Folder]>,
    pub(crate) projects: Arc<BTreeMap<Home, Project>>,
    /// What is open, by its place.
    pub(crate) documents: Arc<BTreeMap<Place, Document>>,
    /// The place of each open address.
    pub(crate) opened: Arc<BTreeMap<Uri, Place>>,
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

    /// The place of a document, open or not.
    pub(crate) fn place(&self, uri: &Uri) -> Place {
        self.opened.get(uri).cloned().unwrap_or_else(|| self.find(uri, &mut Roots::default()).0)
    }

    /// The place of an address, by the folders of the disk, and the root of its project.
    pub(crate) fn find(&self, uri: &Uri, roots: &mut Roots) -> (Place, Option<Root>) {
        let Some(path) = uri::to_path(uri) else {
            let home = Home::Alone(Arc::from(uri.as_str()));
            return (Place { home, path: Arc::from(UNTITLED) }, None);
        };
        if let Some(path) = self.library.path(&path) {
            return (Place { home: Home::Library, path }, None);
        }
        let (folder, name) = split(Path::new("/"), &path);
        let root = roots.of(&folder);
        let path = from_root(&root.folder, &folder.join(&name));
        (Place { home: Home::Folder(Arc::from(root.folder.as_path())), path: Arc::from(path) }, Some(root))
    }

    /// The address of a file, as the client writes it.
    pub(crate) fn uri(&self, place: &Place) -> Option<Uri> {
        if let Some(document) = self.documents.get(place) {
            return Some(document.uri.clone());
        }
        if hookc_compiler::library::text(&place.path).is_some() {
            let place = Place { home: Home::Library, path: place.path.clone() };
            return self
                .documents
                .get(&place)
                .map(|document| document.uri.clone())
                .or_else(|| self.library.uri(&place.path));
        }
        match &place.home {
            Home::Alone(uri) => uri::parse(uri),
            Home::Library => None,
            Home::Folder(folder) => {
                let project = self.projects.get(&place.home);
                let file =
                    project.and_then(|project| project.disk(&place.path)).unwrap_or_else(|| folder.join(&*place.path));
                uri::of_path(&self.written(&file))
            }
        }
    }

    /// A real path as the client writes it, who may have come by a link.
    fn written(&self, file: &Path) -> PathBuf {
        let inside = |folder: &Folder| file.strip_prefix(&folder.real).ok().map(|rest| folder.written.join(rest));
        self.folders.iter().find_map(inside).unwrap_or_else(|| file.to_owned())
    }

    /// The project of a place, begun where it is new.
    pub(crate) fn project_mut(&mut self, home: &Home, root: Option<&Root>) -> &mut Project {
        let folders = self.folders.clone();
        let begin = || {
            let settings = first_settings(root);
            let rules = rules(&folders, home, &settings);
            Project::new(home.clone(), settings, rules)
        };
        Arc::make_mut(&mut self.projects).entry(home.clone()).or_insert_with(begin)
    }
}

/// The settings that hold here: all files of a project are looked at where its folder is open in the editor.
pub(crate) fn rules(folders: &[Folder], home: &Home, settings: &Settings) -> hookc_compiler::Project {
    let mut rules = settings.project.clone();
    let is_in = |folder: &Folder| matches!(home, Home::Folder(root) if root.starts_with(&folder.real));
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

/// Whether a place is its project's `hook.toml`.
pub(crate) fn is_settings(place: &Place) -> bool {
    matches!(place.home, Home::Folder(_)) && &*place.path == FILE
}

impl Folder {
    pub(crate) fn new(written: PathBuf) -> Folder {
        let real = written.canonicalize().unwrap_or_else(|_| written.clone());
        Folder { written, real }
    }
}
