//! `hookc man`: manual pages from the command line itself.

use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use crate::app;
use crate::atomic_write;
use crate::exit::{Exit, Failure, lower};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hookc man | man -l -
  hookc man -o ~/.local/share/man/man1";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write the pages of all commands into this folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let mut command = app::command();
    command.build();
    let Some(folder) = &args.output else {
        output.data(page(command)?.as_bytes())?;
        return Ok(Exit::CLEAN);
    };
    let names = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect::<Vec<_>>();
    let mut pages = vec![("hookc.1".to_owned(), page(command.clone())?)];
    for name in names {
        if let Some(sub) = command.find_subcommand(&name) {
            pages.push((format!("hookc-{name}.1"), page(sub.clone())?));
        }
    }
    for (file, text) in pages {
        let path = folder.join(file);
        atomic_write::overwrite(&path, &text).map_err(|error| Failure::file("write", &path, error))?;
    }
    Ok(Exit::CLEAN)
}

fn page(command: Command) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    // Without a date the pages are the same on every day.
    let man = Man::new(command).date("").source(format!("hookc {}", env!("CARGO_PKG_VERSION")));
    man.render(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot write the manual: {}", lower(&error.to_string()))))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
