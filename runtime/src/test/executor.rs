//! Gives outcomes in the place of bodies.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::test::GivenState;
use hookc_plan::trace::ErrorKind;
use hookc_plan::{Job, Name, Plan, Runs, Span, Type, VerbKind};

use super::agent_script::{AgentScript, ScriptedAction};
use super::given::Given;
use super::report::Problem;
use crate::clock::Moment;
use crate::executor::Executor;
use crate::report::Signal;
use crate::signals::Signals;
use crate::task::{AgentAnswer, ExecutorEvent, Failure, Kill, TaskId, TaskOutcome, TaskStart};
use crate::values::Values;

/// Ends each task with its given outcome. A task without one runs until the run is stopped.
#[derive(Debug)]
pub(super) struct TestExecutor {
    given: Given,
    modifies: BTreeSet<String>,
    ready: VecDeque<ExecutorEvent>,
    hanging: BTreeSet<TaskId>,
    /// Agents in the middle of their lines.
    scripts: BTreeMap<TaskId, AgentScript>,
    unplayed: Vec<Problem>,
    missing: Vec<Missing>,
    wants_stop: Rc<RefCell<bool>>,
}

/// A task that started without a given outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Missing {
    op: String,
    item: Option<u32>,
    hook: Option<Name>,
}

impl TestExecutor {
    pub(super) fn new(job: &Job, given: &Given) -> TestExecutor {
        let hooks = job.ops.iter().flat_map(|op| &op.hooks);
        let modifies = hooks.filter(|hook| hook.verb == VerbKind::Modify);
        TestExecutor {
            given: given.clone(),
            modifies: modifies.map(|hook| hook.path.clone()).collect(),
            ready: VecDeque::new(),
            hanging: BTreeSet::new(),
            scripts: BTreeMap::new(),
            unplayed: Vec::new(),
            missing: Vec::new(),
            wants_stop: Rc::default(),
        }
    }

    /// How a task ends; `None`: it runs on.
    fn ended(&mut self, task: &TaskStart) -> Option<TaskOutcome> {
        let op = Name::new(&task.op);
        let op = (!op.is_empty()).then_some(&op);
        let hook = task.hook.as_ref().map(|hook| &hook.name);
        let Some(outcome) = self.given.find(op, task.item, hook) else {
            return self.not_given(task);
        };
        if task.hook.is_some() {
            return Some(match &outcome.failure {
                None => TaskOutcome::succeeded(outcome.values.clone()),
                Some(failure) => TaskOutcome::failed(last(failure)),
            });
        }
        if outcome.retrying.is_some_and(|times| task.attempt <= times) {
            return Some(TaskOutcome::failed(retried_failure(outcome.failure.as_ref())));
        }
        match (outcome.state, &outcome.failure) {
            (GivenState::Succeeded, _) => Some(TaskOutcome::succeeded(outcome.values.clone())),
            (GivenState::Failed, Some(failure)) => Some(TaskOutcome {
                outputs: outcome.values.clone(),
                // With a number of attempts, this one is the last; without, every attempt fails.
                failure: Some(match outcome.retrying {
                    Some(_) => last(failure),
                    None => failure.clone(),
                }),
            }),
            _ => None,
        }
    }

    /// Whether the task is the attempt that ends as the op's line says, not one that fails before it.
    fn ends_as_given(&self, task: &TaskStart) -> bool {
        let op = Name::new(&task.op);
        let outcome = self.given.find(Some(&op), task.item, None).filter(|_| task.hook.is_none());
        outcome.is_some_and(|outcome| outcome.retrying.is_none_or(|times| task.attempt > times))
    }

    fn script(&self, task: &TaskStart) -> &[ScriptedAction] {
        self.given.script(Some(&Name::new(&task.op)), task.item)
    }

    /// Lets an agent do the next of its lines, or end.
    fn act(&mut self, task: TaskId) {
        let Some(script) = self.scripts.get_mut(&task) else { return };
        if let Some(request) = script.next() {
            return self.ready.push_back(ExecutorEvent::Asked(task, request));
        }
        if let Some(done) = self.scripts.remove(&task) {
            self.unplayed.extend(done.unplayed);
            self.end(task, done.end);
        }
    }

    fn end(&mut self, task: TaskId, end: Option<TaskOutcome>) {
        match end {
            Some(ended) => self.ready.push_back(ExecutorEvent::Exited(task, ended)),
            None => {
                self.hanging.insert(task);
                self.wants_stop.replace(true);
            }
        }
    }

    /// The lines of agents that could not happen, each once.
    pub(super) fn unplayed(&self) -> Vec<Problem> {
        let mut reported: Vec<Problem> = Vec::new();
        for problem in &self.unplayed {
            if !reported.contains(problem) {
                reported.push(problem.clone());
            }
        }
        reported
    }

    /// Without a given outcome, observers and `require` gates succeed. An outcome whose outputs are used must be given.
    fn not_given(&mut self, task: &TaskStart) -> Option<TaskOutcome> {
        if task.hook.as_ref().is_some_and(|hook| !self.modifies.contains(&hook.path)) {
            return Some(TaskOutcome::succeeded(Values::new()));
        }
        self.missing.push(Missing {
            op: task.op.clone(),
            item: task.item,
            hook: task.hook.as_ref().map(|hook| hook.name.clone()),
        });
        None
    }

    /// A problem for each op and hook that started without a given outcome.
    pub(super) fn missing_outcomes(&self, plan: &Plan, job: &Job, span: Span) -> Vec<Problem> {
        let mut reported: Vec<(&str, Option<&Name>)> = Vec::new();
        let mut problems = Vec::new();
        for missing in &self.missing {
            let subject = (missing.op.as_str(), missing.hook.as_ref());
            if !reported.contains(&subject) {
                reported.push(subject);
                problems.push(missing_outcome(plan, job, missing, span));
            }
        }
        problems
    }
}

fn missing_outcome(plan: &Plan, job: &Job, missing: &Missing, span: Span) -> Problem {
    let (kind, line) = match &missing.hook {
        Some(hook) => ("gate", format!("{}.{hook}", missing.op)),
        None => ("op", missing.op.clone()),
    };
    let outputs = required_outputs(plan, job, &missing.op, missing.hook.as_ref());
    let help = format!("add `given {line} succeeded{outputs}`, or another outcome");
    Problem { help: Some(help), ..Problem::new(span, format!("{kind} `{line}` runs, but no outcome is given")) }
}

/// The outputs that have to be given: ` (loss: …)`.
fn required_outputs(plan: &Plan, job: &Job, op: &str, hook: Option<&Name>) -> String {
    let op = job.ops.iter().find(|found| found.name == op);
    let component = match (op, hook) {
        (Some(op), Some(hook)) => {
            op.hooks.iter().find(|found| found.name == *hook).and_then(|hook| hook.component.as_ref())
        }
        (Some(op), None) => match &op.runs {
            Runs::Component(key) => Some(key),
            Runs::Job(key) => {
                return names(plan.jobs.get(key).into_iter().flat_map(|job| &job.outputs).map(|output| &output.name));
            }
        },
        (None, _) => None,
    };
    let fields =
        component.and_then(|key| plan.components.get(key)).into_iter().flat_map(|component| &component.outputs);
    names(fields.filter(|field| !matches!(field.ty, Type::Optional(_))).map(|field| &field.name))
}

fn names<'n>(names: impl Iterator<Item = &'n Name>) -> String {
    let names: Vec<String> = names.map(|name| format!("{name}: …")).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// A failure that no attempt follows.
fn last(failure: &Failure) -> Failure {
    Failure { permanent: true, ..failure.clone() }
}

/// The failure of an attempt that another follows.
fn retried_failure(given: Option<&Failure>) -> Failure {
    match given {
        Some(failure) if failure.may_be_retried() => failure.clone(),
        _ => Failure::described(None, None, None),
    }
}

impl Executor for TestExecutor {
    fn start(&mut self, task: TaskStart) {
        let id = task.id;
        let end = self.ended(&task);
        let script = if self.ends_as_given(&task) { self.script(&task) } else { &[] };
        if script.is_empty() {
            return self.end(id, end);
        }
        let script = AgentScript::new(script, end);
        self.scripts.insert(id, script);
        self.act(id);
    }

    fn answer(&mut self, task: TaskId, answer: AgentAnswer) {
        if let Some(script) = self.scripts.get_mut(&task) {
            script.receive(&answer);
            self.act(task);
        }
    }

    fn kill(&mut self, task: TaskId, _: Kill) {
        if self.hanging.remove(&task) || self.scripts.remove(&task).is_some() {
            let failure = Failure::new(ErrorKind::Signal, "ended by signal 15");
            self.ready.push_back(ExecutorEvent::Exited(task, TaskOutcome::failed(failure)));
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ExecutorEvent> {
        self.ready.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Stops the run when only tasks are left that are given as `stopped`, or are not given.
#[derive(Debug)]
pub(super) struct TestSignals {
    wanted: Rc<RefCell<bool>>,
    at: Moment,
    sent: bool,
}

impl TestSignals {
    pub(super) fn new(executor: &TestExecutor, start: Moment) -> TestSignals {
        TestSignals {
            wanted: Rc::clone(&executor.wants_stop),
            // Everything else happens at the start, so it has happened by then.
            at: start.after(Duration::from_secs(1)),
            sent: false,
        }
    }

    fn wanted(&self) -> bool {
        !self.sent && *self.wanted.borrow()
    }
}

impl Signals for TestSignals {
    fn poll(&mut self, now: Moment, _: &mut Context<'_>) -> Poll<Signal> {
        if !self.wanted() || now < self.at {
            return Poll::Pending;
        }
        self.sent = true;
        Poll::Ready(Signal::Sigterm)
    }

    fn due(&self) -> Option<Moment> {
        self.wanted().then_some(self.at)
    }
}
