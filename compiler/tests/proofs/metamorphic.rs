//! Laws: two ways to write one meaning give one result, errors included.

use std::sync::atomic::{AtomicUsize, Ordering};

use hookc_plan::{Expr, Node, Program, Value};

use crate::expressions::{self, Ready, VARIABLES};
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::{Gen, Kind, Tree, Variable, fill, values, with_fields};

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

/// A job's inputs over which some expression is checked, and what is declared before it.
struct Place {
    declarations: String,
    inputs: Vec<(String, Ty)>,
}

/// The variables with their values: constants where they are chosen and can be written, else inputs.
fn folded(rng: &mut Rng, context: &[Value]) -> (Place, Vec<Value>) {
    let mut place = Place { declarations: String::new(), inputs: Vec::new() };
    let mut values = Vec::new();
    for ((name, ty), value) in expressions::variables().zip(context) {
        match values::constant(value, *ty).filter(|_| rng.chance(60)) {
            Some(text) => place.declarations.push_str(&format!("const {name}: {ty} = {text}\n")),
            None => {
                place.inputs.push(((*name).to_owned(), *ty));
                values.push(value.clone());
            }
        }
    }
    (place, values)
}

/// Folding changes no result: constants in place of inputs mean the same, those that are lists and records too.
#[test]
fn constants_can_be_named() {
    let (failures, tried) = (std::sync::Mutex::new(Vec::new()), AtomicUsize::new(0));
    let count = crate::cases(2_000) / 8;
    crate::for_each_seed(count, |seed| {
        let mut rng = Rng::new(seed ^ 0xf01d_0000_0000);
        let (ty, depth) = (expressions::some_type(&mut rng), 1 + rng.below(4));
        let mut generator = Gen::new(&mut rng, expressions::scope_with_records());
        generator.declared = true;
        let text = generator.tree(ty, depth).ours();
        let context = expressions::context(&mut rng);
        let read = match Ready::in_program(&text, ty) {
            Ok(ready) => ready.value(&context),
            Err(diagnostics) if expressions::is_of_values(&diagnostics) => return,
            Err(diagnostics) => panic!("rejected: {text}\n{diagnostics:#?}"),
        };
        let (place, values) = folded(&mut rng, &context);
        let folded = match Ready::in_job(&place.declarations, &place.inputs, &text, ty) {
            Ok(ready) => ready.value(&values),
            // A part that fails is told before; whether it is reached is another matter.
            Err(diagnostics) if expressions::is_of_values(&diagnostics) => return,
            Err(diagnostics) => panic!("rejected: {}{text}\n{diagnostics:#?}", place.declarations),
        };
        tried.fetch_add(1, Ordering::Relaxed);
        if !expressions::same(&read, &folded) {
            let told = format!("seed {seed}: {text}\n  {read:?}\nwith\n{}  {folded:?}", place.declarations);
            failures.lock().unwrap().push((told.len(), told));
        }
    });
    expressions::report(failures.into_inner().unwrap());
    let tried = tried.into_inner();
    assert!(tried * 2 > count, "only {tried} of {count} could be compared");
}

/// A named condition is its text over the values of its arguments, whatever the names of variables in both.
#[test]
fn a_condition_means_its_text() {
    let (failures, tried) = (std::sync::Mutex::new(Vec::new()), AtomicUsize::new(0));
    let count = crate::cases(2_000) / 8;
    crate::for_each_seed(count, |seed| {
        let mut rng = Rng::new(seed ^ 0xc0d1_0000_0000);
        let params: Vec<(String, Ty)> = (0..1 + rng.below(3))
            .map(|number| (format!("p{number}"), expressions::variables().nth(rng.below(25)).unwrap().1))
            .collect();
        let tree = |rng: &mut Rng, scope, ty, depth, names| {
            let mut generator = Gen::new(rng, scope);
            (generator.declared, generator.no_parsing, generator.names) = (true, true, names);
            generator.tree(ty, depth).ours()
        };
        let scope = params.iter().map(|(name, ty)| Variable::new(name.clone(), *ty)).collect();
        let body = tree(&mut rng, with_fields(scope), Ty::Bool, 3, 0);
        let given: Vec<String> =
            params.iter().map(|(_, ty)| tree(&mut rng, expressions::scope_with_records(), *ty, 2, 100)).collect();
        let declared: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let declaration = format!("condition k({}) = {body}\n", declared.join(", "));
        let inputs: Vec<(String, Ty)> = expressions::variables().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
        // Perhaps in a macro whose variable has a name that the condition has too.
        let call = match params[0].1 {
            Ty::Int | Ty::Text | Ty::Float | Ty::Bool => {
                format!("[{}].exists(v1, k({}))", given[0], [&["v1".to_owned()], &given[1..]].concat().join(", "))
            }
            _ => format!("k({})", given.join(", ")),
        };
        let whole = Ready::in_job(&declaration, &inputs, &call, Ty::Bool);
        let parts = given.iter().zip(&params).map(|(text, (_, ty))| Ready::in_program(text, *ty));
        let (whole, parts, inner) =
            match (whole, parts.collect::<Result<Vec<_>, _>>(), Ready::in_job("", &params, &body, Ty::Bool)) {
                (Ok(whole), Ok(parts), Ok(inner)) => (whole, parts, inner),
                (Err(told), ..) | (_, Err(told), _) | (.., Err(told)) if expressions::is_of_values(&told) => return,
                (Err(told), ..) | (_, Err(told), _) | (.., Err(told)) => {
                    panic!("rejected: {declaration}{call}\n{told:#?}")
                }
            };
        let context = expressions::context(&mut rng);
        let Ok(values) = parts.iter().map(|part| part.value(&context)).collect::<Result<Vec<_>, _>>() else { return };
        let (called, meant) = (whole.value(&context), inner.value(&values));
        tried.fetch_add(1, Ordering::Relaxed);
        if !expressions::same(&called, &meant) {
            let told = format!("seed {seed}: {declaration}{call}\n  {called:?}, and by its text {meant:?}");
            failures.lock().unwrap().push((told.len(), told));
        }
    });
    expressions::report(failures.into_inner().unwrap());
    let tried = tried.into_inner();
    assert!(tried * 2 > count, "only {tried} of {count} could be compared");
}

/// What a caller calls `v` is not the `v` of the condition that it calls.
#[test]
fn a_condition_has_its_own_variables() {
    let among = "condition among(n: int) = [1, 2].exists(v, v == n)\n";
    for (list, all) in [("[1, 2]", true), ("[1, 9]", false)] {
        let call = format!("{list}.all(v, among(v))");
        let ready = Ready::in_job(among, &[], &call, Ty::Bool).unwrap_or_else(|told| panic!("{told:#?}"));
        assert_eq!(ready.value(&[]), Ok(Value::Bool(all)), "{call}");
    }
}
