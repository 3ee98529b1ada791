use std::sync::Arc;

use hookc_compiler::diagnostics::{UNEXPECTED, UNUSED_IMPORT};
use hookc_compiler::{Diagnostic, FileId, Label, Place};
use hookc_grammar::Span;
use proptest::prelude::*;

use crate::formats::Format;
use crate::report::handler;
use crate::reported_files::{Finding, ReportedFiles};
use crate::sanitise::is_hidden;

fn rendered(finding: &Finding) -> String {
    crate::report::rendered(finding, &handler(false, false))
}

fn finding(texts: &[&str], span: Span, labels: &[(u32, Span, &str)]) -> Finding {
    let files = texts.iter().enumerate().map(|(n, text)| (format!("f{n}.hook"), Arc::from(*text)));
    let mut diagnostic =
        Diagnostic::new(UNEXPECTED, Place::new(FileId(0), span), "a \u{1b}[31mmessage").help("do\u{7}it").here("here");
    for (file, span, text) in labels {
        diagnostic.labels.push(Label { place: Place::new(FileId(*file), *span), text: (*text).to_owned() });
    }
    Finding { diagnostic, files: Arc::new(ReportedFiles::of_texts(files.collect())) }
}

#[test]
fn places_in_other_files_follow_as_notes() {
    let finding = finding(
        &["one two\n", "three\nfour\n"],
        Span::new(4, 7),
        &[(0, Span::new(0, 3), "near"), (1, Span::new(6, 10), "far")],
    );
    insta::assert_snapshot!(rendered(&finding));
}

#[test]
fn long_lines_are_cut_and_keep_their_column() {
    let text = format!("{}WRONG{}", "ü".repeat(50_000), "x".repeat(100_000));
    let finding = finding(&[&text], Span::new(100_000, 100_005), &[]);
    let shown = rendered(&finding);
    assert!(shown.contains("[f0.hook:1:50001]"), "{shown}");
    assert!(shown.contains("WRONG") && shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn an_empty_file_and_a_span_past_the_end_are_shown() {
    assert!(rendered(&finding(&[""], Span::new(0, 0), &[])).contains("[f0.hook:1:1]"));
    assert!(rendered(&finding(&["a\n"], Span::new(u32::MAX - 1, u32::MAX), &[])).contains("[f0.hook:2:1]"));
}

/// Text with all that is awkward in it.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("\u{1b}[31m".to_owned()),
        Just("\u{202e}\u{feff}\u{0}".to_owned()),
        Just("x".repeat(500)),
        Just("\n".repeat(450)),
        "[a-zü👩 \u{300}]{0,20}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_and_span_can_be_shown(first in text(), second in text(), spans in proptest::collection::vec((0u32..3000, 0u32..3000), 4)) {
        let span = |index: usize| spans.get(index).map_or(Span::new(0, 0), |(a, b)| Span::new(*a, *b));
        let labels = [(0, span(1), "la\u{1b}bel"), (0, span(2), ""), (1, span(3), "other")];
        let mut finding = finding(&[&first, &second], span(0), &labels);
        for code in [UNEXPECTED, UNUSED_IMPORT] {
            finding.diagnostic.code = code;
            let shown = rendered(&finding);
            prop_assert!(!shown.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t'), "{shown:?}");
        }
        for format in [Format::Short, Format::Json, Format::Sarif, Format::Github] {
            let Ok(Some(shown)) = format.text(std::slice::from_ref(&finding)) else { panic!("no text") };
            prop_assert!(!shown.chars().any(|c| is_hidden(c) && c != '\n'), "{shown:?}");
            if format == Format::Json {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&shown).is_ok());
            }
        }
    }
}
