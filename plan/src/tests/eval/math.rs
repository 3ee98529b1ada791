use crate::tests::notation::{Values, check, check_in};
use crate::value::Value;

#[test]
fn the_greatest_and_the_least() {
    check("(greatest (list 3 -3 10))", "10");
    check("(least (list 3 -3 10))", "-3");
    check("(greatest (list 1.5 -1.5))", "1.5");
    check("(least (list -inf 1.5))", "!parse");
    check("(least (list inf 1.5))", "1.5");
    check("(greatest (list -9223372036854775808 9223372036854775807))", "9223372036854775807");
    check("(greatest (list))", "!index");
    check("(greatest (list nan))", "!not_finite");
    check("(least (list 1.0 nan))", "!not_finite");
    check("(greatest (list 1 1.0))", "!parse");
}

#[test]
fn the_size_and_the_sign() {
    check("(int_abs -11)", "11");
    check("(int_abs -9223372036854775808)", "!overflow");
    check("(float_abs -11.5)", "11.5");
    check("(int_sign -11)", "-1");
    check("(int_sign 0)", "0");
    check("(float_sign -32.0)", "-1.0");
    check("(float_sign 0.0)", "0.0");
    check("(float_sign -0.0)", "-0.0");
    check("(float_sign nan)", "NaN");
    check("(float_sign inf)", "1.0");
}

#[test]
fn rounding() {
    check("(ceil -1.2)", "-1.0");
    check("(ceil 1.2)", "2.0");
    check("(floor -1.2)", "-2.0");
    check("(round 1.5)", "2.0");
    check("(round 2.5)", "3.0");
    check("(round -1.5)", "-2.0");
    check("(round -1.4)", "-1.0");
    check("(round 0.49999999999999994)", "0.0");
    check("(trunc -1.7)", "-1.0");
    check("(round nan)", "NaN");
    check("(ceil inf)", "inf");
    check("(round 1)", "!parse");
}

#[test]
fn what_a_float_is() {
    check("(is_nan nan)", "true");
    check("(is_nan inf)", "false");
    check("(is_inf inf)", "true");
    check("(is_inf (float_neg inf))", "true");
    check("(is_inf 1.0)", "false");
    check("(is_finite 1.0)", "true");
    check("(is_finite nan)", "false");
    check("(is_finite inf)", "false");
}

#[test]
fn bits() {
    check("(bit_and 1 3)", "1");
    check("(bit_and 1 -1)", "1");
    check("(bit_or 4 -2)", "-2");
    check("(bit_xor 4 -2)", "-6");
    check("(bit_not 0)", "-1");
    check("(bit_shift_left 1 2)", "4");
    check("(bit_shift_left 1 63)", "-9223372036854775808");
    check("(bit_shift_left -1 200)", "0");
    check("(bit_shift_left 1 9223372036854775807)", "0");
    check("(bit_shift_left 1 -1)", "!range");
    check("(bit_shift_right 1024 2)", "256");
    check("(bit_shift_right 1024 64)", "0");
    check("(bit_shift_right -1024 3)", "2305843009213693824");
    check("(bit_shift_right 1 -1)", "!range");
    check("(bit_and 1 1.0)", "!parse");
}

#[test]
fn parts_of_lists() {
    check("(slice (list 1 2 3 4) 1 3)", "[2, 3]");
    check("(slice (list 1 2) 0 2)", "[1, 2]");
    check("(slice (list 1 2) 2 2)", "[]");
    check("(slice (list 1 2) 2 1)", "!range");
    check("(slice (list 1 2) -1 1)", "!range");
    check("(slice (list 1 2) 0 3)", "!range");
    check("(first (list 1 2))", "1");
    check("(last (list 1 2))", "2");
    check("(first (list))", "null");
    check("(last (list))", "null");
    check("(slice \"abc\" 0 1)", "!parse");
}

#[test]
fn lists_made_of_lists() {
    check("(flatten (list (list 1) (list) (list 2 3)))", "[1, 2, 3]");
    check("(flatten (list (list (list 1))))", "[[1]]");
    check("(flatten (list 1))", "!parse");
    check("(distinct (list 1 2 1 2 3))", "[1, 2, 3]");
    check("(distinct (list (list 1) (list 1) (list 1 2)))", "[[1], [1, 2]]");
    check("(distinct (list 0.0 -0.0 1.0))", "[0.0, 1.0]");
    check("(distinct (list (map a 1) (map a 2) (map a 1)))", "[{a: 1}, {a: 2}]");
    check("(distinct (list (record R a 1 b null) (record R a 1)))", "[(a: 1, b: null)]");
    check("(distinct (list null null \"a\"))", "[null, \"a\"]");
    check("(distinct (list (secret S)))", "!parse");
    // Nothing equals a NaN.
    check("(distinct (list nan nan))", "[NaN, NaN]");
    check("(reverse_list (list 1 2 3))", "[3, 2, 1]");
    check("(range 3)", "[0, 1, 2]");
    check("(range 0)", "[]");
    check("(range -3)", "[]");
    check("(range 9223372036854775807)", "!cost");
    check("(distinct 1)", "!parse");
}

#[test]
fn sorting() {
    check("(sort (list 3 1 2))", "[1, 2, 3]");
    check("(sort (list \"b\" \"a\" \"B\" \"\"))", "[\"\", \"B\", \"a\", \"b\"]");
    check("(sort (list true false true))", "[false, true, true]");
    check("(sort (list 1.5 -0.5 inf))", "[-0.5, 1.5, inf]");
    check("(sort (list 2h 30m))", "[30m, 2h]");
    check("(sort (list))", "[]");
    check("(sort (list 1.0 nan))", "!not_finite");
    check("(sort (list nan))", "!not_finite");
    check("(sort (list 1 \"a\"))", "!parse");
    check("(sort (list null))", "!parse");
}

#[test]
fn the_largest_lists_end_in_time() {
    let many = Value::list((0..200_000).map(|at| Value::Int(at * 7_919 % 200_003)));
    let values = Values::from([("inputs.l", many)]);
    check_in("(size_list (sort $inputs.l))", &values, "!cost");
    check_in("(size_list (distinct $inputs.l))", &values, "!cost");
    let some = Values::from([("inputs.l", Value::list((0..10_000).map(|at| Value::Int(at * 7_919 % 5_003))))]);
    check_in("(size_list (distinct $inputs.l))", &some, "5003");
    check_in("(index_list (sort $inputs.l) 9999)", &some, "5002");
    check_in("(size_list (reverse_list $inputs.l))", &values, "200000");
    check_in("(greatest $inputs.l)", &values, "200002");
}

#[test]
fn a_map_made_of_a_map() {
    check("(macro2 transformMap (map a 1 b 2) k v (int_mul v 10))", "{a: 10, b: 20}");
    check("(macro transformMap (map a 1) k k)", "{a: \"a\"}");
    check("(macro transformMap (list 1) x x)", "!parse");
    check("(macro transformMap (list \"a\" \"b\") x 1)", "{a: 1, b: 1}");
}
