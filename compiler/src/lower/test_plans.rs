//! The tests of a file, ready to run: names are resolved, constants are evaluated, and each test has the plan of its job.
//!
//! The program has no errors, so every name exists and every type matches. Connections are mocks that keep the values of
//! their fields, whatever the profile says. The test runner decides whether a given outcome is reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_grammar::ast;
use hookc_plan as plan;
use hookc_plan::test::{AgentEvent, Expect, Given, GivenState, Outcome, Subject, Test};
use hookc_plan::trace::Source;
use hookc_plan::{ConnectionValue, Plan};
use smol_str::SmolStr;

use super::{LowerOptions, Lowered, Lowering, lower_checked};
use crate::check::{Binding, Checker, Env, KeptParts, Scope};
use crate::declare::{Declared, Params, Program, len32};
use crate::diagnostics::Diagnostic;
use crate::ids::{ComponentId, JobId};
use crate::sources::{FileId, Sources};
use crate::symbol::Symbol;
use crate::ty::Ty;

/// Which tests to lower.
#[derive(Clone, Copy, Debug)]
pub struct TestOptions {
    /// The file of the tests.
    pub file: FileId,
    /// Whether to add the plan of all jobs of the file, for the coverage of jobs without a test.
    pub every_job: bool,
}

/// A test and the plan of its job.
#[derive(Clone, Debug)]
pub struct PlannedTest {
    /// The test.
    pub test: Test,
    /// The plan, which all tests of a profile share.
    pub plan: Arc<Plan>,
}

/// The tests of a file.
#[derive(Clone, Debug)]
pub struct TestFile {
    /// In source order.
    pub tests: Vec<PlannedTest>,
    /// The plan of all jobs that are declared in the file, if it was requested and there are jobs.
    pub jobs: Option<Arc<Plan>>,
}

/// Checks every file of `sources`, and lowers the tests of one file.
pub fn check_and_lower_tests(sources: &Sources, options: TestOptions) -> Lowered<TestFile> {
    lower_checked(
        sources,
        options.file,
        |program| wanted_jobs(program, options),
        |checker, parts| test_file(checker, &parts, options),
    )
}

/// The jobs of the plans: those that tests speak of, and all of the file where these are wanted.
fn wanted_jobs(program: &Program<'_>, options: TestOptions) -> Vec<JobId> {
    let tested = program.tests.iter().filter(|test| test.file == options.file).filter_map(|test| {
        match program.lookup(test.file, &test.ast.job.name.as_ref()?.text) {
            Some(Symbol::Job(id)) => Some(id),
            _ => None,
        }
    });
    let own = own_jobs(program, options.file).into_iter().filter(|_| options.every_job);
    tested.chain(own).collect()
}

fn own_jobs(program: &Program<'_>, file: FileId) -> Vec<JobId> {
    (0..len32(&program.jobs)).map(JobId).filter(|id| program.job(*id).item.file == file).collect()
}

fn test_file(
    checker: &mut Checker<'_, '_>,
    parts: &KeptParts,
    options: TestOptions,
) -> Result<TestFile, Vec<Diagnostic>> {
    let program = checker.program;
    let mut groups: BTreeMap<Option<SmolStr>, Vec<usize>> = BTreeMap::new();
    let tests: Vec<&Declared<'_, ast::Test>> = program.tests.iter().filter(|test| test.file == options.file).collect();
    for (number, test) in tests.iter().enumerate() {
        let profile = test.ast.profile.as_ref().map(|name| name.text.clone());
        groups.entry(profile).or_default().push(number);
    }
    let mut planned: Vec<(usize, PlannedTest)> = Vec::new();
    for (profile, numbers) in groups {
        let wanted: Vec<_> = numbers.iter().filter_map(|number| tests.get(*number).copied()).collect();
        let played = group(checker, parts, options.file, profile, &wanted)?;
        planned.extend(numbers.into_iter().zip(played));
    }
    planned.sort_by_key(|(number, _)| *number);
    let jobs = own_jobs(program, options.file);
    let jobs = if options.every_job && !jobs.is_empty() {
        checker.begin_plan();
        Some(Arc::new(plan_of(checker, parts, options.file, None, &jobs)?))
    } else {
        None
    };
    Ok(TestFile { tests: planned.into_iter().map(|(_, test)| test).collect(), jobs })
}

/// The tests of one profile, with the plan that they share.
fn group(
    checker: &mut Checker<'_, '_>,
    parts: &KeptParts,
    file: FileId,
    profile: Option<SmolStr>,
    tests: &[&Declared<'_, ast::Test>],
) -> Result<Vec<PlannedTest>, Vec<Diagnostic>> {
    checker.begin_plan();
    let mut lowering = Tests::new(checker, parts);
    let mut lowered = Vec::new();
    let mut jobs: Vec<JobId> = Vec::new();
    for test in tests {
        let Some(job) = lowering.checker.tested_job(test) else {
            continue;
        };
        jobs.push(job);
        lowered.push(lowering.test(test, job));
    }
    let problems = checker.take_reported();
    if !problems.is_empty() {
        return Err(problems);
    }
    jobs.sort_unstable();
    jobs.dedup();
    let plan = Arc::new(plan_of(checker, parts, file, profile, &jobs)?);
    Ok(lowered.into_iter().map(|test| PlannedTest { test, plan: Arc::clone(&plan) }).collect())
}

/// A plan to be played: mocks have the plain fields of their connections.
fn plan_of(
    checker: &mut Checker<'_, '_>,
    parts: &KeptParts,
    file: FileId,
    profile: Option<SmolStr>,
    jobs: &[JobId],
) -> Result<Plan, Vec<Diagnostic>> {
    let options = LowerOptions { file, job: None, profile: profile.map(|name| name.to_string()) };
    let mut lowering = Lowering { checker, options: &options, parts: parts.clone() };
    let profile = lowering.profile()?;
    let mut binding: Binding = profile.as_ref().map(|(_, id)| lowering.binding(*id)).unwrap_or_default();
    for value in binding.connections.values_mut() {
        if let ConnectionValue::Mock(mock) = value {
            *value = ConnectionValue::Fields(std::mem::take(&mut mock.fields));
        }
    }
    lowering.assemble(jobs, profile.map(|(name, _)| name), &binding)
}

/// Lowers test blocks.
struct Tests<'c, 'p, 's> {
    checker: &'c mut Checker<'p, 's>,
    components: BTreeMap<SmolStr, ComponentId>,
    jobs: BTreeMap<SmolStr, JobId>,
    /// The checked jobs.
    parts: &'c KeptParts,
}

impl<'c, 'p, 's> Tests<'c, 'p, 's> {
    fn new(checker: &'c mut Checker<'p, 's>, parts: &'c KeptParts) -> Tests<'c, 'p, 's> {
        let components = (0..len32(&checker.program.components)).map(ComponentId);
        let components = components.map(|id| (checker.key(Symbol::Component(id)), id)).collect();
        let jobs = (0..len32(&checker.program.jobs)).map(JobId);
        let jobs = jobs.map(|id| (checker.key(Symbol::Job(id)), id)).collect();
        Tests { checker, components, jobs, parts }
    }

    fn test(&mut self, test: &Declared<'_, ast::Test>, id: JobId) -> Test {
        if let Some(job) = self.parts.jobs.get(&id) {
            self.checker.name_again(&job.named);
        }
        let mut scope = Scope::new(test.file, test.at, Env::Plain);
        let title = test.ast.title.as_ref().and_then(|title| match &title.kind {
            ast::ExprKind::Template(template) => template.as_const().map(str::to_owned),
            _ => None,
        });
        let (mut given, mut expect) = (Vec::new(), Vec::new());
        for entry in &test.ast.entries {
            match entry {
                ast::TestEntry::Given(entry) => given.extend(self.given(&mut scope, id, entry)),
                ast::TestEntry::Expect(entry) => expect.extend(self.expectation(&mut scope, id, entry)),
            }
        }
        let call = &test.ast.job;
        let params = &self.checker.program.job(id).inputs;
        let span = scope.plan_span(call.span);
        let inputs = self.completed(&mut scope, params, &call.args, span);
        let source = test.ast.source.as_ref().and_then(|word| Source::from_word(&word.text));
        Test {
            title: title.unwrap_or_default(),
            job: self.checker.key(Symbol::Job(id)),
            inputs,
            profile: test.ast.profile.as_ref().map(|name| name.text.clone()),
            source: source.unwrap_or(Source::Manual),
            given,
            expect,
            span: scope.plan_span(test.ast.span),
        }
    }

    /// Every parameter once: given, or its default.
    fn completed(
        &mut self,
        scope: &mut Scope<'_, '_>,
        params: &Params<'_>,
        args: &[ast::Arg],
        span: plan::Span,
    ) -> Vec<plan::Arg> {
        let mut values = self.values(scope, params, args);
        for param in params.values() {
            if values.iter().any(|arg| arg.name == param.name) {
                continue;
            }
            let value = self.checker.default_of(param, span);
            values.extend(value.map(|value| plan::Arg { name: param.name.clone(), value }));
        }
        values
    }

    /// The arguments that have a parameter, as constants of its type.
    fn values(&mut self, scope: &mut Scope<'_, '_>, params: &Params<'_>, args: &[ast::Arg]) -> Vec<plan::Arg> {
        let mut values = Vec::new();
        for arg in args {
            let Some(param) = arg.label.as_ref().and_then(|label| params.get(&label.text)) else {
                continue;
            };
            values.extend(self.value(scope, &param.name, &param.ty, &arg.value));
        }
        values
    }

    fn value(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, ty: &Ty, value: &ast::Expr) -> Option<plan::Arg> {
        let typed = self.checker.expect(scope, value, ty);
        let typed = self.checker.evaluated(typed, scope.place(value.span))?;
        Some(plan::Arg { name: name.clone(), value: *typed.expr })
    }

    fn subject(&self, id: JobId, subject: &ast::Subject) -> Option<Subject> {
        let first = &subject.path.first()?.text;
        let item = subject.index.map(|(number, _)| number);
        if let Some(hook) = subject.path.get(1) {
            return Some(Subject::Hook { op: Some(first.clone()), item, hook: hook.text.clone() });
        }
        let is_op = self.op(id, first).is_some();
        Some(match first.as_str() {
            "job" => Subject::Job,
            "previous" => Subject::Previous,
            _ if is_op => Subject::Op { op: first.clone(), item },
            _ => Subject::Hook { op: None, item, hook: first.clone() },
        })
    }

    fn op(&self, id: JobId, name: &str) -> Option<&plan::Op> {
        self.parts.jobs.get(&id)?.value.ops.iter().find(|op| op.name == name)
    }

    fn hook(&self, id: JobId, op: Option<&SmolStr>, name: &str) -> Option<&plan::Hook> {
        let hooks = match op {
            Some(op) => &self.op(id, op)?.hooks,
            None => &self.parts.jobs.get(&id)?.value.hooks,
        };
        hooks.iter().find(|hook| hook.name == name)
    }

    /// The inputs and outputs of the component or job that a subject runs.
    fn signature(&self, id: JobId, subject: &Subject) -> Option<(&'p Params<'s>, &'p Params<'s>)> {
        let program = self.checker.program;
        let component = match subject {
            Subject::Op { op, .. } => match &self.op(id, op)?.runs {
                plan::Runs::Component(key) => key,
                plan::Runs::Job(key) => {
                    let job = program.job(*self.jobs.get(key)?);
                    return Some((&job.inputs, &job.outputs));
                }
            },
            Subject::Hook { op, hook, .. } => self.hook(id, op.as_ref(), hook)?.component.as_ref()?,
            Subject::Job | Subject::Previous => return None,
        };
        let component = program.component(*self.components.get(component)?);
        Some((&component.inputs, &component.outputs))
    }

    fn event(&self, scope: &Scope<'_, '_>, event: &ast::AgentEvent) -> Option<(AgentEvent, Option<ComponentId>)> {
        let found = event.tool.as_ref().and_then(|name| match self.checker.program.lookup(scope.file, &name.text) {
            Some(Symbol::Component(id)) => Some(id),
            _ => None,
        });
        let event = AgentEvent {
            event: plan::Event::from_word(&event.word.text)?,
            tool: found.map(|id| self.checker.key(Symbol::Component(id))),
        };
        Some((event, found))
    }

    /// The values of an agent's event, with every input of a call once.
    fn carried(
        &mut self,
        scope: &mut Scope<'_, '_>,
        (event, tool): (plan::Event, Option<ComponentId>),
        args: &[ast::Arg],
        span: plan::Span,
    ) -> Vec<plan::Arg> {
        let program = self.checker.program;
        match (event, tool) {
            (plan::Event::ToolEnd, Some(tool)) => self.values(scope, &program.component(tool).outputs, args),
            (_, Some(tool)) => self.completed(scope, &program.component(tool).inputs, args, span),
            (_, None) => {
                let types = [("number", Ty::Int), ("text", Ty::String)];
                self.named(scope, args, &types)
            }
        }
    }

    fn given(&mut self, scope: &mut Scope<'_, '_>, id: JobId, given: &ast::Given) -> Option<Given> {
        let subject = self.subject(id, &given.subject)?;
        let state = given.state.as_ref().and_then(|state| GivenState::from_word(&state.text));
        let args = given.args.as_deref().unwrap_or_default();
        let outputs = self.signature(id, &subject).map(|(_, outputs)| outputs);
        let (mut error, mut values) = (Vec::new(), Vec::new());
        let event = given.event.as_ref().and_then(|event| self.event(scope, event));
        let span = scope.plan_span(given.span);
        match (&event, state, outputs) {
            (Some((event, tool)), _, _) => values = self.carried(scope, (event.event, *tool), args, span),
            (None, Some(GivenState::Failed), outputs) => {
                error = self.error(scope, args);
                if let Some(outputs) = outputs {
                    values = self.failed_outputs(scope, outputs, args);
                }
            }
            (None, _, Some(outputs)) => values = self.values(scope, outputs, args),
            (None, _, None) => {}
        }
        Some(Given {
            subject,
            retrying: given.retrying.map(|(times, _)| times),
            event: event.map(|(event, _)| event),
            state,
            error,
            values,
            span,
        })
    }

    /// `kind: …, message: …, exit_code: …, traceback: …`
    fn error(&mut self, scope: &mut Scope<'_, '_>, args: &[ast::Arg]) -> Vec<plan::Arg> {
        let kind = Ty::Enum(self.checker.program.builtins.error_kind);
        let types = [("kind", kind), ("message", Ty::String), ("traceback", Ty::String), ("exit_code", Ty::Int)];
        self.named(scope, args, &types)
    }

    /// Optional values by name.
    fn named(&mut self, scope: &mut Scope<'_, '_>, args: &[ast::Arg], types: &[(&str, Ty)]) -> Vec<plan::Arg> {
        let mut values = Vec::new();
        for arg in args {
            let Some(label) = &arg.label else { continue };
            if let Some((_, ty)) = types.iter().find(|(name, _)| *name == label.text) {
                values.extend(self.value(scope, &label.text, &ty.clone().optional(), &arg.value));
            }
        }
        values
    }

    /// `outputs: { … }`
    fn failed_outputs(&mut self, scope: &mut Scope<'_, '_>, outputs: &Params<'_>, args: &[ast::Arg]) -> Vec<plan::Arg> {
        let is_outputs = |arg: &&ast::Arg| arg.label.as_ref().is_some_and(|label| label.text == "outputs");
        let mut values = Vec::new();
        for arg in args.iter().filter(is_outputs) {
            let ast::ExprKind::Braces(fields) = &arg.value.kind else {
                continue;
            };
            for field in fields {
                let ast::Key::Word(key) = &field.key else { continue };
                if let Some(param) = outputs.get(&key.text) {
                    values.extend(self.value(scope, &param.name, &param.ty, &field.value));
                }
            }
        }
        values
    }

    fn expectation(&mut self, scope: &mut Scope<'_, '_>, id: JobId, expect: &ast::Expect) -> Option<Expect> {
        let subject = self.subject(id, &expect.subject)?;
        let event = expect.event.as_ref().and_then(|event| self.event(scope, event));
        let args = expect.args.as_deref().unwrap_or_default();
        let values = match (&event, &subject) {
            (Some((event, tool)), _) => match tool.map(|tool| self.checker.program.component(tool)) {
                Some(tool) if event.event == plan::Event::ToolEnd => self.values(scope, &tool.outputs, args),
                Some(tool) => self.values(scope, &tool.inputs, args),
                None => Vec::new(),
            },
            (None, subject) => match self.signature(id, subject) {
                // An output takes precedence over an input with the same name, as in the check.
                Some((inputs, outputs)) if matches!(subject, Subject::Op { .. }) => {
                    self.values(scope, &inputs.with(outputs), args)
                }
                Some((inputs, _)) => self.values(scope, inputs, args),
                None => Vec::new(),
            },
        };
        let message = expect.message.as_ref().and_then(|message| {
            let name = SmolStr::new_static("message");
            self.value(scope, &name, &Ty::String, message)
        });
        Some(Expect {
            subject,
            event: event.map(|(event, _)| event),
            not: expect.not,
            outcome: Outcome::from_word(&expect.outcome.as_ref()?.text)?,
            message: message.map(|message| message.value),
            args: values,
            span: scope.plan_span(expect.span),
        })
    }
}
