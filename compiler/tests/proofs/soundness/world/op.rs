//! One op of a run: whether it begins, its items, attempts and end.

use hookc_plan::trace::ErrorKind;
use hookc_plan::{
    Body, Component, Edge, Event, ExecItem, Expr, Field, Hook, Name, Op, OpState, Runs, Type, Value, VerbKind,
};

use super::values::{Values, value};
use super::view::View;
use super::{Ended, Place, Said, Seen, World, fitting};

impl<'w> World<'w> {
    pub(super) fn op(&mut self, op: &'w Op) {
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
            // It has lists for others, and no item whose hooks could fire.
            self.ops.insert(op.name.clone(), Ended { state: OpState::Succeeded, outputs });
            return;
        }
        let ended: Vec<Ended> =
            items.iter().enumerate().map(|(number, locals)| self.item(op, number, locals)).collect();
        let ended = if op.each.is_empty() { ended.into_iter().next() } else { Some(gathered(op, &ended)) };
        self.ops.extend(ended.map(|ended| (op.name.clone(), ended)));
    }

    /// Whether, and how, the op is over before it begins.
    fn verdict(&self, op: &Op) -> Option<OpState> {
        let of = |edge: &Edge| {
            let state = self.ops.get(&edge.op).map_or(OpState::Pending, |ended| ended.state);
            let failed = matches!(state, OpState::Failed | OpState::UpstreamFailed);
            match edge.states.contains(&state) {
                true => None,
                false if failed && edge.states.contains(&OpState::Succeeded) => Some(OpState::UpstreamFailed),
                false => Some(OpState::Skipped),
            }
        };
        // Of those with one number, one that holds is enough.
        let holds = |edge: &&Edge| {
            let alone = |other: &&Edge| other.any == edge.any;
            edge.any.is_none() || op.edges.iter().filter(alone).all(|other| of(other).is_some())
        };
        let verdicts: Vec<OpState> = op.edges.iter().filter(holds).filter_map(of).collect();
        let failed = verdicts.iter().find(|state| **state == OpState::UpstreamFailed);
        failed.or(verdicts.first()).copied()
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
        let (fields, of_job) = self.inputs_of(op);
        if broken || !self.keeps_rules(fields, &seen.inputs, of_job) {
            return self.end(op, seen, OpState::Failed, Some(ErrorKind::Input));
        }
        self.fire(op, &mut seen, &[Event::Overdue]);
        if self.fire(op, &mut seen, &[Event::Start]) == Said::Refuse {
            return self.end(op, seen, OpState::Failed, Some(ErrorKind::Gate));
        }
        seen.started = true;
        self.attempts(op, seen)
    }

    fn attempts(&mut self, op: &Op, mut seen: Seen) -> Ended {
        seen.attempt = 1;
        if !self.body(op, &seen.inputs) {
            return self.end(op, seen, OpState::Failed, Some(ErrorKind::Input));
        }
        while !op.retry.is_empty() && self.rng.chance(40) && seen.attempt < 3 {
            seen.outputs = self.some_outputs(op);
            seen.error = Some(self.error(None));
            self.retries(op, &seen);
            self.fire(op, &mut seen, &[Event::Retrying]);
            seen.attempt += 1;
            seen.outputs.clear();
            seen.error = None;
        }
        self.agent(op, &mut seen);
        self.fire(op, &mut seen, &[Event::Overdue]);
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
                let outputs = self.outputs_of(op);
                let Some(outputs) = self.kept(&outputs, false) else {
                    return self.end(op, seen, OpState::Failed, Some(ErrorKind::OutputType));
                };
                seen.outputs = outputs;
                if self.fire(op, &mut seen, &[Event::End]) == Said::Refuse {
                    return self.end(op, seen, OpState::Failed, Some(ErrorKind::Gate));
                }
                self.end(op, seen, OpState::Succeeded, None)
            }
        }
    }

    fn retries(&mut self, op: &Op, seen: &Seen) {
        for cond in op.retry.iter().filter_map(|retry| retry.when.as_ref()) {
            let view = View { seen: Some(seen), locals: &seen.locals, ..self.view() };
            let looked = view.value(&cond.expr);
            self.judge.look(&cond.expr, looked, &Place::new(&op.name, "retry"), self.plan);
        }
    }

    /// What the component's body and settings read; whether all of it is well.
    fn body(&mut self, op: &Op, inputs: &Values) -> bool {
        let Runs::Component(key) = &op.runs else { return true };
        let plan = self.plan;
        let component = &plan.components[key];
        let mut well = true;
        for expr in read_by(component) {
            let view = View { inputs: Some(inputs), ..self.view() };
            let looked = view.value(expr);
            well &= looked.result.is_ok();
            self.judge.look(expr, looked, &Place::new(key, "body"), plan);
        }
        well
    }

    fn end(&mut self, op: &Op, mut seen: Seen, state: OpState, kind: Option<ErrorKind>) -> Ended {
        seen.state = Some(state);
        seen.started |= matches!(state, OpState::Succeeded | OpState::Failed | OpState::Stopped);
        seen.error = (state == OpState::Failed).then(|| self.error(kind));
        self.fire(op, &mut seen, &[event_of(state), Event::Done]);
        Ended { state, outputs: seen.outputs }
    }

    /// An op of which no item ran.
    fn end_whole(&mut self, op: &Op, state: OpState, outputs: Values, kind: Option<ErrorKind>) {
        let seen = Seen::default();
        let _ = self.end(op, seen, state, kind);
        self.ops.insert(op.name.clone(), Ended { state, outputs });
    }

    pub(super) fn fire(&mut self, op: &Op, seen: &mut Seen, events: &[Event]) -> Said {
        for hook in fitting(&op.hooks, events, seen.agent.tool.clone().as_ref()) {
            if self.hook(hook, Some(seen), events.first().copied()) == Said::Refuse {
                return Said::Refuse;
            }
            if hook.verb == VerbKind::Modify {
                self.modify(hook, seen, events);
            }
        }
        Said::Pass
    }

    /// Puts what the component of a gate answers in the place of inputs or outputs.
    fn modify(&mut self, hook: &Hook, seen: &mut Seen, events: &[Event]) {
        let plan = self.plan;
        let Some(component) = hook.component.as_ref().map(|key| &plan.components[key]) else { return };
        let replaced = match events {
            [Event::Start] => &mut seen.inputs,
            [Event::End] => &mut seen.outputs,
            [Event::ToolStart] => &mut seen.agent.payload,
            [Event::ToolEnd] => &mut seen.agent.output,
            other => panic!("`modify` on {other:?}"),
        };
        for field in &component.outputs {
            let there = replaced.insert(field.name.clone(), value(self.rng, &field.ty, plan));
            assert!(there.is_some(), "{} modifies `{}`, which is not there", hook.path, field.name);
        }
    }

    fn inputs_of(&self, op: &Op) -> (&'w [Field], bool) {
        let plan = self.plan;
        match &op.runs {
            Runs::Component(key) => (&plan.components[key].inputs, false),
            Runs::Job(key) => (&plan.jobs[key].inputs, true),
        }
    }

    fn outputs_of(&self, op: &Op) -> Vec<Field> {
        let of_job = |name: &Name, ty: &Type| Field {
            name: name.clone(),
            ty: ty.clone(),
            default: None,
            constraint: None,
            doc: None,
            span: hookc_plan::Span::default(),
        };
        match &op.runs {
            Runs::Component(key) => self.plan.components[key].outputs.clone(),
            Runs::Job(key) => self.plan.jobs[key].outputs.iter().map(|arg| of_job(&arg.name, &arg.value.ty)).collect(),
        }
    }

    /// Those that were written before it failed.
    fn some_outputs(&mut self, op: &Op) -> Values {
        let outputs = self.outputs_of(op);
        let all = self.kept(&outputs, false).unwrap_or_default();
        all.into_iter().filter(|_| self.rng.chance(40)).collect()
    }

    fn error(&mut self, kind: Option<ErrorKind>) -> Value {
        let kind = kind.unwrap_or_else(|| self.rng.pick(&[ErrorKind::Exit, ErrorKind::Timeout, ErrorKind::Signal]));
        Value::Enum(kind.word().into())
    }
}

/// The expressions of a component's body and settings.
fn read_by(component: &Component) -> impl Iterator<Item = &Expr> {
    let bodies = component.bodies.iter().flat_map(|body| match body {
        Body::Exec(items) => items
            .iter()
            .map(|item| match item {
                ExecItem::Spread(list) => &list.spread,
                ExecItem::One(text) => text,
            })
            .collect(),
        _ => Vec::new(),
    });
    bodies.chain(&component.model).chain(&component.prompt)
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
