//! Connections, and what profiles bind them to.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, Ident, MockOutputs, ProfileEntry};
use hookc_plan as plan;
use hookc_plan::{ConnectionValue, FieldValue, Mock, Node};
use smol_str::SmolStr;

use crate::check::expressions::callee::Callee;
use crate::check::{Checker, Env, Scope};
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ids::{ConnectionId, ProfileId};
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::Ty;

/// What a profile says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binding {
    pub(crate) connections: BTreeMap<u32, ConnectionValue>,
    pub(crate) provider: Option<plan::Provider>,
    pub(crate) allow_private: bool,
}

impl<'s> Checker<'_, 's> {
    pub(crate) fn check_connections(&mut self) {
        for index in 0..self.program.connections.len() {
            self.connection_fields(ConnectionId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
    }

    /// The declared value of a connection.
    pub(crate) fn connection_fields(&mut self, id: ConnectionId) -> BTreeMap<SmolStr, FieldValue> {
        let program = self.program;
        let item = program.connection(id);
        let mut scope = Scope::new(item.file, item.at, Env::Plain);
        let ty = program.connection_ty(id).clone();
        self.connection_value(&mut scope, &item.ast.value, &ty)
    }

    fn connection_value(&mut self, scope: &mut Scope<'_, 's>, value: &Expr, ty: &Ty) -> BTreeMap<SmolStr, FieldValue> {
        if !matches!(value.kind, ExprKind::Braces(_) | ExprKind::Error) && *ty != Ty::Error {
            let place = scope.place(value.span);
            let diagnostic =
                Diagnostic::new(diagnostics::TYPE_MISMATCH, place, "the value of a connection must be in braces");
            self.report(diagnostic.help("write `{ field: value, … }`; a profile can also bind it to `mock`"));
            return BTreeMap::new();
        }
        let typed = self.expect(scope, value, ty);
        let mut fields = BTreeMap::new();
        let Node::Record { fields: entries, .. } = typed.expr.node else {
            return fields;
        };
        for entry in entries {
            let place = scope.place(value.span);
            let field = match entry.value.node {
                Node::Secret { name } => FieldValue::Secret(name),
                _ => {
                    let typed = crate::check::Typed { ty: Ty::String, expr: Box::new(entry.value) };
                    match self.evaluated(typed, place) {
                        Some(typed) => FieldValue::Const(*typed.expr),
                        None => continue,
                    }
                }
            };
            fields.insert(entry.key, field);
        }
        fields
    }

    /// Checks a profile and returns its bindings.
    pub(crate) fn profile(&mut self, id: ProfileId) -> Binding {
        let program = self.program;
        let item = program.profile(id);
        let mut binding = Binding::default();
        for entry in &item.ast.entries {
            let mut scope = Scope::new(item.file, item.at, Env::Plain);
            match entry {
                ProfileEntry::Connection { name, value, span } => {
                    let Some(id) = self.connection_named(&scope, name) else {
                        continue;
                    };
                    let ty = program.connection_ty(id).clone();
                    let value = ConnectionValue::Fields(self.connection_value(&mut scope, value, &ty));
                    self.bind(&scope, &mut binding, id, value, *span);
                }
                ProfileEntry::Mock { name, outputs, span } => {
                    let Some(id) = self.connection_named(&scope, name) else {
                        continue;
                    };
                    let (fields, _) = self.quietly(|checker| checker.connection_fields(id));
                    let outputs = self.mock_outputs(&mut scope, id, outputs);
                    self.bind(&scope, &mut binding, id, ConnectionValue::Mock(Mock { outputs, fields }), *span);
                }
                ProfileEntry::Secrets { provider, value, span } => {
                    let provider = self.provider(&mut scope, provider, value.as_ref(), *span);
                    if binding.provider.is_some() {
                        self.error_at(diagnostics::GIVEN_TWICE, scope.place(*span), "`secrets` is given twice");
                    }
                    binding.provider = provider.or(binding.provider.take());
                }
                ProfileEntry::AllowPrivate(_) => binding.allow_private = true,
            }
        }
        binding
    }

    fn bind(
        &mut self,
        scope: &Scope<'_, '_>,
        binding: &mut Binding,
        id: ConnectionId,
        value: ConnectionValue,
        span: Span,
    ) {
        if binding.connections.insert(id.0, value).is_some() {
            let message = format!("connection `{}` is given twice", self.program.connection(id).name);
            self.error_at(diagnostics::GIVEN_TWICE, scope.place(span), message);
        }
    }

    fn connection_named(&mut self, scope: &Scope<'_, '_>, name: &Ident) -> Option<ConnectionId> {
        let place = scope.place(name.span);
        self.complete_symbols(place, &[Kind::Connection]);
        match self.lookup(scope.file, &name.text) {
            Some(symbol @ Symbol::Connection(id)) => {
                self.note_symbol(place, symbol);
                return Some(id);
            }
            Some(other) => {
                let message = format!("`{}` is {}, not a connection", name.text, other.a_kind());
                self.error_at(diagnostics::UNKNOWN_CONNECTION, scope.place(name.span), message);
                return None;
            }
            None => {}
        }
        let names = &self.program.scope(scope.file).names;
        let mut fitting: Vec<&str> = names
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Connection(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        fitting.sort_unstable();
        let kinds = &[SymbolKind::Connection];
        if self.program.hides(&Wanted { name: &name.text, place, kinds, known: &fitting, is_value: false }) {
            return None;
        }
        let message = format!("unknown connection `{}`", name.text);
        let help = did_you_mean(&name.text, fitting);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_CONNECTION, place, message).maybe_help(help));
        None
    }

    /// The outputs of mocked components. Components that take this connection and have required outputs must be named.
    fn mock_outputs(
        &mut self,
        scope: &mut Scope<'_, 's>,
        connection: ConnectionId,
        written: &[MockOutputs],
    ) -> BTreeMap<SmolStr, BTreeMap<SmolStr, plan::Expr>> {
        let ty = self.program.connection_ty(connection).clone();
        let mut outputs = BTreeMap::new();
        for mock in written {
            let Some(id) = self.component_named(scope, &mock.component) else {
                continue;
            };
            let def = self.program.component(id);
            let unsure = ty.is_error() || !self.is_whole(def.inputs.damage);
            if !unsure && !def.inputs.values().any(|input| input.ty.is_error() || input.ty.required() == &ty) {
                let message = format!("component `{}` has no input for this connection", def.item.name);
                self.error_at(diagnostics::BAD_MOCK, scope.place(mock.component.span), message);
            }
            let callee = Callee::outputs("the mock of", &def.item.name, &def.outputs, def.item.place);
            let values = self.arguments(scope, &callee, &mock.outputs, mock.component.span);
            let values: BTreeMap<SmolStr, plan::Expr> = values.into_iter().map(|arg| (arg.name, arg.value)).collect();
            if outputs.insert(self.key(Symbol::Component(id)), values).is_some() {
                let message = format!("`{}` is given twice", def.item.name);
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(mock.component.span), message);
            }
        }
        outputs
    }

    fn provider(
        &mut self,
        scope: &mut Scope<'_, 's>,
        word: &Ident,
        value: Option<&Expr>,
        span: Span,
    ) -> Option<plan::Provider> {
        let bad = |checker: &mut Self, scope: &Scope<'_, '_>, at: Span| {
            let place = scope.place(at);
            let diagnostic = Diagnostic::new(diagnostics::BAD_SETTING, place, "this is not a valid source of secrets");
            checker.report(
                diagnostic
                    .help("write `secrets env`, `secrets file \".secrets\"` or `secrets exec [\"pass\", \"show\"]`"),
            );
        };
        self.complete_words(scope.place(word.span), Kind::Keyword, ["env", "file", "exec"]);
        match (word.text.as_str(), value) {
            ("env", None) => Some(plan::Provider::Env),
            ("file", Some(path)) => {
                let text = self.constant_text(scope, path, "the path of the secrets file")?.as_const()?;
                Some(plan::Provider::File(text.to_owned()))
            }
            ("exec", Some(list)) => {
                let plan::Value::List(items) = self.constant_setting(scope, list, &Ty::String.list())? else {
                    return None;
                };
                let command: Vec<String> = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
                if command.is_empty() {
                    bad(self, scope, list.span);
                    return None;
                }
                Some(plan::Provider::Exec(command))
            }
            _ => {
                bad(self, scope, span);
                None
            }
        }
    }
}
