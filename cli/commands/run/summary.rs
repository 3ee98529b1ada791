//! The tables at the end of a run: how the ops ended, and what became of each hook.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::Style;
use hookc_plan::trace::JobStatus;
use hookc_plan::{Job, Name, OpState, Plan};
use hookc_runtime::{DryHook, DryOp, DryRun, DrySecret, HookOutcome, HookReport, OpReport, Report};

use crate::output::{BOLD, CYAN, DIM, GREEN, RED, YELLOW};
use crate::run_progress::state_mark;
use crate::sanitise::one_line;

/// The longest message in a table.
const MESSAGE: usize = 160;

/// The job that is meant.
pub(super) fn job_of<'p>(plan: &'p Plan, name: Option<&Name>) -> Option<&'p Job> {
    match name {
        Some(name) => plan.jobs.get(name).or_else(|| plan.jobs.values().find(|job| job.name == *name)),
        None => plan.jobs.values().find(|job| !called(plan, job)),
    }
}

fn called(plan: &Plan, job: &Job) -> bool {
    let calls = |op: &hookc_plan::Op| matches!(&op.runs, hookc_plan::Runs::Job(key) if plan.jobs.get(key).is_some_and(|of| std::ptr::eq(of, job)));
    plan.jobs.values().any(|other| other.ops.iter().any(calls))
}

/// A line of a table: a mark, its cells, and what is said in full below it.
struct Row {
    style: Style,
    mark: &'static str,
    cells: Vec<String>,
    below: Vec<String>,
}

/// The summary of a run.
pub(super) fn of_run(report: &Report) -> String {
    let mut text = String::new();
    let (style, word) = match report.status {
        JobStatus::Succeeded => (GREEN, "succeeded"),
        JobStatus::Failed => (RED, "failed"),
        JobStatus::Stopped => (YELLOW, "was stopped"),
    };
    let time = report.duration.as_deref().map(|time| format!(" in {time}")).unwrap_or_default();
    let job = one_line(&report.job);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{BOLD}{job}{BOLD:#} {style}{word}{style:#}{time}");
    for line in report.error.iter().flat_map(|error| error.lines()) {
        let _ = writeln!(text, "  {}", short(line));
    }
    table(&mut text, &report.ops.iter().map(op_row).collect::<Vec<_>>());
    if !report.hooks.is_empty() {
        let _ = writeln!(text, "\n{BOLD}hooks{BOLD:#}");
        let prefix = format!("{}.", report.job);
        table(&mut text, &report.hooks.iter().map(|hook| hook_row(hook, &prefix)).collect::<Vec<_>>());
    }
    if !report.outputs.is_empty() {
        let _ = writeln!(text, "\n{BOLD}outputs{BOLD:#}");
        for (name, value) in &report.outputs {
            let _ = writeln!(text, "  {name}: {}", short(&value.to_string()));
        }
    }
    let _ = writeln!(text, "\n{DIM}logs and trace: {}{DIM:#}", from_here(&report.folder));
    text
}

/// A path as one can type it here: relative where it lies below the present folder, with quotes where a shell needs them.
fn from_here(path: &str) -> String {
    let path = Path::new(path);
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = real.strip_prefix(&here).unwrap_or(&real).to_string_lossy().into_owned();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if shown.chars().all(plain) { shown } else { format!("'{}'", one_line(&shown).replace('\'', r"'\''")) }
}

fn op_row(op: &OpReport) -> Row {
    let (style, mark) = state_mark(op.status);
    let mut state = op.status.word().replace('_', " ");
    if op.allow_failure && op.status == OpState::Failed {
        state.push_str(" (allowed)");
    }
    if !op.items.is_empty() {
        let succeeded = op.items.iter().filter(|item| item.status == OpState::Succeeded).count();
        state = format!("{state}, {succeeded} of {} items succeeded", op.items.len());
    }
    let attempts = if op.attempts > 1 { format!("{} attempts", op.attempts) } else { String::new() };
    let mut below = Vec::new();
    if let Some(error) = &op.error {
        below.push(format!("{}: {}", error.kind, short(&error.message)));
        below.extend(op.log.as_ref().map(|log| format!("log: {}", from_here(log))));
    }
    let cells = vec![one_line(&op.op).into_owned(), state, op.duration.clone().unwrap_or_default(), attempts];
    Row { style, mark, cells, below }
}

fn hook_row(hook: &HookReport, prefix: &str) -> Row {
    let (style, mark, outcome) = outcome(hook);
    let name = hook.hook.strip_prefix(prefix).unwrap_or(&hook.hook);
    let mut below = Vec::new();
    for run in &hook.runs {
        let item = run.item.map(|item| format!("[{item}] ")).unwrap_or_default();
        let why = run.error.as_ref().map(|error| format!("{}: {}", error.kind, error.message));
        below.extend(why.or_else(|| run.reason.clone()).map(|why| format!("{item}{}", short(&why))));
    }
    for gate in &hook.gates {
        let item = gate.item.map(|item| format!("[{item}] ")).unwrap_or_default();
        below.extend(gate.message.as_ref().map(|message| format!("{item}{}", short(message))));
    }
    if below.len() > 3 {
        let more = below.len() - 3;
        below.truncate(3);
        below.push(format!("and {more} more"));
    }
    let on: Vec<&str> = hook.on.iter().map(|event| event.word()).collect();
    Row { style, mark, cells: vec![one_line(name).into_owned(), format!("on {}", on.join(", ")), outcome], below }
}

fn outcome(hook: &HookReport) -> (Style, &'static str, String) {
    let times = |word: &str, count: usize| {
        if count == 1 { word.to_owned() } else { format!("{word} ({count} times)") }
    };
    let fired = hook.runs.len();
    let tries = hook.runs.iter().map(|run| run.tries).max().unwrap_or(0);
    let tried = |text: String| if tries > 1 { format!("{text}, {tries} tries") } else { text };
    match hook.outcome {
        HookOutcome::Delivered => (GREEN, "✓", tried(times("fired", fired))),
        HookOutcome::Mocked => (CYAN, "✓", times("fired, recorded by a mock", fired)),
        HookOutcome::Failed => (RED, "✗", tried("fired, but its component failed".to_owned())),
        HookOutcome::Owed => (YELLOW, "!", tried("fired, but not delivered before the end".to_owned())),
        HookOutcome::ConditionFalse => (DIM, "·", "not fired: its condition was false".to_owned()),
        HookOutcome::NoEvent => (DIM, "·", "not fired: its event did not happen".to_owned()),
        HookOutcome::Errored => (RED, "✗", "errored".to_owned()),
        HookOutcome::Passed => (GREEN, "✓", "passed".to_owned()),
        HookOutcome::Modified => (CYAN, "✓", "modified".to_owned()),
        HookOutcome::Refused => (RED, "✗", "refused".to_owned()),
        HookOutcome::NotReached => (DIM, "·", "not reached: a gate before it refused".to_owned()),
        HookOutcome::Warned => (YELLOW, "!", "warned".to_owned()),
    }
}

/// The rows under each other, their cells in columns.
fn table(text: &mut String, rows: &[Row]) {
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let Row { style, mark, .. } = row;
        let mut line = String::new();
        for (cell, width) in row.cells.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(text, "  {style}{mark}{style:#} {}", line.trim_end());
        for below in &row.below {
            let _ = writeln!(text, "      {DIM}{below}{DIM:#}");
        }
    }
}

/// What a dry run lists.
pub(super) fn of_dry_run(listed: &DryRun) -> String {
    let profile = listed.profile.as_ref().map(|name| format!(" with the profile {}", one_line(name)));
    let mut text = format!("{BOLD}{}{BOLD:#} would run{}\n", one_line(&listed.job), profile.unwrap_or_default());
    for (name, value) in &listed.inputs {
        let _ = writeln!(text, "  {DIM}{name} = {}{DIM:#}", short(&value.to_string()));
    }
    for (number, op) in listed.ops.iter().enumerate() {
        let _ = writeln!(text, "  {}. {}", number + 1, dry_op(op));
        for hook in &op.hooks {
            let _ = writeln!(text, "       {}", dry_hook(hook));
        }
    }
    for hook in &listed.hooks {
        let _ = writeln!(text, "  {}", dry_hook(hook));
    }
    for connection in &listed.connections {
        let mock = if connection.mock { ": mocked, what uses it is recorded and not run" } else { "" };
        let _ = writeln!(text, "  connection {}{mock}", one_line(&connection.connection));
    }
    for secret in &listed.secrets {
        let _ = writeln!(text, "  {}", dry_secret(secret));
    }
    for note in &listed.notes {
        let _ = writeln!(text, "  {YELLOW}!{YELLOW:#} {}", one_line(note));
    }
    text
}

fn dry_secret(secret: &DrySecret) -> String {
    let (name, at) = (one_line(&secret.secret), one_line(&secret.at));
    match &secret.why {
        None => format!("secret {name}: {GREEN}present{GREEN:#}"),
        Some(why) => format!("secret {name} {RED}{}{RED:#} ({at} needs it)", short(why)),
    }
}

fn dry_op(op: &DryOp) -> String {
    let mut line = format!("{} = {}", one_line(&op.op), one_line(&op.runs));
    for fan in &op.each {
        let items = fan.items.map(|items| format!(" ({items} items)")).unwrap_or_default();
        let _ = write!(line, " for {}{items}", fan.var);
    }
    if !op.after.is_empty() {
        let _ = write!(line, " after {}", op.after.join(", "));
    }
    if let Some(when) = &op.when {
        let _ = write!(line, " when {}", one_line(when));
    }
    line
}

fn dry_hook(hook: &DryHook) -> String {
    let when = hook.when.as_ref().map(|when| format!(" when {}", one_line(when))).unwrap_or_default();
    let component = hook.component.as_ref().map(|component| format!(" {}", one_line(component))).unwrap_or_default();
    format!("{DIM}{} on {}{when} {}{component}{DIM:#}", one_line(&hook.hook), hook.on.join(", "), hook.verb)
}

/// One line, cut to a readable length.
fn short(text: &str) -> String {
    let line = one_line(text.trim());
    match line.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.into_owned(),
    }
}
