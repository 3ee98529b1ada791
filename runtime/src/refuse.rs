//! What this runtime cannot run yet: found in the plan and named before anything runs.
//!
//! Only what the job reaches counts. A declared trigger is none of it: a person's `run` does without.

use std::collections::BTreeSet;

use hookc_plan::{
    Body, ComponentKind, Cond, Event, Expr, Hook, Job, JobField, Name, Node, Op, Path, Plan, Runs, Span, reads_of,
};

use crate::options::Unsupported;

/// All of it, sorted by place.
pub(crate) fn unsupported(plan: &Plan, job: &Name) -> Vec<Unsupported> {
    let mut finder = Finder { plan, found: Vec::new(), jobs: BTreeSet::new() };
    finder.job(job, true);
    finder.found.sort();
    finder.found.dedup();
    finder.found
}

struct Finder<'p> {
    plan: &'p Plan,
    found: Vec<Unsupported>,
    jobs: BTreeSet<Name>,
}

impl Finder<'_> {
    fn say(&mut self, at: &str, construct: impl Into<String>, span: Span) {
        let source = self.plan.sources.iter().find(|source| source.id == span.0);
        let place = source.map(|source| (source.path.clone(), span.1));
        self.found.push(Unsupported { at: at.to_owned(), construct: construct.into(), place });
    }

    fn job(&mut self, key: &Name, asked: bool) {
        let plan = self.plan;
        let Some(job) = plan.jobs.get(key).filter(|_| self.jobs.insert(key.clone())) else {
            return;
        };
        // A called job's `concurrency` does not count.
        if job.concurrency.is_some() && asked {
            self.say(&job.name, "`concurrency` of a job", job.span);
        }
        for hook in &job.hooks {
            self.hook(hook);
        }
        for op in &job.ops {
            self.op(job, op);
        }
        for output in &job.outputs {
            self.expr(&job.name, &output.value);
        }
    }

    fn op(&mut self, job: &Job, op: &Op) {
        let at = format!("{}.{}", job.name, op.name);
        if op.cache_ms.is_some() {
            self.say(&at, "`cache`", op.span);
        }
        op.args.iter().for_each(|arg| self.expr(&at, &arg.value));
        op.each.iter().for_each(|fan| self.expr(&at, &fan.over));
        op.when
            .iter()
            .chain(op.retry.iter().filter_map(|retry| retry.when.as_ref()))
            .for_each(|cond| self.cond(&at, cond));
        op.hooks.iter().for_each(|hook| self.hook(hook));
        match &op.runs {
            Runs::Component(key) => self.component(&at, key, op.span),
            Runs::Job(key) => self.job(key, false),
        }
    }

    fn hook(&mut self, hook: &Hook) {
        for on in &hook.on {
            let word = match on.event {
                Event::Overdue => "overdue(…)",
                Event::Waiting => "waiting",
                Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd => on.event.word(),
                _ => continue,
            };
            self.say(&hook.path, format!("`on {word}`"), hook.span);
        }
        hook.when.iter().for_each(|cond| self.cond(&hook.path, cond));
        hook.args.iter().for_each(|arg| self.expr(&hook.path, &arg.value));
        hook.message.iter().for_each(|message| self.expr(&hook.path, message));
        hook.settings.retry.iter().filter_map(|retry| retry.when.as_ref()).for_each(|cond| self.cond(&hook.path, cond));
        if let Some(component) = &hook.component {
            self.component(&hook.path, component, hook.span);
        }
    }

    fn component(&mut self, at: &str, key: &Name, span: Span) {
        let Some(component) = self.plan.components.get(key) else {
            return self.say(at, format!("the component `{key}`, which the plan does not have"), span);
        };
        if component.kind == ComponentKind::Agent {
            return self.say(at, format!("the agent `{key}`"), span);
        }
        let asks = component.bodies.iter().any(|body| matches!(body, Body::Ask(_)));
        let runs = |body: &Body| matches!(body, Body::Exec(_) | Body::Shell(_) | Body::Python(_) | Body::Http(_));
        if asks {
            self.say(at, format!("the `ask` body of `{key}`"), span);
        } else if !component.bodies.iter().any(runs) {
            self.say(at, format!("`{key}`, which has no body that runs here"), span);
        }
    }

    fn cond(&mut self, at: &str, cond: &Cond) {
        self.expr(at, &cond.expr);
    }

    fn expr(&mut self, at: &str, expr: &Expr) {
        // Most arguments are constants or a single read.
        if matches!(&expr.node, Node::Const { .. }) {
            return;
        }
        if reads_of(expr).contains(&Path::Job(JobField::Previous)) {
            self.say(at, "`job.previous`", expr.span);
        }
    }
}
