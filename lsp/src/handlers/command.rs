//! `workspace/executeCommand`: applying an edit for clients that know no actions, and the graph of a file's jobs.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_compiler::{Diagnostic, LoadError, Loader, LowerOptions, Sources};
use hookc_grammar::Span;
use hookc_plan::Plan;
use hookc_show::graph::{Drawing, dot, json, mermaid};
use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, Location, WorkspaceEdit};

use super::refused;
use crate::document_view::DocumentView;
use crate::server::background;
use crate::state::State;
use crate::uri;

/// Has an edit applied: its argument.
pub(crate) const APPLY: &str = "hookc.applyEdit";
/// The graph of a file: its address, the job or null, `mermaid`, `dot` or `json`.
pub(crate) const GRAPH: &str = "hookc.graph";

pub(crate) async fn execute(
    client: &Client,
    state: Arc<State>,
    params: ExecuteCommandParams,
) -> Result<Option<LSPAny>> {
    match params.command.as_str() {
        APPLY => {
            let edit = params.arguments.into_iter().next().unwrap_or(Value::Null);
            let edit: WorkspaceEdit =
                serde_json::from_value(edit).map_err(|error| Error::invalid_params(error.to_string()))?;
            let client = client.clone();
            // The client may want its command answered before it applies anything.
            tokio::spawn(async move { client.apply_edit(edit).await });
            Ok(None)
        }
        GRAPH => background(move || graph(&state, &params.arguments)).await.map(Some),
        other => Err(Error::invalid_params(format!("unknown command `{other}`"))),
    }
}

fn graph(state: &State, arguments: &[Value]) -> Result<LSPAny> {
    let text = |at: usize| arguments.get(at).and_then(Value::as_str);
    let uri = text(0)
        .and_then(uri::parse)
        .ok_or_else(|| Error::invalid_params("the first argument is not a valid address"))?;
    let view = DocumentView::of(state, &uri).ok_or_else(|| refused(format!("{} is not known", uri.as_str())))?;
    let format = text(2).unwrap_or("mermaid");
    let plan = plan(&view, text(1)).map_err(refused)?;
    let drawing = Drawing::new(&plan);
    let text = match format {
        "mermaid" => mermaid::write(&drawing),
        "dot" => dot::write(&drawing),
        "json" => json::write(&drawing),
        other => return Err(Error::invalid_params(format!("unknown format `{other}`"))),
    };
    let nodes: BTreeMap<String, Location> = drawing
        .places()
        .into_iter()
        .filter_map(|(id, at)| {
            let path =
                plan.sources.iter().find(|source| source.id == at.0).map(|source| Arc::from(source.path.as_str()))?;
            let location = hookc_compiler::ide::Location { path, span: Span::new(at.1, at.2) };
            Some((id, view.location(&location)?))
        })
        .collect();
    Ok(json!({ "format": format, "text": text, "nodes": nodes }))
}

/// The texts of the snapshot.
struct Texts<'a>(&'a DocumentView<'a>);

impl Loader for Texts<'_> {
    fn read(&mut self, path: &str) -> std::result::Result<Arc<str>, LoadError> {
        self.0.world.text(path).ok_or(LoadError::NotFound)
    }
}

/// The plan of the document, or why it has none.
fn plan(view: &DocumentView<'_>, job: Option<&str>) -> std::result::Result<Plan, String> {
    let sources = Sources::load(&[view.path.to_string()], view.world.project().clone(), &mut Texts(view));
    let file = sources.find(&view.path).ok_or("the document is not part of its project")?;
    let options = LowerOptions { file, job: job.map(str::to_owned), profile: None };
    let lowered = hookc_compiler::check_and_lower(&sources, &options);
    if let Some(error) = lowered.checked.diagnostics.iter().find(|found| found.is_error()) {
        return Err(error.message.clone());
    }
    let first = |found: Vec<Diagnostic>| found.into_iter().next().map(|found| found.message);
    lowered.result.map_err(|found| first(found).unwrap_or_else(|| "no plan".to_owned()))
}
