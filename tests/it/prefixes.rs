//! What typing looks like: every prefix of every fixture is checked without a panic, and no diagnostic lies outside of the text.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::annotations;
use crate::diagnostics::program::{MAIN, Program, fixtures, fixtures_folder};

/// Files up to this size are cut at every character, larger ones at every line and seventh character.
const SMALL: usize = 4_096;
const STEP: usize = 7;

#[test]
fn every_prefix_of_every_fixture_is_checked_without_a_panic() {
    let programs: Vec<Program> = all_fixtures().iter().map(|path| Program::read(path)).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check_prefixes(program);
                }
            });
        }
    });
}

fn all_fixtures() -> Vec<PathBuf> {
    let codes = std::fs::read_dir(fixtures_folder().join("diagnostics")).unwrap();
    let codes = codes.map(|entry| format!("diagnostics/{}", entry.unwrap().file_name().to_str().unwrap()));
    let folders = codes.chain(["ok", "plan", "mistakes"].map(str::to_owned));
    folders.flat_map(|folder| fixtures(&folder)).map(|(_, path)| path).collect()
}

fn check_prefixes(program: &Program) {
    let text = annotations::without(MAIN, program.main());
    for end in cuts(&text) {
        let prefix = &text[..end];
        let cut = program.clone().with(MAIN, prefix);
        let (sources, diagnostics) = cut.diagnostics();
        if diagnostics.is_empty() {
            // A plan or a reason: what matters here is that it ends.
            let _ = cut.lower();
        }
        for diagnostic in &diagnostics {
            for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.labels) {
                let text = &sources.file(label.place.file).text;
                let (start, end) = (label.place.span.start as usize, label.place.span.end as usize);
                assert!(
                    start <= end && text.is_char_boundary(start) && text.is_char_boundary(end),
                    "{diagnostic:?}\n{prefix}"
                );
            }
        }
    }
}

/// Where a text is cut, on the boundaries of characters.
fn cuts(text: &str) -> Vec<usize> {
    let small = text.len() <= SMALL;
    let cut = |(number, (at, c)): (usize, (usize, char))| (small || c == '\n' || number % STEP == 0).then_some(at);
    text.char_indices().enumerate().filter_map(cut).collect()
}
