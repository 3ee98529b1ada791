//! The library of expressions: the rows of its functions, methods, macros and operators.
//!
//! A row is all that is known of a name: how a call is checked and which operation it becomes (`check`), and what the
//! editor and `hookc explain` show. The meaning of an operation is defined in `hookc_plan`.

mod conversions;
mod lists;
mod macros;
mod math;
mod operators;
mod signature;
mod strings;
mod times;
mod values;

pub(crate) use signature::{Check, Make, Operands, Overload, Shape, Special, Variables};

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

/// The function of this name, such as `size`.
pub(crate) fn function(name: &str) -> Option<&'static FunctionPage> {
    functions().find(|row| row.kind == FunctionKind::Function && row.name == name && !name.contains('.'))
}

/// The function of this name in a library, such as `abs` in `math`.
pub(crate) fn library_function(library: &str, name: &str) -> Option<&'static FunctionPage> {
    functions().find(|row| row.in_library(library) == Some(name))
}

/// The method or macro of this name on such a value.
pub(crate) fn method(receiver: Receiver, name: &str) -> Option<&'static FunctionPage> {
    functions().find(|row| row.receiver == receiver && row.name == name && row.is_method())
}

/// The methods and macros on such a value, sorted by name.
pub(crate) fn methods(receiver: Receiver) -> impl Iterator<Item = &'static FunctionPage> {
    let mut rows: Vec<_> = functions().filter(|row| row.receiver == receiver && row.is_method()).collect();
    rows.sort_by_key(|row| row.name);
    rows.into_iter()
}

/// The names of the functions without a library, sorted.
pub(crate) fn function_names() -> Vec<&'static str> {
    let rows = functions().filter(|row| row.kind == FunctionKind::Function && !row.name.contains('.'));
    sorted(rows.map(|row| row.name).collect())
}

/// The names of the functions of a library, sorted.
pub(crate) fn library_names(library: &str) -> Vec<&'static str> {
    sorted(functions().filter_map(|row| row.in_library(library)).collect())
}

/// The names of the methods and macros on such a value, sorted.
pub(crate) fn method_names(receiver: Option<Receiver>) -> Vec<&'static str> {
    receiver.map(|receiver| methods(receiver).map(|row| row.name).collect()).unwrap_or_default()
}

/// Whether some value has a method or macro of this name.
pub(crate) fn is_method(name: &str) -> bool {
    functions().any(|row| row.name == name && row.is_method())
}

/// Whether some value has a macro of this name.
pub(crate) fn is_macro(name: &str) -> bool {
    functions().any(|row| row.name == name && row.kind == FunctionKind::Macro)
}

fn sorted(mut names: Vec<&'static str>) -> Vec<&'static str> {
    names.sort_unstable();
    names
}

impl FunctionPage {
    fn is_method(&self) -> bool {
        matches!(self.kind, FunctionKind::Method | FunctionKind::Macro)
    }

    /// The name in a library, where it is a function of this one.
    fn in_library(&self, library: &str) -> Option<&'static str> {
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

#[cfg(test)]
mod tests;
