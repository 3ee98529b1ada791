//! Declarations: what each is, its signature as written, its documentation.

use std::sync::Arc;

use hookc_grammar::Span;
use hookc_grammar::ast::{Item, Verb};

use super::visitor::{Node, visit};
use super::{Kind, Location, World};
use crate::sources::SourceFile;

/// A declared name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// As it is written, on few lines.
    pub(super) signature: String,
    pub(super) doc: Option<String>,
    /// The item, or op, that holds it.
    pub(super) container: Option<String>,
    /// Where the name is written.
    pub(super) name_span: Span,
    /// All of it.
    pub(super) span: Span,
}

/// Every declaration of a file, in written order.
pub(super) fn declarations(file: &SourceFile) -> Vec<Declaration> {
    let mut reader = Reader { text: &file.text, item: None, op: None, parent: None, found: Vec::new() };
    visit(&file.parse.file, &mut |node, span| reader.see(node, span));
    reader.found
}

impl World {
    /// The declaration at a place.
    pub(super) fn declaration(&self, location: &Location) -> Option<Declaration> {
        let file = &self.entry(&location.path)?.file;
        declarations(file).into_iter().find(|declaration| declaration.name_span == location.span)
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The item that is being read, and its name.
    item: Option<(&'a Item, Option<&'a str>)>,
    /// The name of the op that is being read, and where it ends.
    op: Option<(&'a str, u32)>,
    /// The construct whose name comes next.
    parent: Option<(Node<'a>, Span)>,
    found: Vec<Declaration>,
}

impl<'a> Reader<'a> {
    fn see(&mut self, node: Node<'a>, span: Span) {
        match node {
            Node::Item(item) => {
                self.item = Some((item, item_name(item)));
                self.op = None;
                self.parent = Some((node, span));
            }
            Node::Op(op) => {
                self.op = op.name.as_ref().map(|name| (name.text.as_str(), span.end));
                self.parent = Some((node, span));
            }
            Node::Hook(_) | Node::Trigger(_) | Node::Param(..) => self.parent = Some((node, span)),
            Node::Name(name, kind) => {
                let declaration = self.declaration(name.text.to_string(), kind, span);
                self.found.push(declaration);
            }
            _ => {}
        }
    }

    fn declaration(&self, name: String, kind: Kind, name_span: Span) -> Declaration {
        let parent = self.parent.filter(|(_, span)| span.start <= name_span.start && name_span.end <= span.end);
        let (signature, doc, span) = match parent {
            Some((node, span)) => self.signature(node, span, kind, &name),
            None => (name.clone(), None, name_span),
        };
        let top = matches!(parent, Some((Node::Item(_), _))) && kind != Kind::EnumValue;
        let op = self.op.filter(|(op, end)| name_span.start < *end && (*op != name || kind != Kind::Op));
        let container = op.map(|(op, _)| op).or(self.item.and_then(|(_, name)| name)).filter(|_| !top);
        Declaration { name, kind, signature, doc, container: container.map(str::to_owned), name_span, span }
    }

    fn signature(&self, node: Node<'a>, span: Span, kind: Kind, name: &str) -> (String, Option<String>, Span) {
        match node {
            Node::Item(item) if kind == Kind::EnumValue => {
                let doc = match item {
                    Item::Enum(ast) => {
                        ast.values.iter().find(|value| value.name.text == name).and_then(|value| value.doc.clone())
                    }
                    _ => None,
                };
                (format!("{}.{name}", item_name(item).unwrap_or_default()), doc.map(String::from), span)
            }
            Node::Item(item) => self.item_signature(item, span),
            Node::Op(op) => {
                let at = span.start - op.span.start;
                (self.flat(op.header.shifted(at)), op.doc.as_ref().map(ToString::to_string), span)
            }
            Node::Hook(hook) => self.hook_signature(hook, span),
            Node::Trigger(trigger) => (self.flat(span), trigger.doc.as_ref().map(ToString::to_string), span),
            Node::Param(param, kind) => {
                let word = match kind {
                    Kind::Output => "output ",
                    Kind::Field => "field ",
                    Kind::Parameter => "parameter ",
                    _ => "input ",
                };
                (format!("{word}{}", self.flat(span)), param.doc.as_ref().map(ToString::to_string), span)
            }
            _ => (name.to_owned(), None, span),
        }
    }

    fn item_signature(&self, item: &Item, span: Span) -> (String, Option<String>, Span) {
        let whole = |own: Span| Span::new(span.end - (own.end - own.start), span.end);
        let (signature, doc) = match item {
            Item::Component(ast) => (self.flat(head(ast.header, ast.span, span)), &ast.doc),
            Item::Job(ast) => (self.flat(head(ast.header, ast.span, span)), &ast.doc),
            Item::Hook(hook) => return self.hook_signature(hook, whole(hook.span)),
            Item::Enum(ast) => (self.flat(whole(ast.span)), &ast.doc),
            Item::Record(ast) => (self.text(whole(ast.span)).to_owned(), &ast.doc),
            Item::Const(ast) => (self.flat(whole(ast.span)), &ast.doc),
            Item::Connection(ast) => {
                let ty = ast.ty.as_ref().map(|ty| self.text(ty.span.shifted(span.end - ast.span.end)));
                let name = ast.name.as_ref().map_or("", |name| &name.text);
                (format!("connection {name}: {}", ty.unwrap_or("?")), &ast.doc)
            }
            Item::Condition(ast) => (self.flat(whole(ast.span)), &ast.doc),
            Item::Profile(ast) => (format!("profile {}", ast.name.as_ref().map_or("", |name| &name.text)), &ast.doc),
            Item::Import(_) | Item::EachJob(_) | Item::Test(_) | Item::Error => return (String::new(), None, span),
        };
        (signature, doc.as_ref().map(ToString::to_string), span)
    }

    fn hook_signature(&self, hook: &hookc_grammar::ast::Hook, span: Span) -> (String, Option<String>, Span) {
        let end = match &hook.verb {
            Some(Verb::Call { settings, call, .. }) if !settings.is_empty() => call.span.end,
            _ => hook.span.end,
        };
        let head = Span::new(span.start, span.start + (end - hook.span.start));
        (self.flat(head), hook.doc.as_ref().map(ToString::to_string), span)
    }

    fn text(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The text with each run of blanks as one, comments left out.
    fn flat(&self, span: Span) -> String {
        let text = self.text(span);
        let lines =
            text.lines().map(|line| line.split("//").next().filter(|_| !line.contains('"')).unwrap_or(line).trim());
        let flat = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        flat.replace("( ", "(").replace(", )", ")").replace(" )", ")")
    }
}

/// A header in the file, from its place in its item's span.
fn head(header: Span, own: Span, placed: Span) -> Span {
    let by = placed.end - own.end;
    header.shifted(by)
}

/// The name of an item.
pub(super) fn item_name(item: &Item) -> Option<&str> {
    let name = match item {
        Item::Enum(ast) => &ast.name,
        Item::Record(ast) => &ast.name,
        Item::Const(ast) => &ast.name,
        Item::Connection(ast) => &ast.name,
        Item::Component(ast) => &ast.name,
        Item::Condition(ast) => &ast.name,
        Item::Hook(ast) => &ast.name,
        Item::Job(ast) => &ast.name,
        Item::Profile(ast) => &ast.name,
        Item::Import(_) | Item::EachJob(_) | Item::Test(_) | Item::Error => return None,
    };
    name.as_ref().map(|name| name.text.as_str())
}

/// The top-level names of a file that others can import, with what they are.
pub(super) fn exported(file: &SourceFile) -> impl Iterator<Item = (&str, Kind)> {
    file.parse.file.items.iter().filter_map(|placed| {
        let kind = match placed.node.as_ref() {
            Item::Enum(_) => Kind::Enum,
            Item::Record(_) => Kind::Record,
            Item::Const(_) => Kind::Const,
            Item::Connection(_) => Kind::Connection,
            Item::Component(ast) if ast.kind == hookc_grammar::ast::ComponentKind::Agent => Kind::Agent,
            Item::Component(_) => Kind::Component,
            Item::Condition(_) => Kind::Condition,
            Item::Hook(_) => Kind::Hook,
            Item::Job(_) => Kind::Job,
            Item::Profile(_) => Kind::Profile,
            _ => return None,
        };
        item_name(&placed.node).filter(|name| !name.starts_with('_')).map(|name| (name, kind))
    })
}

/// A location in a file.
pub(super) fn location(path: &Arc<str>, span: Span) -> Location {
    Location { path: Arc::clone(path), span }
}
