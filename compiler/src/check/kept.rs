//! What a check keeps for a plan: typed jobs and components, each with the names that it takes from the program.

use std::collections::BTreeMap;

use hookc_plan as plan;

use crate::check::{Binding, Checker, Kept};
use crate::ids::{ComponentId, JobId, ProfileId};

/// The typed parts of a checked program.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptParts {
    pub(crate) jobs: BTreeMap<JobId, Kept<plan::Job>>,
    pub(crate) components: BTreeMap<ComponentId, Kept<plan::Component>>,
    pub(crate) bindings: BTreeMap<ProfileId, Kept<Binding>>,
    /// By their index in the program.
    pub(crate) tests: BTreeMap<usize, Kept<plan::test::Test>>,
}

impl Checker<'_, '_> {
    /// A part, and what it names.
    pub(crate) fn naming<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Kept<T> {
        let before = self.begin_naming();
        let value = make(self);
        Kept { value, named: self.end_naming(before) }
    }

    /// Takes a kept part into the plan.
    pub(crate) fn use_kept<T>(&self, kept: Kept<T>) -> T {
        self.name_again(&kept.named);
        kept.value
    }

    /// Begins a plan: nothing is named yet, and what is typed is kept.
    pub(crate) fn begin_plan(&mut self) {
        self.keep = true;
        self.begin_naming();
    }
}
