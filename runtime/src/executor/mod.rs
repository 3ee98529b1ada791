//! What runs components.
//!
//! The local executor runs processes and requests. A scripted one gives outcomes from a scenario, under a virtual clock.

mod body;
mod container;
pub(crate) mod http;
mod kept_files;
mod local;
mod outputs;
mod process;
mod process_group;
mod process_lifetime;
pub(crate) mod process_output;
mod python;
mod scripted;
mod shared;
mod typed_paths;

use std::task::{Context, Poll};

use crate::clock::Moment;
use crate::task::{AgentAnswer, ExecutorEvent, Kill, TaskId, TaskStart};

pub(crate) use container::{engine, wants_container};
pub use local::LocalExecutor;
pub use scripted::{Scenario, ScenarioError, ScriptedExecutor, ScriptedOutcome};

/// Runs components.
pub trait Executor {
    /// Starts a task. Its `Exited` always follows.
    fn start(&mut self, task: TaskStart);
    /// Ends a task. Its `Exited` follows all the same.
    fn kill(&mut self, task: TaskId, how: Kill);
    /// Makes the log at this path, unless it exists. Nothing else is written there.
    fn create_log(&mut self, _path: &str) {}
    /// Answers a request of an agent. Only executors that run agents need it.
    fn answer(&mut self, _: TaskId, _: AgentAnswer) {}
    /// The next event.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ExecutorEvent>;
    /// When the next event will come, if that is known in advance, as in a script.
    fn due(&self) -> Option<Moment> {
        None
    }
    /// What a person should know of the run as a whole.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}
