//! Sources that are no fixtures: files that cannot be read, that are too many, and plans that are too large.

use std::fmt::Write;

use hookc_compiler::LoadError;

use super::program::{MAIN, Program};
use crate::cli_support::Folder;

#[test]
fn a_file_that_cannot_be_read_is_one_mistake() {
    let cases = [
        (LoadError::NotFound, "H0101"),
        (LoadError::NotAFile, "H0101"),
        (LoadError::Outside, "H0101"),
        (LoadError::Io("permission denied".to_owned()), "H0101"),
        (LoadError::NotUtf8(7), "H0102"),
        (LoadError::TooLarge, "H0103"),
    ];
    for (error, code) in cases {
        let program = Program::default().with_unreadable(MAIN, error.clone());
        assert_eq!(program.codes(), [code], "{error:?}");
    }
}

/// An import of what cannot be read is told at the import, and its names are taken as known.
#[test]
fn an_import_that_cannot_be_read_is_one_mistake_at_the_import() {
    let text = "import page from \"./other\"\n\njob j() {\n  op a = page(text: \"x\")\n}\n";
    let cases = [
        (LoadError::NotFound, "H0104"),
        (LoadError::Outside, "H0105"),
        (LoadError::NotAFile, "H0101"),
        (LoadError::NotUtf8(0), "H0101"),
        (LoadError::TooLarge, "H0101"),
    ];
    for (error, code) in cases {
        let told = Program::new(text).with_unreadable("other.hook", error.clone()).told();
        let [(found, _)] = told.as_slice() else { panic!("{error:?}: {told:?}") };
        assert_eq!((found.code.as_str(), found.start, found.end), (code, (1, 18), (1, 27)), "{error:?}");
    }
}

#[test]
fn more_than_a_thousand_files_are_one_mistake() {
    let mut main = String::new();
    let mut program = Program::default();
    for number in 0..1_010 {
        writeln!(main, "import job_{number} from \"./part_{number}\"").unwrap();
        program = program.with(&format!("part_{number}.hook"), &format!("job job_{number}() {{}}\n"));
    }
    main.push_str("\njob all() {\n");
    for number in 0..1_010 {
        writeln!(main, "  op op_{number} = job_{number}()").unwrap();
    }
    main.push_str("}\n");
    let codes = program.with(MAIN, &main).codes();
    assert!(!codes.is_empty() && codes.iter().all(|code| code == "H0110"), "{codes:?}");
}

#[test]
fn more_than_a_hundred_thousand_ops_are_one_mistake() {
    let text = |ops: usize| {
        let mut text = "component a() { exec [\"a\"] }\n\njob inner() {\n".to_owned();
        for number in 0..ops {
            writeln!(text, "  op a{number} = a()").unwrap();
        }
        text + "  each op { on failed run a() }\n}\n"
    };
    let program = Program::new(&text(50_001));
    let diagnostics = program.lower().unwrap_err();
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect();
    assert_eq!(codes, ["H0604"]);
    assert!(program.codes().is_empty());
}

/// Whether a file of `use` is there is known to the command alone, which finds the project.
#[test]
fn a_used_file_that_is_not_there_is_told_at_its_path() {
    let job = "component a() { exec [\"a\"] }\n\njob j() { op one = a() }\n";
    let folder = Folder::new(&[("hook.toml", "use = [\"./gone\"]\n"), (MAIN, job)]);
    let ran = folder.run(&["check", "--format", "short"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.starts_with("hook.toml:1:8: error[H0111]"), "{}", ran.shown());
}
