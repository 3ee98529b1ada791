//! What a run can be: random outcomes for every op of a plan, and what each expression then reads.
//!
//! A small scheduler of its own, after the language's definition: it knows the plan, and nothing of the checker.

mod agent;
mod op;
mod trigger;
mod values;
mod view;

use std::collections::BTreeMap;

use hookc_plan::{Event, Expr, Hook, Job, Name, Op, OpState, Plan, Type, Value, VerbKind};

use super::judge::{Judge, Place};
use crate::generator::rng::Rng;
use values::{Values, value};
use view::View;

/// What a hook sees of the op it watches.
#[derive(Clone, Default)]
struct Seen {
    inputs: Values,
    outputs: Values,
    error: Option<Value>,
    state: Option<OpState>,
    started: bool,
    attempt: i64,
    item: Option<i64>,
    /// The variables of the fan-out.
    locals: Vec<(Name, Value)>,
    agent: AgentSeen,
}

/// What a hook sees of an agent.
#[derive(Clone, Default)]
struct AgentSeen {
    tool: Option<Name>,
    payload: Values,
    output: Values,
    step: Option<Value>,
    steps: Vec<Value>,
}

/// An op that has ended.
struct Ended {
    state: OpState,
    outputs: Values,
}

/// What a gate, or all of them, said.
#[derive(PartialEq)]
enum Said {
    Pass,
    Refuse,
}

/// One run of a job.
pub(super) struct World<'w> {
    plan: &'w Plan,
    job: &'w Job,
    rng: &'w mut Rng,
    judge: &'w mut Judge,
    inputs: Values,
    ops: BTreeMap<Name, Ended>,
    profile: Value,
    previous: Value,
    stopped: bool,
}

impl<'w> World<'w> {
    /// A run of `job`.
    pub(super) fn new(plan: &'w Plan, job: &'w Job, rng: &'w mut Rng, judge: &'w mut Judge) -> World<'w> {
        let profile = plan.profile.clone().map_or(Value::Null, Value::Str);
        let previous = match plan.types.get("job.previous") {
            Some(_) if rng.chance(60) => value(rng, &Type::Record("job.previous".into()), plan),
            _ => Value::Null,
        };
        let inputs = Values::new();
        World { plan, job, rng, judge, inputs, ops: BTreeMap::new(), profile, previous, stopped: false }
    }

    /// From the start to the end of the job, with random inputs.
    pub(super) fn play(&mut self) {
        let job = self.job;
        self.triggers();
        // A run whose inputs break their rules does not begin.
        let Some(inputs) = self.kept(&job.inputs, true) else { return };
        self.inputs = inputs;
        if self.job_hooks(&[Event::Start]) == Said::Refuse {
            return self.end_job(Event::Failed);
        }
        self.job_hooks(&[Event::Overdue]);
        for op in &job.ops {
            self.stopped |= self.rng.chance(8);
            if self.stopped {
                break;
            }
            self.op(op);
        }
        let bad =
            |op: &Op| self.ops.get(&op.name).is_some_and(|ended| ended.state == OpState::Failed) && !op.allow_failure;
        if job.ops.iter().any(bad) {
            self.end_job(Event::Failed);
        } else if self.stopped {
            self.end_job(Event::Stopped);
        } else {
            for arg in &job.outputs {
                self.judged(&arg.value, &[], &Place::new(&job.name, "outputs"));
            }
            self.end_job(Event::Succeeded);
        }
    }

    fn end_job(&mut self, event: Event) {
        self.job_hooks(&[event, Event::Done]);
    }

    /// Decides the job's hooks on an event.
    fn job_hooks(&mut self, events: &[Event]) -> Said {
        let job = self.job;
        for hook in fitting(&job.hooks, events, None) {
            if self.hook(hook, None, events.first().copied()) == Said::Refuse {
                return Said::Refuse;
            }
        }
        Said::Pass
    }

    fn view(&self) -> View<'_> {
        View::of_job(self)
    }

    /// Decides one hook; whether it refuses what it watches.
    fn hook(&mut self, hook: &Hook, seen: Option<&Seen>, event: Option<Event>) -> Said {
        let view = View { seen, job_event: event, locals: seen.map_or(&[], |seen| &seen.locals), ..self.view() };
        let cond = hook.when.as_ref().map(|cond| (&cond.expr, view.value(&cond.expr)));
        let holds = cond.as_ref().is_none_or(|(_, looked)| looked.result == Ok(Value::Bool(true)));
        // What the condition makes certain holds in the arguments: they are for when it holds.
        let args = hook.args.iter().map(|arg| &arg.value).chain(&hook.message).filter(|_| holds);
        let results: Vec<_> = cond.into_iter().chain(args.map(|expr| (expr, view.value(expr)))).collect();
        let errored = results.iter().any(|(_, looked)| looked.result.is_err());
        let place = Place::new(&hook.path, event.map_or("", Event::word));
        for (expr, looked) in results {
            self.judge.look(expr, looked, &place, self.plan);
        }
        let refuses = match hook.verb {
            VerbKind::Run => false,
            // `warn` lets pass, and `modify` unless it fails; one that cannot be evaluated does neither.
            VerbKind::Warn => errored,
            VerbKind::Modify => errored || holds && self.rng.chance(15),
            VerbKind::Fail => errored || holds,
            VerbKind::Require => errored || holds && self.rng.chance(40),
        };
        if refuses { Said::Refuse } else { Said::Pass }
    }

    /// The value of an expression that must be well.
    fn judged(&mut self, expr: &Expr, locals: &[(Name, Value)], place: &Place) -> Option<Value> {
        let view = View { locals, ..self.view() };
        let looked = view.value(expr);
        let result = looked.result.clone();
        self.judge.look(expr, looked, place, self.plan);
        result.ok()
    }
}

/// The hooks on one of these names of an event, and of this tool.
fn fitting<'h>(hooks: &'h [Hook], events: &'h [Event], tool: Option<&'h Name>) -> impl Iterator<Item = &'h Hook> {
    hooks.iter().filter(move |hook| {
        let heard = |tools: &[Name]| tools.is_empty() || tool.is_some_and(|tool| tools.contains(tool));
        hook.on.iter().any(|on| events.contains(&on.event) && heard(&on.tools))
    })
}
