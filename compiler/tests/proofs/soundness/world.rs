//! What a run can be: random outcomes for every op of a plan, and what each expression then reads.
//!
//! A small scheduler of its own, after the language's definition: it knows the plan, and nothing of the checker.

use std::collections::BTreeMap;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{
    Context, ErrorField, Event, Hook, Job, JobField, Name, Op, OpField, OpState, Path, Plan, Runs, Slot, Timestamp,
    Type, TypeDef, Value, VerbKind,
};

use super::judge::{Judge, Place};
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::values;

type Values = BTreeMap<Name, Value>;

/// A random value of a plan's type.
pub(super) fn value(rng: &mut Rng, ty: &Type, plan: &Plan) -> Value {
    match ty {
        Type::Bool => values::value(rng, Ty::Bool),
        Type::Int => values::value(rng, Ty::Int),
        Type::Float => values::value(rng, Ty::Float),
        Type::String | Type::Path | Type::Uri => values::value(rng, Ty::Text),
        Type::Duration => values::value(rng, Ty::Duration),
        Type::Timestamp => values::value(rng, Ty::Timestamp),
        Type::List(of) => Value::list((0..rng.below(4)).map(|_| value(rng, of, plan)).collect::<Vec<_>>()),
        Type::Map(of) => {
            let keys: Vec<_> = values::KEYS.iter().filter(|_| rng.chance(50)).collect();
            Value::map(keys.into_iter().map(|key| ((*key).into(), value(rng, of, plan))).collect::<Vec<_>>())
        }
        Type::Optional(_) if rng.chance(40) => Value::Null,
        Type::Optional(of) => value(rng, of, plan),
        Type::Enum(name) => match plan.types.get(name) {
            Some(TypeDef::Enum(words)) => Value::Enum(words[rng.below(words.len())].clone()),
            other => panic!("{name}: {other:?}"),
        },
        Type::Record(name) => match plan.types.get(name) {
            Some(TypeDef::Record(fields)) => Value::record(
                fields.iter().map(|field| (field.name.clone(), value(rng, &field.ty, plan))).collect::<Vec<_>>(),
            ),
            other => panic!("{name}: {other:?}"),
        },
        other => panic!("no values of {other}"),
    }
}

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
}

/// An op that has ended.
struct Ended {
    state: OpState,
    outputs: Values,
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

/// What an expression reads.
pub(super) struct View<'v> {
    world: &'v World<'v>,
    seen: Option<&'v Seen>,
    job_event: Option<Event>,
    locals: &'v [(Name, Value)],
}

impl<'w> World<'w> {
    /// A run of `job` with random inputs.
    pub(super) fn new(plan: &'w Plan, job: &'w Job, rng: &'w mut Rng, judge: &'w mut Judge) -> World<'w> {
        let inputs = job.inputs.iter().map(|field| (field.name.clone(), value(rng, &field.ty, plan))).collect();
        let profile = if rng.chance(50) { Value::Null } else { Value::text("dev") };
        let previous = match plan.types.get("job.previous") {
            Some(_) if rng.chance(60) => value(rng, &Type::Record("job.previous".into()), plan),
            _ => Value::Null,
        };
        World { plan, job, rng, judge, inputs, ops: BTreeMap::new(), profile, previous, stopped: false }
    }

    /// From the start to the end of the job.
    pub(super) fn play(&mut self) {
        let job = self.job;
        if self.job_hooks(&[Event::Start]) {
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
            let view = self.view();
            let results: Vec<_> = job.outputs.iter().map(|arg| view.value(&arg.value)).collect();
            for (arg, result) in job.outputs.iter().zip(results) {
                self.judge.look(&arg.value, result, &Place::new(&job.name, "outputs"), self.plan);
            }
            self.end_job(Event::Succeeded);
        }
    }

    fn end_job(&mut self, event: Event) {
        self.job_hooks(&[event, Event::Done]);
    }

    /// Decides the job's hooks on an event; whether one refuses.
    fn job_hooks(&mut self, events: &[Event]) -> bool {
        let job = self.job;
        let mut refused = false;
        for hook in fitting(&job.hooks, events) {
            refused |= self.hook(hook, None, events.first().copied());
        }
        refused
    }

    fn view(&self) -> View<'_> {
        View { world: self, seen: None, job_event: None, locals: &[] }
    }

    /// Decides one hook; whether it refuses what it watches.
    fn hook(&mut self, hook: &Hook, seen: Option<&Seen>, event: Option<Event>) -> bool {
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
        let gate = matches!(hook.verb, VerbKind::Fail | VerbKind::Require);
        gate && (errored || holds && self.rng.chance(70))
    }

    fn op(&mut self, op: &'w Op) {
        if let Some(state) = self.verdict(op) {
            return self.end_whole(op, state, Values::new(), None);
        }
        if let Some(when) = &op.when {
            match self.judged(&when.expr, &[], &Place::new(&op.name, "when")) {
                Some(Value::Bool(true)) => {}
                Some(_) => return self.end_whole(op, OpState::Skipped, Values::new(), None),
                None => return self.end_whole(op, OpState::Failed, Values::new(), Some(ErrorKind::Condition)),
            }
        }
        let Some(items) = self.items(op) else {
            return self.end_whole(op, OpState::Failed, Values::new(), Some(ErrorKind::Input));
        };
        if items.is_empty() {
            let outputs = op.outputs.iter().map(|field| (field.name.clone(), Value::list([]))).collect();
            return self.end_whole(op, OpState::Succeeded, outputs, None);
        }
        let ended: Vec<Ended> =
            items.iter().enumerate().map(|(number, locals)| self.item(op, number, locals)).collect();
        let ended = if op.each.is_empty() { ended.into_iter().next() } else { Some(gathered(op, &ended)) };
        self.ops.extend(ended.map(|ended| (op.name.clone(), ended)));
    }

    /// Whether, and how, the op is over before it begins.
    fn verdict(&self, op: &Op) -> Option<OpState> {
        let of = |edge: &hookc_plan::Edge| {
            let state = self.ops.get(&edge.op).map_or(OpState::Pending, |ended| ended.state);
            let failed = matches!(state, OpState::Failed | OpState::UpstreamFailed);
            match edge.states.contains(&state) {
                true => None,
                false if failed && edge.states.contains(&OpState::Succeeded) => Some(OpState::UpstreamFailed),
                false => Some(OpState::Skipped),
            }
        };
        let verdicts: Vec<OpState> = op.edges.iter().filter_map(of).collect();
        let failed = verdicts.iter().find(|state| **state == OpState::UpstreamFailed);
        failed.or(verdicts.first()).copied()
    }

    /// The value of an expression that must be well.
    fn judged(&mut self, expr: &hookc_plan::Expr, locals: &[(Name, Value)], place: &Place) -> Option<Value> {
        let view = View { locals, ..self.view() };
        let looked = view.value(expr);
        let result = looked.result.clone();
        self.judge.look(expr, looked, place, self.plan);
        result.ok()
    }

    fn items(&mut self, op: &Op) -> Option<Vec<Vec<(Name, Value)>>> {
        let mut all = vec![Vec::new()];
        for fan in &op.each {
            let list = self.judged(&fan.over, &[], &Place::new(&op.name, "for"))?;
            let Value::List(values) = list else { panic!("`for` over {list:?}") };
            let with = |locals: &Vec<(Name, Value)>, value: &Value| {
                locals.iter().cloned().chain([(fan.var.clone(), value.clone())]).collect()
            };
            all = all.iter().flat_map(|locals| values.iter().map(move |value| with(locals, value))).collect();
        }
        Some(all)
    }

    /// One item of an op: its arguments, its attempts, its end.
    fn item(&mut self, op: &Op, number: usize, locals: &[(Name, Value)]) -> Ended {
        let mut seen =
            Seen { item: (!op.each.is_empty()).then_some(number as i64), locals: locals.to_vec(), ..Seen::default() };
        let mut broken = false;
        for arg in &op.args {
            match self.judged(&arg.value, locals, &Place::new(&op.name, &arg.name)) {
                Some(value) => {
                    seen.inputs.insert(arg.name.clone(), value);
                }
                None => broken = true,
            }
        }
        if broken {
            return self.end(op, seen, OpState::Failed, Some(ErrorKind::Input));
        }
        self.fire(op, &seen, &[Event::Overdue]);
        if self.fire(op, &seen, &[Event::Start]) {
            return self.end(op, seen, OpState::Failed, Some(ErrorKind::Gate));
        }
        seen.started = true;
        self.attempts(op, seen)
    }

    fn attempts(&mut self, op: &Op, mut seen: Seen) -> Ended {
        seen.attempt = 1;
        while !op.retry.is_empty() && self.rng.chance(40) && seen.attempt < 3 {
            seen.outputs = self.some_outputs(op);
            seen.error = Some(self.error(None));
            for retry in &op.retry {
                if let Some(when) = &retry.when {
                    let view = View { seen: Some(&seen), locals: &seen.locals, ..self.view() };
                    let looked = view.value(&when.expr);
                    self.judge.look(&when.expr, looked, &Place::new(&op.name, "retry"), self.plan);
                }
            }
            self.fire(op, &seen, &[Event::Retrying]);
            seen.attempt += 1;
            seen.outputs.clear();
            seen.error = None;
        }
        self.fire(op, &seen, &[Event::Overdue]);
        match self.rng.below(5) {
            0 => {
                seen.outputs = self.some_outputs(op);
                self.end(op, seen, OpState::Failed, None)
            }
            1 => {
                self.stopped = true;
                seen.outputs = self.some_outputs(op);
                self.end(op, seen, OpState::Stopped, None)
            }
            _ => {
                seen.outputs = self.all_outputs(op);
                if self.fire(op, &seen, &[Event::End]) {
                    return self.end(op, seen, OpState::Failed, Some(ErrorKind::Gate));
                }
                self.end(op, seen, OpState::Succeeded, None)
            }
        }
    }

    fn end(&mut self, op: &Op, mut seen: Seen, state: OpState, kind: Option<ErrorKind>) -> Ended {
        seen.state = Some(state);
        seen.started |= matches!(state, OpState::Succeeded | OpState::Failed | OpState::Stopped);
        seen.error = (state == OpState::Failed).then(|| self.error(kind));
        self.fire(op, &seen, &[event_of(state), Event::Done]);
        Ended { state, outputs: seen.outputs }
    }

    /// An op of which no item ran.
    fn end_whole(&mut self, op: &Op, state: OpState, outputs: Values, kind: Option<ErrorKind>) {
        // A fan-out without items has lists for others, and nothing of an item for its own hooks.
        let seen = Seen::default();
        let _ = self.end(op, seen, state, kind);
        self.ops.insert(op.name.clone(), Ended { state, outputs });
    }

    fn fire(&mut self, op: &Op, seen: &Seen, events: &[Event]) -> bool {
        let mut refused = false;
        for hook in fitting(&op.hooks, events) {
            refused |= self.hook(hook, Some(seen), events.first().copied());
        }
        refused
    }

    fn outputs_of(&self, op: &Op) -> Vec<(Name, Type)> {
        match &op.runs {
            Runs::Component(key) => {
                self.plan.components[key].outputs.iter().map(|field| (field.name.clone(), field.ty.clone())).collect()
            }
            Runs::Job(key) => {
                self.plan.jobs[key].outputs.iter().map(|arg| (arg.name.clone(), arg.value.ty.clone())).collect()
            }
        }
    }

    fn all_outputs(&mut self, op: &Op) -> Values {
        let outputs = self.outputs_of(op);
        outputs.into_iter().map(|(name, ty)| (name, value(self.rng, &ty, self.plan))).collect()
    }

    /// Those that were written before it failed.
    fn some_outputs(&mut self, op: &Op) -> Values {
        self.all_outputs(op).into_iter().filter(|_| self.rng.chance(40)).collect()
    }

    fn error(&mut self, kind: Option<ErrorKind>) -> Value {
        let kind = kind.unwrap_or_else(|| self.rng.pick(&[ErrorKind::Exit, ErrorKind::Timeout, ErrorKind::Signal]));
        Value::Enum(kind.word().into())
    }
}

/// The outputs of a fan-out: lists, where every item ended well.
fn gathered(op: &Op, items: &[Ended]) -> Ended {
    let worst = items.iter().find(|item| item.state != OpState::Succeeded);
    if let Some(worst) = worst {
        return Ended { state: worst.state, outputs: Values::new() };
    }
    let list = |name: &Name| {
        let values = items.iter().map(|item| item.outputs.get(name).cloned().unwrap_or(Value::Null));
        Value::list(values.collect::<Vec<_>>())
    };
    Ended {
        state: OpState::Succeeded,
        outputs: op.outputs.iter().map(|field| (field.name.clone(), list(&field.name))).collect(),
    }
}

fn event_of(state: OpState) -> Event {
    Event::from_word(state.word()).unwrap()
}

/// The hooks on one of these names of an event.
fn fitting<'h>(hooks: &'h [Hook], events: &'h [Event]) -> impl Iterator<Item = &'h Hook> {
    hooks.iter().filter(move |hook| hook.on.iter().any(|on| events.contains(&on.event)))
}

impl View<'_> {
    /// The value of an expression, and what it reads.
    fn value(&self, expr: &hookc_plan::Expr) -> super::judge::Looked {
        super::judge::Looked::new(expr, self, self.world.plan)
    }

    fn op_field(&self, field: OpField) -> Value {
        let Some(seen) = self.seen else { return Value::Null };
        let moment = |there: bool| if there { self::moment() } else { Value::Null };
        match field {
            OpField::Name | OpField::Id | OpField::Component | OpField::Url | OpField::Log => Value::text("x"),
            OpField::Attempt => Value::Int(seen.attempt),
            OpField::Item => seen.item.map_or(Value::Null, Value::Int),
            OpField::Status => seen.state.map_or(Value::Null, |state| Value::Enum(state.word().into())),
            OpField::StartedAt => moment(seen.started),
            OpField::FinishedAt => moment(seen.state.is_some()),
            // In `retry … when` it is the attempt's.
            OpField::Duration if seen.started && (seen.state.is_some() || seen.error.is_some()) => Value::Duration(1),
            OpField::Duration => Value::Null,
        }
    }

    fn error_field(&self, field: ErrorField) -> Value {
        let Some(kind) = self.seen.and_then(|seen| seen.error.clone()) else {
            return Value::Null;
        };
        match field {
            ErrorField::Message => Value::text("exit code 1"),
            ErrorField::Kind => kind,
            ErrorField::ExitCode if kind.as_str() == Some("exit") => Value::Int(1),
            ErrorField::ExitCode | ErrorField::Traceback => Value::Null,
        }
    }

    fn job_field(&self, field: JobField) -> Value {
        let event = self.job_event.filter(|_| self.seen.is_none());
        let ended = matches!(event, Some(Event::Succeeded | Event::Failed | Event::Stopped));
        match field {
            JobField::Name | JobField::Id | JobField::Url => Value::text("main"),
            JobField::Source => Value::Enum("manual".into()),
            JobField::Profile => self.world.profile.clone(),
            JobField::StartedAt => moment(),
            JobField::Previous => self.world.previous.clone(),
            JobField::Status if ended => Value::Enum(event.map_or("", Event::word).into()),
            JobField::ErrorMessage if event == Some(Event::Failed) => Value::text("it failed"),
            JobField::FailedOps if ended => Value::list([]),
            JobField::FinishedAt if ended => moment(),
            JobField::Duration if ended => Value::Duration(1),
            _ => Value::Null,
        }
    }

    fn path(&self, path: &Path) -> Value {
        let of = |values: &Values, name: &Name| values.get(name).cloned().unwrap_or(Value::Null);
        match path {
            Path::JobInput(name) => of(&self.world.inputs, name),
            Path::Input(name) => self.seen.map_or(Value::Null, |seen| of(&seen.inputs, name)),
            Path::Output(name) => self.seen.map_or(Value::Null, |seen| of(&seen.outputs, name)),
            Path::Op(field) => self.op_field(*field),
            Path::Error(field) => self.error_field(*field),
            Path::Job(field) => self.job_field(*field),
            Path::OpOutput(op, name) => self.world.ops.get(op).map_or(Value::Null, |ended| of(&ended.outputs, name)),
            Path::OpStatus(op) => {
                let state = self.world.ops.get(op).map_or(OpState::Pending, |ended| ended.state);
                Value::Enum(state.word().into())
            }
            other => panic!("`{other}` is not generated"),
        }
    }
}

impl Context for View<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        Some(match slot {
            Slot::Ctx(path) => self.path(path),
            Slot::Local(name) => {
                self.locals.iter().find(|(local, _)| local == name).map_or(Value::Null, |local| local.1.clone())
            }
            Slot::Connection(name) => panic!("no connection `{name}` is generated"),
        })
    }
}

fn moment() -> Value {
    Timestamp::new(1_000_000, 0).map_or(Value::Null, Value::Timestamp)
}
