use crate::tests::notation::check;

#[test]
fn floats_to_integers_are_cut() {
    check("(float_to_int 1.9)", "1");
    check("(float_to_int -7.9)", "-7");
    check("(float_to_int 11.5)", "11");
    check("(float_to_int 1e99)", "!overflow");
    check("(float_to_int -1e99)", "!overflow");
    check("(float_to_int nan)", "!overflow");
    check("(float_to_int inf)", "!overflow");
    check("(float_to_int 9223372036854775807.0)", "!overflow");
    check("(float_to_int -9223372036854775808.0)", "!overflow");
    check("(float_to_int 9223372036854774784.0)", "9223372036854774784");
}

#[test]
fn integers_to_floats_are_the_nearest() {
    check("(int_to_float 123)", "123.0");
    check("(int_to_float 9007199254740993)", "9007199254740992.0");
    check("(int_to_float -2147483648)", "-2147483648.0");
}

#[test]
fn texts_to_numbers() {
    check(r#"(string_to_int "12")"#, "12");
    check(r#"(string_to_int "-987")"#, "-987");
    check(r#"(string_to_int "9223372036854775807")"#, "9223372036854775807");
    for text in ["x", "", " 1", "1.0", "1_000", "0x10", "9223372036854775808", "١"] {
        check(&format!("(string_to_int {text:?})"), "!parse");
    }
    check(r#"(string_to_float "1.5e3")"#, "1500.0");
    check(r#"(string_to_float "6.02214e23")"#, "6.02214e23");
    check(r#"(string_to_float "1.38e-23")"#, "1.38e-23");
    check(r#"(string_to_float "-0")"#, "-0.0");
    check(r#"(string_to_float "NaN")"#, "NaN");
    check(r#"(string_to_float "-inf")"#, "-inf");
    for text in ["", "x", "1,5", " 1", "1e400", "0x1p3", "1_0.0"] {
        check(&format!("(string_to_float {text:?})"), "!parse");
    }
}

#[test]
fn texts_to_bools() {
    for text in ["true", "TRUE", "True", "t", "T", "1"] {
        check(&format!("(string_to_bool {text:?})"), "true");
    }
    for text in ["false", "FALSE", "False", "f", "F", "0"] {
        check(&format!("(string_to_bool {text:?})"), "false");
    }
    for text in ["TrUe", "FaLsE", "yes", "no", "on", "", "10"] {
        check(&format!("(string_to_bool {text:?})"), "!parse");
    }
}

#[test]
fn values_to_text() {
    check("(to_text 1)", "\"1\"");
    check("(to_text -9223372036854775808)", "\"-9223372036854775808\"");
    check("(to_text true)", "\"true\"");
    check("(to_text 1.0)", "\"1.0\"");
    check("(to_text 1e21)", "\"1e21\"");
    check("(to_text 1e-7)", "\"1e-7\"");
    check("(to_text 0.0001)", "\"0.0001\"");
    check("(to_text \"a b\")", "\"a b\"");
    check("(to_text 3723s)", "\"1h2m3s\"");
    check("(to_text 2020-01-01T00:00:00.5Z)", "\"2020-01-01T00:00:00.5Z\"");
    check("(to_text (list 1 2.5 \"a\\\"b\"))", r#""[1,2.5,\"a\\\"b\"]""#);
    check("(to_text (map b 1 a null))", r#""{\"a\":null,\"b\":1}""#);
    check("(to_text (list nan))", "!not_finite");
    check("(to_text inf)", "!not_finite");
    check("(retype \"a\")", "\"a\"");
}

#[test]
fn fixed_rounds_the_exact_value() {
    check("(fixed 0.95 3)", "\"0.950\"");
    check("(fixed 2.5 0)", "\"2\"");
    check("(fixed 3.5 0)", "\"4\"");
    check("(fixed 0.125 2)", "\"0.12\"");
    check("(fixed 0.375 2)", "\"0.38\"");
    // The double that is written 1.005 is a little less.
    check("(fixed 1.005 2)", "\"1.00\"");
    check("(fixed 1e21 0)", "\"1000000000000000000000\"");
    check("(fixed -0.04 1)", "\"-0.0\"");
    check("(fixed 0.1 20)", "\"0.10000000000000000555\"");
    check("(fixed 1.0 -1)", "!range");
    check("(fixed 1.0 101)", "!range");
    check("(fixed nan 2)", "!not_finite");
}
