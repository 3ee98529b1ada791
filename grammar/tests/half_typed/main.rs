//! Half-typed text: one mistake is one error, and everything around it stays in the tree.
//!
//! Each variant stands in one of five places of the same file. What is typed there is what a writer leaves behind between
//! two keys, or a common slip.

mod variants;

use hookc_grammar::ast::{File, Item, Job, JobEntry, OpEntry, Setting, SettingValue, Verb};
use hookc_grammar::parse;
use variants::{Slot, VARIANTS};

const FILE: &str = r#"component before(a: int) -> (x: float) {
  exec ["a", a]
  <BODY>
}
<TOP>
component behind(a: int) { exec ["b"] }
job j(data: path) {
  op one = before(a: 1)
  <JOB>
  op two = before(a: 2) {
    retry 2
    <OP>
    timeout 2h
    on failed run say(text: "x")
  }
  op three = before(a: 3)
  on succeeded run say(text: "y")
}
test "t" for j(data: "d") {
  given one succeeded (x: 1.0)
  <TEST>
  expect three succeeded
}
const last: int = 1
"#;

fn file_with(slot: Slot, typed: &str) -> String {
    let mut text = FILE.to_owned();
    for other in [Slot::Top, Slot::Body, Slot::Job, Slot::Op, Slot::Test] {
        text = text.replace(other.mark(), if other == slot { typed } else { "" });
    }
    text
}

/// What of the surroundings is no longer in the tree.
fn lost(file: &File) -> Vec<&'static str> {
    let items: Vec<&Item> = file.items.iter().map(|item| &*item.node).collect();
    let named = |wanted: &str| {
        items.iter().any(|item| match item {
            Item::Component(component) => component.name.as_ref().is_some_and(|name| name.text == wanted),
            Item::Const(constant) => constant.name.as_ref().is_some_and(|name| name.text == wanted),
            _ => false,
        })
    };
    let mut lost: Vec<&'static str> = ["before", "behind", "last"].into_iter().filter(|name| !named(name)).collect();
    if !items.iter().any(|item| matches!(item, Item::Test(test) if test.entries.len() >= 2)) {
        lost.push("the test");
    }
    let job = items.iter().find_map(|item| match item {
        Item::Job(job) if job.name.as_ref().is_some_and(|name| name.text == "j") => Some(job),
        _ => None,
    });
    match job {
        Some(job) => lost.extend(lost_in_job(job)),
        None => lost.push("the job"),
    }
    lost
}

fn lost_in_job(job: &Job) -> Vec<&'static str> {
    let entries: Vec<&JobEntry> = job.entries.iter().map(|entry| &*entry.node).collect();
    let op = |wanted: &str| {
        entries.iter().find_map(|entry| match entry {
            JobEntry::Op(op) if op.name.as_ref().is_some_and(|name| name.text == wanted) => Some(op),
            _ => None,
        })
    };
    let mut lost: Vec<&'static str> = ["one", "two", "three"].into_iter().filter(|name| op(name).is_none()).collect();
    // A brace too many in the block of `two` moves the rest of the block into the job, but loses none of it.
    let own = op("two").map(|op| op.entries.as_slice()).unwrap_or_default();
    let all = || {
        own.iter().chain(
            entries.iter().filter_map(|entry| if let JobEntry::Entry(entry) = entry { Some(entry) } else { None }),
        )
    };
    let is = |setting: &Setting, word: &str| setting.word.text == word && !matches!(setting.value, SettingValue::Flag);
    // Behind a call's open brace the next settings are the call's.
    let setting = |word: &str| {
        all().any(|entry| match entry {
            OpEntry::Setting(setting) => is(setting, word),
            OpEntry::Hook(hook) => {
                matches!(&hook.verb, Some(Verb::Call { settings, .. }) if settings.iter().any(|own| is(own, word)))
            }
            _ => false,
        })
    };
    lost.extend(["retry", "timeout"].into_iter().filter(|word| !setting(word)));
    let hook = |event: &str| {
        all().any(|entry| matches!(entry, OpEntry::Hook(hook) if hook.events.iter().any(|found| found.name.text == event) && hook.verb.is_some()))
    };
    lost.extend(["failed", "succeeded"].into_iter().filter(|event| !hook(event)));
    lost
}

#[test]
fn the_file_without_slips_has_no_error() {
    let parse = parse(&file_with(Slot::Top, ""));
    assert_eq!(parse.errors, []);
    assert_eq!(lost(&parse.file), Vec::<&str>::new());
}

#[test]
fn one_mistake_is_one_error_and_its_neighbours_are_kept() {
    let mut wrong = Vec::new();
    for (slot, typed, expected) in VARIANTS {
        let text = file_with(*slot, typed);
        let parse = parse(&text);
        let lost = lost(&parse.file);
        if parse.errors.len() != *expected || !lost.is_empty() {
            let errors: Vec<String> = parse
                .errors
                .iter()
                .map(|error| {
                    format!("{}: {}", text[..error.span.start as usize].matches('\n').count() + 1, error.message)
                })
                .collect();
            wrong.push(format!(
                "{slot:?} {typed:?}: {} errors instead of {expected}, lost {lost:?}: {errors:#?}",
                errors.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} variants\n{}", wrong.len(), VARIANTS.len(), wrong.join("\n"));
}

#[test]
fn an_error_never_lies_before_the_text_that_was_typed() {
    for (slot, typed, _) in VARIANTS {
        let text = file_with(*slot, typed);
        let start = text.find(typed).unwrap();
        let line_before = text[..start].trim_end().len();
        for error in &parse(&text).errors {
            assert!(error.span.start as usize >= line_before, "{slot:?} {typed:?}: {error:?}");
        }
    }
}
