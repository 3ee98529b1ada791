//! The `cel` crate and minijinja. What can be made once is made once, the context above all.

use std::hint::black_box;

use crate::condition::{CONDITION, Input, TEMPLATE, UNREAD};

/// The `cel` crate's condition and context.
pub(crate) struct Cel {
    program: cel::Program,
    context: cel::Context<'static, 'static>,
}

impl Cel {
    pub(crate) fn new(input: Input) -> Result<Cel, String> {
        let program = cel::Program::compile(CONDITION).map_err(|error| error.to_string())?;
        let mut context = cel::Context::default();
        context.add_variable_from_value("loss", input.loss);
        context.add_variable_from_value("status", input.status);
        context.add_variable_from_value("tags", input.tags.to_vec());
        for name in UNREAD {
            context.add_variable_from_value(name, 1_i64);
        }
        Ok(Cel { program, context })
    }

    pub(crate) fn holds(&self) -> Option<bool> {
        match black_box(&self.program).execute(black_box(&self.context)) {
            Ok(cel::Value::Bool(holds)) => Some(holds),
            _ => None,
        }
    }
}

/// Reads the text; it has no types to check.
pub(crate) fn parse_cel() -> bool {
    black_box(cel::Program::compile(black_box(CONDITION))).is_ok()
}

/// minijinja's expression and context.
pub(crate) struct Minijinja<'e> {
    expression: minijinja::Expression<'e, 'e>,
    context: minijinja::Value,
}

impl<'e> Minijinja<'e> {
    pub(crate) fn new(environment: &'e minijinja::Environment<'e>, input: Input) -> Result<Minijinja<'e>, String> {
        let expression = environment.compile_expression(TEMPLATE).map_err(|error| error.to_string())?;
        let read = [
            ("loss", minijinja::Value::from(input.loss)),
            ("status", minijinja::Value::from(input.status)),
            ("tags", minijinja::Value::from(input.tags.to_vec())),
        ];
        let all = read.into_iter().chain(UNREAD.map(|name| (name, minijinja::Value::from(1))));
        Ok(Minijinja { expression, context: minijinja::Value::from_pairs(all) })
    }

    pub(crate) fn holds(&self) -> Option<bool> {
        black_box(&self.expression).eval(black_box(&self.context)).ok().map(|value| value.is_true())
    }
}

/// Reads the text; it has no types to check.
pub(crate) fn parse_minijinja(environment: &minijinja::Environment<'_>) -> bool {
    black_box(environment.compile_expression(black_box(TEMPLATE))).is_ok()
}
