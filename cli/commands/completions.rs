//! `hookc completions`: what a shell needs to complete the command line.

use clap_complete::Shell;

use crate::app;
use crate::exit::{Exit, Failure};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hookc completions bash > ~/.local/share/bash-completion/completions/hookc
  hookc completions fish > ~/.config/fish/completions/hookc.fish";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut app::command(), "hookc", &mut script);
    output.data(&script)?;
    Ok(Exit::CLEAN)
}
