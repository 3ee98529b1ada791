//! Laws: two ways to write one meaning give one result, errors included.

use hookc_plan::{Expr, Node, Program};

use crate::expressions::{self, Ready, VARIABLES};
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::{Gen, Kind, Tree, fill, values};

/// Both sides, and the types of their operands.
const LAWS: &[(&str, &str, &[Ty])] = &[
    ("(!({0} && {1}))", "(!{0} || !{1})", &[Ty::Bool, Ty::Bool]),
    ("(!({0} || {1}))", "(!{0} && !{1})", &[Ty::Bool, Ty::Bool]),
    ("(!(!{0}))", "({0})", &[Ty::Bool]),
    ("({0} ? {1} : {2})", "(({0} && {1}) || (!{0} && {2}))", &[Ty::Bool, Ty::Bool, Ty::Bool]),
    ("({0} ? {1} : {2})", "(!{0} ? {2} : {1})", &[Ty::Bool, Ty::Text, Ty::Text]),
    ("({0} && ({1} && {2}))", "(({0} && {1}) && {2})", &[Ty::Bool, Ty::Bool, Ty::Bool]),
    ("({0} || ({1} || {2}))", "(({0} || {1}) || {2})", &[Ty::Bool, Ty::Bool, Ty::Bool]),
    ("({0} && true)", "(true && {0})", &[Ty::Bool]),
    ("({0} == {1})", "(!({0} != {1}))", &[Ty::Float, Ty::Float]),
    ("({0} == {1})", "(!({0} != {1}))", &[Ty::List(&Ty::Text), Ty::List(&Ty::Text)]),
    ("({0} < {1})", "(!({0} >= {1}))", &[Ty::Int, Ty::Int]),
    ("({0} <= {1})", "(!({0} > {1}))", &[Ty::Text, Ty::Text]),
    ("({0} < {1})", "(!({0} >= {1}))", &[Ty::Timestamp, Ty::Timestamp]),
    ("({0} <= {1})", "({0} < {1} || {0} == {1})", &[Ty::Duration, Ty::Duration]),
    ("({0} != null ? {0} : {1})", "({0} ?? {1})", &[Ty::Optional(&Ty::Int), Ty::Int]),
    ("({0}.all({v}, {v} < 5))", "(!({0}.exists({v}, !({v} < 5))))", &[Ty::List(&Ty::Int)]),
    ("({0}.exists({v}, {v} == 'abc'))", "('abc' in {0})", &[Ty::List(&Ty::Text)]),
    ("({0}.filter({v}, true))", "({0})", &[Ty::List(&Ty::Float)]),
    ("({0}.map({v}, {v}))", "({0})", &[Ty::List(&Ty::Text)]),
    ("({0}.map({v}, {v} > 2, {v}))", "({0}.filter({v}, {v} > 2))", &[Ty::List(&Ty::Int)]),
    ("({0}.exists_one({v}, {v} > 2))", "(size({0}.filter({v}, {v} > 2)) == 1)", &[Ty::List(&Ty::Int)]),
    ("(size({0} + {1}))", "(size({0}) + size({1}))", &[Ty::List(&Ty::Int), Ty::List(&Ty::Int)]),
    ("({0}.reverse().reverse())", "({0})", &[Ty::Text]),
    ("({0} + {1})", "(\"${{0}}${{1}}\")", &[Ty::Text, Ty::Text]),
    ("({0}.contains({1}))", "({0}.indexOf({1}) >= 0)", &[Ty::Text, Ty::Text]),
    ("(({0} + {1}) - {1} == {0})", "(({0} + {1}) - {1} == {0} || false)", &[Ty::Timestamp, Ty::Duration]),
];

#[test]
fn laws_hold() {
    let declarations = expressions::declarations(&[]);
    let failures = std::sync::Mutex::new(Vec::new());
    crate::for_each_seed(crate::cases(2_000), |seed| {
        let mut rng = Rng::new(seed ^ 0x1a05_0000_0000);
        let (left, right, types) = rng.pick(LAWS);
        let operands: Vec<String> = types
            .iter()
            .map(|ty| {
                let depth = rng.below(3);
                let mut generator = Gen::new(&mut rng, expressions::scope());
                generator.tree(*ty, depth).ours()
            })
            .collect();
        let names = ["u".to_owned()];
        let (left, right) = (fill(left, &operands, &names), fill(right, &operands, &names));
        let both = (Ready::new(&left, &declarations), Ready::new(&right, &declarations));
        let (a, b) = match both {
            (Ok(a), Ok(b)) => (a, b),
            (Err(diagnostics), _) | (_, Err(diagnostics)) if expressions::is_of_values(&diagnostics) => return,
            (Err(diagnostics), _) | (_, Err(diagnostics)) => panic!("rejected: {left}\n{right}\n{diagnostics:#?}"),
        };
        for _ in 0..4 {
            let context = expressions::context(&mut rng);
            let (a, b) = (a.value(&context), b.value(&context));
            if !expressions::same(&a, &b) {
                let message = format!("seed {seed}:\n{left}\n  is {a:?}\n{right}\n  is {b:?}\nwith {context:?}");
                failures.lock().unwrap().push((left.len(), message));
                return;
            }
        }
    });
    expressions::report(failures.into_inner().unwrap());
}

/// A random expression that checks.
fn ready(rng: &mut Rng, declarations: &[(String, String)]) -> Option<(Tree, Ready)> {
    let (ty, depth) = (expressions::some_type(rng), 1 + rng.below(4));
    let tree = Gen::new(rng, expressions::scope()).tree(ty, depth);
    match Ready::new(&tree.ours(), declarations) {
        Ok(ready) => Some((tree, ready)),
        Err(diagnostics) if expressions::is_of_values(&diagnostics) => None,
        Err(diagnostics) => panic!("rejected: {}\n{diagnostics:#?}", tree.ours()),
    }
}

/// Every `narrow` replaced by what it narrows.
fn without_narrowing(expr: &mut Expr) {
    let text = serde_json::to_value(&*expr).unwrap();
    *expr = serde_json::from_value(erased(text)).unwrap();
}

fn erased(json: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Value::Object(mut fields) if fields.get("op").is_some_and(|op| op == "narrow") => {
            erased(fields.remove("a").unwrap_or_default())
        }
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, erased(value))).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(erased).collect()),
        other => other,
    }
}

#[test]
fn narrowing_is_for_the_checker_alone() {
    let declarations = expressions::declarations(&[]);
    let mut narrowed = 0;
    for seed in 0..crate::cases(2_000) as u64 / 4 {
        let mut rng = Rng::new(seed ^ 0xe4a5_0000_0000);
        let Some((tree, ready)) = ready(&mut rng, &declarations) else {
            continue;
        };
        let mut has_one = false;
        ready.expr.walk(&mut |expr| has_one |= matches!(expr.node, Node::Narrow { .. }));
        if !has_one {
            continue;
        }
        narrowed += 1;
        let mut expr = ready.expr.clone();
        without_narrowing(&mut expr);
        let program = Program::new(&expr);
        let erased = Ready::made(expr, program);
        for _ in 0..4 {
            let context = expressions::context(&mut rng);
            let (with, without) = (ready.value(&context), erased.value(&context));
            assert!(expressions::same(&with, &without), "seed {seed}: {}: {with:?}, {without:?}", tree.ours());
        }
    }
    assert!(narrowed > 3, "only {narrowed} expressions had a guard");
}

/// The variables written out as their values.
fn inlined(tree: &Tree, context: &[hookc_plan::Value]) -> Tree {
    let mut inlined = tree.clone();
    inline(&mut inlined, context);
    inlined
}

fn inline(tree: &mut Tree, context: &[hookc_plan::Value]) {
    let plain = |ty: Ty| !matches!(ty, Ty::List(_) | Ty::Map(_) | Ty::Optional(_) | Ty::Record(_));
    if let Kind::Variable(name, false) = &tree.kind
        && let Some(at) = VARIABLES.iter().position(|(variable, ty)| variable == name && plain(*ty))
        && !matches!(context[at], hookc_plan::Value::Float(float) if !float.is_finite())
    {
        let (ours, cel) = values::written(&context[at], tree.ty);
        tree.kind = Kind::Literal(ours, cel);
    }
    tree.operands.iter_mut().for_each(|operand| inline(operand, context));
}

/// A constant in place of a variable means the same; where the whole cannot be computed, `check` may say so before.
#[test]
fn constants_can_be_written_out() {
    let declarations = expressions::declarations(&[]);
    crate::for_each_seed(crate::cases(2_000) / 4, |seed| {
        let mut rng = Rng::new(seed ^ 0xc045_0000_0000);
        let Some((tree, ready)) = ready(&mut rng, &declarations) else {
            return;
        };
        let context = expressions::context(&mut rng);
        let text = inlined(&tree, &context).ours();
        let written = match Ready::new(&text, &declarations) {
            Ok(written) => written,
            Err(diagnostics) if expressions::is_of_values(&diagnostics) => return,
            Err(diagnostics) => panic!("rejected: {text}\nmade of {}\n{diagnostics:#?}", tree.ours()),
        };
        let (read, written) = (ready.value(&context), written.value(&context));
        assert!(expressions::same(&read, &written), "seed {seed}: {}: {read:?}\n{text}: {written:?}", tree.ours());
    });
}

/// Names carry no meaning.
#[test]
fn variables_can_be_renamed() {
    let declarations = expressions::declarations(&[]);
    let renamed: Vec<(String, String)> =
        declarations.iter().map(|(name, ty)| (format!("{name}_renamed"), ty.clone())).collect();
    for seed in 0..crate::cases(2_000) as u64 / 8 {
        let mut rng = Rng::new(seed ^ 0x4e4a_0000_0000);
        let Some((tree, ready)) = ready(&mut rng, &declarations) else {
            continue;
        };
        let mut other = tree.clone();
        rename(&mut other);
        let checked = hookc_compiler::check_expr(&other.ours(), &renamed).unwrap_or_else(|diagnostics| {
            panic!("rejected: {}\n{diagnostics:#?}", other.ours());
        });
        let program = Program::with_types(&checked.expr, &checked.types);
        let context = expressions::context(&mut rng);
        let slots: Vec<_> = program
            .slots()
            .iter()
            .map(|slot| match slot {
                hookc_plan::Slot::Local(name) => {
                    let at = renamed.iter().position(|(variable, _)| variable == name);
                    context[at.unwrap()].clone()
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let (before, after) = (ready.value(&context), program.run(&slots));
        assert!(expressions::same(&before, &after), "seed {seed}: {}: {before:?}, {after:?}", tree.ours());
    }
}

fn rename(tree: &mut Tree) {
    match &mut tree.kind {
        Kind::Variable(name, _) | Kind::Guard(_, name) => name.push_str("_renamed"),
        Kind::Rule(_, names) => names.iter_mut().for_each(|name| name.push_str("_renamed")),
        Kind::Literal(..) => {}
    }
    tree.operands.iter_mut().for_each(rename);
}
