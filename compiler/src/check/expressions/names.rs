//! Names, fields and items: the meaning of `a`, `a.b` and `a[b]` at their place.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, Ident};
use hookc_plan::{Event, EventField, Node, Path};
use smol_str::{SmolStr, format_smolstr};

use crate::check::expressions::narrowing;
use crate::check::hooks::context::{self, Available, OpContext};
use crate::check::scope::Env;
use crate::check::typed::Local;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::context_names::is_context_name;
use crate::declare::ParamDef;
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::place::Place;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::Ty;

/// What a bare name stands for.
pub(crate) enum BareRead {
    Local(Local),
    /// A component's input.
    Input(Ty),
    /// A job's input.
    JobInput(Ty),
    /// An op, by index.
    Op(usize),
    Symbol(Symbol),
    /// A root of the context.
    Root,
}

impl ExpressionChecker<'_, '_> {
    pub(crate) fn is_known_name(&self, scope: &Scope<'_, '_>, name: &str) -> bool {
        scope.local(name).is_some() || self.find(scope, name).is_some() || self.program.is_poisoned(scope.file, name)
    }

    /// What `name` stands for here, locals first.
    pub(crate) fn find(&self, scope: &Scope<'_, '_>, name: &str) -> Option<BareRead> {
        if let Some(local) = scope.local(name) {
            return Some(BareRead::Local(local.clone()));
        }
        let job = match scope.env {
            Env::Component(inputs) => return self.find_input(inputs.get(name), scope, name),
            Env::Job(job, _) => Some(job),
            Env::Op(context) => context.job.map(|(job, _)| job),
            Env::JobHook(context) => context.job,
            Env::Plain | Env::Trigger(_) => None,
        };
        if let Some(job) = job {
            if let Some(param) = job.def.inputs.get(name) {
                return Some(BareRead::JobInput(param.ty.clone()));
            }
            if let Some(index) = job.op_named(name) {
                return Some(BareRead::Op(index));
            }
        }
        let of_rule = || name == "inputs" && scope.locals.iter().any(Local::is_job_input);
        if is_context_name(name) && (!matches!(scope.env, Env::Plain) || of_rule()) {
            return Some(BareRead::Root);
        }
        self.find_symbol(scope, name)
    }

    fn find_input(&self, input: Option<&ParamDef<'_>>, scope: &Scope<'_, '_>, name: &str) -> Option<BareRead> {
        match input {
            Some(param) => Some(BareRead::Input(param.ty.clone())),
            None if name == "inputs" => Some(BareRead::Root),
            None => self.find_symbol(scope, name),
        }
    }

    fn find_symbol(&self, scope: &Scope<'_, '_>, name: &str) -> Option<BareRead> {
        self.program.lookup(scope.file, name).or_else(|| self.program.builtins.symbol(name)).map(BareRead::Symbol)
    }

    /// A bare name.
    pub(crate) fn name(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Typed {
        let place = scope.place(span);
        self.complete_values(scope, want, place);
        let Some(bare) = self.find(scope, name) else {
            return self
                .enumerator(scope, name, span, want)
                .unwrap_or_else(|| self.unknown_name(scope, name, span, want));
        };
        self.note_bare(scope, &bare, name, place);
        let typed = match bare {
            BareRead::Local(local) => self.read_local(scope, local, span),
            BareRead::Input(ty) => scope.typed(self, Node::Ctx { path: Path::Input(name.clone()) }, ty, span),
            BareRead::JobInput(ty) => scope.typed(self, Node::Ctx { path: Path::JobInput(name.clone()) }, ty, span),
            BareRead::Op(_) => {
                let message = format!("`{name}` is an op, not a value");
                let diagnostic = Diagnostic::new(diagnostics::NOT_A_VALUE, place, message);
                self.report(diagnostic.help(format!("read one of its outputs, as in `{name}.…`, or `status({name})`")));
                return scope.broken(span);
            }
            BareRead::Root => self.root(scope, name, span),
            BareRead::Symbol(symbol) => self.symbol(scope, symbol, name, span),
        };
        self.lint_hidden_value(scope.place(span), name, want, &typed.ty);
        narrow(self, scope, typed, span)
    }

    /// Notes what a bare name stands for.
    fn note_bare(&mut self, scope: &Scope<'_, '_>, bare: &BareRead, name: &SmolStr, place: Place) {
        if self.notes.is_none() {
            return;
        }
        let declared = match bare {
            BareRead::Local(local) => Some(local.place),
            BareRead::Input(_) => match scope.env {
                Env::Component(inputs) => inputs.get(name).map(|param| param.place),
                _ => None,
            },
            BareRead::JobInput(_) => {
                self.job_of(scope).and_then(|job| job.def.inputs.get(name)).map(|param| param.place)
            }
            BareRead::Op(op) => self.job_of(scope).and_then(|job| job.ops.get(*op)).map(|info| info.place),
            BareRead::Symbol(symbol) => return self.note_symbol(place, *symbol),
            BareRead::Root => return self.note_name(place, Referent::Context(name.clone())),
        };
        if let Some(declared) = declared {
            self.note_name(place, Referent::Declared(declared));
        }
    }

    /// Notes what a part of the context stands for.
    fn note_context(&mut self, scope: &Scope<'_, '_>, root: &SmolStr, name: &Ident, root_place: Place) {
        if self.notes.is_none() {
            return;
        }
        self.note_name(root_place, Referent::Context(root.clone()));
        let params = match (scope.env, root.as_str()) {
            (Env::Component(inputs), "inputs") => Some(inputs),
            (Env::JobHook(context), "inputs") => Some(context.inputs),
            (Env::Op(context), "inputs") => Some(context.inputs),
            (Env::Op(context), "outputs") => Some(context.outputs),
            (Env::Op(OpContext { tools: Some(tools), .. }), "payload") => Some(&*tools.payload),
            (Env::Op(OpContext { tools: Some(tools), .. }), "output") => Some(&*tools.output),
            _ => None,
        };
        let place = scope.place(name.span);
        match params {
            Some(params) => {
                if let Some(param) = params.get(&name.text) {
                    self.note_param(place, param, root);
                }
            }
            None => self.note_name(place, Referent::Context(format_smolstr!("{root}.{}", name.text))),
        }
    }

    fn note_enum_value(&mut self, place: Place, id: crate::ids::EnumId, name: &SmolStr) {
        if self.notes.is_none() {
            return;
        }
        let referent = match self.enum_value_place(id, name) {
            Some(declared) => Referent::Declared(declared),
            None => Referent::Builtin(format_smolstr!("{}.{name}", self.program.enum_def(id).name)),
        };
        self.note_name(place, referent);
    }

    fn read_local(&mut self, scope: &Scope<'_, '_>, local: Local, span: Span) -> Typed {
        let mut ty = local.ty.clone();
        if let Env::Op(context) = scope.env
            && context.fan.iter().any(|fan| fan.name == local.name && fan.place == local.place)
        {
            match context::over(&context.events, |event| context.fan_variable(&local, event)) {
                Available::Never => {
                    let what = format!("`{}`", local.name);
                    return self.not_on_events(scope, &what, &context.events, span);
                }
                Available::Sometimes(some) | Available::Always(some) => ty = some,
            }
        }
        scope.typed(self, local.value, ty, span)
    }

    /// A bare enum value, if its type is expected.
    fn enumerator(&mut self, scope: &Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Option<Typed> {
        let Some(Ty::Enum(id)) = want.map(Ty::required) else {
            return None;
        };
        let known = self.program.enum_def(*id).values.contains(name);
        if known {
            self.note_enum_value(scope.place(span), *id, name);
        }
        let node = Node::Const { value: serde_json::Value::String(name.to_string()) };
        known.then(|| scope.typed(self, node, Ty::Enum(*id), span))
    }

    fn symbol(&mut self, scope: &mut Scope<'_, '_>, symbol: Symbol, name: &SmolStr, span: Span) -> Typed {
        self.program.mark_used(scope.file, name);
        match symbol {
            Symbol::Const(id) => self.constant(scope, id, span),
            Symbol::Connection(_) if matches!(scope.env, Env::Component(_) | Env::Plain) => {
                let place = scope.place(span);
                let message = format!("connection `{name}` cannot be read here");
                let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, place, message);
                self.report(diagnostic.help("pass it as an argument, from a job or a hook"));
                scope.broken(span)
            }
            Symbol::Connection(id) => {
                let key = self.key(symbol);
                let ty = self.program.connection_ty(id).clone();
                scope.typed(self, Node::Connection { name: key }, ty, span)
            }
            other => {
                let place = scope.place(span);
                let help = match other {
                    Symbol::Enum(_) => Some(format!("write one of its values, as in `{name}.…`")),
                    Symbol::Condition(_) => Some(format!("add its arguments: `{name}(…)`")),
                    _ => None,
                };
                let message = format!("`{name}` is {}, not a value", other.a_kind());
                self.report(Diagnostic::new(diagnostics::NOT_A_VALUE, place, message).maybe_help(help));
                scope.broken(span)
            }
        }
    }

    /// A root of the context that is itself a value: `step`, `steps`.
    fn root(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, span: Span) -> Typed {
        let (path, ty) = match name.as_str() {
            "step" => (Path::Step, Ty::Record(self.program.builtins.step)),
            "steps" => (Path::Steps, Ty::Record(self.program.builtins.step).list()),
            _ => {
                let place = scope.place(span);
                let message = format!("`{name}` is not a value");
                let diagnostic = Diagnostic::new(diagnostics::NOT_A_VALUE, place, message);
                self.report(diagnostic.help(format!("read one of its fields, as in `{name}.…`")));
                return scope.broken(span);
            }
        };
        // The step is over when the agent ends; the steps that it took are known.
        let at_end = path == Path::Steps;
        self.agent_read(scope, name, path, ty, span, |event| match event {
            Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd => true,
            _ => at_end && event == Event::End,
        })
    }

    /// `a.b`
    pub(crate) fn member(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, name: &Ident, span: Span) -> Typed {
        let guard = std::mem::take(&mut scope.guard);
        if let ExprKind::Name(root) = &of.kind {
            let (root_place, place) = (scope.place(of.span), scope.place(name.span));
            match self.find(scope, root) {
                Some(bare @ BareRead::Op(op)) => {
                    self.note_bare(scope, &bare, root, root_place);
                    self.complete_outputs(scope, op, place);
                    scope.guard = guard;
                    let typed = self.op_output(scope, op, name, span);
                    return narrow(self, scope, typed, span);
                }
                Some(BareRead::Root) if !matches!(root.as_str(), "step" | "steps") => {
                    self.note_context(scope, root, name, root_place);
                    self.complete_context(scope, root, place);
                    let typed = self.context(scope, root, name, span);
                    return narrow(self, scope, typed, span);
                }
                Some(BareRead::Symbol(Symbol::Enum(id))) => {
                    self.program.mark_used(scope.file, root);
                    self.note_symbol(root_place, Symbol::Enum(id));
                    self.complete_enum(id, place);
                    return self.enum_value(scope, id, name, span);
                }
                _ => {}
            }
        }
        if let Some(library) = self.library_named(scope, of) {
            self.complete_library(library, scope.place(name.span));
        }
        if let Some(field) = event_job_field(of, name) {
            self.note_name(scope.place(name.span), Referent::Context(format_smolstr!("event.{field}")));
            return self.trigger_event(scope, field, span);
        }
        let typed = self.expr(scope, of, None);
        let typed = self.field(scope, of, typed, name, span);
        narrow(self, scope, typed, span)
    }

    /// A field of a value.
    pub(crate) fn field(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        typed: Typed,
        name: &Ident,
        span: Span,
    ) -> Typed {
        self.complete_members(&typed, scope.place(name.span));
        let typed = self.required(scope, of, typed);
        let a = typed.expr;
        match &typed.ty {
            Ty::Error => scope.broken(span),
            Ty::Record(id) => {
                let Some(field) = self.program.record(*id).fields.get(&name.text) else {
                    self.unknown_field(scope, *id, name);
                    return scope.broken(span);
                };
                let ty = field.ty.clone();
                let record = self.program.record(*id).name.clone();
                self.note_param(scope.place(name.span), field, &record);
                scope.typed(self, Node::Field { of: a, name: name.text.clone() }, ty, span)
            }
            Ty::Map(value) => {
                let key = Node::Const { value: serde_json::Value::String(name.text.to_string()) };
                let key = scope.typed(self, key, Ty::String, name.span).expr;
                let ty = value.as_ref().clone();
                scope.typed(self, Node::IndexMap { of: a, key }, ty, span)
            }
            other => {
                let place = scope.place(name.span);
                let message = format!("`{}` has no field `{}`", self.show(other), name.text);
                let help = self.method_help(other, &name.text);
                self.report(Diagnostic::new(diagnostics::UNKNOWN_FIELD, place, message).maybe_help(help));
                scope.broken(span)
            }
        }
    }

    fn enum_value(&mut self, scope: &Scope<'_, '_>, id: crate::ids::EnumId, name: &Ident, span: Span) -> Typed {
        let def = self.program.enum_def(id);
        if !self.is_whole(def.damage) && !def.values.contains(&name.text) {
            return scope.broken(span);
        }
        if def.values.contains(&name.text) {
            self.note_enum_value(scope.place(name.span), id, &name.text);
            let node = Node::Const { value: serde_json::Value::String(name.text.to_string()) };
            return scope.typed(self, node, Ty::Enum(id), span);
        }
        let place = scope.place(name.span);
        let message = format!("`{}` has no value `{}`", def.name, name.text);
        let help = did_you_mean(&name.text, def.values.iter().map(SmolStr::as_str)).unwrap_or_else(|| {
            let values: Vec<String> = def.values.iter().map(|value| format!("`{value}`")).collect();
            format!("available values: {}", values.join(", "))
        });
        self.report(Diagnostic::new(diagnostics::UNKNOWN_ENUM_VALUE, place, message).help(help));
        scope.broken(span)
    }

    /// `a[b]`
    pub(crate) fn index(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, at: &Expr, span: Span) -> Typed {
        let base = self.expr(scope, of, None);
        let base = self.required(scope, of, base);
        match base.ty.clone() {
            Ty::List(item) => {
                self.check_constant_index(scope, of, at);
                let at = self.expect(scope, at, &Ty::Int);
                let node = Node::IndexList { of: base.expr, at: at.expr };
                scope.typed(self, node, item.as_ref().clone(), span)
            }
            Ty::Map(value) => {
                let key = self.expect(scope, at, &Ty::String);
                let node = Node::IndexMap { of: base.expr, key: key.expr };
                let typed = scope.typed(self, node, value.as_ref().clone(), span);
                narrow(self, scope, typed, span)
            }
            Ty::Error => {
                self.expr(scope, at, None);
                scope.broken(span)
            }
            other => {
                let message = format!("cannot index `{}`: only lists and maps have items", self.show(&other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(of.span), message);
                scope.broken(span)
            }
        }
    }

    /// Reports an index that no list can have, or that is beyond the end of this literal.
    fn check_constant_index(&mut self, scope: &Scope<'_, '_>, of: &Expr, at: &Expr) {
        let message = match (&at.kind, &of.kind) {
            (ExprKind::Unary(_, _), _) => "an index cannot be negative: items are counted from 0".to_owned(),
            (ExprKind::Int(index), ExprKind::List(items)) if *index >= items.len() as u64 => {
                format!("the index is out of range: this list has {} items, counted from 0", items.len())
            }
            _ => return,
        };
        self.error_at(diagnostics::BAD_INDEX, scope.place(at.span), message);
    }

    /// Reports a name that is not declared.
    fn unknown_name(&mut self, scope: &Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Typed {
        if want.is_some_and(|want| *want.required() == Ty::Error) {
            return scope.broken(span);
        }
        let place = scope.place(span);
        if let Some(Ty::Enum(id)) = want.map(Ty::required) {
            let ident = Ident { text: name.clone(), span };
            return self.enum_value(scope, *id, &ident, span);
        }
        let names = self.names_here(scope);
        let known: Vec<&str> = names.iter().map(SmolStr::as_str).collect();
        let kinds = &[SymbolKind::Const, SymbolKind::Connection, SymbolKind::Enum];
        let wanted = Wanted { name, place, kinds, known: &known, is_value: true };
        if self.program.hides(&wanted) || self.job_of(scope).is_some_and(|job| job.hides_op(&wanted)) {
            return scope.broken(span);
        }
        let message = format!("unknown name `{name}`");
        let diagnostic = Diagnostic::new(diagnostics::UNKNOWN_NAME, place, message)
            .suggest(name, known.iter().copied())
            .help_else(|| self.part_help(scope, name));
        self.report(diagnostic);
        scope.broken(span)
    }

    /// The help for a bare name that is a part of the context: `loss` for `outputs.loss`.
    fn part_help(&self, scope: &Scope<'_, '_>, name: &str) -> Option<String> {
        let Env::Op(context) = scope.env else { return None };
        if context.outputs.contains_key(name) {
            return Some(format!("did you mean `outputs.{name}`?"));
        }
        context.inputs.contains_key(name).then(|| format!("did you mean `inputs.{name}`?"))
    }

    /// Every bare name that is available here, for suggestions.
    pub(crate) fn names_here(&self, scope: &Scope<'_, '_>) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = scope.locals.iter().map(|local| local.name.clone()).collect();
        if let Env::Component(inputs) = scope.env {
            names.extend(inputs.keys().cloned());
        }
        if let Some(job) = self.job_of(scope) {
            names.extend(job.def.inputs.keys().cloned());
            names.extend(job.ops.iter().map(|info| info.name.clone()));
        }
        let values = self.program.scope(scope.file).names.iter().filter(|(_, symbol)| {
            matches!(symbol, Symbol::Const(_) | Symbol::Connection(_) | Symbol::Enum(_) | Symbol::Condition(_))
        });
        names.extend(values.map(|(name, _)| name.clone()));
        names.sort_unstable();
        names
    }
}

/// `event.job.name`: a nested field.
fn event_job_field(of: &Expr, name: &Ident) -> Option<EventField> {
    let ExprKind::Member(root, job) = &of.kind else {
        return None;
    };
    let ExprKind::Name(event) = &root.kind else { return None };
    let matches = event == "event" && job.text == "job";
    matches.then(|| EventField::from_word(&format!("job.{}", name.text))).flatten()
}

/// A value that was asked not to be null is read as such; a list whose items were, as a list of such.
pub(crate) fn narrow(checker: &ExpressionChecker<'_, '_>, scope: &Scope<'_, '_>, typed: Typed, span: Span) -> Typed {
    let (ty, because) = match &typed.ty {
        Ty::Optional(inner) => {
            let asked = narrowing::path_key(&typed.expr).and_then(|key| scope.narrowing.asked(&key));
            let asked = asked.or_else(|| scope.narrowing.asked_of_item_part(&typed.expr));
            (inner.as_ref().clone(), asked)
        }
        // A condition with a mistake may have asked for its items.
        Ty::List(item) if item.takes_null() && scope.narrowing.is_open() => {
            return Typed { ty: Ty::Error.list(), ..typed };
        }
        Ty::List(item) if item.takes_null() => {
            let asked = narrowing::path_key(&typed.expr).and_then(|key| scope.narrowing.asked_of_items(&key));
            (item.required().clone().list(), asked)
        }
        _ => return typed,
    };
    match because {
        Some(because) => scope.typed(checker, Node::Narrow { a: typed.expr, because }, ty, span),
        None => typed,
    }
}
