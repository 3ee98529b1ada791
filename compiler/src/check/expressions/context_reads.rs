//! The roots of the context: the types of `op.name`, `outputs.loss`, `job.id`, … at the events of a hook.

use hookc_grammar::Span;
use hookc_grammar::ast::Ident;
use hookc_plan::{AgentField, ErrorField, Event, EventField, HookField, JobField, Node, OpField, Path};
use smol_str::SmolStr;

use crate::check::expressions::names::narrow;
use crate::check::hooks::context::{self, Available, EARLY_JOB_FIELDS, OpContext};
use crate::check::scope::Env;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::declare::Params;
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// `ROOT.name` of the context.
    pub(crate) fn context(&mut self, scope: &mut Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        match (scope.env, root) {
            (Env::Component(inputs), "inputs") => self.plain_input(scope, inputs, Path::Input, name, span),
            // A name that cannot be written by itself.
            (Env::Job(job, _), "inputs") if is_reserved(&name.text) => {
                self.plain_input(scope, &job.def.inputs, Path::JobInput, name, span)
            }
            (Env::Plain, "inputs") if is_reserved(&name.text) => self.input_of_rule(scope, name, span),
            (Env::Job(..), "job") | (Env::Trigger(_), "job") => self.early_job_field(scope, name, span),
            (Env::Trigger(_), "event") => match EventField::from_word(&name.text) {
                Some(field) => self.trigger_event(scope, field, span),
                None => self.unknown_part(
                    scope,
                    root,
                    name,
                    ["scheduled_at", "path", "body", "job"].map(SmolStr::new_static).iter(),
                    span,
                ),
            },
            (Env::JobHook(context), "inputs") => self.plain_input(scope, context.inputs, Path::JobInput, name, span),
            (Env::Op(_), "inputs" | "outputs") => self.hook_value(scope, root, name, span),
            (Env::Op(_), "op") => self.op_field(scope, name, span),
            (Env::Op(_), "error") => self.error_field(scope, name, span),
            (Env::Op(_) | Env::JobHook(_), "job") => self.job_field(scope, name, span),
            (Env::Op(context), "hook") if !context.retry => self.hook_field(scope, name, span),
            (Env::JobHook(_), "hook") => self.hook_field(scope, name, span),
            (Env::Op(_), "agent") => self.agent_field(scope, name, span),
            (Env::Op(_), "payload" | "output") => self.tool_part(scope, root, name, span),
            (Env::Op(_), "tool") if name.text == "name" => {
                self.agent_read(scope, "tool.name", Path::ToolName, Ty::String, span, is_tool)
            }
            (Env::Op(_), "session") if name.text == "id" => {
                self.agent_read(scope, "session.id", Path::SessionId, Ty::String.optional(), span, |_| true)
            }
            (Env::Op(_), "user") if name.text == "id" => {
                self.agent_read(scope, "user.id", Path::UserId, Ty::String.optional(), span, |_| true)
            }
            _ => self.no_such_root(scope, root, name, span),
        }
    }

    /// `inputs.X` in the `where` of a job's input.
    fn input_of_rule(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        match scope.local(&name.text).filter(|local| local.is_job_input()) {
            Some(local) => scope.typed(self, local.value.clone(), local.ty.clone(), span),
            None => self.no_such_root(scope, "inputs", name, span),
        }
    }

    /// `inputs.X` where it always has its declared type.
    fn plain_input(
        &mut self,
        scope: &Scope<'_, '_>,
        inputs: &Params<'_>,
        path: fn(SmolStr) -> Path,
        name: &Ident,
        span: Span,
    ) -> Typed {
        match inputs.get(&name.text) {
            Some(param) => scope.typed(self, Node::Ctx { path: path(name.text.clone()) }, param.ty.clone(), span),
            None => self.unknown_part(scope, "inputs", name, inputs.keys(), span),
        }
    }

    pub(crate) fn no_such_root(&mut self, scope: &Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        let place = scope.place(span);
        let message = format!("`{root}.{}` is not available here", name.text);
        let help = match (scope.env, root) {
            (Env::Op(_) | Env::JobHook(_), "event") => {
                Some("`event` is available only in the `when` and `with` of a trigger".to_owned())
            }
            (Env::Job(..), "op" | "outputs" | "error") => Some("it is available only in hooks".to_owned()),
            (Env::Job(..), "inputs") => Some("read an input of the job by its name, without `inputs.`".to_owned()),
            (Env::JobHook(_), "op" | "outputs" | "error") => {
                Some("in a hook of a job, read an op by its name, as in `fit.loss`".to_owned())
            }
            _ => None,
        };
        self.report(Diagnostic::new(diagnostics::NOT_AVAILABLE, place, message).maybe_help(help));
        scope.broken(span)
    }

    /// Reports a part that the root does not have.
    pub(crate) fn unknown_part<'n>(
        &mut self,
        scope: &Scope<'_, '_>,
        root: &str,
        name: &Ident,
        names: impl IntoIterator<Item = &'n SmolStr>,
        span: Span,
    ) -> Typed {
        let place = scope.place(name.span);
        if self.program.hides_parts(place) {
            return scope.broken(span);
        }
        let names: Vec<&str> = names.into_iter().map(SmolStr::as_str).collect();
        let message = format!("unknown name `{root}.{}`", name.text);
        let nothing = || names.is_empty().then(|| format!("`{root}` has no fields here"));
        let diagnostic = Diagnostic::new(diagnostics::UNKNOWN_NAME, place, message)
            .suggest(&name.text, names.iter().copied())
            .help_else(nothing);
        self.report(diagnostic);
        scope.broken(span)
    }

    pub(crate) fn early_job_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
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
                let message = format!("`job.{}` is not available here", name.text);
                self.error_at(diagnostics::NOT_AVAILABLE, place, message);
                scope.broken(span)
            }
            _ => self.unknown_part(scope, "job", name, &words(EARLY_JOB_FIELDS.iter().map(|field| field.word())), span),
        }
    }

    pub(crate) fn job_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Some(field) = JobField::from_word(&name.text) else {
            return self.unknown_part(scope, "job", name, &words(JobField::ALL.iter().map(|field| field.word())), span);
        };
        let builtins = &self.program.builtins;
        let (events, available) = match scope.env {
            Env::JobHook(context) => {
                let available =
                    context::over(&context.events, |event| context::job_field(builtins, field, Some(event)));
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

    pub(crate) fn op_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else {
            return scope.broken(span);
        };
        let Some(field) = OpField::from_word(&name.text) else {
            return self.unknown_part(scope, "op", name, &words(OpField::ALL.iter().map(|field| field.word())), span);
        };
        let builtins = &self.program.builtins;
        let available = context::over(&context.events, |event| {
            context::op_field(builtins, field, event, (context.retry, context.is_fan_out()))
        });
        self.available(scope, Path::Op(field), available, &context.events, span)
    }

    pub(crate) fn error_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else {
            return scope.broken(span);
        };
        let Some(field) = ErrorField::from_word(&name.text) else {
            return self.unknown_part(
                scope,
                "error",
                name,
                &words(ErrorField::ALL.iter().map(|field| field.word())),
                span,
            );
        };
        let builtins = &self.program.builtins;
        let available = context::over(&context.events, |event| context::error_field(builtins, field, event));
        self.available(scope, Path::Error(field), available, &context.events, span)
    }

    /// `hook.name`, `hook.path`: of the hook itself.
    fn hook_field(&mut self, scope: &Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        match HookField::from_word(&name.text) {
            Some(field) => scope.typed(self, Node::Ctx { path: Path::Hook(field) }, Ty::String, span),
            None => {
                self.unknown_part(scope, "hook", name, &words(HookField::ALL.iter().map(|field| field.word())), span)
            }
        }
    }

    /// `agent.model` and the other fields of the agent that is watched.
    fn agent_field(&mut self, scope: &mut Scope<'_, '_>, name: &Ident, span: Span) -> Typed {
        let Some(field) = AgentField::from_word(&name.text) else {
            let fields = words(AgentField::ALL.iter().map(|field| field.word()));
            return self.unknown_part(scope, "agent", name, &fields, span);
        };
        self.agent_read(scope, &format!("agent.{field}"), Path::Agent(field), Ty::String.optional(), span, |_| true)
    }

    /// `inputs.X` and `outputs.X` of an op.
    fn hook_value(&mut self, scope: &Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else {
            return scope.broken(span);
        };
        let params = if root == "inputs" { context.inputs } else { context.outputs };
        if !params.contains_key(&name.text) {
            if self.hides_part(scope, params) {
                return scope.broken(span);
            }
            return self.unknown_part(scope, root, name, params.keys(), span);
        }
        let (path, available) = if root == "inputs" {
            let available = context::over(&context.events, |event| context.input(&name.text, event));
            (Path::Input(name.text.clone()), available)
        } else {
            let available = context::over(&context.events, |event| context.output(&name.text, event));
            (Path::Output(name.text.clone()), available)
        };
        self.available(scope, path, available, &context.events, span)
    }

    /// Whether a part that seems to be missing may only be unreadable: what declares the parts has a syntax error, or the
    /// item that reads them has one, so that what it belongs to is a guess.
    fn hides_part(&self, scope: &Scope<'_, '_>, params: &Params<'_>) -> bool {
        self.program.hides_part(params.damage | self.program.damage_at(scope.file, scope.at))
    }

    pub(crate) fn tool_part(&mut self, scope: &Scope<'_, '_>, root: &str, name: &Ident, span: Span) -> Typed {
        let Env::Op(context) = scope.env else {
            return scope.broken(span);
        };
        let Some(tools) = &context.tools else {
            return self.no_such_root(scope, root, name, span);
        };
        let payload = root == "payload";
        let carried = |event: Event| event == Event::ToolEnd || (payload && event == Event::ToolStart);
        if !context.events.iter().any(|event| carried(*event)) {
            return self.not_on_events(scope, &format!("`{root}.{}`", name.text), &context.events, span);
        }
        let params = if payload { &tools.payload } else { &tools.output };
        let Some(param) = params.get(&name.text) else {
            if self.hides_part(scope, params) {
                return scope.broken(span);
            }
            let names: Vec<SmolStr> = params.keys().cloned().collect();
            return self.unknown_part(scope, root, name, &names, span);
        };
        let ty = param.ty.clone();
        let path = if payload { Path::Payload(name.text.clone()) } else { Path::ToolOutput(name.text.clone()) };
        let available = context::over(&context.events, |event| carried(event).then(|| ty.clone()));
        self.available(scope, path, available, &context.events, span)
    }

    /// A read that is available only in hooks of agents.
    pub(crate) fn agent_read(
        &mut self,
        scope: &Scope<'_, '_>,
        shown: &str,
        path: Path,
        ty: Ty,
        span: Span,
        on: impl Fn(Event) -> bool,
    ) -> Typed {
        let Env::Op(context @ OpContext { tools: Some(_), .. }) = scope.env else {
            let message = format!("`{shown}` is not available here");
            let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, scope.place(span), message);
            self.report(diagnostic.help("it is available only in hooks of agents"));
            return scope.broken(span);
        };
        let available = context::over(&context.events, |event| on(event).then(|| ty.clone()));
        let typed = self.available(scope, path, available, &context.events, span);
        narrow(self, scope, typed, span)
    }

    pub(crate) fn available(
        &mut self,
        scope: &Scope<'_, '_>,
        path: Path,
        available: Available,
        events: &[Event],
        span: Span,
    ) -> Typed {
        match available {
            Available::Never => self.not_on_events(scope, &format!("`{path}`"), events, span),
            Available::Sometimes(ty) | Available::Always(ty) => scope.typed(self, Node::Ctx { path }, ty, span),
        }
    }

    pub(crate) fn not_on_events(&mut self, scope: &Scope<'_, '_>, what: &str, events: &[Event], span: Span) -> Typed {
        let place = scope.place(span);
        let message = format!("{what} is not available on {}", list_events(events));
        self.error_at(diagnostics::NOT_AVAILABLE, place, message);
        scope.broken(span)
    }

    /// `event.FIELD` of a trigger.
    pub(crate) fn trigger_event(&mut self, scope: &Scope<'_, '_>, field: EventField, span: Span) -> Typed {
        let Env::Trigger(kind) = scope.env else {
            let place = scope.place(span);
            let message = format!("`event.{field}` is not available here");
            let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, place, message);
            self.report(diagnostic.help("`event` is available only in the `when` and `with` of a trigger"));
            return scope.broken(span);
        };
        match kind.field(&self.program.builtins, field) {
            Some(ty) => scope.typed(self, Node::Ctx { path: Path::Event(field) }, ty, span),
            None => {
                let place = scope.place(span);
                let message = format!("a `{}` trigger has no `event.{field}`", kind.word());
                let diagnostic = Diagnostic::new(diagnostics::NOT_AVAILABLE, place, message);
                self.report(diagnostic.help(format!("available: {}", kind.fields())));
                scope.broken(span)
            }
        }
    }
}

/// Whether no name can be read that is this word.
fn is_reserved(word: &str) -> bool {
    hookc_grammar::Keyword::of(word).is_some_and(hookc_grammar::Keyword::is_reserved)
}

fn is_tool(event: Event) -> bool {
    matches!(event, Event::ToolStart | Event::ToolEnd)
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
