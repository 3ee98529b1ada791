use std::collections::BTreeMap;

use crate::eval::MAX_EXPR_DEPTH;
use crate::expr::{Expr, Node};
use crate::plan::EvalError;
use crate::tests::notation::{Values, check_in, expr};
use crate::types::{Span, Type};
use crate::value::Value;
use crate::{Program, cost, may_fail, reads_of, run_traced};

#[test]
fn an_evaluation_ends_after_its_budget() {
    let thousand = Value::list((0..1_000).map(Value::Int));
    let values = Values::from([("inputs.l", thousand)]);
    check_in("(macro all $inputs.l x (in_list x $inputs.l))", &values, "true");
    check_in("(macro all $inputs.l x (macro all $inputs.l y (macro all $inputs.l z (ge x 0))))", &values, "!cost");
}

#[test]
fn text_cannot_be_blown_up() {
    let long = Value::text("x".repeat(60_000));
    let values = Values::from([("inputs.s", long)]);
    let mut text = "$inputs.s".to_owned();
    for _ in 0..6 {
        text = format!("(replace {text} \"x\" $inputs.s)");
    }
    check_in(&text, &values, "!cost");
}

fn deep(depth: usize, node: impl Fn(Box<Expr>) -> Node) -> Expr {
    let mut deep = expr("$inputs.a");
    for _ in 0..depth {
        deep = Expr { node: node(Box::new(deep)), ty: Type::Bool, span: Span(0, 0, 0), via: Vec::new() };
    }
    deep
}

fn boxed(text: &str) -> Box<Expr> {
    Box::new(expr(text))
}

/// In every build, on a thread's usual stack.
#[test]
fn the_deepest_expression_fits_a_small_stack() {
    let on_small_stack = || {
        let shapes: [(Expr, Value, Value); 5] = [
            (deep(MAX_EXPR_DEPTH, |a| Node::And { a, b: boxed("true") }), Value::Bool(true), Value::Bool(true)),
            (deep(MAX_EXPR_DEPTH, |a| Node::IntAdd { a, b: boxed("1") }), Value::Int(0), Value::Int(1_500)),
            (deep(MAX_EXPR_DEPTH, |a| Node::Not { a }), Value::Bool(true), Value::Bool(true)),
            (
                deep(MAX_EXPR_DEPTH, |a| Node::Cond { test: boxed("true"), a, b: boxed("1") }),
                Value::Int(1),
                Value::Int(1),
            ),
            (deep(MAX_EXPR_DEPTH, |a| Node::Concat { a, b: boxed("\"\"") }), Value::text("a"), Value::text("a")),
        ];
        for (expr, input, wanted) in shapes {
            let program = Program::new(&expr);
            assert_eq!(program.run(std::slice::from_ref(&input)), Ok(wanted));
            assert!(run_traced(&expr, &BTreeMap::new(), &Values::from([("inputs.a", input)])).0.is_ok());
            assert!(cost(&expr) > MAX_EXPR_DEPTH as u64);
            assert_eq!(reads_of(&expr).len(), 1);
            assert!(may_fail(&expr).len() < 2);
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(on_small_stack).unwrap().join().unwrap();
}

#[test]
fn a_constant_of_the_wrong_type_is_an_error_not_a_panic() {
    let mut broken = expr("(int_add 1 2)");
    if let Node::IntAdd { a, .. } = &mut broken.node {
        a.ty = Type::Timestamp;
    }
    assert_eq!(Program::new(&broken).run(&[]), Err(EvalError::Parse));
    // A value of another type is not taken for what it is: what can fail is known of the operation alone.
    assert_eq!(Program::new(&expr("(float_abs -9223372036854775808)")).run(&[]), Err(EvalError::Parse));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Whatever stands in a plan: a value or an error, the same each time, within the steps that `cost` says.
    #[test]
    fn every_expression_ends(text in crate::tests::notation::any_expr()) {
        let expr = expr(&text);
        let values = Values::from([("inputs.x", Value::text("x")), ("op.status", Value::Enum("failed".into()))]);
        let program = Program::new(&expr);
        let (traced, trace) = run_traced(&expr, &BTreeMap::new(), &values);
        let slots = program.values(&values);
        let (result, steps) = program.run_counted(&slots);
        // A NaN is not itself.
        assert_eq!(format!("{result:?}"), format!("{traced:?}"), "{text}");
        assert!(steps <= cost(&expr), "{steps} steps, {} foreseen: {text}", cost(&expr));
        assert!(trace.len() <= 10_000);
        if let Err(error) = result {
            let foreseen = may_fail(&expr);
            // These come of types, and the types of these expressions are wrong.
            let of_types = matches!(error, EvalError::Parse | EvalError::NotFinite);
            assert!(of_types || foreseen.contains(&error), "{error}, {foreseen:?}: {text}");
        }
    }
}
