//! What can be written at the cursor.
//!
//! A name is put where the cursor stands, and the check says what it would take there. Words of the language, types and
//! imports are added from the text cursor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hookc_grammar::ast::{ExprKind, TypeKind};
use hookc_grammar::{BlockKind, Keyword, Span, TokenKind, tokens};

use super::cursor::CursorContext;
use super::declarations::{Declaration, declarations, exported};
use super::hover::{context, fence};
use super::visitor::{Node, visit};
use super::word_at::word_around;
use super::{Completion, Completions, Kind, TextEdit, World, add_import, builtin_names, keywords};
use crate::check::{Candidate, Checker, Notes, Probe};
use crate::declare::Program;
use crate::place::Place;
use crate::sources::{FileId, SourceFile, Sources, resolve};

/// The name that stands in for what is not written yet.
const MARK: &str = "hookc_completion";

/// Where the cursor stands.
enum Spot {
    /// In a comment or plain text: nothing fits.
    Text,
    /// In the path of an import.
    Path(Span),
    Code,
}

impl World {
    /// What can be written at a byte, best first.
    pub fn complete(&self, path: &str, at: u32) -> Completions {
        let Some(entry) = self.entry(path) else {
            return Completions { replace: Span::new(at, at), items: Vec::new() };
        };
        let text: &str = &entry.file.text;
        let replace = word_around(text, at);
        let mut items = match spot(&entry.file, at) {
            Spot::Text => Vec::new(),
            Spot::Path(span) => return Completions { replace: span, items: self.paths_from(path) },
            Spot::Code => self.code(path, &entry.file, replace),
        };
        items.sort_by(|a, b| (a.rank, &a.label, a.kind).cmp(&(b.rank, &b.label, b.kind)));
        items.dedup_by(|a, b| a.label == b.label && a.kind == b.kind);
        Completions { replace, items }
    }

    fn code(&self, path: &str, file: &SourceFile, replace: Span) -> Vec<Completion> {
        let marked = marked(&file.text, replace);
        let file = SourceFile::read(path, Ok(marked.into()), true, Some(file));
        let at = replace.start;
        let cursor = CursorContext::new(&file.text, at);
        let path: Arc<str> = Arc::from(path);
        let mut items = self.in_import(&path, &file, at);
        if !items.is_empty() {
            return items;
        }
        let bare =
            !file.text.get(at as usize + MARK.len()..).unwrap_or("").trim_start_matches([' ', '\t']).starts_with('(');
        let sources = self.sources_with(&path, file.clone());
        let CheckAnswer { candidates, wanted, visible, types } = ask(&sources, &path, at);
        let mut pages = Pages { sources: &sources, files: BTreeMap::new() };
        items.extend(candidates.into_iter().map(|candidate| pages.completion(candidate, bare)));
        if in_type(&file, at) {
            items.extend(builtin_names::TYPES.iter().map(|(name, about)| plain(name, Kind::Type, about, 2)));
            items.extend(types.into_iter().map(|(name, kind)| Completion { rank: 1, ..plain(&name, kind, "", 1) }));
            items.extend(self.importable(&path, &[Kind::Enum, Kind::Record], &visible));
            return items;
        }
        let wanted: Vec<Kind> = wanted.into_iter().collect();
        items.extend(self.importable(&path, &wanted, &visible));
        if cursor.is_entry_start {
            items.extend(cursor.block.into_iter().flat_map(entry_words));
        }
        if items.is_empty() || cursor.is_entry_start {
            items.extend(clause_words(&cursor));
        }
        items
    }

    /// The names that other files have and this one does not, each with its import.
    fn importable(&self, path: &Arc<str>, kinds: &[Kind], visible: &BTreeSet<String>) -> Vec<Completion> {
        if kinds.is_empty() {
            return Vec::new();
        }
        let mut items = Vec::new();
        for (target, file) in self.importable_files(path) {
            for (name, kind) in exported(&file).filter(|(name, kind)| kinds.contains(kind) && !visible.contains(*name))
            {
                let from = super::rename::relative(path, &target);
                let edit = add_import::add(self, path, name, &target);
                let called = matches!(kind, Kind::Component | Kind::Agent | Kind::Job | Kind::Hook | Kind::Condition);
                items.push(Completion {
                    detail: Some(format!("import from \"{from}\"")),
                    snippet: called.then(|| format!("{name}($0)")),
                    edits: edit.into_iter().collect(),
                    rank: 4,
                    ..plain(name, kind, "", 4)
                });
            }
        }
        items
    }

    /// Every other file that can be imported, the library's last.
    pub(super) fn importable_files(&self, path: &str) -> Vec<(Arc<str>, SourceFile)> {
        let own = self.entries().filter(|(other, entry)| ***other != *path && entry.file.asked);
        let mut files: Vec<(Arc<str>, SourceFile)> =
            own.map(|(path, entry)| (Arc::clone(path), entry.file.clone())).collect();
        let library = crate::library::paths();
        files.extend(library.filter_map(|path| Some((Arc::from(path), Sources::library_file(path)?))));
        files
    }

    fn in_import(&self, path: &Arc<str>, file: &SourceFile, at: u32) -> Vec<Completion> {
        let mut items = Vec::new();
        visit(&file.parse.file, &mut |node, span| {
            let Node::Import(import) = node else { return };
            let by = span.start - import.span.start;
            if !import.names.iter().any(|name| name.name.span.shifted(by).touches(at)) {
                return;
            }
            let target = import.path.as_ref().and_then(|path| match &path.kind {
                ExprKind::Template(template) => template.as_const(),
                _ => None,
            });
            let target = target.and_then(|target| resolve(path, target).ok());
            let given = |name: &str| import.names.iter().any(|given| given.name.text == name);
            for (other, file) in self.importable_files(path) {
                if target.as_deref().is_some_and(|target| *target != *other) {
                    continue;
                }
                let from = super::rename::relative(path, &other);
                for (name, kind) in exported(&file).filter(|(name, _)| !given(name)) {
                    let insert = target.is_none().then(|| format!("{name} from \"{from}\""));
                    let detail = Some(format!("\"{from}\""));
                    items.push(Completion { insert, detail, ..plain(name, kind, "", 0) });
                }
            }
        });
        items
    }

    /// The paths that an import can lead to.
    fn paths_from(&self, path: &str) -> Vec<Completion> {
        let files = self.importable_files(path).into_iter();
        files.map(|(target, _)| plain(&super::rename::relative(path, &target), Kind::File, "", 0)).collect()
    }
}

/// What the check says of the marked text.
struct CheckAnswer {
    candidates: Vec<Candidate>,
    wanted: BTreeSet<Kind>,
    /// The top-level names of the file.
    visible: BTreeSet<String>,
    /// The types among them.
    types: Vec<(String, Kind)>,
}

fn ask(sources: &Sources, path: &str, at: u32) -> CheckAnswer {
    let own = sources.find(path).unwrap_or_default();
    let program = Program::declare(sources, &mut Vec::new());
    let mut checker = Checker::new(&program, FileId(0));
    checker.own = Some(own);
    let probe = Probe { at, ..Probe::default() };
    checker.notes = Some(Box::new(Notes { probe: Some(probe), ..Notes::new(own) }));
    checker.check_all();
    let probe = checker.notes.take().and_then(|notes| notes.probe).unwrap_or_default();
    let names = &program.scope(own).names;
    let visible = names.keys().map(ToString::to_string).collect();
    let kinds = names.iter().map(|(name, symbol)| (name.to_string(), checker.kind_of(*symbol)));
    let types = kinds.filter(|(_, kind)| matches!(kind, Kind::Enum | Kind::Record)).collect();
    let candidates = probe.candidates.into_iter().filter(|candidate| candidate.label != MARK).collect();
    CheckAnswer { candidates, wanted: probe.wanted, visible, types }
}

/// The text with the stand-in for the word that is replaced.
fn marked(text: &str, replace: Span) -> String {
    let before = text.get(..replace.start as usize).unwrap_or("");
    let after = text.get(replace.end as usize..).unwrap_or("");
    format!("{before}{MARK}{after}")
}

fn spot(file: &SourceFile, at: u32) -> Spot {
    let text: &str = &file.text;
    let mut path = None;
    visit(&file.parse.file, &mut |node, span| {
        if let Node::Import(import) = node
            && let Some(written) = &import.path
        {
            let written = written.span.shifted(span.start - import.span.start);
            if written.start < at && at < written.end {
                path = Some(Span::new(written.start + 1, written.end - 1));
            }
        }
    });
    if let Some(path) = path {
        return Spot::Path(path);
    }
    for token in tokens(text) {
        let span = token.span;
        if span.start >= at {
            break;
        }
        let inside = match token.kind {
            TokenKind::Comment | TokenKind::Doc => {
                !text.get(span.end as usize..at as usize).unwrap_or("").contains('\n')
            }
            TokenKind::Text => at < span.end && !in_hole(text.get(span.start as usize..at as usize).unwrap_or("")),
            TokenKind::RawText | TokenKind::Number => at < span.end,
            _ => false,
        };
        if inside {
            return Spot::Text;
        }
    }
    Spot::Code
}

/// Whether a string that is written so far has an open hole.
fn in_hole(text: &str) -> bool {
    text.rfind("${").is_some_and(|open| {
        let hole = text.get(open..).unwrap_or("");
        hole.matches('{').count() > hole.matches('}').count()
    })
}

fn in_type(file: &SourceFile, at: u32) -> bool {
    let mut found = false;
    visit(&file.parse.file, &mut |node, span| {
        if let Node::Type(ty) = node
            && let TypeKind::Named { name, .. } = &ty.kind
        {
            found |= name.text == MARK && span.touches(at);
        }
    });
    found
}

fn plain(label: &str, kind: Kind, about: &str, rank: u32) -> Completion {
    Completion {
        label: label.to_owned(),
        kind,
        detail: None,
        doc: (!about.is_empty()).then(|| about.to_owned()),
        insert: None,
        snippet: None,
        edits: Vec::<TextEdit>::new(),
        rank,
    }
}

/// The keywords that begin an entry of a block.
fn entry_words(block: BlockKind) -> impl Iterator<Item = Completion> {
    Keyword::entries_of(block).filter_map(move |keyword| {
        let meaning = keywords::as_entry(keyword, block)?;
        Some(keyword_completion(keyword, &meaning, 5))
    })
}

/// The keywords that continue the entry at the cursor and are not in it yet.
fn clause_words(cursor: &CursorContext) -> impl Iterator<Item = Completion> {
    let begins_line = |keyword: Keyword| keyword.is_verb() || keyword == Keyword::When;
    let continues = |keyword: Keyword| cursor.first_word.is_some_and(|first| keyword.continues().contains(&first));
    let follows = |keyword: Keyword| cursor.last_word.is_some_and(|last| keyword.continues().contains(&last));
    let fitting = Keyword::ALL.iter().copied().filter(move |keyword| {
        let fits = if cursor.is_entry_start {
            continues(*keyword) && begins_line(*keyword)
        } else {
            continues(*keyword) || follows(*keyword)
        };
        fits && !cursor.keywords.contains(keyword)
    });
    fitting.filter_map(|keyword| Some(keyword_completion(keyword, &keywords::as_clause(keyword)?, 3)))
}

fn keyword_completion(keyword: Keyword, meaning: &keywords::Meaning, rank: u32) -> Completion {
    let snippet = meaning.snippet().map(str::to_owned);
    Completion { snippet, ..plain(keyword.text(), Kind::Keyword, meaning.description, rank) }
}

/// The documentation of what is offered; each file is read once.
struct Pages<'a> {
    sources: &'a Sources,
    files: BTreeMap<Arc<str>, Vec<Declaration>>,
}

impl Pages<'_> {
    fn completion(&mut self, candidate: Candidate, bare: bool) -> Completion {
        let doc = match (candidate.declared, &candidate.page) {
            (Some(place), _) => self.declared(place),
            (None, Some(page)) if page.contains("on ") => None,
            (None, Some(page)) => {
                let function = crate::functions::functions_named(page).first().map(|page| page.markdown());
                function.or_else(|| Some(context(page, None)))
            }
            (None, None) => None,
        };
        let detail = candidate.detail.clone();
        Completion {
            detail,
            doc,
            snippet: candidate.snippet.filter(|_| bare),
            ..plain(&candidate.label, candidate.kind, "", candidate.rank)
        }
    }

    fn declared(&mut self, place: Place) -> Option<String> {
        let path: Arc<str> = Arc::from(self.sources.file(place.file).path.as_str());
        let file = self.sources.file(place.file);
        let known = self.files.entry(path).or_insert_with(|| declarations(file));
        let found = known.iter().find(|found| found.name_span == place.span)?;
        let doc = found.doc.as_ref().map(|doc| format!("\n{doc}")).unwrap_or_default();
        Some(format!("{}{doc}", fence(&found.signature)))
    }
}
