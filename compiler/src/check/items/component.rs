//! Components and agents: their bodies and settings.

use std::collections::BTreeMap;

use hookc_grammar::ast::{BodyEntry, ComponentKind, Expr, ExprKind, Ident, Setting, SettingValue};
use hookc_grammar::{BlockKind, Keyword, Span};
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::expressions::callee::Owner;
use crate::check::parameters::BareNames;
use crate::check::{Checker, Env, Scope};
use crate::declare::ComponentDef;
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ids::ComponentId;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::Ty;

/// The parts of a body that is being read.
struct Parts {
    component: plan::Component,
    /// The place of the body that is not `external`.
    own_body: Option<Span>,
    /// Whether an `external` body names an engine that does not exist.
    has_unknown_engine: bool,
    result: Option<Span>,
    seen: Vec<SmolStr>,
}

impl<'s> Checker<'_, 's> {
    /// Checks a component and returns its form in the plan.
    pub(crate) fn component(&mut self, id: ComponentId) -> plan::Component {
        let program = self.program;
        let def = program.component(id);
        let ast = def.item.ast;
        self.check_hidden(&def.inputs, BareNames::Consts);
        self.check_defaults(Owner::Component, &def.inputs);
        self.check_outputs(&def.outputs);
        let component = plan::Component {
            kind: match ast.kind {
                ComponentKind::Component => plan::ComponentKind::Component,
                ComponentKind::Agent => plan::ComponentKind::Agent,
            },
            inputs: self.fields(Owner::Component, &def.inputs),
            outputs: self.fields(Owner::Component, &def.outputs),
            bodies: Vec::new(),
            image: None,
            env: BTreeMap::new(),
            cwd: None,
            outputs_from: plan::OutputsFrom::File,
            model: None,
            prompt: None,
            tools: Vec::new(),
            doc: ast.doc.as_ref().map(ToString::to_string),
            span: self.plan_span(def.item.place),
        };
        let mut parts = Parts { component, own_body: None, has_unknown_engine: false, result: None, seen: Vec::new() };
        let mut scope = Scope::new(def.item.file, def.item.at, Env::Component(&def.inputs));
        for entry in &ast.entries {
            self.body_entry(&mut scope, def, &mut parts, entry);
        }
        self.check_body(&scope, def, &parts);
        self.lint_component(&scope, &parts.component);
        parts.component
    }

    fn body_entry(&mut self, scope: &mut Scope<'_, 's>, def: &ComponentDef<'s>, parts: &mut Parts, entry: &BodyEntry) {
        match entry {
            BodyEntry::Exec(list, span) => {
                let items = self.exec(scope, list);
                self.own_body(scope, parts, *span, plan::Body::Exec(items));
            }
            BodyEntry::Shell(text, span) => {
                self.check_shell_names(def);
                self.own_body(scope, parts, *span, plan::Body::Shell(text.to_string()));
            }
            BodyEntry::Python(target, span) => {
                if let Some(python) = self.python(scope, target) {
                    self.own_body(scope, parts, *span, plan::Body::Python(python));
                } else {
                    parts.own_body = Some(*span);
                }
            }
            BodyEntry::Http(http) => {
                let body = self.http(scope, http);
                self.own_body(scope, parts, http.span, plan::Body::Http(Box::new(body)));
            }
            BodyEntry::Ask(question, span) => {
                let question = self.text_for_people(scope, question);
                self.own_body(scope, parts, *span, plan::Body::Ask(question));
            }
            BodyEntry::External { engine, target, span } => self.external(scope, parts, engine, target, *span),
            BodyEntry::Result(from, span) => self.result_setting(scope, parts, from, *span),
            BodyEntry::Setting(setting) => self.component_setting(scope, def, parts, setting),
        }
    }

    /// The one body besides `external`.
    fn own_body(&mut self, scope: &Scope<'_, '_>, parts: &mut Parts, span: Span, body: plan::Body) {
        if let Some(first) = parts.own_body {
            let (place, first) = (scope.place(span), scope.place(first));
            let message = "a component can have only one body besides `external`";
            let diagnostic = Diagnostic::new(diagnostics::GIVEN_TWICE, place, message);
            self.report(diagnostic.label(first, "first body here"));
            return;
        }
        parts.own_body = Some(span);
        parts.component.bodies.insert(0, body);
    }

    fn exec(&mut self, scope: &mut Scope<'_, '_>, list: &Expr) -> Vec<plan::ExecItem> {
        let ExprKind::List(items) = &list.kind else {
            if !matches!(list.kind, ExprKind::Error) {
                let place = scope.place(list.span);
                let diagnostic = Diagnostic::new(diagnostics::TYPE_MISMATCH, place, "`exec` expects a list");
                self.report(diagnostic.help("write each argument as an item: `exec [\"python3\", \"train.py\"]`"));
            }
            return Vec::new();
        };
        if items.is_empty() {
            self.error_at(
                diagnostics::MISSING,
                scope.place(list.span),
                "`exec` expects at least one item: the program",
            );
        }
        items
            .iter()
            .map(|item| match &item.kind {
                ExprKind::Spread(list) => plan::ExecItem::Spread(plan::Spread { spread: self.spread(scope, list) }),
                _ => plan::ExecItem::One(self.text(scope, item)),
            })
            .collect()
    }

    /// `...list`: each item is one argument, in its text form.
    fn spread(&mut self, scope: &mut Scope<'_, '_>, list: &Expr) -> plan::Expr {
        let typed = self.value(scope, list, None);
        let item = match &typed.ty {
            Ty::List(item) => item.as_ref().clone(),
            Ty::Error => return *typed.expr,
            other => {
                let message = format!("`...` expects a list, found `{}`", self.show(other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(list.span), message);
                return *typed.expr;
            }
        };
        if item == Ty::String {
            return *typed.expr;
        }
        let var = SmolStr::new_static("item");
        let read = scope.typed(self, plan::Node::Local { name: var.clone() }, item, list.span);
        let body = self.text_form(scope, list, read);
        let node = plan::Node::Macro {
            kind: plan::MacroKind::Map,
            over: typed.expr,
            var,
            value_var: None,
            keep: None,
            body: body.expr,
        };
        *scope.typed(self, node, Ty::String.list(), list.span).expr
    }

    fn python(&mut self, scope: &Scope<'_, '_>, target: &Expr) -> Option<plan::Python> {
        let text = self.constant_text(scope, target, "the target of `python`")?.as_const()?;
        let split = text.split_once(':').filter(|(module, function)| is_module(module) && is_word(function));
        if split.is_none() {
            let place = scope.place(target.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_CONSTANT, place, "this is not a valid Python function");
            self.report(diagnostic.help("write `\"module:function\"`"));
        }
        split.map(|(module, function)| plan::Python { module: module.to_owned(), function: function.to_owned() })
    }

    /// Checks the input names of a script. They are passed as `HOOK_INPUT_<NAME>`, so they must differ in upper case.
    fn check_shell_names(&mut self, def: &ComponentDef<'s>) {
        let mut upper: Vec<String> = Vec::new();
        for input in def.inputs.values() {
            let name = input.name.to_uppercase();
            if !input.name.is_ascii() || upper.contains(&name) {
                let message =
                    format!("input `{}` cannot be passed to the script as an environment variable", input.name);
                let diagnostic = Diagnostic::new(diagnostics::BAD_INPUT_NAME, input.place, message);
                self.report(diagnostic.help("use ASCII names that differ in more than upper and lower case"));
            }
            upper.push(name);
        }
    }

    fn external(&mut self, scope: &Scope<'_, '_>, parts: &mut Parts, engine: &Ident, target: &Expr, span: Span) {
        let known = plan::Engine::from_word(&engine.text);
        if known.is_none() {
            self.unknown_engine(scope, engine);
            parts.has_unknown_engine = true;
        }
        self.once(scope, parts, &format!("external {}", engine.text), span);
        let text =
            self.constant_text(scope, target, "the target of `external`").and_then(|template| template.as_const());
        if let Some(engine) = known {
            let target = text.unwrap_or_default().to_owned();
            parts.component.bodies.push(plan::Body::External(plan::External { engine, target }));
        }
    }

    fn unknown_engine(&mut self, scope: &Scope<'_, '_>, engine: &Ident) {
        let engines: Vec<&str> = plan::Engine::ALL.iter().map(|engine| engine.word()).collect();
        let message = format!("unknown engine `{}`", engine.text);
        let help = did_you_mean(&engine.text, engines.iter().copied())
            .unwrap_or_else(|| format!("available engines: {}", engines.join(", ")));
        let place = scope.place(engine.span);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_ENGINE, place, message).help(help));
    }

    fn result_setting(&mut self, scope: &Scope<'_, '_>, parts: &mut Parts, from: &Ident, span: Span) {
        self.once(scope, parts, "result", span);
        parts.result = Some(span);
        match plan::OutputsFrom::from_word(&from.text) {
            Some(word) => parts.component.outputs_from = word,
            None => {
                let place = scope.place(from.span);
                let message = format!("unknown value `{}` for `result`", from.text);
                self.report(Diagnostic::new(diagnostics::BAD_SETTING, place, message).help("write `result stdout`"));
            }
        }
    }

    fn once(&mut self, scope: &Scope<'_, '_>, parts: &mut Parts, word: &str, span: Span) {
        if parts.seen.iter().any(|seen| seen == word) {
            let message = format!("`{word}` is given twice");
            self.error_at(diagnostics::GIVEN_TWICE, scope.place(span), message);
        }
        parts.seen.push(word.into());
    }

    fn component_setting(
        &mut self,
        scope: &mut Scope<'_, '_>,
        def: &ComponentDef<'s>,
        parts: &mut Parts,
        setting: &Setting,
    ) {
        let (block, of) = match def.item.ast.kind {
            ComponentKind::Agent => (BlockKind::Agent, "an agent"),
            ComponentKind::Component => (BlockKind::Component, "a component"),
        };
        let keyword = setting.keyword.filter(|word| word.begins_in(block));
        let (Some(keyword), SettingValue::Value(value)) = (keyword, &setting.value) else {
            return self.unknown_setting(scope, &setting.word, Keyword::entries_of(block), of);
        };
        match keyword {
            Keyword::Image => parts.component.image = Some(self.text(scope, value)),
            Keyword::Cwd => parts.component.cwd = Some(self.text(scope, value)),
            Keyword::Env => parts.component.env = self.env(scope, value),
            Keyword::Model => parts.component.model = Some(self.text(scope, value)),
            Keyword::Prompt => parts.component.prompt = Some(self.text(scope, value)),
            Keyword::Tools => parts.component.tools = self.tools(scope, value),
            _ => return self.unknown_setting(scope, &setting.word, Keyword::entries_of(block), of),
        }
        self.once(scope, parts, keyword.text(), setting.span);
    }

    pub(crate) fn unknown_setting(
        &mut self,
        scope: &Scope<'_, '_>,
        word: &Ident,
        known: impl Iterator<Item = Keyword>,
        of: &str,
    ) {
        let place = scope.place(word.span);
        if self.program.hides_block(place) {
            return;
        }
        self.program.mark_line_used(place);
        let message = format!("{of} has no setting `{}`", word.text);
        let diagnostic =
            Diagnostic::new(diagnostics::UNKNOWN_SETTING, place, message).suggest(&word.text, known.map(Keyword::text));
        self.report(diagnostic);
    }

    /// The environment variables of the process, with values of text or secrets.
    fn env(&mut self, scope: &mut Scope<'_, '_>, value: &Expr) -> BTreeMap<SmolStr, plan::Expr> {
        let mut env = BTreeMap::new();
        for (key, span, value) in self.text_entries(scope, value, "env") {
            if !is_variable(&key) {
                let message = format!("`{key}` is not a valid name for an environment variable");
                self.error_at(diagnostics::BAD_CONSTANT, scope.place(span), message);
            }
            env.insert(key, value);
        }
        env
    }

    /// The entries of braces whose values are text or secrets.
    pub(crate) fn text_entries(
        &mut self,
        scope: &mut Scope<'_, '_>,
        value: &Expr,
        what: &str,
    ) -> Vec<(SmolStr, Span, plan::Expr)> {
        let ExprKind::Braces(fields) = &value.kind else {
            if !matches!(value.kind, ExprKind::Error) {
                let message = format!("`{what}` expects braces: `{what} {{ \"NAME\": value }}`");
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(value.span), message);
            }
            return Vec::new();
        };
        let mut entries: Vec<(SmolStr, Span, plan::Expr)> = Vec::new();
        for field in fields {
            let Some(key) = self.key_of(scope, &field.key).map(|key| key.text) else {
                continue;
            };
            if entries.iter().any(|(seen, ..)| *seen == key) {
                let message = format!("`{key}` is given twice");
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(field.span), message);
            }
            let typed = self.expr(scope, &field.value, Some(&Ty::String));
            let value = if typed.ty == Ty::Secret { typed } else { self.text_form(scope, &field.value, typed) };
            entries.push((key, field.span, *value.expr));
        }
        entries
    }

    /// An agent's tools: names of components.
    fn tools(&mut self, scope: &Scope<'_, '_>, value: &Expr) -> Vec<SmolStr> {
        let ExprKind::List(items) = &value.kind else {
            if !matches!(value.kind, ExprKind::Error) {
                self.error_at(
                    diagnostics::TYPE_MISMATCH,
                    scope.place(value.span),
                    "`tools` expects a list of components",
                );
            }
            return Vec::new();
        };
        let mut tools = Vec::new();
        for item in items {
            let ExprKind::Name(name) = &item.kind else {
                self.error_at(diagnostics::NOT_A_VALUE, scope.place(item.span), "expected the name of a component");
                continue;
            };
            let ident = Ident { text: name.clone(), span: item.span };
            if let Some(id) = self.component_named(scope, &ident) {
                tools.push(self.key(Symbol::Component(id)));
            }
        }
        tools
    }

    /// The component with this name; `None` after a report.
    pub(crate) fn component_named(&mut self, scope: &Scope<'_, '_>, name: &Ident) -> Option<ComponentId> {
        self.complete_symbols(scope.place(name.span), &[Kind::Component, Kind::Agent]);
        self.component_of(scope, name)
    }

    /// The component with this name, without completions; the caller offers them.
    pub(crate) fn component_of(&mut self, scope: &Scope<'_, '_>, name: &Ident) -> Option<ComponentId> {
        match self.lookup(scope.file, &name.text) {
            Some(symbol @ Symbol::Component(id)) => {
                self.note_symbol(scope.place(name.span), symbol);
                Some(id)
            }
            Some(other) => {
                let message = format!("`{}` is {}, not a component", name.text, other.a_kind());
                self.error_at(diagnostics::UNKNOWN_COMPONENT, scope.place(name.span), message);
                None
            }
            None => {
                self.report_unknown_callee(scope, name, SymbolKind::Component, |symbol| {
                    matches!(symbol, Symbol::Component(_))
                });
                None
            }
        }
    }

    /// Reports an unknown name after `=`, `run`, `use`, ….
    pub(crate) fn report_unknown_callee(
        &mut self,
        scope: &Scope<'_, '_>,
        name: &Ident,
        kind: SymbolKind,
        fits: impl Fn(Symbol) -> bool,
    ) {
        let place = scope.place(name.span);
        let names = &self.program.scope(scope.file).names;
        let mut fitting: Vec<&str> =
            names.iter().filter(|(_, symbol)| fits(**symbol)).map(|(name, _)| name.as_str()).collect();
        fitting.sort_unstable();
        let kinds: &[SymbolKind] = match kind {
            SymbolKind::Component => &[SymbolKind::Component, SymbolKind::Job],
            _ => &[kind],
        };
        if self.program.hides(&Wanted { name: &name.text, place, kinds, known: &fitting, is_value: false }) {
            return;
        }
        let code = match kind {
            SymbolKind::Hook => diagnostics::UNKNOWN_HOOK,
            SymbolKind::Job => diagnostics::UNKNOWN_JOB,
            _ => diagnostics::UNKNOWN_COMPONENT,
        };
        let diagnostic = Diagnostic::new(code, place, format!("unknown {} `{}`", kind.word(), name.text))
            .suggest(&name.text, fitting.iter().copied())
            .help_else(|| library_help(&name.text));
        self.report(diagnostic);
    }

    fn check_body(&mut self, scope: &Scope<'_, '_>, def: &ComponentDef<'s>, parts: &Parts) {
        let ast = def.item.ast;
        let body = parts.component.bodies.first();
        if ast.kind == ComponentKind::Agent {
            let place = parts.own_body.map_or(def.item.place, |span| scope.place(span));
            let fits = matches!(body, Some(plan::Body::Exec(_) | plan::Body::Python(_) | plan::Body::External(_)));
            let unreadable = parts.own_body.is_some()
                || parts.has_unknown_engine
                || has_unknown_word(def)
                || !self.is_whole(def.item.damage);
            if !fits && (body.is_some() || !unreadable) {
                let message = format!("agent `{}` needs an `exec` or `python` body", def.item.name);
                self.error_at(diagnostics::NO_BODY, place, message);
            }
        }
        let reads_result = matches!(body, Some(plan::Body::Exec(_) | plan::Body::Shell(_)));
        if let Some(span) = parts.result.filter(|_| !reads_result) {
            self.error_at(
                diagnostics::NOT_ALLOWED_HERE,
                scope.place(span),
                "`result` is allowed only with an `exec` or `shell` body",
            );
        }
    }

    /// Reports a component without a body that is run by a job or a hook.
    pub(crate) fn needs_body(&mut self, scope: &Scope<'_, '_>, id: ComponentId, name: &Ident) {
        let def = self.program.component(id);
        let has_body = !self.is_whole(def.item.damage)
            || has_unknown_word(def)
            || def.item.ast.entries.iter().any(|entry| !matches!(entry, BodyEntry::Setting(_) | BodyEntry::Result(..)));
        if !has_body {
            let place = scope.place(name.span);
            let message = format!("component `{}` has no body, so it cannot be run", def.item.name);
            let diagnostic = Diagnostic::new(diagnostics::NO_BODY, place, message);
            let declared = def.item.place;
            self.report(
                diagnostic
                    .label(declared, "declared here")
                    .help("add a body: only the tools of an agent can have none"),
            );
        }
    }
}

/// Whether a setting is unknown. It may be a misspelled body.
fn has_unknown_word(def: &ComponentDef<'_>) -> bool {
    let known = |word: Keyword| word.begins_in(BlockKind::Component) || word.begins_in(BlockKind::Agent);
    let setting =
        |entry: &BodyEntry| matches!(entry, BodyEntry::Setting(setting) if !setting.keyword.is_some_and(known));
    def.item.ast.entries.iter().any(setting)
}

/// The help for a name of the library that is not imported.
fn library_help(name: &str) -> Option<String> {
    let path = crate::library::declares(name)?;
    Some(format!("write `import {name} from \"{path}\"`"))
}

fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(unicode_start) && chars.all(unicode_continue)
}

fn unicode_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn unicode_continue(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_module(text: &str) -> bool {
    text.split('.').all(is_word)
}

fn is_variable(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
