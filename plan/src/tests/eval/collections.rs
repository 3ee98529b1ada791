use crate::tests::notation::{Values, check, check_in};
use crate::value::Value;

#[test]
fn items_are_there_or_an_error() {
    check("(index_list (list 1 2 3) 0)", "1");
    check("(index_list (list 1 2 3) 9)", "!index");
    check("(index_list (list 1 2 3) -1)", "!index");
    check("(index_list (list) 0)", "!index");
    check("(index_map (map a 1) \"a\")", "1");
    check("(index_map (map a 1) \"zz\")", "!key");
    check("(index_map (map a null) \"a\")", "null");
    check("(get_map (map a 1) \"a\")", "1");
    check("(get_map (map a 1) \"zz\")", "null");
}

#[test]
fn keys_that_are_methods_elsewhere_are_keys() {
    check("(index_map (map items 5 keys 6 get 7) \"items\")", "5");
    check("(index_map (map items 5 keys 6 get 7) \"keys\")", "6");
    check("(size_map (map items 5 keys 6 get 7))", "3");
}

#[test]
fn fields_of_records() {
    check("(field (record R a 1 b \"x\") b)", "\"x\"");
    check("(field (record R a 1) c)", "null");
    check("(field null a)", "!parse");
    let record = Value::record([("max".into(), Value::Int(3))]);
    check_in("(field $inputs.r max)", &Values::from([("inputs.r", record)]), "3");
}

#[test]
fn membership() {
    check("(in_list 2 (list 1 2 3))", "true");
    check("(in_list \"4\" (list \"1\" \"2\"))", "false");
    check("(in_list nan (list nan))", "false");
    check("(in_list null (list 1 null))", "true");
    check("(in_list (list 1) (list (list 1) (list 2)))", "true");
    check("(in_map \"a\" (map a 1))", "true");
    check("(in_map \"b\" (map a 1))", "false");
    // Not a substring.
    check("(in_list \"b\" \"abc\")", "!parse");
}

#[test]
fn equality_is_deep() {
    check("(eq (list 1 2) (list 1 2))", "true");
    check("(eq (list 1 2) (list 2 1))", "false");
    check("(eq (list 1) (list 1 2))", "false");
    check("(eq (list) (list))", "true");
    check("(eq (map a 1 b 2) (map b 2 a 1))", "true");
    check("(eq (map a 1) (map a 2))", "false");
    check("(eq (map a 1) (map b 1))", "false");
    check("(eq (record R a 1 b null) (record R a 1))", "true");
    check("(eq (record R a 1) (record R a 1 b 2))", "false");
    check("(eq (list nan) (list nan))", "false");
    check("(eq (list 1) (list 1.0))", "!parse");
}

#[test]
fn lists_are_joined() {
    check("(concat_list (list 1) (list 2))", "[1, 2]");
    check("(concat_list (list) (list))", "[]");
    check("(size_list (concat_list (list 1) (list 2 3)))", "3");
}

#[test]
fn macros_over_lists() {
    check("(macro all (list 1 2 3) x (gt x 0))", "true");
    check("(macro all (list 1 2 3) x (gt x 1))", "false");
    check("(macro all (list) x false)", "true");
    check("(macro exists (list 1 2 3) x (gt x 2))", "true");
    check("(macro exists (list) x true)", "false");
    check("(macro exists_one (list 1 2 3) x (gt x 2))", "true");
    check("(macro exists_one (list 1 2 3) x (gt x 1))", "false");
    check("(macro exists_one (list) x true)", "false");
    check("(macro map (list 1 2) x (int_add x 1))", "[2, 3]");
    check("(macro filter (list 1 2 3) x (ne x 2))", "[1, 3]");
    check("(macro_keep map (list 1 2 3) x (gt x 1) (int_mul x x))", "[4, 9]");
    check("(macro all 1 x true)", "!parse");
    check("(macro all null x true)", "!parse");
}

#[test]
fn macros_stop_where_they_are_decided() {
    check("(macro all (list 0 1) x (gt (int_div 1 x) 5))", "!division_by_zero");
    check("(macro all (list 1 0) x (gt (int_div 1 x) 5))", "false");
    check("(macro exists (list 1 0) x (eq (int_div 1 x) 1))", "true");
    check("(macro exists (list 0 1) x (eq (int_div 1 x) 1))", "!division_by_zero");
    check("(macro exists_one (list 1 1 0) x (eq (int_div 1 x) 1))", "!division_by_zero");
}

#[test]
fn macros_over_maps_take_the_keys_in_order() {
    check("(macro map (map b 1 a 2 😀 3 Z 4) k k)", r#"["Z", "a", "b", "😀"]"#);
    check("(macro filter (map b 1 a 2) k (eq k \"b\"))", r#"["b"]"#);
    check("(macro all (map b 1 a 2) k (ne k \"c\"))", "true");
    check("(macro2 all (map b 1 a 2) k v (gt v 0))", "true");
    check("(macro2 map (map b 1 a 2) k v v)", "[2, 1]");
    check("(macro2 filter (map b 1 a 2) k v (gt v 1))", r#"["a"]"#);
}

#[test]
fn macros_over_lists_with_the_index() {
    check("(macro2 map (list \"a\" \"b\") i x i)", "[0, 1]");
    check("(macro2 filter (list \"a\" \"b\") i x (gt i 0))", r#"["b"]"#);
}

#[test]
fn variables_are_the_nearest_ones() {
    check("(macro map (list 1 2) x (macro map (list 10) x x))", "[[10], [10]]");
    check("(macro map (list 1 2) x (macro map (list 10) y (int_add x y)))", "[[11], [12]]");
    check("(macro map (macro map (list 1) x x) x (macro map (list x) y (int_add x y)))", "[[2]]");
    check("(macro2 map (list 5) i x (macro2 map (list 7) j y (list i x j y)))", "[[[0, 5, 0, 7]]]");
    check_in("(macro map (list 1) x (int_add x lr))", &Values::from([("lr", Value::Int(2))]), "[3]");
}

#[test]
fn json_takes_any_value() {
    check("(json (list 1 \"a\" null))", r#"[1,"a",null]"#);
    check("(map_of b 1.0 a (list 90m 2020-01-01T00:00:00Z))", r#"{"a":["1h30m","2020-01-01T00:00:00Z"],"b":1.0}"#);
    check("(map_of)", "{}");
    check("(json (record R b 1 a null))", r#"{"a":null,"b":1}"#);
    check("(map_of a (map_of b \"\\u2028\"))", "{\"a\":{\"b\":\"\u{2028}\"}}");
    check("(json nan)", "!not_finite");
    check("(map_of a (list inf))", "!not_finite");
}
