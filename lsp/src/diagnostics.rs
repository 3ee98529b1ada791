//! Diagnostics: those of `hookc check` over the client's folders and what is open.
//!
//! A client that asks for them is answered; any other is sent them by one worker, for the newest state: what has become
//! old in the meantime is skipped. Of a document that is being edited every state is sent, of other files what changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hookc_compiler::diagnostics::BAD_PROJECT_FILE;
use hookc_compiler::{Diagnostic, ide::World};
use hookc_files::root::FILE;
use tower_lsp::Client;
use tower_lsp::ls_types::{self as lsp, MessageType, Uri};

use crate::convert;
use crate::project::{Home, Place, Project};
use crate::session::Session;
use crate::state::State;
use crate::text::Text;
use crate::view::View;

/// What is told of one file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) uri: Uri,
    pub(crate) version: Option<i32>,
    pub(crate) items: Vec<lsp::Diagnostic>,
}

/// What is told of a place.
pub(crate) fn report(state: &State, place: &Place) -> Option<Report> {
    let items = if crate::state::is_settings(place) {
        of_settings(state, state.projects.get(&place.home)?)
    } else {
        of_file(&View::at(state, place)?)
    };
    let version = state.documents.get(place).map(|document| document.version);
    Some(Report { uri: state.uri(place)?, version, items })
}

fn of_file(view: &View<'_>) -> Vec<lsp::Diagnostic> {
    view.world.findings(&view.path).iter().map(|found| convert::diagnostic(view, found)).collect()
}

fn of_settings(state: &State, project: &Project) -> Vec<lsp::Diagnostic> {
    let settings = &project.settings;
    let text = Text::new(settings.text.clone());
    let convert = |error| convert::project_error(&text, state.profile.encoding, BAD_PROJECT_FILE, error);
    settings.errors.iter().map(convert).collect()
}

/// The files that something is told of: those in the client's folders, what is open, and the settings of both.
pub(crate) fn places(state: &State) -> Vec<Place> {
    let mut places = Vec::new();
    for (home, project) in state.projects.iter().filter(|(home, _)| **home != Home::Library) {
        places.extend(project.listed.iter().map(|path| Place { home: home.clone(), path: path.clone() }));
        if !project.settings.text.is_empty() || !project.settings.errors.is_empty() {
            places.push(Place { home: home.clone(), path: Arc::from(FILE) });
        }
    }
    let is_new = |place: &&Place| {
        let project = state.projects.get(&place.home);
        place.home != Home::Library && project.is_some_and(|project| !project.listed.contains(&place.path))
    };
    places.extend(state.documents.keys().filter(is_new).cloned());
    places.sort();
    places.dedup();
    places
}

/// What the client was last told, so that it is told no more than what is new.
#[derive(Debug, Default)]
struct Published(BTreeMap<Place, Last>);

#[derive(Debug)]
struct Last {
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
        let gone: Vec<Place> = self.0.keys().filter(|place| places.binary_search(place).is_err()).cloned().collect();
        for last in gone.iter().filter_map(|place| self.0.remove(place)).filter(|last| !last.items.is_empty()) {
            news.push(Report { uri: last.uri, version: None, items: Vec::new() });
        }
        for place in &places {
            news.extend(self.news_of(state, place));
        }
        news
    }

    fn news_of(&mut self, state: &State, place: &Place) -> Option<Report> {
        let version = state.documents.get(place).map(|document| document.version);
        let last = self.0.get(place);
        let source = state.projects.get(&place.home).and_then(|project| Source::of(project.world(), &place.path));
        let is_same = last.is_some_and(|last| {
            let was = last.source.as_ref();
            last.version == version && was.zip(source.as_ref()).is_some_and(|(was, is)| was.is(is))
        });
        if is_same {
            return None;
        }
        let report = report(state, place)?;
        let is_news = match last {
            Some(last) => {
                last.items != report.items || last.uri != report.uri || version.is_some() && last.version != version
            }
            None => !report.items.is_empty() || version.is_some(),
        };
        let (uri, items) = (report.uri.clone(), report.items.clone());
        self.0.insert(place.clone(), Last { uri, version, items, source });
        is_news.then_some(report)
    }
}

/// Sends what is new after each change, to clients that do not ask.
pub(crate) async fn publish(session: Arc<Session>, client: Client) {
    let told = Arc::new(Mutex::new(Published::default()));
    let mut changes = session.changes();
    while changes.changed().await.is_ok() {
        let state = session.snapshot();
        if state.profile.pulls {
            continue;
        }
        let told = told.clone();
        let news =
            tokio::task::spawn_blocking(move || told.lock().unwrap_or_else(PoisonError::into_inner).news(&state));
        match news.await {
            Ok(news) => {
                for report in news {
                    client.publish_diagnostics(report.uri, report.items, report.version).await;
                }
            }
            Err(_) => {
                let message = "hookc has a mistake of its own: the diagnostics of this state are missing";
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
