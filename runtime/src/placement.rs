//! What of an op's placement holds on this machine, and what is only said not to hold.

use hookc_plan::{Component, Name, Placement, Plan, Runs, Span};

use crate::executor::{engine, wants_container};
use crate::options::{NoContainer, Options};
use crate::secrets::reached::jobs;
use crate::unsupported;

/// An op or a hook, with what it runs.
struct Call<'p> {
    at: String,
    span: Span,
    /// None for an op that calls a job.
    component: Option<&'p Component>,
    placement: &'p Placement,
    /// Whether it waits for a slot of its queue.
    queues: bool,
}

impl Call<'_> {
    fn wants_container(&self) -> bool {
        self.component.is_some_and(wants_container)
    }
}

fn calls<'p>(plan: &'p Plan, key: &Name) -> Vec<Call<'p>> {
    let mut calls = Vec::new();
    for job in jobs(plan, key) {
        for op in &job.ops {
            let component = match &op.runs {
                Runs::Component(key) => plan.components.get(key),
                Runs::Job(_) => None,
            };
            let at = format!("{}.{}", job.name, op.name);
            let queues = component.is_some();
            calls.push(Call { at, span: op.span, component, placement: &op.placement, queues });
        }
        for hook in job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks) {
            let component = hook.component.as_ref().and_then(|key| plan.components.get(key));
            let placement = &hook.settings.placement;
            calls.push(Call { at: hook.path.clone(), span: hook.span, component, placement, queues: false });
        }
    }
    calls
}

/// What needs a container where nothing can run one.
pub(crate) fn without_container(plan: &Plan, key: &Name, options: &Options) -> Vec<NoContainer> {
    if options.host || engine(&options.environment).is_some() {
        return Vec::new();
    }
    let calls = calls(plan, key).into_iter().filter(|call| call.wants_container());
    calls.map(|call| NoContainer { at: call.at, place: unsupported::place(plan, call.span) }).collect()
}

/// What is not applied here, a line for each kind.
pub(crate) fn notes(plan: &Plan, key: &Name, options: &Options) -> Vec<String> {
    let calls = calls(plan, key);
    let mut notes = Vec::new();
    let on_host: Vec<String> = calls
        .iter()
        .filter(|call| options.host && call.wants_container())
        .map(|call| format!("`{}`", call.at))
        .collect();
    if !on_host.is_empty() {
        notes.push(format!("`--host`: run on this machine and not in a container: {}", on_host.join(", ")));
    }
    let ignored: Vec<String> = calls.iter().flat_map(|call| ignored(call, options)).collect();
    if !ignored.is_empty() {
        notes.push(format!("not applied on this machine: {}", ignored.join(", ")));
    }
    notes
}

fn ignored(call: &Call<'_>, options: &Options) -> Vec<String> {
    let (placement, contained) = (call.placement, call.wants_container() && !options.host);
    let words = [
        ("cpu", placement.cpu.is_some() && !contained),
        ("memory", placement.memory_bytes.is_some() && !contained),
        ("gpu", placement.gpu.is_some() && !contained),
        ("namespace", placement.namespace.is_some()),
        ("presets", !placement.presets.is_empty()),
        ("queue", placement.queue.is_some() && !call.queues),
    ];
    let ignored = words.into_iter().filter(|(_, is_ignored)| *is_ignored);
    ignored.map(|(word, _)| format!("`{word}` of `{}`", call.at)).collect()
}
