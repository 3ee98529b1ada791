//! Plays what is given in the place of bodies.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::test::GivenState;
use hookc_plan::trace::ErrorKind;
use hookc_plan::{Job, Name, Plan, Runs, Span, Type, VerbKind};

use super::Problem;
use super::agent_script::{AgentScript, ScriptedAction};
use super::given::{Given, failure};
use crate::clock::Moment;
use crate::executor::{Answer, Executor, Failure, Kill, Message, Start, TaskId, TaskOutcome, Values};
use crate::machine::state::retried;
use crate::report::Signal;
use crate::signals::Signals;

/// Ends what is given as it is given; what is not given goes on until the run is stopped.
#[derive(Debug)]
pub(super) struct TestExecutor {
    given: Given,
    modifies: BTreeSet<String>,
    ready: VecDeque<Message>,
    hanging: BTreeSet<TaskId>,
    /// Agents in the middle of their lines.
    script: BTreeMap<TaskId, AgentScript>,
    unplayed: Vec<Problem>,
    missing: Vec<Missing>,
    wants_stop: Rc<RefCell<bool>>,
}

/// What was reached and is not given.
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
            script: BTreeMap::new(),
            unplayed: Vec::new(),
            missing: Vec::new(),
            wants_stop: Rc::default(),
        }
    }

    /// How a task ends; nothing: it goes on.
    fn ended(&mut self, task: &Start) -> Option<TaskOutcome> {
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
                // With a number of attempts this one is the last; without, every attempt fails.
                failure: Some(match outcome.retrying {
                    Some(_) => last(failure),
                    None => failure.clone(),
                }),
            }),
            _ => None,
        }
    }

    /// Whether the task is an attempt of an op that ends as its line says, and no earlier one that fails.
    fn ends_as_given(&self, task: &Start) -> bool {
        let op = Name::new(&task.op);
        let outcome = self.given.find(Some(&op), task.item, None).filter(|_| task.hook.is_none());
        outcome.is_some_and(|outcome| outcome.retrying.is_none_or(|times| task.attempt > times))
    }

    fn script(&self, task: &Start) -> &[ScriptedAction] {
        self.given.script(Some(&Name::new(&task.op)), task.item)
    }

    /// Lets an agent do the next of its lines, or end.
    fn act(&mut self, task: TaskId) {
        let Some(script) = self.script.get_mut(&task) else { return };
        if let Some(request) = script.next() {
            return self.ready.push_back(Message::Asked(task, request));
        }
        if let Some(done) = self.script.remove(&task) {
            self.unplayed.extend(done.unplayed);
            self.end(task, done.end);
        }
    }

    fn end(&mut self, task: TaskId, end: Option<TaskOutcome>) {
        match end {
            Some(ended) => self.ready.push_back(Message::Exited(task, ended)),
            None => {
                self.hanging.insert(task);
                self.wants_stop.replace(true);
            }
        }
    }

    /// The lines of agents that could not happen, each once.
    pub(super) fn unplayed(&self) -> Vec<Problem> {
        let mut told: Vec<Problem> = Vec::new();
        for problem in &self.unplayed {
            if !told.contains(problem) {
                told.push(problem.clone());
            }
        }
        told
    }

    /// Observers end well, and so does what a gate requires; what others go on with must be given.
    fn not_given(&mut self, task: &Start) -> Option<TaskOutcome> {
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

    /// What was reached and is not given.
    pub(super) fn problems(&self, plan: &Plan, job: &Job, span: Span) -> Vec<Problem> {
        let mut told: Vec<(&str, Option<&Name>)> = Vec::new();
        let mut problems = Vec::new();
        for missing in &self.missing {
            let what = (missing.op.as_str(), missing.hook.as_ref());
            if told.contains(&what) {
                continue;
            }
            told.push(what);
            let line = match &missing.hook {
                Some(hook) => format!("{}.{hook}", missing.op),
                None => missing.op.clone(),
            };
            let kind = if missing.hook.is_some() { "gate" } else { "op" };
            let mut problem = Problem::new(span, format!("{kind} `{line}` is reached and not given"));
            let outputs = wanted(plan, job, &missing.op, missing.hook.as_ref());
            problem.help = Some(format!("write `given {line} succeeded{outputs}`, or how else it ends"));
            problems.push(problem);
        }
        problems
    }
}

/// The outputs that have to be given: ` (loss: …)`.
fn wanted(plan: &Plan, job: &Job, op: &str, hook: Option<&Name>) -> String {
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
    Failure { hopeless: true, ..failure.clone() }
}

/// The failure of an attempt that another follows.
fn retried_failure(given: Option<&Failure>) -> Failure {
    match given {
        Some(failure) if retried(failure.kind) => failure.clone(),
        _ => failure(&Values::new()),
    }
}

impl Executor for TestExecutor {
    fn start(&mut self, task: Start) {
        let id = task.id;
        let end = self.ended(&task);
        let script = if self.ends_as_given(&task) { self.script(&task) } else { &[] };
        if script.is_empty() {
            return self.end(id, end);
        }
        let script = AgentScript::new(script, end);
        self.script.insert(id, script);
        self.act(id);
    }

    fn answer(&mut self, task: TaskId, answer: Answer) {
        if let Some(script) = self.script.get_mut(&task) {
            script.hear(&answer);
            self.act(task);
        }
    }

    fn kill(&mut self, task: TaskId, _: Kill) {
        if self.hanging.remove(&task) || self.script.remove(&task).is_some() {
            let failure = Failure::new(ErrorKind::Signal, "ended by signal 15");
            self.ready.push_back(Message::Exited(task, TaskOutcome::failed(failure)));
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Message> {
        self.ready.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Asks the run to stop when nothing but what is given as `stopped`, or not given at all, is left.
#[derive(Debug)]
pub(super) struct Stop {
    wanted: Rc<RefCell<bool>>,
    at: Moment,
    sent: bool,
}

impl Stop {
    pub(super) fn new(executor: &TestExecutor, start: Moment) -> Stop {
        Stop {
            wanted: Rc::clone(&executor.wants_stop),
            // All else happens at the start, so it has happened by then.
            at: start.after(Duration::from_secs(1)),
            sent: false,
        }
    }

    fn wanted(&self) -> bool {
        !self.sent && *self.wanted.borrow()
    }
}

impl Signals for Stop {
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
