//! What expressions can read where they stand: the language's definition of the context, once more.

use super::{Field, Signature};
use crate::generator::Variable;
use crate::generator::types::{PREVIOUS, SIMPLE, Shape, Ty};

/// The record of the connection; its other fields are an address and a secret.
static CONN: Shape = Shape { name: "Conn", fields: &[("label", Ty::Text), ("level", Ty::Optional(&Ty::Float))] };
pub(super) const CONNECTION: Ty = Ty::Record(&CONN);

/// What a tool or agent calls.
static CALL: Shape = Shape { name: "step.calls", fields: &[("id", Ty::Text), ("tool", Ty::Text)] };
static STEP: Shape = Shape {
    name: "step",
    fields: &[("number", Ty::Int), ("text", Ty::Optional(&Ty::Text)), ("calls", Ty::List(&Ty::Record(&CALL)))],
};

/// What is in scope, as if it were there, and as if it might not be.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) bold: Vec<Variable>,
    pub(super) careful: Vec<Variable>,
}

impl Scope {
    pub(super) fn sure(&mut self, text: &str, ty: Ty) {
        self.bold.push(Variable::new(text, ty));
        self.careful.push(Variable::new(text, ty));
    }

    pub(super) fn unsure(&mut self, text: &str, ty: Ty) {
        self.bold.push(Variable::new(text, ty));
        self.careful.push(Variable::new(text, optional(ty)));
    }

    /// Something that may not be there at all.
    pub(super) fn daring(&mut self, text: &str, ty: Ty) {
        self.bold.push(Variable::new(text, ty));
    }

    /// The fields, each behind a root.
    pub(super) fn fields(&mut self, root: &str, fields: &[Field], sure: bool) {
        for field in fields {
            let text = format!("{root}{}", field.name);
            if sure { self.sure(&text, field.ty) } else { self.unsure(&text, field.ty) }
        }
    }
}

pub(super) fn optional(ty: Ty) -> Ty {
    match ty {
        Ty::Optional(_) => ty,
        ty => Ty::Optional(kept(ty)),
    }
}

/// Types are made of static ones: there are few of them.
pub(super) fn kept(ty: Ty) -> &'static Ty {
    static KEPT: std::sync::Mutex<Vec<&'static Ty>> = std::sync::Mutex::new(Vec::new());
    let mut all = KEPT.lock().unwrap();
    match all.iter().find(|known| ***known == ty) {
        Some(known) => known,
        None => {
            let ty = Box::leak(Box::new(ty));
            all.push(ty);
            ty
        }
    }
}

/// An op that was written.
#[derive(Clone)]
pub(super) struct Op {
    pub(super) name: String,
    /// As other ops read them.
    pub(super) outputs: Vec<Field>,
}

/// The outputs and the state of another op.
pub(super) fn read_op(scope: &mut Scope, op: &Op) {
    scope.fields(&format!("{}.", op.name), &op.outputs, false);
    scope.sure(&format!("status({})", op.name), SIMPLE[6]);
}

/// What every expression of a job may read of it.
pub(super) fn job_fields(scope: &mut Scope) {
    scope.sure("job.name", Ty::Text);
    scope.sure("job.profile", Ty::Optional(&Ty::Text));
    scope.sure("job.started_at", Ty::Timestamp);
    scope.sure("string(job.source)", Ty::Text);
    scope.sure("job.previous", Ty::Optional(kept(Ty::Record(&PREVIOUS))));
}

/// The words of some events, without what stands in brackets.
pub(super) fn words(events: &str) -> impl Iterator<Item = &str> {
    events.split(", ").filter(|event| !event.ends_with(')') || event.contains('(')).map(|event| {
        let end = event.find('(').unwrap_or(event.len());
        &event[..end]
    })
}

fn on(events: &str, wanted: &[&str]) -> bool {
    words(events).any(|event| wanted.contains(&event))
}

fn has_outputs(events: &str) -> bool {
    on(events, &["succeeded", "end", "failed", "stopped", "retrying", "overdue", "done"])
}

/// What exists of the op itself on some of these events.
pub(super) fn op_fields(scope: &mut Scope, events: &str) {
    scope.sure("op.name", Ty::Text);
    scope.sure("op.attempt", Ty::Int);
    scope.sure("op.item", Ty::Optional(&Ty::Int));
    if on(events, &["failed", "retrying", "done"]) {
        scope.unsure("error.message", Ty::Text);
        scope.sure("error.exit_code", Ty::Optional(&Ty::Int));
        scope.sure("(error.kind == ErrorKind.timeout)", Ty::Bool);
    }
    if words(events).any(|event| !["start", "skipped", "upstream_failed"].contains(&event)) {
        scope.unsure("op.started_at", Ty::Timestamp);
    }
    if on(events, &["succeeded", "failed", "stopped", "skipped", "upstream_failed", "done"]) {
        scope.unsure("op.finished_at", Ty::Timestamp);
        scope.unsure("op.status", SIMPLE[6]);
    }
    if on(events, &["succeeded", "failed", "stopped", "done"]) {
        scope.unsure("op.duration", Ty::Duration);
    }
}

/// What a hook of an op reads of its own op.
pub(super) fn own_op(scope: &mut Scope, runs: &Signature, events: &str) {
    if words(events).any(|event| event != "skipped" && event != "upstream_failed") {
        scope.fields("inputs.", &runs.inputs, false);
    }
    if has_outputs(events) {
        scope.fields("outputs.", &runs.outputs, false);
    }
    op_fields(scope, events);
    job_fields(scope);
    if let Some(tools) = &runs.tools {
        agent_fields(scope, tools, events);
    }
}

fn agent_fields(scope: &mut Scope, tools: &[Signature], events: &str) {
    scope.sure("session.id", Ty::Optional(&Ty::Text));
    scope.sure("user.id", Ty::Optional(&Ty::Text));
    let calls = on(events, &["tool_start", "tool_end"]);
    if calls || on(events, &["step_start", "step_end"]) {
        scope.unsure("step", Ty::Record(&STEP));
        scope.unsure("size(steps)", Ty::Int);
    }
    if calls {
        scope.unsure("tool.name", Ty::Text);
        let heard: Vec<&Signature> = match tools.iter().any(|tool| events.contains(&tool.name)) {
            true => tools.iter().filter(|tool| events.contains(&tool.name)).collect(),
            false => tools.iter().collect(),
        };
        scope.fields("payload.", &shared(&heard, |tool| &tool.inputs), false);
        if on(events, &["tool_end"]) {
            scope.fields("output.", &shared(&heard, |tool| &tool.outputs), false);
        }
    }
}

/// What some tools have in common.
fn shared(tools: &[&Signature], fields: fn(&Signature) -> &Vec<Field>) -> Vec<Field> {
    let Some((first, rest)) = tools.split_first() else { return Vec::new() };
    let everywhere = |field: &&Field| {
        rest.iter().all(|tool| fields(tool).iter().any(|other| other.name == field.name && other.ty == field.ty))
    };
    fields(first).iter().filter(everywhere).cloned().collect()
}
