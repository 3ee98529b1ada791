//! The values of constants, each evaluated once.

use crate::check::{Kept, Typed};

/// The state of each constant.
pub(crate) struct ConstantValues(pub(crate) Vec<State>);

#[derive(Clone)]
pub(crate) enum State {
    Unknown,
    Active,
    Known(Kept<Option<Typed>>),
}

impl ConstantValues {
    pub(crate) fn new(count: usize) -> ConstantValues {
        ConstantValues(vec![State::Unknown; count])
    }
}
