use crate::failures::{may_fail, reads_of};
use crate::path::Path;
use crate::plan::EvalError;
use crate::tests::notation::expr;

#[track_caller]
fn fails(text: &str, wanted: &[EvalError]) {
    assert_eq!(may_fail(&expr(text)), wanted, "{text}");
}

#[test]
fn reads_are_sorted_and_each_once() {
    let reads = reads_of(&expr("(and (eq $outputs.loss $inputs.x) (macro all $inputs.l v (eq v $inputs.x)))"));
    let texts: Vec<String> = reads.iter().map(Path::to_string).collect();
    assert_eq!(texts, ["inputs.l", "inputs.x", "outputs.loss"]);
    assert!(reads_of(&expr("(connection team)")).is_empty());
}

#[test]
fn a_constant_divisor_rules_errors_out() {
    use EvalError::{DivisionByZero, Overflow};
    fails("(int_div $inputs.a 2)", &[]);
    fails("(int_rem $inputs.a -2)", &[]);
    fails("(int_div $inputs.a -1)", &[Overflow]);
    fails("(int_div $inputs.a 0)", &[DivisionByZero]);
    fails("(int_div 1 $inputs.a)", &[Overflow, DivisionByZero]);
    fails("(float_div 1.0 $inputs.a)", &[]);
}

#[test]
fn each_kind_of_failure_is_named() {
    use EvalError::{Index, Key, NotFinite, Overflow, Parse, Range};
    fails("(int_add 1 $inputs.a)", &[Overflow]);
    fails("(int_neg 5)", &[]);
    fails("(dur_neg 5s)", &[Overflow]);
    fails("(index_list $inputs.l 0)", &[Index]);
    fails("(index_list (list 1 2) 1)", &[]);
    fails("(index_list (list 1 2) 2)", &[Index]);
    fails("(index_list (list 1 2) -1)", &[Index]);
    fails("(index_map $inputs.m \"k\")", &[Key]);
    fails("(get_map $inputs.m \"k\")", &[]);
    fails("(substring $inputs.s 0)", &[Range]);
    fails("(index_of $inputs.s \"a\")", &[]);
    fails("(index_of $inputs.s \"a\" $inputs.n)", &[Range]);
    fails("(truncate $inputs.s 300)", &[]);
    fails("(truncate $inputs.s -1)", &[Range]);
    fails("(int_abs $inputs.n)", &[Overflow]);
    fails("(greatest (list $inputs.n 1))", &[]);
    fails("(greatest $inputs.l)", &[Index]);
    fails("(sort (list $inputs.n 2))", &[]);
    fails("(slice $inputs.l 0 1)", &[Range]);
    fails("(bit_shift_left $inputs.n 3)", &[]);
    fails("(bit_shift_left 1 $inputs.n)", &[Range]);
    fails("(first $inputs.l)", &[]);
    fails("(fixed $inputs.f 3)", &[NotFinite]);
    fails("(fixed $inputs.f $inputs.n)", &[Range, NotFinite]);
    fails("(to_text 1.0)", &[NotFinite]);
    fails("(to_text 1)", &[]);
    fails("(json (list 1.0))", &[]);
    fails("(map_of a 1.0)", &[NotFinite]);
    fails("(float_to_int $inputs.f)", &[Overflow]);
    fails("(string_to_int $inputs.s)", &[Parse]);
    fails("(parse_duration \"1h\")", &[]);
    fails("(parse_duration $inputs.s)", &[Overflow, Parse]);
    fails("(parse_timestamp $inputs.s)", &[Range, Parse]);
    fails("(ts_part getHours $op.started_at)", &[]);
    fails("(ts_part getHours $op.started_at \"Europe/Berlin\")", &[]);
    fails("(ts_part getHours $op.started_at \"Europe/Atlantis\")", &[Parse]);
    fails("(ts_part getHours $op.started_at $inputs.zone)", &[Parse]);
    fails("(lt $outputs.loss 0.9)", &[]);
}

#[test]
fn what_is_inside_counts() {
    use EvalError::{DivisionByZero, Key, Overflow};
    fails("(or_else (get_map $inputs.m \"k\") (index_map $inputs.m \"d\"))", &[Key]);
    fails("(macro exists (list 1) v (eq (int_div 1 v) 1))", &[Overflow, DivisionByZero]);
    fails("(macro_keep map (list 1) v (eq (int_rem 1 v) 1) v)", &[Overflow, DivisionByZero]);
}

#[test]
fn what_costs_too_much_may_fail() {
    use EvalError::Cost;
    let nested = "(macro all (split $inputs.s \",\") a (macro all (split $inputs.s \",\") b (eq a b)))";
    fails(nested, &[Cost]);
    fails("(range $inputs.n)", &[Cost]);
    fails("(range 3)", &[]);
}
