//! What one part of the machine leaves to another within a step.
//!
//! A part does not call the parts that follow it: it leaves a transition, and the machine's dispatch calls the next
//! part. So the parts have no circle, and long chains of ops need no deep stack.

use std::collections::VecDeque;

use super::state::{JobId, OpRef, Subject};
use crate::task::Failure;

/// What follows at once, before anything else of the step.
#[derive(Debug)]
pub(super) enum Transition {
    /// All gates of the subject have passed.
    GatesPassed(Subject, hookc_plan::Event),
    /// A gate of the subject has refused.
    GateRefused(Subject, hookc_plan::Event, Failure),
    /// A failure ends the op: nothing of it begins any more.
    OpStopped(OpRef),
    /// A failure ends the job: nothing of it begins any more.
    JobStopped(JobId),
    /// A job that an op called has ended.
    CalledJobEnded(JobId),
}

/// What is looked at once nothing follows at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// Everything that the op waits for is final: whether it runs.
    Op(OpRef),
    /// An op of the job has ended: whether the job has.
    Job(JobId),
}

/// What is left to do in a step.
#[derive(Debug, Default)]
pub(super) struct Transitions {
    next: VecDeque<Transition>,
    checks: VecDeque<Check>,
}

impl Transitions {
    pub(super) fn follow(&mut self, transition: Transition) {
        self.next.push_back(transition);
    }

    pub(super) fn check(&mut self, check: Check) {
        self.checks.push_back(check);
    }

    pub(super) fn take_next(&mut self) -> Option<Transition> {
        self.next.pop_front()
    }

    pub(super) fn take_check(&mut self) -> Option<Check> {
        self.checks.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next.is_empty() && self.checks.is_empty()
    }
}
