//! What an evaluation carries: the slots, the variables of macros, the steps that are left, the trace.

use std::cell::{Cell, RefCell};

use smol_str::SmolStr;

use crate::eval::{BUDGET, Traced};
use crate::plan::EvalError;
use crate::types::Span;
use crate::value::Value;

/// A value that is read in place or was made.
#[derive(Debug)]
pub(super) enum Got<'e> {
    Ref(&'e Value),
    Own(Value),
}

impl<'e> Got<'e> {
    pub(super) fn get(&self) -> &Value {
        match self {
            Got::Ref(value) => value,
            Got::Own(value) => value,
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Got::Ref(value) => value.clone(),
            Got::Own(value) => value,
        }
    }

    /// A part of the value, in place where the value is.
    pub(super) fn part(self, part: impl FnOnce(&Value) -> Option<&Value>) -> Option<Got<'e>> {
        match self {
            Got::Ref(value) => part(value).map(Got::Ref),
            Got::Own(value) => part(&value).cloned().map(Got::Own),
        }
    }
}

/// A value that an operation has made, or its failure.
pub(super) type Computed = Result<Value, EvalError>;

/// The result of an evaluation.
pub(super) type Outcome<'e> = Result<Got<'e>, EvalError>;

/// Gives a secret's value.
pub(super) type Reveal<'e> = &'e dyn Fn(&str) -> Option<SmolStr>;

/// What a whole evaluation shares.
pub(super) struct Shared<'e> {
    left: Cell<u64>,
    reveal: Option<Reveal<'e>>,
    traced: Option<&'e RefCell<Traced>>,
}

/// As many as a person can still read.
const LONGEST_TRACE: usize = 10_000;

impl<'e> Shared<'e> {
    pub(super) fn new() -> Shared<'e> {
        Shared { left: Cell::new(BUDGET), reveal: None, traced: None }
    }

    pub(super) fn revealing(reveal: Reveal<'e>) -> Shared<'e> {
        Shared { reveal: Some(reveal), ..Shared::new() }
    }

    pub(super) fn tracing(traced: &'e RefCell<Traced>) -> Shared<'e> {
        Shared { traced: Some(traced), ..Shared::new() }
    }

    /// Takes steps from the budget.
    pub(super) fn spend(&self, steps: u64) -> Result<(), EvalError> {
        let left = self.left.get().checked_sub(steps).ok_or(EvalError::Cost)?;
        self.left.set(left);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }
}

/// A macro's variable.
pub(super) struct Frame<'e> {
    pub(super) value: &'e Value,
    pub(super) outer: Option<&'e Frame<'e>>,
}

/// The place of an evaluation.
pub(super) struct Env<'e> {
    slots: &'e [Value],
    shared: &'e Shared<'e>,
    pub(super) frame: Option<&'e Frame<'e>>,
}

static NULL: Value = Value::Null;

impl<'e> Env<'e> {
    pub(super) fn new(slots: &'e [Value], shared: &'e Shared<'e>) -> Env<'e> {
        Env { slots, shared, frame: None }
    }

    /// The same with one more variable.
    pub(super) fn with<'f>(&self, frame: &'f Frame<'f>) -> Env<'f>
    where
        'e: 'f,
    {
        Env { slots: self.slots, shared: self.shared, frame: Some(frame) }
    }

    pub(super) fn slot(&self, number: usize) -> &'e Value {
        self.slots.get(number).unwrap_or(&NULL)
    }

    pub(super) fn local(&self, outward: usize) -> &'e Value {
        let mut frame = self.frame;
        for _ in 0..outward {
            frame = frame.and_then(|frame| frame.outer);
        }
        frame.map_or(&NULL, |frame| frame.value)
    }

    /// Takes steps from the budget.
    pub(super) fn spend(&self, steps: u64) -> Result<(), EvalError> {
        self.shared.spend(steps)
    }

    /// Takes the steps that going over a text of so many bytes costs.
    pub(super) fn spend_text(&self, bytes: usize) -> Result<(), EvalError> {
        self.spend(text_steps(bytes as u64))
    }

    /// A secret's value, where the evaluation may know it.
    pub(super) fn reveal(&self, name: &str) -> Result<SmolStr, EvalError> {
        self.shared.reveal.and_then(|reveal| reveal(name)).ok_or(EvalError::Parse)
    }

    /// Notes the value of a sub-expression.
    #[cold]
    pub(super) fn note(&self, span: Span, result: Result<Value, EvalError>) {
        if let Some(traced) = self.shared.traced {
            let mut traced = traced.borrow_mut();
            if traced.len() < LONGEST_TRACE {
                traced.push((span, result));
            }
        }
    }
}

/// One step reads this many bytes of text.
const BYTES_A_STEP: u64 = 256;

/// The steps of going over a text.
pub(crate) const fn text_steps(bytes: u64) -> u64 {
    bytes / BYTES_A_STEP
}
