//! Programs that the checker accepts have no type, null or undefined error at run time, in whatever way they run.

mod judge;
mod mutants;
mod program;
mod shrink;
mod world;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use hookc_compiler::{Diagnostic, FileId, LoadError, Loader, LowerOptions, Project, Sources};
use hookc_plan::Plan;

use crate::generator::rng::Rng;
use judge::Judge;
use program::Program;
use world::World;

/// The runs of each program.
const RUNS: usize = 10;
/// How often expressions are written more carefully before a program is given up.
const PATIENCE: usize = 10;

struct One<'t>(&'t str);

impl Loader for One<'_> {
    fn read(&mut self, _: &str) -> Result<Arc<str>, LoadError> {
        Ok(Arc::from(self.0))
    }
}

/// The plan of a program under a profile, or what is wrong with it.
pub(crate) fn lowered(text: &str, profile: Option<&str>) -> Result<Plan, Vec<Diagnostic>> {
    let sources = Sources::load(&["main.hook".to_owned()], Project::default(), &mut One(text));
    let options = LowerOptions { file: FileId(0), job: None, profile: profile.map(str::to_owned) };
    hookc_compiler::check_and_lower(&sources, &options).result
}

/// The plan of a program, after what the checker refuses is written carefully.
fn accepted(program: &mut Program) -> Result<Plan, String> {
    for _ in 0..PATIENCE {
        let (text, sites) = program.text();
        let diagnostics = match lowered(&text, program.profile) {
            Ok(plan) => return Ok(plan),
            Err(diagnostics) => diagnostics,
        };
        let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
        let mut written = BTreeSet::new();
        let changed = errors.iter().filter(|error| rewrite(program, error, &sites, &mut written)).count();
        if changed == 0 {
            let told: Vec<_> = errors
                .iter()
                .map(|error| {
                    let span = error.span().start as usize..error.span().end as usize;
                    format!("{} {}: {:?}", error.code.id, error.message, text.get(span))
                })
                .collect();
            return Err(told.join("\n"));
        }
    }
    Err("not accepted in time".to_owned())
}

/// Writes what an error speaks of more carefully: the expression it stands in, or else one that it points at.
fn rewrite(program: &mut Program, error: &Diagnostic, sites: &[Range<usize>], written: &mut BTreeSet<usize>) -> bool {
    let labels = std::iter::once(&error.primary).chain(&error.labels);
    labels.into_iter().any(|label| {
        let start = label.place.span.start as usize;
        let site = sites.iter().position(|site| site.contains(&start));
        site.is_some_and(|site| written.contains(&site) || program.make_careful(site) && written.insert(site))
    })
}

/// What is found in random runs of all jobs.
fn faults(plan: &Plan, seed: u64) -> Judge {
    let mut judge = Judge::default();
    let mut rng = Rng::new(seed ^ 0x4a4a_0000_0000);
    for _ in 0..RUNS {
        plan.jobs.values().for_each(|job| World::new(plan, job, &mut rng, &mut judge).play());
    }
    judge
}

#[test]
fn accepted_programs_never_meet_a_type_or_null_error() {
    let total = crate::programs(200);
    let (given_up, evaluated, errors) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let (failures, reasons) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    crate::for_each_seed(total, |seed| {
        let mut rng = Rng::new(seed ^ 0x5041_0000_0000);
        let mut program = program::program(&mut rng);
        let plan = match accepted(&mut program) {
            Ok(plan) => plan,
            Err(reason) => {
                given_up.fetch_add(1, Ordering::Relaxed);
                reasons.lock().unwrap().push(format!("seed {seed}: {reason}"));
                return;
            }
        };
        let judge = faults(&plan, seed);
        evaluated.fetch_add(judge.evaluated, Ordering::Relaxed);
        errors.fetch_add(judge.errors, Ordering::Relaxed);
        if !judge.faults.is_empty() {
            let (text, fault) = shrink::shrunk(program, seed);
            failures.lock().unwrap().push((text.len(), format!("seed {seed}: {fault}\n{text}")));
        }
    });
    crate::expressions::report(failures.into_inner().unwrap());
    let (given_up, evaluated, errors) = (given_up.into_inner(), evaluated.into_inner(), errors.into_inner());
    let reasons = reasons.into_inner().unwrap();
    assert!(given_up * 20 < total.max(40), "{given_up} of {total} given up, as\n{}", shown(reasons));
    assert!(errors * 2 < evaluated.max(1), "{errors} errors in {evaluated} evaluations");
}

/// Some of the reasons.
fn shown(mut reasons: Vec<String>) -> String {
    reasons.sort();
    let step = reasons.len() / 12 + 1;
    reasons.into_iter().step_by(step).collect::<Vec<_>>().join("\n")
}
