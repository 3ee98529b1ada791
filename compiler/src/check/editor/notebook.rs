//! What is noted for an editor while a file is checked.

use hookc_grammar::Span;
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::editor::completion::Probe;
use crate::place::Place;
use crate::sources::FileId;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Referent {
    /// What a file declares: where its name is written.
    Declared(Place),
    /// A function, method or macro: the name of its page.
    Function(SmolStr),
    /// A part of the context: `op.name`, `job.id`.
    Context(SmolStr),
    /// An event of a hook, with the word of what it watches.
    Event(plan::Event),
    /// A type, an enum or a record that is built in.
    Builtin(SmolStr),
}

/// The type of a value, and why it may be missing or surely is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) ty: String,
    /// Where its type is declared.
    pub(crate) declared: Option<Place>,
    /// "may be missing on `failed`: …"
    pub(crate) missing: Option<String>,
    /// The condition that asked for it.
    pub(crate) asked: Option<Place>,
}

/// What stands between the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inferred {
    /// The type of a name that is declared without one, and whether it could be written.
    Type { ty: String, writable: bool },
    /// The ops that an op waits for because it reads them.
    After(Vec<SmolStr>),
}

/// The notes of one file.
#[derive(Debug)]
pub(crate) struct Notes {
    /// The only file that notes are made of.
    pub(crate) file: FileId,
    pub(crate) uses: Vec<(Span, Referent)>,
    pub(crate) values: Vec<(Span, Value)>,
    pub(crate) inferred: Vec<(u32, Inferred)>,
    /// Hooks of the file that stand in place of wider ones, because they have their names.
    pub(crate) replaced: Vec<(Span, Place)>,
    /// The question of what could be written at a place.
    pub(crate) probe: Option<Probe>,
}

impl Notes {
    /// Empty notes of a file.
    pub(crate) fn new(file: FileId) -> Notes {
        Notes { file, uses: Vec::new(), values: Vec::new(), inferred: Vec::new(), replaced: Vec::new(), probe: None }
    }
}
