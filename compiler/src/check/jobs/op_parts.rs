//! What is known about an op before the needs of the other ops are known.

use std::cell::OnceCell;

use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::Local;
use crate::check::jobs::needs::Need;

/// What is known about an op before the needs of the other ops are known.
#[derive(Default)]
pub(crate) struct OpParts {
    pub(crate) args: Vec<plan::Arg>,
    pub(crate) when: Option<plan::Cond>,
    pub(crate) each: Vec<plan::Fan>,
    pub(crate) fan: Vec<Local>,
    pub(crate) edges: Vec<Need>,
    pub(crate) fallible: OnceCell<Vec<SmolStr>>,
}

impl OpParts {
    /// Inputs that may be missing on `failed`, because their argument, or something it depends on, can fail.
    pub(crate) fn fallible(&self) -> &[SmolStr] {
        self.fallible.get_or_init(|| self.find_fallible())
    }

    pub(crate) fn find_fallible(&self) -> Vec<SmolStr> {
        // An op whose items or `when` fail ends before its arguments are evaluated.
        let early = self.list_can_fail() || self.when_can_fail();
        let fails = |arg: &plan::Arg| early || !plan::may_fail(&arg.value).is_empty();
        self.args.iter().filter(|arg| fails(arg)).map(|arg| arg.name.clone()).collect()
    }

    /// Whether the op's `when` can fail.
    pub(crate) fn when_can_fail(&self) -> bool {
        self.when.as_ref().is_some_and(|when| !plan::may_fail(&when.expr).is_empty())
    }

    /// Whether finding the items can fail.
    pub(crate) fn list_can_fail(&self) -> bool {
        self.each.iter().any(|fan| !plan::may_fail(&fan.over).is_empty())
    }
}
