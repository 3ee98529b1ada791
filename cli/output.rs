//! The two streams, with colour where it is wanted and a quiet end when the reader has gone.
//!
//! A broken pipe closes its stream: what follows is dropped and the command goes on, so that its exit code stays true.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::exit::Failure;

/// The width of text where no terminal says another.
pub(crate) const WIDTH: usize = 80;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();

/// The two streams of a command.
pub(crate) struct Output {
    choice: ColorChoice,
    out_closed: bool,
    err_closed: bool,
}

/// One of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

impl Output {
    pub(crate) fn new(choice: ColorChoice) -> Output {
        Output { choice, out_closed: false, err_closed: false }
    }

    /// Text for people on standard output; its styles are dropped where colour is off.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.write(Stream::Out, text)
    }

    /// Text for people on standard error.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), Failure> {
        self.write(Stream::Err, text)
    }

    /// Data for other programs, byte for byte.
    pub(crate) fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.out_closed {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        let result = stdout.write_all(bytes).and_then(|()| stdout.flush());
        settle(result, &mut self.out_closed)
    }

    /// One line of the form `error: …` on standard error, and its help.
    pub(crate) fn failure(&mut self, failure: &Failure) -> Result<(), Failure> {
        let mut text = format!("{RED}error{RED:#}: {}\n", failure.message);
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {CYAN}help{CYAN:#}: {help}\n"));
        }
        self.note(&text)
    }

    /// One line of the form `warning: …` on standard error; `message` is already safe to print.
    pub(crate) fn warning(&mut self, message: &str) -> Result<(), Failure> {
        self.note(&format!("{YELLOW}warning{YELLOW:#}: {message}\n"))
    }

    pub(crate) fn write(&mut self, stream: Stream, text: &str) -> Result<(), Failure> {
        match stream {
            Stream::Out if self.out_closed => Ok(()),
            Stream::Err if self.err_closed => Ok(()),
            Stream::Out => {
                let mut stdout = AutoStream::new(io::stdout(), self.choice).lock();
                let result = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
                settle(result, &mut self.out_closed)
            }
            Stream::Err => {
                let mut stderr = AutoStream::new(io::stderr(), self.choice).lock();
                let result = stderr.write_all(text.as_bytes());
                settle(result, &mut self.err_closed)
            }
        }
    }

    /// Whether styles reach the stream.
    pub(crate) fn colored(&self, stream: Stream) -> bool {
        let choice = match (self.choice, stream) {
            (ColorChoice::Auto, Stream::Out) => AutoStream::choice(&io::stdout()),
            (ColorChoice::Auto, Stream::Err) => AutoStream::choice(&io::stderr()),
            (choice, _) => choice,
        };
        choice != ColorChoice::Never
    }

    /// Whether a person reads the stream.
    pub(crate) fn is_terminal(&self, stream: Stream) -> bool {
        match stream {
            Stream::Out => io::stdout().is_terminal(),
            Stream::Err => io::stderr().is_terminal(),
        }
    }
}

fn settle(result: io::Result<()>, closed: &mut bool) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            *closed = true;
            Ok(())
        }
        Err(error) => Err(Failure::new(format!("cannot write: {}", crate::exit::lower(&error.to_string())))),
    }
}
