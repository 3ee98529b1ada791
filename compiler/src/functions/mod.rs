//! The library of expressions: the rows of its functions, methods, macros and operators.
//!
//! A row is all that is known of a name: how a call is checked and which operation it becomes (`check`), and what the
//! editor and `hookc explain` show. The meaning of an operation is defined in `hookc_plan`.

mod conversions;
mod lists;
mod macros;
mod math;
mod operators;
mod page;
mod signature;
mod strings;
mod times;
mod values;

pub(crate) use page::Receiver;
pub use page::{FunctionKind, FunctionPage};
pub(crate) use signature::{Check, Make, Operands, Overload, Shape, Special, Variables};

pub(crate) const GROUPS: [&[FunctionPage]; 8] = [
    operators::PAGES,
    values::PAGES,
    conversions::PAGES,
    strings::PAGES,
    lists::PAGES,
    macros::PAGES,
    math::PAGES,
    times::PAGES,
];

/// All pages, in the order of their groups.
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
