//! A Mermaid flowchart.

use std::fmt::Write;

use super::{Drawing, HookNode, JobBox, hook_id, job_id, op_id};
use crate::sanitise::one_line;

/// The text.
pub fn write(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart TD\n");
    for (index, job) in drawing.jobs.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = job_lines(&mut out, index, job);
    }
    out
}

fn job_lines(out: &mut String, index: usize, job: &JobBox) -> std::fmt::Result {
    writeln!(out, "  subgraph {}[\"{}\"]", job_id(index), label(&job.name))?;
    for (at, op) in job.ops.iter().enumerate() {
        let text = label(&format!("{} = {}", op.name, op.runs));
        let when = op.when.as_ref().map(|when| format!("<br/>when {}", label(when))).unwrap_or_default();
        let (open, close) = if op.is_job { ("[[", "]]") } else { ("[", "]") };
        writeln!(out, "    {}{open}\"{text}{when}\"{close}", op_id(index, at))?;
    }
    for (at, op) in job.ops.iter().enumerate() {
        for edge in &op.edges {
            let arrow = if edge.needs { "-->" } else { "-.->" };
            let reason = if edge.reason.is_empty() { String::new() } else { format!("|\"{}\"|", label(&edge.reason)) };
            writeln!(out, "    {} {arrow}{reason} {}", op_id(index, edge.from), op_id(index, at))?;
        }
    }
    for (at, op) in job.ops.iter().enumerate() {
        let id = op_id(index, at);
        for (number, hook) in op.hooks.iter().enumerate() {
            hook_lines(out, "    ", &id, &hook_id(&id, number), hook)?;
        }
    }
    writeln!(out, "  end")?;
    for (number, hook) in job.hooks.iter().enumerate() {
        hook_lines(out, "  ", &job_id(index), &hook_id(&job_id(index), number), hook)?;
    }
    Ok(())
}

fn hook_lines(out: &mut String, indent: &str, of: &str, id: &str, hook: &HookNode) -> std::fmt::Result {
    let when = hook.when.as_ref().map(|when| format!("<br/>when {}", label(when))).unwrap_or_default();
    let text = format!("{}: {}{when}", label(&hook.name), label(&hook.action));
    let (open, close) = if hook.is_gate { ("{{", "}}") } else { ("([", "])") };
    writeln!(out, "{indent}{id}{open}\"{text}\"{close}")?;
    writeln!(out, "{indent}{of} -. \"{}\" .- {id}", label(&hook.event))
}

/// Text inside quotes: Mermaid takes entities for what has a meaning of its own.
fn label(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '|' | '\\' | '{' | '}' | '[' | ']' => {
                out.push_str(&format!("#{};", u32::from(c)))
            }
            _ => out.push(c),
        }
    }
    out
}
