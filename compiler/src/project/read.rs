//! Reads the text of `hook.toml` into a [`Project`], key by key.
//!
//! Takes TOML's own rules from the `toml` crate, which goes on after a mistake; decides which keys there are and what each takes.

use std::collections::BTreeMap;
use std::ops::Range;

use hookc_grammar::Span;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Guarantee, Level, Project, ProjectError, Target, is_lint};
use crate::diagnostics::{ALL, Code, did_you_mean};
use crate::sources::{BadPath, resolve};

/// The keys of the file's top level.
const KEYS: [&str; 7] = ["name", "default_profile", "python", "use", "lints", "queues", "targets"];

type Value<'a> = Spanned<DeValue<'a>>;
type Key<'a> = Spanned<DeString<'a>>;

pub(super) fn read(text: &str) -> (Project, Vec<ProjectError>) {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { at: text.len() - body.len(), errors: Vec::new() };
    let (table, broken) = DeTable::parse_recoverable(body);
    for error in broken {
        let span = reader.span(error.span().unwrap_or(0..0));
        reader.errors.push(ProjectError { span, message: one_line(error.message()), help: None });
    }
    let broken_toml = !reader.errors.is_empty();
    let project = reader.project(table.get_ref());
    if broken_toml {
        // What TOML cannot read leaves odd values, so only its own errors are reported.
        reader.errors.retain(|error| error.help.is_none());
    }
    reader.errors.sort_by_key(|error| error.span);
    (project, reader.errors)
}

struct Reader {
    /// The length in bytes of the byte-order mark before the TOML text.
    at: usize,
    errors: Vec<ProjectError>,
}

impl Reader {
    fn project(&mut self, table: &DeTable<'_>) -> Project {
        let mut project = Project::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => project.name = self.text(value, "name").unwrap_or_default(),
                "default_profile" => project.default_profile = self.text(value, "default_profile"),
                "python" => project.python = self.text(value, "python"),
                "use" => (project.uses, project.use_spans) = self.uses(value).into_iter().unzip(),
                "lints" => project.lints = self.lints(value),
                "queues" => project.queues = self.queues(value),
                "targets" => project.targets = self.targets(value),
                _ => self.unknown(key, "key", &KEYS),
            }
        }
        project
    }

    fn uses(&mut self, value: &Value<'_>) -> Vec<(String, Span)> {
        let mut paths = Vec::new();
        for (path, span) in self.texts(value, "use", "`use = [\"./alerts\"]`") {
            match resolve("", &path) {
                Ok(_) => paths.push((path, self.span(span))),
                Err(BadPath::Outside) => self.error(
                    span,
                    format!("`{path}` is outside the project's folder"),
                    "use a file inside the folder of `hook.toml`",
                ),
                Err(BadPath::NotRelative) => {
                    self.error(span, format!("`{path}` is not a valid path"), format!("write `./{path}`"))
                }
                Err(BadPath::NoSuchLibrary) => self.error(
                    span,
                    format!("the library has no file `{path}`"),
                    "begin the path of your own file with `./`",
                ),
            }
        }
        paths
    }

    fn lints(&mut self, value: &Value<'_>) -> BTreeMap<Code, Level> {
        let mut lints = BTreeMap::new();
        for (key, value) in self.table(value, "lints", "a table of lints: `[lints]`") {
            let name = key.get_ref().as_ref();
            let Some(code) = Code::find(name) else {
                let names = ALL.iter().filter(|code| is_lint(**code)).flat_map(|code| [code.id, code.name]);
                let help = did_you_mean(name, names)
                    .unwrap_or_else(|| "run `hookc explain` for a list of all codes".to_owned());
                self.error(key.span(), format!("unknown lint `{name}`"), help);
                continue;
            };
            if !is_lint(code) {
                self.error(
                    key.span(),
                    format!("`{name}` is an error, and only the level of a lint can be changed"),
                    "remove the line and fix the error",
                );
                continue;
            }
            let level = self.word(value, name, &Level::ALL.map(|level| (level.word(), level)));
            lints.extend(level.map(|level| (code, level)));
        }
        lints
    }

    fn queues(&mut self, value: &Value<'_>) -> BTreeMap<String, u32> {
        let mut queues = BTreeMap::new();
        for (key, value) in self.table(value, "queues", "a table with an integer for each queue: `[queues]`") {
            match integer(value.get_ref()).and_then(|width| u32::try_from(width).ok()).filter(|width| *width > 0) {
                Some(width) => {
                    queues.insert(key.get_ref().to_string(), width);
                }
                None => self.wrong(value, key.get_ref(), "an integer of at least 1"),
            }
        }
        queues
    }

    fn targets(&mut self, value: &Value<'_>) -> BTreeMap<String, Target> {
        let mut targets = BTreeMap::new();
        for (key, value) in self.table(value, "targets", "a table for each engine: `[targets.airflow]`") {
            let mut target = Target::default();
            for (setting, value) in self.table(value, key.get_ref(), "a table") {
                match setting.get_ref().as_ref() {
                    "require" => target.require = self.guarantees(value),
                    _ => self.unknown(setting, "key", &["require"]),
                }
            }
            targets.insert(key.get_ref().to_string(), target);
        }
        targets
    }

    fn guarantees(&mut self, value: &Value<'_>) -> Vec<Guarantee> {
        let mut found = Vec::new();
        for (word, span) in self.texts(value, "require", "`require = [\"delivery\"]`") {
            match Guarantee::ALL.into_iter().find(|guarantee| guarantee.word() == word) {
                Some(guarantee) => found.push(guarantee),
                None => {
                    let words = Guarantee::ALL.map(Guarantee::word);
                    let help = did_you_mean(&word, words)
                        .unwrap_or_else(|| format!("available guarantees: {}", listed(&words)));
                    self.error(span, format!("unknown guarantee `{word}`"), help);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn word<T: Copy>(&mut self, value: &Value<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(value, key, &listed(&names));
            return None;
        };
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let help = did_you_mean(text, names.iter().copied()).unwrap_or_else(|| format!("use {}", listed(&names)));
            self.error(value.span(), format!("unknown value `{text}` for `{key}`"), help);
        }
        found
    }

    fn text(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        match value.get_ref().as_str() {
            Some("") => {
                self.error(value.span(), format!("`{key}` is empty"), "write a string or remove the line");
                None
            }
            Some(text) => Some(text.to_owned()),
            None => {
                self.wrong(value, key, "a string");
                None
            }
        }
    }

    fn texts(&mut self, value: &Value<'_>, key: &str, wanted: &str) -> Vec<(String, Range<usize>)> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(value, key, &format!("a list: {wanted}"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self.wrong(item, key, &format!("strings: {wanted}")),
            }
        }
        texts
    }

    fn table<'a, 'v>(&mut self, value: &'a Value<'v>, key: &str, wanted: &str) -> Vec<(&'a Key<'v>, &'a Value<'v>)> {
        match value.get_ref().as_table() {
            Some(table) => table.iter().collect(),
            None => {
                self.wrong(value, key, wanted);
                Vec::new()
            }
        }
    }

    fn wrong(&mut self, value: &Value<'_>, key: &str, wanted: &str) {
        self.error(
            value.span(),
            format!("wrong type for `{key}`: found {}", kind(value.get_ref())),
            format!("use {wanted}"),
        );
    }

    fn unknown(&mut self, key: &Key<'_>, what: &str, names: &[&str]) {
        let name = key.get_ref();
        let help =
            did_you_mean(name, names.iter().copied()).unwrap_or_else(|| format!("available keys: {}", listed(names)));
        self.error(key.span(), format!("unknown {what} `{name}` in `hook.toml`"), help);
    }

    fn error(&mut self, range: Range<usize>, message: String, help: impl Into<String>) {
        let span = self.span(range);
        self.errors.push(ProjectError { span, message, help: Some(help.into()) });
    }

    fn span(&self, range: Range<usize>) -> Span {
        let number = |offset: usize| u32::try_from(offset + self.at).unwrap_or(u32::MAX);
        Span::new(number(range.start), number(range.end))
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// `a`, `b` or `c`
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}
