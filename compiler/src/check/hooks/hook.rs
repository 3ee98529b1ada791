//! Checks a hook: its events, condition and verb.

use hookc_grammar::ast::{Call, Hook, Ident, Verb};
use hookc_plan as plan;
use hookc_plan::VerbKind;

use crate::check::expressions::callee::Owner;
use crate::check::hooks::context::{JobContext, OpContext};
use crate::check::hooks::event::expand;
use crate::check::hooks::event_facts::Target;
use crate::check::hooks::site::Attached;
use crate::check::hooks::site::Site;
use crate::check::jobs::job_scope::Runs;
use crate::check::parameters::BareNames;
use crate::check::typed::Local;
use crate::check::{Checker, Env, Scope};
use crate::declare::Params;
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ComponentId;
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;

impl<'p, 's> Checker<'p, 's> {
    /// Checks the reusable hooks against their own signatures.
    pub(crate) fn check_reusable_hooks(&mut self) {
        let program = self.program;
        for def in &program.hooks {
            self.check_hidden(&def.params, BareNames::ConstsAndConnections);
            self.check_defaults(Owner::Local, &def.params);
            self.check_outputs(&def.inputs);
            self.check_outputs(&def.outputs);
            let target = match def.item.ast.target.as_ref().map(|target| &target.kind) {
                Some(kind) => self.target_kind(def.item.file, def.item.at, kind),
                None if !self.is_whole(def.item.damage) => None,
                None => {
                    let message = format!("hook `{}` has no target", def.item.name);
                    let diagnostic =
                        Diagnostic::new(diagnostics::MISSING, Place::new(def.item.file, def.item.place.span), message);
                    self.report(diagnostic.help("write `for op`, `for job` or `for agent` after its name"));
                    None
                }
            };
            let Some(target) = target else { continue };
            let params = def.params.values().map(Local::parameter).collect();
            self.check_alone(def.item.file, def.item.at, def.item.ast, target, &def.inputs, &def.outputs, params);
        }
    }

    fn target_kind(&mut self, file: FileId, at: u32, kind: &Ident) -> Option<Target> {
        match kind.text.as_str() {
            "op" => Some(Target::Op),
            "job" => Some(Target::Job),
            "agent" => Some(Target::Agent),
            other => {
                let message = format!("unknown hook target `{other}`");
                let diagnostic =
                    Diagnostic::new(diagnostics::BAD_HOOK_TARGET, Place::new(file, kind.span.shifted(at)), message);
                self.report(diagnostic.help("write `for op`, `for job` or `for agent`"));
                None
            }
        }
    }

    /// Checks a hook of an `each op` that matches no op.
    pub(crate) fn check_hook_alone(
        &mut self,
        file: FileId,
        at: u32,
        hook: &'s Hook,
        inputs: &Params<'s>,
        outputs: &Params<'s>,
    ) {
        self.check_alone(file, at, hook, Target::Op, inputs, outputs, Vec::new());
    }

    #[expect(clippy::too_many_arguments, reason = "the one place that checks a hook without what it watches")]
    pub(crate) fn check_alone(
        &mut self,
        file: FileId,
        at: u32,
        hook: &'s Hook,
        target: Target,
        inputs: &Params<'s>,
        outputs: &Params<'s>,
        params: Vec<Local>,
    ) {
        let tools = (target == Target::Agent).then(Vec::new);
        let site =
            Site { target, path: String::new(), inputs, outputs, op: None, job: None, blocks: &[], tools, params };
        let place = Place { file, span: hook.span.shifted(at) };
        let attached =
            Attached { hook, file, at, name: None, from: plan::From::Own, used: None, block: None, attached: place };
        self.hook(&site, &attached);
    }

    /// Checks one hook in its context; `None` if an error leaves nothing to plan.
    pub(crate) fn hook(&mut self, site: &Site<'_, 's>, attached: &Attached<'s>) -> Option<plan::Hook> {
        let hook = attached.hook;
        let plain = Scope::new(attached.file, attached.at, Env::Plain);
        if let Some((id, used, file, at)) = attached.used
            && !self.use_fits(site, id, used, file, at)
        {
            return None;
        }
        let on: Vec<plan::EventOn> = hook.events.iter().filter_map(|event| self.event(site, &plain, event)).collect();
        if on.len() < hook.events.len() || on.is_empty() {
            self.check_words_only(&plain, hook);
            return None;
        }
        self.report_repeated_events(&plain, hook);
        let events = expand(&on, site.target);
        let (inputs, outputs) = visible(site, attached);
        let parts = site.op.map(|(_, _, parts)| parts);
        let tools = site.tools.as_ref().map(|tools| self.tool_context(tools, &on));
        let op_context;
        let job_context;
        let env = if site.target == Target::Job {
            job_context = JobContext { events, inputs: site.inputs, job: site.job };
            Env::JobHook(&job_context)
        } else {
            op_context = OpContext {
                events,
                inputs,
                outputs,
                parts,
                job: site.op.filter(|_| attached.used.is_none()).map(|(job, index, _)| (job, index)),
                fan: parts
                    .filter(|_| attached.used.is_none() && attached.block.is_none())
                    .map(|parts| parts.fan.clone())
                    .unwrap_or_default(),
                tools,
                retry: false,
            };
            Env::Op(&op_context)
        };
        let mut scope = Scope::new(attached.file, attached.at, env);
        if let Env::Op(context) = env {
            scope.locals = context.fan.clone();
        }
        scope.locals.extend(site.params.iter().cloned());
        if let Some((id, used, file, at)) = attached.used {
            let params = self.use_parameters(site, env, id, used, file, at)?;
            scope.locals = params;
        }
        match attached.used {
            Some((id, used, file, at)) => {
                let planned = self.quietly(|checker| checker.hook_parts(site, &mut scope, attached, on));
                self.used_hook(planned, id, used, file, at)
            }
            None => self.hook_parts(site, &mut scope, attached, on),
        }
    }

    /// Checks a hook whose events are unknown. Only its names can be checked.
    fn check_words_only(&mut self, scope: &Scope<'_, '_>, hook: &Hook) {
        if let Some(Verb::Call { call, .. }) = &hook.verb
            && let Some(name) = &call.name
        {
            self.component_named(scope, name);
        }
    }

    /// The condition and the verb.
    fn hook_parts(
        &mut self,
        site: &Site<'_, 's>,
        scope: &mut Scope<'_, 's>,
        attached: &Attached<'s>,
        on: Vec<plan::EventOn>,
    ) -> Option<plan::Hook> {
        let hook = attached.hook;
        let when = hook.when.as_ref().map(|when| self.check_clause(scope, when));
        let verb = hook.verb.as_ref()?;
        let mut planned = self.hook_head(scope, attached, on);
        match verb {
            Verb::Message { word, text } => {
                planned.verb = VerbKind::from_word(&word.text).unwrap_or(VerbKind::Fail);
                let message = self.text_for_people(scope, text);
                self.lint_value(scope, &message);
                planned.message = Some(message);
                self.check_gate(site, scope, word, &planned);
            }
            Verb::Call { word, call, settings } => {
                planned.verb = VerbKind::from_word(&word.text).unwrap_or(VerbKind::Run);
                let id = self.hook_call(scope, call, &mut planned);
                planned.settings = self.hook_settings(scope, planned.verb, settings);
                if planned.verb != VerbKind::Run
                    && self.check_gate(site, scope, word, &planned)
                    && planned.verb == VerbKind::Modify
                {
                    self.check_modify(site, scope, word, &planned, id);
                }
            }
        }
        planned.when = match when {
            Some(None) => return None,
            Some(cond) => cond,
            None => None,
        };
        Some(planned)
    }

    /// A hook that does nothing yet.
    fn hook_head(&self, scope: &Scope<'_, 's>, attached: &Attached<'s>, on: Vec<plan::EventOn>) -> plan::Hook {
        let place = scope.place(attached.hook.span);
        plan::Hook {
            name: attached.name.clone().unwrap_or_default(),
            path: String::new(),
            on,
            verb: VerbKind::Run,
            when: None,
            component: None,
            args: Vec::new(),
            message: None,
            settings: plan::HookSettings::default(),
            order: 0,
            from: attached.from,
            span: self.plan_span(place),
            attached: self.plan_span(attached.attached),
        }
    }

    fn hook_call(&mut self, scope: &mut Scope<'_, 's>, call: &Call, planned: &mut plan::Hook) -> Option<ComponentId> {
        let name = call.name.as_ref()?;
        let Some(id) = self.component_named(scope, name) else {
            self.arguments_of_unknown(scope, call);
            return None;
        };
        self.needs_body(scope, id, name);
        if self.asks(id) {
            let place = scope.place(name.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_VERB, place, "a hook cannot ask a person");
            self.report(diagnostic.help("run it as an op"));
        }
        planned.component = Some(self.key(Symbol::Component(id)));
        if call.args_span.is_some() {
            let callee = self.callee(Runs::Component(id));
            planned.args = self.arguments(scope, &callee, &call.args, name.span);
            self.lint_arguments(scope, &planned.args);
            self.note_connections(id, &planned.args, scope.place(name.span));
        }
        Some(id)
    }

    /// The component that a hook runs.
    pub(crate) fn hook_component(&self, hook: &plan::Hook) -> Option<ComponentId> {
        self.component_of_key(hook.component.as_ref()?)
    }

    fn asks(&self, id: ComponentId) -> bool {
        let entries = &self.program.component(id).item.ast.entries;
        entries.iter().any(|entry| matches!(entry, hookc_grammar::ast::BodyEntry::Ask(..)))
    }
}

/// In `each op`, a hook sees the signature of the block, and elsewhere the signature of the op.
fn visible<'a, 's>(site: &Site<'a, 's>, attached: &Attached<'_>) -> (&'a Params<'s>, &'a Params<'s>) {
    let block = attached.block.filter(|_| attached.used.is_none()).and_then(|index| site.blocks.get(index));
    match block {
        Some(block) => (&block.inputs, &block.outputs),
        None => (site.inputs, site.outputs),
    }
}
