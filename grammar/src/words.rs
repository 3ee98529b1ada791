//! "Did you mean": the nearest of a few words.

use crate::keyword::Keyword;

/// The keyword that is nearest to `typed`, when it is near enough to be meant.
pub(crate) fn nearest(typed: &str, keywords: impl IntoIterator<Item = Keyword>) -> Option<Keyword> {
    let length = typed.chars().count();
    if length > 24 {
        return None;
    }
    let limit = (length / 3).max(1);
    let candidates = keywords.into_iter().map(|keyword| (distance(typed, keyword.text()), keyword));
    candidates
        .filter(|(steps, keyword)| *steps <= limit && *steps < keyword.text().len())
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, keyword)| keyword)
}

/// How many single-letter changes lead from one word to the other; two neighbours swapped count once.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + usize::from(a != b)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && from.get(i - 1) == Some(b) && to.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}
