use crate::expr::{Expr, Node};
use crate::growth::{TooExpensive, too_expensive};
use crate::tests::notation::expr;
use crate::types::Type;

/// The expression of `text`, with types of its reads and variables: `l.…` a list of texts, `m.…` of lists of texts,
/// `v` a list of texts, everything else a text.
fn typed(text: &str) -> Expr {
    let list = || Type::List(Box::new(Type::String));
    let mut typed = expr(text);
    typed.walk_mut(&mut |expr| match &expr.node {
        Node::Ctx { path } if path.to_string().starts_with("inputs.l") => expr.ty = list(),
        Node::Ctx { path } if path.to_string().starts_with("inputs.m") => expr.ty = Type::List(Box::new(list())),
        Node::Local { name } if name == "v" => expr.ty = list(),
        _ => {}
    });
    typed
}

#[track_caller]
fn passes(text: &str) {
    assert_eq!(too_expensive(&typed(text)), None, "{text}");
}

#[track_caller]
fn refused(text: &str, why: TooExpensive) {
    assert_eq!(too_expensive(&typed(text)), Some(why), "{text}");
}

#[test]
fn one_list_and_one_text_pass() {
    passes("(macro all $inputs.l t (matches t \"^[a-z]+$\"))");
    passes("(macro all $inputs.l t (contains $inputs.s t))");
    passes("(macro exists $inputs.l t (contains (lower_ascii t) (lower_ascii $inputs.s)))");
    passes("(contains (join $inputs.l \",\") $inputs.s)");
    passes("(macro all (split $inputs.s \",\") t (matches t \"a\"))");
    passes("(in_list $inputs.s (sort (distinct $inputs.l)))");
}

#[test]
fn lists_in_the_items_of_a_list_are_parts_of_it() {
    passes("(macro exists $inputs.m v (macro exists v c (eq c \"bash\")))");
    passes("(macro exists $inputs.m v (macro exists v c (contains c \"bash\")))");
    passes("(macro exists (flatten $inputs.m) c (contains c \"bash\"))");
    passes("(macro exists (macro filter $inputs.m v true) v (in_list \"a\" v))");
    passes("(macro all (macro map $inputs.m v (join v \",\")) t (contains t \"a\"))");
}

#[test]
fn two_lists_are_refused() {
    refused("(macro all $inputs.l t (macro all $inputs.l u (eq t u)))", TooExpensive::Lists);
    refused("(macro all $inputs.l t (in_list t $inputs.l2))", TooExpensive::Lists);
    refused("(macro all $inputs.m v (macro all v t (macro all v u (eq t u))))", TooExpensive::Lists);
    refused("(macro all (macro map $inputs.l t $inputs.l2) v (macro all v t true))", TooExpensive::Lists);
    refused("(macro all $inputs.l t (contains (join $inputs.l2 \",\") t))", TooExpensive::Lists);
    refused("(macro all (range (size_list $inputs.l)) i (macro all $inputs.l t true))", TooExpensive::Lists);
}

#[test]
fn lists_of_a_known_size_pass() {
    passes("(macro all $inputs.l t (in_list t (list \"a\" \"b\")))");
    passes("(macro all (range 20) i (macro all $inputs.l t (contains t \"a\")))");
    passes("(macro all (list $inputs.l $inputs.l2) v (macro all v t (contains t \"a\")))");
}

#[test]
fn two_texts_are_refused() {
    let replaced = "(size_string (replace $inputs.s \"a\" $inputs.s))";
    refused(replaced, TooExpensive::Texts);
    passes("(contains (replace $inputs.s \"-\" \"_\") $inputs.s)");
}

#[test]
fn constants_over_the_budget_are_refused() {
    let crossed = "(macro all (range 2000) i (macro all (range 2000) j true))";
    assert!(matches!(too_expensive(&expr(crossed)), Some(TooExpensive::Constant(4_000_000..))));
    passes("(macro all (range 100) i (macro all (range 100) j true))");
}
