//! What expressions, strings, numbers and types say: shown as nested brackets, so that binding is visible.

use hookc_grammar::ast::{BinaryOp, Expr, ExprKind, Key, Part, Template, Type, TypeKind, UnaryOp};
use hookc_grammar::{ErrorKind, parse_expr, parse_type};

fn show(expr: &Expr) -> String {
    let all = |items: &[Expr]| items.iter().map(show).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Duration(value) => format!("{value}ns"),
        ExprKind::Template(template) => text(template),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::List(items) => format!("[{}]", all(items)),
        ExprKind::Spread(inner) => format!("...{}", show(inner)),
        ExprKind::Braces(fields) => {
            let field = |key: &Key, value: &Expr| match key {
                Key::Word(word) => format!("{}: {}", word.text, show(value)),
                Key::Text(key, _) => format!("{}: {}", text(key), show(value)),
            };
            format!("{{{}}}", fields.iter().map(|own| field(&own.key, &own.value)).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Unary(UnaryOp::Not, inner) => format!("(! {})", show(inner)),
        ExprKind::Unary(UnaryOp::Neg, inner) => format!("(neg {})", show(inner)),
        ExprKind::Binary(binary) => format!("({} {} {})", sign(binary.op), show(&binary.left), show(&binary.right)),
        ExprKind::Ternary(parts) => format!("(? {} {} {})", show(&parts.0), show(&parts.1), show(&parts.2)),
        ExprKind::Member(of, name) => format!("{}.{}", show(of), name.text),
        ExprKind::Index(parts) => format!("{}[{}]", show(&parts.0), show(&parts.1)),
        ExprKind::Call(callee, args) => {
            let shown = args.iter().map(|arg| match &arg.label {
                Some(label) => format!("{}: {}", label.text, show(&arg.value)),
                None => show(&arg.value),
            });
            format!("{}({})", show(callee), shown.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Paren(inner) => format!("p{}", show(inner)),
        ExprKind::Error => "ERROR".into(),
    }
}

fn text(template: &Template) -> String {
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => format!("{text:?}"),
        Part::Hole(hole) => format!("<{}>", show(hole)),
    });
    format!("'{}'", parts.collect::<Vec<_>>().join(""))
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::OrElse => "??",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
    }
}

fn check(source: &str, expected: &str) {
    let (expr, errors) = parse_expr(source);
    assert_eq!(errors, [], "{source}");
    assert_eq!(show(&expr), expected, "{source}");
}

fn refused(source: &str, kind: ErrorKind) {
    let (_, errors) = parse_expr(source);
    assert_eq!(errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [kind], "{source}: {errors:?}");
}

#[test]
fn operators_bind_in_their_order() {
    check("a || b && c == d ?? e + f * g", "(|| a (&& b (== c (?? d (+ e (* f g))))))");
    check("a * b + c ?? d == e && f || g", "(|| (&& (== (?? (+ (* a b) c) d) e) f) g)");
    check("a - b - c + d", "(+ (- (- a b) c) d)");
    check("a / b % c * d", "(* (% (/ a b) c) d)");
    check("a < b < c", "(< (< a b) c)");
    check("a ?? b ?? c + 1 ?? d", "(?? a (?? b (?? (+ c 1) d)))");
    check("a ? b : c ? d : e", "(? a b (? c d e))");
    check("a ? b ? c : d : e", "(? a (? b c d) e)");
    check("a || b ? c && d : e ?? f", "(? (|| a b) (&& c d) (?? e f))");
    check("!a && -b.c < !!d", "(&& (! a) (< (neg b.c) (! (! d))))");
    check("- 1 - -2", "(- (neg 1) (neg 2))");
    check("(a + b) * c", "(* p(+ a b) c)");
    check("a in [1, 2] && b in m", "(&& (in a [1 2]) (in b m))");
    check("a?b:c", "(? a b c)");
    check("a??b", "(?? a b)");
    check("x.in.when[0].f(y: 2, 3)", "x.in.when[0].f(y: 2, 3)");
    check(" a // why\n + b ", "(+ a b)");
}

#[test]
fn literals_say_what_is_written() {
    check("[0, 7, 0x1F, 9223372036854775808, true, false, null]", "[0 7 31 9223372036854775808 true false null]");
    check("[1.5, .5, 1e-7, 2.5E+10, 1e3]", "[1.5 0.5 1e-7 25000000000.0 1000.0]");
    check(
        "[1h30m, 5ms, 1.5s, 1h2m3.5s, 0s, 7d]",
        "[5400000000000ns 5000000ns 1500000000ns 3723500000000ns 0ns 604800000000000ns]",
    );
    check("[...a, ...b.c, 1,]", "[...a ...b.c 1]");
    check("{ a: 1, \"b\": { c: [] }, when: null, }", "{a: 1, '\"b\"': {c: []}, when: null}");
    let bad = [
        "1_000",
        "1u",
        "5parsecs",
        "0x",
        "0xg",
        "1.2.3",
        "9223372036854775809",
        "1e999",
        "1m1h",
        "1h1h",
        "0.1ns",
        "300000000d",
    ];
    for source in bad {
        refused(source, ErrorKind::BadNumber);
    }
}

#[test]
fn strings_resolve_escapes_and_holes() {
    check(r#""a\n\r\t\a\b\f\v\\\?\"\'\`""#, r#"'"a\n\r\t\u{7}\u{8}\u{c}\u{b}\\?\"'`"'"#);
    check(r"'\x41\u00e9\U0001F600\101'", r#"'"Aé😀A"'"#);
    check(r#""${a}b${c + 1}""#, r#"'<a>"b"<(+ c 1)>'"#);
    check(r#""$${a} $$${b} $5 $""#, r#"'"${a} $${b} $5 $"'"#);
    check(r#""${m["k"]} ${f("}")} ${ { a: "}" }.a }""#, r#"'<m['"k"']>" "<f('"}"')>" "<{a: '"}"'}.a>'"#);
    check(r#"r"a\d+${x}""#, r#"'"a\\d+${x}"'"#);
    check(r#""""#, "''");
    check("''", "''");
    check("\"\"\"a \"quoted\" b\"\"\"", r#"'"a \"quoted\" b"'"#);
    for bad in [r#""\q""#, r#""\x4""#, r#""\u12""#, r#""\UFFFFFFFF""#, r#""\ud800""#, r#""\400""#, r"'\8'"] {
        refused(bad, ErrorKind::BadEscape);
    }
    refused("\"abc", ErrorKind::UnterminatedString);
    refused("\"a ${b\"", ErrorKind::UnterminatedString);
}

#[test]
fn triple_strings_lose_the_indentation_they_share() {
    check("\"\"\"\n    block\n      deeper ${x}\n\n    last\n  \"\"\"", r#"'"block\n  deeper "<x>"\n\nlast\n"'"#);
    check("'''one\n    two\n    three'''", r#"'"one\ntwo\nthree"'"#);
    check("''' \n '''", r#"'" \n "'"#);
    check("''' \r\n '''", r#"'" \r\n "'"#);
    check("r'''\n  \\d ${x}\n  '''", r#"'"\\d ${x}\n"'"#);
    check("'''\n  a\\n  b\n'''", r#"'"a\n  b\n"'"#);
}

#[test]
fn names_are_compared_after_normalisation() {
    check("cafe\u{301} + caf\u{e9}", "(+ caf\u{e9} caf\u{e9})");
}

#[test]
fn what_is_no_expression_is_one_error() {
    for (source, kind) in [
        ("", ErrorKind::MissingValue),
        ("()", ErrorKind::MissingValue),
        ("a +", ErrorKind::MissingValue),
        ("a + * b", ErrorKind::MissingValue),
        ("a ? b", ErrorKind::MissingValue),
        ("a b", ErrorKind::Unexpected),
        ("a = b", ErrorKind::Unexpected),
        ("a & b", ErrorKind::Unexpected),
        ("a : b", ErrorKind::Unexpected),
        ("f(a b)", ErrorKind::MissingSign),
        ("[1 2]", ErrorKind::MissingSign),
        ("f(a", ErrorKind::Unclosed),
        ("a]", ErrorKind::Unopened),
        ("{ 1: 2 }", ErrorKind::Unexpected),
        ("when", ErrorKind::ReservedRead),
        ("a.", ErrorKind::MissingName),
        ("1(2)", ErrorKind::Unexpected),
        ("a # b", ErrorKind::Unexpected),
    ] {
        refused(source, kind);
    }
}

fn show_type(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Named { name, args } if args.is_empty() => name.text.to_string(),
        TypeKind::Named { name, args } => {
            format!("{}<{}>", name.text, args.iter().map(show_type).collect::<Vec<_>>().join(", "))
        }
        TypeKind::Optional(inner) => format!("{}?", show_type(inner)),
        TypeKind::Error => "ERROR".into(),
    }
}

#[test]
fn types_read_as_written() {
    for source in ["int", "list<int>", "map<string, list<Tier?>>?", "list<list<list<int>>>"] {
        let (ty, errors) = parse_type(source);
        assert_eq!((show_type(&ty).as_str(), errors.as_slice()), (source, &[][..]));
    }
    for (source, kind) in [
        ("", ErrorKind::MissingType),
        ("list<", ErrorKind::MissingType),
        ("list<int", ErrorKind::Unclosed),
        ("int??", ErrorKind::Unexpected),
        ("int int", ErrorKind::Unexpected),
        ("3", ErrorKind::MissingType),
    ] {
        let errors = parse_type(source).1;
        assert_eq!(errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [kind], "{source}: {errors:?}");
    }
}

/// A string of an expression by itself may hold control characters as they are; a file, and what is no string, may not.
#[test]
fn control_characters_stand_in_the_strings_of_an_expression() {
    for text in ["'a\u{7}b'", "\"\u{1b}\u{0}\"", "r'\u{c}'", "'''\u{b}\u{7f}\u{85}'''"] {
        assert_eq!(parse_expr(text).1, [], "{text:?}");
        assert!(hookc_grammar::parse(&format!("const a = {text}\n")).errors.len() == 1, "{text:?}");
    }
    assert_eq!(parse_expr("1\r+\u{c}2\r").1, []);
    assert_eq!(parse_expr("1 + \u{7} 2").1.len(), 1);
    assert_eq!(parse_expr("'a\u{202e}b'").1.len(), 1);
}
