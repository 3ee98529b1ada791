//! From syntax trees to diagnostics and a plan. Pure: no disk, clock or network.
//!
//! The phases, each a function of the results before it:
//! load ([`Sources`]), declare (what the files say there is), check (types, names, certainty: typed expressions
//! and diagnostics), lower (the plan of a program without errors).

mod check;
mod context_names;
mod cron;
mod declare;
pub mod diagnostics;
mod eval;
mod functions;
pub mod ide;
mod ids;
pub mod library;
mod lints;
mod lower;
mod place;
pub mod project;
mod regex;
pub mod sources;
mod symbol;
mod syntax;
#[cfg(test)]
mod tests;
mod ty;

pub use diagnostics::{Code, Diagnostic, Edit, Fix, Label, Severity};
pub use eval::{CheckedExpr, ExprScope, check_expr};
pub use functions::{FunctionKind, FunctionPage, functions, functions_named};
pub use lints::{ConditionFacts, Example, Proof, condition_facts, disjoint, implies};
pub use lower::{LowerOptions, Lowered, PlannedTest, TestFile, TestOptions, check_and_lower, check_and_lower_tests};
pub use place::Place;
pub use project::Project;
pub use sources::{FileId, LoadError, Loader, SourceFile, Sources};
pub use syntax::syntax_diagnostic;

use check::Checker;
use declare::Program;

/// What `check` found.
pub struct Checked {
    /// Sorted by file and place; each mistake once.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.is_error())
    }
}

/// Checks every file of `sources`.
pub fn check(sources: &Sources) -> Checked {
    let mut found = Vec::new();
    let program = Program::declare(sources, &mut found);
    let mut checker = Checker::new(&program, FileId(0));
    checker.check_all();
    found.append(&mut checker.take_reported());
    finish(sources, found)
}

/// Adds what is wrong with the texts themselves, and leaves out what comments allow.
fn finish(sources: &Sources, mut found: Vec<Diagnostic>) -> Checked {
    syntax::check_texts(sources, &mut found);
    let found = lints::apply_allows(sources, found);
    Checked { diagnostics: sorted(sources, found) }
}

/// The diagnostics of `sources` at the levels that the project sets. Every reporter shows these.
pub fn findings(sources: &Sources) -> Vec<Diagnostic> {
    sources.project.apply_levels(check(sources).diagnostics)
}

/// In a fixed order, each once: a hook that holds for many ops is one mistake.
pub(crate) fn sorted(sources: &Sources, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let path = |diagnostic: &Diagnostic| sources.file(diagnostic.file()).path.as_str();
    diagnostics.sort_by(|a, b| {
        let place = |diagnostic: &Diagnostic| (diagnostic.span(), diagnostic.code.id);
        path(a).cmp(path(b)).then_with(|| place(a).cmp(&place(b))).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup_by(|a, b| a.code == b.code && a.file() == b.file() && a.span() == b.span());
    diagnostics
}
