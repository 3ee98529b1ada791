//! What the tree of the compiler's parser says, in the words of the other.

use hookc_grammar::Span;
use hookc_grammar::ast::{
    Arg, BodyEntry, Call, Component, ComponentKind, Expr, ExprKind, Field, File, Hook, Http, Item, Job, JobEntry, Key,
    Op, OpEntry, Param, Part, Profile, ProfileEntry, Setting, SettingValue, Subject, Template, Test, TestEntry,
    Trigger, Type, TypeKind, Verb,
};

use super::Mark;

/// The marks of the tree, sorted.
pub(super) fn told(file: &File) -> Vec<Mark> {
    let mut told = Told { base: 0, marks: Vec::new() };
    for item in &file.items {
        told.base = item.at;
        told.item(&item.node);
    }
    told.marks.sort();
    told.marks
}

struct Told {
    /// Where the piece begins that is walked.
    base: u32,
    marks: Vec<Mark>,
}

impl Told {
    fn mark(&mut self, kind: &'static str, span: Span) {
        self.marks.push(Mark { start: self.base + span.start, end: self.base + span.end, kind });
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Import(import) => {
                self.mark("import", import.span);
                self.exprs(&import.path);
            }
            Item::Enum(item) => self.mark("enum", item.span),
            Item::Record(record) => {
                self.mark("record", record.span);
                self.params(&record.fields);
            }
            Item::Const(item) => {
                self.mark("const", item.span);
                self.types(&item.ty);
                self.expr(&item.value);
            }
            Item::Connection(item) => {
                self.mark("connection", item.span);
                self.types(&item.ty);
                self.expr(&item.value);
            }
            Item::Component(component) => self.component(component),
            Item::Condition(condition) => {
                self.mark("condition", condition.span);
                self.params(&condition.params);
                self.expr(&condition.value);
            }
            Item::Hook(hook) => self.hook("reusable_hook", hook),
            Item::Job(job) => self.job(job),
            Item::EachJob(each) => {
                self.mark("each_job", each.span);
                each.entries.iter().for_each(|entry| self.op_entry(entry));
            }
            Item::Profile(profile) => self.profile(profile),
            Item::Test(test) => self.test(test),
            Item::Error => panic!("a text without errors has no broken item"),
        }
    }

    fn component(&mut self, component: &Component) {
        let kind = if component.kind == ComponentKind::Agent { "agent" } else { "component" };
        self.mark(kind, component.span);
        self.params(&component.inputs);
        self.params(&component.outputs);
        for entry in &component.entries {
            match entry {
                BodyEntry::Exec(value, span) | BodyEntry::Python(value, span) | BodyEntry::Ask(value, span) => {
                    self.mark("setting", *span);
                    self.expr(value);
                }
                // Only the place of its text is kept.
                BodyEntry::Shell(..) => {}
                BodyEntry::Http(http) => self.http(http),
                BodyEntry::External { target, span, .. } => {
                    self.mark("external", *span);
                    self.expr(target);
                }
                BodyEntry::Result(_, span) => self.mark("result", *span),
                BodyEntry::Setting(setting) => self.setting(setting),
            }
        }
    }

    fn http(&mut self, http: &Http) {
        self.mark("http", http.span);
        self.expr(&http.url);
        http.headers.iter().for_each(|header| self.expr(header));
        self.exprs(&http.json);
        self.exprs(&http.sign);
    }

    fn setting(&mut self, setting: &Setting) {
        match &setting.value {
            SettingValue::Retry { times, when, backoff, max } => {
                self.mark("retry", setting.span);
                self.expr(times);
                [when, backoff, max].into_iter().for_each(|value| self.exprs(value));
            }
            SettingValue::Concurrency { max, .. } => {
                self.mark("concurrency", setting.span);
                self.expr(max);
            }
            SettingValue::Flag => self.mark("setting", setting.span),
            SettingValue::Value(value) | SettingValue::When(value) => {
                self.mark("setting", setting.span);
                self.expr(value);
            }
        }
    }

    fn job(&mut self, job: &Job) {
        self.mark("job", job.span);
        self.params(&job.inputs);
        self.params(&job.outputs);
        let base = self.base;
        for entry in &job.entries {
            self.base = base + entry.at;
            match &*entry.node {
                JobEntry::Op(op) => self.op(op),
                JobEntry::Trigger(trigger) => self.trigger(trigger),
                JobEntry::EachOp(each) => {
                    self.mark("each_op", each.span);
                    self.params(&each.inputs);
                    self.params(&each.outputs);
                    each.entries.iter().for_each(|entry| self.op_entry(entry));
                }
                JobEntry::Outputs(args, span) => {
                    self.mark("outputs", *span);
                    self.args(args);
                }
                JobEntry::Entry(entry) => self.op_entry(entry),
                JobEntry::Error => panic!("a text without errors has no broken entry"),
            }
        }
        self.base = base;
    }

    fn op(&mut self, op: &Op) {
        self.mark("op", op.span);
        self.call(&op.call);
        op.fan.iter().for_each(|fan| self.expr(&fan.over));
        self.exprs(&op.when);
        op.entries.iter().for_each(|entry| self.op_entry(entry));
    }

    fn trigger(&mut self, trigger: &Trigger) {
        self.mark("trigger", trigger.span);
        self.call(&trigger.call);
        self.exprs(&trigger.when);
        trigger.with.iter().for_each(|args| self.args(args));
    }

    fn op_entry(&mut self, entry: &OpEntry) {
        match entry {
            OpEntry::Hook(hook) => self.hook("hook", hook),
            OpEntry::Use(item) => {
                self.mark("use", item.span);
                self.call(&item.call);
            }
            OpEntry::Drop(_, span) => self.mark("drop", *span),
            OpEntry::Setting(setting) => self.setting(setting),
        }
    }

    fn hook(&mut self, kind: &'static str, hook: &Hook) {
        self.mark(kind, hook.span);
        self.params(&hook.params);
        if let Some(target) = &hook.target {
            self.params(&target.inputs);
            self.params(&target.outputs);
        }
        for event in &hook.events {
            self.mark("event", event.span);
            for value in &event.args {
                // No event takes labels, so the argument is its value.
                self.mark("argument", value.span);
                self.expr(value);
            }
        }
        self.exprs(&hook.when);
        match &hook.verb {
            Some(Verb::Call { call, settings, .. }) => {
                self.call(call);
                settings.iter().for_each(|setting| self.setting(setting));
            }
            Some(Verb::Message { text, .. }) => self.expr(text),
            None => panic!("a text without errors has no hook without a verb"),
        }
    }

    fn profile(&mut self, profile: &Profile) {
        self.mark("profile", profile.span);
        for entry in &profile.entries {
            match entry {
                ProfileEntry::Connection { value, span, .. } => {
                    self.mark("rebinding", *span);
                    self.expr(value);
                }
                ProfileEntry::Mock { outputs, span, .. } => {
                    self.mark("rebinding", *span);
                    outputs.iter().for_each(|mocked| self.args(&mocked.outputs));
                }
                ProfileEntry::Secrets { value, span, .. } => {
                    self.mark("secrets", *span);
                    self.exprs(value);
                }
                ProfileEntry::AllowPrivate(span) => self.mark("setting", *span),
            }
        }
    }

    fn test(&mut self, test: &Test) {
        self.mark("test", test.span);
        self.exprs(&test.title);
        self.call(&test.job);
        for entry in &test.entries {
            match entry {
                TestEntry::Given(given) => {
                    self.mark("given", given.span);
                    self.subject(&given.subject);
                    given.args.iter().for_each(|args| self.args(args));
                }
                TestEntry::Expect(expect) => {
                    self.mark("expect", expect.span);
                    self.subject(&expect.subject);
                    self.exprs(&expect.message);
                    expect.args.iter().for_each(|args| self.args(args));
                }
            }
        }
    }

    fn subject(&mut self, subject: &Subject) {
        self.mark("subject", subject.span);
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            self.mark("parameter", param.span);
            self.ty(&param.ty);
            self.exprs(&param.default);
            self.exprs(&param.constraint);
        }
    }

    fn types(&mut self, ty: &Option<Type>) {
        ty.iter().for_each(|ty| self.ty(ty));
    }

    fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Named { args, .. } => {
                self.mark("named_type", ty.span);
                args.iter().for_each(|arg| self.ty(arg));
            }
            TypeKind::Optional(inner) => {
                self.mark("optional_type", ty.span);
                self.ty(inner);
            }
            TypeKind::Error => panic!("a text without errors has no broken type"),
        }
    }

    fn call(&mut self, call: &Call) {
        self.mark("call", call.span);
        self.args(&call.args);
    }

    fn args(&mut self, args: &[Arg]) {
        for arg in args {
            self.mark("argument", arg.span);
            self.expr(&arg.value);
        }
    }

    fn exprs(&mut self, expr: &Option<Expr>) {
        expr.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        let kind = match &expr.kind {
            ExprKind::Null => "null",
            ExprKind::Bool(_) => "boolean",
            ExprKind::Int(_) => "integer",
            ExprKind::Float(_) => "float",
            ExprKind::Duration(_) => "duration",
            ExprKind::Template(template) => return self.template(template, expr.span),
            ExprKind::Name(_) => "name",
            ExprKind::List(items) => {
                items.iter().for_each(|item| self.expr(item));
                "list"
            }
            ExprKind::Spread(inner) => {
                self.expr(inner);
                "spread"
            }
            ExprKind::Braces(fields) => {
                fields.iter().for_each(|field| self.field(field));
                "braces"
            }
            ExprKind::Unary(_, operand) => {
                self.expr(operand);
                "unary"
            }
            ExprKind::Binary(binary) => {
                self.expr(&binary.left);
                self.expr(&binary.right);
                "binary"
            }
            ExprKind::Ternary(parts) => {
                [&parts.0, &parts.1, &parts.2].into_iter().for_each(|part| self.expr(part));
                "ternary"
            }
            ExprKind::Member(object, _) => {
                self.expr(object);
                "member"
            }
            ExprKind::Index(parts) => {
                self.expr(&parts.0);
                self.expr(&parts.1);
                "index"
            }
            ExprKind::Call(function, args) => {
                self.expr(function);
                self.args(args);
                "function_call"
            }
            ExprKind::Paren(inner) => {
                self.expr(inner);
                "parenthesized"
            }
            ExprKind::Error => panic!("a text without errors has no broken expression"),
        };
        self.mark(kind, expr.span);
    }

    fn field(&mut self, field: &Field) {
        self.mark("field", field.span);
        if let Key::Text(template, span) = &field.key {
            self.template(template, *span);
        }
        self.expr(&field.value);
    }

    fn template(&mut self, template: &Template, span: Span) {
        self.mark(if template.raw { "raw_string" } else { "string" }, span);
        for part in &template.parts {
            if let Part::Hole(expr) = part {
                self.expr(expr);
            }
        }
    }
}
