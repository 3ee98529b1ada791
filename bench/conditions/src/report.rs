//! The table for a person, and the same as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::clock::{Case, Cost, Task};
use crate::condition::CONDITION;

/// The nanoseconds that hookc may take.
fn aim(task: Task) -> f64 {
    match task {
        Task::Evaluate => 30.0,
        Task::Read => 3_000.0,
    }
}

fn title(task: Task) -> &'static str {
    match task {
        Task::Evaluate => "one evaluation",
        Task::Read => "from text",
    }
}

/// A table for each task.
pub(crate) fn table(cases: &[Case<'_>], costs: &[Cost], rounds: usize) -> String {
    let mut text = format!("`{CONDITION}`\n{rounds} rounds, nanoseconds of CPU time\n");
    for task in [Task::Evaluate, Task::Read] {
        let head = format!("{} (aim {})", title(task), aim(task));
        let _ = writeln!(text, "\n| {head} | least | median |\n|---|---:|---:|");
        for (case, cost) in cases.iter().zip(costs).filter(|(case, _)| case.task == task) {
            let _ = writeln!(text, "| {} | {:.1} | {:.1} |", case.name, cost.least, cost.median);
        }
    }
    text
}

/// Everything as one object.
pub(crate) fn json(cases: &[Case<'_>], costs: &[Cost], rounds: usize) -> Value {
    let case = |(case, cost): (&Case<'_>, &Cost)| json!({ "task": title(case.task), "name": case.name, "least": cost.least, "median": cost.median });
    let aims = [Task::Evaluate, Task::Read].map(|task| json!({ "task": title(task), "most": aim(task) }));
    let cases: Vec<Value> = cases.iter().zip(costs).map(case).collect();
    json!({ "condition": CONDITION, "unit": "ns", "rounds": rounds, "aims": aims, "cases": cases })
}
