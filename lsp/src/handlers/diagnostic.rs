//! `textDocument/diagnostic` and `workspace/diagnostic`

use std::collections::BTreeMap;
use std::sync::Arc;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::diagnostics::{Report, places, report, result_id};
use crate::server::background;
use crate::session::Session;
use crate::state::State;

pub(crate) fn document(state: &State, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
    let project_file = state.project_file(&params.text_document.uri);
    let items = report(state, &project_file).map(|report| report.items).unwrap_or_default();
    let id = result_id(&items);
    let report = if params.previous_result_id.as_ref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// Answers as soon as something differs from what the client has; until then the request stays open.
pub(crate) async fn workspace(
    session: &Session,
    state: Arc<State>,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let known: BTreeMap<Uri, String> = params.previous_result_ids.into_iter().map(|id| (id.uri, id.value)).collect();
    let known = Arc::new(known);
    let mut changes = session.changes();
    let mut state = state;
    loop {
        let now = known.clone();
        let (items, has_news) = background(move || Ok(reports(&state, &now))).await?;
        if has_news || known.is_empty() || changes.changed().await.is_err() {
            return Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }));
        }
        state = session.snapshot();
    }
}

/// The reports, and whether one of them is new to who knows these.
fn reports(state: &State, known: &BTreeMap<Uri, String>) -> (Vec<WorkspaceDocumentDiagnosticReport>, bool) {
    let mut gone = known.clone();
    let mut items = Vec::new();
    let mut has_news = false;
    for report in places(state).iter().filter_map(|project_file| report(state, project_file)) {
        let before = gone.remove(&report.uri);
        if before.is_none() && report.items.is_empty() {
            continue;
        }
        let (item, is_new) = item(report, before);
        has_news |= is_new;
        items.push(item);
    }
    let none = result_id(&[]);
    for (uri, before) in gone {
        let is_told = before == none;
        has_news |= !is_told;
        items.push(item(Report { uri, version: None, items: Vec::new() }, Some(before)).0);
    }
    (items, has_news)
}

fn item(report: Report, before: Option<String>) -> (WorkspaceDocumentDiagnosticReport, bool) {
    let id = result_id(&report.items);
    let version = report.version.map(i64::from);
    if before.as_ref() == Some(&id) {
        let item = WorkspaceUnchangedDocumentDiagnosticReport {
            uri: report.uri,
            version,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        };
        return (WorkspaceDocumentDiagnosticReport::Unchanged(item), false);
    }
    let full = FullDocumentDiagnosticReport { result_id: Some(id), items: report.items };
    let item =
        WorkspaceFullDocumentDiagnosticReport { uri: report.uri, version, full_document_diagnostic_report: full };
    (WorkspaceDocumentDiagnosticReport::Full(item), true)
}
