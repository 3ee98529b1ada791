//! Random edits: the server's text is the model's, and its diagnostics are the compiler's.
//!
//! `HOOKC_SCRIPTS` and `HOOKC_EDITS` say how many scripts of how many edits; few without them.

use std::sync::Arc;

use hookc_compiler::{LoadError, Loader, Sources};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::diagnostics::report;
use crate::library_files::Library;
use crate::session::Session;
use crate::uri;

/// The model: a text as UTF-16 units, its lines found anew each time.
struct Model(Vec<u16>);

impl Model {
    fn new(text: &str) -> Model {
        Model(text.encode_utf16().collect())
    }

    fn text(&self) -> String {
        String::from_utf16(&self.0).unwrap()
    }

    /// The first unit and the last, without its end, of each line.
    fn lines(&self) -> Vec<(usize, usize)> {
        let (cr, lf) = (u16::from(b'\r'), u16::from(b'\n'));
        let mut lines = Vec::new();
        let (mut start, mut at) = (0, 0);
        while let Some(unit) = self.0.get(at) {
            if *unit == cr || *unit == lf {
                lines.push((start, at));
                at += usize::from(*unit == cr && self.0.get(at + 1) == Some(&lf));
                start = at + 1;
            }
            at += 1;
        }
        lines.push((start, self.0.len()));
        lines
    }

    fn offset(&self, line: i64, character: i64, utf8: bool) -> usize {
        let lines = self.lines();
        let Some((start, end)) = lines.get(usize::try_from(line.max(0)).unwrap()).copied() else { return self.0.len() };
        let line = String::from_utf16(&self.0[start..end]).unwrap();
        let wanted = usize::try_from(character.max(0)).unwrap();
        let (mut counted, mut units) = (0, 0);
        for c in line.chars() {
            counted += if utf8 { c.len_utf8() } else { c.len_utf16() };
            if counted > wanted {
                break;
            }
            units += c.len_utf16();
        }
        start + units
    }

    fn replace(&mut self, range: Option<[i64; 4]>, text: &str, utf8: bool) {
        let (a, b) = match range {
            Some([a, b, c, d]) => (self.offset(a, b, utf8), self.offset(c, d, utf8)),
            None => (0, self.0.len()),
        };
        self.0.splice(a.min(b)..a.max(b), text.encode_utf16());
    }
}

/// A fixed sequence of numbers for each seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

const PIECES: &[&str] = &[
    "",
    "\n",
    "\r\n",
    "\r",
    " ",
    "x",
    "👩‍🔬",
    "ü",
    "e\u{301}",
    "}",
    "{",
    "\"",
    "enum Farbe { rot, grün }\n",
    "when outputs.y > 0",
    "// ",
    "const a = 1\n",
    "\u{2028}",
    "\t",
];

/// Larger pieces.
const BLOCKS: &[&str] = &[
    "job j() {\n  op a = c(x: 1)\n}\n",
    "component c(x: int) -> (y: int) {\n  exec [\"true\"]\n}\n",
    "  op b = c(x: a.y) {\n    retry 2\n    on failed when error.message != \"ü\" run log(message: \"x\")\n  }\n",
    "  on failed run c(x: 2)\n",
    "import log from \"std/log\"\n",
    "import shared from \"./shared\"\n",
    "condition poor(x: float) = x < 0.5 || x > 2.0\n",
];

const START: &str = "import log from \"std/log\"\n\ncomponent train(data: path) -> (loss: float) {\n  exec [\"python3\", \"ü👩.py\", data]\n}\n\njob nightly() {\n  op fit = train(data: \"a\") {\n    on failed run log(message: \"x\")\n  }\n}\n";

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// A place somewhere in the text, or where none is.
fn project_file(random: &mut Random, lines: usize) -> (i64, i64) {
    let line = match random.below(20) {
        0 => -1,
        1 => i64::from(u32::MAX) + 7,
        2 => i64::try_from(lines + 3).unwrap(),
        _ => i64::try_from(random.below(lines)).unwrap(),
    };
    let character = match random.below(20) {
        0 => -5,
        1 => i64::MAX,
        2..6 => 0,
        _ => i64::try_from(random.below(40)).unwrap(),
    };
    (line, character)
}

fn notify(session: &Session, method: &str, mut params: Value) -> Result<(), String> {
    session.notify(method, &mut params).unwrap()
}

fn open(session: &Session, uri: &str, text: &str) {
    let document = json!({ "uri": uri, "languageId": "hook", "version": 1, "text": text });
    notify(session, "textDocument/didOpen", json!({ "textDocument": document })).unwrap();
}

fn script(folder: &TempDir, seed: usize, edits: usize) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ u64::try_from(seed).unwrap().wrapping_mul(0x2545_f491_4f6c_dd1d));
    let utf8 = seed.is_multiple_of(3);
    let (session, _jobs) = Session::new(Library::new(folder.path()));
    let encodings = if utf8 { json!(["utf-16", "utf-8"]) } else { json!(["utf-16"]) };
    assert!(session.begin(&json!({ "capabilities": { "general": { "positionEncodings": encodings } } })));
    let address = uri::of_path(&folder.path().join("a.hook")).unwrap();
    let early =
        json!({ "textDocument": { "uri": address.as_str(), "version": 1 }, "contentChanges": [{ "text": "x" }] });
    assert!(notify(&session, "textDocument/didChange", early).is_err(), "it is not open");
    if seed.is_multiple_of(5) {
        open(&session, address.as_str(), "is opened twice");
    }
    open(&session, address.as_str(), START);
    let mut model = Model::new(START);
    let mut version = 1;
    for _ in 0..edits {
        let mut changes = Vec::new();
        for _ in 0..1 + random.below(3) / 2 {
            // What is short grows, so that there is always something to be wrong about.
            let is_short = model.0.len() < 600;
            let text = if is_short && random.below(2) == 0 { random.of(BLOCKS) } else { random.of(PIECES) };
            let lines = model.lines().len();
            let ((a, b), (c, d)) = (project_file(&mut random, lines), project_file(&mut random, lines));
            let is_small = is_short || random.below(8) > 0;
            let range =
                (random.below(300) > 0).then(|| if is_small { [a, b, a, b.saturating_add(2)] } else { [a, b, c, d] });
            model.replace(range, text, utf8);
            changes.push(match range {
                Some([a, b, c, d]) => {
                    let (start, end) = (json!({ "line": a, "character": b }), json!({ "line": c, "character": d }));
                    json!({ "range": { "start": start, "end": end }, "text": text })
                }
                None => json!({ "text": text }),
            });
        }
        version += i64::try_from(random.below(4)).unwrap() - 1;
        let document = json!({ "uri": address.as_str(), "version": version });
        notify(&session, "textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
            .unwrap();
        if random.below(10) == 0 {
            // Somebody asks in between.
            let state = session.snapshot();
            report(&state, &state.project_file(&address)).unwrap();
        }
    }
    compare(&session, &address, &model.text(), utf8, seed);
}

fn compare(session: &Session, address: &tower_lsp::ls_types::Uri, expected: &str, utf8: bool, seed: usize) {
    let state = session.snapshot();
    let project_file = state.project_file(address);
    assert_eq!(&**state.documents[&project_file].text.text(), expected, "seed {seed}");
    let published = report(&state, &project_file).unwrap().items;
    let project = state.projects[&project_file.project_id].settings.project.clone();
    let text: Arc<str> = Arc::from(expected);
    let sources = Sources::load(&["a.hook".to_owned()], project, &mut One(text.clone()));
    let found = hookc_compiler::findings(&sources);
    let model = Model::new(expected);
    let position = |offset: u32| {
        let units = expected[..offset as usize].encode_utf16().count();
        let lines = model.lines();
        let line = lines.iter().rposition(|(start, _)| *start <= units).unwrap();
        let before = String::from_utf16(&model.0[lines[line].0..units]).unwrap();
        json!({ "line": line, "character": if utf8 { before.len() } else { before.encode_utf16().count() } })
    };
    let expected: Vec<Value> = found
        .iter()
        .map(|found| {
            let help = found.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
            let severity = match found.severity {
                hookc_compiler::Severity::Error => 1,
                hookc_compiler::Severity::Warning => 2,
                hookc_compiler::Severity::Info => 3,
            };
            let span = found.span();
            json!({
                "range": { "start": position(span.start), "end": position(span.end) },
                "severity": severity,
                "code": found.code.id,
                "source": "hookc",
                "message": format!("{}{help}", found.message)
            })
        })
        .collect();
    assert_eq!(json!(published), json!(expected), "seed {seed}");
}

/// One file, and nothing else.
struct One(Arc<str>);

impl Loader for One {
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
        if path == "a.hook" { Ok(self.0.clone()) } else { Err(LoadError::NotFound) }
    }
}

#[test]
fn random_edits_end_in_the_model_s_text_and_the_compiler_s_diagnostics() {
    let folder = TempDir::new().unwrap();
    let (scripts, edits) = (number("HOOKC_SCRIPTS", 30), number("HOOKC_EDITS", 200));
    for seed in 1..=scripts {
        script(&folder, seed, edits);
    }
}
