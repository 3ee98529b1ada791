//! Symbols, colours, folds, selections, hints, formatting.

use hookc_compiler::ide::{DocumentSymbol, FoldKind, LensCommand, TokenKind};
use hookc_grammar::Span;

use crate::project::{at, fixtures, split, world};

const TEXT: &str = "\
// One.
// Two.
import log from \"std/log\"

enum Tier { small, large }
component train(data: path) -> (loss: float) {
  exec [\"t\", data]
}
const limit = 0.5
job nightly(paths: list<path>) {
  op fit = train(data: p) for p in paths {
    on failed run log(message: \"${op.name}\")
  }
  op two = train(data: paths[0])
  op three = train(data: \"${two.loss}\")
}
test \"it\" for nightly(paths: [\"a\"]) {
  expect job succeeded
}
";

fn tree(symbols: &[DocumentSymbol]) -> String {
    let inner = |symbol: &DocumentSymbol| match symbol.children.as_slice() {
        [] => symbol.name.clone(),
        children => format!("{}({})", symbol.name, tree(children)),
    };
    symbols.iter().map(inner).collect::<Vec<_>>().join(" ")
}

#[test]
fn symbols_are_a_tree() {
    let at = at(TEXT);
    assert_eq!(
        tree(&at.world.document_symbols("main.hook")),
        "Tier(small large) train(data loss) limit nightly(paths fit(p on failed) two three) it"
    );
}

#[test]
fn symbols_of_every_fixture_lie_in_each_other() {
    fn check(symbols: &[DocumentSymbol], around: Span) {
        for symbol in symbols {
            assert!(around.start <= symbol.span.start && symbol.span.end <= around.end, "{symbol:?}");
            assert!(
                symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end,
                "{symbol:?}"
            );
            assert!(!symbol.name.is_empty());
            check(&symbol.children, symbol.span);
        }
    }
    for (_, files) in fixtures() {
        let (project, files) = split(&files);
        let world = world(&project, &files);
        for (path, text) in &files {
            check(&world.document_symbols(path), Span::new(0, u32::try_from(text.len()).unwrap()));
        }
    }
}

#[test]
fn the_project_is_searched_by_letters() {
    let at = at(TEXT);
    let names = |query: &str| -> Vec<String> {
        at.world.workspace_symbols(query).into_iter().map(|symbol| symbol.name).collect()
    };
    assert_eq!(
        names("t"),
        ["two", "Tier", "three", "train"]
            .map(str::to_owned)
            .into_iter()
            .fold(Vec::new(), |mut all: Vec<String>, name| {
                all.push(name);
                all.sort();
                all
            })
            .into_iter()
            .chain(
                ["fit", "it", "limit", "nightly"]
                    .map(str::to_owned)
                    .into_iter()
                    .filter(|name| names("t").contains(name))
            )
            .collect::<Vec<_>>()
    );
    assert_eq!(names("nightly"), ["nightly"]);
    assert_eq!(names("ngt"), ["nightly"]);
    assert_eq!(names("zzz"), Vec::<String>::new());
}

#[test]
fn colours_follow_the_meaning() {
    let at = at(TEXT);
    let tokens = at.world.semantic_tokens("main.hook", None);
    let of = |text: &str| {
        let span = at.span(text);
        tokens.iter().find(|token| token.span == span).map(|token| (token.kind, token.declaration))
    };
    assert_eq!(of("// One."), Some((TokenKind::Comment, false)));
    assert_eq!(of("Tier"), Some((TokenKind::Enum, true)));
    assert_eq!(of("train"), Some((TokenKind::Function, true)));
    assert_eq!(of("failed"), Some((TokenKind::Event, false)));
    assert_eq!(of("op.name"), None);
    assert_eq!(of("op"), Some((TokenKind::Keyword, false)));
    assert_eq!(of("0.5"), Some((TokenKind::Number, false)));
}

#[test]
fn tokens_of_every_fixture_are_in_order_and_on_one_line() {
    for (name, files) in fixtures() {
        let (project, files) = split(&files);
        let world = world(&project, &files);
        for (path, text) in &files {
            let mut end = 0;
            for token in world.semantic_tokens(path, None) {
                assert!(token.span.start >= end && token.span.end > token.span.start, "{}: {token:?}", name.display());
                let slice = text.get(token.span.start as usize..token.span.end as usize);
                assert!(slice.is_some_and(|slice| !slice.contains('\n')), "{}: {token:?} {slice:?}", name.display());
                end = token.span.end;
            }
        }
    }
}

#[test]
fn hints_say_what_is_inferred() {
    let at = at(TEXT);
    let hints = at.world.inlay_hints("main.hook", Span::new(0, u32::MAX));
    let labels: Vec<&str> = hints.iter().map(|hint| hint.label.as_str()).collect();
    assert_eq!(labels, [": float", ": path", " after two"]);
    assert_eq!(at.after("main.hook", &hints[0].edits), TEXT.replace("const limit =", "const limit: float ="));
}

#[test]
fn folds_and_selections_hold_each_other() {
    let at = at(&TEXT.replacen("data: p)", "data: $0p)", 1));
    let folds = at.world.folds("main.hook");
    assert!(folds.iter().any(|fold| fold.kind == FoldKind::Comment));
    assert_eq!(folds.iter().filter(|fold| fold.kind == FoldKind::Region).count(), 4);
    let chain = at.world.selection("main.hook", at.at);
    let texts: Vec<String> = chain.iter().map(|span| TEXT[span.start as usize..span.end as usize].to_owned()).collect();
    assert_eq!(&texts[..4], ["p", "data: p", "(data: p)", "train(data: p)"]);
    assert_eq!(texts.last().unwrap(), TEXT);
}

#[test]
fn formatting_is_that_of_the_command_and_small() {
    let text = hookc_grammar::format(TEXT).unwrap().replace("  exec [\"t\", data]", "      exec    [\"t\",data]");
    let at = at(&text);
    let edits = at.world.format("main.hook").unwrap();
    assert_eq!(edits.len(), 1);
    assert_eq!(at.after("main.hook", &edits), hookc_grammar::format(&text).unwrap());
    assert_eq!(at.world.format_range("main.hook", Span::new(0, 10)).unwrap(), Vec::new());
    let broken = crate::project::at("job {\n");
    assert_eq!(broken.world.format("main.hook"), None);
}

#[test]
fn jobs_and_tests_can_be_run() {
    let at = at(TEXT);
    let lenses = at.world.lenses("main.hook");
    let of: Vec<(LensCommand, &str)> = lenses.iter().map(|lens| (lens.command, lens.argument.as_str())).collect();
    assert_eq!(
        of,
        [(LensCommand::RunJob, "nightly"), (LensCommand::ShowGraph, "nightly"), (LensCommand::RunTest, "it")]
    );
}
