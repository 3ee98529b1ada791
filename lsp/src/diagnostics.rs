//! Diagnostics: those of `hookc check` over the client's folders and what is open.
//!
//! A client that asks for them is answered; any other is sent them by one worker, for the newest state: what has become
//! old in the meantime is skipped. Of a document that is being edited every state is sent, of other files what changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hookc_compiler::diagnostics::BAD_PROJECT_FILE;
use hookc_compiler::{Diagnostic, ide::World};
use hookc_files::project_root::FILE;
use tower_lsp::Client;
use tower_lsp::ls_types::{self as lsp, MessageType, Uri};

use crate::convert;
use crate::document_text::Text;
use crate::document_view::DocumentView;
use crate::project::{Project, ProjectFile, ProjectId};
use crate::session::Session;
use crate::state::State;

/// The diagnostics of one file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) uri: Uri,
    pub(crate) version: Option<i32>,
    pub(crate) items: Vec<lsp::Diagnostic>,
}

/// The diagnostics of one file of a project.
pub(crate) fn report(state: &State, project_file: &ProjectFile) -> Option<Report> {
    let items = if crate::state::is_settings(project_file) {
        of_settings(state, state.projects.get(&project_file.project_id)?)
    } else {
        of_file(&DocumentView::at(state, project_file)?)
    };
    let version = state.documents.get(project_file).map(|document| document.version);
    Some(Report { uri: state.uri(project_file)?, version, items })
}

fn of_file(view: &DocumentView<'_>) -> Vec<lsp::Diagnostic> {
    view.world.findings(&view.path).iter().map(|found| convert::diagnostic(view, found)).collect()
}

fn of_settings(state: &State, project: &Project) -> Vec<lsp::Diagnostic> {
    let settings = &project.settings;
    let text = Text::new(settings.text.clone());
    let convert = |error| convert::project_error(&text, state.profile.encoding, BAD_PROJECT_FILE, error);
    settings.errors.iter().map(convert).collect()
}

/// The files whose diagnostics are published: those in the client's folders, what is open, and the settings of both.
pub(crate) fn places(state: &State) -> Vec<ProjectFile> {
    let mut places = Vec::new();
    for (project_id, project) in state.projects.iter().filter(|(project_id, _)| **project_id != ProjectId::Library) {
        places.extend(
            project.listed.iter().map(|path| ProjectFile { project_id: project_id.clone(), path: path.clone() }),
        );
        if !project.settings.text.is_empty() || !project.settings.errors.is_empty() {
            places.push(ProjectFile { project_id: project_id.clone(), path: Arc::from(FILE) });
        }
    }
    let is_new = |project_file: &&ProjectFile| {
        let project = state.projects.get(&project_file.project_id);
        project_file.project_id != ProjectId::Library
            && project.is_some_and(|project| !project.listed.contains(&project_file.path))
    };
    places.extend(state.documents.keys().filter(is_new).cloned());
    places.sort();
    places.dedup();
    places
}

/// The diagnostics that the client was last sent: only what is new is sent again.
#[derive(Debug, Default)]
struct Published(BTreeMap<ProjectFile, PublishedReport>);

#[derive(Debug)]
struct PublishedReport {
    uri: Uri,
    version: Option<i32>,
    items: Vec<lsp::Diagnostic>,
    /// What the items were made from; the same again gives the same items.
    source: Option<Source>,
}

/// Diagnostics that speak of their own file alone, and the text that they count in.
#[derive(Debug)]
struct Source {
    findings: Arc<[Diagnostic]>,
    text: Arc<str>,
}

impl Source {
    fn of(world: &World, path: &str) -> Option<Source> {
        let findings = world.findings(path);
        let alone = findings.iter().all(|found| found.labels.iter().all(|label| label.place.file == found.file()));
        alone.then(|| Some(Source { findings, text: world.text(path)? }))?
    }

    fn is(&self, other: &Source) -> bool {
        Arc::ptr_eq(&self.findings, &other.findings) && Arc::ptr_eq(&self.text, &other.text)
    }
}

impl Published {
    /// What is new in this state.
    fn news(&mut self, state: &State) -> Vec<Report> {
        let places = places(state);
        let mut news: Vec<Report> = Vec::new();
        let gone: Vec<ProjectFile> =
            self.0.keys().filter(|project_file| places.binary_search(project_file).is_err()).cloned().collect();
        for last in
            gone.iter().filter_map(|project_file| self.0.remove(project_file)).filter(|last| !last.items.is_empty())
        {
            news.push(Report { uri: last.uri, version: None, items: Vec::new() });
        }
        for project_file in &places {
            news.extend(self.news_of(state, project_file));
        }
        news
    }

    fn news_of(&mut self, state: &State, project_file: &ProjectFile) -> Option<Report> {
        let version = state.documents.get(project_file).map(|document| document.version);
        let last = self.0.get(project_file);
        let source = state
            .projects
            .get(&project_file.project_id)
            .and_then(|project| Source::of(project.world(), &project_file.path));
        let is_same = last.is_some_and(|last| {
            let was = last.source.as_ref();
            last.version == version && was.zip(source.as_ref()).is_some_and(|(was, is)| was.is(is))
        });
        if is_same {
            return None;
        }
        let report = report(state, project_file)?;
        let is_news = match last {
            Some(last) => {
                last.items != report.items || last.uri != report.uri || version.is_some() && last.version != version
            }
            None => !report.items.is_empty() || version.is_some(),
        };
        let (uri, items) = (report.uri.clone(), report.items.clone());
        self.0.insert(project_file.clone(), PublishedReport { uri, version, items, source });
        is_news.then_some(report)
    }
}

/// Sends what is new after each change, to clients that do not ask.
pub(crate) async fn publish(session: Arc<Session>, client: Client) {
    let published = Arc::new(Mutex::new(Published::default()));
    let mut changes = session.changes();
    while changes.changed().await.is_ok() {
        let state = session.snapshot();
        if state.profile.pulls {
            continue;
        }
        let published = published.clone();
        let news =
            tokio::task::spawn_blocking(move || published.lock().unwrap_or_else(PoisonError::into_inner).news(&state));
        match news.await {
            Ok(news) => {
                for report in news {
                    client.publish_diagnostics(report.uri, report.items, report.version).await;
                }
            }
            Err(_) => {
                let message = "internal error in hookc: the diagnostics of this state are missing";
                client.log_message(MessageType::ERROR, message).await;
            }
        }
    }
}

/// A name for a report's content: the same items have the same.
pub(crate) fn result_id(items: &[lsp::Diagnostic]) -> String {
    // The types of the protocol can always be written.
    convert::fingerprint(&serde_json::to_string(items).unwrap_or_default())
}
