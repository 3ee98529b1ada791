use crate::tests::notation::check;

const MAX: &str = "9223372036854775807";
const MIN: &str = "-9223372036854775808";

#[test]
fn division_truncates_towards_zero() {
    check("(int_div 7 2)", "3");
    check("(int_div -7 2)", "-3");
    check("(int_div 7 -2)", "-3");
    check("(int_div -7 -2)", "3");
}

#[test]
fn the_remainder_has_the_sign_of_the_dividend() {
    check("(int_rem 7 2)", "1");
    check("(int_rem -7 2)", "-1");
    check("(int_rem 7 -2)", "1");
    check("(int_rem -6 2)", "0");
}

#[test]
fn division_by_zero_is_an_error() {
    check("(int_div 7 0)", "!division_by_zero");
    check("(int_rem 7 0)", "!division_by_zero");
    check(&format!("(int_div {MIN} 0)"), "!division_by_zero");
}

#[test]
fn integers_never_wrap() {
    check(&format!("(int_add {MAX} 1)"), "!overflow");
    check(&format!("(int_sub {MIN} 1)"), "!overflow");
    check(&format!("(int_mul {MAX} 2)"), "!overflow");
    check(&format!("(int_neg {MIN})"), "!overflow");
    check(&format!("(int_div {MIN} -1)"), "!overflow");
    check(&format!("(int_rem {MIN} -1)"), "!overflow");
    check(&format!("(int_add {MAX} 0)"), MAX);
    check(&format!("(int_neg {MAX})"), "-9223372036854775807");
    check("(int_mul -4611686018427387904 2)", MIN);
}

#[test]
fn integers_beyond_2_53_are_exact() {
    check("(int_add 9007199254740992 1)", "9007199254740993");
    check("(eq 9007199254740993 9007199254740992)", "false");
    check("(gt 9007199254740993 9007199254740992)", "true");
    check("(lt -9007199254740993 -9007199254740992)", "true");
}

#[test]
fn floats_are_ieee() {
    check("(float_add 0.1 0.2)", "0.30000000000000004");
    check("(float_div 1.0 0.0)", "inf");
    check("(float_div -1.0 0.0)", "-inf");
    check("(float_div 0.0 0.0)", "NaN");
    check("(float_neg 0.0)", "-0.0");
    check("(float_mul 1e308 10.0)", "inf");
    check("(float_sub 1.0 0.9)", "0.09999999999999998");
}

#[test]
fn nan_equals_nothing_and_has_no_order() {
    check("(eq nan nan)", "false");
    check("(ne nan nan)", "true");
    for test in ["lt", "le", "gt", "ge"] {
        check(&format!("({test} nan 1.0)"), "false");
        check(&format!("({test} 1.0 nan)"), "false");
    }
    check("(eq 0.0 -0.0)", "true");
    check("(lt inf inf)", "false");
    check("(ge inf 1.0)", "true");
}

#[test]
fn the_types_never_mix() {
    // No checker lets these pass; the evaluator has no meaning for them either.
    check("(int_add 1 1.0)", "!parse");
    check("(eq 1 1.0)", "!parse");
    check("(eq 1 \"1\")", "!parse");
    check("(eq true 1)", "!parse");
    check("(lt 1 1.5)", "!parse");
    check("(float_add 1 2)", "!parse");
    check("(lt true false)", "!parse");
    check("(int_neg 1.0)", "!parse");
    check("(int_add null 1)", "!parse");
}
