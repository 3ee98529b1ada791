//! The tests of a file, ready to run: names are resolved, constants are evaluated, and each test has the plan of its job.
//!
//! The program has no errors, so every name exists and every type matches. Connections are mocks that keep the values of
//! their fields, whatever the profile says. The test runner decides whether a given outcome is reached.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::test::Test;
use hookc_plan::{ConnectionValue, Plan};
use smol_str::SmolStr;

use super::{LowerOptions, Lowered, Lowering, lower_checked};
use crate::check::{Binding, Checker, KeptParts};
use crate::declare::{Program, len32};
use crate::diagnostics::Diagnostic;
use crate::ids::JobId;
use crate::sources::{FileId, Sources};
use crate::symbol::Symbol;

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
    for (number, test) in program.tests.iter().enumerate().filter(|(_, test)| test.file == options.file) {
        let profile = test.ast.profile.as_ref().map(|name| name.text.clone());
        groups.entry(profile).or_default().push(number);
    }
    let mut planned: Vec<(usize, PlannedTest)> = Vec::new();
    for (profile, numbers) in groups {
        planned.extend(group(checker, parts, options.file, profile, &numbers)?);
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
    numbers: &[usize],
) -> Result<Vec<(usize, PlannedTest)>, Vec<Diagnostic>> {
    checker.begin_plan();
    let mut lowered = Vec::new();
    let mut jobs: Vec<JobId> = Vec::new();
    for number in numbers {
        let job = checker.program.tests.get(*number).and_then(|test| checker.tested_job(test));
        let (Some(job), Some(kept)) = (job, parts.tests.get(number)) else {
            continue;
        };
        jobs.push(job);
        if let Some(job) = parts.jobs.get(&job) {
            checker.name_again(&job.named);
        }
        let test = checker.use_kept(kept.clone());
        lowered.push((*number, evaluated(checker, test)));
    }
    let problems = checker.take_reported();
    if !problems.is_empty() {
        return Err(problems);
    }
    jobs.sort_unstable();
    jobs.dedup();
    let plan = Arc::new(plan_of(checker, parts, file, profile, &jobs)?);
    Ok(lowered.into_iter().map(|(number, test)| (number, PlannedTest { test, plan: Arc::clone(&plan) })).collect())
}

/// A test with its values instead of the expressions for them. A failure is reported.
fn evaluated(checker: &mut Checker<'_, '_>, mut test: Test) -> Test {
    let given = test.given.iter_mut().flat_map(|given| given.error.iter_mut().chain(&mut given.values));
    let expected = test.expect.iter_mut().flat_map(|expect| {
        let args = expect.args.iter_mut().map(|arg| &mut arg.value);
        args.chain(&mut expect.message)
    });
    let values = test.inputs.iter_mut().chain(given).map(|arg| &mut arg.value);
    for value in values.chain(expected) {
        if let Some(constant) = checker.constant_of(value) {
            value.node = constant;
        }
    }
    test
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
