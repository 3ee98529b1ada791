//! `test` blocks: the names and types of what is given and expected.

use hookc_grammar::Span;
use hookc_grammar::ast::{
    Arg, ComponentKind, Expect, Given, Ident, JobEntry, OpEntry, Subject, Test, TestEntry, ToolEvent,
};
use hookc_plan as plan;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::args::{Callee, Owner};
use super::job::Runs;
use super::{Checker, Env, Referent, Scope, hook};
use crate::declare::{ComponentId, JobId, ParamDef, Params, Place, Symbol};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ty::Ty;

/// The states that an op can be given, and that can be expected.
const GIVEN_STATES: &[&str] = &["succeeded", "failed", "stopped", "skipped"];
const OP_OUTCOMES: &[&str] =
    &["succeeded", "failed", "stopped", "skipped", "upstream_failed", "pending", "refused", "modified"];
const JOB_STATES: &[&str] = &["succeeded", "failed", "stopped"];
const HOOK_OUTCOMES: &[&str] = &["ran", "errored"];

/// What tests need to know of a checked job.
pub(crate) type JobPlans = FxHashMap<JobId, plan::Job>;

/// What a subject names.
enum Named<'j> {
    Job,
    Previous,
    Op(&'j plan::Op),
    Hook(&'j plan::Hook),
}

impl<'s> Checker<'_, 's> {
    /// The job that a test is for, without reports.
    pub(crate) fn tested_job(&self, test: &crate::declare::Declared<'s, Test>) -> Option<JobId> {
        match self.program.lookup(test.file, &test.ast.job.name.as_ref()?.text) {
            Some(Symbol::Job(id)) => Some(id),
            _ => None,
        }
    }

    pub(crate) fn check_tests(&mut self, plans: &JobPlans) {
        let program = self.program;
        let mut titles: Vec<(crate::FileId, &str)> = Vec::new();
        for test in &program.tests {
            if !self.is_own(test.file) {
                continue;
            }
            let scope = Scope::new(test.file, test.at, Env::Plain);
            if let Some(title) = &test.ast.title {
                let text =
                    self.constant_text(&scope, title, "the title of a test").and_then(|template| template.as_const());
                if let Some(text) = text {
                    if titles.contains(&(test.file, text)) {
                        let message = format!("a test `{text}` exists already");
                        self.error_at(diagnostics::DUPLICATE_NAME, scope.place(title.span), message);
                    }
                    titles.push((test.file, text));
                }
            }
            self.check_test(test.file, test.at, test.ast, plans);
        }
    }

    fn check_test(&mut self, file: crate::FileId, at: u32, test: &'s Test, plans: &JobPlans) {
        let mut scope = Scope::new(file, at, Env::Plain);
        if let Some(profile) = &test.profile {
            self.offer_symbols(scope.place(profile.span), &[Kind::Profile]);
            if let Some(symbol @ Symbol::Profile(_)) = self.program.lookup(file, &profile.text) {
                self.note_symbol(scope.place(profile.span), symbol);
            }
            self.check_profile_name(&scope, profile);
        }
        if let Some(source) = &test.source {
            let known = &self.program.enum_def(self.program.builtins.source).values;
            self.offer_words(scope.place(source.span), Kind::EnumValue, known.iter().map(SmolStr::as_str));
            if !known.contains(&source.text) {
                let place = scope.place(source.span);
                let message = format!("unknown source `{}`", source.text);
                let help = did_you_mean(&source.text, known.iter().map(SmolStr::as_str))
                    .unwrap_or_else(|| "these exist: `manual schedule webhook watch job`".to_owned());
                self.report(Diagnostic::new(diagnostics::BAD_TEST, place.file, place.span, message).help(help));
            }
        }
        let Some(name) = &test.job.name else { return };
        let Some(id) = self.job_named(&scope, name) else {
            self.arguments_of_unknown(&mut scope, &test.job);
            return;
        };
        let callee = self.callee(Runs::Job(id));
        self.arguments(&mut scope, &callee, &test.job.args, name.span);
        let Some(job) = plans.get(&id) else { return };
        for entry in &test.entries {
            match entry {
                TestEntry::Given(given) => self.given(&mut scope, id, job, given),
                TestEntry::Expect(expect) => self.expectation(&mut scope, id, job, expect),
            }
        }
    }

    fn check_profile_name(&mut self, scope: &Scope<'_, '_>, name: &Ident) {
        if matches!(self.lookup(scope.file, &name.text), Some(Symbol::Profile(_)))
            || self.program.may_be_unreadable(scope.file, &name.text, &["profile"], [])
        {
            return;
        }
        let names = &self.program.scope(scope.file).names;
        let mut fitting: Vec<&str> = names
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Profile(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        fitting.sort_unstable();
        let place = scope.place(name.span);
        let message = format!("unknown profile `{}`", name.text);
        let help = did_you_mean(&name.text, fitting);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_PROFILE, place.file, place.span, message).maybe_help(help));
    }

    /// What a subject names; `None` where it names nothing, which is reported.
    fn subject<'j>(
        &mut self,
        scope: &Scope<'_, '_>,
        id: JobId,
        job: &'j plan::Job,
        subject: &Subject,
    ) -> Option<Named<'j>> {
        let first = subject.path.first()?;
        self.offer_subjects(scope, job, subject);
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
            (Some(hook), _) => {
                let Some(op) = op else {
                    return self.unknown_subject(scope, id, job, first);
                };
                let Some(found) = op.hooks.iter().find(|found| found.name == hook.text) else {
                    if self.writes_hook(id, &op.name, &hook.text) {
                        return None;
                    }
                    let names = op.hooks.iter().map(|hook| hook.name.as_str());
                    let place = scope.place(hook.span);
                    let message = format!("op `{}` has no hook `{}`", op.name, hook.text);
                    let help = did_you_mean(&hook.text, names.clone()).or_else(|| {
                        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                        (!names.is_empty()).then(|| format!("it has {}", names.join(", ")))
                    });
                    self.report(
                        Diagnostic::new(diagnostics::UNKNOWN_HOOK, place.file, place.span, message).maybe_help(help),
                    );
                    return None;
                };
                Named::Hook(found)
            }
        };
        self.note_subject(scope, subject, op, &named);
        if let Some((_, span)) = subject.index
            && op.is_some_and(|op| op.each.is_empty())
        {
            let message = format!("op `{}` is no fan-out, so it has no numbered items", first.text);
            self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            return None;
        }
        Some(named)
    }

    /// Offers what a test can speak of.
    fn offer_subjects(&mut self, scope: &Scope<'_, '_>, job: &plan::Job, subject: &Subject) {
        if let Some(first) = subject.path.first() {
            let ops = job.ops.iter().map(|op| op.name.as_str());
            self.offer_words(scope.place(first.span), Kind::Op, ops);
            let hooks = job.hooks.iter().map(|hook| hook.name.as_str());
            self.offer_words(scope.place(first.span), Kind::Hook, hooks);
            self.offer_words(scope.place(first.span), Kind::Keyword, ["job", "previous"]);
        }
        if let [first, second, ..] = subject.path.as_slice()
            && let Some(op) = job.ops.iter().find(|op| op.name == first.text)
        {
            let hooks = op.hooks.iter().map(|hook| hook.name.as_str());
            self.offer_words(scope.place(second.span), Kind::Hook, hooks);
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
        if self.program.is_damaged(Some(self.program.job(id).item.place)) {
            return None;
        }
        let place = scope.place(name.span);
        let names = job.ops.iter().map(|op| op.name.as_str()).chain(job.hooks.iter().map(|hook| hook.name.as_str()));
        let message = format!("job `{}` has neither an op nor a hook `{}`", self.program.job(id).item.name, name.text);
        let diagnostic =
            Diagnostic::new(diagnostics::UNKNOWN_OP, place.file, place.span, message).suggest(&name.text, names);
        self.report(diagnostic);
        None
    }

    /// Whether a mistake in an op, or in an `each op` of its job, is reported; of what is no op, in the job itself.
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
            concerned && self.diagnostics.iter().any(|diagnostic| is_error_in(diagnostic, item.file, span))
        })
    }

    /// Whether the op, or an `each op` of its job, says that it has a hook of this name: it may have a mistake that is reported elsewhere.
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

    /// What an op of the job runs.
    fn op_runs(&self, id: JobId, name: &str) -> Option<Runs> {
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

    fn given(&mut self, scope: &mut Scope<'_, 's>, id: JobId, job: &plan::Job, given: &Given) {
        let Some(named) = self.subject(scope, id, job, &given.subject) else {
            return;
        };
        match named {
            Named::Job => self.error_at(
                diagnostics::BAD_TEST,
                scope.place(given.subject.span),
                "the job's own end is expected, not given",
            ),
            Named::Previous => {
                self.state(scope, given.state.as_ref(), JOB_STATES);
            }
            Named::Hook(hook) => self.given_hook(scope, given, hook),
            Named::Op(op) => match (&given.tool, self.op_runs(id, &op.name)) {
                (Some(tool), Some(runs)) => self.given_tool(scope, given, tool, runs),
                (None, Some(runs)) => self.given_op(scope, given, op, runs),
                (_, None) => {}
            },
        }
    }

    /// Whether the word is one of the states; if not, that is reported.
    fn state(&mut self, scope: &Scope<'_, '_>, state: Option<&Ident>, states: &[&str]) -> bool {
        let Some(state) = state else { return false };
        self.offer_words(scope.place(state.span), Kind::Event, states.iter().copied());
        if states.contains(&state.text.as_str()) {
            return true;
        }
        let place = scope.place(state.span);
        let message = format!("`{}` cannot stand here", state.text);
        let help = did_you_mean(&state.text, states.iter().copied())
            .unwrap_or_else(|| format!("these can: `{}`", states.join(" ")));
        self.report(Diagnostic::new(diagnostics::BAD_TEST, place.file, place.span, message).help(help));
        false
    }

    fn given_op(&mut self, scope: &mut Scope<'_, 's>, given: &Given, op: &plan::Op, runs: Runs) {
        if let Some((times, span)) = given.retrying {
            let most = op.retry.iter().map(|retry| retry.times).max().unwrap_or(0);
            if times > most {
                let message = format!("op `{}` is retried at most {most} times", op.name);
                self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            }
        }
        if !self.state(scope, given.state.as_ref(), GIVEN_STATES) {
            return;
        }
        let args = given.args.as_deref().unwrap_or_default();
        let outputs = self.signature(runs).1;
        match given.state.as_ref().map(|state| state.text.as_str()) {
            Some("succeeded") => {
                let callee = hook::outputs_callee("op", &op.name, outputs);
                self.arguments(scope, &callee, args, given.span);
            }
            Some("failed") => self.given_failure(scope, given, args, outputs),
            _ => self.no_arguments(scope, given.args.as_deref(), given.span),
        }
    }

    /// `failed (kind: …, message: …, outputs: { … })`
    fn given_failure(&mut self, scope: &mut Scope<'_, 's>, given: &Given, args: &[Arg], outputs: &Params<'s>) {
        let mut rest: Vec<Arg> = Vec::new();
        for arg in args {
            let is_outputs = arg.label.as_ref().is_some_and(|label| label.text == "outputs");
            let hookc_grammar::ast::ExprKind::Braces(fields) = &arg.value.kind else {
                rest.push(arg.clone());
                continue;
            };
            if !is_outputs {
                rest.push(arg.clone());
                continue;
            }
            for field in fields {
                let hookc_grammar::ast::Key::Word(key) = &field.key else {
                    continue;
                };
                match outputs.get(&key.text) {
                    Some(param) => {
                        let ty = param.ty.clone();
                        self.expect(scope, &field.value, &ty);
                    }
                    None => {
                        let place = scope.place(key.span);
                        let message = format!("there is no output `{}`", key.text);
                        let help = did_you_mean(&key.text, outputs.keys().map(SmolStr::as_str));
                        self.report(
                            Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place.file, place.span, message)
                                .maybe_help(help),
                        );
                    }
                }
            }
        }
        let params = self.failure_params();
        let callee = Callee {
            kind: "state",
            name: "failed",
            params: &params,
            place: None,
            positional: false,
            owner: Owner::Local,
        };
        self.arguments(scope, &callee, &rest, given.span);
    }

    fn failure_params(&self) -> Params<'s> {
        let place = crate::declare::Place { file: crate::FileId(0), span: Span::default() };
        let kind = Ty::Enum(self.program.builtins.error_kind);
        [("kind", kind), ("message", Ty::String), ("exit_code", Ty::Int), ("traceback", Ty::String)]
            .into_iter()
            .map(|(name, ty)| {
                let name = SmolStr::new_static(name);
                (name.clone(), ParamDef { name, ty: ty.optional(), place, at: 0, ast: None })
            })
            .collect()
    }

    fn no_arguments(&mut self, scope: &Scope<'_, '_>, args: Option<&[Arg]>, span: Span) {
        if args.is_some_and(|args| !args.is_empty()) {
            self.error_at(diagnostics::BAD_TEST, scope.place(span), "this state has nothing in brackets");
        }
    }

    fn given_hook(&mut self, scope: &mut Scope<'_, 's>, given: &Given, hook: &plan::Hook) {
        if !self.state(scope, given.state.as_ref(), &["succeeded", "failed"]) {
            return;
        }
        let Some(id) = self.hook_component(hook) else {
            let message = format!("hook `{}` runs no component", hook.name);
            self.error_at(diagnostics::BAD_TEST, scope.place(given.subject.span), message);
            return;
        };
        let args = given.args.as_deref().unwrap_or_default();
        if given.state.as_ref().is_some_and(|state| state.text == "succeeded") {
            let outputs = &self.program.component(id).outputs;
            let callee = hook::outputs_callee("hook", &hook.name, outputs);
            self.arguments(scope, &callee, args, given.span);
        } else {
            let none = Params::default();
            self.given_failure(scope, given, args, &none);
        }
    }

    /// The component that a hook runs.
    fn hook_component(&self, hook: &plan::Hook) -> Option<ComponentId> {
        let key = hook.component.as_ref()?;
        let ids = (0..self.program.components.len()).map(|index| ComponentId(u32::try_from(index).unwrap_or(u32::MAX)));
        ids.into_iter().find(|id| self.key(Symbol::Component(*id)) == *key)
    }

    fn given_tool(&mut self, scope: &mut Scope<'_, 's>, given: &Given, tool: &ToolEvent, runs: Runs) {
        let Some(params) = self.tool_params(scope, tool, runs) else {
            return;
        };
        let callee = hook::outputs_callee("event", &tool.event.text, &params);
        self.arguments(scope, &callee, given.args.as_deref().unwrap_or_default(), given.span);
    }

    /// What a tool event carries; `None` where it cannot happen on this op, which is reported.
    fn tool_params(&mut self, scope: &Scope<'_, '_>, tool: &ToolEvent, runs: Runs) -> Option<Params<'s>> {
        let agent =
            matches!(runs, Runs::Component(id) if self.program.component(id).item.ast.kind == ComponentKind::Agent);
        let end = match tool.event.text.as_str() {
            "tool_start" => false,
            "tool_end" => true,
            other => {
                let message = format!("`{other}` is no event of a tool");
                self.error_at(diagnostics::BAD_TEST, scope.place(tool.event.span), message);
                return None;
            }
        };
        if !agent {
            self.error_at(diagnostics::BAD_TEST, scope.place(tool.event.span), "only agents call tools");
            return None;
        }
        let id = self.component_named(scope, tool.tool.as_ref()?)?;
        let def = self.program.component(id);
        Some(if end { def.outputs.clone() } else { def.inputs.clone() })
    }

    fn expectation(&mut self, scope: &mut Scope<'_, 's>, id: JobId, job: &plan::Job, expect: &Expect) {
        let Some(named) = self.subject(scope, id, job, &expect.subject) else {
            return;
        };
        let states: &[&str] = match (&named, &expect.tool) {
            (Named::Job, _) => &["succeeded", "failed", "stopped", "refused"],
            (Named::Previous, _) => {
                self.error_at(
                    diagnostics::BAD_TEST,
                    scope.place(expect.subject.span),
                    "the run before is given, not expected",
                );
                return;
            }
            (Named::Op(_), Some(_)) => &["refused", "modified"],
            (Named::Op(_), None) => OP_OUTCOMES,
            (Named::Hook(_), _) => HOOK_OUTCOMES,
        };
        if !self.state(scope, expect.outcome.as_ref(), states) {
            return;
        }
        if let Some(message) = &expect.message {
            self.expect(scope, message, &Ty::String);
        }
        let Some(args) = &expect.args else { return };
        let wanted = match &named {
            Named::Hook(hook) => self.hook_component(hook).map(|id| self.program.component(id).inputs.clone()),
            Named::Op(op) => match (self.op_runs(id, &op.name), &expect.tool) {
                (Some(runs), Some(tool)) => self.tool_params(scope, tool, runs),
                (Some(runs), None) => {
                    let (inputs, outputs) = self.signature(runs);
                    Some(inputs.iter().chain(outputs).map(|(name, param)| (name.clone(), param.clone())).collect())
                }
                _ => None,
            },
            _ => None,
        };
        let Some(wanted) = wanted else {
            self.no_arguments(scope, Some(args), expect.span);
            return;
        };
        self.some_arguments(scope, &wanted, args);
    }

    /// Values that are compared: each names one of the parameters; none has to be there.
    fn some_arguments(&mut self, scope: &mut Scope<'_, 's>, params: &Params<'s>, args: &[Arg]) {
        for arg in args {
            let Some(label) = &arg.label else {
                self.error_at(
                    diagnostics::UNNAMED_ARGUMENT,
                    scope.place(arg.span),
                    "the values that are expected are named",
                );
                continue;
            };
            match params.get(&label.text) {
                Some(param) => {
                    let ty = param.ty.clone();
                    self.expect(scope, &arg.value, &ty);
                }
                None => {
                    let place = scope.place(label.span);
                    let message = format!("there is no `{}` to compare", label.text);
                    let help = did_you_mean(&label.text, params.keys().map(SmolStr::as_str));
                    self.report(
                        Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place.file, place.span, message)
                            .maybe_help(help),
                    );
                }
            }
        }
    }
}

fn place_of(plan::Span(file, start, end): plan::Span) -> Place {
    Place { file: crate::FileId(file), span: Span::new(start, end) }
}

fn is_named(ident: Option<&Ident>, name: &str) -> bool {
    ident.is_some_and(|ident| ident.text == name)
}

/// Whether it is an error that stands in this range.
fn is_error_in(diagnostic: &Diagnostic, file: crate::FileId, span: Span) -> bool {
    let label = &diagnostic.primary;
    let inside = label.file == file && span.start <= label.span.start && label.span.end <= span.end;
    inside && diagnostic.severity == crate::Severity::Error
}
