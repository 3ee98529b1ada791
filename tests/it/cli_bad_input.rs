//! Hostile input through the real binary: each file gets a diagnostic with a code, never a panic, and nothing that is
//! printed steers the terminal.

use crate::cli_support::{Folder, assert_harmless};

/// A file, and the code of the first diagnostic it must get; `None` where it is sound.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    code: Option<&'static str>,
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, code: impl Into<Option<&'static str>>) -> Case {
    Case { name, bytes: bytes.into(), code: code.into() }
}

fn cases() -> Vec<Case> {
    let nested = |depth: usize| format!("const x = {}1{}\n", "(".repeat(depth), ")".repeat(depth));
    let long = |name: &str| format!("const {name} = \"{}\"\n", "x".repeat(10 * 1024 * 1024));
    vec![
        case("empty", "", None),
        case("bom", "\u{feff}const x = 1\n", None),
        case("bom_in_the_middle", "const x\u{feff} = 1\n", "H0013"),
        case("crlf", "const x = 1\r\nconst y = 2\r\n", None),
        case("lone_cr", "const x = 1\rconst y = 2\n", "H0013"),
        case("nul", "const x = \"a\0b\"\n", "H0013"),
        case("invalid_utf8", b"const x = \"\xff\xfe\"\n".to_vec(), "H0102"),
        case("utf16", b"\xff\xfec\0o\0n\0s\0t\0".to_vec(), "H0102"),
        case("escape", "const x = \"\u{1b}]0;pwned\u{7}\"\n", "H0013"),
        case("c1_escape", "const x = \"\u{9b}31m\"\n", "H0013"),
        case("bidi", "const x = \"\u{202e}evil\u{202c}\"\n", "H0013"),
        case("bidi_in_comment", "// \u{2066}\nconst x = 1\n", "H0013"),
        case("long_line", long("x"), None),
        case("long_line_with_a_mistake", format!("{}const y = \"{}", long("x"), "y".repeat(1024 * 1024)), "H0004"),
        case("too_large", format!("{}{}", long("x"), long("y")), "H0103"),
        case("nesting_128", nested(128), None),
        case("nesting_129", nested(129), "H0006"),
        case("nesting_100000", nested(100_000), "H0006"),
        case("import_outside", "import x from \"../x\"\n", "H0105"),
        case("import_absolute", "import x from \"/etc/passwd\"\n", "H0105"),
        case("import_of_itself", "import x from \"./import_of_itself\"\nconst x = 1\n", "H0106"),
        case("import_missing", "import x from \"./nowhere\"\n", "H0104"),
        case("line_separator", "const x = 1\u{2028}const y = 2\n", "H0001"),
        case("only_brackets", "}}}}]]]])))) {{{{ [[[[ ((((\n", "H0001"),
    ]
}

#[test]
fn each_hostile_file_has_its_code() {
    let mut wrong = Vec::new();
    for case in cases() {
        let folder = Folder::new(&[]);
        folder.write(&format!("{}.hook", case.name), &case.bytes);
        let ran = folder.run(&["check", "--format", "json"]);
        assert_harmless(&ran.all());
        let objects = ran.json();
        let codes: Vec<&str> = objects.iter().filter_map(|object| object["code"].as_str()).collect();
        let as_wanted = match case.code {
            None => codes.is_empty() && ran.code == 0,
            Some(code) => codes.contains(&code) && ran.code == 1,
        };
        if !as_wanted {
            wrong.push(format!("{}: wanted {:?}, got {codes:?} and exit {}", case.name, case.code, ran.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_format_lets_a_hostile_file_steer_the_terminal() {
    for case in cases().into_iter().filter(|case| case.bytes.len() < 1024) {
        for format in ["human", "short", "json", "sarif", "github"] {
            let folder = Folder::new(&[]);
            folder.write(&format!("{}.hook", case.name), &case.bytes);
            let ran = folder.run(&["check", "--color", "never", "--format", format]);
            assert_harmless(&ran.all());
            assert!(ran.code <= 1, "{}: {}", case.name, ran.shown());
        }
    }
}

#[test]
fn a_mistake_on_a_long_line_is_shown() {
    let folder = Folder::new(&[]);
    folder.write("a.hook", format!("const x = [{}\"b]\n", "\"a\", ".repeat(200_000)).as_bytes());
    let ran = folder.run(&["check", "a.hook"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.contains("H0004"), "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() < 200), "{}", ran.out);
}

#[test]
fn escapes_in_a_file_name_are_shown() {
    let name = "a\u{1b}[31m\u{202e}.hook";
    let folder = Folder::new(&[(name, "nonsense\n")]);
    for format in ["human", "short", "json", "sarif", "github"] {
        let ran = folder.run(&["check", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.shown());
        assert_harmless(&ran.all());
    }
    let ran = folder.run(&["check", "--format", "json"]);
    assert_eq!(ran.json()[0]["file"], name);
    for command in [
        vec!["fmt"],
        vec!["fmt", "--check"],
        vec!["compile", name],
        vec!["graph", name],
        vec!["check", "\u{1b}[31mmissing"],
        vec!["\u{1b}[31m"],
    ] {
        assert_harmless(&folder.run(&command).all());
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_may_be_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.hook");
    std::fs::write(folder.path().join(name), "nonsense\n").unwrap();
    let ran = folder.run(&["check", "--format", "short"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.starts_with("a\\xff.hook:1:1: error[H0001]"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_opened() {
    let folder = Folder::new(&[]);
    let pipe = folder.path().join("pipe.hook");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for command in [
        vec!["check", "pipe.hook"],
        vec!["check", "."],
        vec!["check", "/dev/zero"],
        vec!["fmt", "pipe.hook"],
        vec!["compile", "pipe.hook"],
        vec!["compile", "."],
        vec!["graph", "/dev/null"],
    ] {
        let ran = folder.run(&command);
        assert_eq!(ran.code, 2, "{command:?}: {}", ran.shown());
        assert!(ran.all().contains("H0101"), "{command:?}: {}", ran.shown());
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_project() {
    let outside = Folder::new(&[("secret.hook", "const secret = 1\n")]);
    let folder = Folder::new(&[
        ("hook.toml", ""),
        ("a.hook", "import secret from \"./link\"\n"),
        ("b.hook", "import secret from \"./folder/secret\"\n"),
    ]);
    std::os::unix::fs::symlink(outside.path().join("secret.hook"), folder.path().join("link.hook")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("folder")).unwrap();
    for file in ["a.hook", "b.hook"] {
        let ran = folder.run(&["check", file, "--format", "short"]);
        assert_eq!(ran.code, 1, "{}", ran.shown());
        assert!(ran.out.contains("H0105"), "{}", ran.out);
    }
}

#[test]
fn files_that_import_each_other_are_told_once() {
    let folder = Folder::new(&[
        ("a.hook", "import b from \"./b\"\nconst a = b\n"),
        ("b.hook", "import a from \"./a\"\nconst b = a\n"),
    ]);
    let ran = folder.run(&["check", "--format", "json"]);
    let cycles = ran.json().iter().filter(|object| object["code"] == "H0106").count();
    assert_eq!((ran.code, cycles), (1, 1), "{}", ran.shown());
}

#[test]
fn a_cycle_of_many_files_ends() {
    let folder = Folder::new(&[]);
    for n in 0..50 {
        folder.write(&format!("f{n}.hook"), format!("import x from \"./f{}\"\n", (n + 1) % 50).as_bytes());
    }
    let ran = folder.run(&["check", "--format", "json"]);
    assert!(ran.json().iter().any(|object| object["code"] == "H0106"), "{}", ran.shown());
}

#[test]
fn hostile_text_reaches_every_command() {
    let texts: Vec<Vec<u8>> = cases().into_iter().map(|case| case.bytes).filter(|bytes| bytes.len() < 1024).collect();
    for text in texts {
        let folder = Folder::new(&[]);
        folder.write("a.hook", &text);
        for command in [
            vec!["fmt", "--diff"],
            vec!["fmt", "--check"],
            vec!["compile", "a.hook"],
            vec!["graph", "a.hook"],
            vec!["fmt"],
        ] {
            let ran = folder.run(&command);
            assert!(ran.code <= 1, "{command:?}: {}", ran.shown());
            assert_harmless(&ran.all());
        }
        let ran = folder.run_with(&["eval", "-"], &text);
        assert!(ran.code <= 3, "{}", ran.shown());
        assert_harmless(&ran.all());
    }
}

#[test]
fn a_broken_project_file_is_a_diagnostic() {
    let cases: [(&[u8], &str); 5] = [
        (b"nmae = 1\n", "H0111"),
        (b"name = \n", "H0111"),
        (b"\xff", "H0111"),
        (b"name = \"\x1b[31m\"\n", "H0111"),
        (b"[[[[", "H0111"),
    ];
    for (toml, code) in cases {
        let folder = Folder::new(&[("a.hook", "")]);
        folder.write("hook.toml", toml);
        let ran = folder.run(&["check", "--format", "json"]);
        assert_harmless(&ran.all());
        assert_eq!(ran.code, 1, "{}", ran.shown());
        assert!(ran.json().iter().all(|object| object["code"] == code && object["file"] == "hook.toml"), "{}", ran.out);
    }
}
