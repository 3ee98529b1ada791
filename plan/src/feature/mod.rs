//! Features: everything that a plan can ask of an engine.
//!
//! The list is closed. An engine says of each feature what it does about it, in a `match` without an arm for the rest: a
//! new feature does not compile before every engine has answered. Which of them a plan uses, and where, is a pure
//! function of the plan: [`features`].

mod collect;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use collect::{features, features_of_component, features_of_job};

use crate::expr::Operation;
use crate::kinds::MacroKind;
use crate::path::PathKind;
use crate::plan::{Engine, Event, OpState, VerbKind};
use crate::types::TypeKind;
use crate::words::{Word, word_families, words};

word_families! {
    /// Something that a plan can ask of an engine.
    Feature {
        words {
            /// A component that runs a program.
            BodyExec = "body.exec",
            /// A component that runs a script.
            BodyShell = "body.shell",
            /// A component that calls a Python function.
            BodyPython = "body.python",
            /// A component that sends a request.
            BodyHttp = "body.http",
            /// A component that asks a person.
            BodyAsk = "body.ask",
            /// A request that a secret signs.
            HttpSign = "http.sign",
            /// A component that lives in steps and calls tools.
            Agent = "agent",
            /// A component whose bodies run in a container.
            ComponentImage = "component.image",
            /// A component whose bodies get environment variables of its own.
            ComponentEnv = "component.env",
            /// A component whose bodies run in a folder of its own.
            ComponentCwd = "component.cwd",
            /// Outputs that are read from the standard output.
            ResultStdout = "result.stdout",
            /// Outputs that must be of their types.
            OutputCheck = "output.check",
            /// A condition that a value must satisfy.
            InputWhere = "input.where",
            /// A limit to the runs of a job at a time.
            JobConcurrency = "job.concurrency",
            /// A job that its first failure ends.
            JobFailFast = "job.fail_fast",
            /// An op that runs another job.
            OpJob = "op.job",
            /// An op that may not have to run.
            OpWhen = "op.when",
            /// An op with further attempts.
            OpRetry = "op.retry",
            /// Further attempts for some failures only.
            OpRetryWhen = "op.retry.when",
            /// Another first delay before a further attempt than the usual one.
            OpRetryDelay = "op.retry.delay",
            /// Another maximum delay before a further attempt than the usual one.
            OpRetryMax = "op.retry.max",
            /// An op that some failures end as skipped.
            OpSkipWhen = "op.skip_when",
            /// A limit to the time of an attempt.
            OpTimeout = "op.timeout",
            /// A result that may be used again.
            OpCache = "op.cache",
            /// A limit to the items of a fan-out at a time.
            OpConcurrency = "op.concurrency",
            /// An op whose failure leaves the job well.
            OpAllowFailure = "op.allow_failure",
            /// An op of which some failures leave the job well.
            OpAllowFailureWhen = "op.allow_failure.when",
            /// A fan-out that its first failure ends.
            OpFailFast = "op.fail_fast",
            /// An op whose lost attempt is not repeated.
            OpAtMostOnce = "op.at_most_once",
            /// The queue of an op.
            OpQueue = "op.queue",
            /// The namespace of an op.
            OpNamespace = "op.namespace",
            /// Presets of the engine.
            OpPresets = "op.presets",
            /// The cores of an op.
            OpCpu = "op.cpu",
            /// The memory of an op.
            OpMemory = "op.memory",
            /// The GPUs of an op.
            OpGpu = "op.gpu",
            /// A fan-out whose items are known before the run.
            OpEachConst = "op.each.const",
            /// A fan-out whose items an expression gives.
            OpEachDynamic = "op.each.dynamic",
            /// Dependencies of which one must hold.
            EdgeAny = "edge.any",
            /// A file that goes from one op to another.
            EdgePath = "edge.path",
            /// A hook with a condition.
            HookWhen = "hook.when",
            /// A hook with other further attempts than the usual ones.
            HookRetry = "hook.retry",
            /// A hook with another limit to its time than the usual one.
            HookTimeout = "hook.timeout",
            /// A hook that runs at a place of its own.
            HookPlacement = "hook.placement",
            /// A job that starts at times.
            TriggerSchedule = "trigger.schedule",
            /// A job that a request starts.
            TriggerWebhook = "trigger.webhook",
            /// A job that starts after another.
            TriggerAfter = "trigger.after",
            /// A job that starts when a file changes.
            TriggerWatch = "trigger.watch",
            /// A trigger with a condition.
            TriggerWhen = "trigger.when",
            /// A connection that records instead of running.
            ConnectionMock = "connection.mock",
            /// A connection without secrets.
            ConnectionPlain = "connection.plain",
            /// A connection with secrets.
            ConnectionSecret = "connection.secret",
            /// Requests to addresses that are not public.
            AllowPrivate = "allow_private",
            /// An observer that runs at least once for each event, with one delivery id.
            GuaranteeDelivery = "guarantee.delivery",
            /// An observer whose failure does not change what it observes.
            GuaranteeIsolation = "guarantee.isolation",
            /// Gates of one op that decide in their order.
            GuaranteeOrder = "guarantee.order",
            /// An op that runs at most once.
            GuaranteeOnce = "guarantee.once",
        }
        families {
            /// A component that only one engine can run.
            BodyExternal(Engine) = "body.external",
            /// An input, an output or a field of this type.
            Type(ValueType) = "type",
            /// A dependency that accepts this state.
            Edge(FinalState) = "edge",
            /// A hook on this event of an op or of a job.
            On(HookEvent) = "on",
            /// A hook that does this.
            Verb(VerbKind) = "verb",
            /// An expression that reads this from the context.
            Context(PathKind) = "ctx",
            /// An expression with this operation. A macro is [`Feature::Macro`].
            Operation(Operation) = "ir",
            /// An expression with this macro.
            Macro(MacroKind) = "ir.macro",
        }
    }
}

words! {
    /// What a hook watches.
    HookTarget {
        /// An op.
        Op = "op",
        /// A job.
        Job = "job",
    }
}

/// The type of a value that is declared. Nothing is declared to be null alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueType(pub TypeKind);

impl Word for ValueType {
    fn every() -> Vec<ValueType> {
        TypeKind::ALL.iter().copied().filter(|kind| *kind != TypeKind::Null).map(ValueType).collect()
    }

    fn spelled(self) -> Cow<'static, str> {
        self.0.word().into()
    }

    fn read(word: &str) -> Option<ValueType> {
        Self::every().into_iter().find(|kind| kind.0.word() == word)
    }
}

/// A state that an op ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FinalState(pub OpState);

impl Word for FinalState {
    fn every() -> Vec<FinalState> {
        OpState::ALL.iter().copied().filter(|state| *state != OpState::Pending).map(FinalState).collect()
    }

    fn spelled(self) -> Cow<'static, str> {
        self.0.word().into()
    }

    fn read(word: &str) -> Option<FinalState> {
        Self::every().into_iter().find(|state| state.0.word() == word)
    }
}

/// An event of an op or of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HookEvent {
    /// The event.
    pub event: Event,
    /// What it happens to.
    pub target: HookTarget,
}

impl Word for HookEvent {
    fn every() -> Vec<HookEvent> {
        let events = Event::ALL.iter();
        events
            .flat_map(|event| HookTarget::ALL.iter().map(|target| HookEvent { event: *event, target: *target }))
            .collect()
    }

    fn spelled(self) -> Cow<'static, str> {
        format!("{}.{}", self.event, self.target).into()
    }

    fn read(word: &str) -> Option<HookEvent> {
        let (event, target) = word.split_once('.')?;
        Some(HookEvent { event: Event::from_word(event)?, target: HookTarget::from_word(target)? })
    }
}

impl Serialize for Feature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word())
    }
}

impl<'de> Deserialize<'de> for Feature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Feature, D::Error> {
        let word = Cow::<'de, str>::deserialize(deserializer)?;
        let unknown = || serde::de::Error::custom(format_args!("unknown feature `{}`", word.escape_debug()));
        Feature::from_word(&word).ok_or_else(unknown)
    }
}

impl JsonSchema for Feature {
    fn schema_name() -> Cow<'static, str> {
        "Feature".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<Cow<'_, str>> = Feature::all().into_iter().map(Feature::word).collect();
        json_schema!({ "description": "Something that a plan can ask of an engine.", "enum": words })
    }
}
