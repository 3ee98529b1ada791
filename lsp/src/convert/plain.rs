//! Markdown as plain text, for clients that show no other: the words stay, the marks go.

/// The words.
pub(crate) fn text(markdown: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            out.push(line.to_owned());
        } else if line.trim() == "---" {
            out.push(String::new());
        } else {
            out.push(words(line.trim_start_matches('#').trim_start_matches(' ')));
        }
    }
    out.join("\n").trim().to_owned()
}

/// Without the marks of emphasis and code, and the targets of links.
fn words(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut in_code = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        rest = after;
        match c {
            '`' => in_code = !in_code,
            '*' if !in_code && after.starts_with('*') => rest = after.get(1..).unwrap_or(""),
            ']' if !in_code && after.starts_with('(') => match after.find(')') {
                Some(end) => rest = after.get(end + 1..).unwrap_or(""),
                None => out.push(c),
            },
            '[' if !in_code && after.contains("](") => {}
            _ => out.push(c),
        }
    }
    out
}
