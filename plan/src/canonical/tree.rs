//! JSON as a tree whose objects are sorted when they are written.

use std::borrow::Cow;

/// A value of JSON.
pub(super) enum Tree {
    /// A scalar, as it is written.
    Leaf(Cow<'static, str>),
    /// An array.
    List(Vec<Tree>),
    /// An object, in any order.
    Map(Vec<(Cow<'static, str>, Tree)>),
}

impl Tree {
    /// A text, quoted: the fewest escapes that JSON allows, `\u00xx` for the control characters without a letter.
    pub(super) fn text(text: &str) -> Tree {
        let mut quoted = String::with_capacity(text.len() + 2);
        quote(text, &mut quoted);
        Tree::Leaf(quoted.into())
    }

    /// Writes it, keys by code point (UTF-8 keeps that order).
    pub(super) fn write(mut self, out: &mut String) {
        self.write_sorted(out);
    }

    fn write_sorted(&mut self, out: &mut String) {
        match self {
            Tree::Leaf(text) => out.push_str(text),
            Tree::List(items) => {
                out.push('[');
                for (at, item) in items.iter_mut().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write_sorted(out);
                }
                out.push(']');
            }
            Tree::Map(entries) => {
                entries.sort_by(|(a, _), (b, _)| a.cmp(b));
                out.push('{');
                for (at, (key, value)) in entries.iter_mut().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(key, out);
                    out.push(':');
                    value.write_sorted(out);
                }
                out.push('}');
            }
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
