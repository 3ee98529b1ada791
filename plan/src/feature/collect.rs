//! Which features a plan uses, and where.

use rustc_hash::FxHashSet;

use super::{Feature, FinalState, HookEvent, HookTarget, ValueType};
use crate::expr::{Expr, Node};
use crate::expressions;
use crate::plan::{
    Body, Component, ComponentKind, ConnectionValue, Edge, FieldValue, Hook, Job, Op, OutputsFrom, Plan, Retry, Runs,
    Trigger, TriggerKind, Use, VerbKind,
};
use crate::types::{Field, Name, Span, Type, TypeDef};

/// Every feature that a plan uses, once for each place, sorted by feature and place.
pub fn features(plan: &Plan) -> Vec<Use> {
    let mut rows = Rows::default();
    for (name, component) in &plan.components {
        component_rows(&mut rows, name, component);
    }
    rows.add_if(plan.allow_private, Feature::AllowPrivate, "", Span::default());
    for (name, connection) in &plan.connections {
        rows.add(connection_feature(&connection.value), name, Span::default());
    }
    for (name, def) in &plan.types {
        if let TypeDef::Record(fields) = def {
            let constrained = fields.iter().filter(|field| field.constraint.is_some());
            constrained.for_each(|field| rows.add(Feature::InputWhere, name, field.span));
        }
    }
    for (name, job) in &plan.jobs {
        job_rows(&mut rows, name, job);
        job.triggers.iter().for_each(|trigger| trigger_rows(&mut rows, name, trigger));
    }
    expressions::of_plan(plan, &mut |at, expr| expression_rows(&mut rows, at, expr));
    rows.sorted()
}

/// Those of a job, its ops and its hooks, without its triggers and what it runs. `name` begins the places.
pub fn features_of_job(name: &str, job: &Job) -> Vec<Use> {
    let mut rows = Rows::default();
    job_rows(&mut rows, name, job);
    expressions::of_job(name, job, &mut |at, expr| expression_rows(&mut rows, at, expr));
    rows.sorted()
}

/// Those of a component.
pub fn features_of_component(name: &str, component: &Component) -> Vec<Use> {
    let mut rows = Rows::default();
    component_rows(&mut rows, name, component);
    expressions::of_component(component, &mut |expr| expression_rows(&mut rows, name, expr));
    rows.sorted()
}

/// The first place of each feature in each holder.
#[derive(Default)]
struct Rows {
    known: FxHashSet<(Feature, Name)>,
    rows: Vec<Use>,
}

impl Rows {
    fn add(&mut self, feature: Feature, at: &str, span: Span) {
        if self.known.insert((feature, at.into())) {
            self.rows.push(Use { feature, at: at.to_owned(), span });
        }
    }

    fn add_if(&mut self, used: bool, feature: Feature, at: &str, span: Span) {
        if used {
            self.add(feature, at, span);
        }
    }

    fn sorted(mut self) -> Vec<Use> {
        self.rows.sort_by_cached_key(|row| (row.feature.word(), row.at.clone()));
        self.rows
    }
}

fn connection_feature(value: &ConnectionValue) -> Feature {
    match value {
        ConnectionValue::Mock(_) => Feature::ConnectionMock,
        ConnectionValue::Fields(fields) => {
            let secret = fields.values().any(|field| matches!(field, FieldValue::Secret(_)));
            if secret { Feature::ConnectionSecret } else { Feature::ConnectionPlain }
        }
    }
}

fn component_rows(rows: &mut Rows, at: &str, component: &Component) {
    let span = component.span;
    for body in &component.bodies {
        let feature = match body {
            Body::Exec(_) => Feature::BodyExec,
            Body::Shell(_) => Feature::BodyShell,
            Body::Python(_) => Feature::BodyPython,
            Body::Http(_) => Feature::BodyHttp,
            Body::Ask(_) => Feature::BodyAsk,
            Body::External(external) => Feature::BodyExternal(external.engine),
        };
        rows.add(feature, at, span);
        rows.add_if(matches!(body, Body::Http(http) if http.sign.is_some()), Feature::HttpSign, at, span);
    }
    let settings = [
        (component.kind == ComponentKind::Agent, Feature::Agent),
        (component.image.is_some(), Feature::ComponentImage),
        (!component.env.is_empty(), Feature::ComponentEnv),
        (component.cwd.is_some(), Feature::ComponentCwd),
        (component.outputs_from == OutputsFrom::Stdout, Feature::ResultStdout),
    ];
    settings.into_iter().for_each(|(used, feature)| rows.add_if(used, feature, at, span));
    rows.add_if(!component.outputs.is_empty(), Feature::OutputCheck, at, span);
    field_rows(rows, at, &component.inputs);
    field_rows(rows, at, &component.outputs);
}

fn field_rows(rows: &mut Rows, at: &str, fields: &[Field]) {
    for field in fields {
        rows.add(Feature::Type(ValueType(field.ty.kind())), at, field.span);
        rows.add_if(field.constraint.is_some(), Feature::InputWhere, at, field.span);
    }
}

fn job_rows(rows: &mut Rows, name: &str, job: &Job) {
    rows.add_if(job.concurrency.is_some(), Feature::JobConcurrency, name, job.span);
    rows.add_if(job.fail_fast, Feature::JobFailFast, name, job.span);
    field_rows(rows, name, &job.inputs);
    for op in &job.ops {
        let at = format!("{name}.{}", op.name);
        op_rows(rows, &at, op);
        op.edges.iter().for_each(|edge| edge_rows(rows, &at, op.span, edge, job));
        hook_rows(rows, &op.hooks, HookTarget::Op);
        let gates = op.hooks.iter().filter(|hook| hook.verb != VerbKind::Run).count();
        rows.add_if(gates > 1, Feature::GuaranteeOrder, &at, op.span);
    }
    hook_rows(rows, &job.hooks, HookTarget::Job);
}

fn trigger_rows(rows: &mut Rows, job: &str, trigger: &Trigger) {
    let at = format!("{job}.{}", trigger.name);
    let feature = match &trigger.kind {
        TriggerKind::Schedule(_) => Feature::TriggerSchedule,
        TriggerKind::Webhook(_) => Feature::TriggerWebhook,
        TriggerKind::After(_) => Feature::TriggerAfter,
        TriggerKind::Watch(_) => Feature::TriggerWatch,
    };
    rows.add(feature, &at, trigger.span);
    rows.add_if(trigger.when.is_some(), Feature::TriggerWhen, &at, trigger.span);
}

fn op_rows(rows: &mut Rows, at: &str, op: &Op) {
    let retried = |differs: fn(&Retry) -> bool| op.retry.iter().any(differs);
    let placement = &op.placement;
    let settings = [
        (matches!(op.runs, Runs::Job(_)), Feature::OpJob),
        (op.when.is_some(), Feature::OpWhen),
        (!op.retry.is_empty(), Feature::OpRetry),
        (retried(|retry| retry.when.is_some()), Feature::OpRetryWhen),
        (retried(|retry| retry.delay_ms != USUAL_DELAY.0), Feature::OpRetryDelay),
        (retried(|retry| retry.max_ms != USUAL_DELAY.1), Feature::OpRetryMax),
        (op.skip_when.is_some(), Feature::OpSkipWhen),
        (op.timeout_ms.is_some(), Feature::OpTimeout),
        (op.cache_ms.is_some(), Feature::OpCache),
        (op.concurrency.is_some(), Feature::OpConcurrency),
        (op.allow_failure, Feature::OpAllowFailure),
        (op.allow_failure_when.is_some(), Feature::OpAllowFailureWhen),
        (op.fail_fast, Feature::OpFailFast),
        (op.at_most_once, Feature::OpAtMostOnce),
        (op.at_most_once, Feature::GuaranteeOnce),
        (placement.queue.is_some(), Feature::OpQueue),
        (placement.namespace.is_some(), Feature::OpNamespace),
        (!placement.presets.is_empty(), Feature::OpPresets),
        (placement.cpu.is_some(), Feature::OpCpu),
        (placement.memory_bytes.is_some(), Feature::OpMemory),
        (placement.gpu.is_some(), Feature::OpGpu),
    ];
    settings.into_iter().for_each(|(used, feature)| rows.add_if(used, feature, at, op.span));
    if !op.each.is_empty() {
        let constant = op.each.iter().all(|fan| matches!(fan.over.node, Node::Const { .. } | Node::List { .. }));
        rows.add(if constant { Feature::OpEachConst } else { Feature::OpEachDynamic }, at, op.span);
    }
}

/// The first and the maximum delay of a retry where none is written, in milliseconds.
const USUAL_DELAY: (u64, u64) = (1_000, 600_000);

fn edge_rows(rows: &mut Rows, at: &str, span: Span, edge: &Edge, job: &Job) {
    edge.states.iter().for_each(|state| rows.add(Feature::Edge(FinalState(*state)), at, span));
    rows.add_if(edge.any.is_some(), Feature::EdgeAny, at, span);
    rows.add_if(reads_path(edge, job), Feature::EdgePath, at, span);
}

/// Whether a file goes from one op to another.
fn reads_path(edge: &Edge, job: &Job) -> bool {
    let Some(op) = job.ops.iter().find(|op| op.name == edge.op) else {
        return false;
    };
    let is_path = |name: &Name| op.outputs.iter().any(|output| output.name == *name && holds_path(&output.ty));
    edge.reads.iter().any(is_path)
}

fn holds_path(ty: &Type) -> bool {
    match ty {
        Type::Path => true,
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => holds_path(inner),
        _ => false,
    }
}

fn hook_rows(rows: &mut Rows, hooks: &[Hook], target: HookTarget) {
    for hook in hooks {
        let (at, span) = (hook.path.as_str(), hook.span);
        hook.on.iter().for_each(|on| rows.add(Feature::On(HookEvent { event: on.event, target }), at, span));
        rows.add(Feature::Verb(hook.verb), at, span);
        rows.add_if(hook.when.is_some(), Feature::HookWhen, at, span);
        rows.add_if(!hook.settings.retry.is_empty(), Feature::HookRetry, at, span);
        let timeout = hook.settings.timeout_ms.is_some_and(|ms| ms != USUAL_HOOK_TIMEOUT_MS);
        rows.add_if(timeout, Feature::HookTimeout, at, span);
        rows.add_if(!hook.settings.placement.is_empty(), Feature::HookPlacement, at, span);
        rows.add_if(hook.verb == VerbKind::Run, Feature::GuaranteeDelivery, at, span);
        rows.add_if(hook.verb == VerbKind::Run, Feature::GuaranteeIsolation, at, span);
    }
}

/// The time of a hook's try where none is written.
const USUAL_HOOK_TIMEOUT_MS: u64 = 60_000;

fn expression_rows(rows: &mut Rows, at: &str, expr: &Expr) {
    expr.walk(&mut |expr| {
        let feature = match &expr.node {
            Node::Macro { kind, .. } => Feature::Macro(*kind),
            node => Feature::Operation(node.operation()),
        };
        rows.add(feature, at, expr.span);
        if let Node::Ctx { path } = &expr.node {
            rows.add(Feature::Context(path.kind()), at, expr.span);
        }
    });
}
