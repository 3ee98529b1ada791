//! The comments by which a fixture says what is found in it.
//!
//! ```text
//!   op fit = trian()
//!   //       ^^^^^ H0205
//! ```
//!
//! Carets stand below the text they mean. Where a comment cannot reach (the first two columns, an empty place, several
//! lines) the columns are written out, the end exclusive: `//@ 1..4 H0001`, `//@ 9..+2:4 H0003` (two lines further down).
//! Annotations below each other belong to the same line. In `hook.toml` they begin with `#`.

use super::program::Found;

/// What the annotations of a file say, and its number of lines that are none.
pub(crate) fn read(path: &str, text: &str) -> Vec<Found> {
    let sign = if path.ends_with(".toml") { "#" } else { "//" };
    let mut above = 0;
    let mut expected = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match annotation(line, sign) {
            Some((start, down, end, code)) => expected.push(Found {
                file: path.to_owned(),
                start: (above, start),
                end: (if down == 0 { above } else { above + down }, end),
                code,
            }),
            None => above = index + 1,
        }
    }
    expected.sort();
    expected
}

/// Column, lines down, column of the end, code.
fn annotation(line: &str, sign: &str) -> Option<(usize, usize, usize, String)> {
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let rest = line.trim_start().strip_prefix(sign)?;
    if let Some(written) = rest.strip_prefix("@ ") {
        let (place, code) = written.split_once(' ')?;
        let (start, end) = place.split_once("..")?;
        let (down, end) = match end.strip_prefix('+') {
            Some(end) => end.split_once(':')?,
            None => ("0", end),
        };
        return Some((start.parse().ok()?, down.parse().ok()?, end.parse().ok()?, code.trim_end().to_owned()));
    }
    let spaces = rest.chars().take_while(|c| *c == ' ').count();
    let carets = rest.trim_start().chars().take_while(|c| *c == '^').count();
    let code = rest.trim_start().trim_start_matches('^').trim();
    let is_code = code.len() == 5 && code.starts_with('H') && code[1..].bytes().all(|b| b.is_ascii_digit());
    let start = indent + sign.len() + spaces + 1;
    (carets > 0 && is_code).then(|| (start, 0, start + carets, code.to_owned()))
}

/// The text without its annotations.
pub(crate) fn without(path: &str, text: &str) -> String {
    let sign = if path.ends_with(".toml") { "#" } else { "//" };
    text.split_inclusive('\n').filter(|line| annotation(line.trim_end(), sign).is_none()).collect()
}
