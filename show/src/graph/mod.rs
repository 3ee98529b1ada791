//! What is drawn, worded once for every form: ops in plan order, edges with their reason, gates and observers.

pub mod dot;
pub mod json;
pub mod mermaid;

use hookc_plan::{Edge, Event, EventOn, Hook, Job, OpState, Plan, Runs, Span, VerbKind};

/// All jobs of a plan.
pub struct Drawing {
    /// In the order of the plan.
    pub jobs: Vec<JobBox>,
}

/// One job.
pub struct JobBox {
    /// Its name.
    pub name: String,
    /// Its ops, in plan order.
    pub ops: Vec<OpNode>,
    /// Its own hooks.
    pub hooks: Vec<HookNode>,
    /// Where it is declared.
    pub span: Span,
}

/// An op, with what it waits for.
pub struct OpNode {
    /// Its name.
    pub name: String,
    /// `= train`, `= job nightly`, `= train, for each lr`
    pub runs: String,
    /// Its condition, as it is written.
    pub when: Option<String>,
    /// Whether it runs a job.
    pub is_job: bool,
    /// What it waits for.
    pub edges: Vec<EdgeLine>,
    /// Its gates and observers.
    pub hooks: Vec<HookNode>,
    /// Where it is written.
    pub span: Span,
}

/// What an op waits for.
pub struct EdgeLine {
    /// The position of the other op.
    pub from: usize,
    /// The op's name.
    pub op: String,
    /// Whether that op must have succeeded.
    pub needs: bool,
    /// `model, loss`, `after done`, `any failed`; may be empty.
    pub reason: String,
}

/// A gate or an observer.
pub struct HookNode {
    /// Its name.
    pub name: String,
    /// Whether it can change what happens.
    pub is_gate: bool,
    /// `on failed`
    pub event: String,
    /// `run slack`
    pub action: String,
    /// Its condition, as it is written.
    pub when: Option<String>,
    /// Where it is written.
    pub span: Span,
}

impl Drawing {
    /// The jobs of a plan.
    pub fn new(plan: &Plan) -> Drawing {
        Drawing { jobs: plan.jobs.values().map(job_box).collect() }
    }

    /// Every node's name in the drawings, and where it is written.
    pub fn places(&self) -> Vec<(String, Span)> {
        let mut places = Vec::new();
        for (index, job) in self.jobs.iter().enumerate() {
            places.push((job_id(index), job.span));
            let hooks = job.hooks.iter().enumerate();
            places.extend(hooks.map(|(number, hook)| (hook_id(&job_id(index), number), hook.span)));
            for (at, op) in job.ops.iter().enumerate() {
                let id = op_id(index, at);
                places.push((id.clone(), op.span));
                places.extend(op.hooks.iter().enumerate().map(|(number, hook)| (hook_id(&id, number), hook.span)));
            }
        }
        places
    }
}

fn job_id(job: usize) -> String {
    format!("j{job}")
}

fn op_id(job: usize, op: usize) -> String {
    format!("j{job}o{op}")
}

fn hook_id(of: &str, hook: usize) -> String {
    format!("{of}h{hook}")
}

fn job_box(job: &Job) -> JobBox {
    let ops = job.ops.iter().map(|op| {
        let (runs, is_job) = match &op.runs {
            Runs::Component(name) => (name.to_string(), false),
            Runs::Job(name) => (format!("job {name}"), true),
        };
        let each: Vec<&str> = op.each.iter().map(|fan| fan.var.as_str()).collect();
        let runs = if each.is_empty() { runs } else { format!("{runs}, for each {}", each.join(", ")) };
        OpNode {
            name: op.name.to_string(),
            runs,
            when: op.when.as_ref().map(|cond| words(&cond.source)),
            is_job,
            edges: op.edges.iter().filter_map(|edge| edge_line(job, edge)).collect(),
            hooks: op.hooks.iter().map(hook_node).collect(),
            span: op.span,
        }
    });
    JobBox {
        name: job.name.to_string(),
        ops: ops.collect(),
        hooks: job.hooks.iter().map(hook_node).collect(),
        span: job.span,
    }
}

fn edge_line(job: &Job, edge: &Edge) -> Option<EdgeLine> {
    let from = job.ops.iter().position(|op| op.name == edge.op)?;
    let reads = edge.reads.join(", ");
    let after =
        edge.written.then(|| format!("{} {}", if edge.any.is_some() { "any" } else { "after" }, states(&edge.states)));
    let reason = match (reads.is_empty(), after) {
        (true, None) => String::new(),
        (true, Some(after)) => after,
        (false, None) => reads,
        (false, Some(after)) => format!("{reads}; {after}"),
    };
    let needs = edge.any.is_none() && (edge.certain || edge.states == [OpState::Succeeded]);
    Some(EdgeLine { from, op: edge.op.to_string(), needs, reason })
}

fn states(states: &[OpState]) -> String {
    let is_final = |state: &OpState| *state != OpState::Pending;
    let finals = OpState::ALL.iter().filter(|state| is_final(state)).count();
    if states.iter().filter(|state| is_final(state)).count() == finals {
        return Event::Done.word().to_owned();
    }
    states.iter().map(|state| state.word()).collect::<Vec<_>>().join(", ")
}

fn hook_node(hook: &Hook) -> HookNode {
    let events: Vec<String> = hook.on.iter().map(event).collect();
    let action = match &hook.component {
        Some(component) => format!("{} {component}", hook.verb),
        None => hook.verb.to_string(),
    };
    HookNode {
        name: hook.name.to_string(),
        is_gate: hook.verb != VerbKind::Run,
        event: events.join(", "),
        action,
        when: hook.when.as_ref().map(|cond| words(&cond.source)),
        span: hook.span,
    }
}

fn event(on: &EventOn) -> String {
    let word = on.event.word();
    match on.after_ms {
        Some(ms) => format!("{word}({}s)", ms / 1_000),
        None if on.tools.is_empty() => word.to_owned(),
        None => format!("{word}({})", on.tools.join(", ")),
    }
}

/// A condition over several lines, on one.
fn words(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}
