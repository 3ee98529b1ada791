//! Who fires what: a job its ops, an op its component and hooks, a hook what it runs, a condition what it asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_grammar::Span;

use super::declarations::{Declaration, declarations};
use super::index::Target;
use super::{CallEdge, CallItem, Kind, Location, World};

impl World {
    /// What at a byte fires or is fired.
    pub fn prepare_calls(&self, path: &str, at: u32) -> Vec<CallItem> {
        let target = self.target(path, at);
        let item = target.and_then(|target| Some((self.declaration(&target)?, target)));
        item.filter(|(found, _)| fires(found.kind))
            .map(|(found, target)| item_of(found, &target.path))
            .into_iter()
            .collect()
    }

    /// Who fires it.
    pub fn incoming_calls(&self, item: &CallItem) -> Vec<CallEdge> {
        let mut callers: BTreeMap<CallItem, Vec<Span>> = BTreeMap::new();
        for (location, used) in self.uses_of(&item.location) {
            if used.declares.is_some() {
                continue;
            }
            if let Some(caller) = self.caller(&location) {
                callers.entry(caller).or_default().push(location.span);
            }
        }
        callers.into_iter().map(|(item, spans)| CallEdge { item, spans }).collect()
    }

    /// What it fires.
    pub fn outgoing_calls(&self, item: &CallItem) -> Vec<CallEdge> {
        let Some(index) = self.index(&item.location.path) else { return Vec::new() };
        let mut called: BTreeMap<CallItem, Vec<Span>> = BTreeMap::new();
        for used in &index.uses {
            let inside = item.span.start <= used.span.start && used.span.end <= item.span.end;
            let Target::Declared(target) = &used.target else { continue };
            if !inside || *target == item.location {
                continue;
            }
            let own = self.caller(&Location { path: Arc::clone(&item.location.path), span: used.span });
            let Some(found) = self.declaration(target).filter(|found| fires(found.kind)) else { continue };
            if own.as_ref() == Some(item) {
                called.entry(item_of(found, &target.path)).or_default().push(used.span);
            }
        }
        called.into_iter().map(|(item, spans)| CallEdge { item, spans }).collect()
    }

    /// The innermost thing that fires, around a place.
    fn caller(&self, location: &Location) -> Option<CallItem> {
        let file = &self.entry(&location.path)?.file;
        let around = declarations(file).into_iter().filter(|found| {
            let named = found.name_span == location.span;
            fires(found.kind)
                && !named
                && found.span.start <= location.span.start
                && location.span.end <= found.span.end
        });
        let innermost = around.min_by_key(|found| found.span.end - found.span.start)?;
        Some(item_of(innermost, &location.path))
    }
}

fn fires(kind: Kind) -> bool {
    matches!(kind, Kind::Component | Kind::Agent | Kind::Job | Kind::Op | Kind::Hook | Kind::Condition | Kind::Trigger)
}

fn item_of(found: Declaration, path: &Arc<str>) -> CallItem {
    let location = Location { path: Arc::clone(path), span: found.name_span };
    CallItem { name: found.name, kind: found.kind, detail: Some(found.signature), location, span: found.span }
}
