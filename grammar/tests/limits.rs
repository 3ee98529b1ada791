//! Nesting: 128 levels are read, the 129th is one error; no text exhausts a small stack.

use hookc_grammar::{ErrorKind, parse, parse_expr, parse_type};

fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

/// On a stack as small as that of a thread.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

type Family = (&'static str, fn(usize) -> String);

const EXPRESSIONS: [Family; 9] = [
    ("brackets", |levels| nested("(", "1", ")", levels)),
    ("lists", |levels| nested("[", "1", "]", levels)),
    ("braces", |levels| nested("{ a: ", "1", " }", levels)),
    ("calls", |levels| nested("f(", "1", ")", levels)),
    ("indexes", |levels| nested("a[", "1", "]", levels)),
    ("holes", |levels| nested("\"${", "1", "}\"", levels)),
    ("ternaries", |levels| nested("a ? b : ", "c", "", levels)),
    ("nots", |levels| nested("!", "a", "", levels)),
    ("minuses", |levels| nested("-", "1", "", levels)),
];

#[test]
fn the_129th_level_is_one_error() {
    on_small_stack(|| {
        for (name, make) in EXPRESSIONS {
            let (_, errors) = parse_expr(&make(128));
            assert_eq!(errors, [], "{name}");
            for levels in [129, 200, 20_000] {
                let (_, errors) = parse_expr(&make(levels));
                let kinds: Vec<_> = errors.iter().map(|error| error.kind).collect();
                assert_eq!(kinds, [ErrorKind::TooDeep], "{name} {levels}");
            }
        }
        let ty = |levels| nested("list<", "int", ">", levels);
        assert_eq!(parse_type(&ty(128)).1, []);
        for levels in [129, 20_000] {
            assert_eq!(
                parse_type(&ty(levels)).1.iter().map(|error| error.kind).collect::<Vec<_>>(),
                [ErrorKind::TooDeep]
            );
        }
    });
}

#[test]
fn a_piece_that_is_too_deep_leaves_its_neighbours() {
    on_small_stack(|| {
        for (name, make) in EXPRESSIONS {
            for (levels, expected) in [(127, 0), (130, 1), (5_000, 1)] {
                let deep = make(levels);
                let text = format!(
                    "const a = 1\nconst b = {deep}\njob j() {{\n  op x = f(a: 1)\n  op y = f(a: {deep})\n  op z = f(a: 2) when {deep}\n  op w = f()\n}}\n"
                );
                let parse = parse(&text);
                assert_eq!(parse.errors.len(), expected * 3, "{name} {levels} {:?}", parse.errors);
                assert!(parse.errors.iter().all(|error| error.kind == ErrorKind::TooDeep), "{name} {levels}");
                assert_eq!(parse.file.items.len(), 3, "{name}");
            }
        }
    });
}

#[test]
fn nesting_without_end_is_harmless() {
    on_small_stack(|| {
        for open in [
            "(",
            "[",
            "{",
            "{ a: ",
            "\"${",
            "f(",
            "a ? ",
            "!",
            "-",
            "list<",
            "'${ \"${",
            "\"\"\"${",
            "({[",
            "job j() {\n",
            "op x = f() {\n",
            "on a run f() {\n",
            "{\n",
            "enum E {",
        ] {
            for levels in [100, 127, 10_000] {
                let open = open.repeat(levels);
                for text in [
                    format!("const a = {open}"),
                    format!("const a: {open}"),
                    format!("job j() {{\n  op x = f(a: {open}\n  op y = f()\n}}"),
                    open.clone(),
                ] {
                    let parse = parse(&text);
                    assert!(
                        !parse.errors.is_empty() && parse.errors.len() < levels + 5,
                        "{} {:?}",
                        parse.errors.len(),
                        &text[..40]
                    );
                }
            }
        }
    });
}

#[test]
fn long_chains_are_bounded() {
    on_small_stack(|| {
        for (sign, first) in
            [(" + ", "a"), (" && ", "a"), (" ?? ", "a"), (".", "a"), (" = ", "a"), (" : ", "a"), (" ? ", "a")]
        {
            let chain = vec![first; 10_000].join(sign);
            let (_, errors) = parse_expr(&chain);
            assert_eq!(errors.len(), 1, "{sign}");
        }
        for (sign, count) in [(" + ", 500), (" && ", 500), (" ?? ", 500), (".", 500), (" == ", 500)] {
            assert_eq!(parse_expr(&vec!["a"; count].join(sign)).1, [], "{sign}");
        }
        assert_eq!(parse_expr(&format!("a{}", "[0]".repeat(10_000))).1.len(), 1);
        assert_eq!(parse_expr(&format!("[{}]", vec!["1"; 50_000].join(", "))).1, []);
    });
}
