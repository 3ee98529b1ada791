//! The methods of strings, lists, maps, durations and timestamps.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, Ident};
use hookc_plan::{Node, TimePart};
use smol_str::SmolStr;

use crate::check::expressions::macros;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ty::Ty;

const STRING: &[&str] = &[
    "charAt",
    "contains",
    "endsWith",
    "indexOf",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "replace",
    "reverse",
    "size",
    "split",
    "startsWith",
    "substring",
    "trim",
    "upperAscii",
];
const LIST: &[&str] = &[
    "all",
    "distinct",
    "exists",
    "existsOne",
    "exists_one",
    "filter",
    "first",
    "flatten",
    "join",
    "last",
    "map",
    "reverse",
    "size",
    "slice",
    "sort",
    "transformList",
];
const MAP: &[&str] =
    &["all", "exists", "existsOne", "exists_one", "filter", "get", "map", "size", "transformList", "transformMap"];
const DURATION: &[&str] = &["getHours", "getMilliseconds", "getMinutes", "getSeconds"];
const TIMESTAMP: &[&str] = &[
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
];

/// Every method's name, with that of its receiver's type.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let types = [("string", STRING), ("list", LIST), ("map", MAP), ("duration", DURATION), ("timestamp", TIMESTAMP)];
    types.into_iter().flat_map(|(receiver, names)| names.iter().map(move |name| (receiver, *name)))
}

/// Every method's name.
pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
    [STRING, LIST, MAP, DURATION, TIMESTAMP].into_iter().flatten().copied()
}

pub(crate) fn names_of(ty: &Ty) -> &'static [&'static str] {
    match ty {
        ty if ty.is_text() => STRING,
        Ty::List(_) => LIST,
        Ty::Map(_) => MAP,
        Ty::Duration => DURATION,
        Ty::Timestamp => TIMESTAMP,
        _ => &[],
    }
}

/// The word with which the names of a type's pages begin.
pub(crate) fn receiver_of(ty: &Ty) -> &'static str {
    match ty {
        Ty::List(_) => "list",
        Ty::Map(_) => "map",
        Ty::Duration => "duration",
        Ty::Timestamp => "timestamp",
        _ => "string",
    }
}

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
        self.offer_members(&receiver, place);
        if !names_of(&receiver.ty).contains(&name) {
            return self.unknown_method(scope, &receiver.ty, method, span);
        }
        let page = smol_str::format_smolstr!("{}.{name}", receiver_of(&receiver.ty));
        self.note_name(place, Referent::Function(page));
        if macros::is_macro(name) {
            return self.macro_call(scope, receiver, method, args, span);
        }
        match &receiver.ty {
            ty if ty.is_text() => self.string_method(scope, receiver, name, args, span),
            Ty::List(_) | Ty::Map(_) => self.collection_method(scope, of, receiver, method, args, span),
            _ => self.time_method(scope, receiver, name, args, span),
        }
    }

    /// Checks the arguments of an invalid call, to report their own errors. Arguments of macros are skipped, because their
    /// variables are unknown.
    fn check_rest(&mut self, scope: &mut Scope<'_, '_>, method: &Ident, args: &[Arg]) {
        if !macros::is_macro(&method.text) {
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
        let names = names_of(ty);
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

    fn string_method(
        &mut self,
        scope: &mut Scope<'_, '_>,
        receiver: Typed,
        name: &str,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let (least, most) = match name {
            "lowerAscii" | "upperAscii" | "trim" | "reverse" | "size" => (0, 0),
            "substring" | "split" | "indexOf" | "lastIndexOf" => (1, 2),
            "replace" => (2, 3),
            _ => (1, 1),
        };
        let Some(args) = self.arguments_of(scope, name, args, least, most, span) else {
            return scope.broken(span);
        };
        if name == "matches" {
            return self.matches(scope, receiver, args.first().copied(), span);
        }
        let types: &[Ty] = match name {
            "charAt" | "substring" => &[Ty::Int, Ty::Int],
            "replace" => &[Ty::String, Ty::String, Ty::Int],
            _ => &[Ty::String, Ty::Int],
        };
        let mut values =
            args.iter().zip(types).map(|(arg, ty)| self.expect(scope, arg, ty).expr).collect::<Vec<_>>().into_iter();
        let a = receiver.expr;
        let mut next = || values.next();
        let made = match name {
            "size" => Some((Node::SizeString { a }, Ty::Int)),
            "lowerAscii" => Some((Node::LowerAscii { a }, Ty::String)),
            "upperAscii" => Some((Node::UpperAscii { a }, Ty::String)),
            "trim" => Some((Node::Trim { a }, Ty::String)),
            "reverse" => Some((Node::ReverseString { a }, Ty::String)),
            "contains" => next().map(|b| (Node::Contains { a, b }, Ty::Bool)),
            "startsWith" => next().map(|b| (Node::StartsWith { a, b }, Ty::Bool)),
            "endsWith" => next().map(|b| (Node::EndsWith { a, b }, Ty::Bool)),
            "charAt" => next().map(|at| (Node::CharAt { a, at }, Ty::String)),
            "indexOf" => next().map(|b| (Node::IndexOf { a, b, from: next() }, Ty::Int)),
            "lastIndexOf" => next().map(|b| (Node::LastIndexOf { a, b, from: next() }, Ty::Int)),
            "substring" => next().map(|from| (Node::Substring { a, from, to: next() }, Ty::String)),
            "split" => next().map(|by| (Node::Split { a, by, limit: next() }, Ty::String.list())),
            "replace" => {
                next().zip(next()).map(|(from, to)| (Node::Replace { a, from, to, limit: next() }, Ty::String))
            }
            _ => None,
        };
        match made {
            Some((node, ty)) => scope.typed(self, node, ty, span),
            None => scope.broken(span),
        }
    }

    fn matches(&mut self, scope: &mut Scope<'_, '_>, receiver: Typed, pattern: Option<&Expr>, span: Span) -> Typed {
        let Some(expr) = pattern else { return scope.broken(span) };
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

    fn collection_method(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        receiver: Typed,
        method: &Ident,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let name = method.text.as_str();
        let (least, most) = match name {
            "get" => (1, 1),
            "slice" => (2, 2),
            "join" | "flatten" => (0, 1),
            _ => (0, 0),
        };
        let Some(args) = self.arguments_of(scope, name, args, least, most, span) else {
            return scope.broken(span);
        };
        match (name, receiver.ty.clone(), args.first()) {
            ("size", ..) => self.size(scope, receiver, method.span, span),
            ("get", Ty::Map(value), Some(key)) => {
                let key = self.expect(scope, key, &Ty::String);
                let node = Node::GetMap { of: receiver.expr, key: key.expr };
                scope.typed(self, node, value.as_ref().clone().optional(), span)
            }
            ("join", _, by) => {
                let list = self.coerce(scope, of, receiver, &Ty::String.list());
                let by = match by {
                    Some(by) => self.expect(scope, by, &Ty::String),
                    None => scope.typed(
                        self,
                        Node::Const { value: serde_json::Value::String(String::new()) },
                        Ty::String,
                        span,
                    ),
                };
                scope.typed(self, Node::Join { a: list.expr, by: by.expr }, Ty::String, span)
            }
            (_, Ty::List(item), _) => self.list_method(scope, of, receiver, &item, name, &args, span),
            _ => scope.broken(span),
        }
    }

    fn time_method(
        &mut self,
        scope: &mut Scope<'_, '_>,
        receiver: Typed,
        name: &str,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let timestamp = receiver.ty == Ty::Timestamp;
        let Some(args) = self.arguments_of(scope, name, args, 0, usize::from(timestamp), span) else {
            return scope.broken(span);
        };
        let Some(part) = TimePart::from_word(name) else {
            return scope.broken(span);
        };
        let zone = args.first().map(|zone| self.expect(scope, zone, &Ty::String).expr);
        let a = receiver.expr;
        let node = if timestamp { Node::TsPart { part, a, zone } } else { Node::DurPart { part, a } };
        scope.typed(self, node, Ty::Int, span)
    }
}
