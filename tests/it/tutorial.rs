//! The tutorial is followed word by word in a fresh folder: its files are written, its commands typed, and what they print is compared.
//!
//! The paragraph before a fence says what the fence is. After `` Write `NAME` `` or `` Add to the end of `NAME` `` it is a file; of
//! the other fences, `sh` holds commands and `text` what they print. A command after the words "second terminal" goes on in the
//! background, and the `text` after these words is what it has printed. In a `text`, `…` stands for anything within a line, and on
//! a line of its own for any number of lines. The progress of a run is left out; everything else that a command prints counts.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli_support::Folder;

/// The port that the page names; the test takes a free one.
const PORT: &str = "8125";

/// A fence, with the paragraph before it.
struct Fence {
    line: usize,
    before: String,
    language: String,
    text: String,
}

/// Someone who types what the page says.
struct Reader {
    _home: Folder,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    printed: String,
    background: Option<Child>,
    port: u16,
    seen: Vec<String>,
}

#[test]
fn the_tutorial_can_be_followed_word_by_word() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md")).unwrap();
    let page = page.replace(PORT, &port.to_string());
    let mut reader = Reader::new(port);
    for fence in fences(&page) {
        reader.follow(&fence);
    }
    assert_eq!(reader.printed, "", "the end of the page says nothing of this");
    let last = reader.seen.join("\n");
    assert!(last.contains("alert: sales failed") && last.contains("3 passed, 0 failed"), "{last}");
}

impl Reader {
    fn new(port: u16) -> Reader {
        let home = Folder::new(&[]);
        let folder = home.path().to_owned();
        Reader {
            _home: home,
            folder,
            variables: Vec::new(),
            printed: String::new(),
            background: None,
            port,
            seen: Vec::new(),
        }
    }

    fn follow(&mut self, fence: &Fence) {
        if let Some(name) = named_after("Write `", &fence.before) {
            std::fs::write(self.folder.join(name), &fence.text).unwrap();
            self.assert_sound(name);
        } else if let Some(name) = named_after("Add to the end of `", &fence.before) {
            let path = self.folder.join(name);
            let text = std::fs::read_to_string(&path).unwrap() + &fence.text;
            std::fs::write(&path, text).unwrap();
            self.assert_sound(name);
        } else {
            let second = fence.before.contains("second terminal");
            match (fence.language.as_str(), second) {
                ("sh", true) => self.start(&fence.text),
                ("sh", false) => self.type_in(&fence.text, fence.line),
                ("text", true) => {
                    self.printed = self.stop();
                    self.compare(fence);
                }
                ("text", false) => self.compare(fence),
                (language, _) => panic!("line {}: what is this fence ({language}) for?", fence.line),
            }
        }
    }

    /// A file of the language is in canonical form, and clean unless it is there to be wrong.
    fn assert_sound(&self, name: &str) {
        if !name.ends_with(".hook") {
            return;
        }
        let formatted = self.output(&format!("hookc fmt --check {name}"));
        assert!(formatted.1 == 0, "{name}: {}", formatted.0);
        let checked = self.output(&format!("hookc check --deny all {name}"));
        assert!(checked.1 == 0 || name == "wrong.hook", "{}", checked.0);
    }

    fn type_in(&mut self, commands: &str, line: usize) {
        assert_eq!(self.printed, "", "before line {line} something is printed that the page does not show");
        for command in commands.lines() {
            if let Some(folder) = command.strip_prefix("cd ") {
                self.folder.push(folder);
            } else if let Some(variable) = command.strip_prefix("export ") {
                let (name, value) = variable.split_once('=').unwrap();
                self.variables.push((name.to_owned(), value.to_owned()));
            } else {
                let (printed, code) = self.output(command);
                assert!(code <= 1, "line {line}: `{command}` ends with {code}: {printed}");
                self.printed.push_str(&printed);
            }
        }
    }

    /// What a command prints, and its exit code. The progress of a run goes to standard error, and is left out.
    fn output(&self, command: &str) -> (String, i32) {
        let progress = if command.starts_with("hookc run") { "2>/dev/null" } else { "2>&1" };
        let output = self.shell(&format!("{command} {progress}")).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
    }

    fn shell(&self, script: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_hookc")).parent().unwrap().to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(binary).chain(std::env::split_paths(&path))).unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).current_dir(&self.folder).env("PATH", path).env("TERM", "dumb");
        command.env_remove("CLICOLOR_FORCE").envs(self.variables.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Starts what stays in the second terminal, and waits until it listens.
    fn start(&mut self, command: &str) {
        let child = self.shell(&format!("exec {command}")).stdout(Stdio::piped()).spawn().unwrap();
        self.background = Some(child);
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "`{command}` does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it, and gives what it has printed.
    fn stop(&mut self) -> String {
        let mut child = self.background.take().unwrap();
        child.kill().unwrap();
        let mut printed = String::new();
        child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        child.wait().unwrap();
        printed
    }

    fn compare(&mut self, fence: &Fence) {
        let printed = std::mem::take(&mut self.printed);
        let (wanted, found): (Vec<&str>, Vec<&str>) = (fence.text.lines().collect(), printed.lines().collect());
        assert!(
            lines_fit(&wanted, &found),
            "line {}: the page has\n{}\nand this is printed\n{printed}",
            fence.line,
            fence.text
        );
        self.seen.push(printed);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(mut child) = self.background.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The name in backticks after these words.
fn named_after<'t>(words: &str, text: &'t str) -> Option<&'t str> {
    text.split_once(words)?.1.split('`').next()
}

fn lines_fit(wanted: &[&str], found: &[&str]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|skipped| lines_fit(rest, &found[skipped..])),
        Some((line, rest)) => found.first().is_some_and(|found| line_fits(line, found)) && lines_fit(rest, &found[1..]),
    }
}

fn line_fits(wanted: &str, found: &str) -> bool {
    let mut parts = wanted.split('…');
    let Some(mut left) = found.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut open = false;
    for part in parts {
        open = true;
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
        open &= part.is_empty();
    }
    open || left.is_empty()
}

fn fences(page: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let (mut before, mut ended) = (String::new(), false);
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let text = inside.fold(String::new(), |text, line| text + line + "\n");
            fences.push(Fence {
                line: number + 1,
                before: std::mem::take(&mut before),
                language: language.to_owned(),
                text,
            });
        } else if line.is_empty() {
            ended = true;
        } else {
            if std::mem::take(&mut ended) {
                before.clear();
            }
            before.push_str(line);
            before.push(' ');
        }
    }
    fences
}
