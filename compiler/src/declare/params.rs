//! Inputs, outputs, parameters and fields by name: all of them, or those that a syntax error does not hide.

use std::ops::{Deref, DerefMut};

use hookc_grammar::ast;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use smol_str::SmolStr;

use super::damage::Damage;
use crate::place::Place;
use crate::ty::Ty;

/// An input, output, parameter or field with its type.
#[derive(Clone, Debug)]
pub(crate) struct ParamDef<'s> {
    pub(crate) name: SmolStr,
    pub(crate) ty: Ty,
    /// The name and where it is written.
    pub(crate) place: Place,
    /// The first byte of the piece that declares it: what the tree's spans count from.
    pub(crate) at: u32,
    pub(crate) ast: Option<&'s ast::Param>,
}

impl ParamDef<'_> {
    /// Whether a call may leave it out.
    pub(crate) fn has_default(&self) -> bool {
        self.ast.is_some_and(|param| param.default.is_some()) || matches!(self.ty, Ty::Optional(_))
    }
}

/// Parameters by name, in written order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params<'s> {
    entries: IndexMap<SmolStr, ParamDef<'s>, FxBuildHasher>,
    /// What may be hidden: then no other is unknown, and none is missing.
    pub(crate) damage: Damage,
}

impl<'s> Params<'s> {
    /// No parameters yet; with `damage` there may be more than are found.
    pub(crate) fn new(damage: Damage) -> Params<'s> {
        Params { entries: IndexMap::default(), damage }
    }

    /// The parameters of what is unknown.
    pub(crate) fn unknown() -> Params<'s> {
        Params::new(Damage::UNKNOWN)
    }

    /// These and the others, which win over these of their name.
    pub(crate) fn with(&self, others: &Params<'s>) -> Params<'s> {
        let both = self.iter().chain(others.iter()).map(|(name, param)| (name.clone(), param.clone()));
        Params { damage: self.damage | others.damage, ..both.collect() }
    }
}

impl<'s> Deref for Params<'s> {
    type Target = IndexMap<SmolStr, ParamDef<'s>, FxBuildHasher>;

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl DerefMut for Params<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.entries
    }
}

impl<'s> FromIterator<(SmolStr, ParamDef<'s>)> for Params<'s> {
    fn from_iter<T: IntoIterator<Item = (SmolStr, ParamDef<'s>)>>(params: T) -> Params<'s> {
        Params { entries: params.into_iter().collect(), damage: Damage::NONE }
    }
}
