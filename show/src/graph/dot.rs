//! A Graphviz document.

use std::fmt::Write;

use super::{Drawing, HookNode, JobBox, hook_id, job_id, op_id};
use crate::sanitise::one_line;

/// The text.
pub fn write(drawing: &Drawing) -> String {
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
        writeln!(out, "    {} [label=\"{} = {}{when}\"{shape}];", op_id(index, at), label(&op.name), label(&op.runs))?;
    }
    for (at, op) in job.ops.iter().enumerate() {
        let id = op_id(index, at);
        for edge in &op.edges {
            let style = if edge.needs { "" } else { ", style=dashed" };
            let from = op_id(index, edge.from);
            writeln!(out, "    {from} -> {id} [label=\"{}\"{style}];", label(&edge.reason))?;
        }
        for (number, hook) in op.hooks.iter().enumerate() {
            let hook_id = hook_id(&id, number);
            hook_node(out, &hook_id, hook)?;
            writeln!(out, "    {id} -> {hook_id} [label=\"{}\", style=dotted, dir=none];", label(&hook.event))?;
        }
    }
    for (number, hook) in job.hooks.iter().enumerate() {
        hook_node(out, &hook_id(&job_id(index), number), hook)?;
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
