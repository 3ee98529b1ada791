//! The server's memory: what the client's notifications change, in the order they are sent.
//!
//! A notification is applied when it is read, before the next message is looked at. What is read from the disk goes
//! through one queue. Requests see a snapshot taken when they are read, so none sees an edit that was sent after it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hookc_compiler::LoadError;
use hookc_files::discovery::EXTENSION;
use hookc_files::disk_loader::{DiskLoader, MAX_BYTES};
use hookc_files::project_root::{FILE, Roots, settings_of};
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tower_lsp::ls_types::{Position, Range, Uri};

use crate::client_profile::{self, ClientProfile};
use crate::document_text::{Draft, Text};
use crate::library_files::Library;
use crate::project::{Change, ProjectFile, ProjectId, Read};
use crate::state::{Document, Folder, State, is_settings, rules};
use crate::uri;

/// How far the conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    New,
    Running,
    ShutDown,
}

/// Work on the disk, done one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DiskJob {
    /// Find and read all files of the client's folders.
    Scan,
    /// Read a file again.
    Read(PathBuf),
    /// Read a project's `hook.toml` again.
    Settings(ProjectId),
    /// Find the projects of everything again.
    Rebuild,
}

/// The memory.
#[derive(Debug)]
pub(crate) struct Session {
    inner: Mutex<(State, Phase)>,
    /// Counts the changes.
    changes: watch::Sender<u64>,
    jobs: mpsc::UnboundedSender<DiskJob>,
}

impl Session {
    /// An empty memory, and the queue of what it wants from the disk.
    pub(crate) fn new(library: Library) -> (Session, mpsc::UnboundedReceiver<DiskJob>) {
        let (jobs, queue) = mpsc::unbounded_channel();
        let inner = Mutex::new((State::new(library), Phase::New));
        (Session { inner, changes: watch::Sender::new(0), jobs }, queue)
    }

    /// Everything as it is now.
    pub(crate) fn snapshot(&self) -> Arc<State> {
        Arc::new(self.lock().0.clone())
    }

    pub(crate) fn phase(&self) -> Phase {
        self.lock().1
    }

    /// Counts up with every change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Changes what is known.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock().0);
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
        result
    }

    pub(crate) fn want(&self, job: DiskJob) {
        // Without a worker the server is about to end.
        let _ = self.jobs.send(job);
    }

    /// What the client says of itself; `false` where it has said so before.
    pub(crate) fn begin(&self, params: &Value) -> bool {
        let mut inner = self.lock();
        if inner.1 != Phase::New {
            return false;
        }
        inner.0.profile = Arc::new(ClientProfile::read(params));
        inner.0.folders = client_profile::folders(params).into_iter().map(Folder::new).collect();
        inner.1 = Phase::Running;
        true
    }

    pub(crate) fn shut_down(&self) {
        let mut inner = self.lock();
        if inner.1 == Phase::Running {
            inner.1 = Phase::ShutDown;
        }
    }

    /// Applies a notification that changes what is known; `None` for any other. An error is one line for the log.
    pub(crate) fn notify(&self, method: &str, params: &mut Value) -> Option<Result<(), String>> {
        let handler: fn(&Session, &mut Value) -> Result<(), String> = match method {
            "textDocument/didOpen" => Session::did_open,
            "textDocument/didChange" => Session::did_change,
            "textDocument/didClose" => Session::did_close,
            "textDocument/didSave" => Session::did_save,
            "workspace/didChangeWatchedFiles" => Session::files_changed,
            "workspace/didChangeWorkspaceFolders" => Session::folders_changed,
            _ => return None,
        };
        if self.phase() != Phase::Running {
            return Some(Err(format!("{method} came while the server is not running")));
        }
        Some(handler(self, params))
    }

    fn did_open(&self, params: &mut Value) -> Result<(), String> {
        let document = params.get_mut("textDocument").ok_or("didOpen has no document")?;
        let uri = address(document)?;
        let version = version(document);
        let text = take_text(document).ok_or("didOpen has no text")?;
        self.update(|state| {
            let (project_file, root) = state.find(&uri, &mut Roots::default());
            let project = state.project_mut(&project_file.project_id, root.as_ref());
            if let Some(path) = uri::to_path(&uri).filter(|path| path.to_str().is_none()) {
                Arc::make_mut(&mut project.names).insert(project_file.path.clone(), path);
            }
            let text = Arc::new(Text::new(Arc::from(text)));
            Arc::make_mut(&mut state.opened).insert(uri.clone(), project_file.clone());
            state.set_document(project_file, Document { uri, version, text });
        });
        Ok(())
    }

    fn did_change(&self, params: &mut Value) -> Result<(), String> {
        let document = params.get("textDocument").ok_or("didChange has no document")?;
        let (uri, version) = (address(document)?, version(document));
        let changes = params.get_mut("contentChanges").and_then(Value::as_array_mut);
        let changes = changes.ok_or("didChange has no changes")?;
        self.update(|state| {
            let project_file = state.opened.get(&uri).cloned();
            let found =
                project_file.and_then(|project_file| Some((state.documents.get(&project_file)?.clone(), project_file)));
            let (document, project_file) = found.ok_or_else(|| format!("{} is changed but not open", uri.as_str()))?;
            let mut draft = Draft::new(&document.text);
            for change in changes {
                let range = change.get("range").filter(|range| !range.is_null()).map(range);
                let text = take_text(change).ok_or("a change has no text")?;
                match range {
                    Some(range) => draft.replace(range, &text, state.profile.encoding),
                    None => draft.replace_all(text),
                }
            }
            state.set_document(project_file, Document { version, text: Arc::new(draft.finish()), ..document });
            Ok(())
        })
    }

    fn did_close(&self, params: &mut Value) -> Result<(), String> {
        let uri = address(params.get("textDocument").ok_or("didClose has no document")?)?;
        let job = self.update(|state| state.close(&uri));
        if let Some(job) = job {
            self.want(job);
        }
        Ok(())
    }

    /// A client that watches no files reports at least this about the disk.
    fn did_save(&self, _: &mut Value) -> Result<(), String> {
        if !self.snapshot().profile.watches_files {
            self.want(DiskJob::Scan);
        }
        Ok(())
    }

    fn files_changed(&self, params: &mut Value) -> Result<(), String> {
        const CHANGED: u64 = 2;
        let changes = params.get("changes").and_then(Value::as_array).ok_or("no files are given")?;
        let mut jobs: Vec<DiskJob> = Vec::new();
        for change in changes {
            let Some(path) =
                change.get("uri").and_then(Value::as_str).and_then(uri::parse).as_ref().and_then(uri::to_path)
            else {
                continue;
            };
            let is_new = change.get("type").and_then(Value::as_u64) != Some(CHANGED);
            let job = if path.file_name().is_some_and(|name| name == FILE) {
                if is_new { DiskJob::Rebuild } else { self.settings_job(&path) }
            } else if path.extension().is_some_and(|extension| extension == EXTENSION) {
                jobs.push(DiskJob::Read(path));
                if !is_new {
                    continue;
                }
                DiskJob::Scan
            } else {
                DiskJob::Scan
            };
            if !jobs.contains(&job) {
                jobs.push(job);
            }
        }
        jobs.into_iter().for_each(|job| self.want(job));
        Ok(())
    }

    fn settings_job(&self, path: &std::path::Path) -> DiskJob {
        match uri::of_path(path) {
            Some(uri) => DiskJob::Settings(self.snapshot().find(&uri, &mut Roots::default()).0.project_id),
            None => DiskJob::Rebuild,
        }
    }

    fn folders_changed(&self, params: &mut Value) -> Result<(), String> {
        let listed = |name: &str| {
            let folders =
                params.pointer(&format!("/event/{name}")).and_then(Value::as_array).cloned().unwrap_or_default();
            let paths = folders.iter().filter_map(|folder| uri::to_path(&uri::parse(folder.get("uri")?.as_str()?)?));
            paths.collect::<Vec<PathBuf>>()
        };
        let (added, removed) = (listed("added"), listed("removed"));
        self.update(|state| {
            let mut folders = state.folders.to_vec();
            folders.retain(|folder| !removed.contains(&folder.written));
            for folder in added.into_iter().map(Folder::new) {
                if !folders.contains(&folder) {
                    folders.push(folder);
                }
            }
            state.folders = Arc::from(folders);
        });
        self.want(DiskJob::Rebuild);
        Ok(())
    }

    /// A panic under the lock leaves an older state, which is whole: changes are put in place at their end.
    fn lock(&self) -> MutexGuard<'_, (State, Phase)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Puts a document in the place of what was there.
    pub(crate) fn set_document(&mut self, project_file: ProjectFile, document: Document) {
        let text = document.text.text().clone();
        Arc::make_mut(&mut self.documents).insert(project_file.clone(), document);
        if is_settings(&project_file) {
            self.set_settings(&project_file.project_id, Ok(text));
        } else {
            let text = if text.len() as u64 > MAX_BYTES { Err(LoadError::TooLarge) } else { Ok(text) };
            let asked = project_file.project_id != ProjectId::Library;
            let project = self.project_mut(&project_file.project_id, None);
            // Opening a file that is as the disk has it changes nothing.
            if !text.as_ref().is_ok_and(|text| project.has(&project_file.path, text)) {
                project.change(&project_file.path, Change::Text { text, asked });
            }
        }
    }

    /// Puts other settings in the place of a project's.
    pub(crate) fn set_settings(&mut self, project_id: &ProjectId, text: Read) {
        let ProjectId::Folder(folder) = project_id else { return };
        let mut loader = DiskLoader::new(folder);
        for (project_file, document) in
            self.documents.iter().filter(|(project_file, _)| project_file.project_id == *project_id)
        {
            loader.give(&project_file.path, document.text.text().as_bytes().to_vec());
        }
        let settings = settings_of(folder, Some(text), &mut loader);
        if let Some(project) = Arc::make_mut(&mut self.projects).get_mut(project_id) {
            let rules = rules(&self.folders, project_id, &settings);
            project.set(settings, rules);
        }
    }

    /// What is closed is again what the disk says it is.
    fn close(&mut self, uri: &Uri) -> Option<DiskJob> {
        let project_file = Arc::make_mut(&mut self.opened).remove(uri)?;
        if self.documents.get(&project_file).is_none_or(|document| document.uri != *uri) {
            return None;
        }
        Arc::make_mut(&mut self.documents).remove(&project_file);
        let projects = Arc::make_mut(&mut self.projects);
        let project = projects.get_mut(&project_file.project_id)?;
        let is_used = !project.listed.is_empty()
            || self.documents.keys().any(|other| other.project_id == project_file.project_id);
        if !is_used {
            projects.remove(&project_file.project_id);
            return None;
        }
        if is_settings(&project_file) {
            return Some(DiskJob::Settings(project_file.project_id));
        }
        if project.listed.contains(&project_file.path) {
            return project.disk(&project_file.path).map(DiskJob::Read);
        }
        project.change(&project_file.path, Change::Gone);
        None
    }
}

fn address(document: &Value) -> Result<Uri, String> {
    let text = document.get("uri").and_then(Value::as_str).ok_or("a document has no address")?;
    uri::parse(text).ok_or_else(|| format!("`{text}` is not a valid address"))
}

/// Versions only go back to the client, so any number will do.
fn version(document: &Value) -> i32 {
    document.get("version").and_then(Value::as_i64).and_then(|version| i32::try_from(version).ok()).unwrap_or(0)
}

fn take_text(value: &mut Value) -> Option<String> {
    match value.get_mut("text")?.take() {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn range(value: &Value) -> Range {
    let project_file = |end: &str| {
        let count = |name: &str| value.get(end).and_then(|project_file| project_file.get(name)).map_or(0, count);
        Position { line: count("line"), character: count("character") }
    };
    Range { start: project_file("start"), end: project_file("end") }
}

/// A count of any size: below zero it is zero, above the maximum it is the maximum.
fn count(value: &Value) -> u32 {
    let negative = value.as_f64().is_none_or(|number| number < 0.0);
    if negative { 0 } else { value.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX) }
}
