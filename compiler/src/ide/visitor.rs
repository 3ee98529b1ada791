//! Visits a tree: every part with its place in the file, parents before children.

use hookc_grammar::Span;
use hookc_grammar::ast::{
    Arg, BodyEntry, Call, ComponentKind, Expr, ExprKind, File, Given, Hook, Ident, Import, Item, JobEntry, Key, Op,
    OpEntry, Param, Part, ProfileEntry, Setting, SettingValue, Template, Test, TestEntry, Trigger, Type, TypeKind,
    Verb,
};

use super::Kind;

/// A part of a tree.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    Item(&'a Item),
    Import(&'a Import),
    /// A name where it is declared.
    Name(&'a Ident, Kind),
    Param(&'a Param, Kind),
    Type(&'a Type),
    /// An entry of a job.
    Entry(&'a JobEntry),
    Op(&'a Op),
    Hook(&'a Hook),
    Trigger(&'a Trigger),
    /// An entry in a block of hooks and settings.
    Inner(&'a OpEntry),
    Call(&'a Call),
    Expr(&'a Expr),
    Given(&'a Given),
    /// Any other part.
    Part,
}

/// What receives each part, with its range in the file.
pub(super) trait VisitFn<'a>: FnMut(Node<'a>, Span) {}
impl<'a, F: FnMut(Node<'a>, Span)> VisitFn<'a> for F {}

/// Goes through a file.
pub(super) fn visit<'a>(file: &'a File, visit: &mut impl VisitFn<'a>) {
    for placed in &file.items {
        visit(Node::Item(&placed.node), Span::new(placed.at, placed.at + placed.len));
        Visitor { at: placed.at, visit }.item(&placed.node);
    }
}

struct Visitor<'v, V> {
    /// What the piece's spans count from.
    at: u32,
    visit: &'v mut V,
}

impl<'a, V: VisitFn<'a>> Visitor<'_, V> {
    fn visit(&mut self, node: Node<'a>, span: Span) {
        (self.visit)(node, span.shifted(self.at));
    }

    fn name(&mut self, name: Option<&'a Ident>, kind: Kind) {
        if let Some(name) = name {
            self.visit(Node::Name(name, kind), name.span);
        }
    }

    fn item(&mut self, item: &'a Item) {
        match item {
            Item::Import(import) => {
                self.visit(Node::Import(import), import.span);
                self.exprs(import.path.iter());
            }
            Item::Enum(ast) => {
                self.name(ast.name.as_ref(), Kind::Enum);
                for value in &ast.values {
                    self.name(Some(&value.name), Kind::EnumValue);
                }
            }
            Item::Record(ast) => {
                self.name(ast.name.as_ref(), Kind::Record);
                self.params(&ast.fields, Kind::Field);
            }
            Item::Const(ast) => {
                self.name(ast.name.as_ref(), Kind::Const);
                self.types(ast.ty.iter());
                self.expr(&ast.value);
            }
            Item::Connection(ast) => {
                self.name(ast.name.as_ref(), Kind::Connection);
                self.types(ast.ty.iter());
                self.expr(&ast.value);
            }
            Item::Component(ast) => {
                let agent = ast.kind == ComponentKind::Agent;
                self.name(ast.name.as_ref(), if agent { Kind::Agent } else { Kind::Component });
                self.params(&ast.inputs, Kind::Input);
                self.params(&ast.outputs, Kind::Output);
                ast.entries.iter().for_each(|entry| self.body(entry));
            }
            Item::Condition(ast) => {
                self.name(ast.name.as_ref(), Kind::Condition);
                self.params(&ast.params, Kind::Parameter);
                self.expr(&ast.value);
            }
            Item::Hook(hook) => self.hook(hook),
            Item::Job(ast) => {
                self.name(ast.name.as_ref(), Kind::Job);
                self.params(&ast.inputs, Kind::Input);
                self.params(&ast.outputs, Kind::Output);
                for entry in &ast.entries {
                    let at = self.at + entry.at;
                    (self.visit)(Node::Entry(&entry.node), Span::new(at, at + entry.len));
                    Visitor { at, visit: self.visit }.entry(&entry.node);
                }
            }
            Item::EachJob(ast) => self.inner(&ast.entries),
            Item::Profile(ast) => {
                self.name(ast.name.as_ref(), Kind::Profile);
                ast.entries.iter().for_each(|entry| self.profile(entry));
            }
            Item::Test(ast) => self.test(ast),
            Item::Error => {}
        }
    }

    fn entry(&mut self, entry: &'a JobEntry) {
        match entry {
            JobEntry::Op(op) => self.op(op),
            JobEntry::Trigger(trigger) => {
                self.visit(Node::Trigger(trigger), trigger.span);
                self.name(trigger.name.as_ref(), Kind::Trigger);
                self.call(&trigger.call);
                self.exprs(trigger.when.iter());
                self.args(trigger.with.iter().flatten());
            }
            JobEntry::EachOp(each) => {
                self.params(&each.inputs, Kind::Input);
                self.params(&each.outputs, Kind::Output);
                self.inner(&each.entries);
            }
            JobEntry::Outputs(args, _) => self.args(args),
            JobEntry::Entry(entry) => self.inner(std::slice::from_ref(entry)),
            JobEntry::Error => {}
        }
    }

    fn op(&mut self, op: &'a Op) {
        self.visit(Node::Op(op), op.span);
        self.name(op.name.as_ref(), Kind::Op);
        self.call(&op.call);
        for fan in &op.fan {
            self.name(Some(&fan.var), Kind::Variable);
            self.expr(&fan.over);
        }
        self.exprs(op.when.iter());
        self.inner(&op.entries);
    }

    fn inner(&mut self, entries: &'a [OpEntry]) {
        for entry in entries {
            let span = match entry {
                OpEntry::Hook(hook) => hook.span,
                OpEntry::Use(used) => used.span,
                OpEntry::Drop(_, span) => *span,
                OpEntry::Setting(setting) => setting.span,
            };
            self.visit(Node::Inner(entry), span);
            match entry {
                OpEntry::Hook(hook) => self.hook(hook),
                OpEntry::Use(used) => {
                    self.call(&used.call);
                    self.name(used.alias.as_ref(), Kind::Hook);
                }
                OpEntry::Drop(..) => {}
                OpEntry::Setting(setting) => self.setting(setting),
            }
        }
    }

    fn hook(&mut self, hook: &'a Hook) {
        self.visit(Node::Hook(hook), hook.span);
        self.name(hook.name.as_ref(), Kind::Hook);
        self.params(&hook.params, Kind::Parameter);
        if let Some(target) = &hook.target {
            self.params(&target.inputs, Kind::Input);
            self.params(&target.outputs, Kind::Output);
        }
        for event in &hook.events {
            self.visit(Node::Part, event.span);
            self.exprs(&event.args);
        }
        self.exprs(hook.when.iter());
        match &hook.verb {
            Some(Verb::Call { call, settings, .. }) => {
                self.call(call);
                settings.iter().for_each(|setting| self.setting(setting));
            }
            Some(Verb::Message { text, .. }) => self.expr(text),
            None => {}
        }
    }

    fn body(&mut self, entry: &'a BodyEntry) {
        let (span, value) = match entry {
            BodyEntry::Exec(value, span) | BodyEntry::Python(value, span) | BodyEntry::Ask(value, span) => {
                (*span, Some(value))
            }
            BodyEntry::External { target, span, .. } => (*span, Some(target)),
            BodyEntry::Shell(_, span) | BodyEntry::Result(_, span) => (*span, None),
            BodyEntry::Http(http) => (http.span, Some(&http.url)),
            BodyEntry::Setting(setting) => (setting.span, None),
        };
        self.visit(Node::Part, span);
        self.exprs(value);
        match entry {
            BodyEntry::Http(http) => {
                self.exprs(&http.headers);
                self.exprs(http.json.iter().chain(&http.sign));
            }
            BodyEntry::Setting(setting) => self.setting(setting),
            _ => {}
        }
    }

    fn setting(&mut self, setting: &'a Setting) {
        self.visit(Node::Part, setting.span);
        match &setting.value {
            SettingValue::Retry { times, when, backoff, max } => {
                self.expr(times);
                self.exprs(when.iter().chain(backoff).chain(max));
            }
            SettingValue::Concurrency { max, .. } => self.expr(max),
            SettingValue::Value(value) | SettingValue::When(value) => self.expr(value),
            SettingValue::Flag => {}
        }
    }

    fn profile(&mut self, entry: &'a ProfileEntry) {
        match entry {
            ProfileEntry::Connection { value, span, .. } => {
                self.visit(Node::Part, *span);
                self.expr(value);
            }
            ProfileEntry::Mock { outputs, span, .. } => {
                self.visit(Node::Part, *span);
                self.args(outputs.iter().flat_map(|mock| &mock.outputs));
            }
            ProfileEntry::Secrets { value, span, .. } => {
                self.visit(Node::Part, *span);
                self.exprs(value.iter());
            }
            ProfileEntry::AllowPrivate(span) => self.visit(Node::Part, *span),
        }
    }

    fn test(&mut self, test: &'a Test) {
        self.exprs(test.title.iter());
        self.call(&test.job);
        for entry in &test.entries {
            match entry {
                TestEntry::Given(given) => {
                    self.visit(Node::Given(given), given.span);
                    self.args(given.args.iter().flatten());
                }
                TestEntry::Expect(expect) => {
                    self.visit(Node::Part, expect.span);
                    self.exprs(expect.message.iter());
                    self.args(expect.args.iter().flatten());
                }
            }
        }
    }

    fn params(&mut self, params: &'a [Param], kind: Kind) {
        for param in params {
            self.visit(Node::Param(param, kind), param.span);
            self.name(Some(&param.name), kind);
            self.types([&param.ty]);
            self.exprs(param.default.iter().chain(&param.constraint));
        }
    }

    fn types(&mut self, types: impl IntoIterator<Item = &'a Type>) {
        for ty in types {
            self.visit(Node::Type(ty), ty.span);
            match &ty.kind {
                TypeKind::Named { args, .. } => self.types(args),
                TypeKind::Optional(inner) => self.types([inner.as_ref()]),
                TypeKind::Error => {}
            }
        }
    }

    fn call(&mut self, call: &'a Call) {
        self.visit(Node::Call(call), call.span);
        self.args(&call.args);
    }

    fn args(&mut self, args: impl IntoIterator<Item = &'a Arg>) {
        for arg in args {
            self.visit(Node::Part, arg.span);
            self.expr(&arg.value);
        }
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    /// An expression is as deep as it is long: its parts wait in a list of their own, not on the stack.
    fn expr(&mut self, expr: &'a Expr) {
        let mut open: Vec<&'a Expr> = vec![expr];
        while let Some(expr) = open.pop() {
            self.visit(Node::Expr(expr), expr.span);
            let first = open.len();
            match &expr.kind {
                ExprKind::Template(template) => open.extend(holes(template)),
                ExprKind::List(items) => open.extend(items),
                ExprKind::Spread(inner) | ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => open.push(inner),
                ExprKind::Member(inner, _) => open.push(inner),
                ExprKind::Binary(binary) => open.extend([&binary.left, &binary.right]),
                ExprKind::Ternary(parts) => open.extend([&parts.0, &parts.1, &parts.2]),
                ExprKind::Index(parts) => open.extend([&parts.0, &parts.1]),
                ExprKind::Call(callee, args) => {
                    for arg in args {
                        self.visit(Node::Part, arg.span);
                    }
                    open.push(callee);
                    open.extend(args.iter().map(|arg| &arg.value));
                }
                ExprKind::Braces(fields) => {
                    for field in fields {
                        self.visit(Node::Part, field.span);
                        if let Key::Text(template, _) = &field.key {
                            open.extend(holes(template));
                        }
                        open.push(&field.value);
                    }
                }
                ExprKind::Null
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Duration(_)
                | ExprKind::Name(_)
                | ExprKind::Error => {}
            }
            open.get_mut(first..).unwrap_or_default().reverse();
        }
    }
}

fn holes(template: &Template) -> impl Iterator<Item = &Expr> {
    template.parts.iter().filter_map(|part| match part {
        Part::Hole(hole) => Some(hole),
        Part::Text(_) => None,
    })
}
