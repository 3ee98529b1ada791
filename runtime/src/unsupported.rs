//! What this runtime cannot run yet: found in the plan and named before anything runs.
//!
//! [`support`] answers for every feature that a plan can have. Only what the job reaches counts. A declared trigger does
//! not: a person starts the run.

use std::collections::BTreeSet;

use hookc_plan::{
    Component, Event, Feature, HookEvent, Job, JobField, Name, PathKind, Plan, Runs, Span, features_of_component,
    features_of_job,
};

use crate::options::Unsupported;

/// What this runtime does about a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Support {
    /// It runs.
    Runs,
    /// It runs, and it is a body: a component needs one such.
    RunsBody,
    /// It is a body for another engine: the component runs if it has one for this runtime too.
    OtherBody,
    /// It cannot run yet; the construct as it is written.
    Refused(&'static str),
    /// It cannot run yet in the job that was started, and has no meaning in one that an op calls.
    RefusedInStartedJob(&'static str),
    /// It cannot run yet; the construct, before the name of its component.
    RefusedComponent(&'static str),
}

/// The table of features. It has no arm for the rest: a new feature does not compile before it is answered here.
fn support(feature: Feature) -> Support {
    match feature {
        Feature::BodyExec | Feature::BodyShell | Feature::BodyPython | Feature::BodyHttp => Support::RunsBody,
        Feature::BodyExternal(_) => Support::OtherBody,
        Feature::BodyAsk => Support::RefusedComponent("the `ask` body of"),
        Feature::Agent => Support::RefusedComponent("the agent"),
        Feature::JobConcurrency => Support::RefusedInStartedJob("`concurrency` of a job"),
        Feature::OpCache => Support::Refused("`cache`"),
        Feature::On(HookEvent { event, .. }) => event_support(event),
        Feature::Context(PathKind::Job(JobField::Previous)) => Support::Refused("`job.previous`"),
        // A person starts the run, whatever else could.
        Feature::TriggerSchedule
        | Feature::TriggerWebhook
        | Feature::TriggerAfter
        | Feature::TriggerWatch
        | Feature::TriggerWhen => Support::Runs,
        // Hints: they never change a result.
        Feature::OpQueue
        | Feature::OpNamespace
        | Feature::OpPresets
        | Feature::OpCpu
        | Feature::OpMemory
        | Feature::OpGpu
        | Feature::HookPlacement => Support::Runs,
        Feature::HttpSign
        | Feature::ComponentImage
        | Feature::ComponentEnv
        | Feature::ComponentCwd
        | Feature::ResultStdout
        | Feature::AllowPrivate
        | Feature::OutputCheck
        | Feature::InputWhere
        | Feature::JobFailFast
        | Feature::OpFailFast
        | Feature::OpJob
        | Feature::OpWhen
        | Feature::OpRetry
        | Feature::OpRetryWhen
        | Feature::OpRetryDelay
        | Feature::OpRetryMax
        | Feature::OpSkipWhen
        | Feature::OpTimeout
        | Feature::OpConcurrency
        | Feature::OpAllowFailure
        | Feature::OpAllowFailureWhen
        | Feature::OpAtMostOnce
        | Feature::OpEachConst
        | Feature::OpEachDynamic
        | Feature::Edge(_)
        | Feature::EdgeAny
        | Feature::EdgePath
        | Feature::Verb(_)
        | Feature::HookWhen
        | Feature::HookRetry
        | Feature::HookTimeout
        | Feature::ConnectionMock
        | Feature::ConnectionPlain
        | Feature::ConnectionSecret
        | Feature::GuaranteeDelivery
        | Feature::GuaranteeIsolation
        | Feature::GuaranteeOrder
        | Feature::GuaranteeOnce
        | Feature::Type(_)
        | Feature::Context(_)
        | Feature::Operation(_)
        | Feature::Macro(_) => Support::Runs,
    }
}

fn event_support(event: Event) -> Support {
    match event {
        Event::Overdue => Support::Refused("`on overdue(…)`"),
        Event::Waiting => Support::Refused("`on waiting`"),
        Event::StepStart => Support::Refused("`on step_start`"),
        Event::StepEnd => Support::Refused("`on step_end`"),
        Event::ToolStart => Support::Refused("`on tool_start`"),
        Event::ToolEnd => Support::Refused("`on tool_end`"),
        Event::Start
        | Event::End
        | Event::Succeeded
        | Event::Failed
        | Event::Stopped
        | Event::Skipped
        | Event::UpstreamFailed
        | Event::Done
        | Event::Retrying => Support::Runs,
    }
}

/// Everything that the job reaches and that cannot run yet, sorted by place.
pub(crate) fn unsupported(plan: &Plan, job: &Name) -> Vec<Unsupported> {
    let mut finder = Finder { plan, found: Vec::new(), jobs: BTreeSet::new() };
    finder.job(job, true);
    finder.found.sort();
    finder.found.dedup();
    finder.found
}

/// Where a span is: the path of its source and its offset in bytes.
pub(crate) fn place(plan: &Plan, span: Span) -> Option<(String, u32)> {
    let source = plan.sources.iter().find(|source| source.id == span.0)?;
    Some((source.path.clone(), span.1))
}

struct Finder<'p> {
    plan: &'p Plan,
    found: Vec<Unsupported>,
    jobs: BTreeSet<Name>,
}

impl Finder<'_> {
    fn report(&mut self, at: &str, construct: impl Into<String>, span: Span) {
        let place = place(self.plan, span);
        self.found.push(Unsupported { at: at.to_owned(), construct: construct.into(), place });
    }

    /// A job that was started or that an op calls, and what its ops and hooks run.
    fn job(&mut self, key: &Name, started: bool) {
        let plan = self.plan;
        let Some(job) = plan.jobs.get(key).filter(|_| self.jobs.insert(key.clone())) else {
            return;
        };
        for used in features_of_job(&job.name, job) {
            match support(used.feature) {
                Support::Refused(construct) => self.report(&used.at, construct, used.span),
                Support::RefusedInStartedJob(construct) if started => self.report(&used.at, construct, used.span),
                Support::RefusedInStartedJob(_)
                | Support::RefusedComponent(_)
                | Support::Runs
                | Support::RunsBody
                | Support::OtherBody => {}
            }
        }
        self.components(job);
        for op in &job.ops {
            if let Runs::Job(key) = &op.runs {
                self.job(key, false);
            }
        }
    }

    /// The components that the job's ops and hooks run.
    fn components(&mut self, job: &Job) {
        for op in &job.ops {
            if let Runs::Component(key) = &op.runs {
                self.component(&format!("{}.{}", job.name, op.name), key, op.span);
            }
        }
        for hook in job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks) {
            if let Some(key) = &hook.component {
                self.component(&hook.path, key, hook.span);
            }
        }
    }

    fn component(&mut self, at: &str, key: &Name, span: Span) {
        match self.plan.components.get(key) {
            Some(component) => {
                if let Some(construct) = refused_component(key, component) {
                    self.report(at, construct, span);
                }
            }
            None => self.report(at, format!("the component `{key}`, which the plan does not have"), span),
        }
    }
}

/// Why a component cannot run here.
fn refused_component(key: &Name, component: &Component) -> Option<String> {
    let answers: Vec<Support> =
        features_of_component(key, component).iter().map(|used| support(used.feature)).collect();
    let refused = answers.iter().find_map(|answer| match answer {
        Support::RefusedComponent(construct) => Some(format!("{construct} `{key}`")),
        Support::Refused(construct) => Some(format!("{construct} in `{key}`")),
        Support::RefusedInStartedJob(_) | Support::Runs | Support::RunsBody | Support::OtherBody => None,
    });
    let runs = answers.contains(&Support::RunsBody);
    refused.or_else(|| (!runs).then(|| format!("`{key}`, which has no body that runs here")))
}
