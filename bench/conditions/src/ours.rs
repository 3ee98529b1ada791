//! hookc: what is prepared once, and what is done each time.

use std::collections::HashMap;
use std::hint::black_box;

use hookc_compiler::{ExprScope, check_expr};
use hookc_plan::{Context, Expr, Program, Slot, Value};

use crate::condition::{CONDITION, Input, UNREAD};

/// The names and types of the variables.
pub(crate) fn variables() -> Vec<(String, String)> {
    let read = [("loss", "float"), ("status", "string"), ("tags", "list<string>")];
    let all = read.into_iter().chain(UNREAD.map(|name| (name, "int")));
    all.map(|(name, ty)| (name.to_owned(), ty.to_owned())).collect()
}

/// The checked condition.
pub(crate) fn checked() -> Result<Expr, String> {
    let checked = check_expr(CONDITION, &variables()).map_err(|errors| format!("{errors:?}"))?;
    Ok(checked.expr)
}

/// The compiled condition and a context.
pub(crate) struct Ours {
    program: Program,
    context: Variables,
    values: Vec<Value>,
}

/// The ten variables by name.
struct Variables(HashMap<Slot, Value>);

impl Context for Variables {
    fn read(&self, slot: &Slot) -> Option<Value> {
        self.0.get(slot).cloned()
    }
}

impl Ours {
    pub(crate) fn new(input: Input) -> Result<Ours, String> {
        let program = Program::new(&checked()?);
        let read = [
            ("loss", Value::Float(input.loss)),
            ("status", Value::text(input.status)),
            ("tags", Value::list(input.tags.iter().map(|tag| Value::text(*tag)))),
        ];
        let all = read.into_iter().chain(UNREAD.map(|name| (name, Value::Int(1))));
        let context = Variables(all.map(|(name, value)| (Slot::Local(name.into()), value)).collect());
        let values = program.values(&context);
        Ok(Ours { program, context, values })
    }

    /// Over the values of its slots: names were resolved when the condition was compiled.
    pub(crate) fn holds(&self) -> Option<bool> {
        truth(black_box(&self.program).run(black_box(&self.values)))
    }

    /// Over the context: the values are found by name and copied, each time.
    pub(crate) fn holds_in_context(&self) -> Option<bool> {
        truth(black_box(&self.program).run_with(black_box(&self.context)))
    }
}

fn truth<E>(result: Result<Value, E>) -> Option<bool> {
    match result {
        Ok(Value::Bool(holds)) => Some(holds),
        _ => None,
    }
}

/// Parses the text; whether it is without errors.
pub(crate) fn parse() -> bool {
    hookc_grammar::parse_expr(black_box(CONDITION)).1.is_empty()
}

/// Reads the text and checks it over variables that are declared already.
pub(crate) fn parse_and_check(scope: &mut ExprScope) -> bool {
    black_box(scope.check(black_box(CONDITION))).is_ok()
}

/// Declares the variables, reads the text and checks it.
pub(crate) fn declare_and_check(variables: &[(String, String)]) -> bool {
    black_box(check_expr(black_box(CONDITION), black_box(variables))).is_ok()
}

/// Compiles the checked condition.
pub(crate) fn make_ready(expr: &Expr) -> bool {
    black_box(Program::new(black_box(expr))).slots().len() == 3
}
