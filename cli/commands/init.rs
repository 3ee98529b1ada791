//! `hookc init`: a small project that runs at once.

use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, Output};
use crate::root::FILE;
use crate::sanitise::one_line;
use crate::write;

const EXAMPLES: &str = "\
Examples:
  hookc init
  hookc init my-project && hookc run my-project/hello.hook";

/// The files, but the project's own.
const FILES: [(&str, &str); 2] = [("hello.hook", include_str!("init/hello.hook")), (".gitignore", ".hook/\n")];

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder; it is made where it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let project = format!("name = {}\n", toml_text(&name(folder)));
    let mut files = vec![(FILE, project.as_str())];
    files.extend(FILES);
    // Nothing is written where one of them is in the way; an ignore file of one's own may stay.
    let taken = files.iter().map(|(file, _)| *file).find(|file| *file != ".gitignore" && exists(&folder.join(file)));
    if let Some(file) = taken {
        return Err(Failure::new(format!("`{}` exists already; nothing was written", folder.join(file).display())));
    }
    let mut text = String::new();
    for (file, content) in files {
        let path = folder.join(file);
        if exists(&path) {
            continue;
        }
        write::create(&path, content).map_err(|error| Failure::file("write", &path, error))?;
        text.push_str(&format!("wrote {}\n", one_line(&tidy(&path).display().to_string())));
    }
    let first = tidy(&folder.join("hello.hook")).display().to_string();
    text.push_str(&format!("run it with: {BOLD}hookc run {}{BOLD:#}\n", one_line(&first)));
    output.print(&text)?;
    Ok(Exit::CLEAN)
}

/// A link to nowhere is in the way, too.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn tidy(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn name(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "project".to_owned())
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
