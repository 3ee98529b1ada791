//! Calls: which function, method, macro or named condition, and how many arguments.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, ExprKind};

use crate::check::expressions::library_call::LibraryCall;
use crate::check::expressions::math;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::functions;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;

impl ExpressionChecker<'_, '_> {
    pub(crate) fn call(&mut self, scope: &mut Scope<'_, '_>, callee: &Expr, args: &[Arg], span: Span) -> Typed {
        match &callee.kind {
            ExprKind::Name(name) => {
                let place = scope.place(callee.span);
                self.complete_values(scope, None, place);
                if let Some(row) = functions::function(name) {
                    self.note_name(place, Referent::Function(name.clone()));
                    let call = LibraryCall { row, receiver: None, name, name_span: callee.span, args, span };
                    return self.library_call(scope, call);
                }
                match self.lookup(scope.file, name) {
                    Some(symbol @ Symbol::Condition(id)) => {
                        self.note_symbol(place, symbol);
                        self.named_condition(scope, id, args, span)
                    }
                    Some(other) => {
                        let message = format!("`{name}` is {}, not a function or a condition", other.a_kind());
                        self.error_at(diagnostics::NOT_A_VALUE, place, message);
                        scope.broken(span)
                    }
                    None => self.unknown_function(scope, name, callee.span, span),
                }
            }
            ExprKind::Member(of, method) => self.method(scope, of, method, args, span),
            ExprKind::Error => scope.broken(span),
            _ => {
                self.error_at(diagnostics::NOT_A_VALUE, scope.place(callee.span), "this expression cannot be called");
                scope.broken(span)
            }
        }
    }

    fn unknown_function(&mut self, scope: &Scope<'_, '_>, name: &str, callee: Span, span: Span) -> Typed {
        let place = scope.place(callee);
        let conditions =
            self.program.scope(scope.file).names.iter().filter(|(_, symbol)| matches!(symbol, Symbol::Condition(_)));
        let mut names: Vec<&str> = conditions.map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.extend(functions::function_names());
        let kinds = &[SymbolKind::Condition];
        if self.program.hides(&Wanted { name, place, kinds, known: &names, is_value: false }) {
            return scope.broken(span);
        }
        let method = functions::is_method(name).then(|| format!("it is a method: write `value.{name}(…)`"));
        let help = match name {
            "len" | "length" | "count" => Some("use `size`".to_owned()),
            "now" | "today" => {
                Some("conditions cannot read the clock: use `op.finished_at` or `job.started_at`".to_owned())
            }
            "max" => Some("use `math.greatest`".to_owned()),
            "min" => Some("use `math.least`".to_owned()),
            _ => method
                .or_else(|| math::in_a_library(name).map(|full| format!("it is a library function: write `{full}(…)`")))
                .or_else(|| did_you_mean(name, names)),
        };
        let message = format!("unknown function `{name}`");
        self.report(Diagnostic::new(diagnostics::UNKNOWN_FUNCTION, place, message).maybe_help(help));
        scope.broken(span)
    }

    /// The arguments of a function or method, without labels. A number outside `least` to `most` is reported.
    pub(crate) fn arguments_of<'e>(
        &mut self,
        scope: &Scope<'_, '_>,
        name: &str,
        args: &'e [Arg],
        least: usize,
        most: usize,
        span: Span,
    ) -> Option<Vec<&'e Expr>> {
        if let Some(label) = args.iter().find_map(|arg| arg.label.as_ref()) {
            let message = format!("`{name}` does not take named arguments");
            self.error_at(diagnostics::UNKNOWN_ARGUMENT, scope.place(label.span), message);
            return None;
        }
        if args.len() < least || args.len() > most {
            let wanted = match (least, most) {
                (0, 0) => "no arguments".to_owned(),
                (1, 1) => "one argument".to_owned(),
                (a, b) if a == b => format!("{a} arguments"),
                (a, b) => format!("{a} to {b} arguments"),
            };
            let message = format!("`{name}` takes {wanted}, found {}", args.len());
            self.error_at(diagnostics::ARGUMENT_COUNT, scope.place(span), message);
            return None;
        }
        Some(args.iter().map(|arg| &arg.value).collect())
    }

    /// The constant string; `None` after a report.
    pub(crate) fn constant_text<'e>(
        &mut self,
        scope: &Scope<'_, '_>,
        expr: &'e Expr,
        what: &str,
    ) -> Option<&'e hookc_grammar::ast::Template> {
        if let ExprKind::Template(template) = &expr.kind
            && template.as_const().is_some()
        {
            return Some(template);
        }
        if !matches!(expr.kind, ExprKind::Error) {
            let message = format!("{what} must be a constant string");
            self.error_at(diagnostics::NOT_CONSTANT, scope.place(expr.span), message);
        }
        None
    }
}
