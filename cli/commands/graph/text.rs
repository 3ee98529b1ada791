//! Lines for reading.

use crate::drawing::{Drawing, HookNode, JobBox, OpNode};
use crate::output::{BOLD, CYAN, DIM};
use crate::sanitise::one_line;

pub(super) fn write(drawing: &Drawing) -> String {
    let jobs: Vec<String> = drawing.jobs.iter().map(job_lines).collect();
    jobs.join("\n")
}

fn job_lines(job: &JobBox) -> String {
    let mut out = format!("{BOLD}job {}{BOLD:#}\n", one_line(&job.name));
    for op in &job.ops {
        out.push_str(&op_lines(op));
    }
    for hook in &job.hooks {
        out.push_str(&format!("  {}", hook_line(hook)));
    }
    out
}

fn op_lines(op: &OpNode) -> String {
    let mut out = format!("  {BOLD}{}{BOLD:#} = {}\n", one_line(&op.name), one_line(&op.runs));
    if let Some(when) = &op.when {
        out.push_str(&format!("    when {}\n", one_line(when)));
    }
    for edge in &op.edges {
        let word = if edge.needs { "needs" } else { "waits for" };
        let reason =
            if edge.reason.is_empty() { String::new() } else { format!(" {DIM}({}){DIM:#}", one_line(&edge.reason)) };
        out.push_str(&format!("    {word} {}{reason}\n", one_line(&edge.op)));
    }
    for hook in &op.hooks {
        out.push_str(&format!("    {}", hook_line(hook)));
    }
    out
}

fn hook_line(hook: &HookNode) -> String {
    let kind = if hook.is_gate { "gate" } else { "hook" };
    let when = hook.when.as_ref().map(|when| format!(" when {}", one_line(when))).unwrap_or_default();
    format!(
        "{CYAN}{kind}{CYAN:#} {} on {}{when}: {}\n",
        one_line(&hook.name),
        one_line(&hook.event),
        one_line(&hook.action)
    )
}
