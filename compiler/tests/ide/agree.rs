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
    let labels: Vec<String> =
        finding.labels.iter().map(|label| format!("{} {:?} {}", path(label.file), label.span, label.text)).collect();
    let fixes: Vec<String> = finding
        .fixes
        .iter()
        .flat_map(|fix| fix.edits.iter().map(|edit| format!("{} {:?} {}", path(edit.file), edit.span, edit.text)))
        .collect();
    format!(
        "{} {:?} {} {:?} {} {:?} {labels:?} {fixes:?}",
        path(finding.primary.file),
        finding.primary.span,
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
