//! Reads of other ops: whether they can be read here, and whether the value is certain to exist.

use hookc_grammar::Span;
use hookc_grammar::ast::Ident;
use hookc_plan::{Event, Node, Path};
use smol_str::SmolStr;

use crate::check::hooks::event_facts::{Presence, facts};
use crate::check::scope::Env;
use crate::check::typed::OpRead;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};

impl ExpressionChecker<'_, '_> {
    /// `fit.loss`: another op's output.
    pub(crate) fn op_output(&mut self, scope: &mut Scope<'_, '_>, op: usize, name: &Ident, span: Span) -> Typed {
        let guard = std::mem::take(&mut scope.guard);
        let Some(job) = self.job_of(scope) else {
            return scope.broken(span);
        };
        let Some(info) = job.ops.get(op) else {
            return scope.broken(span);
        };
        if info.runs.is_none() {
            scope.ops.reads.push(OpRead { op, output: None, guarded: true });
            return scope.broken(span);
        }
        let Some((_, declared)) = info.outputs.iter().find(|(output, _)| *output == name.text) else {
            scope.ops.reads.push(OpRead { op, output: None, guarded: true });
            if !self.is_whole(info.damage) {
                return scope.broken(span);
            }
            let names: Vec<SmolStr> = info.outputs.iter().map(|(name, _)| name.clone()).collect();
            return self.unknown_part(scope, &info.name, name, &names, span);
        };
        if let Some(param) = info.runs.and_then(|runs| self.signature(runs).1.get(&name.text)) {
            self.note_param(scope.place(name.span), param, &info.name);
        }
        let path = Path::OpOutput(info.name.clone(), name.text.clone());
        let key = SmolStr::from(path.to_string());
        let narrowed = scope.narrowing.asked(&key).is_some();
        let guarded = guard || narrowed || declared.takes_null();
        let Some(certain) = self.op_is_certain(scope, op, span) else {
            return scope.broken(span);
        };
        scope.ops.reads.push(OpRead { op, output: Some(name.text.clone()), guarded });
        let certain = match scope.env {
            Env::Job(..) => !scope.ops.may_be_null(op, guarded),
            _ => certain,
        };
        let ty = if certain { declared.clone() } else { declared.clone().optional() };
        scope.typed(self, Node::Ctx { path }, ty, span)
    }

    /// Whether the op's outputs are certain to exist here; `None` after a report that the op cannot be read.
    pub(crate) fn op_is_certain(&mut self, scope: &Scope<'_, '_>, op: usize, span: Span) -> Option<bool> {
        match scope.env {
            Env::Job(job, current) if op == current => {
                let name = job.ops.get(op).map_or("", |info| &info.name);
                let place = scope.place(span);
                let message = format!("op `{name}` cannot read itself");
                self.error_at(diagnostics::DEPENDENCY_CYCLE, place, message);
                None
            }
            Env::Job(..) => Some(scope.ops.may_be_read(op)),
            Env::Op(context) => {
                let (job, current) = context.job?;
                if op == current || !job.waits_for(current, op) {
                    self.not_before(scope, job, current, op, span);
                    return None;
                }
                let unsure = context.events.iter().any(|event| facts(*event).inputs == Presence::Never);
                Some(!unsure && job.needs(current, op))
            }
            Env::JobHook(context) => {
                let job = context.job?;
                if !context.events.iter().all(|event| facts(*event).is_final) {
                    let name = job.ops.get(op).map_or("", |info| &info.name);
                    self.not_on_events(scope, &format!("`{name}`"), &context.events, span);
                    return None;
                }
                Some(context.events.iter().all(|event| *event == Event::Succeeded) && job.is_certain(op))
            }
            _ => None,
        }
    }

    pub(crate) fn not_before(
        &mut self,
        scope: &Scope<'_, '_>,
        job: &crate::check::jobs::job_scope::JobScope<'_, '_>,
        current: usize,
        op: usize,
        span: Span,
    ) {
        if op != current && !self.is_whole(job.damage_of_needs(current)) {
            return;
        }
        let name = |index: usize| job.ops.get(index).map_or("", |info| info.name.as_str());
        let place = scope.place(span);
        let (message, help) = if op == current {
            (
                format!("a hook of op `{}` cannot read the op by its name", name(op)),
                "read its outputs as `outputs.…`".to_owned(),
            )
        } else {
            let message = format!("op `{}` might not have ended when op `{}` ends", name(op), name(current));
            (message, format!("add `after {}` to op `{}`, or move the hook to the job", name(op), name(current)))
        };
        self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place, message).help(help));
    }

    /// The job whose ops can be read here.
    pub(crate) fn job_of<'a, 's>(
        &self,
        scope: &Scope<'a, 's>,
    ) -> Option<&'a crate::check::jobs::job_scope::JobScope<'a, 's>> {
        match scope.env {
            Env::Job(job, _) => Some(job),
            Env::Op(context) => context.job.map(|(job, _)| job),
            Env::JobHook(context) => context.job,
            _ => None,
        }
    }

    /// Why a value may be missing, to follow "may be missing".
    pub(crate) fn why_absent(&self, scope: &Scope<'_, '_>, expr: &hookc_plan::Expr) -> Option<String> {
        let Node::Ctx { path } = &expr.node else { return None };
        let events = match scope.env {
            Env::Op(context) => &context.events,
            Env::JobHook(context) => &context.events,
            _ => &Vec::new(),
        };
        match path {
            Path::Output(name) => {
                let Env::Op(context) = scope.env else { return None };
                if context.outputs.get(name).is_some_and(|param| param.ty.takes_null()) {
                    return None;
                }
                let event =
                    events.iter().find(|event| context.output(name, **event).is_none_or(|ty| ty.takes_null()))?;
                Some(format!("on `{event}`{}", facts(*event).why))
            }
            Path::OpOutput(op, _) => Some(format!("here: op `{op}` might not have succeeded")),
            Path::Error(_) => {
                let event = events.iter().find(|event| !facts(**event).error)?;
                Some(format!("on `{event}`"))
            }
            Path::Input(_) => {
                let event = events.iter().find(|event| facts(**event).inputs != Presence::Always)?;
                Some(match facts(*event).inputs {
                    Presence::Perhaps => format!("on `{event}`: its argument can fail to evaluate"),
                    _ => format!("on `{event}`"),
                })
            }
            _ => None,
        }
    }
}
