//! The features that an engine must know, one row for each feature and place.

use std::collections::BTreeMap;

use hookc_plan as plan;
use hookc_plan::{Body, ConnectionValue, Expr, Node, Path, Plan, Span, Type, TypeDef, VerbKind};
use smol_str::SmolStr;

use super::collect;

/// The rows, sorted by feature and place.
pub(super) fn uses(plan: &Plan) -> Vec<plan::Use> {
    let mut rows = Rows(BTreeMap::new());
    for (name, component) in &plan.components {
        component_rows(&mut rows, name, component);
    }
    for (name, connection) in &plan.connections {
        let feature = match &connection.value {
            ConnectionValue::Mock(_) => "connection.mock",
            ConnectionValue::Fields(fields) if fields.values().any(|field| super::secret_of(field).is_some()) => {
                "connection.secret"
            }
            ConnectionValue::Fields(_) => "connection.plain",
        };
        rows.add(feature, name, Span::default());
    }
    for (name, def) in &plan.types {
        if let TypeDef::Record(fields) = def {
            let ruled = fields.iter().filter(|field| field.constraint.is_some());
            ruled.for_each(|field| rows.add("input.where", name, field.span));
        }
    }
    for (name, job) in &plan.jobs {
        job_rows(&mut rows, name, job);
    }
    collect::expressions(plan, &mut |at, expr| expression_rows(&mut rows, at, expr));
    rows.0.into_iter().map(|((feature, at), span)| plan::Use { feature, at, span }).collect()
}

/// The first place of each feature in each holder.
struct Rows(BTreeMap<(String, String), Span>);

impl Rows {
    fn add(&mut self, feature: impl Into<String>, at: &str, span: Span) {
        self.0.entry((feature.into(), at.to_owned())).or_insert(span);
    }

    fn add_if(&mut self, used: bool, feature: &str, at: &str, span: Span) {
        if used {
            self.add(feature, at, span);
        }
    }
}

fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Float => "float",
        Type::String => "string",
        Type::Duration => "duration",
        Type::Timestamp => "timestamp",
        Type::Path => "path",
        Type::Uri => "uri",
        Type::Secret => "secret",
        Type::Json => "json",
        Type::Null => "null",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::Optional(_) => "optional",
        Type::Enum(_) => "enum",
        Type::Record(_) => "record",
    }
}

fn component_rows(rows: &mut Rows, at: &str, component: &plan::Component) {
    let span = component.span;
    for body in &component.bodies {
        match body {
            Body::Exec(_) => rows.add("body.exec", at, span),
            Body::Shell(_) => rows.add("body.shell", at, span),
            Body::Python(_) => rows.add("body.python", at, span),
            Body::Http(http) => {
                rows.add("body.http", at, span);
                rows.add_if(http.sign.is_some(), "http.sign", at, span);
            }
            Body::Ask(_) => rows.add("body.ask", at, span),
            Body::External(external) => rows.add(format!("body.external.{}", external.engine), at, span),
        }
    }
    rows.add_if(component.kind == plan::ComponentKind::Agent, "agent", at, span);
    rows.add_if(!component.outputs.is_empty(), "output.check", at, span);
    for field in component.inputs.iter().chain(&component.outputs) {
        rows.add(format!("type.{}", type_name(&field.ty)), at, field.span);
        rows.add_if(field.constraint.is_some(), "input.where", at, field.span);
    }
}

fn job_rows(rows: &mut Rows, name: &str, job: &plan::Job) {
    rows.add_if(job.concurrency.is_some(), "job.concurrency", name, job.span);
    for field in &job.inputs {
        rows.add(format!("type.{}", type_name(&field.ty)), name, field.span);
        rows.add_if(field.constraint.is_some(), "input.where", name, field.span);
    }
    for op in &job.ops {
        op_rows(rows, name, op, job);
        hook_rows(rows, &op.hooks, "op");
        let gates = op.hooks.iter().filter(|hook| hook.verb != VerbKind::Run).count();
        rows.add_if(gates > 1, "guarantee.order", &format!("{name}.{}", op.name), op.span);
    }
    hook_rows(rows, &job.hooks, "job");
    for trigger in &job.triggers {
        let at = format!("{name}.{}", trigger.name);
        let kind = match &trigger.kind {
            plan::TriggerKind::Schedule(_) => "trigger.schedule",
            plan::TriggerKind::Webhook(_) => "trigger.webhook",
            plan::TriggerKind::After(_) => "trigger.after",
            plan::TriggerKind::Watch(_) => "trigger.watch",
        };
        rows.add(kind, &at, trigger.span);
        rows.add_if(trigger.when.is_some(), "trigger.when", &at, trigger.span);
    }
}

fn op_rows(rows: &mut Rows, job_name: &str, op: &plan::Op, job: &plan::Job) {
    let at = &format!("{job_name}.{}", op.name);
    let span = op.span;
    rows.add_if(matches!(op.runs, plan::Runs::Job(_)), "op.job", at, span);
    rows.add_if(op.when.is_some(), "op.when", at, span);
    rows.add_if(!op.retry.is_empty(), "op.retry", at, span);
    rows.add_if(op.retry.iter().any(|retry| retry.when.is_some()), "op.retry.when", at, span);
    rows.add_if(op.retry.iter().any(|retry| retry.delay_ms != DEFAULT_DELAY.0), "op.retry.delay", at, span);
    rows.add_if(op.retry.iter().any(|retry| retry.max_ms != DEFAULT_DELAY.1), "op.retry.max", at, span);
    rows.add_if(op.timeout_ms.is_some(), "op.timeout", at, span);
    rows.add_if(op.cache_ms.is_some(), "op.cache", at, span);
    rows.add_if(op.concurrency.is_some(), "op.concurrency", at, span);
    rows.add_if(op.allow_failure, "op.allow_failure", at, span);
    rows.add_if(op.at_most_once, "op.at_most_once", at, span);
    rows.add_if(op.at_most_once, "guarantee.once", at, span);
    let placement = &op.placement;
    rows.add_if(placement.queue.is_some(), "op.queue", at, span);
    rows.add_if(placement.namespace.is_some(), "op.namespace", at, span);
    rows.add_if(!placement.presets.is_empty(), "op.presets", at, span);
    rows.add_if(placement.cpu.is_some(), "op.cpu", at, span);
    rows.add_if(placement.memory_bytes.is_some(), "op.memory", at, span);
    rows.add_if(placement.gpu.is_some(), "op.gpu", at, span);
    if !op.each.is_empty() {
        let constant = op.each.iter().all(|fan| matches!(fan.over.node, Node::Const { .. } | Node::List { .. }));
        rows.add(if constant { "op.each.const" } else { "op.each.dynamic" }, at, span);
    }
    for edge in &op.edges {
        edge.states.iter().for_each(|state| rows.add(format!("edge.{state}"), at, span));
        rows.add_if(edge.any.is_some(), "edge.any", at, span);
        rows.add_if(reads_path(edge, job), "edge.path", at, span);
    }
}

/// The delays of a retry where none is written.
const DEFAULT_DELAY: (u64, u64) = (1_000, 600_000);

/// Whether a file crosses from one op to another.
fn reads_path(edge: &plan::Edge, job: &plan::Job) -> bool {
    let Some(op) = job.ops.iter().find(|op| op.name == edge.op) else {
        return false;
    };
    let is_path = |name: &SmolStr| op.outputs.iter().any(|output| output.name == *name && holds_path(&output.ty));
    edge.reads.iter().any(is_path)
}

fn holds_path(ty: &Type) -> bool {
    match ty {
        Type::Path => true,
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => holds_path(inner),
        _ => false,
    }
}

fn hook_rows(rows: &mut Rows, hooks: &[plan::Hook], target: &str) {
    for hook in hooks {
        let (at, span) = (hook.path.as_str(), hook.span);
        hook.on.iter().for_each(|on| rows.add(format!("on.{}.{target}", on.event), at, span));
        rows.add(format!("verb.{}", hook.verb), at, span);
        rows.add_if(hook.when.is_some(), "hook.when", at, span);
        rows.add_if(is_own_retry(hook), "hook.retry", at, span);
        rows.add_if(hook.settings.timeout_ms.is_some_and(|ms| ms != HOOK_TIMEOUT_MS), "hook.timeout", at, span);
        rows.add_if(!hook.settings.placement.is_empty(), "hook.placement", at, span);
        if hook.verb == VerbKind::Run {
            rows.add("guarantee.delivery", at, span);
            rows.add("guarantee.isolation", at, span);
        }
    }
}

/// What a hook's run has where nothing is written.
const HOOK_TIMEOUT_MS: u64 = 60_000;
const HOOK_RETRIES: u32 = 3;

/// Whether the hook's retries were written for it.
fn is_own_retry(hook: &plan::Hook) -> bool {
    let usual = |retry: &plan::Retry| {
        retry.times == HOOK_RETRIES && retry.when.is_none() && (retry.delay_ms, retry.max_ms) == DEFAULT_DELAY
    };
    match hook.settings.retry.as_slice() {
        [] => false,
        [retry] => hook.verb != VerbKind::Run || !usual(retry),
        _ => true,
    }
}

fn expression_rows(rows: &mut Rows, at: &str, expr: &Expr) {
    expr.walk(&mut |expr| {
        let operation = match &expr.node {
            Node::Macro { kind, .. } => format!("ir.macro.{kind}"),
            node => format!("ir.{}", node.operation()),
        };
        rows.add(operation, at, expr.span);
        if let Node::Ctx { path } = &expr.node {
            rows.add(format!("ctx.{}", generic(path)), at, expr.span);
        }
    });
}

/// A path without the names that a user chose.
fn generic(path: &Path) -> String {
    match path {
        Path::Input(_) => "inputs".to_owned(),
        Path::JobInput(_) => "job.inputs".to_owned(),
        Path::Output(_) => "outputs".to_owned(),
        Path::OpOutput(..) => "ops.outputs".to_owned(),
        Path::OpStatus(_) => "ops.status".to_owned(),
        Path::Payload(_) => "payload".to_owned(),
        Path::ToolOutput(_) => "output".to_owned(),
        other => other.to_string(),
    }
}
