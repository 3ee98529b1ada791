//! The callee of a call, for the check of its arguments.

use crate::declare::Params;
use crate::place::Place;

/// The callee of a call, for messages and labels.
pub(crate) struct Callee<'a, 's> {
    /// "component", for messages.
    pub(crate) kind: &'static str,
    /// `train`, for messages.
    pub(crate) name: &'a str,
    pub(crate) params: &'a Params<'s>,
    /// Where it is declared.
    pub(crate) place: Option<Place>,
    /// Whether arguments can be given by position.
    pub(crate) positional: bool,
    /// Decides what its refinements read.
    pub(crate) owner: Owner,
}

/// The owner of parameters, which decides what a refinement reads.
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
    /// The outputs of a component as the parameters of `mock` and of tests.
    pub(crate) fn outputs(kind: &'static str, name: &'a str, outputs: &'a Params<'s>, place: Place) -> Callee<'a, 's> {
        Callee { kind, name, params: outputs, place: Some(place), positional: false, owner: Owner::Local }
    }

    /// "component `train`"
    pub(crate) fn what(&self) -> String {
        format!("{} `{}`", self.kind, self.name)
    }

    /// The word for one of its arguments, for messages. A test gives outputs.
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
