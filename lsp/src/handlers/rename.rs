//! `textDocument/prepareRename`, `textDocument/rename` and `workspace/willRenameFiles`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_files::paths::from_root;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    PrepareRenameResponse, RenameFilesParams, RenameParams, TextDocumentPositionParams, WorkspaceEdit,
};

use super::refused;
use crate::document_view::DocumentView;
use crate::project::{Project, ProjectFile, ProjectId};
use crate::state::State;
use crate::{convert, uri};

pub(crate) fn prepare_rename(state: &State, at: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let (span, name) = view.world.prepare_rename(&view.path, view.offset(at.position)).map_err(refused)?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range: view.range(span), placeholder: name }))
}

pub(crate) fn rename(state: &State, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = params.text_document_position;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let edits = view.world.rename(&view.path, view.offset(at.position), &params.new_name).map_err(refused)?;
    let edit = convert::workspace_edit(&view, &edits);
    edit.map(Some).ok_or_else(|| refused("a file that would change cannot be written".to_owned()))
}

/// The edits of imports when files, or folders of them, get new names.
pub(crate) fn will_rename_files(state: &State, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
    let path = |text: &str| uri::parse(text).as_ref().and_then(uri::to_path).map(|path| real(&path));
    let moves: Vec<(PathBuf, PathBuf)> =
        params.files.iter().filter_map(|file| Some((path(&file.old_uri)?, path(&file.new_uri)?))).collect();
    let edits = state.projects.values().filter_map(|project| {
        let renames = renames(project, &moves);
        let edits = project.world().file_renames(&renames);
        let first = Arc::clone(&edits.first()?.path);
        let view = DocumentView::at(state, &ProjectFile { project_id: project.project_id.clone(), path: first })?;
        convert::workspace_edit(&view, &edits)
    });
    Ok(convert::merged(edits.collect()))
}

/// The path without links, as far as there is something: neither the file nor its new folder need be there.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let whole = there.and_then(|(folder, real)| Some(real.join(path.strip_prefix(folder).ok()?)));
    whole.unwrap_or_else(|| path.to_owned())
}

/// The files of a project that are moved inside of it, by their old path.
fn renames(project: &Project, moves: &[(PathBuf, PathBuf)]) -> Vec<(String, String)> {
    let ProjectId::Folder(root) = &project.project_id else { return Vec::new() };
    let mut renames = BTreeMap::new();
    for path in project.world().paths() {
        let file = root.join(&*path);
        for (old, new) in moves {
            if let Ok(rest) = file.strip_prefix(old) {
                let new = if rest.as_os_str().is_empty() { new.clone() } else { new.join(rest) };
                if new.starts_with(root) {
                    renames.insert(path.to_string(), from_root(root, &new));
                }
            }
        }
    }
    renames.into_iter().collect()
}
