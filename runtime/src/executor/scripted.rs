//! Gives scripted outcomes under a virtual clock: no process runs, no file is written.
//!
//! A scenario names outcomes by op, `NAME` or `NAME[i]`, and by the path of a hook. The last outcome of a list is used for all
//! further attempts. What is not named succeeds at once, with null outputs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Plan, Value};
use serde::Deserialize;

use super::Executor;
use crate::clock::{Clock as _, Moment, VirtualClock};
use crate::task::{ExecutorEvent, Failure, Kill, TaskId, TaskOutcome, TaskStart};
use crate::values::{Values, nulls};

/// What happens in a run that is only played.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The attempts of ops.
    #[serde(default)]
    pub ops: BTreeMap<String, Vec<ScriptedOutcome>>,
    /// The tries of hooks.
    #[serde(default)]
    pub hooks: BTreeMap<String, Vec<ScriptedOutcome>>,
}

/// How one attempt ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedOutcome {
    /// The exit code. Without one, or with 0, it succeeds, unless there is a kind.
    #[serde(default)]
    pub exit: Option<i32>,
    /// The kind of its failure.
    #[serde(default)]
    pub kind: Option<ErrorKind>,
    /// The message of its failure.
    #[serde(default)]
    pub message: Option<String>,
    /// Its outputs.
    #[serde(default)]
    pub outputs: serde_json::Map<String, serde_json::Value>,
    /// How long it takes, as in `1m30s`.
    #[serde(default)]
    pub sleep: Option<String>,
}

/// A scenario that does not fit its plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scenario does not fit the plan: {0}")]
pub struct ScenarioError(pub String);

/// The executor of a scenario.
#[derive(Debug)]
pub struct ScriptedExecutor {
    plan: Arc<Plan>,
    scenario: Scenario,
    clock: VirtualClock,
    due: BTreeSet<(Moment, TaskId)>,
    ends: BTreeMap<TaskId, (Moment, TaskOutcome)>,
}

impl ScriptedExecutor {
    /// An executor that plays `scenario`; the run has to use the same clock.
    ///
    /// # Errors
    /// When a duration in it is not valid.
    pub fn new(plan: Arc<Plan>, scenario: Scenario, clock: VirtualClock) -> Result<ScriptedExecutor, ScenarioError> {
        for line in scenario.ops.values().chain(scenario.hooks.values()).flatten() {
            sleep(line).map_err(ScenarioError)?;
        }
        Ok(ScriptedExecutor { plan, scenario, clock, due: BTreeSet::new(), ends: BTreeMap::new() })
    }

    fn line(&self, start: &TaskStart) -> ScriptedOutcome {
        let lines = match (&start.hook, start.item) {
            (Some(hook), _) => self.scenario.hooks.get(&hook.path),
            (None, Some(item)) => {
                let own = self.scenario.ops.get(&format!("{}[{item}]", start.op));
                own.or_else(|| self.scenario.ops.get(&start.op))
            }
            (None, None) => self.scenario.ops.get(&start.op),
        };
        let lines = lines.map(Vec::as_slice).unwrap_or_default();
        let place = usize::try_from(start.attempt.saturating_sub(1)).unwrap_or(0);
        lines.get(place).or_else(|| lines.last()).cloned().unwrap_or_default()
    }

    fn outcome(&self, start: &TaskStart, line: &ScriptedOutcome) -> TaskOutcome {
        let outputs = match self.outputs(start, line) {
            Ok(outputs) => outputs,
            Err(failure) => return TaskOutcome::failed(failure),
        };
        let exit = line.exit.filter(|code| *code != 0);
        if line.kind.is_none() && exit.is_none() {
            return TaskOutcome::succeeded(outputs);
        }
        let failure = Failure::described(line.kind, exit, line.message.clone());
        TaskOutcome { outputs, failure: Some(failure) }
    }

    fn outputs(&self, start: &TaskStart, line: &ScriptedOutcome) -> Result<Values, Failure> {
        let declared = self
            .plan
            .components
            .get(&start.component)
            .map(|component| component.outputs.as_slice())
            .unwrap_or_default();
        let well = line.kind.is_none() && line.exit.unwrap_or(0) == 0;
        let mut outputs = if well { nulls(declared) } else { Values::new() };
        for (name, json) in &line.outputs {
            let mismatched = |got: String| Failure::new(ErrorKind::OutputType, got);
            let field = declared.iter().find(|field| field.name == name.as_str());
            let field = field.ok_or_else(|| mismatched(format!("`outputs`: got the unknown key {name:?}")))?;
            let value = Value::from_json(json, &field.ty, &self.plan.types);
            let value = value.map_err(|mismatch| mismatched(mismatch.within(name).within("outputs").to_string()))?;
            outputs.insert(field.name.clone(), value);
        }
        Ok(outputs)
    }
}

impl Executor for ScriptedExecutor {
    fn start(&mut self, task: TaskStart) {
        let line = self.line(&task);
        let ended = self.outcome(&task, &line);
        let at = self.clock.now().after(sleep(&line).unwrap_or_default());
        self.due.insert((at, task.id));
        self.ends.insert(task.id, (at, ended));
    }

    fn kill(&mut self, task: TaskId, _: Kill) {
        if let Some((at, ended)) = self.ends.get_mut(&task) {
            let now = self.clock.now();
            self.due.remove(&(*at, task));
            self.due.insert((now, task));
            *at = now;
            *ended = TaskOutcome::failed(Failure::new(ErrorKind::Signal, "ended by signal 15"));
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ExecutorEvent> {
        let Some((_, id)) = self.due.first().copied().filter(|(at, _)| *at <= self.clock.now()) else {
            return Poll::Pending;
        };
        self.due.pop_first();
        let ended = self.ends.remove(&id).map(|(_, ended)| ended).unwrap_or_default();
        Poll::Ready(ExecutorEvent::Exited(id, ended))
    }

    fn due(&self) -> Option<Moment> {
        self.due.first().map(|(at, _)| *at)
    }
}

fn sleep(line: &ScriptedOutcome) -> Result<Duration, String> {
    let Some(text) = &line.sleep else {
        return Ok(Duration::ZERO);
    };
    let nanos = hookc_plan::parse_duration(text).ok().and_then(|nanos| u64::try_from(nanos).ok());
    nanos.map(Duration::from_nanos).ok_or_else(|| format!("{text:?} is not a valid duration"))
}
