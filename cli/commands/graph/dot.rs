//! A Graphviz document.

use std::fmt::Write;

use super::model::{Drawing, HookNode, JobBox};
use crate::sanitise::one_line;

pub(super) fn write(drawing: &Drawing) -> String {
    let mut out = String::from(
        "digraph jobs {\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n",
    );
    for (index, job) in drawing.jobs.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = job_lines(&mut out, index, job);
    }
    out.push_str("}\n");
    out
}

fn job_lines(out: &mut String, index: usize, job: &JobBox) -> std::fmt::Result {
    writeln!(out, "  subgraph cluster_{index} {{")?;
    writeln!(out, "    label=\"{}\";", label(&job.name))?;
    for (at, op) in job.ops.iter().enumerate() {
        let when = op.when.as_ref().map(|when| format!("\\nwhen {}", label(when))).unwrap_or_default();
        let shape = if op.is_job { ", peripheries=2" } else { "" };
        writeln!(out, "    j{index}o{at} [label=\"{} = {}{when}\"{shape}];", label(&op.name), label(&op.runs))?;
    }
    for (at, op) in job.ops.iter().enumerate() {
        for edge in &op.edges {
            let style = if edge.needs { "" } else { ", style=dashed" };
            writeln!(out, "    j{index}o{} -> j{index}o{at} [label=\"{}\"{style}];", edge.from, label(&edge.reason))?;
        }
        for (number, hook) in op.hooks.iter().enumerate() {
            let id = format!("j{index}o{at}h{number}");
            hook_node(out, &id, hook)?;
            writeln!(out, "    j{index}o{at} -> {id} [label=\"{}\", style=dotted, dir=none];", label(&hook.event))?;
        }
    }
    for (number, hook) in job.hooks.iter().enumerate() {
        hook_node(out, &format!("j{index}h{number}"), hook)?;
    }
    writeln!(out, "  }}")
}

/// A job's own hooks stand alone in its box, with their event in the text.
fn hook_node(out: &mut String, id: &str, hook: &HookNode) -> std::fmt::Result {
    let when = hook.when.as_ref().map(|when| format!("\\nwhen {}", label(when))).unwrap_or_default();
    let shape = if hook.is_gate { "hexagon" } else { "oval" };
    writeln!(
        out,
        "    {id} [label=\"{}: on {} {}{when}\", shape={shape}];",
        label(&hook.name),
        label(&hook.event),
        label(&hook.action)
    )
}

fn label(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
