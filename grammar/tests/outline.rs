//! The outline of entries, also of half-typed text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use hookc_grammar::{BlockKind, EntryForm, Keyword, outline};

/// The kind of the block around `$0`, and the first word of the entry before it.
fn at_cursor(marked: &str) -> (BlockKind, Option<Keyword>) {
    let offset = marked.find("$0").unwrap();
    let text = marked.replace("$0", "");
    let outline = outline(&text);
    let offset = u32::try_from(offset).unwrap();
    (outline.block_at(offset), outline.entry_before(offset).and_then(|(_, entry)| entry.keyword))
}

#[test]
fn items_hold_their_entries() {
    let text = "/// Trains.\njob j() {\n  op a = f() {\n    retry 2\n  }\n  outputs (x: a.x)\n}\nconst x = 1\n";
    let outline = outline(text);
    let items: Vec<_> = outline.items().map(|item| item.form).collect();
    assert_eq!(items, [EntryForm::Job, EntryForm::Const]);
    let entries: Vec<_> = outline.children(0).map(|(_, entry)| (entry.form, entry.block)).collect();
    assert_eq!(entries, [(EntryForm::Op, BlockKind::Job), (EntryForm::Outputs, BlockKind::Job)]);
    let settings: Vec<_> = outline.children(1).map(|(_, entry)| entry.keyword).collect();
    assert_eq!(settings, [Some(Keyword::Retry)]);
    let slice = |start: u32, end: u32| &text[start as usize..end as usize];
    let job = outline.entry(0).unwrap();
    assert_eq!(slice(job.start, job.head_end), "job j()");
    assert!(slice(job.body.unwrap().span.start, job.body.unwrap().span.end).ends_with("(x: a.x)\n"));
}

#[test]
fn a_block_that_is_not_closed_yet_goes_on_to_the_next_item() {
    assert_eq!(at_cursor("job j() {\n  op a = f() {\n    $0\n"), (BlockKind::Op, None));
    assert_eq!(at_cursor("job j() {\n  op a = f()\n  $0\n\njob k() {\n}\n"), (BlockKind::Job, Some(Keyword::Op)));
    assert_eq!(at_cursor("agent a() {\n  $0"), (BlockKind::Agent, None));
    assert_eq!(at_cursor("component c() {\n  http GET \"u\" {\n    $0"), (BlockKind::Http, None));
}

#[test]
fn between_items_is_the_top_level() {
    assert_eq!(at_cursor("job j() {\n}\n$0\nconst x = 1\n"), (BlockKind::File, Some(Keyword::Job)));
    assert_eq!(at_cursor("$0"), (BlockKind::File, None));
    assert_eq!(at_cursor("record R { x: int $0 }"), (BlockKind::File, Some(Keyword::Record)));
}

#[test]
fn imports_are_found_without_parsing() {
    let text = "import a from \"./a\"\nimport b as c from r'std/b'\n// import d from \"d\"\nconst x = \"import e from 'e'\"\n\
                import from\nimport f from \"x${1}\"\nimport g from \"\\x61\"\n";
    assert_eq!(outline(text).imports(text), ["./a", "std/b", "a"]);
}
