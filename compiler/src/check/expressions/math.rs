//! The functions of libraries: `math.abs(x)`, `lists.range(n)`.
//!
//! A library's name is not a reserved word: a value with that name hides it.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, ExprKind, Ident};
use hookc_plan::{Node, NumberOn};

use crate::check::expressions::library_call::LibraryCall;
use crate::check::expressions::names::BareRead;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::functions;
use crate::symbol::Symbol;
use crate::ty::Ty;

/// A library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Math,
    Lists,
}

impl Library {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Library::Math => "math",
            Library::Lists => "lists",
        }
    }

    /// The names of its functions, sorted.
    pub(crate) fn functions(self) -> Vec<&'static str> {
        functions::library_names(self.name())
    }
}

/// The function of this name with its library's name before it.
pub(crate) fn in_a_library(name: &str) -> Option<String> {
    let libraries = [Library::Math, Library::Lists];
    let library = libraries.iter().find(|library| functions::library_function(library.name(), name).is_some())?;
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
        self.complete_library(library, place);
        let Some(row) = functions::library_function(library.name(), name) else {
            for arg in args {
                self.expr(scope, &arg.value, None);
            }
            return self.unknown_in_library(scope, library, function, span);
        };
        self.library_call(scope, LibraryCall { row, receiver: None, name, name_span: function.span, args, span })
    }

    fn unknown_in_library(&mut self, scope: &Scope<'_, '_>, library: Library, function: &Ident, span: Span) -> Typed {
        let place = scope.place(function.span);
        let message = format!("`{}` has no function `{}`", library.name(), function.text);
        let help = match function.text.as_str() {
            "max" => Some("use `greatest`".to_owned()),
            "min" => Some("use `least`".to_owned()),
            name => did_you_mean(name, library.functions()),
        };
        self.report(Diagnostic::new(diagnostics::UNKNOWN_FUNCTION, place, message).maybe_help(help));
        scope.broken(span)
    }

    pub(crate) fn no_number(&mut self, scope: &Scope<'_, '_>, arg: &Expr, found: &Ty, span: Span) -> Typed {
        if !found.is_error() {
            let message = format!("expected `int` or `float`, found `{}`", self.show(found));
            self.error_at(diagnostics::TYPE_MISMATCH, scope.place(arg.span), message);
        }
        scope.broken(span)
    }

    /// `math.greatest(a, b, …)`, `math.greatest(list)`: all of one number type.
    pub(crate) fn extreme(&mut self, scope: &mut Scope<'_, '_>, greatest: bool, args: &[&Expr], span: Span) -> Typed {
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
