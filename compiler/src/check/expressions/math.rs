//! The functions of libraries: `math.abs(x)`, `lists.range(n)`.
//!
//! A library's name is not a reserved word: a value with that name hides it.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, ExprKind, Ident};
use hookc_plan::{Node, NumberOn};

use crate::check::expressions::names::BareRead;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::symbol::Symbol;
use crate::ty::Ty;

/// A library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Math,
    Lists,
}

const MATH: &[&str] = &[
    "abs",
    "bitAnd",
    "bitNot",
    "bitOr",
    "bitShiftLeft",
    "bitShiftRight",
    "bitXor",
    "ceil",
    "floor",
    "greatest",
    "isFinite",
    "isInf",
    "isNaN",
    "least",
    "round",
    "sign",
    "trunc",
];
const LISTS: &[&str] = &["range"];
/// The maximum number of arguments that one call compares. More values need a list.
const MOST_ARGUMENTS: usize = 100;

/// A function of one operand.
type Make = fn(Box<hookc_plan::Expr>) -> Node;

impl Library {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Library::Math => "math",
            Library::Lists => "lists",
        }
    }

    pub(crate) const fn functions(self) -> &'static [&'static str] {
        match self {
            Library::Math => MATH,
            Library::Lists => LISTS,
        }
    }
}

/// Every function with its library's name before it.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = String> {
    [Library::Math, Library::Lists].into_iter().flat_map(|library| {
        let functions = library.functions().iter();
        functions.map(move |name| format!("{}.{name}", library.name()))
    })
}

/// The function with this name, with its library's name before it.
pub(crate) fn in_a_library(name: &str) -> Option<String> {
    let library = [Library::Math, Library::Lists].into_iter().find(|library| library.functions().contains(&name))?;
    Some(format!("{}.{name}", library.name()))
}

impl ExpressionChecker<'_, '_> {
    /// The library that `of` names, where no value has that name.
    pub(crate) fn library_named(&self, scope: &Scope<'_, '_>, of: &Expr) -> Option<Library> {
        let ExprKind::Name(name) = &of.kind else { return None };
        let library = match name.as_str() {
            "math" => Library::Math,
            "lists" => Library::Lists,
            _ => return None,
        };
        let value = matches!(
            self.find(scope, name),
            Some(
                BareRead::Local(_)
                    | BareRead::Input(_)
                    | BareRead::JobInput(_)
                    | BareRead::Symbol(Symbol::Const(_) | Symbol::Connection(_))
            )
        );
        (!value && !self.program.is_poisoned(scope.file, name)).then_some(library)
    }

    /// `math.f(a, …)`
    pub(crate) fn library_function(
        &mut self,
        scope: &mut Scope<'_, '_>,
        library: Library,
        function: &Ident,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let name = function.text.as_str();
        let place = scope.place(function.span);
        self.note_name(place, Referent::Function(smol_str::format_smolstr!("{}.{name}", library.name())));
        self.offer_library(library, place);
        if !library.functions().contains(&name) {
            for arg in args {
                self.expr(scope, &arg.value, None);
            }
            return self.unknown_in_library(scope, library, function, span);
        }
        let (least, most) = match name {
            "greatest" | "least" => (1, MOST_ARGUMENTS),
            _ if name.starts_with("bit") && name != "bitNot" => (2, 2),
            _ => (1, 1),
        };
        let Some(args) = self.arguments_of(scope, name, args, least, most, span) else {
            return scope.broken(span);
        };
        match (name, args.as_slice()) {
            ("greatest" | "least", args) => self.extreme(scope, name == "greatest", args, span),
            ("abs" | "sign", [a]) => self.absolute(scope, name == "abs", a, span),
            ("range", [n]) => self.one_number(scope, n, &Ty::Int, |a| Node::Range { a }, Ty::Int.list(), span),
            ("bitNot", [a]) => self.one_number(scope, a, &Ty::Int, |a| Node::BitNot { a }, Ty::Int, span),
            (_, [a, b]) => self.bits(scope, name, a, b, span),
            (_, [a]) => match rounding(name) {
                Some((make, ty)) => self.one_number(scope, a, &Ty::Float, make, ty, span),
                None => scope.broken(span),
            },
            _ => scope.broken(span),
        }
    }

    fn unknown_in_library(&mut self, scope: &Scope<'_, '_>, library: Library, function: &Ident, span: Span) -> Typed {
        let place = scope.place(function.span);
        let message = format!("`{}` has no function `{}`", library.name(), function.text);
        let help = match function.text.as_str() {
            "max" => Some("use `greatest`".to_owned()),
            "min" => Some("use `least`".to_owned()),
            name => did_you_mean(name, library.functions().iter().copied()),
        };
        self.report(Diagnostic::new(diagnostics::UNKNOWN_FUNCTION, place, message).maybe_help(help));
        scope.broken(span)
    }

    fn one_number(&mut self, scope: &mut Scope<'_, '_>, a: &Expr, want: &Ty, make: Make, ty: Ty, span: Span) -> Typed {
        let a = self.expect(scope, a, want);
        if a.ty.is_error() {
            return scope.broken(span);
        }
        scope.typed(self, make(a.expr), ty, span)
    }

    fn bits(&mut self, scope: &mut Scope<'_, '_>, name: &str, a: &Expr, b: &Expr, span: Span) -> Typed {
        let a = self.expect(scope, a, &Ty::Int).expr;
        let b = self.expect(scope, b, &Ty::Int).expr;
        let node = match name {
            "bitAnd" => Node::BitAnd { a, b },
            "bitOr" => Node::BitOr { a, b },
            "bitXor" => Node::BitXor { a, b },
            "bitShiftLeft" => Node::BitShiftLeft { a, b },
            _ => Node::BitShiftRight { a, b },
        };
        scope.typed(self, node, Ty::Int, span)
    }

    fn absolute(&mut self, scope: &mut Scope<'_, '_>, abs: bool, arg: &Expr, span: Span) -> Typed {
        let typed = self.value(scope, arg, None);
        let a = typed.expr;
        let node = match (&typed.ty, abs) {
            (Ty::Int, true) => Node::IntAbs { a },
            (Ty::Int, false) => Node::IntSign { a },
            (Ty::Float, true) => Node::FloatAbs { a },
            (Ty::Float, false) => Node::FloatSign { a },
            (other, _) => return self.no_number(scope, arg, other, span),
        };
        scope.typed(self, node, typed.ty, span)
    }

    fn no_number(&mut self, scope: &Scope<'_, '_>, arg: &Expr, found: &Ty, span: Span) -> Typed {
        if !found.is_error() {
            let message = format!("expected `int` or `float`, found `{}`", self.show(found));
            self.error_at(diagnostics::TYPE_MISMATCH, scope.place(arg.span), message);
        }
        scope.broken(span)
    }

    /// `math.greatest(a, b, …)`, `math.greatest(list)`: all of one number type.
    fn extreme(&mut self, scope: &mut Scope<'_, '_>, greatest: bool, args: &[&Expr], span: Span) -> Typed {
        let Some(list) = self.numbers(scope, args, span) else {
            return scope.broken(span);
        };
        let (on, ty) = match &list.ty {
            Ty::List(item) if **item == Ty::Int => (NumberOn::Int, Ty::Int),
            _ => (NumberOn::Float, Ty::Float),
        };
        let a = list.expr;
        let node = if greatest { Node::Greatest { on, a } } else { Node::Least { on, a } };
        scope.typed(self, node, ty, span)
    }

    /// The arguments as one list of integers or of floats; an int literal adapts to the others.
    fn numbers(&mut self, scope: &mut Scope<'_, '_>, args: &[&Expr], span: Span) -> Option<Typed> {
        // The first argument whose type needs no hint decides the type of the others. Each argument is checked once.
        let decisive = args.iter().position(|arg| !self.needs_hint(scope, arg));
        let mut first = decisive.and_then(|index| args.get(index)).map(|arg| self.value(scope, arg, None));
        let hint = first.as_ref().map(|first| first.ty.clone()).filter(|ty| matches!(ty, Ty::Int | Ty::Float));
        let mut items = Vec::with_capacity(args.len());
        let mut ty: Option<Ty> = None;
        for (index, arg) in args.iter().enumerate() {
            let typed = match first.take_if(|_| decisive == Some(index)) {
                Some(first) => first,
                None => self.value(scope, arg, hint.as_ref()),
            };
            match (&typed.ty, &ty) {
                (Ty::List(item), None) if args.len() == 1 && matches!(**item, Ty::Int | Ty::Float) => {
                    return Some(typed);
                }
                (Ty::Int | Ty::Float, None) => ty = Some(typed.ty.clone()),
                (found, Some(first)) if found == first => {}
                (Ty::Int | Ty::Float, Some(first)) => {
                    let diagnostic = self.mismatch(scope, arg, &typed.ty, first);
                    self.report(diagnostic);
                    return None;
                }
                (other, _) => {
                    self.no_number(scope, arg, other, span);
                    return None;
                }
            }
            items.push(*typed.expr);
        }
        Some(scope.typed(self, Node::List { items }, ty?.list(), span))
    }
}

fn rounding(name: &str) -> Option<(Make, Ty)> {
    Some(match name {
        "ceil" => (|a| Node::Ceil { a }, Ty::Float),
        "floor" => (|a| Node::Floor { a }, Ty::Float),
        "round" => (|a| Node::Round { a }, Ty::Float),
        "trunc" => (|a| Node::Trunc { a }, Ty::Float),
        "isNaN" => (|a| Node::IsNan { a }, Ty::Bool),
        "isInf" => (|a| Node::IsInf { a }, Ty::Bool),
        "isFinite" => (|a| Node::IsFinite { a }, Ty::Bool),
        _ => return None,
    })
}
