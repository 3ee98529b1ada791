//! `test` blocks: the names and types of what is given and expected.
//!
//! The test runner decides whether a given outcome is reached in the job. Everything that is known without running the test
//! is reported here: a line that repeats another, an item that does not exist, an answer to a call that was not made.

mod expect;
mod given;
mod plan_lines;
mod script;
mod subject;

use std::collections::BTreeMap;

use hookc_grammar::ast::{ExprKind, Ident, Test, TestEntry};
use hookc_plan as plan;
use hookc_plan::trace::Source;
use smol_str::SmolStr;

use crate::check::jobs::job_scope::Runs;
use crate::check::{Checker, Env, Kept, Scope};
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ids::JobId;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use given::Said;

/// The final states of a job.
const JOB_STATES: &[&str] = &["succeeded", "failed", "stopped"];

/// The jobs that tests speak of.
type JobPlans = BTreeMap<JobId, Kept<plan::Job>>;
/// Checked tests, by their index in the program.
pub(crate) type TestLines = BTreeMap<usize, Kept<plan::test::Test>>;

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

    /// Checks all tests, and returns them in the form in which they are run, by their index in the program.
    pub(crate) fn check_tests(&mut self, plans: &JobPlans) -> TestLines {
        let program = self.program;
        let mut titles: Vec<(crate::FileId, &str)> = Vec::new();
        let mut lines = TestLines::new();
        for (index, test) in program.tests.iter().enumerate() {
            if !self.is_own(test.file) {
                continue;
            }
            let scope = Scope::new(test.file, test.at, Env::Plain);
            if let Some(title) = &test.ast.title {
                let text =
                    self.constant_text(&scope, title, "the title of a test").and_then(|template| template.as_const());
                if let Some(text) = text {
                    if titles.contains(&(test.file, text)) {
                        let message = format!("test `{text}` is declared twice");
                        self.error_at(diagnostics::DUPLICATE_NAME, scope.place(title.span), message);
                    }
                    titles.push((test.file, text));
                }
            }
            let checked = self.naming(|checker| checker.check_test(test.file, test.at, test.ast, plans));
            if let Kept { value: Some(value), named } = checked {
                lines.insert(index, Kept { value, named });
            }
        }
        lines
    }

    fn check_test(
        &mut self,
        file: crate::FileId,
        at: u32,
        test: &'s Test,
        plans: &JobPlans,
    ) -> Option<plan::test::Test> {
        let mut scope = Scope::new(file, at, Env::Plain);
        if let Some(profile) = &test.profile {
            self.complete_symbols(scope.place(profile.span), &[Kind::Profile]);
            if let Some(symbol @ Symbol::Profile(_)) = self.program.lookup(file, &profile.text) {
                self.note_symbol(scope.place(profile.span), symbol);
            }
            self.check_profile_name(&scope, profile);
        }
        if let Some(source) = &test.source {
            let known = &self.program.enum_def(self.program.builtins.source).values;
            self.complete_words(scope.place(source.span), Kind::EnumValue, known.iter().map(SmolStr::as_str));
            if !known.contains(&source.text) {
                let place = scope.place(source.span);
                let message = format!("unknown source `{}`", source.text);
                let help = did_you_mean(&source.text, known.iter().map(SmolStr::as_str))
                    .unwrap_or_else(|| "available sources: `manual`, `schedule`, `webhook`, `watch`, `job`".to_owned());
                self.report(Diagnostic::new(diagnostics::BAD_TEST, place, message).help(help));
            }
        }
        let name = test.job.name.as_ref()?;
        let Some(id) = self.job_named(&scope, name) else {
            self.arguments_of_unknown(&mut scope, &test.job);
            return None;
        };
        let callee = self.callee(Runs::Job(id));
        let inputs = self.arguments(&mut scope, &callee, &test.job.args, name.span);
        let job = &plans.get(&id)?.value;
        let mut said = Said::default();
        let (mut given, mut expect) = (Vec::new(), Vec::new());
        for entry in &test.entries {
            match entry {
                TestEntry::Given(line) => given.extend(self.given(&mut scope, id, job, line, &mut said)),
                TestEntry::Expect(line) => expect.extend(self.expectation(&mut scope, id, job, line)),
            }
        }
        let source = test.source.as_ref().and_then(|word| Source::from_word(&word.text));
        Some(plan::test::Test {
            title: title_of(test),
            job: self.key(Symbol::Job(id)),
            inputs,
            profile: test.profile.as_ref().map(|name| name.text.clone()),
            source: source.unwrap_or(Source::Manual),
            given,
            expect,
            span: scope.plan_span(test.span),
        })
    }

    fn check_profile_name(&mut self, scope: &Scope<'_, '_>, name: &Ident) {
        if matches!(self.lookup(scope.file, &name.text), Some(Symbol::Profile(_))) {
            return;
        }
        let place = scope.place(name.span);
        let kinds = &[SymbolKind::Profile];
        if self.program.hides(&Wanted { name: &name.text, place, kinds, known: &[], is_value: false }) {
            return;
        }
        let names = &self.program.scope(scope.file).names;
        let mut fitting: Vec<&str> = names
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Profile(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        fitting.sort_unstable();
        let message = format!("unknown profile `{}`", name.text);
        let help = did_you_mean(&name.text, fitting);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_PROFILE, place, message).maybe_help(help));
    }

    /// Whether the word is one of the states. If not, it is reported.
    fn state(&mut self, scope: &Scope<'_, '_>, state: Option<&Ident>, states: &[&str]) -> bool {
        let Some(state) = state else { return false };
        self.complete_words(scope.place(state.span), Kind::Event, states.iter().copied());
        if states.contains(&state.text.as_str()) {
            return true;
        }
        let place = scope.place(state.span);
        let message = format!("`{}` is not allowed here", state.text);
        let help = did_you_mean(&state.text, states.iter().copied())
            .unwrap_or_else(|| format!("use one of `{}`", states.join("`, `")));
        self.report(Diagnostic::new(diagnostics::BAD_TEST, place, message).help(help));
        false
    }
}

fn title_of(test: &Test) -> String {
    let title = test.title.as_ref().and_then(|title| match &title.kind {
        ExprKind::Template(template) => template.as_const(),
        _ => None,
    });
    title.unwrap_or_default().to_owned()
}
