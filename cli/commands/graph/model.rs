//! What is drawn, worded once for every form: ops in plan order, edges with their reason, gates and observers.

use hookc_plan::{Edge, Event, EventOn, Hook, Job, OpState, Plan, Runs, VerbKind};

/// All jobs of a plan.
pub(super) struct Drawing {
    pub(super) jobs: Vec<JobBox>,
}

/// One job.
pub(super) struct JobBox {
    pub(super) name: String,
    pub(super) ops: Vec<OpNode>,
    pub(super) hooks: Vec<HookNode>,
}

/// An op, with what it waits for.
pub(super) struct OpNode {
    pub(super) name: String,
    /// `= train`, `= job nightly`, `= train, for each lr`
    pub(super) runs: String,
    /// Its condition, as it is written.
    pub(super) when: Option<String>,
    pub(super) is_job: bool,
    pub(super) edges: Vec<EdgeLine>,
    pub(super) hooks: Vec<HookNode>,
}

/// What an op waits for.
pub(super) struct EdgeLine {
    /// The position of the other op.
    pub(super) from: usize,
    /// The op's name.
    pub(super) op: String,
    /// Whether that op must have succeeded.
    pub(super) needs: bool,
    /// `model, loss`, `after done`, `any failed`; may be empty.
    pub(super) reason: String,
}

/// A gate or an observer.
pub(super) struct HookNode {
    pub(super) name: String,
    pub(super) is_gate: bool,
    /// `on failed`
    pub(super) event: String,
    /// `run slack`
    pub(super) action: String,
    pub(super) when: Option<String>,
}

impl Drawing {
    pub(super) fn new(plan: &Plan) -> Drawing {
        Drawing { jobs: plan.jobs.values().map(job_box).collect() }
    }
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
        }
    });
    JobBox { name: job.name.to_string(), ops: ops.collect(), hooks: job.hooks.iter().map(hook_node).collect() }
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
