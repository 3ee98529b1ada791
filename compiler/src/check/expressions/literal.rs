//! Literals: numbers, strings, lists and braces.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, Field, Ident, Key, Part, Template};
use hookc_plan::{Entry, Node, TextOn};
use serde_json::Value;
use smol_str::SmolStr;

use crate::check::expressions::callee::Owner;
use crate::check::expressions::coerce::SECRETS_ARE_PASSED;
use crate::check::expressions::expr::join;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ids::RecordId;
use crate::ty::Ty;

/// The largest integer up to which every integer is exact as a float.
const EXACT: u64 = 1 << 53;

impl<'s> ExpressionChecker<'_, 's> {
    pub(crate) fn scalar(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: Option<&Ty>) -> Typed {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Bool(value) => scope.typed(self, Node::Const { value: Value::Bool(*value) }, Ty::Bool, span),
            ExprKind::Int(value) => self.int(scope, *value, false, span, want),
            ExprKind::Float(value) => self.float(scope, *value, span),
            ExprKind::Duration(nanos) => {
                let value = Value::String(hookc_plan::duration_text(*nanos));
                scope.typed(self, Node::Const { value }, Ty::Duration, span)
            }
            _ => scope.typed(self, Node::Const { value: Value::Null }, Ty::Null, span),
        }
    }

    /// `-7`, `-0.5`, `-5s`: a single literal, so that the smallest integer can be written.
    pub(crate) fn negative_literal(
        &mut self,
        scope: &mut Scope<'_, '_>,
        operand: &Expr,
        span: Span,
        want: Option<&Ty>,
    ) -> Option<Typed> {
        match &operand.kind {
            ExprKind::Int(value) => Some(self.int(scope, *value, true, span, want)),
            ExprKind::Float(value) => Some(self.float(scope, -value, span)),
            ExprKind::Duration(nanos) => {
                let value = Value::String(hookc_plan::duration_text(nanos.checked_neg()?));
                Some(scope.typed(self, Node::Const { value }, Ty::Duration, span))
            }
            _ => None,
        }
    }

    fn int(&mut self, scope: &mut Scope<'_, '_>, value: u64, negative: bool, span: Span, want: Option<&Ty>) -> Typed {
        if want.is_some_and(|want| *want.required() == Ty::Float) {
            if value > EXACT {
                let message = "this integer cannot be represented exactly as a `float`";
                self.error_at(diagnostics::BAD_NUMBER, scope.place(span), message);
            }
            #[expect(clippy::cast_precision_loss, reason = "up to 2^53 there is none")]
            let float = value as f64;
            return self.float(scope, if negative { -float } else { float }, span);
        }
        let signed = if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() };
        let Some(signed) = signed else {
            self.error_at(diagnostics::BAD_NUMBER, scope.place(span), "this integer does not fit in 64 bits");
            return scope.broken(span);
        };
        scope.typed(self, Node::Const { value: Value::from(signed) }, Ty::Int, span)
    }

    fn float(&mut self, scope: &mut Scope<'_, '_>, value: f64, span: Span) -> Typed {
        scope.typed(self, Node::Const { value: Value::from(value) }, Ty::Float, span)
    }

    /// A string. The value of each `${…}` must have a text form.
    pub(crate) fn template(&mut self, scope: &mut Scope<'_, '_>, template: &Template, span: Span) -> Typed {
        if let Some(text) = template.as_const() {
            return scope.typed(self, Node::Const { value: Value::String(text.to_owned()) }, Ty::String, span);
        }
        let mut parts = Vec::with_capacity(template.parts.len());
        for part in &template.parts {
            match part {
                Part::Text(text) => {
                    let node = Node::Const { value: Value::String(text.to_string()) };
                    parts.push(*scope.typed(self, node, Ty::String, span).expr);
                }
                Part::Hole(hole) => {
                    let typed = self.expr(scope, hole, None);
                    parts.push(*self.text_form(scope, hole, typed).expr);
                }
            }
        }
        scope.typed(self, Node::Template { parts }, Ty::String, span)
    }

    /// The text form of a value, as in a template or an argument of a program.
    pub(crate) fn text_form(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed) -> Typed {
        let typed = self.required(scope, expr, typed);
        let on = match &typed.ty {
            Ty::Error => return typed,
            Ty::Secret if scope.secrets => return typed,
            Ty::String => return typed,
            Ty::Bool => TextOn::Bool,
            Ty::Int => TextOn::Int,
            Ty::Float => TextOn::Float,
            Ty::Duration => TextOn::Duration,
            Ty::Timestamp => TextOn::Timestamp,
            Ty::Path => TextOn::Path,
            Ty::Uri => TextOn::Uri,
            Ty::Enum(_) => TextOn::Enum,
            Ty::List(_) if !self.program.holds_secret(&typed.ty) => TextOn::List,
            Ty::Map(_) if !self.program.holds_secret(&typed.ty) => TextOn::Map,
            Ty::Record(_) if !self.program.holds_secret(&typed.ty) => TextOn::Record,
            Ty::Json => {
                let message = "a `json` value cannot be converted to text";
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(expr.span), message);
                return scope.broken(expr.span);
            }
            _ => {
                self.report(self.secret_in_text(scope, expr));
                return scope.broken(expr.span);
            }
        };
        scope.typed(self, Node::ToText { on, a: typed.expr }, Ty::String, expr.span)
    }

    fn secret_in_text(&self, scope: &Scope<'_, '_>, expr: &Expr) -> Diagnostic {
        let place = scope.place(expr.span);
        let message = "a secret cannot be converted to text here";
        Diagnostic::new(diagnostics::SECRET_FLOW, place, message).help(SECRETS_ARE_PASSED)
    }

    pub(crate) fn list(&mut self, scope: &mut Scope<'_, '_>, items: &[Expr], span: Span, want: Option<&Ty>) -> Typed {
        let item_want = match want.map(Ty::required).filter(|want| !want.is_open()) {
            Some(Ty::List(item)) => Some(item.as_ref().clone()),
            Some(Ty::Json) => return self.json_list(scope, items, span),
            _ => None,
        };
        let exprs: Vec<&Expr> = items.iter().collect();
        match self.of_one_type(scope, &exprs, item_want, "items") {
            Some((items, ty)) => scope.typed(self, Node::List { items }, ty.list(), span),
            None => scope.broken(span),
        }
    }

    /// Values of one type: the wanted one, or their common one. `None` after a report that they have none.
    fn of_one_type(
        &mut self,
        scope: &mut Scope<'_, '_>,
        items: &[&Expr],
        want: Option<Ty>,
        what: &str,
    ) -> Option<(Vec<hookc_plan::Expr>, Ty)> {
        // The first item whose type needs no hint decides the type of the others. Each item is checked once.
        let decisive = if want.is_some() { None } else { items.iter().position(|item| !self.needs_hint(scope, item)) };
        let mut first = decisive.and_then(|index| items.get(index)).map(|item| self.expr(scope, item, None));
        let mut ty = want.clone().or_else(|| first.as_ref().map(|first| first.ty.clone())).unwrap_or(Ty::Never);
        let mut typed: Vec<Typed> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let hint = Some(&ty).filter(|ty| !ty.is_error() || want.is_some());
            let value = match first.take_if(|_| decisive == Some(index)) {
                Some(first) => first,
                None => self.expr(scope, item, hint),
            };
            if want.is_none() {
                let Some(joined) = join(&ty, &value.ty) else {
                    let (a, b) = (self.show(&ty), self.show(&value.ty));
                    let message = format!("the {what} have different types: `{a}` and `{b}`");
                    self.error_at(diagnostics::TYPE_MISMATCH, scope.place(item.span), message);
                    return None;
                };
                ty = joined;
            }
            typed.push(value);
        }
        let exprs = items.iter().zip(typed).map(|(item, value)| *self.coerce(scope, item, value, &ty).expr).collect();
        Some((exprs, ty))
    }

    pub(crate) fn braces(
        &mut self,
        scope: &mut Scope<'_, '_>,
        fields: &[Field],
        span: Span,
        want: Option<&Ty>,
    ) -> Typed {
        match want.map(Ty::required) {
            Some(Ty::Record(id)) => self.record_literal(scope, *id, fields, span),
            Some(Ty::Map(value)) if value.is_open() => self.map_literal(scope, fields, span, None),
            Some(Ty::Map(value)) => self.map_literal(scope, fields, span, Some(value)),
            Some(Ty::Json) => self.json_object(scope, fields, span),
            Some(Ty::Error) => scope.broken(span),
            _ if fields.iter().all(|field| matches!(field.key, Key::Text(..))) => {
                self.map_literal(scope, fields, span, None)
            }
            _ => {
                let place = scope.place(span);
                let message = "cannot infer the record type of this value";
                let diagnostic = Diagnostic::new(diagnostics::TYPE_MISMATCH, place, message);
                self.report(
                    diagnostic.help("add a type to the declaration, or write the keys as strings to make a map"),
                );
                scope.broken(span)
            }
        }
    }

    fn map_literal(&mut self, scope: &mut Scope<'_, '_>, fields: &[Field], span: Span, want: Option<&Ty>) -> Typed {
        let mut keys: Vec<SmolStr> = Vec::with_capacity(fields.len());
        let mut values: Vec<&Expr> = Vec::with_capacity(fields.len());
        for field in fields {
            if let Some(key) = self.new_key(scope, field, &keys) {
                keys.push(key);
                values.push(&field.value);
            }
        }
        let Some((values, ty)) = self.of_one_type(scope, &values, want.cloned(), "values") else {
            return scope.broken(span);
        };
        let entries = keys.into_iter().zip(values).map(|(key, value)| Entry { key, value }).collect();
        scope.typed(self, Node::Map { entries }, Ty::Map(ty.into()), span)
    }

    /// A key that was not there before; `None` after a report.
    fn new_key(&mut self, scope: &Scope<'_, '_>, field: &Field, known: &[SmolStr]) -> Option<SmolStr> {
        let key = self.key_of(scope, &field.key)?.text;
        if known.contains(&key) {
            let message = format!("the key `{key}` is given twice");
            self.error_at(diagnostics::GIVEN_TWICE, scope.place(field.span), message);
            return None;
        }
        Some(key)
    }

    /// The key of an entry, bare or quoted; `None` after a report that it is not a constant.
    pub(crate) fn key_of(&mut self, scope: &Scope<'_, '_>, key: &Key) -> Option<Ident> {
        let constant = constant_key(key);
        if let (None, Key::Text(_, span)) = (&constant, key) {
            self.error_at(diagnostics::NOT_CONSTANT, scope.place(*span), "a key must be a constant string");
        }
        constant
    }

    fn record_literal(&mut self, scope: &mut Scope<'_, '_>, id: RecordId, fields: &[Field], span: Span) -> Typed {
        let def = self.program.record(id);
        let mut given: Vec<Entry> = Vec::new();
        for field in fields {
            let Some(key) = self.key_of(scope, &field.key) else {
                self.expr(scope, &field.value, Some(&Ty::Error));
                continue;
            };
            if given.iter().any(|entry| entry.key == key.text) {
                let message = format!("the field `{}` is given twice", key.text);
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(field.span), message);
                continue;
            }
            self.probe_field(scope, id, fields, &key);
            let Some(param) = def.fields.get(&key.text) else {
                self.unknown_field(scope, id, &key);
                self.expr(scope, &field.value, Some(&Ty::Error));
                continue;
            };
            self.note_param(scope.place(key.span), param, &def.name);
            let value = self.expect(scope, &field.value, &param.ty);
            given.push(Entry { key: key.text, value: *value.expr });
        }
        let entries = self.complete_record(scope, id, given, span);
        self.check_field_rules(scope, id, fields, &entries, span);
        let name = self.key(crate::symbol::Symbol::Record(id));
        scope.typed(self, Node::Record { name, fields: entries }, Ty::Record(id), span)
    }

    /// Offers the missing fields if the cursor is on a key.
    fn probe_field(&mut self, scope: &Scope<'_, '_>, id: RecordId, fields: &[Field], key: &Ident) {
        let place = scope.place(key.span);
        if !self.probed(place) {
            return;
        }
        let def = self.program.record(id);
        let keys = fields.iter().filter_map(|field| constant_key(&field.key));
        let given: Vec<SmolStr> = keys.filter(|other| other.span != key.span).map(|other| other.text).collect();
        let callee = crate::check::expressions::callee::Callee {
            kind: "record",
            name: &def.name,
            params: &def.fields,
            place: def.place,
            positional: false,
            owner: crate::check::Owner::Local,
        };
        self.complete_labels(&callee, &given, place);
    }

    /// The fields in declared order, including defaults. Missing ones are reported.
    fn complete_record(
        &mut self,
        scope: &mut Scope<'_, '_>,
        id: RecordId,
        mut given: Vec<Entry>,
        span: Span,
    ) -> Vec<Entry> {
        let def = self.program.record(id);
        let mut entries = Vec::with_capacity(def.fields.len());
        let mut missing = Vec::new();
        for field in def.fields.values() {
            if let Some(index) = given.iter().position(|entry| entry.key == field.name) {
                entries.push(given.swap_remove(index));
            } else if let Some(value) = self.default_of(field, scope.plan_span(span)) {
                entries.push(Entry { key: field.name.clone(), value });
            } else if field.ty != Ty::Error {
                missing.push(format!("`{}`", field.name));
            }
        }
        if !missing.is_empty() && self.is_whole(def.fields.damage) {
            let message = {
                let plural = if missing.len() > 1 { "s" } else { "" };
                format!("missing field{plural} {} in `{}`", missing.join(", "), def.name)
            };
            self.error_at(diagnostics::MISSING_ARGUMENT, scope.place(span), message);
        }
        entries
    }

    /// Checks the rules of the fields that read only constants.
    fn check_field_rules(
        &mut self,
        scope: &Scope<'_, '_>,
        id: RecordId,
        fields: &[Field],
        entries: &[Entry],
        span: Span,
    ) {
        let def = self.program.record(id);
        if def.fields.values().all(|field| field.ast.is_none_or(|ast| ast.constraint.is_none())) {
            return;
        }
        let values: Vec<hookc_plan::Arg> = entries
            .iter()
            .map(|entry| hookc_plan::Arg { name: entry.key.clone(), value: entry.value.clone() })
            .collect();
        for index in 0..def.fields.len() {
            let Some((name, param)) = def.fields.get_index(index) else {
                continue;
            };
            let given = fields.iter().find(|field| constant_key(&field.key).is_some_and(|key| key.text == *name));
            let place = scope.place(given.map_or(span, |field| field.value.span));
            self.check_rule(Owner::Local, &def.fields, index, param, &values, place);
        }
    }

    pub(crate) fn unknown_field(&mut self, scope: &Scope<'_, '_>, id: RecordId, key: &Ident) {
        let def = self.program.record(id);
        if !self.is_whole(def.fields.damage) {
            return;
        }
        let place = scope.place(key.span);
        let message = format!("`{}` has no field `{}`", def.name, key.text);
        let help = did_you_mean(&key.text, def.fields.keys().map(SmolStr::as_str));
        self.report(Diagnostic::new(diagnostics::UNKNOWN_FIELD, place, message).maybe_help(help));
    }

    fn json_list(&mut self, scope: &mut Scope<'_, '_>, items: &[Expr], span: Span) -> Typed {
        let items = items.iter().map(|item| *self.json(scope, item).expr).collect();
        scope.typed(self, Node::List { items }, Ty::Json, span)
    }

    fn json_object(&mut self, scope: &mut Scope<'_, '_>, fields: &[Field], span: Span) -> Typed {
        let mut keys: Vec<SmolStr> = Vec::with_capacity(fields.len());
        let mut entries: Vec<Entry> = Vec::with_capacity(fields.len());
        for field in fields {
            let Some(key) = self.new_key(scope, field, &keys) else { continue };
            keys.push(key.clone());
            entries.push(Entry { key, value: *self.json(scope, &field.value).expr });
        }
        scope.typed(self, Node::MapOf { entries }, Ty::Json, span)
    }

    /// A JSON value: a literal whose leaves can be expressions.
    fn json(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr) -> Typed {
        self.expect(scope, expr, &Ty::Json)
    }
}

/// The key of an entry, bare or quoted, if it is a constant.
fn constant_key(key: &Key) -> Option<Ident> {
    match key {
        Key::Word(word) => Some(word.clone()),
        Key::Text(template, span) => template.as_const().map(|text| Ident { text: SmolStr::new(text), span: *span }),
    }
}
