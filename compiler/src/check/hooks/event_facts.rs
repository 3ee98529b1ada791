//! What is known at each event: the table of the language's definition, as code.
//!
//! A new event does not compile before it has its row here.

use hookc_plan::Event;

/// What a hook watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Op,
    Agent,
    Job,
}

impl Target {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Target::Op => "an op",
            Target::Agent => "an agent",
            Target::Job => "a job",
        }
    }
}

/// Whether something exists when an event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Never,
    Perhaps,
    Always,
}

/// What is known when an event happens.
pub(crate) struct EventFacts {
    /// What it can happen to.
    pub(crate) targets: &'static [Target],
    /// Whether it is a final state.
    pub(crate) is_final: bool,
    /// Whether it can be the event of a whole fan-out, before there are items.
    pub(crate) of_whole: bool,
    /// The inputs; `Perhaps` if the evaluation of an argument can be what failed.
    pub(crate) inputs: Presence,
    /// The outputs.
    pub(crate) outputs: Presence,
    /// Why an output may be missing.
    pub(crate) why: &'static str,
    /// The error of the last attempt.
    pub(crate) error: bool,
    /// The time when the op began.
    pub(crate) begun: Presence,
    /// Whether an attempt was made for certain, so that there is a log.
    pub(crate) attempted: bool,
    /// Whether the op has run, so that its duration is known.
    pub(crate) ran: bool,
    /// Whether gates decide what follows.
    pub(crate) gates: bool,
}

const OP: &[Target] = &[Target::Op, Target::Agent];
const OP_AND_JOB: &[Target] = &[Target::Op, Target::Agent, Target::Job];
const AGENT: &[Target] = &[Target::Agent];

/// While an op runs: its inputs are known, its outputs are not.
const RUNNING: EventFacts = EventFacts {
    targets: OP,
    is_final: false,
    of_whole: false,
    inputs: Presence::Always,
    outputs: Presence::Never,
    why: "",
    error: false,
    begun: Presence::Always,
    attempted: false,
    ran: false,
    gates: false,
};

/// A final state without a run: nothing is known.
const NOT_RUN: EventFacts =
    EventFacts { is_final: true, of_whole: true, inputs: Presence::Never, begun: Presence::Never, ..RUNNING };

/// What is known when the event happens. `done` stands for its final states, whose facts hold.
pub(crate) const fn facts(event: Event) -> EventFacts {
    match event {
        Event::Start => EventFacts { targets: OP_AND_JOB, begun: Presence::Never, gates: true, ..RUNNING },
        Event::End => EventFacts { outputs: Presence::Always, attempted: true, gates: true, ..RUNNING },
        Event::Succeeded => EventFacts {
            targets: OP_AND_JOB,
            is_final: true,
            outputs: Presence::Always,
            attempted: true,
            ran: true,
            ..RUNNING
        },
        Event::Failed => EventFacts {
            targets: OP_AND_JOB,
            is_final: true,
            of_whole: true,
            inputs: Presence::Perhaps,
            outputs: Presence::Perhaps,
            why: ": the op can fail before it writes this output",
            error: true,
            ran: true,
            ..RUNNING
        },
        Event::Stopped => EventFacts {
            targets: OP_AND_JOB,
            is_final: true,
            outputs: Presence::Perhaps,
            why: ": the op can be stopped before it writes this output",
            ran: true,
            ..RUNNING
        },
        Event::Skipped | Event::UpstreamFailed => NOT_RUN,
        Event::Done => EventFacts { targets: OP_AND_JOB, ..RUNNING },
        Event::Retrying => EventFacts {
            outputs: Presence::Perhaps,
            why: ": the op can fail before it writes this output",
            error: true,
            attempted: true,
            ..RUNNING
        },
        Event::Waiting => RUNNING,
        Event::Overdue => EventFacts {
            targets: OP_AND_JOB,
            of_whole: true,
            outputs: Presence::Perhaps,
            why: ": the op is still running",
            begun: Presence::Perhaps,
            ..RUNNING
        },
        Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd => {
            EventFacts { targets: AGENT, gates: true, ..RUNNING }
        }
    }
}

/// The events that can happen to a target.
pub(crate) fn events_of(target: Target) -> impl Iterator<Item = Event> + Clone {
    Event::ALL.iter().copied().filter(move |event| facts(*event).targets.contains(&target))
}

/// The final states of a target, which `done` stands for.
pub(crate) fn final_events(target: Target) -> impl Iterator<Item = Event> + Clone {
    events_of(target).filter(|event| facts(*event).is_final)
}
