//! Secrets are masked however a stream is cut.

use crate::secrets::encodings::masked_forms;
use crate::secrets::{Patterns, Redactor};

const SECRETS: [&str; 6] = ["abab", "ababc", "bcab", "cdef\"x", "line one secret\nline two secret", "pässwörd€"];

fn patterns() -> Patterns {
    Patterns::new(SECRETS.iter().flat_map(|secret| masked_forms(secret))).unwrap()
}

#[test]
fn every_cut_gives_the_same_text_and_leaves_nothing() {
    let words =
        ["a", "b", "c", "d", "\"", "cdef\\\"x", "abab", "pässwörd€", "line one secret\n", "6162", "YWJhYg", "%22"];
    let patterns = patterns();
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..20_000 {
        let text: String = (0..random(14)).map(|_| words[random(words.len())]).collect();
        let whole = patterns.mask(&text);
        let mut redactor = Redactor::new(patterns.clone());
        let mut out = Vec::new();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (now, later) = rest.split_at((1 + random(5)).min(rest.len()));
            redactor.push(now, &mut out);
            rest = later;
        }
        redactor.finish(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), whole, "{text:?}");
        for part in whole.split("***") {
            assert!(!patterns.found_in(part.as_bytes()), "{text:?} left {part:?}");
        }
    }
}

#[test]
fn encodings_are_masked() {
    let patterns = Patterns::new(masked_forms("s3cr3t/+ \"key\"")).unwrap();
    for text in ["s3cr3t/+ \"key\"", "s3cr3t/+ \\\"key\\\"", "s3cr3t%2F%2B%20%22key%22", "s3cr3t%2f%2b+%22key%22"] {
        assert_eq!(patterns.mask(&format!("a {text} b")), "a *** b");
    }
    for before in ["", "x", "xy"] {
        let encoded = {
            use base64::Engine as _;
            base64::prelude::BASE64_STANDARD.encode(format!("{before}s3cr3t/+ \"key\"zz"))
        };
        assert!(patterns.mask(&encoded).contains("***"), "{encoded}");
    }
}

/// A text of one letter is full of prefixes and suffixes of itself.
#[test]
fn a_long_secret_of_one_letter_takes_no_longer_than_its_text() {
    let secret = "a".repeat(64 * 1024);
    let patterns = Patterns::new(masked_forms(&secret)).unwrap();
    let began = std::time::Instant::now();
    let mut redactor = Redactor::new(patterns.clone());
    let mut out = Vec::new();
    // Three times almost a secret, then one and a half, byte by byte.
    for text in [&secret[1..], "b", &secret[1..], "b", &secret[1..], "b", &secret, &secret[..1000], "end"] {
        text.as_bytes().iter().for_each(|byte| redactor.push(&[*byte], &mut out));
    }
    redactor.finish(&mut out);
    let almost = format!("{}b", &secret[1..]);
    assert!(String::from_utf8(out).unwrap() == format!("{almost}{almost}{almost}***end"));
    assert_eq!(patterns.mask(&format!("x{secret}x{}", "61".repeat(64 * 1024))), "x***x***");
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}
