//! "Did you mean": the names nearest to a misspelt one.

/// The maximum number of names in a suggestion.
const MAX_NAMES: usize = 3;

/// The names nearest to `word`, best first, at most three; `names` in any order, the result does not depend on it.
///
/// Two letters that changed places count as one step, and case does not count.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let word = word.to_lowercase();
    let distance = |name: &str| strsim::osa_distance(&word, &name.to_lowercase());
    let is_near_in_length = |name: &&str| name.chars().count().abs_diff(length) <= limit;
    let candidates = names.into_iter().filter(is_near_in_length).map(|name| (distance(name), name));
    let mut found: Vec<(usize, &str)> = candidates.filter(|(distance, _)| *distance <= limit).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, name)| name).take(MAX_NAMES).collect()
}

/// "did you mean `a` or `b`?", where a name is near.
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    ask(&nearest(word, names))
}

/// "did you mean `a` or `b`?", where there is a name.
pub(super) fn ask(names: &[&str]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, rest) = names.split_last()?;
    Some(if rest.is_empty() {
        format!("did you mean {last}?")
    } else {
        format!("did you mean {} or {last}?", rest.join(", "))
    })
}
