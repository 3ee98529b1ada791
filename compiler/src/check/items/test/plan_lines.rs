//! The lines of tests in the form in which they are run.

use hookc_grammar::ast;
use hookc_plan as plan;
use hookc_plan::test::{AgentEvent, Subject};

use super::{Checker, Named, Scope};
use crate::symbol::Symbol;

impl Checker<'_, '_> {
    /// What an agent does, with the key of the tool.
    pub(super) fn plan_event(&self, scope: &Scope<'_, '_>, event: &ast::AgentEvent) -> Option<AgentEvent> {
        let tool = event.tool.as_ref().and_then(|name| match self.program.lookup(scope.file, &name.text) {
            Some(symbol @ Symbol::Component(_)) => Some(self.key(symbol)),
            _ => None,
        });
        Some(AgentEvent { event: plan::Event::from_word(&event.word.text)?, tool })
    }
}

/// The subject of a line.
pub(super) fn plan_subject(subject: &ast::Subject, named: &Named<'_>) -> Subject {
    let item = subject.index.map(|(number, _)| number);
    match named {
        Named::Job => Subject::Job,
        Named::Previous => Subject::Previous,
        Named::Op(op) => Subject::Op { op: op.name.clone(), item },
        Named::Hook(hook) => {
            let op = subject.path.first().filter(|_| subject.path.len() > 1);
            Subject::Hook { op: op.map(|op| op.text.clone()), item, hook: hook.name.clone() }
        }
    }
}
