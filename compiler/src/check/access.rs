//! Names, fields and items: what `a`, `a.b` and `a[b]` stand for where they are written.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, Ident};
use hookc_plan::{ErrorField, Event, EventField, JobField, Node, OpField, Path};
use smol_str::SmolStr;

use super::context::{self, Available, EARLY_JOB_FIELDS, JOB_FINAL};
use super::scope::{Env, Local, OpRead};
use super::{Checker, Scope, Typed, facts, is_context_name};
use crate::declare::{ParamDef, Symbol};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ty::Ty;

/// What a bare name stands for.
pub(super) enum Bare {
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

impl Checker<'_, '_> {
    pub(super) fn is_known_name(&self, scope: &Scope<'_, '_>, name: &str) -> bool {
        self.find(scope, name).is_some() || self.is_broken(scope.file, name)
    }

    /// What `name` stands for here, locals first.
    pub(super) fn find(&self, scope: &Scope<'_, '_>, name: &str) -> Option<Bare> {
        if let Some(local) = scope.local(name) {
            return Some(Bare::Local(local.clone()));
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
                return Some(Bare::JobInput(param.ty.clone()));
            }
            if let Some(index) = job.by_name.get(name) {
                return Some(Bare::Op(*index));
            }
        }
        if is_context_name(name) && !matches!(scope.env, Env::Plain) {
            return Some(Bare::Root);
        }
        self.find_symbol(scope, name)
    }

    fn find_input(&self, input: Option<&ParamDef<'_>>, scope: &Scope<'_, '_>, name: &str) -> Option<Bare> {
        match input {
            Some(param) => Some(Bare::Input(param.ty.clone())),
            None if name == "inputs" => Some(Bare::Root),
            None => self.find_symbol(scope, name),
        }
    }

    fn find_symbol(&self, scope: &Scope<'_, '_>, name: &str) -> Option<Bare> {
        self.program.lookup(scope.file, name).or_else(|| self.program.builtins.symbol(name)).map(Bare::Symbol)
    }

    /// A name alone.
    pub(super) fn name(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Typed {
        let Some(bare) = self.find(scope, name) else {
            return self.enumerator(scope, name, span, want).unwrap_or_else(|| self.unknown_name(scope, name, span, want));
        };
        let typed = match bare {
            Bare::Local(local) => self.read_local(scope, local, span),
            Bare::Input(ty) => scope.typed(self, Node::Ctx { path: Path::Input(name.clone()) }, ty, span),
            Bare::JobInput(ty) => scope.typed(self, Node::Ctx { path: Path::JobInput(name.clone()) }, ty, span),
            Bare::Op(_) => {
                let place = scope.place(span);
                let message = format!("`{name}` is an op, not a value");
                let diagnostic = Diagnostic::new(diagnostics::NOT_A_VALUE, place.file, place.span, message);
                self.report(diagnostic.help(format!("read one of its outputs, as in `{name}.…`, or `status({name})`")));
                return scope.broken(span);
            }
            Bare::Root => self.root(scope, name, span),
            Bare::Symbol(symbol) => self.symbol(scope, symbol, name, span),
        };
        narrow(self, scope, typed, span)
    }

    fn read_local(&mut self, scope: &Scope<'_, '_>, local: Local, span: Span) -> Typed {
        let mut ty = local.ty.clone();
        if let Env::Op(context) = scope.env {
            if context.fan.iter().any(|fan| fan.name == local.name && fan.place == local.place) {
                match context::over(&context.events, |event| context.fan_variable(&local, event)) {
                    Available::Never => {
                        let what = format!("`{}`", local.name);
                        return self.not_on_events(scope, &what, &context.events, span);
                    }
                    Available::Sometimes(some) | Available::Always(some) => ty = some,
                }
            }
        }
        let mut typed = scope.typed(self, local.value, ty, span);
        if let Node::Ctx { .. } | Node::Local { .. } = typed.expr.node {
            typed.expr.ty = self.plan_type(&typed.ty);
        }
        typed
    }

    /// A bare enum value, where its type is expected.
    fn enumerator(&mut self, scope: &Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Option<Typed> {
        let Some(Ty::Enum(id)) = want.map(Ty::required) else { return None };
        let known = self.program.enum_def(*id).values.contains(name);
        let node = Node::Const { value: serde_json::Value::String(name.to_string()) };
        known.then(|| scope.typed(self, node, Ty::Enum(*id), span))
    }

    fn symbol(&mut self, scope: &mut Scope<'_, '_>, symbol: Symbol, name: &SmolStr, span: Span) -> Typed {
        self.used.insert((scope.file, name.clone()));
        match symbol {
            Symbol::Const(id) => self.constant(scope, id, span),
            Symbol::Connection(id) => {
                let key = self.key(symbol);
                let ty = self.program.connection_ty(id).clone();
                scope.typed(self, Node::Connection { name: key }, ty, span)
            }
            other => {
                let place = scope.place(span);
                let help = match other {
                    Symbol::Enum(_) => Some(format!("name one of its values, as in `{name}.…`")),
                    Symbol::Condition(_) => Some(format!("give it its arguments: `{name}(…)`")),
                    _ => None,
                };
                let message = format!("`{name}` is a {}, not a value", other.kind());
                self.report(Diagnostic::new(diagnostics::NOT_A_VALUE, place.file, place.span, message).maybe_help(help));
                scope.broken(span)
            }
        }
    }

    /// A root of the context that is a value of its own: `step`, `steps`.
    fn root(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, span: Span) -> Typed {
        let (path, ty) = match name.as_str() {
            "step" => (Path::Step, Ty::Record(self.program.builtins.step)),
            "steps" => (Path::Steps, Ty::Record(self.program.builtins.step).list()),
            _ => {
                let place = scope.place(span);
                let message = format!("`{name}` is not a value of its own");
                let diagnostic = Diagnostic::new(diagnostics::NOT_A_VALUE, place.file, place.span, message);
                self.report(diagnostic.help(format!("read one of its parts, as in `{name}.…`")));
                return scope.broken(span);
            }
        };
        self.agent_read(scope, name, path, ty, span, |event| {
            matches!(event, Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd)
        })
    }

    /// `a.b`
    pub(super) fn member(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, name: &Ident, span: Span) -> Typed {
        let guard = std::mem::take(&mut scope.guard);
        if let ExprKind::Name(root) = &of.kind {
            match self.find(scope, root) {
                Some(Bare::Op(op)) => {
                    scope.guard = guard;
                    let typed = self.op_output(scope, op, name, span);
                    return narrow(self, scope, typed, span);
                }
                Some(Bare::Root) if !matches!(root.as_str(), "step" | "steps") => {
                    let typed = self.context(scope, root, name, span);
                    return narrow(self, scope, typed, span);
                }
                Some(Bare::Symbol(Symbol::Enum(id))) => {
                    self.used.insert((scope.file, root.clone()));
                    return self.enum_value(scope, id, name, span);
                }
                _ => {}
            }
        }
        if let Some(field) = event_job_field(of, name) {
            return self.trigger_event(scope, field, span);
        }
        let typed = self.expr(scope, of, None);
        let typed = self.field(scope, of, typed, name, span);
        narrow(self, scope, typed, span)
    }

    /// A field of a value.
    pub(super) fn field(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, typed: Typed, name: &Ident, span: Span) -> Typed {
        let typed = self.required(scope, of, typed);
        let a = Box::new(typed.expr);
        match &typed.ty {
            Ty::Error => scope.broken(span),
            Ty::Record(id) => {
                let Some(field) = self.program.record(*id).fields.get(&name.text) else {
                    self.unknown_field(scope, *id, name);
                    return scope.broken(span);
                };
                let ty = field.ty.clone();
                scope.typed(self, Node::Field { of: a, name: name.text.clone() }, ty, span)
            }
            Ty::Map(value) => {
                let key = Node::Const { value: serde_json::Value::String(name.text.to_string()) };
                let key = Box::new(scope.typed(self, key, Ty::String, name.span).expr);
                let ty = value.as_ref().clone();
                scope.typed(self, Node::IndexMap { of: a, key }, ty, span)
            }
            other => {
                let place = scope.place(name.span);
                let message = format!("`{}` has no field `{}`", self.show(other), name.text);
                let help = self.method_help(other, &name.text);
                self.report(Diagnostic::new(diagnostics::UNKNOWN_FIELD, place.file, place.span, message).maybe_help(help));
                scope.broken(span)
            }
        }
    }

    fn enum_value(&mut self, scope: &Scope<'_, '_>, id: crate::declare::EnumId, name: &Ident, span: Span) -> Typed {
        let def = self.program.enum_def(id);
        if def.values.contains(&name.text) {
            let node = Node::Const { value: serde_json::Value::String(name.text.to_string()) };
            return scope.typed(self, node, Ty::Enum(id), span);
        }
        let place = scope.place(name.span);
        let message = format!("`{}` has no value `{}`", def.name, name.text);
        let help = did_you_mean(&name.text, def.values.iter().map(SmolStr::as_str)).unwrap_or_else(|| {
            let values: Vec<String> = def.values.iter().map(|value| format!("`{value}`")).collect();
            format!("its values are {}", values.join(", "))
        });
        self.report(Diagnostic::new(diagnostics::UNKNOWN_ENUM_VALUE, place.file, place.span, message).help(help));
        scope.broken(span)
    }

    /// `a[b]`
    pub(super) fn index(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, at: &Expr, span: Span) -> Typed {
        let base = self.expr(scope, of, None);
        let base = self.required(scope, of, base);
        match base.ty.clone() {
            Ty::List(item) => {
                self.check_constant_index(scope, of, at);
                let at = self.expect(scope, at, &Ty::Int);
                let node = Node::IndexList { of: Box::new(base.expr), at: Box::new(at.expr) };
                scope.typed(self, node, item.as_ref().clone(), span)
            }
            Ty::Map(value) => {
                let key = self.expect(scope, at, &Ty::String);
                let node = Node::IndexMap { of: Box::new(base.expr), key: Box::new(key.expr) };
                let typed = scope.typed(self, node, value.as_ref().clone(), span);
                narrow(self, scope, typed, span)
            }
            Ty::Error => {
                self.expr(scope, at, None);
                scope.broken(span)
            }
            other => {
                let message = format!("`{}` has no items: only lists and maps have", self.show(&other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(of.span), message);
                scope.broken(span)
            }
        }
    }

    /// An index that no list, or not this literal, can have.
    fn check_constant_index(&mut self, scope: &Scope<'_, '_>, of: &Expr, at: &Expr) {
        let message = match (&at.kind, &of.kind) {
            (ExprKind::Unary(_, _), _) => "items are counted from 0: an index is never negative".to_owned(),
            (ExprKind::Int(index), ExprKind::List(items)) if *index >= items.len() as u64 => {
                format!("this list has {} items, counted from 0", items.len())
            }
            _ => return,
        };
        self.error_at(diagnostics::BAD_INDEX, scope.place(at.span), message);
    }

    /// `ROOT.name` of the context.
    fn context(&mut self, scope: &mut Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        match (scope.env, root) {
            (Env::Component(inputs), "inputs") => match inputs.get(&name.text) {
                Some(param) => {
                    let ty = param.ty.clone();
                    scope.typed(self, Node::Ctx { path: Path::Input(name.text.clone()) }, ty, span)
                }
                None => self.unknown_part(scope, root, name, inputs.keys(), span),
            },
            (Env::Job(..), "job") | (Env::Trigger(_), "job") => self.early_job_field(scope, name, span),
            (Env::Trigger(_), "event") => match EventField::from_word(&name.text) {
                Some(field) => self.trigger_event(scope, field, span),
                None => self.unknown_part(scope, root, name, ["scheduled_at", "path", "body", "job"].map(SmolStr::new_static).iter(), span),
            },
            (Env::Op(_), "inputs") => self.hook_input(scope, name, span),
            (Env::JobHook(context), "inputs") => match context.inputs.get(&name.text) {
                Some(param) => {
                    let ty = param.ty.clone();
                    scope.typed(self, Node::Ctx { path: Path::JobInput(name.text.clone()) }, ty, span)
                }
                None => self.unknown_part(scope, root, name, context.inputs.keys(), span),
            },
            (Env::Op(_), "outputs") => self.hook_output(scope, name, span),
            (Env::Op(_), "op") => self.op_field(scope, name, span),
            (Env::Op(_), "error") => self.error_field(scope, name, span),
            (Env::Op(_) | Env::JobHook(_), "job") => self.job_field(scope, name, span),
            (Env::Op(_), "payload" | "output") => self.tool_part(scope, root, name, span),
            (Env::Op(_), "tool") if name.text == "name" => self.agent_read(scope, "tool.name", Path::ToolName, Ty::String, span, is_tool),
            (Env::Op(_), "session") if name.text == "id" => {
                self.agent_read(scope, "session.id", Path::SessionId, Ty::String.optional(), span, |_| true)
            }
            (Env::Op(_), "user") if name.text == "id" => {
                self.agent_read(scope, "user.id", Path::UserId, Ty::String.optional(), span, |_| true)
            }
            _ => self.no_such_root(scope, root, name, span),
        }
    }

    fn no_such_root(&mut self, scope: &Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        let place = scope.place(span);
        let message = format!("`{root}.{}` does not exist here", name.text);
        let help = match (scope.env, root) {
            (Env::Op(_) | Env::JobHook(_), "event") => Some("`event` exists in a trigger's `when` and `with`".to_owned()),
            (Env::Job(..), "op" | "outputs" | "error") => Some("this exists in hooks".to_owned()),
            (Env::Job(..), "inputs") => Some("a job's inputs are read by their bare name".to_owned()),
            (Env::JobHook(_), "op" | "outputs" | "error") => Some("this is a hook of the job: read an op by its name, as in `fit.loss`".to_owned()),
            _ => None,
        };
        self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message).maybe_help(help));
        scope.broken(span)
    }

    /// A part that the root does not have.
    fn unknown_part<'n>(
        &mut self,
        scope: &Scope<'_, '_>,
        root: &str,
        name: &Ident,
        names: impl IntoIterator<Item = &'n SmolStr>,
        span: Span,
    ) -> Typed {
        let place = scope.place(name.span);
        let names: Vec<&str> = names.into_iter().map(SmolStr::as_str).collect();
        let help = did_you_mean(&name.text, names.iter().copied());
        let near = diagnostics::nearest(&name.text, names.iter().copied());
        let message = format!("unknown `{root}.{}`", name.text);
        let mut diagnostic = Diagnostic::new(diagnostics::UNKNOWN_NAME, place.file, place.span, message).maybe_help(help);
        if let [only] = near.as_slice() {
            diagnostic = diagnostic.fix(format!("replace with `{only}`"), place.span, *only);
        } else if near.is_empty() && names.is_empty() {
            diagnostic = diagnostic.help(format!("there are no {root} here"));
        }
        self.report(diagnostic);
        scope.broken(span)
    }

    fn early_job_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let field = JobField::from_word(&name.text).filter(|field| {
            EARLY_JOB_FIELDS.contains(field) && (!matches!(scope.env, Env::Trigger(_)) || *field == JobField::Previous)
        });
        let ty = field.and_then(|field| context::job_field(&self.program.builtins, field, None));
        match (field, ty) {
            (Some(field), Some(ty)) => {
                let typed = scope.typed(self, Node::Ctx { path: Path::Job(field) }, ty, span);
                narrow(self, scope, typed, span)
            }
            _ if JobField::from_word(&name.text).is_some() => {
                let place = scope.place(span);
                let message = format!("`job.{}` does not exist here", name.text);
                self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message));
                scope.broken(span)
            }
            _ => self.unknown_part(scope, "job", name, &words(EARLY_JOB_FIELDS.iter().map(|field| field.word())), span),
        }
    }

    fn job_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Some(field) = JobField::from_word(&name.text) else {
            return self.unknown_part(scope, "job", name, &words(JobField::ALL.iter().map(|field| field.word())), span);
        };
        let builtins = &self.program.builtins;
        let (events, available) = match scope.env {
            Env::JobHook(context) => {
                let available = context::over(&context.events, |event| context::job_field(builtins, field, Some(event)));
                (context.events.clone(), available)
            }
            Env::Op(context) => {
                let ty = context::job_field(builtins, field, None);
                (context.events.clone(), ty.map_or(Available::Never, Available::Always))
            }
            _ => return scope.broken(span),
        };
        self.available(scope, Path::Job(field), available, &events, span)
    }

    fn op_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else { return scope.broken(span) };
        let Some(field) = OpField::from_word(&name.text) else {
            return self.unknown_part(scope, "op", name, &words(OpField::ALL.iter().map(|field| field.word())), span);
        };
        let builtins = &self.program.builtins;
        let available = context::over(&context.events, |event| context::op_field(builtins, field, event, context.retry));
        self.available(scope, Path::Op(field), available, &context.events, span)
    }

    fn error_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else { return scope.broken(span) };
        let Some(field) = ErrorField::from_word(&name.text) else {
            return self.unknown_part(scope, "error", name, &words(ErrorField::ALL.iter().map(|field| field.word())), span);
        };
        let builtins = &self.program.builtins;
        let available = context::over(&context.events, |event| context::error_field(builtins, field, event));
        self.available(scope, Path::Error(field), available, &context.events, span)
    }

    fn hook_input(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else { return scope.broken(span) };
        if !context.inputs.contains_key(&name.text) {
            return self.unknown_part(scope, "inputs", name, context.inputs.keys(), span);
        }
        let available = context::over(&context.events, |event| context.input(&name.text, event));
        self.available(scope, Path::Input(name.text.clone()), available, &context.events, span)
    }

    fn hook_output(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else { return scope.broken(span) };
        if !context.outputs.contains_key(&name.text) {
            return self.unknown_part(scope, "outputs", name, context.outputs.keys(), span);
        }
        let available = context::over(&context.events, |event| context.output(&name.text, event));
        self.available(scope, Path::Output(name.text.clone()), available, &context.events, span)
    }

    fn tool_part(&mut self, scope: &Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else { return scope.broken(span) };
        let Some(tools) = &context.tools else { return self.no_such_root(scope, root, name, span) };
        let payload = root == "payload";
        let params = if payload { &tools.payload } else { &tools.output };
        let Some(param) = params.get(&name.text) else {
            let names: Vec<SmolStr> = params.keys().cloned().collect();
            return self.unknown_part(scope, root, name, &names, span);
        };
        let ty = param.ty.clone();
        let path = if payload { Path::Payload(name.text.clone()) } else { Path::ToolOutput(name.text.clone()) };
        let available = context::over(&context.events, |event| {
            (event == Event::ToolEnd || (payload && event == Event::ToolStart)).then(|| ty.clone())
        });
        self.available(scope, path, available, &context.events, span)
    }

    /// A read that only hooks of agents have.
    fn agent_read(&mut self, scope: &Scope<'_, '_>, shown: &str, path: Path, ty: Ty, span: Span, on: impl Fn(Event) -> bool) -> Typed {
        let Env::Op(context) = scope.env else {
            let place = scope.place(span);
            let message = format!("`{shown}` does not exist here");
            self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message).help("it exists in hooks of agents"));
            return scope.broken(span);
        };
        if context.tools.is_none() {
            let place = scope.place(span);
            let message = format!("`{shown}` does not exist here");
            self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message).help("it exists in hooks of agents"));
            return scope.broken(span);
        }
        let available = context::over(&context.events, |event| on(event).then(|| ty.clone()));
        let typed = self.available(scope, path, available, &context.events, span);
        narrow(self, scope, typed, span)
    }

    fn available(&mut self, scope: &Scope<'_, '_>, path: Path, available: Available, events: &[Event], span: Span) -> Typed {
        match available {
            Available::Never => self.not_on_events(scope, &format!("`{path}`"), events, span),
            Available::Sometimes(ty) | Available::Always(ty) => scope.typed(self, Node::Ctx { path }, ty, span),
        }
    }

    fn not_on_events(&mut self, scope: &Scope<'_, '_>, what: &str, events: &[Event], span: Span) -> Typed {
        let place = scope.place(span);
        let message = format!("{what} does not exist on {}", list_events(events));
        self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message));
        scope.broken(span)
    }

    /// `fit.loss`: another op's output.
    fn op_output(&mut self, scope: &mut Scope<'_, '_>, op: usize, name: &Ident, span: Span) -> Typed {
        let guard = std::mem::take(&mut scope.guard);
        let Some(job) = self.job_of(scope) else { return scope.broken(span) };
        let Some(info) = job.ops.get(op) else { return scope.broken(span) };
        if info.runs.is_none() {
            scope.reads.push(OpRead { op, output: None, guarded: true });
            return scope.broken(span);
        }
        let Some((_, declared)) = info.outputs.iter().find(|(output, _)| *output == name.text) else {
            scope.reads.push(OpRead { op, output: None, guarded: true });
            let names: Vec<SmolStr> = info.outputs.iter().map(|(name, _)| name.clone()).collect();
            return self.unknown_part(scope, &info.name, name, &names, span);
        };
        let path = Path::OpOutput(info.name.clone(), name.text.clone());
        let key = SmolStr::from(path.to_string());
        let narrowed = scope.facts.iter().any(|(fact, _)| *fact == key);
        let guarded = guard || narrowed || declared.takes_null();
        let Some(certain) = self.op_is_certain(scope, op, span) else { return scope.broken(span) };
        scope.reads.push(OpRead { op, output: Some(name.text.clone()), guarded });
        let ty = if certain { declared.clone() } else { declared.clone().optional() };
        scope.typed(self, Node::Ctx { path }, ty, span)
    }

    /// Whether the op's outputs exist for certain here; `None` where it cannot be read, which is reported.
    pub(super) fn op_is_certain(&mut self, scope: &Scope<'_, '_>, op: usize, span: Span) -> Option<bool> {
        match scope.env {
            Env::Job(job, current) if op == current => {
                let name = job.ops.get(op).map_or("", |info| &info.name);
                let place = scope.place(span);
                let message = format!("`{name}` cannot read itself");
                self.report(Diagnostic::new(diagnostics::DEPENDENCY_CYCLE, place.file, place.span, message));
                None
            }
            Env::Job(..) => Some(!scope.uncertain.contains(&op)),
            Env::Op(context) => {
                let (job, current) = context.job?;
                if op == current || !job.waits_for(current, op) {
                    self.not_before(scope, job, current, op, span);
                    return None;
                }
                let unsure = context.events.iter().any(|event| matches!(event, Event::Skipped | Event::UpstreamFailed));
                Some(!unsure && job.needs(current, op))
            }
            Env::JobHook(context) => {
                let job = context.job?;
                if !context.events.iter().all(|event| JOB_FINAL.contains(event)) {
                    let name = job.ops.get(op).map_or("", |info| &info.name);
                    self.not_on_events(scope, &format!("`{name}`"), &context.events, span);
                    return None;
                }
                Some(context.events.iter().all(|event| *event == Event::Succeeded) && job.is_certain(op))
            }
            _ => None,
        }
    }

    fn not_before(&mut self, scope: &Scope<'_, '_>, job: &super::job::JobScope<'_, '_>, current: usize, op: usize, span: Span) {
        let name = |index: usize| job.ops.get(index).map_or("", |info| info.name.as_str());
        let place = scope.place(span);
        let (message, help) = if op == current {
            (format!("`{}` is the op that this hook watches", name(op)), "read its outputs as `outputs.…`".to_owned())
        } else {
            let message = format!("`{}` need not have ended when `{}` does", name(op), name(current));
            (message, format!("write `after {}` behind `{}`, or move the hook to the job", name(op), name(current)))
        };
        self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message).help(help));
    }

    /// The job whose ops can be read here.
    pub(super) fn job_of<'a, 's>(&self, scope: &Scope<'a, 's>) -> Option<&'a super::job::JobScope<'a, 's>> {
        match scope.env {
            Env::Job(job, _) => Some(job),
            Env::Op(context) => context.job.map(|(job, _)| job),
            Env::JobHook(context) => context.job,
            _ => None,
        }
    }

    /// Why a value may be missing, to follow "may not exist".
    pub(super) fn why_absent(&self, scope: &Scope<'_, '_>, expr: &hookc_plan::Expr) -> Option<String> {
        let Node::Ctx { path } = &expr.node else { return None };
        let events = match scope.env {
            Env::Op(context) => &context.events,
            Env::JobHook(context) => &context.events,
            _ => &Vec::new(),
        };
        match path {
            Path::Output(name) => {
                let Env::Op(context) = scope.env else { return None };
                if context.outputs.get(name).is_some_and(|param| param.ty.takes_null()) {
                    return None;
                }
                if context.maybe_empty && events.contains(&Event::Succeeded) {
                    return Some("when the fan-out has no items".to_owned());
                }
                let event = events.iter().find(|event| context.output(name, **event).is_none_or(|ty| ty.takes_null()))?;
                Some(match event {
                    Event::Failed | Event::Retrying => format!("on `{event}`: the op may fail before it is written"),
                    Event::Stopped => "on `stopped`: the op may be ended before it is written".to_owned(),
                    Event::Overdue => "on `overdue`: the op is still running".to_owned(),
                    _ => format!("on `{event}`"),
                })
            }
            Path::OpOutput(op, _) => Some(format!("here: `{op}` may not have succeeded")),
            Path::Error(_) => {
                let event = events.iter().find(|event| !matches!(event, Event::Failed | Event::Retrying))?;
                Some(format!("on `{event}`"))
            }
            Path::Input(_) => {
                let event = events.iter().find(|event| matches!(event, Event::Skipped | Event::UpstreamFailed | Event::Failed))?;
                Some(match event {
                    Event::Failed => "on `failed`: its argument can fail".to_owned(),
                    _ => format!("on `{event}`"),
                })
            }
            _ => None,
        }
    }

    /// A name that nothing declares.
    fn unknown_name(&mut self, scope: &Scope<'_, '_>, name: &SmolStr, span: Span, want: Option<&Ty>) -> Typed {
        if self.is_broken(scope.file, name) {
            self.used.insert((scope.file, name.clone()));
            return scope.broken(span);
        }
        let place = scope.place(span);
        if let Some(Ty::Enum(id)) = want.map(Ty::required) {
            let ident = Ident { text: name.clone(), span };
            return self.enum_value(scope, *id, &ident, span);
        }
        let names = self.names_here(scope);
        let near = diagnostics::nearest(name, names.iter().map(SmolStr::as_str));
        let message = format!("unknown name `{name}`");
        let mut diagnostic = Diagnostic::new(diagnostics::UNKNOWN_NAME, place.file, place.span, message);
        diagnostic = diagnostic.maybe_help(did_you_mean(name, names.iter().map(SmolStr::as_str)));
        if let [only] = near.as_slice() {
            diagnostic = diagnostic.fix(format!("replace with `{only}`"), place.span, *only);
        }
        if near.is_empty() {
            diagnostic = diagnostic.maybe_help(self.part_help(scope, name));
        }
        self.report(diagnostic);
        scope.broken(span)
    }

    /// A bare name that is a part of the context: `loss` for `outputs.loss`.
    fn part_help(&self, scope: &Scope<'_, '_>, name: &str) -> Option<String> {
        let Env::Op(context) = scope.env else { return None };
        if context.outputs.contains_key(name) {
            return Some(format!("did you mean `outputs.{name}`?"));
        }
        context.inputs.contains_key(name).then(|| format!("did you mean `inputs.{name}`?"))
    }

    /// Every name that can stand alone here, for suggestions.
    pub(super) fn names_here(&self, scope: &Scope<'_, '_>) -> Vec<SmolStr> {
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

    /// `event.FIELD` of a trigger.
    fn trigger_event(&mut self, scope: &Scope<'_, '_>, field: EventField, span: Span) -> Typed {
        let Env::Trigger(kind) = scope.env else {
            let place = scope.place(span);
            let message = format!("`event.{field}` does not exist here");
            let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message);
            self.report(diagnostic.help("`event` exists in a trigger's `when` and `with`"));
            return scope.broken(span);
        };
        match kind.field(&self.program.builtins, field) {
            Some(ty) => scope.typed(self, Node::Ctx { path: Path::Event(field) }, ty, span),
            None => {
                let place = scope.place(span);
                let message = format!("a `{}` trigger has no `event.{field}`", kind.word());
                let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, place.file, place.span, message);
                self.report(diagnostic.help(format!("it has {}", kind.fields())));
                scope.broken(span)
            }
        }
    }
}

fn is_tool(event: Event) -> bool {
    matches!(event, Event::ToolStart | Event::ToolEnd)
}

/// `event.job.name`: a field two names deep.
fn event_job_field(of: &Expr, name: &Ident) -> Option<EventField> {
    let ExprKind::Member(root, job) = &of.kind else { return None };
    let ExprKind::Name(event) = &root.kind else { return None };
    let matches = event == "event" && job.text == "job";
    matches.then(|| EventField::from_word(&format!("job.{}", name.text))).flatten()
}

/// A value that was asked not to be null is read as such.
fn narrow(checker: &Checker<'_, '_>, scope: &Scope<'_, '_>, typed: Typed, span: Span) -> Typed {
    let Ty::Optional(inner) = &typed.ty else { return typed };
    let Some(key) = facts::path_key(&typed.expr) else { return typed };
    let Some((_, because)) = scope.facts.iter().rev().find(|(fact, _)| *fact == key) else { return typed };
    let (because, ty) = (*because, inner.as_ref().clone());
    scope.typed(checker, Node::Narrow { a: Box::new(typed.expr), because }, ty, span)
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> Vec<SmolStr> {
    words.map(SmolStr::new).collect()
}

/// "`failed` or `stopped`"
fn list_events(events: &[Event]) -> String {
    let names: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "this event".to_owned(),
    }
}
