//! The whole program: every declaration checked, once.

use crate::check::{Checker, KeptParts};
use crate::declare::len32;
use crate::diagnostics;
use crate::ids::{ComponentId, JobId, ProfileId};
use crate::sources::FileId;
use crate::symbol::Symbol;
use hookc_grammar::ast::JobEntry;

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
        let count = self.program.jobs.len();
        let calls: Vec<Vec<JobId>> =
            (0..len32(&self.program.jobs)).map(|index| self.called_jobs(JobId(index))).collect();
        let mut done = vec![false; count];
        for start in 0..count {
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((job, next)) = path.last().copied() {
                let Some(called) = calls
                    .get(job)
                    .and_then(|calls| calls.get(next))
                    .filter(|_| !done.get(job).copied().unwrap_or(true))
                else {
                    if let Some(slot) = done.get_mut(job) {
                        *slot = true;
                    }
                    path.pop();
                    continue;
                };
                if let Some(top) = path.last_mut() {
                    top.1 += 1;
                }
                let target = called.0 as usize;
                match path.iter().position(|(job, _)| *job == target) {
                    Some(position) => self.report_recursion(path.get(position..).unwrap_or_default()),
                    None => path.push((target, 0)),
                }
            }
        }
    }

    fn report_recursion(&mut self, circle: &[(usize, usize)]) {
        let items: Vec<_> = circle
            .iter()
            .filter_map(|(job, _)| self.program.jobs.get(*job))
            .map(|job| (job.item.name.clone(), job.item.place))
            .collect();
        let Some((first, place)) = items.first().cloned() else {
            return;
        };
        let names: Vec<String> = items.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("jobs call each other in a cycle: {} -> `{first}`", names.join(" -> "));
        self.error_at(diagnostics::JOB_RECURSION, place, message);
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
