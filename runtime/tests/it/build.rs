//! Builds plans for tests, in few words.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::{
    Accept, Arg, Body, CompareOn, Component, ComponentKind, Cond, Connection, ConnectionValue, Edge, Event, EventOn,
    ExecItem, Expr, Fan, Field, FieldValue, From, Hook, HookSettings, Http, Job, Mock, Name, Node, Op, OpState,
    OrderOn, OutputsFrom, Plan, Provider, Python, Retry, Runs, Secret, Shape, Source, Span, TextOn, Type, TypeDef,
    VerbKind,
};
use serde_json::{Value as Json, json};

pub fn e(node: Node, ty: Type) -> Expr {
    Expr { node, ty, span: Span::default(), via: Vec::new() }
}

pub fn b(node: Expr) -> Box<Expr> {
    Box::new(node)
}

pub fn lit(value: Json, ty: Type) -> Expr {
    e(Node::Const { value }, ty)
}

pub fn int(value: i64) -> Expr {
    lit(json!(value), Type::Int)
}

pub fn float(value: f64) -> Expr {
    lit(json!(value), Type::Float)
}

pub fn text(value: &str) -> Expr {
    lit(json!(value), Type::String)
}

pub fn yes() -> Expr {
    lit(json!(true), Type::Bool)
}

/// A read of the context, as written in source text.
pub fn read(path: &str, ty: Type) -> Expr {
    e(Node::Ctx { path: path.parse().unwrap() }, ty)
}

pub fn local(name: &str, ty: Type) -> Expr {
    e(Node::Local { name: name.into() }, ty)
}

pub fn secret(name: &str) -> Expr {
    e(Node::Secret { name: name.into() }, Type::Secret)
}

pub fn connection(name: &str) -> Expr {
    e(Node::Connection { name: name.into() }, Type::Record("Webhook".into()))
}

pub fn gt(a: Expr, c: Expr, on: OrderOn) -> Expr {
    e(Node::Gt { on, a: b(a), b: b(c) }, Type::Bool)
}

pub fn eq(a: Expr, c: Expr, on: CompareOn) -> Expr {
    e(Node::Eq { on, a: b(a), b: b(c) }, Type::Bool)
}

/// An integer expression that fails with `division_by_zero`.
pub fn broken_int() -> Expr {
    let zero = e(Node::IntMul { a: b(int(0)), b: b(int(1)) }, Type::Int);
    e(Node::IntDiv { a: b(int(1)), b: b(zero) }, Type::Int)
}

pub fn cond(expr: Expr, source: &str) -> Cond {
    Cond { expr, source: source.to_owned(), reads: Vec::new(), may_fail: Vec::new(), cost: 0 }
}

pub fn to_text(a: Expr, on: TextOn) -> Expr {
    e(Node::ToText { on, a: b(a) }, Type::String)
}

pub fn template(parts: Vec<Expr>) -> Expr {
    e(Node::Template { parts }, Type::String)
}

pub fn list(items: Vec<Expr>, of: Type) -> Expr {
    e(Node::List { items }, Type::List(Box::new(of)))
}

pub fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, default: None, constraint: None, doc: None, span: Span::default() }
}

pub fn fields(fields: &[(&str, Type)]) -> Vec<Field> {
    fields.iter().map(|(name, ty)| field(name, ty.clone())).collect()
}

pub fn component(inputs: &[(&str, Type)], outputs: &[(&str, Type)], body: Body) -> Component {
    Component {
        kind: ComponentKind::Component,
        inputs: fields(inputs),
        outputs: fields(outputs),
        bodies: vec![body],
        image: None,
        env: BTreeMap::new(),
        cwd: None,
        outputs_from: OutputsFrom::File,
        model: None,
        prompt: None,
        tools: Vec::new(),
        doc: None,
        span: Span::default(),
    }
}

pub fn shell(script: &str) -> Body {
    Body::Shell(script.to_owned())
}

pub fn exec(items: Vec<Expr>) -> Body {
    Body::Exec(items.into_iter().map(ExecItem::One).collect())
}

pub fn python(target: &str) -> Body {
    let (module, function) = target.split_once(':').unwrap();
    Body::Python(Python { module: module.to_owned(), function: function.to_owned() })
}

pub fn http(method: &str, url: Expr) -> Http {
    Http { method: method.to_owned(), url, headers: BTreeMap::new(), json: None, sign: None, accept: Accept(200, 299) }
}

pub fn arg(name: &str, value: Expr) -> Arg {
    Arg { name: name.into(), value }
}

pub fn op(name: &str, component: &str) -> Op {
    Op { name: name.into(), runs: Runs::Component(component.into()), ..Op::default() }
}

pub fn edge(op: &str, states: &[OpState], written: bool) -> Edge {
    let certain = states == [OpState::Succeeded];
    Edge { op: op.into(), states: states.to_vec(), reads: Vec::new(), certain, written, any: None }
}

/// What can be said of an op in a chain.
pub trait With: Sized {
    fn needs(self, op: &str) -> Self;
    fn after(self, op: &str, states: &[OpState]) -> Self;
    fn any(self, group: u32, op: &str, states: &[OpState]) -> Self;
    fn arg(self, name: &str, value: Expr) -> Self;
    fn when(self, cond: Cond) -> Self;
    fn each(self, var: &str, over: Expr, ty: Type) -> Self;
    fn out(self, name: &str, ty: Type) -> Self;
    fn retry(self, times: u32, delay_ms: u64) -> Self;
    fn hook(self, hook: Hook) -> Self;
    fn with(self, change: impl FnOnce(&mut Self)) -> Self;
}

impl With for Op {
    fn needs(mut self, op: &str) -> Op {
        self.edges.push(edge(op, &[OpState::Succeeded], false));
        self
    }

    fn after(mut self, op: &str, states: &[OpState]) -> Op {
        self.edges.push(edge(op, states, true));
        self
    }

    fn any(mut self, group: u32, op: &str, states: &[OpState]) -> Op {
        self.edges.push(Edge { any: Some(group), ..edge(op, states, true) });
        self
    }

    fn arg(mut self, name: &str, value: Expr) -> Op {
        self.args.push(arg(name, value));
        self
    }

    fn when(mut self, cond: Cond) -> Op {
        self.when = Some(cond);
        self
    }

    fn each(mut self, var: &str, over: Expr, ty: Type) -> Op {
        self.each.push(Fan { var: var.into(), over, ty });
        self
    }

    fn out(mut self, name: &str, ty: Type) -> Op {
        self.outputs.push(field(name, ty));
        self
    }

    fn retry(mut self, times: u32, delay_ms: u64) -> Op {
        self.retry.push(Retry { times, when: None, delay_ms, max_ms: 600_000 });
        self
    }

    fn hook(mut self, mut hook: Hook) -> Op {
        hook.path = format!("nightly.{}.{}", self.name, hook.name);
        hook.order = u32::try_from(self.hooks.len()).unwrap();
        self.hooks.push(hook);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Op)) -> Op {
        change(&mut self);
        self
    }
}

pub const DONE: [OpState; 5] =
    [OpState::Succeeded, OpState::Failed, OpState::Stopped, OpState::Skipped, OpState::UpstreamFailed];

pub fn hook(name: &str, verb: VerbKind, on: &[Event]) -> Hook {
    Hook {
        name: name.into(),
        path: format!("nightly.{name}"),
        on: on.iter().map(|event| EventOn { event: *event, after_ms: None, tools: Vec::new() }).collect(),
        verb,
        when: None,
        component: None,
        args: Vec::new(),
        message: None,
        settings: HookSettings::default(),
        order: 0,
        from: From::Own,
        span: Span::default(),
        attached: Span::default(),
    }
}

/// An observer that runs `tell(text)`.
pub fn tell(name: &str, on: &[Event], message: Expr) -> Hook {
    Hook { component: Some("tell".into()), args: vec![arg("text", message)], ..hook(name, VerbKind::Run, on) }
}

pub fn job(name: &str, ops: Vec<Op>) -> Job {
    Job {
        name: name.into(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        concurrency: None,
        fail_fast: false,
        ops,
        hooks: Vec::new(),
        triggers: Vec::new(),
        shape: Shape::Plain,
        doc: None,
        span: Span::default(),
    }
}

/// A plan of the one job `nightly` and the components `tell(text)`, `noop()` and `give() -> (loss: float)`.
pub fn plan(job: Job) -> Plan {
    let mut plan = Plan {
        plan: hookc_plan::VERSION.to_owned(),
        hash: "0".repeat(64),
        project: "test".to_owned(),
        profile: None,
        allow_private: false,
        sources: vec![Source { id: 0, path: "a.hook".to_owned(), sha256: String::new() }],
        types: BTreeMap::new(),
        components: BTreeMap::new(),
        connections: BTreeMap::new(),
        secrets: Vec::new(),
        jobs: BTreeMap::from([(job.name.clone(), job)]),
        uses: Vec::new(),
    };
    plan.add("tell", component(&[("text", Type::String)], &[], shell("echo \"$HOOK_INPUT_TEXT\" >> told")));
    plan.add("noop", component(&[], &[], shell("true")));
    plan.add("give", component(&[], &[("loss", Type::Float)], shell("echo '{\"loss\": 0.5}' > \"$HOOK_OUTPUTS\"")));
    plan
}

pub trait Extend {
    fn add(&mut self, name: &str, component: Component);
    fn secret(&mut self, name: &str, provider: Provider);
    fn webhook(&mut self, name: &str, url: FieldValue);
    fn mock(&mut self, name: &str, outputs: &[(&str, &str, Expr)]);
    fn shared(self) -> Arc<Plan>;
}

impl Extend for Plan {
    fn add(&mut self, name: &str, component: Component) {
        self.components.insert(name.into(), component);
    }

    fn secret(&mut self, name: &str, provider: Provider) {
        self.secrets.push(Secret { name: name.into(), provider, used_by: Vec::new() });
    }

    /// A connection of `record Webhook { url: secret }`.
    fn webhook(&mut self, name: &str, url: FieldValue) {
        self.types.insert("Webhook".into(), TypeDef::Record(vec![field("url", Type::Secret)]));
        let value = ConnectionValue::Fields(BTreeMap::from([("url".into(), url)]));
        self.connections.insert(name.into(), Connection { ty: "Webhook".into(), value });
    }

    fn mock(&mut self, name: &str, outputs: &[(&str, &str, Expr)]) {
        self.types.insert("Webhook".into(), TypeDef::Record(vec![field("url", Type::Secret)]));
        let mut mock = Mock::default();
        for (component, output, value) in outputs {
            mock.outputs.entry(Name::from(*component)).or_default().insert(Name::from(*output), value.clone());
        }
        self.connections.insert(name.into(), Connection { ty: "Webhook".into(), value: ConnectionValue::Mock(mock) });
    }

    fn shared(self) -> Arc<Plan> {
        Arc::new(self)
    }
}
