//! The call hierarchy: who fires a hook, what it runs.

use hookc_compiler::ide::{CallEdge, CallItem};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range,
};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn prepare(state: &State, params: CallHierarchyPrepareParams) -> Result<Option<Vec<CallHierarchyItem>>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let items = view.world.prepare_calls(&view.path, view.offset(at.position));
    Ok(Some(items.iter().filter_map(|item| convert::call_item(&view, item)).collect()))
}

pub(crate) fn incoming(
    state: &State,
    params: CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
    let Some((view, item)) = again(state, &params.item)? else { return Ok(None) };
    let edges = view.world.incoming_calls(&item);
    let calls = edges.iter().filter_map(|edge| {
        let from_ranges = ranges(&view, &edge.item, edge);
        Some(CallHierarchyIncomingCall { from: convert::call_item(&view, &edge.item)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

pub(crate) fn outgoing(
    state: &State,
    params: CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
    let Some((view, item)) = again(state, &params.item)? else { return Ok(None) };
    let edges = view.world.outgoing_calls(&item);
    let calls = edges.iter().filter_map(|edge| {
        let from_ranges = ranges(&view, &item, edge);
        Some(CallHierarchyOutgoingCall { to: convert::call_item(&view, &edge.item)?, from_ranges })
    });
    Ok(Some(calls.collect()))
}

/// Calls are written in the file of the caller.
fn ranges(view: &DocumentView<'_>, caller: &CallItem, edge: &CallEdge) -> Vec<Range> {
    edge.spans.iter().filter_map(|span| view.range_in(&caller.location.path, *span)).collect()
}

/// The item of an earlier answer. Its places mean nothing in a text that has changed since.
fn again<'a>(state: &'a State, item: &CallHierarchyItem) -> Result<Option<(DocumentView<'a>, CallItem)>> {
    let Some(view) = DocumentView::of(state, &item.uri) else { return Ok(None) };
    let known = item.data.as_ref().and_then(|data| data.as_str());
    if known != Some(convert::fingerprint(view.text.text()).as_str()) {
        return Err(Error::content_modified());
    }
    let items = view.world.prepare_calls(&view.path, view.offset(item.selection_range.start));
    let found = items.into_iter().find(|found| found.name == item.name);
    Ok(found.map(|found| (view, found)))
}
