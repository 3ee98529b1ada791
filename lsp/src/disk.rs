//! What is read from the disk: the files of the client's folders, files that have changed there, settings.
//!
//! One worker does it, one job after the other, so a newer reading never gives way to an older one. What is open in the
//! editor wins over the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::LoadError;
use hookc_files::place::{from_root, split};
use hookc_files::root::{FILE, Root, Roots};
use hookc_files::walk;

use crate::project::{Change, Home, Place, Read, read};
use crate::session::{Job, Session};
use crate::state::State;
use crate::uri;

/// Does one job; the folders that could not be read are told, each as a line for the log.
pub(crate) fn work(session: &Session, job: Job) -> Vec<String> {
    match job {
        Job::Scan => return scan(session),
        Job::Read(file) => read_again(session, &file),
        Job::Settings(home) => read_settings(session, &home),
        Job::Rebuild => return rebuild(session),
    }
    Vec::new()
}

/// The files of one project that lie in the client's folders.
struct Listed {
    root: Root,
    files: BTreeMap<Arc<str>, PathBuf>,
}

fn scan(session: &Session) -> Vec<String> {
    let state = session.snapshot();
    let (listed, problems) = list(&state);
    let texts: Vec<(Place, Read)> =
        listed.iter().flat_map(|(home, listed)| read_listed(&state, home, listed)).collect();
    session.update(|state| {
        take_listed(state, &listed);
        for (place, text) in texts {
            set(state, &place, text);
        }
    });
    problems
}

/// The files by project, and the folders that could not be read.
fn list(state: &State) -> (BTreeMap<Home, Listed>, Vec<String>) {
    let folders: Vec<PathBuf> = state.folders.iter().map(|folder| folder.real.clone()).collect();
    // The paths are folders of the client, none of them empty.
    let found = walk::find(&folders).unwrap_or_default();
    let mut roots = Roots::default();
    let mut all: BTreeMap<Home, Listed> = BTreeMap::new();
    for file in found.files.into_iter().filter(|file| file.extension().is_some_and(|end| end == walk::EXTENSION)) {
        let (folder, name) = split(Path::new("/"), &file);
        let root = roots.of(&folder);
        let disk = folder.join(name);
        let path = Arc::from(from_root(&root.folder, &disk));
        let home = Home::Folder(Arc::from(root.folder.as_path()));
        all.entry(home).or_insert_with(|| Listed { root, files: BTreeMap::new() }).files.insert(path, disk);
    }
    (all, found.problems)
}

/// The texts that are not open and not those that are known.
fn read_listed<'a>(
    state: &'a State,
    home: &'a Home,
    listed: &'a Listed,
) -> impl Iterator<Item = (Place, Read)> + use<'a> {
    let project = state.projects.get(home);
    listed.files.iter().filter_map(move |(path, disk)| {
        let place = Place { home: home.clone(), path: path.clone() };
        if state.documents.contains_key(&place) {
            return None;
        }
        let text = read(disk, &listed.root.folder);
        let is_known = project.is_some_and(|project| project.listed.contains(path))
            && project.and_then(|project| project.world().text(path)).is_some_and(|known| is_same(&text, &known));
        (!is_known).then_some((place, text))
    })
}

/// What cannot be read has an empty text, so an empty one may be new.
fn is_same(text: &Read, known: &Arc<str>) -> bool {
    !known.is_empty() && text.as_ref() == Ok(known)
}

/// Remembers which files lie in the client's folders; those that no longer do, and are not open, are gone.
fn take_listed(state: &mut State, listed: &BTreeMap<Home, Listed>) {
    for (home, found) in listed {
        let project = state.project_mut(home, Some(&found.root));
        for (path, disk) in found.files.iter().filter(|(path, disk)| found.root.folder.join(&***path) != **disk) {
            Arc::make_mut(&mut project.names).insert(path.clone(), disk.clone());
        }
    }
    let homes: Vec<Home> = state.projects.keys().cloned().collect();
    for home in homes {
        let now: BTreeSet<Arc<str>> =
            listed.get(&home).map(|found| found.files.keys().cloned().collect()).unwrap_or_default();
        let documents = state.documents.clone();
        let project = state.project_mut(&home, None);
        for path in project.listed.difference(&now).cloned().collect::<Vec<_>>() {
            if !documents.contains_key(&Place { home: home.clone(), path: path.clone() }) {
                project.change(&path, Change::Gone);
            }
        }
        project.listed = Arc::new(now);
    }
    let documents = state.documents.clone();
    let is_open = |home: &Home| documents.keys().any(|place| place.home == *home);
    Arc::make_mut(&mut state.projects).retain(|home, project| !project.listed.is_empty() || is_open(home));
}

/// A text from the disk, unless the file has been opened in the meantime.
fn set(state: &mut State, place: &Place, text: Read) {
    if state.documents.contains_key(place) {
        return;
    }
    if let Some(project) = Arc::make_mut(&mut state.projects).get_mut(&place.home) {
        if text == Err(LoadError::NotFound) {
            // Who imports it is told when the project is looked at again.
            Arc::make_mut(&mut project.listed).remove(&place.path);
            project.change(&place.path, Change::Gone);
        } else {
            let asked = project.listed.contains(&place.path);
            project.change(&place.path, Change::Text { text, asked });
        }
    }
}

fn read_again(session: &Session, file: &Path) {
    let Some(uri) = uri::of_path(file) else { return };
    let state = session.snapshot();
    let place = state.place(&uri);
    let (Some(project), Home::Folder(folder)) = (state.projects.get(&place.home), &place.home) else { return };
    let world = project.world();
    if !project.listed.contains(&place.path) && !world.paths().contains(&place.path) {
        return;
    }
    let text = read(file, folder);
    if world.text(&place.path).is_some_and(|known| is_same(&text, &known)) {
        return;
    }
    session.update(|state| set(state, &place, text));
}

fn read_settings(session: &Session, home: &Home) {
    let Home::Folder(folder) = home else { return };
    let text = hookc_files::loader::read_text(&folder.join(FILE), folder);
    let place = Place { home: home.clone(), path: Arc::from(FILE) };
    session.update(|state| {
        if !state.documents.contains_key(&place) {
            state.set_settings(home, text);
        }
    });
}

/// A `hook.toml` has come or gone, or a folder: every document may belong elsewhere.
fn rebuild(session: &Session) -> Vec<String> {
    session.update(|state| {
        let documents = std::mem::take(Arc::make_mut(&mut state.documents));
        Arc::make_mut(&mut state.projects).clear();
        let mut roots = Roots::default();
        for document in documents.into_values() {
            let (place, root) = state.find(&document.uri, &mut roots);
            state.project_mut(&place.home, root.as_ref());
            Arc::make_mut(&mut state.opened).insert(document.uri.clone(), place.clone());
            state.set_document(place, document);
        }
    });
    scan(session)
}
