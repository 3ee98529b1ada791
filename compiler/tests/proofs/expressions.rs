//! Expressions by themselves: their variables, and their values by our evaluator.

use hookc_compiler::{Code, Diagnostic, check_expr};
use hookc_plan::{EvalError, Path, Program, Slot, Value};

use crate::generator::rng::Rng;
use crate::generator::types::{self, OP_STATUS, Ty};
use crate::generator::{self, Variable, rules, values};
use crate::soundness;

/// The variables that every expression may read.
pub(crate) const VARIABLES: &[(&str, Ty)] = &[
    ("b0", Ty::Bool),
    ("b1", Ty::Bool),
    ("i0", Ty::Int),
    ("i1", Ty::Int),
    ("f0", Ty::Float),
    ("f1", Ty::Float),
    ("s0", Ty::Text),
    ("s1", Ty::Text),
    ("d0", Ty::Duration),
    ("t0", Ty::Timestamp),
    ("t1", Ty::Timestamp),
    ("e0", Ty::Enum(&OP_STATUS)),
    ("li", Ty::List(&Ty::Int)),
    ("ls", Ty::List(&Ty::Text)),
    ("lf", Ty::List(&Ty::Float)),
    ("mi", Ty::Map(&Ty::Int)),
    ("ms", Ty::Map(&Ty::Text)),
    ("oi", Ty::Optional(&Ty::Int)),
    ("os", Ty::Optional(&Ty::Text)),
    ("of", Ty::Optional(&Ty::Float)),
    ("ob", Ty::Optional(&Ty::Bool)),
    ("ot", Ty::Optional(&Ty::Timestamp)),
];

/// The variables of declared types, which only expressions in programs may read.
pub(crate) const RECORDS: &[(&str, Ty)] = &[
    ("r0", Ty::Record(&types::POINT)),
    ("r1", Ty::Record(&types::POINT)),
    ("lr", types::POINTS[0]),
    ("mr", types::POINTS[1]),
    ("er", Ty::Enum(&types::TIER)),
];

/// All variables, in the order of a context.
pub(crate) fn variables() -> impl Iterator<Item = &'static (&'static str, Ty)> {
    VARIABLES.iter().chain(RECORDS)
}

/// The place of a variable in a context.
pub(crate) fn position(name: &str) -> Option<usize> {
    variables().position(|(variable, _)| *variable == name)
}

/// The usual variables in scope.
pub(crate) fn scope() -> Vec<Variable> {
    VARIABLES.iter().map(|(name, ty)| Variable::new(*name, *ty)).collect()
}

/// Those of declared types too, and the fields of records.
pub(crate) fn scope_with_records() -> Vec<Variable> {
    generator::with_fields(variables().map(|(name, ty)| Variable::new(*name, *ty)).collect())
}

/// A value for each variable.
pub(crate) fn context(rng: &mut Rng) -> Vec<Value> {
    variables().map(|(_, ty)| values::value(rng, *ty)).collect()
}

/// As `hookc eval` is given them, with `more`.
pub(crate) fn declarations(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = VARIABLES.iter().map(|(name, ty)| ((*name).to_owned(), ty.to_string()));
    usual.chain(more.iter().map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned()))).collect()
}

/// An expression, ready to be evaluated.
pub(crate) struct Ready {
    pub(crate) expr: hookc_plan::Expr,
    program: Program,
    names: Vec<usize>,
}

impl Ready {
    /// Checks an expression over the variables.
    pub(crate) fn new(text: &str, declarations: &[(String, String)]) -> Result<Ready, Vec<Diagnostic>> {
        let checked = check_expr(text, declarations)?;
        let program = Program::with_types(&checked.expr, &checked.types);
        Ok(Ready::made(checked.expr, program))
    }

    /// Checks an expression as a job's output, where it can read records: the variables are the job's inputs.
    pub(crate) fn in_program(text: &str, ty: Ty) -> Result<Ready, Vec<Diagnostic>> {
        let inputs: Vec<(String, Ty)> = variables().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
        Ready::in_job("", &inputs, text, ty)
    }

    /// The same over other variables, behind some declarations.
    pub(crate) fn in_job(
        declarations: &str,
        inputs: &[(String, Ty)],
        text: &str,
        ty: Ty,
    ) -> Result<Ready, Vec<Diagnostic>> {
        let declared: Vec<String> = inputs.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let program = format!(
            "{}{declarations}component c() {{ exec [\"c\"] }}\n\
             job main({}) -> (y: {ty}) {{\n  op one = c()\n  outputs (y: {text})\n}}\n",
            types::declarations(),
            declared.join(", ")
        );
        let mut plan = soundness::lowered(&program, None)?;
        let expr = plan.jobs.get_mut("main").unwrap().outputs.swap_remove(0).value;
        let program = Program::with_types(&expr, &plan.types);
        Ok(Ready::over(expr, program, |name| inputs.iter().position(|(input, _)| input == name)))
    }

    pub(crate) fn made(expr: hookc_plan::Expr, program: Program) -> Ready {
        Ready::over(expr, program, position)
    }

    fn over(expr: hookc_plan::Expr, program: Program, place: impl Fn(&str) -> Option<usize>) -> Ready {
        let number = |slot: &Slot| match slot {
            Slot::Local(name) | Slot::Ctx(Path::JobInput(name)) => place(name),
            _ => None,
        };
        let names = program.slots().iter().map(|slot| number(slot).unwrap()).collect();
        Ready { expr, program, names }
    }

    /// Its value where the variables have these.
    pub(crate) fn value(&self, context: &[Value]) -> Result<Value, EvalError> {
        let slots: Vec<Value> = self.names.iter().map(|at| context[*at].clone()).collect();
        self.program.run(&slots)
    }
}

/// What says that an expression is well typed and still cannot be computed, or costs too much.
pub(crate) fn is_of_values(diagnostics: &[Diagnostic]) -> bool {
    let of_values: [Code; 4] = [
        hookc_compiler::diagnostics::CONSTANT_FAILS,
        hookc_compiler::diagnostics::TOO_EXPENSIVE,
        hookc_compiler::diagnostics::BAD_INDEX,
        hookc_compiler::diagnostics::BAD_CONSTANT,
    ];
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    errors.all(|diagnostic| of_values.contains(&diagnostic.code))
}

/// Whether two results are the same, not-a-numbers among them.
pub(crate) fn same(a: &Result<Value, EvalError>, b: &Result<Value, EvalError>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => same_value(a, b),
        (Err(a), Err(b)) => a == b,
        _ => false,
    }
}

fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_value(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|((k, a), (l, b))| k == l && same_value(a, b))
        }
        (a, b) => a == b,
    }
}

/// A type that an expression can have by itself.
pub(crate) fn some_type(rng: &mut Rng) -> Ty {
    if rng.chance(50) {
        return Ty::Bool;
    }
    rng.pick(&[types::SIMPLE.as_slice(), &rules::LISTS, &rules::MAPS].concat())
}

/// Fails with the shortest cases, if there is any.
pub(crate) fn report(mut failures: Vec<(usize, String)>) {
    failures.sort();
    let shown: Vec<&str> = failures.iter().take(8).map(|(_, text)| text.as_str()).collect();
    assert!(failures.is_empty(), "{} failures; the shortest:\n\n{}", failures.len(), shown.join("\n\n"));
}
