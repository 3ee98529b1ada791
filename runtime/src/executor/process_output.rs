//! Reads the output of a process: into its log, masked; the tail for messages; the last line for `result stdout`.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::watch;

use crate::secrets::{Patterns, Redactor};

const CHUNK: usize = 64 * 1024;
const TAIL: usize = 4 * 1024;
/// The maximum size of a log; what follows is read and dropped.
const LOG_LIMIT: u64 = 256 * 1024 * 1024;
/// The maximum size of the last line.
pub(super) const LINE_LIMIT: usize = 1024 * 1024;

/// What is left of a stream.
#[derive(Debug, Default)]
pub(super) struct Captured {
    /// The last 4 KiB, masked.
    pub(super) tail: Vec<u8>,
    /// The last line that is not blank, as it was printed; one byte over the limit when it is too long.
    pub(super) line: Vec<u8>,
}

/// Reads `stream` to its end, or until `cut` is set because nothing waits for it any more.
pub(super) async fn pump(
    stream: Option<impl AsyncRead + Unpin>,
    log: SharedLog,
    patterns: Patterns,
    mut cut: watch::Receiver<bool>,
) -> Captured {
    let Some(mut stream) = stream else {
        return Captured::default();
    };
    let mut pump = Pump::new(log, patterns);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = tokio::select! {
            read = stream.read(&mut chunk) => read,
            _ = cut.wait_for(|cut| *cut) => break,
        };
        match read {
            Ok(0) | Err(_) => break,
            Ok(length) => pump.take(chunk.get(..length).unwrap_or_default()),
        }
    }
    pump.end()
}

struct Pump {
    log: SharedLog,
    redactor: Redactor,
    masked: Vec<u8>,
    tail: Vec<u8>,
    line: LastLine,
}

impl Pump {
    fn new(log: SharedLog, patterns: Patterns) -> Pump {
        Pump { log, redactor: Redactor::new(patterns), masked: Vec::new(), tail: Vec::new(), line: LastLine::default() }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.line.take(chunk);
        self.redactor.push(chunk, &mut self.masked);
        self.pass_on();
    }

    fn pass_on(&mut self) {
        self.log.write(&self.masked);
        self.tail.extend_from_slice(&self.masked);
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        self.masked.clear();
    }

    fn end(mut self) -> Captured {
        self.redactor.finish(&mut self.masked);
        self.pass_on();
        Captured { tail: self.tail, line: self.line.last() }
    }
}

/// The log of an attempt, into which its streams are written.
#[derive(Clone)]
pub(super) struct SharedLog(Arc<Mutex<Log>>);

impl SharedLog {
    pub(super) fn new(path: PathBuf) -> SharedLog {
        SharedLog(Arc::new(Mutex::new(Log::new(path))))
    }

    fn write(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes);
    }

    /// Why the log is not complete.
    pub(super) fn error(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).error.clone()
    }
}

/// A log file. It is created when the first byte arrives.
struct Log {
    path: PathBuf,
    file: Option<File>,
    written: u64,
    error: Option<String>,
}

impl Log {
    fn new(path: PathBuf) -> Log {
        Log { path, file: None, written: 0, error: None }
    }

    fn write(&mut self, bytes: &[u8]) {
        if bytes.is_empty() || self.error.is_some() || self.written >= LOG_LIMIT {
            return;
        }
        if let Err(error) = self.append(bytes) {
            self.error = Some(format!("the log {} is not complete: {error}", self.path.display()));
        }
    }

    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(OpenOptions::new().create(true).append(true).open(&self.path)?),
        };
        let room = usize::try_from(LOG_LIMIT - self.written).unwrap_or(usize::MAX);
        let kept = bytes.get(..room).unwrap_or(bytes);
        file.write_all(kept)?;
        self.written += kept.len() as u64;
        if kept.len() < bytes.len() {
            file.write_all(b"\n[hookc: the log ends here, at 256 MiB]\n")?;
            self.written = LOG_LIMIT;
        }
        Ok(())
    }
}

/// Follows the last line that is not blank.
#[derive(Default)]
pub(crate) struct LastLine {
    last: Vec<u8>,
    open: Vec<u8>,
}

impl LastLine {
    pub(crate) fn take(&mut self, chunk: &[u8]) {
        for (number, part) in chunk.split(|byte| *byte == b'\n').enumerate() {
            if number > 0 {
                self.close();
            }
            let room = (LINE_LIMIT + 1).saturating_sub(self.open.len());
            self.open.extend_from_slice(part.get(..room).unwrap_or(part));
        }
    }

    fn close(&mut self) {
        if self.open.iter().any(|byte| !byte.is_ascii_whitespace()) {
            std::mem::swap(&mut self.last, &mut self.open);
        }
        self.open.clear();
    }

    pub(crate) fn last(mut self) -> Vec<u8> {
        self.close();
        self.last
    }
}
