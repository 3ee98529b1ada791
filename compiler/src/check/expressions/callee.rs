//! What is called, as far as its arguments are concerned.

use crate::declare::Params;
use crate::place::Place;

/// What is called: for messages and for labels.
pub(crate) struct Callee<'a, 's> {
    /// "component", for messages.
    pub(crate) kind: &'static str,
    /// `train`, for messages.
    pub(crate) name: &'a str,
    pub(crate) params: &'a Params<'s>,
    /// Where it is declared.
    pub(crate) place: Option<Place>,
    /// Whether arguments may stand without a name.
    pub(crate) positional: bool,
    /// What its refinements read.
    pub(crate) owner: Owner,
}

/// Whose parameters: decides what a refinement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// `inputs.X`
    Component,
    /// `job.inputs.X`
    Job,
    /// The other fields, or parameters, by bare name.
    Local,
}

impl<'a, 's> Callee<'a, 's> {
    /// What `mock` and tests give for a component's outputs.
    pub(crate) fn outputs(kind: &'static str, name: &'a str, outputs: &'a Params<'s>, place: Place) -> Callee<'a, 's> {
        Callee { kind, name, params: outputs, place: Some(place), positional: false, owner: Owner::Local }
    }

    /// "component `train`"
    pub(crate) fn what(&self) -> String {
        format!("{} `{}`", self.kind, self.name)
    }

    /// What is given in brackets: a test gives the outputs of what it scripts.
    pub(crate) fn part(&self) -> &'static str {
        match self.kind {
            "op" | "the mock of" | "the run of hook" => "output",
            "condition" | "hook" => "parameter",
            "record" => "field",
            "event" | "state" => "argument",
            _ => "input",
        }
    }
}
