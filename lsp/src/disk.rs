//! What is read from the disk: the files of the client's folders, files that have changed there, settings.
//!
//! One worker does it, one job after the other, so a newer reading never gives way to an older one. What is open in the
//! editor wins over the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::LoadError;
use hookc_files::discovery;
use hookc_files::paths::{from_root, split};
use hookc_files::project_root::{FILE, Root, Roots};

use crate::project::{Change, ProjectFile, ProjectId, Read, read};
use crate::session::{DiskJob, Session};
use crate::state::State;
use crate::uri;

/// Does one job; the folders that could not be read are returned, each as a line for the log.
pub(crate) fn work(session: &Session, job: DiskJob) -> Vec<String> {
    match job {
        DiskJob::Scan => return scan(session),
        DiskJob::Read(file) => read_again(session, &file),
        DiskJob::Settings(project_id) => read_settings(session, &project_id),
        DiskJob::Rebuild => return rebuild(session),
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
    let texts: Vec<(ProjectFile, Read)> =
        listed.iter().flat_map(|(project_id, listed)| read_listed(&state, project_id, listed)).collect();
    session.update(|state| {
        take_listed(state, &listed);
        for (project_file, text) in texts {
            set(state, &project_file, text);
        }
    });
    problems
}

/// The files by project, and the folders that could not be read.
fn list(state: &State) -> (BTreeMap<ProjectId, Listed>, Vec<String>) {
    let folders: Vec<PathBuf> = state.folders.iter().map(|folder| folder.real.clone()).collect();
    // The paths are folders of the client, none of them empty.
    let found = discovery::find(&folders).unwrap_or_default();
    let mut roots = Roots::default();
    let mut all: BTreeMap<ProjectId, Listed> = BTreeMap::new();
    for file in found.files.into_iter().filter(|file| file.extension().is_some_and(|end| end == discovery::EXTENSION)) {
        let (folder, name) = split(Path::new("/"), &file);
        let root = roots.of(&folder);
        let disk = folder.join(name);
        let path = Arc::from(from_root(&root.folder, &disk));
        let project_id = ProjectId::Folder(Arc::from(root.folder.as_path()));
        all.entry(project_id).or_insert_with(|| Listed { root, files: BTreeMap::new() }).files.insert(path, disk);
    }
    (all, found.problems)
}

/// The texts that are not open and not those that are known.
fn read_listed<'a>(
    state: &'a State,
    project_id: &'a ProjectId,
    listed: &'a Listed,
) -> impl Iterator<Item = (ProjectFile, Read)> + use<'a> {
    let project = state.projects.get(project_id);
    listed.files.iter().filter_map(move |(path, disk)| {
        let project_file = ProjectFile { project_id: project_id.clone(), path: path.clone() };
        if state.documents.contains_key(&project_file) {
            return None;
        }
        let text = read(disk, &listed.root.folder);
        let is_known = project.is_some_and(|project| project.listed.contains(path))
            && project.and_then(|project| project.world().text(path)).is_some_and(|known| is_same(&text, &known));
        (!is_known).then_some((project_file, text))
    })
}

/// What cannot be read has an empty text, so an empty one may be new.
fn is_same(text: &Read, known: &Arc<str>) -> bool {
    !known.is_empty() && text.as_ref() == Ok(known)
}

/// Remembers which files lie in the client's folders; those that no longer do, and are not open, are gone.
fn take_listed(state: &mut State, listed: &BTreeMap<ProjectId, Listed>) {
    for (project_id, found) in listed {
        let project = state.project_mut(project_id, Some(&found.root));
        for (path, disk) in found.files.iter().filter(|(path, disk)| found.root.folder.join(&***path) != **disk) {
            Arc::make_mut(&mut project.names).insert(path.clone(), disk.clone());
        }
    }
    let project_ids: Vec<ProjectId> = state.projects.keys().cloned().collect();
    for project_id in project_ids {
        let now: BTreeSet<Arc<str>> =
            listed.get(&project_id).map(|found| found.files.keys().cloned().collect()).unwrap_or_default();
        let documents = state.documents.clone();
        let project = state.project_mut(&project_id, None);
        for path in project.listed.difference(&now).cloned().collect::<Vec<_>>() {
            if !documents.contains_key(&ProjectFile { project_id: project_id.clone(), path: path.clone() }) {
                project.change(&path, Change::Gone);
            }
        }
        project.listed = Arc::new(now);
    }
    let documents = state.documents.clone();
    let is_open = |project_id: &ProjectId| documents.keys().any(|project_file| project_file.project_id == *project_id);
    Arc::make_mut(&mut state.projects).retain(|project_id, project| !project.listed.is_empty() || is_open(project_id));
}

/// A text from the disk, unless the file has been opened in the meantime.
fn set(state: &mut State, project_file: &ProjectFile, text: Read) {
    if state.documents.contains_key(project_file) {
        return;
    }
    if let Some(project) = Arc::make_mut(&mut state.projects).get_mut(&project_file.project_id) {
        if text == Err(LoadError::NotFound) {
            // Files that import it are checked again with the project.
            Arc::make_mut(&mut project.listed).remove(&project_file.path);
            project.change(&project_file.path, Change::Gone);
        } else {
            let asked = project.listed.contains(&project_file.path);
            project.change(&project_file.path, Change::Text { text, asked });
        }
    }
}

fn read_again(session: &Session, file: &Path) {
    let Some(uri) = uri::of_path(file) else { return };
    let state = session.snapshot();
    let project_file = state.project_file(&uri);
    let (Some(project), ProjectId::Folder(folder)) =
        (state.projects.get(&project_file.project_id), &project_file.project_id)
    else {
        return;
    };
    let world = project.world();
    if !project.listed.contains(&project_file.path) && !world.paths().contains(&project_file.path) {
        return;
    }
    let text = read(file, folder);
    if world.text(&project_file.path).is_some_and(|known| is_same(&text, &known)) {
        return;
    }
    session.update(|state| set(state, &project_file, text));
}

fn read_settings(session: &Session, project_id: &ProjectId) {
    let ProjectId::Folder(folder) = project_id else { return };
    let text = hookc_files::disk_loader::read_text(&folder.join(FILE), folder);
    let project_file = ProjectFile { project_id: project_id.clone(), path: Arc::from(FILE) };
    session.update(|state| {
        if !state.documents.contains_key(&project_file) {
            state.set_settings(project_id, text);
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
            let (project_file, root) = state.find(&document.uri, &mut roots);
            state.project_mut(&project_file.project_id, root.as_ref());
            Arc::make_mut(&mut state.opened).insert(document.uri.clone(), project_file.clone());
            state.set_document(project_file, document);
        }
    });
    scan(session)
}
