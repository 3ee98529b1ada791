//! Shows a run while it goes on: bars on a terminal, plain lines elsewhere.
//!
//! Everything goes to standard error. What it shows comes from the trace; the summary at the end is another's.

use std::collections::BTreeMap;
use std::time::Duration;

use anstyle::Style;
use hookc_plan::OpState;
use hookc_plan::trace::{Decision, HookStatus, TraceEvent, TraceKind, Verdict};
use hookc_runtime::{Progress, RunListener};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::exit::Failure;
use crate::output::{CYAN, DIM, GREEN, Output, RED, Stream, YELLOW};
use crate::sanitise::one_line;

/// How many running ops have a line of their own.
const LINES: usize = 8;
const TICK: Duration = Duration::from_millis(120);

/// The sink of `hookc run`.
pub(crate) struct RunProgress<'o> {
    output: &'o mut Output,
    /// The name of the job, and a dot: what stands before every path.
    prefix: String,
    bars: Option<Bars>,
    quiet: bool,
    failure: Option<Failure>,
}

/// The bars of a terminal.
struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    running: BTreeMap<String, ProgressBar>,
}

impl<'o> RunProgress<'o> {
    /// For a job of this many ops. A quiet one shows warnings alone.
    pub(crate) fn new(output: &'o mut Output, job: &str, ops: usize, quiet: bool) -> RunProgress<'o> {
        let bars = (!quiet && output.is_terminal(Stream::Err)).then(|| Bars::new(ops));
        RunProgress { output, prefix: format!("{job}."), bars, quiet, failure: None }
    }

    /// Takes the bars away.
    ///
    /// # Errors
    /// When a line could not be written.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    fn name(&self, path: &str, item: Option<u32>) -> String {
        let name = path.strip_prefix(&self.prefix).unwrap_or(path);
        let name = one_line(name);
        item.map_or_else(|| name.to_string(), |item| format!("{name}[{item}]"))
    }

    fn line(&mut self, style: Style, mark: &str, text: &str) {
        let text = one_line(text);
        let line = match &self.bars {
            // The bars write by themselves, past the stream that drops styles.
            Some(_) if !self.output.colored(Stream::Err) => format!("{mark} {text}"),
            _ => format!("{style}{mark}{style:#} {text}"),
        };
        match &self.bars {
            Some(bars) => bars.say(&line),
            None => {
                if let Err(failure) = self.output.note(&format!("{line}\n")) {
                    self.failure.get_or_insert(failure);
                }
            }
        }
    }

    fn started(&mut self, name: &str, attempt: u32) {
        let again = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
        match &mut self.bars {
            Some(bars) => bars.start(name, &again),
            None => self.line(DIM, "-", &format!("{name} started{again}")),
        }
    }

    fn ended(&mut self, name: &str, state: OpState, kind: Option<&str>) {
        if let Some(bars) = &mut self.bars {
            bars.end(name);
        }
        let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let (style, mark) = state_mark(state);
        self.line(style, mark, &format!("{name} {}{kind}", state.word().replace('_', " ")));
    }
}

/// The look of a state.
pub(crate) fn state_mark(state: OpState) -> (Style, &'static str) {
    match state {
        OpState::Succeeded => (GREEN, "✓"),
        OpState::Failed => (RED, "✗"),
        OpState::Stopped => (YELLOW, "■"),
        OpState::Skipped | OpState::UpstreamFailed => (DIM, "○"),
        OpState::Pending => (DIM, "·"),
    }
}

impl RunListener for RunProgress<'_> {
    fn event(&mut self, event: &TraceEvent) {
        if self.quiet {
            return;
        }
        match &event.kind {
            TraceKind::OpStarted(it) => self.started(&self.name(&it.op, it.item), it.attempt),
            TraceKind::OpRetrying(it) => {
                let name = self.name(&it.op, it.item);
                if let Some(bars) = &mut self.bars {
                    bars.end(&name);
                }
                self.line(YELLOW, "↻", &format!("{name} failed ({}), retrying", it.kind));
            }
            TraceKind::OpFinished(it) => {
                let kind = it.kind.map(|kind| kind.word());
                self.ended(&self.name(&it.op, it.item), it.status, kind);
            }
            TraceKind::Gate(it) => {
                let name = self.name(&it.hook, it.item);
                match it.decision {
                    Decision::Passed => {}
                    Decision::Modified => self.line(CYAN, "→", &format!("gate {name} modified")),
                    Decision::Warned => self.line(YELLOW, "→", &format!("gate {name} warned")),
                    Decision::Refused => self.line(RED, "→", &format!("gate {name} refused")),
                    Decision::Errored => self.line(RED, "→", &format!("gate {name} could not decide")),
                }
            }
            TraceKind::HookEvaluated(it) if it.verdict == Verdict::Errored => {
                let kind = it.kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
                self.line(RED, "→", &format!("hook {} errored{kind}", self.name(&it.hook, it.item)));
            }
            TraceKind::HookFinished(it) => {
                let name = self.name(&it.hook, it.item);
                match it.status {
                    _ if it.mocked => self.line(CYAN, "→", &format!("hook {name} recorded (mock)")),
                    HookStatus::Succeeded => self.line(CYAN, "→", &format!("hook {name} delivered")),
                    HookStatus::Failed | HookStatus::Stopped => {
                        let kind = it.kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
                        self.line(RED, "→", &format!("hook {name} failed{kind}"));
                    }
                }
            }
            _ => {}
        }
    }

    fn progress(&mut self, progress: &Progress) {
        match progress {
            Progress::Warning(warning) => self.line(YELLOW, "!", warning),
            Progress::Items { op, count } if !self.quiet && self.bars.is_none() => {
                let name = self.name(op, None);
                self.line(DIM, "-", &format!("{name} has {count} items"));
            }
            Progress::Closed { op, .. } => {
                let own = op.strip_prefix(&self.prefix).is_some_and(|name| !name.contains('.'));
                if let Some(bars) = self.bars.as_ref().filter(|_| own) {
                    bars.total.inc(1);
                }
            }
            Progress::Items { .. } => {}
        }
    }
}

impl Bars {
    fn new(ops: usize) -> Bars {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let total = all.add(ProgressBar::new(u64::try_from(ops).unwrap_or(u64::MAX)));
        total.set_style(style("{bar:32} {pos}/{len} ops, {elapsed}"));
        total.enable_steady_tick(TICK);
        Bars { all, total, running: BTreeMap::new() }
    }

    fn start(&mut self, name: &str, again: &str) {
        if self.running.len() >= LINES {
            return;
        }
        let bar = self.all.insert_before(&self.total, ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {msg} {elapsed}"));
        bar.set_message(format!("{name}{again}"));
        bar.enable_steady_tick(TICK);
        self.running.insert(name.to_owned(), bar);
    }

    fn end(&mut self, name: &str) {
        if let Some(bar) = self.running.remove(name) {
            bar.finish_and_clear();
        }
    }

    fn say(&self, line: &str) {
        // A terminal that has gone shows nothing; the run goes on.
        let _ = self.all.println(line);
    }

    fn clear(&self) {
        self.running.values().for_each(ProgressBar::finish_and_clear);
        self.total.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
