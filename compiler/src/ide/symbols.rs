//! What a file declares, as a tree; what the project declares, by name.

use hookc_grammar::Span;
use hookc_grammar::ast::Item;

use super::declarations::{Declaration, declarations, location};
use super::visitor::{Node, visit};
use super::{DocumentSymbol, Kind, Lens, LensCommand, WorkspaceSymbol, World};

/// How many symbols one search gives.
const MOST: usize = 500;

impl World {
    /// What a file declares, in written order, each below what holds it.
    pub fn document_symbols(&self, path: &str) -> Vec<DocumentSymbol> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let mut symbols: Vec<DocumentSymbol> = declarations(&entry.file).into_iter().map(symbol).collect();
        let text = &entry.file.text;
        visit(&entry.file.parse.file, &mut |node, span| symbols.extend(unnamed(node, span, text)));
        symbols.sort_by_key(|symbol| (symbol.span.start, std::cmp::Reverse(symbol.span.end), symbol.name_span.start));
        nest(symbols)
    }

    /// The declarations of the project whose names hold the letters of `query` in order, best first.
    pub fn workspace_symbols(&self, query: &str) -> Vec<WorkspaceSymbol> {
        let mut found: Vec<(u32, WorkspaceSymbol)> = Vec::new();
        for (path, entry) in self.entries().filter(|(_, entry)| entry.file.asked) {
            for declaration in declarations(&entry.file) {
                let minor = matches!(declaration.kind, Kind::Input | Kind::Output | Kind::Parameter | Kind::Variable);
                let Some(score) = score(&declaration.name, query).filter(|_| !minor) else { continue };
                let Declaration { name, kind, container, name_span, .. } = declaration;
                found.push((score, WorkspaceSymbol { name, kind, container, location: location(path, name_span) }));
            }
        }
        found.sort_by(|a, b| (a.0, &a.1.name, &a.1.location).cmp(&(b.0, &b.1.name, &b.1.location)));
        found.into_iter().take(MOST).map(|(_, symbol)| symbol).collect()
    }

    /// What can be done with the jobs and tests of a file.
    pub fn lenses(&self, path: &str) -> Vec<Lens> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let mut lenses = Vec::new();
        for placed in &entry.file.parse.file.items {
            let mut add = |span: Span, command, argument: &str| {
                lenses.push(Lens { span: span.shifted(placed.at), command, argument: argument.to_owned() });
            };
            match placed.node.as_ref() {
                Item::Job(job) => {
                    let Some(name) = &job.name else { continue };
                    add(name.span, LensCommand::RunJob, &name.text);
                    add(name.span, LensCommand::ShowGraph, &name.text);
                }
                Item::Test(test) => {
                    if let Some((title, text)) = title(test) {
                        add(title, LensCommand::RunTest, text);
                    }
                }
                _ => {}
            }
        }
        lenses
    }
}

fn title(test: &hookc_grammar::ast::Test) -> Option<(Span, &str)> {
    let title = test.title.as_ref()?;
    let hookc_grammar::ast::ExprKind::Template(template) = &title.kind else { return None };
    Some((title.span, template.as_const()?))
}

fn symbol(declaration: Declaration) -> DocumentSymbol {
    let Declaration { name, kind, signature, name_span, span, .. } = declaration;
    let span = if kind == Kind::EnumValue || kind == Kind::Variable { name_span } else { span };
    DocumentSymbol { name, detail: Some(signature), kind, span, name_span, children: Vec::new() }
}

/// What has no name and is still worth finding: tests, anonymous hooks, `each` blocks.
fn unnamed(node: Node<'_>, span: Span, text: &str) -> Option<DocumentSymbol> {
    let (name, kind, name_span) = match node {
        Node::Item(Item::Test(test)) => {
            let (title_span, title) = title(test)?;
            (title.to_owned(), Kind::Test, title_span.shifted(span.end - test.span.end))
        }
        Node::Item(Item::EachJob(each)) => {
            let start = span.end - (each.span.end - each.span.start);
            ("each job".to_owned(), Kind::Hook, Span::new(start, (start + 8).min(span.end)))
        }
        Node::Hook(hook) if hook.name.is_none() => {
            let at = span.start - hook.span.start;
            let (first, last) = (hook.events.first()?, hook.events.last()?);
            let events = Span::new(first.span.start, last.span.end).shifted(at);
            let events_text = text.get(events.start as usize..events.end as usize)?;
            (format!("on {events_text}"), Kind::Hook, events)
        }
        Node::Entry(hookc_grammar::ast::JobEntry::EachOp(each)) => {
            let header = each.header.shifted(span.end - each.span.end);
            ("each op".to_owned(), Kind::Hook, header)
        }
        _ => return None,
    };
    Some(DocumentSymbol { name, detail: None, kind, span, name_span, children: Vec::new() })
}

/// Puts each symbol below the nearest one that holds it; they are sorted, wider ones first.
fn nest(symbols: Vec<DocumentSymbol>) -> Vec<DocumentSymbol> {
    let mut open: Vec<DocumentSymbol> = Vec::new();
    let mut top: Vec<DocumentSymbol> = Vec::new();
    for symbol in symbols {
        while open.last().is_some_and(|last| last.span.end < symbol.span.end || last.span.end <= symbol.span.start) {
            close(&mut open, &mut top);
        }
        open.push(symbol);
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

fn close(open: &mut Vec<DocumentSymbol>, top: &mut Vec<DocumentSymbol>) {
    if let Some(done) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => top.push(done),
        }
    }
}

/// How well a name fits what is searched, smaller is better; `None` where its letters are not there in order.
fn score(name: &str, query: &str) -> Option<u32> {
    let (name, query) = (name.to_lowercase(), query.to_lowercase());
    if name.starts_with(&query) {
        return Some(u32::from(name != query));
    }
    if name.contains(&query) {
        return Some(2);
    }
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted)).then_some(3)
}
