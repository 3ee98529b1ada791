//! Jobs whose failure no hook handles. The lint is off until `hook.toml` or the command line enables it.

use hookc_plan as plan;
use hookc_plan::Event;

use crate::check::{Checker, JobScope};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::project::Level;

impl Checker<'_, '_> {
    /// Reports a job if neither one of its own hooks nor a hook of each of its ops handles a failure.
    pub(crate) fn lint_failure(&mut self, job: &JobScope<'_, '_>, ops_are_heard: bool, hooks: &[plan::Hook]) {
        let level = self.program.sources.project.lints.get(&diagnostics::UNHANDLED_FAILURE);
        let asked = matches!(level, Some(Level::Warn | Level::Deny));
        if !asked || job.ops.is_empty() || ops_are_heard || hears_failure(hooks) {
            return;
        }
        let item = &job.def.item;
        let message = format!("no hook handles a failure of job `{}`", item.name);
        let diagnostic =
            Diagnostic::new(diagnostics::UNHANDLED_FAILURE, Place::new(item.file, item.place.span), message);
        self.report(diagnostic.help("add a hook to the job, as in `on failed run …`"));
    }
}

/// Whether a failure triggers one of the hooks.
pub(crate) fn hears_failure(hooks: &[plan::Hook]) -> bool {
    hooks.iter().flat_map(|hook| &hook.on).any(|on| matches!(on.event, Event::Failed | Event::Done))
}
