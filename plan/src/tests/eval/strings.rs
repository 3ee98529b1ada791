use crate::tests::notation::check;

#[test]
fn size_counts_code_points() {
    check(r#"(size_string "")"#, "0");
    check(r#"(size_string "größe")"#, "5");
    check(r#"(size_string "😀")"#, "1");
    check(r#"(size_string "\u2028\n")"#, "2");
    // Two code points, one sign: é written as e and an accent.
    check(r#"(size_string "e\u0301")"#, "2");
}

#[test]
fn text_is_ordered_by_code_point() {
    check(r#"(lt "a" "b")"#, "true");
    check(r#"(lt "Z" "a")"#, "true");
    check(r#"(lt "" "a")"#, "true");
    check(r#"(lt "a" "a")"#, "false");
    check(r#"(le "a" "a")"#, "true");
    check(r#"(lt "😀" "\uFFFD")"#, "false");
    check(r#"(lt "a\u0000" "a")"#, "false");
}

#[test]
fn tests_of_text() {
    check(r#"(contains "abc" "b")"#, "true");
    check(r#"(contains "abc" "")"#, "true");
    check(r#"(contains "" "a")"#, "false");
    check(r#"(starts_with "abc" "ab")"#, "true");
    check(r#"(ends_with "data.csv" ".csv")"#, "true");
    check(r#"(ends_with "csv" ".csv")"#, "false");
    check(r#"(eq "2026-11-20" "2026-11-20")"#, "true");
    check(r#"(concat "2026-11-20" "x")"#, "\"2026-11-20x\"");
}

#[test]
fn patterns_search_anywhere() {
    check(r#"(matches "abc" "b")"#, "true");
    check(r#"(matches "abc" "^b")"#, "false");
    check(r#"(matches "abc" "^abc$")"#, "true");
    check(r#"(matches "a" "(")"#, "!parse");
}

#[test]
fn case_mapping_is_ascii() {
    check(r#"(lower_ascii "TacoCÆt Xii")"#, "\"tacocÆt xii\"");
    check(r#"(upper_ascii "tacoCæt Xii")"#, "\"TACOCæT XII\"");
}

#[test]
fn trim_takes_all_white_space() {
    check(r#"(trim " \f\n\r\t\u2028\u00a0text ")"#, "\"text\"");
    check(r#"(trim "  ")"#, "\"\"");
    check(r#"(trim "\u200btext")"#, "\"\\u{200b}text\"");
}

#[test]
fn replace_takes_a_limit() {
    check(r#"(replace "hello hello" "he" "we")"#, "\"wello wello\"");
    check(r#"(replace "hello hello" "he" "we" -1)"#, "\"wello wello\"");
    check(r#"(replace "hello hello" "he" "we" 1)"#, "\"wello hello\"");
    check(r#"(replace "hello hello" "he" "we" 0)"#, "\"hello hello\"");
    check(r#"(replace "hello hello" "" "_")"#, "\"_h_e_l_l_o_ _h_e_l_l_o_\"");
    check(r#"(replace "hello hello" "h" "")"#, "\"ello ello\"");
    check(r#"(replace "" "" "x")"#, "\"x\"");
}

#[test]
fn split_takes_a_limit() {
    check(r#"(split "hello hello hello" " ")"#, r#"["hello", "hello", "hello"]"#);
    check(r#"(split "hello hello hello" " " 0)"#, "[]");
    check(r#"(split "hello hello hello" " " 1)"#, r#"["hello hello hello"]"#);
    check(r#"(split "hello hello hello" " " 2)"#, r#"["hello", "hello hello"]"#);
    check(r#"(split "hello hello hello" " " -1)"#, r#"["hello", "hello", "hello"]"#);
    check(r#"(split "a😀b" "")"#, r#"["a", "😀", "b"]"#);
    check(r#"(split "a😀b" "" 2)"#, r#"["a", "😀b"]"#);
    check(r#"(split "abc" "" 1)"#, r#"["abc"]"#);
    check(r#"(split "abc" "" 0)"#, "[]");
    check(r#"(split "abc" "" 9)"#, r#"["a", "b", "c"]"#);
    check(r#"(split "" "")"#, "[]");
    check(r#"(split "" ",")"#, r#"[""]"#);
    check(r#"(split ",a," ",")"#, r#"["", "a", ""]"#);
}

#[test]
fn join_takes_a_separator() {
    check(r#"(join (list "x" "y") "")"#, "\"xy\"");
    check(r#"(join (list "x" "y") ", ")"#, "\"x, y\"");
    check(r#"(join (list) ", ")"#, "\"\"");
    check(r#"(join (list 1) ", ")"#, "!parse");
}

#[test]
fn substring_refuses_what_is_not_there() {
    check(r#"(substring "tacocat" 4)"#, "\"cat\"");
    check(r#"(substring "tacocat" 7)"#, "\"\"");
    check(r#"(substring "tacocat" 0 4)"#, "\"taco\"");
    check(r#"(substring "ta©o©αT" 2 6)"#, "\"©o©α\"");
    check(r#"(substring "tacocat" 4 4)"#, "\"\"");
    check(r#"(substring "tacocat" 40)"#, "!range");
    check(r#"(substring "tacocat" -1)"#, "!range");
    check(r#"(substring "tacocat" 1 50)"#, "!range");
    check(r#"(substring "tacocat" 49 50)"#, "!range");
    check(r#"(substring "tacocat" 4 3)"#, "!range");
}

#[test]
fn char_at_knows_the_end() {
    check(r#"(char_at "tacocat" 3)"#, "\"o\"");
    check(r#"(char_at "©αT" 0)"#, "\"©\"");
    check(r#"(char_at "tacocat" 7)"#, "\"\"");
    check(r#"(char_at "tacocat" 8)"#, "!range");
    check(r#"(char_at "tacocat" -1)"#, "!range");
}

#[test]
fn positions_count_code_points() {
    check(r#"(index_of "tacocat" "")"#, "0");
    check(r#"(index_of "tacocat" "ac")"#, "1");
    check(r#"(index_of "tacocat" "none")"#, "-1");
    check(r#"(index_of "ta©o©αT" "©α")"#, "4");
    check(r#"(index_of "ta©o©αT" "©" 3)"#, "4");
    check(r#"(index_of "tacocat" "a" 3)"#, "5");
    check(r#"(index_of "tacocat" "at" 3)"#, "5");
    check(r#"(index_of "tacocat" "a" 30)"#, "-1");
    check(r#"(index_of "tacocat" "a" -1)"#, "!range");
    check(r#"(index_of "" "a")"#, "-1");
}

#[test]
fn positions_are_found_from_the_end() {
    check(r#"(last_index_of "tacocat" "")"#, "7");
    check(r#"(last_index_of "tacocat" "at")"#, "5");
    check(r#"(last_index_of "tacocat" "none")"#, "-1");
    check(r#"(last_index_of "ta©o©αT" "©")"#, "4");
    check(r#"(last_index_of "ta©o©αT" "©" 3)"#, "2");
    check(r#"(last_index_of "ta©o©αT" "©α" 4)"#, "4");
    check(r#"(last_index_of "ta©o©αT" "©α" 3)"#, "-1");
    check(r#"(last_index_of "tacocat" "a" 3)"#, "1");
    check(r#"(last_index_of "tacocat" "" 3)"#, "3");
    check(r#"(last_index_of "tacocat" "a" 30)"#, "-1");
    check(r#"(last_index_of "tacocat" "a" -1)"#, "!range");
    check(r#"(last_index_of "" "a")"#, "-1");
}

#[test]
fn reverse_keeps_code_points_whole() {
    check(r#"(reverse_string "a😀b")"#, "\"b😀a\"");
    check(r#"(reverse_string "")"#, "\"\"");
}

#[test]
fn url_encode_leaves_unreserved_characters_alone() {
    check(r#"(url_encode "azAZ09-._~")"#, "\"azAZ09-._~\"");
    check(r#"(url_encode "a b/ü?&=+%")"#, "\"a%20b%2F%C3%BC%3F%26%3D%2B%25\"");
    check(r#"(url_encode "")"#, "\"\"");
}

#[test]
fn truncate_ends_in_an_ellipsis_within_the_length() {
    check(r#"(truncate "abcdef" 6)"#, "\"abcdef\"");
    check(r#"(truncate "abcdef" 4)"#, "\"abc…\"");
    check(r#"(truncate "😀😀😀" 2)"#, "\"😀…\"");
    check(r#"(truncate "abc" 1)"#, "\"…\"");
    check(r#"(truncate "abc" 0)"#, "\"\"");
    check(r#"(truncate "" 0)"#, "\"\"");
    check(r#"(truncate "abc" -1)"#, "!range");
}

#[test]
fn templates_join_texts_and_are_never_read_again() {
    check(r#"(template)"#, "\"\"");
    check(r#"(template "a" "${b}" "c")"#, "\"a${b}c\"");
    check(r#"(template "{{ 1 }}" (to_text 1.0))"#, "\"{{ 1 }}1.0\"");
    check(r#"(template "x" 1)"#, "!parse");
    check(r#"(template (to_text nan))"#, "!not_finite");
}
