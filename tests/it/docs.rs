//! The examples of README and of the pages in `docs/`: what is shown as right is clean, what is shown as wrong is refused
//! with the code that the page names.
//!
//! A fence ```` ```hook ```` is right; ```` ```hook H0302 ```` raises exactly this code. `in NAME` puts the fence where `...` stands in
//! the comment `<!-- context NAME` of the page, or behind it. A fence ```` ```text ```` right after a wrong one is what `check`
//! prints of it. The pages of the codes in `docs/diagnostics/` have a test of their own.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli_support::Folder;

#[test]
fn the_readme_is_right() {
    page("README.md");
}

#[test]
fn the_architecture_is_right() {
    page("ARCHITECTURE.md");
}

#[test]
fn the_pages_are_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // The tutorial's files grow from step to step: `tutorial.rs` follows it.
        .filter(|name| name.ends_with(".md") && name != "tutorial.md")
        .collect();
    names.sort();
    assert!(names.contains(&"language.md".to_owned()));
    for name in names {
        page(&format!("docs/{name}"));
    }
}

#[test]
fn the_example_is_clean_and_in_canonical_form() {
    let folder = iris();
    let checked = folder.run(&["check", "--deny", "all"]);
    assert_eq!(checked.code, 0, "{}", checked.shown());
    let formatted = folder.run(&["fmt", "--check"]);
    assert_eq!(formatted.code, 0, "{}", formatted.shown());
}

/// As the example's page says: what fires and what does not, what comes out, and which exit code.
#[test]
fn the_example_runs_as_its_page_says() {
    let folder = iris();
    let well = folder.run(&["run", "nightly.hook", "--format", "json"]);
    assert_eq!(well.code, 0, "{}", well.shown());
    let report: serde_json::Value = serde_json::from_str(&well.out).unwrap();
    assert_eq!(report["status"], "succeeded");
    assert!(report["outputs"]["accuracy"].as_f64().unwrap() > 0.9, "{report:#}");
    assert_eq!(report["outputs"]["lr"], 1.0);
    let people = folder.run(&["run", "nightly.hook"]);
    let row = |start: &str| people.out.lines().find(|line| line.contains(start)).unwrap_or_default().to_owned();
    assert!(row("fit.hardly").ends_with(" fired"), "{}", people.shown());
    assert!(row("score.warn_if_poor").ends_with("not fired: its condition was false"), "{}", people.shown());
    assert!(row(" done ").ends_with(" fired"), "{}", people.shown());
    assert!(folder.path().join("published/model.json").exists());
}

#[test]
fn the_example_fails_as_its_page_says() {
    let folder = iris();
    for (input, hook) in [("data=missing.csv", "rows.report_failure"), ("rates=[0.1, 5.0]", "fit.report_failure")] {
        let failed = folder.run(&["run", "nightly.hook", "-p", input]);
        assert_eq!(failed.code, 1, "{}", failed.shown());
        let fired = |name: &str| failed.out.lines().any(|line| line.contains(name) && line.contains(" fired"));
        assert!(fired(hook) && fired(" record "), "{}", failed.shown());
    }
    let skipped = folder.run(&["run", "nightly.hook", "-p", "wanted=0.99"]);
    assert_eq!(skipped.code, 0, "{}", skipped.shown());
    assert!(!folder.path().join("published").exists());
}

/// The example in a folder of its own, without what runs have left.
pub(crate) fn iris() -> Folder {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/iris");
    let folder = Folder::new(&[]);
    for part in ["", "data", "steps"] {
        for entry in std::fs::read_dir(from.join(part)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let name = Path::new(part).join(entry.file_name());
                folder.write(name.to_str().unwrap(), &std::fs::read(entry.path()).unwrap());
            }
        }
    }
    folder
}

/// One example of a page.
struct Example {
    line: usize,
    source: String,
    codes: Vec<String>,
    printed: Option<String>,
}

impl Example {
    fn file(&self) -> String {
        format!("line-{}.hook", self.line)
    }
}

#[track_caller]
fn page(path: &str) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let examples = examples(&text);
    let folder = Folder::new(&[("hook.toml", "")]);
    for example in &examples {
        folder.write(&example.file(), example.source.as_bytes());
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for diagnostic in folder.run(&["check", "--format", "json"]).json() {
        let word = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
        found.entry(word("file")).or_default().push(word("code"));
    }
    for example in &examples {
        let codes = found.remove(&example.file()).unwrap_or_default();
        assert_eq!(codes, example.codes, "{path}, line {}:\n{}", example.line, example.source);
        if let Some(printed) = &example.printed {
            assert_eq!(&rendered(&example.source), printed, "{path}, the text behind line {}", example.line);
        }
    }
    assert!(found.is_empty(), "{path}: {found:?}");
}

/// What `check` prints of a file with this text, as a page shows it.
fn rendered(source: &str) -> String {
    let folder = Folder::new(&[("nightly.hook", source)]);
    let ran = folder.run(&["check", "--color", "never", "nightly.hook"]);
    let lines: Vec<&str> = ran.out.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim())
}

/// The fences of a page, completed by their contexts.
fn examples(text: &str) -> Vec<Example> {
    let mut contexts: BTreeMap<String, String> = BTreeMap::new();
    let mut examples: Vec<Example> = Vec::new();
    let mut after_wrong = false;
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let mut until = |end: &str| -> String {
            lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != end)
                .fold(String::new(), |all, line| all + line + "\n")
        };
        if let Some(name) = line.strip_prefix("<!-- context ") {
            contexts.insert(name.to_owned(), until("-->"));
        } else if let Some(info) = line.strip_prefix("```hook") {
            let example = example(number + 1, info, until("```"), &contexts);
            after_wrong = !example.codes.is_empty();
            examples.push(example);
        } else if let Some(info) = line.strip_prefix("```") {
            let shown = until("```");
            if after_wrong && info == "text" {
                examples.last_mut().unwrap().printed = Some(shown);
            }
            after_wrong = false;
        }
    }
    examples
}

fn example(line: usize, info: &str, fence: String, contexts: &BTreeMap<String, String>) -> Example {
    let mut codes = Vec::new();
    let mut source = fence;
    let mut words = info.split_whitespace();
    while let Some(word) = words.next() {
        if word != "in" {
            codes.push(word.to_owned());
            continue;
        }
        let name = words.next().unwrap();
        let context = contexts.get(name).unwrap_or_else(|| panic!("line {line}: no context `{name}`"));
        source = match context.split_once("\n...\n") {
            Some((before, after)) => format!("{before}\n{source}{after}"),
            None => format!("{context}{source}"),
        };
    }
    Example { line, source, codes, printed: None }
}
