//! One op: its arguments and needs first, its settings and hooks when the needs of all ops are known.

use hookc_grammar::Span;
use hookc_grammar::ast::{Dep, DepOps, Ident};
use hookc_plan as plan;
use hookc_plan::OpState;
use smol_str::SmolStr;

use crate::check::expressions::named_condition::TypedCondition;
use crate::check::expressions::op_certainty::OpCertainty;
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job::dep_names;
use crate::check::jobs::job_scope::{JobScope, OpInfo, Runs};
use crate::check::jobs::needs::Need;
use crate::check::jobs::op_parts::OpParts;
use crate::check::typed::{Local, OpRead};
use crate::check::{Checker, Env, Referent, Scope};
use crate::context_names::is_context_name;
use crate::declare::{context_name, duplicate};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::place::Place;
use crate::symbol::Symbol;
use crate::ty::Ty;

impl<'p, 's> Checker<'p, 's> {
    /// The arguments, `when` and `for` of an op, and what it waits for.
    pub(crate) fn op_parts(&mut self, job: &JobScope<'_, 's>, index: usize) -> OpParts {
        let Some(info) = job.ops.get(index) else {
            return OpParts::default();
        };
        let after = self.after(job, index, info);
        let mut scope = Scope::new(job.def.item.file, info.at, Env::Job(job, index));
        scope.ops = OpCertainty::new(after.iter().map(|need| (need.op, need.certain)).collect());
        let (mut parts, when) = self.op_expressions(&mut scope, job, info);
        let mut when = when;
        let each = parts.each.iter_mut().map(|fan| &mut fan.over);
        let args = parts.args.iter_mut().map(|arg| &mut arg.value);
        self.settle(&mut scope, each.chain(args).chain(when.as_mut().map(|when| &mut *when.typed.expr)));
        self.lint_op(&scope, &parts);
        parts.when = when.and_then(|when| self.finish_condition(&scope, when));
        parts.edges = merge(after, &scope.ops.reads, &scope.ops.uncertain());
        parts
    }

    /// The typed parts of an op, and its condition, which is not in the form of the plan yet.
    fn op_expressions(
        &mut self,
        scope: &mut Scope<'_, 's>,
        job: &JobScope<'_, 's>,
        info: &OpInfo<'s>,
    ) -> (OpParts, Option<TypedCondition>) {
        let mut parts = OpParts::default();
        let when = info.ast.when.as_ref().and_then(|when| self.typed_clause(scope, when));
        self.fan(scope, job, info, &mut parts);
        scope.locals = parts.fan.clone();
        match info.runs {
            Some(runs) => {
                let callee = self.callee(runs);
                let whole = info.ast.call.name.as_ref().map_or(info.ast.call.span, |name| name.span);
                if info.ast.call.args_span.is_some() {
                    parts.args = self.arguments(scope, &callee, &info.ast.call.args, whole);
                    if let Runs::Component(id) = runs {
                        self.note_connections(id, &parts.args, scope.place(whole));
                    }
                }
            }
            None => self.arguments_of_unknown(scope, &info.ast.call),
        }
        (parts, when)
    }

    fn lint_op(&mut self, scope: &Scope<'_, 's>, parts: &OpParts) {
        for fan in &parts.each {
            self.lint_value(scope, &fan.over);
        }
        self.lint_arguments(scope, &parts.args);
    }

    fn fan(&mut self, scope: &mut Scope<'_, 's>, job: &JobScope<'_, 's>, info: &OpInfo<'s>, parts: &mut OpParts) {
        for fan in &info.ast.fan {
            let over = self.value(scope, &fan.over, None);
            let ty = match &over.ty {
                Ty::List(item) => item.as_ref().clone(),
                Ty::Error => Ty::Error,
                other => {
                    let message = format!("`for` expects a list, found `{}`", self.show(other));
                    self.error_at(diagnostics::TYPE_MISMATCH, scope.place(fan.over.span), message);
                    Ty::Error
                }
            };
            let (name, place) = (fan.var.text.clone(), scope.place(fan.var.span));
            self.check_variable(job, parts, &fan.var, place);
            self.note_type(place, &ty, false);
            let value = plan::Node::Local { name: name.clone() };
            parts.fan.push(Local { name: name.clone(), ty: ty.clone(), value, place });
            parts.each.push(plan::Fan { var: name, over: *over.expr, ty: self.plan_type(&ty) });
        }
    }

    fn check_variable(&mut self, job: &JobScope<'_, 's>, parts: &OpParts, var: &Ident, place: crate::place::Place) {
        if is_context_name(&var.text) {
            self.report(context_name(&var.text, "loop variable", place));
            return;
        }
        let earlier = parts.fan.iter().find(|local| local.name == var.text).map(|local| local.place);
        let op = job.op_named(&var.text).and_then(|index| job.ops.get(index)).map(|info| info.place);
        if let Some(first) = earlier.or(op).or_else(|| self.first_in_scope(job, &var.text)) {
            self.report(duplicate(&var.text, place, Some(first)));
        }
    }

    /// The dependencies in the `after` clauses.
    fn after(&mut self, job: &JobScope<'_, 's>, index: usize, info: &OpInfo<'s>) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        let mut groups = 0;
        for dep in &info.ast.after {
            let scope = Scope::new(job.def.item.file, info.at, Env::Plain);
            let states = self.after_states(&scope, dep);
            let group = matches!(dep.ops, DepOps::Any(_)).then(|| {
                groups += 1;
                groups - 1
            });
            let ops: Vec<(usize, Span)> = match &dep.ops {
                DepOps::Each => {
                    job.looks_further();
                    let named = |op: &usize| job.ops.get(*op).is_some_and(|info| !info.name.is_empty());
                    (0..index).filter(named).map(|op| (op, dep.span)).collect()
                }
                named => {
                    let names = dep_names(named).iter();
                    names.filter_map(|name| Some((self.after_op(&scope, job, index, name)?, name.span))).collect()
                }
            };
            for (op, span) in ops {
                if needs.iter().any(|need| need.op == op) {
                    let name = job.ops.get(op).map_or("", |info| &info.name);
                    if !matches!(dep.ops, DepOps::Each) {
                        let message = format!("`after` names `{name}` twice");
                        self.error_at(diagnostics::GIVEN_TWICE, scope.place(span), message);
                    }
                    continue;
                }
                let certain = group.is_none() && states == [OpState::Succeeded];
                needs.push(Need { op, states: states.clone(), reads: Vec::new(), certain, written: true, any: group });
            }
        }
        needs
    }

    /// Reports each `after each op` above ops that it does not wait for, and that do not wait for its op.
    pub(crate) fn lint_each_op(&mut self, job: &JobScope<'_, 's>) {
        for (index, info) in job.ops.iter().enumerate() {
            let Some(dep) = info.ast.after.iter().find(|dep| matches!(dep.ops, DepOps::Each)) else {
                continue;
            };
            let later = job.needs.waiting_for(index);
            let below = job.ops.iter().enumerate().skip(index + 1).filter(|(op, _)| !later.contains(op));
            let names: Vec<String> = below.map(|(_, op)| format!("`{}`", op.name)).collect();
            let message = match names.as_slice() {
                _ if index == 0 => {
                    "`each op` waits for nothing: it is every op written above, and there is none".to_owned()
                }
                [] => continue,
                [first] => format!("`each op` does not wait for {first}: it is every op written above"),
                [first, rest @ ..] => {
                    let count = rest.len();
                    format!("`each op` does not wait for {first} and {count} more: it is every op written above")
                }
            };
            let place = Place { file: job.def.item.file, span: dep.span.shifted(info.at) };
            let help = format!("move `{}` below the ops that it is to wait for", info.name);
            self.report(Diagnostic::new(diagnostics::EACH_OP_ABOVE, place, message).help(help));
        }
    }

    fn after_op(&mut self, scope: &Scope<'_, '_>, job: &JobScope<'_, 's>, index: usize, name: &Ident) -> Option<usize> {
        let place = scope.place(name.span);
        self.complete_ops(job, Some(index), place);
        let found = job.op_named(&name.text);
        if let Some(info) = found.and_then(|op| job.ops.get(op)) {
            self.note_name(place, Referent::Declared(info.place));
        }
        match found {
            Some(op) if op == index => {
                let message = format!("op `{}` cannot wait for itself", name.text);
                self.error_at(diagnostics::DEPENDENCY_CYCLE, place, message);
                None
            }
            Some(op) => Some(op),
            None if self.program.is_poisoned(scope.file, &name.text) || job.has_nameless_op() => None,
            None => {
                let names = job.ops.iter().map(|info| info.name.as_str()).filter(|name| !name.is_empty());
                let message = format!("unknown op `{}`", name.text);
                let diagnostic = Diagnostic::new(diagnostics::UNKNOWN_OP, place, message).suggest(&name.text, names);
                self.report(diagnostic);
                None
            }
        }
    }

    fn after_states(&mut self, scope: &Scope<'_, '_>, dep: &Dep) -> Vec<OpState> {
        let Some(event) = &dep.event else {
            if matches!(dep.ops, DepOps::Any(_)) {
                let place = scope.place(dep.span);
                let diagnostic = Diagnostic::new(diagnostics::MISSING, place, "`any` needs an event");
                self.report(diagnostic.help("add an event, as in `any a, b succeeded`"));
            }
            return vec![OpState::Succeeded];
        };
        let states = ["succeeded", "failed", "skipped", "upstream_failed", "done"];
        self.complete_words(scope.place(event.span), Kind::Event, states);
        match event.text.as_str() {
            "succeeded" => vec![OpState::Succeeded],
            "failed" => vec![OpState::Failed],
            "skipped" => vec![OpState::Skipped],
            "upstream_failed" => vec![OpState::UpstreamFailed],
            "done" => FINAL_STATES.to_vec(),
            other => {
                let place = scope.place(event.span);
                let message = format!("`after` cannot wait for `{other}`");
                let help = did_you_mean(other, states).unwrap_or_else(|| {
                    "use one of `succeeded`, `failed`, `skipped`, `upstream_failed`, `done`".to_owned()
                });
                self.report(Diagnostic::new(diagnostics::BAD_EVENT, place, message).help(help));
                FINAL_STATES.to_vec()
            }
        }
    }

    /// The whole op in the plan's form.
    pub(crate) fn op(
        &mut self,
        job: &JobScope<'p, 's>,
        index: usize,
        parts: OpParts,
        each: &[EachBlock<'s>],
    ) -> plan::Op {
        let edges = edges_of(job, index);
        let Some(info) = job.ops.get(index) else {
            return plan::Op::default();
        };
        let blocks: Vec<&EachBlock<'s>> = match info.runs {
            Some(runs) => {
                let (inputs, outputs) = self.signature(runs);
                each.iter().filter(|block| self.block_fits(block, inputs, outputs)).collect()
            }
            None => Vec::new(),
        };
        let settings = self.op_settings(job, index, &parts, &blocks);
        let hooks = self.op_hooks(job, index, &parts, &blocks);
        let runs = match info.runs {
            Some(Runs::Component(id)) => plan::Runs::Component(self.key(Symbol::Component(id))),
            Some(Runs::Job(id)) => plan::Runs::Job(self.key(Symbol::Job(id))),
            None => plan::Runs::Component(SmolStr::default()),
        };
        let span = self.plan_span(info.place);
        let outputs = info.outputs.iter().map(|(name, ty)| plan::Field {
            name: name.clone(),
            ty: self.plan_type(ty),
            default: None,
            constraint: None,
            doc: None,
            span,
        });
        plan::Op {
            name: info.name.clone(),
            runs,
            outputs: outputs.collect(),
            args: parts.args,
            when: parts.when,
            edges,
            each: parts.each,
            hooks,
            doc: info.ast.doc.as_ref().map(ToString::to_string),
            span,
            ..settings
        }
    }
}

/// What an op waits for, sorted by op.
fn edges_of(job: &JobScope<'_, '_>, index: usize) -> Vec<plan::Edge> {
    let name_of = |index: usize| job.ops.get(index).map_or_else(SmolStr::default, |info| info.name.clone());
    let mut edges: Vec<plan::Edge> = job
        .needs
        .of(index)
        .iter()
        .map(|need| plan::Edge {
            op: name_of(need.op),
            states: need.states.clone(),
            reads: need.reads.clone(),
            certain: need.certain,
            written: need.written,
            any: need.any,
        })
        .collect();
    edges.sort_by(|a, b| a.op.cmp(&b.op));
    edges
}

/// The states in which an op has ended.
const FINAL_STATES: [OpState; 5] =
    [OpState::Succeeded, OpState::Failed, OpState::Stopped, OpState::Skipped, OpState::UpstreamFailed];

/// The dependencies: the ops that `after` names, and those that are read.
fn merge(mut needs: Vec<Need>, reads: &[OpRead], uncertain: &[usize]) -> Vec<Need> {
    for read in reads {
        let index = needs.iter().position(|need| need.op == read.op).unwrap_or_else(|| {
            let certain = !uncertain.contains(&read.op);
            let states = if certain { vec![OpState::Succeeded] } else { FINAL_STATES.to_vec() };
            needs.push(Need { op: read.op, states, reads: Vec::new(), certain, written: false, any: None });
            needs.len() - 1
        });
        if let (Some(need), Some(output)) = (needs.get_mut(index), &read.output)
            && !need.reads.contains(output)
        {
            need.reads.push(output.clone());
        }
    }
    for need in &mut needs {
        need.reads.sort_unstable();
    }
    needs
}
