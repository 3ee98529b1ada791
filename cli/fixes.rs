//! Applies the fixes that are certain, file by file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hookc_compiler::diagnostics::edited;
use hookc_compiler::{Edit, Fix};

use crate::atomic_write;
use crate::exit::Failure;
use crate::reported_files::{Finding, ReportedFile};

/// The one change that mends a finding: with several to choose from, none is certain.
pub(crate) fn certain(finding: &Finding) -> Option<&Fix> {
    match finding.diagnostic.fixes.as_slice() {
        [fix] if fix.edits.iter().all(|edit| may_edit(finding, edit)) => Some(fix),
        _ => None,
    }
}

/// Only files that the command was given are changed, not what they import.
fn may_edit(finding: &Finding, edit: &Edit) -> bool {
    let file = finding.files.file(edit.file);
    file.requested && file.disk.is_some()
}

/// Writes the fixes that do not overlap; how many there were.
pub(crate) fn apply(findings: &[Finding]) -> Result<usize, Failure> {
    let mut plan = Plan::default();
    let applied = findings.iter().filter(|finding| certain(finding).is_some_and(|fix| plan.add(finding, fix))).count();
    for (path, (old, mut edits)) in plan.files {
        edits.sort_by_key(|edit| (edit.span, edit.text.clone()));
        let new = edited(&old, edits.iter().map(|edit| (edit.span, edit.text.as_str())));
        atomic_write::replace(&path, &new).map_err(|error| Failure::file("write", &path, error))?;
    }
    Ok(applied)
}

/// The edits that were accepted, by file, with the text they are made in.
#[derive(Default)]
struct Plan {
    files: BTreeMap<PathBuf, (String, Vec<Edit>)>,
}

impl Plan {
    /// Accepts all edits of the fix, or none.
    fn add(&mut self, finding: &Finding, fix: &Fix) -> bool {
        let fits = fix.edits.iter().all(|edit| self.fits(finding.files.file(edit.file), edit));
        if fits {
            for edit in &fix.edits {
                let file = finding.files.file(edit.file);
                if let Some(path) = &file.disk {
                    let (_, edits) =
                        self.files.entry(path.clone()).or_insert_with(|| (file.text.to_string(), Vec::new()));
                    edits.push(edit.clone());
                }
            }
        }
        fits
    }

    fn fits(&self, file: &ReportedFile, edit: &Edit) -> bool {
        let known = file.disk.as_ref().and_then(|path| self.files.get(path));
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        file.text.get(start..end).is_some()
            && known.is_none_or(|(_, edits)| edits.iter().all(|other| apart(edit, other)))
    }
}

/// Whether the order of two edits does not matter; two at one place would depend on it.
pub(crate) fn apart(a: &Edit, b: &Edit) -> bool {
    a.span.end < b.span.start
        || b.span.end < a.span.start
        || (a.span != b.span && (a.span.end == b.span.start || b.span.end == a.span.start))
}
