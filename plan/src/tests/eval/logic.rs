use crate::tests::notation::{Values, check, check_in};
use crate::value::Value;

#[test]
fn the_right_side_runs_only_where_it_decides() {
    check("(and false (eq 1 (int_div 1 0)))", "false");
    check("(or true (eq 1 (int_div 1 0)))", "true");
    check("(and true (eq 1 (int_div 1 0)))", "!division_by_zero");
    check("(or false (eq 1 (int_div 1 0)))", "!division_by_zero");
    check("(cond true 1 (int_div 1 0))", "1");
    check("(cond false (int_div 1 0) 2)", "2");
    check("(or_else 1 (int_div 1 0))", "1");
}

#[test]
fn an_error_on_the_left_stays_an_error() {
    check("(or (eq 1 (int_div 1 0)) true)", "!division_by_zero");
    check("(and (eq 1 (int_div 1 0)) false)", "!division_by_zero");
    check("(cond (eq 1 (int_div 1 0)) 1 2)", "!division_by_zero");
    check("(not (eq 1 (int_div 1 0)))", "!division_by_zero");
    check("(or_else (int_div 1 0) 2)", "!division_by_zero");
}

#[test]
fn there_is_no_truthiness() {
    for value in ["1", "0", "\"\"", "\"false\"", "null", "(list)", "0.0"] {
        check(&format!("(not {value})"), "!parse");
        check(&format!("(and {value} true)"), "!parse");
        check(&format!("(or {value} true)"), "!parse");
        check(&format!("(cond {value} 1 2)"), "!parse");
    }
    check("(and true true)", "true");
    check("(and true false)", "false");
    check("(or false false)", "false");
    check("(not false)", "true");
}

#[test]
fn null_equals_null_alone() {
    check("(eq null null)", "true");
    check("(eq 0 null)", "false");
    check("(eq null \"\")", "false");
    check("(ne (list) null)", "true");
    check("(is_null null)", "true");
    check("(is_null \"null\")", "false");
    check("(or_else null 2)", "2");
    check("(or_else null (or_else null \"x\"))", "\"x\"");
    check("(or_else null null)", "null");
    check("(lt null 1)", "!parse");
}

#[test]
fn what_is_not_in_the_context_is_null() {
    check("(is_null $outputs.loss)", "true");
    check("(or_else $outputs.loss 1.5)", "1.5");
    check("(narrow $outputs.loss)", "!parse");
    check("(lt $outputs.loss 1.0)", "!parse");
    let values = Values::from([("outputs.loss", Value::Float(0.5))]);
    check_in("(narrow $outputs.loss)", &values, "0.5");
    check_in("(and (ne $outputs.loss null) (lt $outputs.loss 0.9))", &values, "true");
    check_in("(some $outputs.loss)", &values, "0.5");
}

#[test]
fn enums_compare_by_name() {
    let values = Values::from([("op.status", Value::Enum("failed".into()))]);
    check_in("(eq $op.status \"failed\")", &values, "true");
    check_in("(eq $op.status \"succeeded\")", &values, "false");
    check_in("(lt $op.status \"x\")", &values, "!parse");
}

#[test]
fn a_slot_is_read_once_and_numbered_in_order() {
    let expr = crate::tests::notation::expr("(and (eq $inputs.a x) (eq $inputs.a $inputs.b))");
    let program = crate::Program::new(&expr);
    let slots: Vec<_> = program.slots().iter().map(|slot| format!("{slot:?}")).collect();
    assert_eq!(slots.len(), 3);
    assert!(slots[0].contains("Input(\"a\")") && slots[1].contains("Local") && slots[2].contains("Input(\"b\")"));
    let one = Value::Int(1);
    assert_eq!(program.run(&[one.clone(), one.clone(), one]), Ok(Value::Bool(true)));
}

#[test]
fn sub_expressions_are_traced_in_their_order() {
    let mut expr = crate::tests::notation::expr("(or (lt $inputs.a 1) (eq (int_div 1 0) 1))");
    expr.span.2 = 9;
    let values = Values::from([("inputs.a", Value::Int(5))]);
    let (result, traced) = crate::run_traced(&expr, &Default::default(), &values);
    assert_eq!(result, Err(crate::EvalError::DivisionByZero));
    let shown: Vec<_> = traced
        .iter()
        .map(|(span, result)| match result {
            Ok(value) => format!("{} {}", span.2, crate::tests::notation::shown(value)),
            Err(error) => format!("{} !{error}", span.2),
        })
        .collect();
    assert_eq!(shown, ["0 5", "0 false", "0 !division_by_zero", "0 !division_by_zero", "9 !division_by_zero"]);
}

#[test]
fn secrets_are_opaque_unless_revealed() {
    let template = crate::tests::notation::expr("(template \"Bearer \" (secret TOKEN))");
    let program = crate::Program::new(&template);
    assert_eq!(program.run(&[]), Err(crate::EvalError::Parse));
    let reveal = |name: &str| (name == "TOKEN").then(|| "s3cret".into());
    assert_eq!(program.run_revealed(&[], &reveal), Ok(Value::text("Bearer s3cret")));
    let alone = crate::Program::new(&crate::tests::notation::expr("(secret TOKEN)"));
    assert_eq!(alone.run(&[]), Ok(Value::Secret("TOKEN".into())));
    assert_eq!(alone.run_revealed(&[], &reveal), Ok(Value::text("s3cret")));
    let other = crate::Program::new(&crate::tests::notation::expr("(template (secret OTHER))"));
    assert_eq!(other.run_revealed(&[], &reveal), Err(crate::EvalError::Parse));
    check("(eq (secret A) (secret A))", "!parse");
    check("(to_text (secret A))", "!parse");
    check("(json (secret A))", "!parse");
}
