//! A well-typed expression with one mistake put in is rejected.

use hookc_compiler::{Severity, check_expr};

use crate::expressions::{self, VARIABLES};
use crate::generator::rng::Rng;
use crate::generator::rules::Slot;
use crate::generator::types::Ty;
use crate::generator::{Gen, Kind, Tree};

/// A mistake in one node; `None` where this node cannot have it.
type Mutation = fn(&mut Rng, &mut Tree) -> Option<&'static str>;

const MUTATIONS: &[Mutation] =
    &[other_type, secret, null, without_guard, unknown_name, unknown_method, one_more, chained];

/// The variable that is a secret.
const SECRET: &str = "k0";

/// Variables that may be null and that no guard names.
const MAYBE: &[(&str, Ty)] = &[
    ("nb", Ty::Optional(&Ty::Bool)),
    ("ni", Ty::Optional(&Ty::Int)),
    ("nf", Ty::Optional(&Ty::Float)),
    ("ns", Ty::Optional(&Ty::Text)),
    ("nd", Ty::Optional(&Ty::Duration)),
    ("nt", Ty::Optional(&Ty::Timestamp)),
    ("nl", Ty::Optional(&Ty::List(&Ty::Int))),
    ("nm", Ty::Optional(&Ty::Map(&Ty::Text))),
];

fn variable(ty: Ty, name: &str) -> Tree {
    Tree { ty, kind: Kind::Variable(name.to_owned(), false), operands: Vec::new() }
}

/// The number of an operand that takes one type alone.
fn strict_operand(rng: &mut Rng, tree: &Tree) -> Option<usize> {
    let rule = tree.rule()?;
    let strict: Vec<usize> = (0..rule.takes.len()).filter(|at| !rule.loose.contains(at)).collect();
    (!strict.is_empty()).then(|| rng.pick(&strict))
}

fn other_type(rng: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let at = strict_operand(rng, tree)?;
    let wanted = match tree.rule()?.takes[at] {
        Slot::Of(ty) | Slot::Read(ty) => ty,
        Slot::Position => Ty::Int,
        Slot::Key | Slot::Pattern | Slot::Zone => Ty::Text,
    };
    let (name, ty) = rng.pick(VARIABLES);
    // A literal beside it may be of either number type, and then so may this.
    let numbers = wanted == Ty::Int && ty == Ty::Float;
    if ty == wanted || numbers || is_list_of_numbers(wanted) && is_list_of_numbers(ty) || matches!(ty, Ty::Optional(_))
    {
        return None;
    }
    tree.operands[at] = variable(ty, name);
    Some("an operand of another type")
}

fn is_list_of_numbers(ty: Ty) -> bool {
    matches!(ty, Ty::List(Ty::Int | Ty::Float))
}

fn secret(rng: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let rule = tree.rule()?;
    let count = rule.takes.len();
    // A list or a map can hold secrets.
    if matches!(tree.ty, Ty::List(_) | Ty::Map(_)) {
        return None;
    }
    let at = rng.below(count);
    tree.operands[at] = variable(Ty::Text, SECRET);
    Some("a secret as an operand")
}

/// What may be null where it must not be.
fn null(rng: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let at = strict_operand(rng, tree)?;
    // `null in [a, b]` is a question that can be asked.
    let equality = ["==", "!=", " in "].iter().any(|sign| tree.rule().is_some_and(|rule| rule.ours.contains(sign)));
    let choice = tree.rule()?.ours.contains('?') && at > 0;
    let joined = matches!(tree.ty, Ty::List(_)) && tree.rule()?.ours.starts_with('[');
    let Slot::Of(wanted) = tree.rule()?.takes[at] else {
        return None;
    };
    if equality || choice || joined {
        return None;
    }
    // Not one of the usual variables: a guard may stand around this place.
    let name = MAYBE.iter().find(|(_, ty)| is_optional_of(*ty, wanted))?.0;
    tree.operands[at] = variable(wanted, name);
    Some("an operand that may be null")
}

fn is_optional_of(ty: Ty, wanted: Ty) -> bool {
    matches!(ty, Ty::Optional(of) if *of == wanted)
}

/// `x != null && f(x)` becomes `f(x)`, where `f(x)` needs `x`.
fn without_guard(_: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let Kind::Guard(_, name) = &tree.kind else { return None };
    let needs = |parent: &Tree| {
        let strict = |at: usize| parent.rule().is_some_and(|rule| !rule.loose.contains(&at) && needs_value(&rule.ours));
        let guarded = |operand: &Tree| matches!(&operand.kind, Kind::Variable(read, true) if read == name);
        parent.operands.iter().enumerate().any(|(at, operand)| guarded(operand) && strict(at))
    };
    if !tree.operands[0].any(&needs) {
        return None;
    }
    let inner = tree.operands.swap_remove(0);
    *tree = inner;
    Some("a guard left out")
}

/// Whether the rule cannot have null at a strict place.
fn needs_value(rule: &str) -> bool {
    !rule.contains("==") && !rule.contains("!=") && !rule.contains('?') && !rule.starts_with('[')
}

fn unknown_name(_: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let Kind::Variable(name, _) = &mut tree.kind else {
        return None;
    };
    name.push('x');
    Some("a name that is not there")
}

fn unknown_method(_: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let text = tree.ours();
    rewrite(tree, format!("({text}).nothing()"));
    Some("a method that is not there")
}

fn one_more(_: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let method = tree.rule().is_some_and(|rule| rule.ours.starts_with("{0}.") && !rule.ours.contains("{v}"));
    let text = tree.ours();
    let kept = text.strip_suffix(')').filter(|_| method)?;
    let comma = if kept.ends_with('(') { "" } else { ", " };
    rewrite(tree, format!("{kept}{comma}b0, b1, b0)"));
    Some("too many arguments")
}

fn chained(_: &mut Rng, tree: &mut Tree) -> Option<&'static str> {
    let rule = tree.rule().filter(|rule| rule.ours == "({0} < {1})")?;
    let text = tree.ours();
    let _ = rule;
    rewrite(tree, format!("{} < i0)", text.strip_suffix(')')?));
    Some("a comparison of a comparison")
}

fn rewrite(tree: &mut Tree, text: String) {
    tree.operands.clear();
    tree.kind = Kind::Literal(text.clone(), text);
}

/// A random mutant, and what is wrong with it.
fn mutant(rng: &mut Rng) -> Option<(String, String, &'static str)> {
    let ty = expressions::some_type(rng);
    let depth = 1 + rng.below(4);
    let tree = Gen::new(rng, expressions::scope()).tree(ty, depth);
    let before = tree.ours();
    for _ in 0..20 {
        let mut changed = tree.clone();
        let mut number = rng.below(tree.nodes());
        let mutation = rng.pick(MUTATIONS);
        let node = changed.node_mut(&mut number)?;
        if let Some(mistake) = mutation(rng, node) {
            return Some((before, changed.ours(), mistake));
        }
    }
    None
}

#[test]
fn a_mistake_is_never_accepted() {
    let mut declarations = expressions::declarations(&[(SECRET, "secret")]);
    declarations.extend(MAYBE.iter().map(|(name, ty)| ((*name).to_owned(), ty.to_string())));
    let failures = std::sync::Mutex::new(Vec::new());
    crate::for_each_seed(crate::cases(2_000), |seed| {
        let mut rng = Rng::new(seed ^ 0x5eed_0000_0000);
        let Some((before, after, mistake)) = mutant(&mut rng) else {
            return;
        };
        let outcome = match check_expr(&after, &declarations) {
            Err(told) if told.iter().any(|told| told.severity == Severity::Error) => return,
            Err(_) => "refused without a word",
            Ok(_) => "accepted",
        };
        let message = format!("seed {seed}: {outcome}, with {mistake}:\n{after}\nmade of: {before}");
        failures.lock().unwrap().push((after.len(), message));
    });
    expressions::report(failures.into_inner().unwrap());
}
