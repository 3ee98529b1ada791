//! "Did you mean": the nearest of a few words.

use crate::keyword::Keyword;

/// The keyword that is nearest to `typed`, when it is near enough to be meant. Two letters that changed places count as
/// one step.
pub(crate) fn nearest(typed: &str, keywords: impl IntoIterator<Item = Keyword>) -> Option<Keyword> {
    let length = typed.chars().count();
    if length > 24 {
        return None;
    }
    let limit = (length / 3).max(1);
    let candidates = keywords.into_iter().map(|keyword| (strsim::osa_distance(typed, keyword.text()), keyword));
    candidates
        .filter(|(steps, keyword)| *steps <= limit && *steps < keyword.text().len())
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, keyword)| keyword)
}
