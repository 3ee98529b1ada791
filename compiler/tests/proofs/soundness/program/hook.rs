//! Hooks: on ops, agents and jobs, of one's own or used.

use super::scope::{Op, Scope, job_fields, own_op, read_op, words};
use super::{Connections, Field, Mender, Signature, Writer};
use crate::generator::types::Ty;

pub(super) const OP_EVENTS: &[&str] = &[
    "succeeded",
    "failed",
    "stopped",
    "skipped",
    "upstream_failed",
    "done",
    "retrying",
    "overdue(1h)",
    "start",
    "end",
    "failed, stopped",
    "succeeded, failed",
    "retrying, failed",
    "skipped, failed",
    "overdue(5m), failed",
    "succeeded, skipped",
];
pub(super) const AGENT_EVENTS: &[&str] = &[
    "step_start",
    "step_end",
    "step_start, step_end",
    "tool_start",
    "tool_end",
    "tool_start(look_up)",
    "tool_end(write_down)",
    "tool_start(look_up, write_down)",
    "tool_start(write_down), tool_end(look_up)",
    "tool_end(look_up), failed",
    "step_end, succeeded",
    "step_start, tool_start",
];
const JOB_EVENTS: &[&str] = &["start", "succeeded", "failed", "stopped", "done", "overdue(1h)", "failed, stopped"];

/// Where a gate can stand, and what `modify` replaces there: inputs or outputs, of which tool.
fn gate(events: &str) -> Option<Option<(usize, Option<&'static str>)>> {
    match events {
        "start" => Some(Some((0, None))),
        "end" => Some(Some((1, None))),
        "tool_start(look_up)" => Some(Some((0, Some("look_up")))),
        "tool_end(write_down)" => Some(Some((1, Some("write_down")))),
        events if words(events).all(|event| event.starts_with("step") || event.starts_with("tool")) => Some(None),
        _ => None,
    }
}

impl Writer<'_> {
    /// The surroundings of a hook in an op's block.
    pub(super) fn hook_context(&mut self, runs: &Signature, waits: &[Op], fan: Option<Ty>, events: &str) -> Scope {
        let mut scope = Scope::default();
        if let Some(ty) = fan.filter(|_| events != "skipped" && events != "upstream_failed") {
            scope.unsure("x", ty);
        }
        waits.iter().for_each(|op| read_op(&mut scope, op));
        self.read_connection(&mut scope);
        own_op(&mut scope, runs, events);
        scope
    }

    /// The hooks of an op.
    pub(super) fn op_hooks(&mut self, runs: &Signature, waits: &[Op], fan: Option<Ty>) {
        for _ in 0..self.rng.below(4) {
            let agent = runs.tools.is_some() && self.rng.chance(60);
            let events = self.rng.pick(if agent { AGENT_EVENTS } else { OP_EVENTS });
            let scope = self.hook_context(runs, waits, fan, events);
            self.w("    ");
            self.hook(&scope, events, runs);
        }
        let fitting: Vec<_> = self.reusable.iter().filter(|hook| hook.fits == runs.name).cloned().collect();
        for hook in fitting {
            if self.rng.chance(70) {
                let scope = self.hook_context(runs, waits, None, hook.events);
                self.w(&format!("    use {}(", hook.name));
                self.arguments(&scope, &hook.params);
                self.aliases += 1;
                self.w(&format!(") as u{}\n", self.aliases));
            }
        }
    }

    pub(super) fn job_hook(&mut self, inputs: &[Field], ops: &[Op]) {
        let events = self.rng.pick(JOB_EVENTS);
        let is_final = !events.contains("start") && !events.contains("overdue");
        let mut scope = Scope::default();
        scope.fields("inputs.", inputs, true);
        self.read_connection(&mut scope);
        job_fields(&mut scope);
        if is_final {
            ops.iter().for_each(|op| read_op(&mut scope, op));
            scope.sure("string(job.status)", Ty::Text);
            scope.sure("size(job.failed_ops)", Ty::Int);
            scope.sure("job.failed_ops.exists(f, f.allow_failure && size(f.name) > 3)", Ty::Bool);
            scope.sure("job.finished_at", Ty::Timestamp);
            scope.sure("job.duration", Ty::Duration);
            if events != "succeeded" {
                scope.unsure("job.error_message", Ty::Text);
            }
        }
        self.w("  ");
        self.hook(&scope, events, &Signature::default());
    }

    /// `on …` with its condition and verb; gates of ops may modify what `runs` takes and gives.
    pub(super) fn hook(&mut self, scope: &Scope, events: &str, runs: &Signature) {
        self.w(&format!("on {events}"));
        if self.rng.chance(70) {
            self.w(" when ");
            self.site(scope, Ty::Bool);
        }
        let Some(replaced) = gate(events) else { return self.call(scope, "run") };
        let mender = replaced.and_then(|(side, tool)| match tool {
            None => runs.menders[side].clone(),
            Some(name) => runs.tools.iter().flatten().find(|tool| tool.name == name)?.menders[side].clone(),
        });
        if let Some(mender) = mender.filter(|_| self.rng.chance(50)) {
            return self.modify(scope, &mender);
        }
        match self.rng.pick(&["fail", "warn", "run", "require"]) {
            verb @ ("fail" | "warn") => {
                self.w(&format!(" {verb} "));
                self.site(scope, Ty::Text);
                self.w("\n");
            }
            verb => self.call(scope, verb),
        }
    }

    fn call(&mut self, scope: &Scope, verb: &str) {
        if self.has.connections != Connections::None && self.rng.chance(30) {
            self.w(&format!(" {verb} send(via: conn, text: "));
            self.site(scope, Ty::Text);
            self.w(")\n");
            return;
        }
        self.w(&format!(" {verb} tell(text: "));
        self.site(scope, Ty::Text);
        self.w(", n: ");
        self.site(scope, Ty::Int);
        self.w(", maybe: ");
        self.site(scope, Ty::Optional(&Ty::Float));
        self.w(")\n");
    }

    fn modify(&mut self, scope: &Scope, mender: &Mender) {
        self.w(&format!(" modify {}(", mender.name));
        for (name, ty) in mender.takes {
            self.w(&format!("{name}: "));
            self.site(scope, *ty);
            self.w(", ");
        }
        self.w(")\n");
    }
}
