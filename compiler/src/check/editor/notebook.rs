//! The notes for an editor that the check of a file makes.

use hookc_grammar::Span;
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::editor::completion::Probe;
use crate::place::Place;
use crate::sources::FileId;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Referent {
    /// A declaration in a file: the place of its name.
    Declared(Place),
    /// A function, method or macro: the name of its page.
    Function(SmolStr),
    /// A part of the context: `op.name`, `job.id`.
    Context(SmolStr),
    /// An event of a hook.
    Event(plan::Event),
    /// A built-in type, enum or record.
    Builtin(SmolStr),
}

/// The type of a value, and why it may be missing or is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) ty: String,
    /// Where its type is declared.
    pub(crate) declared: Option<Place>,
    /// "may be missing on `failed`: …"
    pub(crate) missing: Option<String>,
    /// The condition that makes it certain.
    pub(crate) asked: Option<Place>,
}

/// Information that is not in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inferred {
    /// The type of a name that is declared without one, and whether the source could contain it.
    Type { ty: String, writable: bool },
    /// The ops that an op waits for because it reads them.
    After(Vec<SmolStr>),
}

/// The notes of one file.
#[derive(Debug)]
pub(crate) struct Notes {
    /// The only file with notes.
    pub(crate) file: FileId,
    pub(crate) uses: Vec<(Span, Referent)>,
    pub(crate) values: Vec<(Span, Value)>,
    pub(crate) inferred: Vec<(u32, Inferred)>,
    /// Hooks of the file that replace hooks of an `each` block with the same name.
    pub(crate) replaced: Vec<(Span, Place)>,
    /// The request for completions at a place.
    pub(crate) probe: Option<Probe>,
}

impl Notes {
    /// Empty notes of a file.
    pub(crate) fn new(file: FileId) -> Notes {
        Notes { file, uses: Vec::new(), values: Vec::new(), inferred: Vec::new(), replaced: Vec::new(), probe: None }
    }
}
