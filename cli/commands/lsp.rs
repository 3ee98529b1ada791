//! `hookc lsp`: the language server, on standard input and output.

use hookc_lsp::Ending;

use crate::exit::{Exit, Failure, lower};
use crate::output::Output;
use crate::sanitise::one_line;

const EXAMPLES: &str = "\
Examples:
  hookc lsp                      started by an editor

Exit codes: 0 after `shutdown` and `exit`, 1 when the client closed the connection without `shutdown` or sent an invalid message.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Communicate over standard input and output: always the case, some clients pass it
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(crate) fn run(_: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let ending = hookc_lsp::serve(std::io::stdin(), std::io::stdout())
        .map_err(|error| Failure::new(format!("cannot start: {}", lower(&error.to_string()))))?;
    match ending {
        Ending::AfterShutdown => Ok(Exit::CLEAN),
        Ending::WithoutShutdown => Ok(Exit::FOUND),
        Ending::Broken(reason) => {
            output.note(&format!("error: the client's messages cannot be read: {}\n", one_line(&reason)))?;
            Ok(Exit::FOUND)
        }
    }
}
