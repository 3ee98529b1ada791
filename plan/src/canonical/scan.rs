//! The checks of a plan's text before it is read: nesting and duplicate keys.
//!
//! One pass without recursion, so no input can use up the stack. Whether the text is JSON at all is left to the
//! reader that follows; this pass only has to be right about texts that are.

use std::collections::HashSet;

use super::{MAX_JSON_DEPTH, PlanError};

/// Refuses a text that is nested too deeply or has a key twice in one object.
pub(super) fn scan(bytes: &[u8]) -> Result<(), PlanError> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' | b'[' if open.len() == MAX_JSON_DEPTH => return Err(PlanError::TooDeep),
            b'{' => open.push(Open::Object { keys: HashSet::new(), at_key: true }),
            b'[' => open.push(Open::Array),
            b'}' | b']' => {
                open.pop();
            }
            b',' => set_at_key(&mut open, true),
            b':' => set_at_key(&mut open, false),
            b'"' => {
                let (text, after) = rest.split_at_checked(text_length(rest)).unwrap_or((rest, &[]));
                rest = after.get(1..).unwrap_or_default();
                key(&mut open, text)?;
            }
            _ => {}
        }
    }
    Ok(())
}

enum Open<'a> {
    Array,
    Object { keys: HashSet<std::borrow::Cow<'a, [u8]>>, at_key: bool },
}

fn set_at_key(open: &mut [Open<'_>], value: bool) {
    if let Some(Open::Object { at_key, .. }) = open.last_mut() {
        *at_key = value;
    }
}

fn text_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let end = bytes.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(bytes.len())
}

fn key<'a>(open: &mut [Open<'a>], text: &'a [u8]) -> Result<(), PlanError> {
    let Some(Open::Object { keys, at_key: true }) = open.last_mut() else {
        return Ok(());
    };
    if keys.insert(unescaped(text)) {
        return Ok(());
    }
    Err(PlanError::Duplicate(String::from_utf8_lossy(&unescaped(text)).into_owned()))
}

/// The key itself: one key can be written in several ways.
fn unescaped(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return text.into();
    }
    let quoted = [b"\"", text, b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(key) => key.into_bytes().into(),
        Err(_) => text.into(),
    }
}

/// A reader's error in our words.
pub(super) fn explain(error: &serde_json::Error) -> PlanError {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default().to_owned();
    PlanError::Shape { line: error.line(), column: error.column(), message }
}
