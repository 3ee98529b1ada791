//! `hookc init`: a small project with a job, hooks, profiles and tests.

mod templates;

use std::path::{Path, PathBuf};

use crate::atomic_write;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Output};
use crate::project_root::FILE;
use crate::sanitise::one_line;
use templates::Template;

const EXAMPLES: &str = "\
Examples:
  hookc init
  hookc init my-project && cd my-project && hookc run hello.hook
  hookc init my-project --template python    steps in Python
  hookc init my-project --template agent     an agent with typed gates, covered by tests
  hookc init my-project --template ci        with checks for GitHub and pre-commit

Existing files are never overwritten: if one is in the way, nothing is written.";

/// What keeps the records of runs out of git.
const IGNORE_FILE: &str = ".gitignore";
const IGNORED: &str = ".hook/";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder; created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The kind of project
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Template::Shell)]
    template: Template,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let files = files(folder, args.template);
    refuse_taken(folder, &files)?;
    let mut text = String::new();
    for (file, content) in &files {
        let path = folder.join(file);
        let shown = shown(&path);
        if exists(&path) {
            text.push_str(&format!("kept {shown}{}\n", ignore_hint(&path)));
            continue;
        }
        atomic_write::create(&path, content).map_err(|error| Failure::file("write", &path, error))?;
        text.push_str(&format!("wrote {shown}\n"));
    }
    text.push_str(&next(folder, args.template));
    output.print(&text)?;
    Ok(Exit::CLEAN)
}

/// All files of the project, by their paths in it.
fn files(folder: &Path, template: Template) -> Vec<(&'static str, String)> {
    let project = format!("name = {}\ndefault_profile = \"dev\"\n", toml_text(&name(folder)));
    let mut files = vec![(FILE, project)];
    files.extend(template.files().iter().map(|(file, text)| (*file, (*text).to_owned())));
    files.push((IGNORE_FILE, format!("{IGNORED}\n")));
    files
}

/// Nothing is written where one of the files is in the way; an ignore file of one's own may stay.
fn refuse_taken(folder: &Path, files: &[(&str, String)]) -> Result<(), Failure> {
    let mut names = files.iter().map(|(file, _)| *file).filter(|file| *file != IGNORE_FILE);
    let Some(taken) = names.find(|file| exists(&folder.join(file))) else {
        return Ok(());
    };
    Err(Failure::new(format!("`{}` exists already; nothing was written", folder.join(taken).display())))
}

/// What an ignore file that was there lacks.
fn ignore_hint(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let ignored = text.lines().any(|line| matches!(line.trim(), ".hook" | ".hook/" | "/.hook" | "/.hook/"));
    if ignored { String::new() } else { format!("; add `{IGNORED}` to it: runs are recorded there") }
}

/// The commands to go on with.
fn next(folder: &Path, template: Template) -> String {
    let mut commands = vec![("hookc test".to_owned(), "play the tests: nothing is executed")];
    commands.extend(template.next().iter().map(|(command, comment)| ((*command).to_owned(), *comment)));
    if folder != Path::new(".") {
        commands.insert(0, (format!("cd {}", shell_text(&one_line(&folder.display().to_string()))), ""));
    }
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\nnext:\n");
    for (command, comment) in commands {
        let space = " ".repeat(width - command.chars().count() + 2);
        let comment = if comment.is_empty() { String::new() } else { format!("{space}{DIM}# {comment}{DIM:#}") };
        text.push_str(&format!("  {BOLD}{command}{BOLD:#}{comment}\n"));
    }
    for line in template.notes() {
        text.push_str(&format!("\n{line}\n"));
    }
    text
}

/// A link to nowhere is in the way, too.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    one_line(&path.display().to_string()).into_owned()
}

fn name(folder: &Path) -> String {
    // The folder may not exist yet, and may be written as `..` or `.`.
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let real = absolute.canonicalize().unwrap_or(absolute);
    real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "project".to_owned())
}

/// A word as a shell takes it.
fn shell_text(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ',' | '=' | '@');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    let dash = if text.starts_with('-') { "./" } else { "" };
    format!("'{dash}{}'", text.replace('\'', r"'\''"))
}

/// A text in double quotes, as TOML takes it.
fn toml_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}
