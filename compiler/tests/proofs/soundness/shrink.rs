//! A failing program made small: expressions written as nearly nothing, then lines left out, as long as it fails.

use super::program::{PLAIN, Program};
use super::{Judge, faults, lowered};

/// The first fault of a text that is accepted.
fn fails(text: &str, profile: Option<&str>, seed: u64) -> Option<String> {
    let plan = lowered(text, profile).ok()?;
    let judge: Judge = faults(&plan, seed);
    judge.faults.into_iter().next()
}

/// The smallest text found that fails, and how.
pub(super) fn shrunk(mut program: Program, seed: u64) -> (String, String) {
    let profile = program.profile;
    let (mut text, sites) = program.text();
    let mut fault = fails(&text, profile, seed).unwrap_or_default();
    for site in 0..sites.len() {
        let before = program.form(site);
        program.set_form(site, PLAIN);
        let (shorter, _) = program.text();
        match fails(&shorter, profile, seed) {
            Some(found) => (text, fault) = (shorter, found),
            None => program.set_form(site, before),
        }
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut chunk = lines.len() / 2;
    while chunk > 0 {
        let mut from = 0;
        while from < lines.len() {
            let to = (from + chunk).min(lines.len());
            let kept: Vec<String> = lines[..from].iter().chain(&lines[to..]).cloned().collect();
            match fails(&kept.join("\n"), profile, seed) {
                Some(found) => (lines, fault) = (kept, found),
                None => from += 1,
            }
        }
        chunk /= 2;
    }
    (lines.join("\n"), fault)
}
