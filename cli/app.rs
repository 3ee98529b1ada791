//! The command line: its arguments and subcommands.

use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::commands::{check, compile, completions, eval, explain, fmt, graph, init, lsp, man, run, schema, test};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::sanitise::{is_hidden, many_lines};

const ABOUT: &str = "Checks, formats, compiles and runs .hook files: typed pipelines and the hooks on them";

const EXAMPLES: &str = "\
Examples:
  hookc init my-project          write a small project that runs
  hookc check                    check every .hook file below this folder
  hookc fmt                      format them
  hookc run nightly.hook         run a job
  hookc test                     run the tests of every .hook file below this folder
  hookc explain H0201            what a diagnostic means and how to fix it

Exit codes: 0 success, 1 the source has errors, 2 wrong usage or a file that cannot be read.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "hookc", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// When to use colour; `auto` depends on the terminal, NO_COLOR and CLICOLOR_FORCE
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, hide_possible_values = false)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report errors and lints in .hook files
    Check(check::Args),
    /// Format .hook files
    Fmt(fmt::Args),
    /// Write the plan of a file: everything resolved, as JSON or YAML
    Compile(compile::Args),
    /// Run a job on this machine
    Run(run::Args),
    /// Run the tests of hooks and jobs
    Test(test::Args),
    /// Evaluate one condition
    Eval(eval::Args),
    /// Draw the ops of a job, their dependencies and hooks
    Graph(graph::Args),
    /// Explain a diagnostic or a function
    Explain(explain::Args),
    /// Print the JSON Schema of what hookc writes
    Schema(schema::Args),
    /// Write a small project that runs
    Init(init::Args),
    /// Start the language server
    Lsp(lsp::Args),
    /// Print the completion script of a shell
    Completions(completions::Args),
    /// Print the manual page, or write one for each command
    Man(man::Args),
}

/// Reads the arguments and answers.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error).into(),
    };
    let mut output = Output::new(cli.color.choice());
    let exit = match cli.command.run(&mut output) {
        Ok(exit) => exit,
        Err(failure) => {
            // Where the failure cannot be written either, its exit code is all there is.
            let _ = output.failure(&failure);
            Exit::USAGE
        }
    };
    exit.into()
}

/// The command line as clap knows it, for manuals and completions.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

impl Command {
    fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self {
            Command::Check(args) => check::run(&args, output),
            Command::Fmt(args) => fmt::run(&args, output),
            Command::Compile(args) => compile::run(&args, output),
            Command::Run(args) => run::run(&args, output),
            Command::Test(args) => test::run(&args, output),
            Command::Eval(args) => eval::run(&args, output),
            Command::Graph(args) => graph::run(&args, output),
            Command::Explain(args) => explain::run(&args, output),
            Command::Schema(args) => schema::run(&args, output),
            Command::Init(args) => init::run(&args, output),
            Command::Lsp(args) => lsp::run(&args, output),
            Command::Completions(args) => completions::run(&args, output),
            Command::Man(args) => man::run(&args, output),
        }
    }
}

impl Color {
    fn choice(self) -> ColorChoice {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// Help, the version, or what is wrong with the arguments; these may hold escape characters themselves.
fn misused(error: &clap::Error) -> Exit {
    let mut output = Output::new(color_of(std::env::args()));
    let plain = error.render().to_string();
    let text = if plain.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t') {
        many_lines(&plain).into_owned()
    } else {
        error.render().ansi().to_string()
    };
    // If a stream cannot be written, only the exit code is left to report it.
    let _ = if error.use_stderr() { output.note(&text) } else { output.print(&text) };
    if error.use_stderr() { Exit::USAGE } else { Exit::CLEAN }
}

/// The colour asked for, read without the parser that has just failed.
fn color_of(args: impl Iterator<Item = String>) -> ColorChoice {
    let args: Vec<String> = args.collect();
    let value = args.iter().enumerate().find_map(|(index, arg)| match arg.strip_prefix("--color") {
        Some("") => args.get(index + 1).map(String::as_str),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    match value {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
