use crate::cost::*;
use crate::eval::BUDGET;
use crate::tests::notation::expr;

#[track_caller]
fn costs(text: &str, wanted: u64) {
    assert_eq!(cost(&expr(text)), wanted, "{text}");
}

#[test]
fn nodes_cost_one_step() {
    costs("1", 1);
    costs("(int_add 1 2)", 3);
    costs("(and (lt 1 2) (not true))", 6);
    costs("(cond true 1 (int_add 1 2))", 6);
}

#[test]
fn text_costs_by_its_length() {
    costs("(contains \"abc\" \"b\")", 3);
    costs("(contains $inputs.s \"b\")", 3 + 256);
    costs("(matches $inputs.s \"b\")", 2 + 1_024);
    costs("(contains (concat $inputs.s $inputs.s) \"b\")", 5 + 512 + 512);
}

#[test]
fn what_is_made_of_lists_costs_by_their_items() {
    costs("(size_list (reverse_list (list 1 2 3)))", 1 + 1 + 4 + 3);
    costs("(first (list 1 2 3))", 1 + 4);
    costs("(size_list (range 5))", 3 + 5);
    // The items are texts of the usual length.
    costs("(size_list (distinct (list 1 2)))", 5 + 2 * (2 + 257));
    costs("(macro all (range 5) v true)", 2 + 5 + 5 * 2 + 1);
}

#[test]
fn macros_cost_by_their_items() {
    costs("(macro all (list 1 2) v true)", 3 + 2 * 2 + 1);
    costs("(macro all (macro map $inputs.l v v) w true)", 65_536 * 2 + 2 + 65_536 * 2 + 1);
}

#[test]
fn nothing_wraps() {
    let mut text = "$inputs.s".to_owned();
    for _ in 0..40 {
        text = format!("(replace {text} \"\" {text})");
        if text.len() > 20_000 {
            break;
        }
    }
    assert!(cost(&expr(&text)) > BUDGET);
}

#[test]
fn an_ordinary_condition_is_cheap() {
    assert!(cost(&expr("(and (lt $outputs.loss 0.9) (eq $op.status \"succeeded\"))")) < 300);
    let tags = "(macro exists (list \"a\" \"b\") t (contains t \"a\"))";
    assert!(cost(&expr(tags)) < BUDGET);
}
