//! The forms in which a secret is likely to be printed.
//!
//! These are: raw, as a JSON string (plain and ASCII), percent-encoded, hexadecimal, and base64 at each of the three
//! positions that a secret can have in the encoded text. Each line of a secret with several lines counts too, if it has at
//! least 8 bytes. Other encodings are not masked.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

/// Masking anything shorter would mask half of a log.
pub(crate) const SHORTEST: usize = 4;
const SHORTEST_LINE: usize = 8;

/// Every form of `secret` that is masked, sorted.
pub(crate) fn masked_forms(secret: &str) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::new();
    encodings(secret, &mut all);
    let trimmed = secret.trim();
    if trimmed != secret {
        encodings(trimmed, &mut all);
    }
    for line in secret.lines().filter(|line| line.len() >= SHORTEST_LINE) {
        encodings(line, &mut all);
    }
    all.retain(|form| form.len() >= SHORTEST);
    all
}

fn encodings(text: &str, all: &mut BTreeSet<Vec<u8>>) {
    if text.len() < SHORTEST {
        return;
    }
    let bytes = text.as_bytes();
    all.insert(bytes.to_vec());
    all.insert(json(text, false));
    all.insert(json(text, true));
    for upper in [false, true] {
        all.insert(percent(bytes, upper, false));
        all.insert(percent(bytes, upper, true));
        all.insert(hex(bytes, upper));
    }
    for shift in 0..3 {
        let core = base64_core(bytes, shift);
        all.insert(
            core.iter()
                .map(|c| {
                    if *c == b'+' {
                        b'-'
                    } else if *c == b'/' {
                        b'_'
                    } else {
                        *c
                    }
                })
                .collect(),
        );
        all.insert(core);
    }
}

fn json(text: &str, ascii: bool) -> Vec<u8> {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if ascii && !c.is_ascii() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.into_bytes()
}

fn percent(bytes: &[u8], upper: bool, form: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte);
        } else if form && byte == b' ' {
            out.push(b'+');
        } else if upper {
            out.extend(format!("%{byte:02X}").bytes());
        } else {
            out.extend(format!("%{byte:02x}").bytes());
        }
    }
    out
}

fn hex(bytes: &[u8], upper: bool) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }.into_bytes())
        .collect()
}

/// The characters of the base64 form that depend on the secret alone when `shift` bytes stand before it in its group.
fn base64_core(bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    let encoded = BASE64_STANDARD_NO_PAD.encode(&padded).into_bytes();
    let from = [0, 2, 3].get(shift).copied().unwrap_or(0);
    let until = encoded.len() - usize::from(!padded.len().is_multiple_of(3));
    encoded.get(from..until).unwrap_or_default().to_vec()
}
