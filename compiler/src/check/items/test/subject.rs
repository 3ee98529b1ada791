//! The subject of a line of a test.

use hookc_grammar::Span;
use hookc_grammar::ast::{Ident, JobEntry, OpEntry, Subject};
use hookc_plan as plan;

use super::{Checker, JobId, Named, Runs, Scope, Symbol};
use crate::check::Referent;
use crate::check::expressions::evaluation::list_length;
use crate::declare::Damage;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::place::Place;

impl Checker<'_, '_> {
    /// What a subject names; `None` after a report.
    pub(super) fn subject<'j>(
        &mut self,
        scope: &Scope<'_, '_>,
        id: JobId,
        job: &'j plan::Job,
        subject: &Subject,
    ) -> Option<Named<'j>> {
        let first = subject.path.first()?;
        self.complete_subjects(scope, job, subject);
        if self.has_mistakes(id, &first.text) {
            return None;
        }
        let op = job.ops.iter().find(|op| op.name == first.text);
        let named = match (subject.path.get(1), first.text.as_str()) {
            (None, "job") => Named::Job,
            (None, "previous") => Named::Previous,
            (None, name) => match (op, job.hooks.iter().find(|hook| hook.name == name)) {
                (Some(op), _) => Named::Op(op),
                (None, Some(hook)) => Named::Hook(hook),
                (None, None) => return self.unknown_subject(scope, id, job, first),
            },
            (Some(hook), _) => match op {
                Some(op) => Named::Hook(self.hook_of(scope, id, op, hook)?),
                None => return self.unknown_subject(scope, id, job, first),
            },
        };
        self.note_subject(scope, subject, op, &named);
        let index = subject.index.filter(|_| self.is_whole(self.program.job(id).item.damage));
        if let Some((_, span)) = index
            && op.is_some_and(|op| op.each.is_empty())
        {
            let message = format!("op `{}` is not a fan-out, so it has no numbered items", first.text);
            self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            return None;
        }
        if let Some((number, span)) = index
            && let Some(items) = op.and_then(items_of)
            && usize::try_from(number).is_ok_and(|number| number >= items)
        {
            let message = format!("`{0}` has {items} items, so there is no `{0}[{number}]`", first.text);
            let diagnostic = self.bad_test(scope, span, message);
            self.report(diagnostic.help("items are numbered from 0"));
            return None;
        }
        Some(named)
    }

    /// The hook of an op that a test names; `None` after a report.
    fn hook_of<'j>(
        &mut self,
        scope: &Scope<'_, '_>,
        id: JobId,
        op: &'j plan::Op,
        name: &Ident,
    ) -> Option<&'j plan::Hook> {
        let found = op.hooks.iter().find(|hook| hook.name == name.text);
        let damaged = !self.is_whole(self.program.job(id).item.damage);
        if found.is_none() && !damaged && !self.writes_hook(id, &op.name, &name.text) {
            let names = op.hooks.iter().map(|hook| hook.name.as_str());
            let place = scope.place(name.span);
            let message = format!("op `{}` has no hook `{}`", op.name, name.text);
            let help = did_you_mean(&name.text, names.clone()).or_else(|| {
                let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                (!names.is_empty()).then(|| format!("available hooks: {}", names.join(", ")))
            });
            self.report(Diagnostic::new(diagnostics::UNKNOWN_HOOK, place, message).maybe_help(help));
        }
        found
    }

    /// Offers the subjects of a test.
    fn complete_subjects(&mut self, scope: &Scope<'_, '_>, job: &plan::Job, subject: &Subject) {
        if let Some(first) = subject.path.first() {
            let ops = job.ops.iter().map(|op| op.name.as_str());
            self.complete_words(scope.place(first.span), Kind::Op, ops);
            let hooks = job.hooks.iter().map(|hook| hook.name.as_str());
            self.complete_words(scope.place(first.span), Kind::Hook, hooks);
            self.complete_words(scope.place(first.span), Kind::Keyword, ["job", "previous"]);
        }
        if let [first, second, ..] = subject.path.as_slice()
            && let Some(op) = job.ops.iter().find(|op| op.name == first.text)
        {
            let hooks = op.hooks.iter().map(|hook| hook.name.as_str());
            self.complete_words(scope.place(second.span), Kind::Hook, hooks);
        }
    }

    fn note_subject(&mut self, scope: &Scope<'_, '_>, subject: &Subject, op: Option<&plan::Op>, named: &Named<'_>) {
        if let (Some(first), Some(op)) = (subject.path.first(), op) {
            self.note_name(scope.place(first.span), Referent::Declared(place_of(op.span)));
        }
        if let (Some(last), Named::Hook(hook)) = (subject.path.last(), named) {
            self.note_name(scope.place(last.span), Referent::Declared(place_of(hook.attached)));
        }
    }

    fn unknown_subject<'j>(
        &mut self,
        scope: &Scope<'_, '_>,
        id: JobId,
        job: &plan::Job,
        name: &Ident,
    ) -> Option<Named<'j>> {
        if !self.is_whole(self.program.job(id).item.damage) {
            return None;
        }
        let place = scope.place(name.span);
        let names = job.ops.iter().map(|op| op.name.as_str()).chain(job.hooks.iter().map(|hook| hook.name.as_str()));
        let message = format!("job `{}` has neither an op nor a hook `{}`", self.program.job(id).item.name, name.text);
        let diagnostic = Diagnostic::new(diagnostics::UNKNOWN_OP, place, message).suggest(&name.text, names);
        self.report(diagnostic);
        None
    }

    /// Whether an error is reported in the op or in an `each op` of its job, or, if the subject is not an op, in the job.
    fn has_mistakes(&self, id: JobId, name: &str) -> bool {
        let item = &self.program.job(id).item;
        let named = |entry: &JobEntry| matches!(entry, JobEntry::Op(ast) if is_named(ast.name.as_ref(), name));
        let is_op = item.ast.entries.iter().any(|entry| named(&entry.node));
        item.ast.entries.iter().any(|entry| {
            let concerned = match entry.node.as_ref() {
                JobEntry::Op(_) => named(&entry.node),
                JobEntry::EachOp(_) => is_op,
                JobEntry::Entry(OpEntry::Hook(_) | OpEntry::Use(_)) => !is_op,
                _ => false,
            };
            let span = Span::new(item.at + entry.at, item.at + entry.at + entry.len);
            concerned && self.has_error_in(Place { file: item.file, span })
        })
    }

    /// Whether the op or an `each op` of its job declares a hook with this name. The hook may have an error that is reported
    /// elsewhere.
    fn writes_hook(&self, id: JobId, op: &str, name: &str) -> bool {
        let entries = self.program.job(id).item.ast.entries.iter().flat_map(|entry| match entry.node.as_ref() {
            JobEntry::Op(ast) if is_named(ast.name.as_ref(), op) => ast.entries.as_slice(),
            JobEntry::EachOp(ast) => ast.entries.as_slice(),
            _ => &[],
        });
        entries.into_iter().any(|entry| match entry {
            OpEntry::Hook(hook) => is_named(hook.name.as_ref(), name),
            OpEntry::Use(used) => is_named(used.alias.as_ref().or(used.call.name.as_ref()), name),
            OpEntry::Drop(..) | OpEntry::Setting(_) => false,
        })
    }

    /// The component or job that an op of the job runs.
    pub(super) fn op_runs(&self, id: JobId, name: &str) -> Option<Runs> {
        let item = &self.program.job(id).item;
        let op = item.ast.entries.iter().find_map(|entry| match entry.node.as_ref() {
            JobEntry::Op(op) if op.name.as_ref().is_some_and(|op| op.text == name) => Some(op),
            _ => None,
        })?;
        match self.program.lookup(item.file, &op.call.name.as_ref()?.text)? {
            Symbol::Component(id) => Some(Runs::Component(id)),
            Symbol::Job(id) => Some(Runs::Job(id)),
            _ => None,
        }
    }

    /// Whether the job, or what the subject runs, has a syntax error or is unknown. Then the line of the test cannot be checked.
    pub(super) fn is_hidden(&self, id: JobId, named: &Named<'_>) -> bool {
        let damage = match named {
            Named::Op(op) => self.op_runs(id, &op.name).map(|runs| self.signature(runs).0.damage),
            Named::Hook(hook) if hook.verb == plan::VerbKind::Run => {
                self.hook_component(hook).map(|id| self.program.component(id).item.damage)
            }
            Named::Hook(_) | Named::Job | Named::Previous => Some(Damage::NONE),
        };
        !self.is_whole(damage.unwrap_or(Damage::UNKNOWN) | self.program.job(id).item.damage)
    }

    /// The diagnostic of an invalid statement in a test.
    pub(super) fn bad_test(&self, scope: &Scope<'_, '_>, span: Span, message: impl Into<String>) -> Diagnostic {
        let place = scope.place(span);
        Diagnostic::new(diagnostics::BAD_TEST, place, message)
    }
}

/// The number of items of a fan-out, if its lists are constants.
fn items_of(op: &plan::Op) -> Option<usize> {
    op.each.iter().try_fold(1_usize, |items, fan| items.checked_mul(list_length(&fan.over)?))
}

fn place_of(plan::Span(file, start, end): plan::Span) -> Place {
    Place { file: crate::FileId(file), span: Span::new(start, end) }
}

fn is_named(ident: Option<&Ident>, name: &str) -> bool {
    ident.is_some_and(|ident| ident.text == name)
}
