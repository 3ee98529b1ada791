//! A row of the library: one function, method, macro or operator on one kind of value.

use super::signature::Check;
use crate::ty::Ty;

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

/// What a method is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Nothing: it is not a method.
    None,
    /// A `string`, `path` or `uri`.
    String,
    /// A list.
    List,
    /// A map.
    Map,
    /// A duration.
    Duration,
    /// A timestamp.
    Timestamp,
}

impl Receiver {
    /// That of a value of this type.
    pub(crate) fn of(ty: &Ty) -> Option<Receiver> {
        match ty {
            ty if ty.is_text() => Some(Receiver::String),
            Ty::List(_) => Some(Receiver::List),
            Ty::Map(_) => Some(Receiver::Map),
            Ty::Duration => Some(Receiver::Duration),
            Ty::Timestamp => Some(Receiver::Timestamp),
            _ => None,
        }
    }

    /// The word before the names of its methods.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Receiver::None => "",
            Receiver::String => "string",
            Receiver::List => "list",
            Receiver::Map => "map",
            Receiver::Duration => "duration",
            Receiver::Timestamp => "timestamp",
        }
    }
}

/// One function, method, macro or operator on one kind of value.
#[derive(Clone, Copy, Debug)]
pub struct FunctionPage {
    /// As it is written: `size`, `math.abs`, `&&`.
    pub name: &'static str,
    /// What it is.
    pub kind: FunctionKind,
    /// What it is called on.
    pub receiver: Receiver,
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
    /// How a call is checked, and what it becomes.
    pub(crate) check: Check,
}

impl FunctionPage {
    pub(super) fn is_method(&self) -> bool {
        matches!(self.kind, FunctionKind::Method | FunctionKind::Macro)
    }

    /// The name in a library, where it is a function of this one.
    pub(super) fn in_library(&self, library: &str) -> Option<&'static str> {
        let name = self.name.strip_prefix(library)?.strip_prefix('.')?;
        (self.kind == FunctionKind::Function).then_some(name)
    }

    /// The minimum and the maximum number of arguments.
    pub(crate) const fn argument_count(&self) -> (usize, usize) {
        match self.check {
            Check::Operator => (0, 0),
            Check::Plain(params, _, make) => (params.len() - make.optional(), params.len()),
            Check::ByType(_) => (1, 1),
            Check::Macro(..) => (2, 4),
            Check::Special(_, min, max) => (min, max),
        }
    }

    /// The name with that of its type before it: `string.contains`, `list.sort`.
    pub fn full_name(&self) -> String {
        match self.kind {
            FunctionKind::Method | FunctionKind::Macro => format!("{}.{}", self.receiver.word(), self.name),
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
