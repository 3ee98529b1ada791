//! From the compiler's plain data to the types of the protocol. All conversion is here.

use std::collections::{BTreeMap, HashMap};

use hookc_compiler::diagnostics::{Diagnostic, NEVER_USED, UNUSED_ALLOW, UNUSED_IMPORT};
use hookc_compiler::ide::{self, ActionKind, FoldKind, Kind, LensCommand};
use hookc_compiler::project::ProjectError;
use hookc_compiler::{Code, Label, Severity};
use hookc_grammar::Span;
use serde_json::json;
use tower_lsp::ls_types::{
    self as lsp, CallHierarchyItem, CodeAction, CodeActionKind, CodeActionOrCommand, CodeLens, Command, CompletionItem,
    CompletionItemKind, CompletionTextEdit, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentChanges, DocumentHighlight, DocumentHighlightKind, DocumentLink, Documentation, FoldingRange,
    FoldingRangeKind, Hover, HoverContents, InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip,
    InsertTextFormat, Location, MarkupContent, MarkupKind, NumberOrString, OneOf,
    OptionalVersionedTextDocumentIdentifier, ParameterInformation, ParameterLabel, Range, SelectionRange,
    SignatureHelp, SignatureInformation, SymbolKind, TextDocumentEdit, Uri, WorkspaceEdit, WorkspaceSymbol,
};

use crate::document_text::{Encoding, Text, units};
use crate::document_view::DocumentView;

pub(crate) mod plain;
mod symbols;
pub(crate) mod tokens;

pub(crate) use symbols::{document_symbols, flat_symbols};

/// What diagnostics name as their origin.
const SOURCE: &str = "hookc";

/// The message of a diagnostic: one line, and the next action on a line of its own, as the other formats write it.
fn message(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\nhelp: {help}"),
        None => message.to_owned(),
    }
}

/// A diagnostic of the view's file.
pub(crate) fn diagnostic(view: &DocumentView<'_>, diagnostic: &Diagnostic) -> lsp::Diagnostic {
    let profile = &view.state.profile;
    let related = |label: &Label| {
        let location = ide::Location { path: view.world.path_of(label.place.file), span: label.place.span };
        Some(DiagnosticRelatedInformation { location: view.location(&location)?, message: label.text.clone() })
    };
    let labels = std::iter::once(&diagnostic.primary).filter(|label| !label.text.is_empty()).chain(&diagnostic.labels);
    let related: Vec<_> = if profile.related_information { labels.filter_map(related).collect() } else { Vec::new() };
    let unused = profile.tags && [UNUSED_IMPORT, NEVER_USED, UNUSED_ALLOW].contains(&diagnostic.code);
    lsp::Diagnostic {
        range: view.range(diagnostic.span()),
        severity: Some(severity(diagnostic.severity)),
        code: Some(code(diagnostic.code)),
        source: Some(SOURCE.to_owned()),
        message: message(&diagnostic.message, diagnostic.help.as_deref()),
        related_information: (!related.is_empty()).then_some(related),
        tags: unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..lsp::Diagnostic::default()
    }
}

/// A mistake of a `hook.toml`.
pub(crate) fn project_error(text: &Text, encoding: Encoding, code_of: Code, error: &ProjectError) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: text.range(error.span, encoding),
        severity: Some(severity(code_of.severity)),
        code: Some(code(code_of)),
        source: Some(SOURCE.to_owned()),
        message: message(&error.message, error.help.as_deref()),
        ..lsp::Diagnostic::default()
    }
}

fn code(code: Code) -> NumberOrString {
    NumberOrString::String(code.id.to_owned())
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}

/// Markdown, or what is left of it for a client that shows plain text.
fn markup(markdown: String, shows_markdown: bool) -> MarkupContent {
    if shows_markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: markdown }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: plain::text(&markdown) }
    }
}

/// Documentation of items: plain text needs no format, and some clients know none.
fn documentation(markdown: String, shows_markdown: bool) -> Documentation {
    if shows_markdown {
        Documentation::MarkupContent(markup(markdown, true))
    } else {
        Documentation::String(plain::text(&markdown))
    }
}

pub(crate) fn hover(view: &DocumentView<'_>, hover: ide::Hover) -> Hover {
    Hover {
        contents: HoverContents::Markup(markup(hover.markdown, view.state.profile.hover_markdown)),
        range: Some(view.range(hover.span)),
    }
}

/// What can be written in place of `replace`.
pub(crate) fn completion(
    view: &DocumentView<'_>,
    replace: Range,
    index: usize,
    item: ide::Completion,
) -> CompletionItem {
    let profile = &view.state.profile;
    let snippet = item.snippet.filter(|_| profile.snippets);
    let format = if snippet.is_some() { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT };
    let new_text = snippet.or(item.insert).unwrap_or_else(|| item.label.clone());
    let edits =
        item.edits.iter().filter(|edit| edit.path == view.path).map(|edit| text_edit(view.range(edit.span), edit));
    let edits: Vec<_> = edits.collect();
    CompletionItem {
        kind: Some(completion_kind(item.kind)),
        detail: item.detail,
        documentation: item.doc.map(|doc| documentation(doc, profile.completion_markdown)),
        // The order is the compiler's.
        sort_text: Some(format!("{index:05}")),
        filter_text: Some(item.label.clone()),
        insert_text_format: Some(format),
        text_edit: Some(CompletionTextEdit::Edit(lsp::TextEdit { range: replace, new_text })),
        additional_text_edits: (!edits.is_empty()).then_some(edits),
        label: item.label,
        ..CompletionItem::default()
    }
}

fn text_edit(range: Range, edit: &ide::TextEdit) -> lsp::TextEdit {
    lsp::TextEdit { range, new_text: edit.text.clone() }
}

/// The edits of the view's own file.
pub(crate) fn text_edits(view: &DocumentView<'_>, edits: &[ide::TextEdit]) -> Vec<lsp::TextEdit> {
    edits.iter().map(|edit| text_edit(view.range(edit.span), edit)).collect()
}

/// Edits over any number of files; `None` where one of them cannot be reached, because half of a change is none.
pub(crate) fn workspace_edit(view: &DocumentView<'_>, edits: &[ide::TextEdit]) -> Option<WorkspaceEdit> {
    let mut files: BTreeMap<Uri, (Option<i32>, Vec<lsp::TextEdit>)> = BTreeMap::new();
    for edit in edits {
        if hookc_compiler::library::text(&edit.path).is_some() {
            return None;
        }
        let range = view.range_in(&edit.path, edit.span)?;
        let version = view.state.documents.get(&view.project_file(&edit.path)).map(|document| document.version);
        let file = files.entry(view.uri(&edit.path)?).or_insert_with(|| (version, Vec::new()));
        file.1.push(text_edit(range, edit));
    }
    Some(edit_of(view.state.profile.versioned_edits, files))
}

fn edit_of(versioned: bool, files: BTreeMap<Uri, (Option<i32>, Vec<lsp::TextEdit>)>) -> WorkspaceEdit {
    if !versioned {
        let changes: HashMap<Uri, Vec<lsp::TextEdit>> =
            files.into_iter().map(|(uri, (_, edits))| (uri, edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let edits = files.into_iter().map(|(uri, (version, edits))| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    });
    WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(edits.collect())), ..WorkspaceEdit::default() }
}

/// The edits of several projects as one.
pub(crate) fn merged(edits: Vec<WorkspaceEdit>) -> Option<WorkspaceEdit> {
    edits.into_iter().reduce(|mut all, more| {
        if let Some(changes) = more.changes {
            all.changes.get_or_insert_default().extend(changes);
        }
        if let (Some(DocumentChanges::Edits(all)), Some(DocumentChanges::Edits(more))) =
            (&mut all.document_changes, more.document_changes)
        {
            all.extend(more);
        }
        all
    })
}

pub(crate) fn signature(view: &DocumentView<'_>, signature: ide::Signature) -> SignatureHelp {
    let profile = &view.state.profile;
    let documentation = |doc: Option<String>| doc.map(|doc| documentation(doc, profile.signature_markdown));
    let label = signature.label;
    let parameters = signature.params.into_iter().map(|(span, doc)| ParameterInformation {
        label: parameter(&label, span, profile.label_offsets),
        documentation: documentation(doc),
    });
    let information = SignatureInformation {
        parameters: Some(parameters.collect()),
        documentation: documentation(signature.doc),
        active_parameter: None,
        label,
    };
    SignatureHelp { signatures: vec![information], active_signature: Some(0), active_parameter: signature.active }
}

/// Offsets in labels are UTF-16 units, whatever positions are.
fn parameter(label: &str, span: Span, offsets: bool) -> ParameterLabel {
    let piece = |from: u32, to: u32| label.get(from as usize..to as usize).unwrap_or("");
    if offsets {
        let units = |to| units(piece(0, to), Encoding::Utf16);
        ParameterLabel::LabelOffsets([units(span.start), units(span.end)])
    } else {
        ParameterLabel::Simple(piece(span.start, span.end).to_owned())
    }
}

pub(crate) fn highlight(view: &DocumentView<'_>, highlight: &ide::Highlight) -> DocumentHighlight {
    let kind = if highlight.write { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
    DocumentHighlight { range: view.range(highlight.span), kind: Some(kind) }
}

pub(crate) fn workspace_symbol(view: &DocumentView<'_>, symbol: ide::WorkspaceSymbol) -> Option<WorkspaceSymbol> {
    Some(WorkspaceSymbol {
        location: OneOf::Left(view.location(&symbol.location)?),
        name: symbol.name,
        kind: symbol_kind(symbol.kind),
        tags: None,
        container_name: symbol.container,
        data: None,
    })
}

pub(crate) fn inlay_hint(view: &DocumentView<'_>, hint: ide::InlayHint) -> InlayHint {
    let edits = text_edits(view, &hint.edits);
    InlayHint {
        position: view.position(hint.at),
        padding_left: Some(hint.label.starts_with(' ')),
        padding_right: Some(hint.label.ends_with(' ')),
        label: InlayHintLabel::String(hint.label.trim().to_owned()),
        kind: hint.is_type.then_some(InlayHintKind::TYPE),
        text_edits: (!edits.is_empty()).then_some(edits),
        tooltip: hint
            .tooltip
            .map(|tooltip| InlayHintTooltip::MarkupContent(markup(tooltip, view.state.profile.hover_markdown))),
        data: None,
    }
}

/// An action, for clients that take it as it is, and else as a command that has it applied.
pub(crate) fn action(
    view: &DocumentView<'_>,
    action: ide::Action,
    diagnostics: Vec<lsp::Diagnostic>,
    apply: &str,
) -> Option<CodeActionOrCommand> {
    let profile = &view.state.profile;
    let edit = workspace_edit(view, &action.edits)?;
    if !profile.action_literals {
        let arguments = profile.applies_edits.then(|| vec![json!(edit)]);
        let command = Command { title: action.title, command: apply.to_owned(), arguments: Some(arguments?) };
        return Some(CodeActionOrCommand::Command(command));
    }
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title: action.title,
        kind: Some(action_kind(action.kind)),
        diagnostics: (!diagnostics.is_empty()).then_some(diagnostics),
        edit: Some(edit),
        is_preferred: (action.preferred && profile.preferred_actions).then_some(true),
        ..CodeAction::default()
    }))
}

pub(crate) fn action_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Inline => CodeActionKind::REFACTOR_INLINE,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::FixAll => CodeActionKind::SOURCE_FIX_ALL,
    }
}

pub(crate) fn fold(view: &DocumentView<'_>, fold: &ide::Fold) -> FoldingRange {
    let range = view.range(fold.span);
    let kind = match fold.kind {
        FoldKind::Region => FoldingRangeKind::Region,
        FoldKind::Comment => FoldingRangeKind::Comment,
        FoldKind::Imports => FoldingRangeKind::Imports,
    };
    let column = |column| (!view.state.profile.line_folds).then_some(column);
    FoldingRange {
        start_line: range.start.line,
        start_character: column(range.start.character),
        end_line: range.end.line,
        end_character: column(range.end.character),
        kind: Some(kind),
        collapsed_text: None,
    }
}

/// The ranges from the inside to the outside; `None` where there are none.
pub(crate) fn selection(view: &DocumentView<'_>, spans: &[Span]) -> Option<SelectionRange> {
    let mut outer = None;
    for span in spans.iter().rev() {
        outer = Some(SelectionRange { range: view.range(*span), parent: outer.map(Box::new) });
    }
    outer
}

pub(crate) fn link(view: &DocumentView<'_>, link: &ide::Link) -> Option<DocumentLink> {
    let range = view.range(link.span);
    Some(DocumentLink { range, target: Some(view.uri(&link.target)?), tooltip: None, data: None })
}

pub(crate) fn call_item(view: &DocumentView<'_>, item: &ide::CallItem) -> Option<CallHierarchyItem> {
    let text = view.world.text(&item.location.path)?;
    Some(CallHierarchyItem {
        name: item.name.clone(),
        kind: symbol_kind(item.kind),
        tags: None,
        detail: item.detail.clone(),
        uri: view.uri(&item.location.path)?,
        range: view.range_in(&item.location.path, item.span)?,
        selection_range: view.range_in(&item.location.path, item.location.span)?,
        data: Some(json!(fingerprint(&text))),
    })
}

/// Tells whether a text is still the one that an answer spoke of.
pub(crate) fn fingerprint(text: &str) -> String {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}

pub(crate) fn lens(view: &DocumentView<'_>, lens: ide::Lens) -> Option<CodeLens> {
    let (title, command) = match lens.command {
        LensCommand::RunJob => ("Run", "hookc.runJob"),
        LensCommand::RunTest => ("Run test", "hookc.runTest"),
        LensCommand::ShowGraph => ("Graph", "hookc.showGraph"),
    };
    let arguments = vec![json!(view.uri(&view.path)?), json!(lens.argument)];
    let command = Command { title: title.to_owned(), command: command.to_owned(), arguments: Some(arguments) };
    Some(CodeLens { range: view.range(lens.span), command: Some(command), data: None })
}

pub(crate) fn locations(view: &DocumentView<'_>, locations: &[ide::Location]) -> Vec<Location> {
    locations.iter().filter_map(|location| view.location(location)).collect()
}

fn completion_kind(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Component | Kind::Agent | Kind::Function => CompletionItemKind::FUNCTION,
        Kind::Job => CompletionItemKind::CLASS,
        Kind::Op | Kind::Variable => CompletionItemKind::VARIABLE,
        Kind::Hook | Kind::Trigger | Kind::Event => CompletionItemKind::EVENT,
        Kind::Condition | Kind::Method | Kind::Test => CompletionItemKind::METHOD,
        Kind::Const => CompletionItemKind::CONSTANT,
        Kind::Connection | Kind::Profile => CompletionItemKind::MODULE,
        Kind::Enum => CompletionItemKind::ENUM,
        Kind::EnumValue => CompletionItemKind::ENUM_MEMBER,
        Kind::Record | Kind::Type => CompletionItemKind::STRUCT,
        Kind::Field | Kind::Input | Kind::Output | Kind::Parameter => CompletionItemKind::FIELD,
        Kind::Keyword => CompletionItemKind::KEYWORD,
        Kind::File => CompletionItemKind::FILE,
        Kind::Snippet => CompletionItemKind::SNIPPET,
    }
}

fn symbol_kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Component | Kind::Agent | Kind::Function => SymbolKind::FUNCTION,
        Kind::Job => SymbolKind::CLASS,
        Kind::Op | Kind::Variable | Kind::Parameter => SymbolKind::VARIABLE,
        Kind::Hook | Kind::Trigger | Kind::Event => SymbolKind::EVENT,
        Kind::Condition | Kind::Method | Kind::Test => SymbolKind::METHOD,
        Kind::Const => SymbolKind::CONSTANT,
        Kind::Connection | Kind::Profile => SymbolKind::MODULE,
        Kind::Enum => SymbolKind::ENUM,
        Kind::EnumValue => SymbolKind::ENUM_MEMBER,
        Kind::Record | Kind::Type => SymbolKind::STRUCT,
        Kind::Field | Kind::Input | Kind::Output => SymbolKind::FIELD,
        Kind::Keyword | Kind::Snippet => SymbolKind::KEY,
        Kind::File => SymbolKind::FILE,
    }
}
