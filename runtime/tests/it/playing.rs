//! Plays plans with scripted outcomes and writes their traces in short lines.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::Plan;
use hookc_plan::trace::{AnyKind, TraceEvent, TraceKind};
use hookc_runtime::{MemoryJournal, Moment, Options, PlayError, PlaySettings, Report, Scenario, Signal, play};
use serde_json::Value as Json;

/// 2000-01-01T00:00:00Z
pub const START: Moment = Moment(946_684_800_000_000_000);

/// A run that was played.
pub struct Played {
    pub report: Report,
    pub trace: Vec<TraceEvent>,
}

pub struct Play {
    pub options: Options,
    pub scenario: Json,
    pub signals: Vec<(Duration, Signal)>,
}

impl Play {
    pub fn new(scenario: Json) -> Play {
        let mut options = Options::new("/project");
        options.jobs = 4;
        Play { options, scenario, signals: Vec::new() }
    }

    pub fn jobs(mut self, jobs: usize) -> Play {
        self.options.jobs = jobs;
        self
    }

    pub fn input(mut self, name: &str, text: &str) -> Play {
        self.options.inputs.push((name.to_owned(), text.to_owned()));
        self
    }

    pub fn signal(mut self, after_ms: u64, signal: Signal) -> Play {
        self.signals.push((Duration::from_millis(after_ms), signal));
        self
    }

    pub fn run(self, plan: Plan) -> Result<Played, PlayError> {
        let scenario: Scenario = serde_json::from_value(self.scenario).unwrap();
        let mut trace = Vec::new();
        let mut journal = MemoryJournal::new();
        let script = PlaySettings { run: "r1", start: START, scenario, signals: self.signals, journal: &mut journal };
        let report = play(Arc::new(plan), &self.options, script, &mut trace)?;
        Ok(Played { report, trace })
    }
}

/// Plays `plan`; panics when it does not start.
pub fn played(plan: Plan, scenario: Json) -> Played {
    Play::new(scenario).run(plan).unwrap()
}

impl Played {
    /// The trace in short lines, times in milliseconds from the begin.
    pub fn lines(&self) -> Vec<String> {
        self.trace.iter().map(line).collect()
    }

    /// The same as one text, for comparisons.
    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines that say how ops ended.
    pub fn ended(&self) -> Vec<String> {
        self.lines()
            .into_iter()
            .filter_map(|line| line.split_once(" ended ").map(|(_, rest)| rest.to_owned()))
            .collect()
    }
}

fn item(op: &str, item: Option<u32>) -> String {
    let op = op.strip_prefix("nightly.").unwrap_or(op);
    item.map_or_else(|| op.to_owned(), |item| format!("{op}[{item}]"))
}

fn json(values: &hookc_plan::trace::Values) -> String {
    if values.is_empty() { String::new() } else { format!(" {}", serde_json::to_string(values).unwrap()) }
}

fn any(kind: Option<AnyKind>) -> String {
    match kind {
        Some(AnyKind::Error(kind)) => format!(" ({kind})"),
        Some(AnyKind::Eval(kind)) => format!(" ({kind})"),
        None => String::new(),
    }
}

fn kind(kind: Option<impl std::fmt::Display>) -> String {
    kind.map(|kind| format!(" ({kind})")).unwrap_or_default()
}

fn line(event: &TraceEvent) -> String {
    let at = event.at.map_or(0, |at| (at.unix_nanos() - i128::from(START.0)) / 1_000_000);
    let text = match &event.kind {
        TraceKind::JobStarted(it) => format!("job {} by {}{}", it.job, it.trigger, json(&it.inputs)),
        TraceKind::OpStarted(it) => format!("{} starts #{}{}", item(&it.op, it.item), it.attempt, json(&it.inputs)),
        TraceKind::OpRetrying(it) => format!("{} retries #{} ({})", item(&it.op, it.item), it.attempt, it.kind),
        TraceKind::OpFinished(it) => {
            format!(
                "ended {} {} #{}{}{}",
                item(&it.op, it.item),
                it.status,
                it.attempt,
                kind(it.kind),
                json(&it.outputs)
            )
        }
        TraceKind::Gate(it) => {
            format!("gate {} on {} {}{}", item(&it.hook, it.item), it.trigger, it.decision, any(it.kind))
        }
        TraceKind::HookEvaluated(it) => {
            format!(
                "hook {} on {} #{} {}{}",
                item(&it.hook, it.item),
                it.trigger,
                it.attempt,
                it.verdict,
                kind(it.kind)
            )
        }
        TraceKind::HookFinished(it) => {
            let mocked = if it.mocked { " mocked" } else { "" };
            format!(
                "hook {} on {} {}{}{}{mocked}",
                item(&it.hook, it.item),
                it.trigger,
                it.status,
                kind(it.kind),
                json(&it.args)
            )
        }
        TraceKind::JobFinished(it) => format!("job {} {} {:?}", it.job, it.status, it.failed_ops),
        other => format!("{other:?}"),
    };
    format!("{at} {text}")
}
