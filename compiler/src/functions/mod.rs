//! The pages of the functions, methods, macros and operators of expressions: what the editor shows, and `hookc explain`.
//!
//! Data alone: what is checked and evaluated stands elsewhere, and tests hold the two together (every name has a page, and
//! every example its value).

mod conversions;
mod lists;
mod macros;
mod math;
mod operators;
mod strings;
mod times;
mod values;

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunctionKind {
    /// Between its operands: `a + b`.
    Operator,
    /// By its name: `size(x)`.
    Function,
    /// On a value: `x.size()`.
    Method,
    /// On a list or a map, with variables of its own.
    Macro,
}

/// One function, method, macro or operator on one kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionPage {
    /// As it is written: `size`, `math.abs`, `&&`.
    pub name: &'static str,
    /// What it is.
    pub kind: FunctionKind,
    /// The type that it is called on; empty where there is none.
    pub receiver: &'static str,
    /// Each way to call it, with types.
    pub signatures: &'static [&'static str],
    /// What it gives, in Markdown.
    pub meaning: &'static str,
    /// Expressions and their values as JSON, or `error KIND`; empty where a value needs a run.
    pub examples: &'static [(&'static str, &'static str)],
    /// Where CEL describes it.
    pub spec: &'static str,
    /// Where ours is less than CEL's or another; empty where it is the same.
    pub differs: &'static str,
}

const GROUPS: [&[FunctionPage]; 8] = [
    operators::PAGES,
    values::PAGES,
    conversions::PAGES,
    strings::PAGES,
    lists::PAGES,
    macros::PAGES,
    math::PAGES,
    times::PAGES,
];

/// All pages, in the order of the groups in which they are told.
pub fn functions() -> impl Iterator<Item = &'static FunctionPage> {
    GROUPS.into_iter().flatten()
}

/// The pages of a name; a method's may be given with its type's before it (`string.size`).
pub fn functions_named(name: &str) -> Vec<&'static FunctionPage> {
    let is = |page: &&FunctionPage| page.name == name || page.full_name() == name;
    functions().filter(is).collect()
}

impl FunctionPage {
    /// The name with that of its type before it: `string.contains`, `list.sort`.
    pub fn full_name(&self) -> String {
        let receiver = self.receiver.split('<').next().unwrap_or_default();
        match self.kind {
            FunctionKind::Method | FunctionKind::Macro => format!("{receiver}.{}", self.name),
            FunctionKind::Function | FunctionKind::Operator => self.name.to_owned(),
        }
    }

    /// The page in Markdown, without a heading.
    pub fn markdown(&self) -> String {
        let mut text = format!("```text\n{}\n```\n\n{}\n", self.signatures.join("\n"), self.meaning);
        for (expr, value) in self.examples {
            text.push_str(&format!("\n- `{expr}` is `{value}`"));
        }
        if !self.examples.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("\nCEL: {}.", self.spec));
        if !self.differs.is_empty() {
            text.push_str(&format!(" {}", self.differs));
        }
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests;
