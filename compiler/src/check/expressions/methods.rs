//! The methods of strings, lists, maps, durations and timestamps.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, Ident};
use hookc_plan::Node;
use smol_str::SmolStr;

use crate::check::expressions::coerce::SECRETS_ARE_PASSED;
use crate::check::expressions::library_call::LibraryCall;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::functions::{self, Receiver};
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// `of.method(args)`
    pub(crate) fn method(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        method: &Ident,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        if let Some(library) = self.library_named(scope, of) {
            return self.library_function(scope, library, method, args, span);
        }
        let receiver = self.value(scope, of, None);
        if receiver.ty.is_error() {
            self.check_rest(scope, method, args);
            return scope.broken(span);
        }
        let name = method.text.as_str();
        let place = scope.place(method.span);
        if receiver.ty.is_secrets() && receiver.ty != Ty::Secret {
            return self.secrets_in_call(scope, name, of);
        }
        self.complete_members(&receiver, place);
        let row = Receiver::of(&receiver.ty).and_then(|receiver| functions::method(receiver, name));
        let Some(row) = row else {
            return self.unknown_method(scope, &receiver.ty, method, span);
        };
        self.note_name(place, Referent::Function(smol_str::format_smolstr!("{}.{name}", row.receiver.word())));
        let receiver = Some((of, receiver));
        self.library_call(scope, LibraryCall { row, receiver, name, name_span: method.span, args, span })
    }

    /// Reports secrets in a call: no function, method or macro takes or makes them, also where the result drops them.
    pub(crate) fn secrets_in_call(&mut self, scope: &Scope<'_, '_>, name: &str, secrets: &Expr) -> Typed {
        let message = format!("`{name}` cannot be used with secrets");
        let diagnostic = Diagnostic::new(diagnostics::SECRET_FLOW, scope.place(secrets.span), message);
        self.report(diagnostic.help(SECRETS_ARE_PASSED));
        scope.broken(secrets.span)
    }

    /// Checks the arguments of an invalid call, to report their own errors. Arguments of macros are skipped, because their
    /// variables are unknown.
    fn check_rest(&mut self, scope: &mut Scope<'_, '_>, method: &Ident, args: &[Arg]) {
        if !functions::is_macro(&method.text) {
            for arg in args {
                self.expr(scope, &arg.value, None);
            }
        }
    }

    fn unknown_method(&mut self, scope: &Scope<'_, '_>, ty: &Ty, method: &Ident, span: Span) -> Typed {
        let place = scope.place(method.span);
        let message = format!("`{}` has no method `{}`", self.show(ty), method.text);
        let help = self.method_help(ty, &method.text);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_FUNCTION, place, message).maybe_help(help));
        scope.broken(span)
    }

    pub(crate) fn method_help(&self, ty: &Ty, name: &str) -> Option<String> {
        let names = functions::method_names(Receiver::of(ty));
        if names.contains(&name) {
            return Some(format!("it is a method: write `.{name}(…)`"));
        }
        let usual = match name {
            "len" | "length" | "count" => "size",
            "lower" | "toLowerCase" | "to_lower" | "lowercase" => "lowerAscii",
            "upper" | "toUpperCase" | "to_upper" | "uppercase" => "upperAscii",
            "starts_with" | "startswith" => "startsWith",
            "ends_with" | "endswith" => "endsWith",
            "strip" => "trim",
            "any" | "some" => "exists",
            "every" => "all",
            "find" | "index" => "indexOf",
            "contains" | "includes" | "has" if matches!(ty, Ty::List(_)) => {
                return Some("use `value in list`".to_owned());
            }
            "contains" | "has" | "contains_key" if matches!(ty, Ty::Map(_)) => {
                return Some("use `key in map`".to_owned());
            }
            "includes" => "contains",
            "year" => "getFullYear",
            "hour" | "hours" => "getHours",
            _ => return did_you_mean(name, names.iter().copied()),
        };
        names.contains(&usual).then(|| format!("use `{usual}`"))
    }

    pub(crate) fn matches(&mut self, scope: &mut Scope<'_, '_>, receiver: Typed, expr: &Expr, span: Span) -> Typed {
        let Some(template) = self.constant_text(scope, expr, "the pattern of `matches`") else {
            return scope.broken(span);
        };
        match crate::regex::portable(template.as_const().unwrap_or("")) {
            Ok(pattern) => {
                let node = Node::Matches { a: receiver.expr, pattern: SmolStr::from(pattern) };
                scope.typed(self, node, Ty::Bool, span)
            }
            Err(problem) => {
                let place = scope.place(expr.span);
                let diagnostic = Diagnostic::new(diagnostics::BAD_PATTERN, place, problem);
                self.report(diagnostic.help("use only text, classes, groups, `|`, `* + ? {m,n}`, `^` and `$`, which mean the same in every engine"));
                scope.broken(span)
            }
        }
    }

    /// `list.join(by)`: a list of what reads as text; nothing stands between the texts where nothing is given.
    pub(crate) fn join_texts(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        receiver: Typed,
        by: Option<&Expr>,
        span: Span,
    ) -> Typed {
        let list = self.coerce(scope, of, receiver, &Ty::String.list());
        let by = match by {
            Some(by) => self.expect(scope, by, &Ty::String),
            None => {
                let node = Node::Const { value: serde_json::Value::String(String::new()) };
                scope.typed(self, node, Ty::String, span)
            }
        };
        scope.typed(self, Node::Join { a: list.expr, by: by.expr }, Ty::String, span)
    }
}
