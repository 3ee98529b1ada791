//! The whole program: every declaration checked, once.

use crate::check::{Checker, KeptParts};
use crate::declare::{Declared, len32};
use crate::diagnostics::{self, Code, Diagnostic};
use crate::ids::{ComponentId, JobId, ProfileId};
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use hookc_grammar::ast::{Arg, ExprKind, Job, JobEntry, Trigger};

impl Checker<'_, '_> {
    /// Checks everything, or the items of the one file that is looked at.
    pub(crate) fn check_all(&mut self) {
        self.check_and_keep(None);
    }

    /// Checks everything; what the plan of `wanted` jobs needs is kept. Without a plan, jobs that tests speak of are kept
    /// until the tests are checked; the rest is dropped at once.
    pub(crate) fn check_and_keep(&mut self, wanted: Option<&[JobId]>) -> KeptParts {
        let mut kept = KeptParts::default();
        self.keep = wanted.is_some();
        self.check_records();
        self.check_values();
        self.check_conditions();
        self.check_components(&mut kept);
        self.keep = false;
        self.check_reusable_hooks();
        self.check_recursion();
        self.check_restarts();
        self.check_jobs(wanted, &mut kept);
        for (file, _) in self.program.sources.iter() {
            if !self.program.jobs.iter().any(|job| job.item.file == file) {
                self.check_each_jobs_alone(file);
            }
        }
        for id in (0..len32(&self.program.profiles)).map(ProfileId) {
            let binding = self.naming(|checker| checker.profile(id));
            self.check_mocks(id, &binding.value);
            kept.bindings.insert(id, binding);
        }
        kept.tests = self.check_tests(&kept.jobs);
        self.check_unused();
        self.lint_unused_items();
        kept
    }

    fn check_components(&mut self, kept: &mut KeptParts) {
        for id in (0..len32(&self.program.components)).map(ComponentId) {
            if !self.is_own(self.program.component(id).item.file) {
                continue;
            }
            let component = self.naming(|checker| checker.component(id));
            if self.keep {
                kept.components.insert(id, component);
            }
        }
    }

    fn check_jobs(&mut self, wanted: Option<&[JobId]>, kept: &mut KeptParts) {
        let tests = self.program.tests.iter().filter(|test| self.is_own(test.file));
        let tested: Vec<JobId> = tests.filter_map(|test| self.tested_job(test)).collect();
        for id in (0..len32(&self.program.jobs)).map(JobId) {
            let file = self.program.job(id).item.file;
            self.keep = tested.contains(&id) || wanted.is_some_and(|wanted| wanted.contains(&id));
            if !self.keep && !self.is_own(file) {
                continue;
            }
            self.job_file = Some(file).filter(|_| !self.program.profiles.is_empty());
            let job = self.naming(|checker| checker.job(id));
            if self.keep {
                kept.jobs.insert(id, job);
            }
        }
        self.job_file = None;
    }

    /// Whether this check includes the items of the file.
    pub(crate) fn is_own(&self, file: FileId) -> bool {
        self.own.is_none_or(|own| own == file)
    }

    /// The jobs that a job runs as ops.
    fn called_jobs(&self, id: JobId) -> Vec<JobId> {
        let item = &self.program.job(id).item;
        let called = item.ast.entries.iter().filter_map(|entry| match entry.node.as_ref() {
            JobEntry::Op(op) => op.call.name.as_ref(),
            _ => None,
        });
        let jobs = called.filter_map(|name| match self.program.lookup(item.file, &name.text) {
            Some(Symbol::Job(job)) => Some(job),
            _ => None,
        });
        jobs.collect()
    }

    /// Reports jobs that call each other in a cycle, once for each cycle.
    fn check_recursion(&mut self) {
        let calls: Vec<Vec<usize>> = (0..len32(&self.program.jobs))
            .map(|index| self.called_jobs(JobId(index)).into_iter().map(|job| job.0 as usize).collect())
            .collect();
        for circle in circles(&calls) {
            self.report_recursion(&circle);
        }
    }

    fn report_recursion(&mut self, circle: &[usize]) {
        let Some(place) = circle.first().and_then(|job| self.program.jobs.get(*job)).map(|job| job.item.place) else {
            return;
        };
        let message = format!("jobs call each other in a cycle: {}", self.cycle_text(circle));
        self.error_at(diagnostics::JOB_RECURSION, place, message);
    }

    /// "`a` -> `b` -> `a`"
    fn cycle_text(&self, circle: &[usize]) -> String {
        let names: Vec<String> = circle.iter().chain(circle.first()).map(|job| self.name_in(*job)).collect();
        names.join(" -> ")
    }

    fn name_in(&self, job: usize) -> String {
        self.program.jobs.get(job).map(|job| format!("`{}`", job.item.name)).unwrap_or_default()
    }

    /// Reports jobs that start each other, or themselves, through `after`: one run would lead to the next without end.
    fn check_restarts(&mut self) {
        let starts: Vec<Vec<Start>> = self.program.jobs.iter().map(|job| self.starts(&job.item)).collect();
        let edges = |with_conditions: bool| -> Vec<Vec<usize>> {
            let counts = |start: &&Start| with_conditions || !start.is_conditional;
            starts.iter().map(|starts| starts.iter().filter(counts).map(|start| start.after).collect()).collect()
        };
        for circle in circles(&edges(false)) {
            self.report_restart(&starts, &circle, diagnostics::ENDLESS_RESTART);
        }
        let is_always = |from: usize, to: usize| {
            starts.get(from).is_some_and(|starts| starts.iter().any(|start| start.after == to && !start.is_conditional))
        };
        for circle in circles(&edges(true)) {
            let next = circle.iter().cycle().skip(1);
            if !circle.iter().zip(next).all(|(from, to)| is_always(*from, *to)) {
                self.report_restart(&starts, &circle, diagnostics::CONDITIONAL_RESTART);
            }
        }
    }

    fn report_restart(&mut self, starts: &[Vec<Start>], circle: &[usize], code: Code) {
        let (Some(first), Some(next)) = (circle.first(), circle.get(1).or(circle.first())) else { return };
        let start = starts.get(*first).and_then(|starts| starts.iter().find(|start| start.after == *next));
        let Some(start) = start else { return };
        let until = if code == diagnostics::ENDLESS_RESTART { "without end" } else { "as long as a condition holds" };
        let message = match circle.len() {
            1 => format!("job {} starts itself {until}", self.name_in(*first)),
            _ => format!("jobs start each other {until}: {}", self.cycle_text(circle)),
        };
        let diagnostic = Diagnostic::new(code, start.place, message);
        self.report(diagnostic.help("remove a trigger, or use `retry` to run a failed op again"));
    }

    /// The jobs whose end starts this job.
    fn starts(&self, job: &Declared<'_, Job>) -> Vec<Start> {
        let triggers = job.ast.entries.iter().filter_map(|entry| match entry.node.as_ref() {
            JobEntry::Trigger(trigger) => Some((trigger, job.at + entry.at)),
            _ => None,
        });
        let start = |(trigger, at): (&Trigger, u32)| {
            let call = trigger.call.name.as_ref().filter(|name| name.text == "after")?;
            let is_job = |arg: &&Arg| arg.label.as_ref().is_none_or(|label| label.text == "job");
            let ExprKind::Name(name) = &trigger.call.args.iter().find(is_job)?.value.kind else { return None };
            let Symbol::Job(after) = self.program.lookup(job.file, name)? else { return None };
            let place = Place::new(job.file, call.span.to(trigger.call.span).shifted(at));
            Some(Start { after: after.0 as usize, place, is_conditional: trigger.when.is_some() })
        };
        triggers.filter_map(start).collect()
    }

    /// Whether any job calls itself, at any distance: such a program has no plan.
    pub(crate) fn reachable_jobs(&self, first: &[JobId]) -> Vec<JobId> {
        let mut found: Vec<JobId> = Vec::new();
        let mut open = first.to_vec();
        while let Some(id) = open.pop() {
            if !found.contains(&id) {
                found.push(id);
                open.extend(self.called_jobs(id));
            }
        }
        found.sort_unstable();
        found
    }
}

/// A trigger that starts a job when another has ended.
struct Start {
    after: usize,
    place: Place,
    /// Whether a `when` decides.
    is_conditional: bool,
}

/// The cycles of a graph, each once, from its first node.
fn circles(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut done = vec![false; next.len()];
    for start in 0..next.len() {
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, index)) = path.last().copied() {
            let is_done = done.get(node).copied().unwrap_or(true);
            let Some(target) = next.get(node).and_then(|next| next.get(index)).filter(|_| !is_done) else {
                if let Some(slot) = done.get_mut(node) {
                    *slot = true;
                }
                path.pop();
                continue;
            };
            if let Some(top) = path.last_mut() {
                top.1 += 1;
            }
            match path.iter().position(|(node, _)| node == target) {
                Some(position) => found.push(path.iter().skip(position).map(|(node, _)| *node).collect()),
                None => path.push((*target, 0)),
            }
        }
    }
    found
}
