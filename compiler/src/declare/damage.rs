//! What a mistake may hide.
//!
//! A declaration whose text cannot be read may have more parts than are found, and what has an error of its own says
//! nothing for certain. Both are damage. It travels with the things it concerns; only the resolver reads it
//! ([`Program::hides_part`](super::Program::hides_part)), so that one mistake is reported once.

use std::ops::{BitOr, BitOrAssign};

/// Whether a mistake may hide parts of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Damage(bool);

impl Damage {
    /// Nothing is hidden.
    pub(crate) const NONE: Damage = Damage(false);
    /// It is not known what something is: it may have any part.
    pub(crate) const UNKNOWN: Damage = Damage(true);

    /// Damage, if there is a mistake.
    pub(crate) fn of(is_mistaken: bool) -> Damage {
        Damage(is_mistaken)
    }

    /// Whether parts may be hidden; for the resolver alone.
    pub(super) fn hides(self) -> bool {
        self.0
    }
}

impl BitOr for Damage {
    type Output = Damage;

    fn bitor(self, other: Damage) -> Damage {
        Damage(self.0 || other.0)
    }
}

impl BitOrAssign for Damage {
    fn bitor_assign(&mut self, other: Damage) {
        *self = *self | other;
    }
}
