//! The editor is told what the command line tells: file by file, and after any edits.

use hookc_compiler::ide::World;
use hookc_compiler::{Diagnostic, Project};

use crate::project::{fixtures, sources, split, world};

/// What is told of each file, in words that do not depend on numbers of files.
fn of_world(world: &World, files: &[(&str, &str)]) -> Vec<String> {
    let path = |file| world.path_of(file).to_string();
    let mut told = Vec::new();
    for (file, _) in files {
        told.extend(world.findings(file).iter().map(|finding| line(finding, &path)));
    }
    told.sort();
    told
}

fn of_check(project: &Project, files: &[(&str, &str)]) -> Vec<String> {
    let sources = sources(project, files);
    let path = |file| sources.file(file).path.clone();
    let mut told: Vec<String> = hookc_compiler::findings(&sources).iter().map(|finding| line(finding, &path)).collect();
    told.sort();
    told
}

fn line(finding: &Diagnostic, path: &dyn Fn(hookc_compiler::FileId) -> String) -> String {
    let labels: Vec<String> = finding
        .labels
        .iter()
        .map(|label| format!("{} {:?} {}", path(label.place.file), label.place.span, label.text))
        .collect();
    let fixes: Vec<String> = finding
        .fixes
        .iter()
        .flat_map(|fix| fix.edits.iter().map(|edit| format!("{} {:?} {}", path(edit.file), edit.span, edit.text)))
        .collect();
    format!(
        "{} {:?} {} {:?} {} {:?} {labels:?} {fixes:?}",
        path(finding.file()),
        finding.span(),
        finding.code.id,
        finding.severity,
        finding.message,
        finding.help,
    )
}

#[test]
fn every_fixture_is_told_alike() {
    for (name, files) in fixtures() {
        let (project, files) = split(&files);
        assert_eq!(of_world(&world(&project, &files), &files), of_check(&project, &files), "{}", name.display());
    }
}

#[test]
fn edits_in_any_file_are_told_alike() {
    for (name, files) in fixtures().into_iter().filter(|(_, files)| files.len() > 1) {
        let (project, files) = split(&files);
        let mut files: Vec<(&str, String)> = files.into_iter().map(|(path, text)| (path, text.to_owned())).collect();
        let now: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let mut world = world(&project, &now);
        for step in 0..files.len() * 3 {
            let (index, turn) = (step % files.len(), step / files.len());
            // Each declaration in turn loses a letter of its name: what imports it must hear of that.
            let text = &mut files[index].1;
            let places =
                ["job ", "component "].map(|word| text.match_indices(word).map(|(at, _)| at).collect::<Vec<_>>());
            let Some(at) = places.concat().get(turn).copied() else { continue };
            let behind = at + text[at..].find(' ').unwrap() + 1;
            if text[behind..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                text.replace_range(behind..=behind, "q");
            }
            let (path, text) = (files[index].0, files[index].1.clone());
            world = world.with_file(path, Ok(text.into()), true);
            let now: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
            assert_eq!(of_world(&world, &now), of_check(&project, &now), "{} step {step}", name.display());
        }
    }
}

/// What is checked again after a key is what the key may have changed: the rest must be as a fresh check has it.
#[test]
fn typing_is_told_as_a_fresh_check_tells_it() {
    let mut random = Random(std::env::var("HOOKC_SEED").map_or(7, |seed| seed.parse().unwrap()));
    for (name, files) in fixtures() {
        let (project, files) = split(&files);
        let mut files: Vec<(&str, String)> = files.into_iter().map(|(path, text)| (path, text.to_owned())).collect();
        let now: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let mut world = world(&project, &now);
        let mut steps: Vec<String> = Vec::new();
        for _ in 0..12 {
            let index = random.below(files.len());
            let text = &mut files[index].1;
            if text.is_empty() {
                continue;
            }
            steps.push(edit(text, &mut random));
            let (path, text) = (files[index].0, files[index].1.clone());
            world = world.with_file(path, Ok(text.into()), true);
            for missing in world.missing() {
                world = world.with_file(&missing, Err(hookc_compiler::LoadError::NotFound), false);
            }
            let now: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
            assert_eq!(
                of_world(&world, &now),
                of_check(&project, &now),
                "{} after {steps:#?}\n{}",
                name.display(),
                files[index].1
            );
        }
    }
}

/// A change as people make it: a key, a line gone or doubled, a word for another; said in words.
fn edit(text: &mut String, random: &mut Random) -> String {
    let mut at = random.below(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    match random.below(5) {
        0 => {
            let key = ["=", "x", "{", "}", "\"", " ", "\n", "(", ".", "// "][random.below(10)];
            text.insert_str(at, key);
            format!("{key:?} at {at}")
        }
        1 => format!("without {:?} at {at}", text.remove(at)),
        2 => {
            let (start, end) = line_at(text, at);
            let line = text[start..end].to_owned();
            text.replace_range(start..end, "");
            format!("without the line {line:?}")
        }
        3 => {
            let (start, end) = line_at(text, at);
            let line = text[start..end].to_owned();
            text.insert_str(end, &line);
            format!("the line {line:?} twice")
        }
        _ => {
            let words: Vec<(usize, String)> = text
                .match_indices(|c: char| !c.is_alphanumeric() && c != '_')
                .map(|(at, gap)| at + gap.len())
                .filter_map(|at| {
                    let word: String = text[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    (!word.is_empty()).then_some((at, word))
                })
                .collect();
            if words.len() < 2 {
                return "nothing".to_owned();
            }
            let (from, to) = (words[random.below(words.len())].clone(), words[random.below(words.len())].1.clone());
            text.replace_range(from.0..from.0 + from.1.len(), &to);
            format!("{} for {} at {}", to, from.1, from.0)
        }
    }
}

/// The line around a byte, with its end.
fn line_at(text: &str, at: usize) -> (usize, usize) {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1);
    (start, end)
}

/// A generator of numbers that a seed decides (xorshift64*, Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}
