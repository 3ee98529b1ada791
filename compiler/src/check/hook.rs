//! Hooks: which hold for an op or job, in which order, and each one's events, condition and verb.

use hookc_grammar::ast::{Call, Event as EventAst, ExprKind, Hook, Ident, OpEntry, Use, Verb};
use hookc_plan as plan;
use hookc_plan::{Event, VerbKind};
use smol_str::{SmolStr, format_smolstr};

use super::args::{Callee, Owner};
use super::context::{FINAL, JOB_FINAL, JobContext, OpContext, ToolContext};
use super::each::EachBlock;
use super::job::{JobScope, Runs};
use super::op::OpParts;
use super::scope::Local;
use super::{Checker, Env, Scope};
use crate::declare::{ComponentId, HookId, ParamDef, Params, Place, Symbol, duplicate};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::sources::FileId;

/// What a hook watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Op,
    Agent,
    Job,
}

impl Target {
    fn events(self) -> &'static [Event] {
        const OP: &[Event] = &[
            Event::Start, Event::End, Event::Succeeded, Event::Failed, Event::Stopped, Event::Skipped, Event::UpstreamFailed,
            Event::Done, Event::Retrying, Event::Waiting, Event::Overdue,
        ];
        const JOB: &[Event] = &[Event::Start, Event::Succeeded, Event::Failed, Event::Stopped, Event::Done, Event::Overdue];
        match self {
            Target::Op => OP,
            Target::Agent => Event::ALL,
            Target::Job => JOB,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Target::Op => "an op",
            Target::Agent => "an agent",
            Target::Job => "a job",
        }
    }
}

/// A hook that holds for an op or job, before it is checked there.
#[derive(Clone)]
struct Attached<'s> {
    hook: &'s Hook,
    /// Where the hook is written, and what its spans count from.
    file: FileId,
    at: u32,
    /// Its name, where it was given one.
    name: Option<SmolStr>,
    from: plan::From,
    /// The reusable hook and its `use`, with what the spans of the `use` count from.
    used: Option<(HookId, &'s Use, FileId, u32)>,
    /// In `each op`: the index of its block, which limits what it can read.
    block: Option<usize>,
    attached: Place,
}

/// The surroundings in which an attached hook is checked.
struct Site<'a, 's> {
    target: Target,
    /// `JOB.OP` or `JOB`.
    path: String,
    inputs: &'a Params<'s>,
    outputs: &'a Params<'s>,
    op: Option<(&'a JobScope<'a, 's>, usize, &'a OpParts)>,
    job: Option<&'a JobScope<'a, 's>>,
    blocks: &'a [&'a EachBlock<'s>],
    /// The tools of the agent.
    tools: Option<Vec<ComponentId>>,
    /// Reusable hooks are checked by themselves: nothing of a job is known.
    params: Vec<Local>,
}

impl<'p, 's> Checker<'p, 's> {
    /// Checks the reusable hooks by themselves, against their own signatures.
    pub(crate) fn check_reusable_hooks(&mut self) {
        let program = self.program;
        for def in &program.hooks {
            self.check_defaults(Owner::Local, &def.params, "parameter");
            self.check_outputs(&def.inputs);
            self.check_outputs(&def.outputs);
            let target = match def.item.ast.target.as_ref().map(|target| &target.kind) {
                Some(kind) => self.target_kind(def.item.file, def.item.at, kind),
                None => {
                    let message = format!("hook `{}` does not say what it is for", def.item.name);
                    let diagnostic = Diagnostic::new(diagnostics::MISSING, def.item.file, def.item.place.span, message);
                    self.report(diagnostic.help("write `for op`, `for job` or `for agent` behind its name"));
                    None
                }
            };
            let Some(target) = target else { continue };
            let params = def.params.values().map(parameter_local).collect();
            self.check_alone(def.item.file, def.item.at, def.item.ast, target, &def.inputs, &def.outputs, params);
        }
    }

    fn target_kind(&mut self, file: FileId, at: u32, kind: &Ident) -> Option<Target> {
        match kind.text.as_str() {
            "op" => Some(Target::Op),
            "job" => Some(Target::Job),
            "agent" => Some(Target::Agent),
            other => {
                let message = format!("a hook cannot be for `{other}`");
                let diagnostic = Diagnostic::new(diagnostics::BAD_HOOK_TARGET, file, kind.span.shifted(at), message);
                self.report(diagnostic.help("write `for op`, `for job` or `for agent`"));
                None
            }
        }
    }

    /// Checks a hook of an `each op` that holds for no op.
    pub(super) fn check_hook_alone(&mut self, file: FileId, at: u32, hook: &'s Hook, inputs: &Params<'s>, outputs: &Params<'s>) {
        self.check_alone(file, at, hook, Target::Op, inputs, outputs, Vec::new());
    }

    #[expect(clippy::too_many_arguments, reason = "the one place that checks a hook without what it watches")]
    fn check_alone(&mut self, file: FileId, at: u32, hook: &'s Hook, target: Target, inputs: &Params<'s>, outputs: &Params<'s>, params: Vec<Local>) {
        let tools = (target == Target::Agent).then(Vec::new);
        let site = Site { target, path: String::new(), inputs, outputs, op: None, job: None, blocks: &[], tools, params };
        let place = Place { file, span: hook.span.shifted(at) };
        let attached = Attached { hook, file, at, name: None, from: plan::From::Own, used: None, block: None, attached: place };
        self.hook(&site, &attached);
    }

    /// The hooks of an op, in firing order.
    pub(super) fn op_hooks(&mut self, job: &JobScope<'p, 's>, index: usize, parts: &OpParts, blocks: &[&EachBlock<'s>]) -> Vec<plan::Hook> {
        let Some(info) = job.ops.get(index) else { return Vec::new() };
        let mut attached: Vec<Attached<'s>> = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let wider = self.attach(block.file, block.at, &block.ast.entries, plan::From::Each, Some(number), &[]);
            self.report_same_names(&attached, &wider);
            attached.extend(wider);
        }
        let own = self.attach(job.def.item.file, info.at, &info.ast.entries, plan::From::Own, None, &attached);
        let attached = self.merge_hooks(job.def.item.file, info.at, attached, own, &info.ast.entries);
        if attached.is_empty() {
            return Vec::new();
        }
        let Some(runs) = info.runs else { return Vec::new() };
        let (inputs, outputs) = self.signature(runs);
        let tools = self.tools_of(runs);
        let site = Site {
            target: if tools.is_some() { Target::Agent } else { Target::Op },
            path: format!("{}.{}", job.def.item.name, info.name),
            inputs,
            outputs,
            op: Some((job, index, parts)),
            job: None,
            blocks,
            tools,
            params: Vec::new(),
        };
        self.resolve_hooks(&site, attached)
    }

    /// The tools of an agent; `None` for what is no agent.
    fn tools_of(&self, runs: Runs) -> Option<Vec<ComponentId>> {
        let Runs::Component(id) = runs else { return None };
        let item = &self.program.component(id).item;
        if item.ast.kind != hookc_grammar::ast::ComponentKind::Agent {
            return None;
        }
        let mut tools = Vec::new();
        for entry in &item.ast.entries {
            let hookc_grammar::ast::BodyEntry::Setting(setting) = entry else { continue };
            let hookc_grammar::ast::SettingValue::Value(value) = &setting.value else { continue };
            if setting.word.text != "tools" {
                continue;
            }
            let ExprKind::List(items) = &value.kind else { continue };
            for item_expr in items {
                if let ExprKind::Name(name) = &item_expr.kind {
                    if let Some(Symbol::Component(tool)) = self.program.lookup(item.file, name) {
                        tools.push(tool);
                    }
                }
            }
        }
        Some(tools)
    }

    /// The hooks of a job: shared ones first, then its own.
    pub(super) fn job_hooks(&mut self, job: &JobScope<'p, 's>, own: &[(&'s OpEntry, u32)]) -> Vec<plan::Hook> {
        let program = self.program;
        let item = &job.def.item;
        let mut attached: Vec<Attached<'s>> = Vec::new();
        let shared = program.sources.project.uses.iter().filter_map(|path| crate::sources::resolve("", path).ok());
        let mut files: Vec<FileId> = shared.filter_map(|path| program.sources.find(&path)).collect();
        if !files.contains(&item.file) {
            files.push(item.file);
        }
        for file in files {
            for block in program.each_jobs.iter().filter(|block| block.file == file) {
                let wider = self.attach(block.file, block.at, &block.ast.entries, plan::From::Each, None, &[]);
                self.report_same_names(&attached, &wider);
                attached.extend(wider);
            }
        }
        let mut own_hooks: Vec<Attached<'s>> = Vec::new();
        for (entry, at) in own {
            let more = self.attach(item.file, *at, std::slice::from_ref(*entry), plan::From::Job, None, &attached);
            self.report_same_names(&own_hooks, &more);
            own_hooks.extend(more);
        }
        let drops: Vec<(&'s Ident, u32)> = own.iter().filter_map(|(entry, at)| dropped(entry).map(|name| (name, *at))).collect();
        let attached = self.override_hooks(item.file, attached, own_hooks, &drops);
        let site = Site {
            target: Target::Job,
            path: item.name.to_string(),
            inputs: &job.def.inputs,
            outputs: &job.def.outputs,
            op: None,
            job: Some(job),
            blocks: &[],
            tools: None,
            params: Vec::new(),
        };
        self.resolve_hooks(&site, attached)
    }

    /// Checks `each job` blocks of a file that has no job: their names would otherwise never be looked at.
    pub(crate) fn check_each_jobs_alone(&mut self, file: FileId) {
        let program = self.program;
        let none = Params::default();
        for block in program.each_jobs.iter().filter(|block| block.file == file) {
            for entry in &block.ast.entries {
                if let OpEntry::Hook(hook) = entry {
                    self.check_alone(block.file, block.at, hook, Target::Job, &none, &none, Vec::new());
                }
            }
        }
    }

    /// The hooks that a block attaches, in written order.
    fn attach(
        &mut self,
        file: FileId,
        at: u32,
        entries: &'s [OpEntry],
        from: plan::From,
        block: Option<usize>,
        _wider: &[Attached<'s>],
    ) -> Vec<Attached<'s>> {
        let mut attached: Vec<Attached<'s>> = Vec::new();
        for entry in entries {
            let next = match entry {
                OpEntry::Hook(hook) => Some(Attached {
                    hook,
                    file,
                    at,
                    name: hook.name.as_ref().map(|name| name.text.clone()),
                    from,
                    used: None,
                    block,
                    attached: Place { file, span: hook.name.as_ref().map_or(hook.span, |name| name.span).shifted(at) },
                }),
                OpEntry::Use(used) => self.attach_use(file, at, used, block),
                OpEntry::Drop(..) | OpEntry::Setting(_) => None,
            };
            if let Some(next) = next {
                self.report_same_names(&attached, std::slice::from_ref(&next));
                attached.push(next);
            }
        }
        attached
    }

    fn attach_use(&mut self, file: FileId, at: u32, used: &'s Use, block: Option<usize>) -> Option<Attached<'s>> {
        let name = used.call.name.as_ref()?;
        let scope = Scope::new(file, at, Env::Plain);
        let id = match self.lookup(file, &name.text) {
            Some(Symbol::Hook(id)) => id,
            Some(other) => {
                let message = format!("`{}` is a {}, not a hook", name.text, other.kind());
                self.error_at(diagnostics::UNKNOWN_HOOK, scope.place(name.span), message);
                return None;
            }
            None => {
                self.report_unknown_callee(&scope, name, "hook", |symbol| matches!(symbol, Symbol::Hook(_)));
                return None;
            }
        };
        let item = &self.program.hook(id).item;
        let given = used.alias.as_ref().map_or_else(|| item.name.clone(), |alias| alias.text.clone());
        Some(Attached {
            hook: item.ast,
            file: item.file,
            at: item.at,
            name: Some(given),
            from: plan::From::Use,
            used: Some((id, used, file, at)),
            block,
            attached: Place { file, span: used.alias.as_ref().unwrap_or(name).span.shifted(at) },
        })
    }

    /// Two hooks of one written name at one width.
    fn report_same_names(&mut self, first: &[Attached<'s>], second: &[Attached<'s>]) {
        for hook in second {
            let Some(name) = &hook.name else { continue };
            if let Some(other) = first.iter().find(|other| other.name.as_ref() == Some(name)) {
                self.report(duplicate(name, hook.attached, Some(other.attached)));
            }
        }
    }

    fn merge_hooks(
        &mut self,
        file: FileId,
        at: u32,
        wider: Vec<Attached<'s>>,
        own: Vec<Attached<'s>>,
        entries: &'s [OpEntry],
    ) -> Vec<Attached<'s>> {
        let drops: Vec<(&'s Ident, u32)> = entries.iter().filter_map(dropped).map(|name| (name, at)).collect();
        self.override_hooks(file, wider, own, &drops)
    }

    /// Own hooks replace wider ones of their name, `drop` removes them.
    fn override_hooks(
        &mut self,
        file: FileId,
        mut wider: Vec<Attached<'s>>,
        own: Vec<Attached<'s>>,
        drops: &[(&'s Ident, u32)],
    ) -> Vec<Attached<'s>> {
        for (name, at) in drops {
            let before = wider.len();
            let names: Vec<SmolStr> = wider.iter().filter_map(|hook| hook.name.clone()).collect();
            wider.retain(|hook| hook.name.as_ref() != Some(&name.text));
            if wider.len() == before {
                let message = format!("there is no wider hook `{}` to drop", name.text);
                let help = did_you_mean(&name.text, names.iter().map(SmolStr::as_str));
                self.report(Diagnostic::new(diagnostics::UNKNOWN_HOOK, file, name.span.shifted(*at), message).maybe_help(help));
            }
        }
        wider.retain(|hook| hook.name.is_none() || !own.iter().any(|other| other.name == hook.name));
        wider.extend(own);
        wider
    }

    /// Checks each hook, brings them into firing order and names the anonymous ones.
    fn resolve_hooks(&mut self, site: &Site<'_, 's>, attached: Vec<Attached<'s>>) -> Vec<plan::Hook> {
        let mut hooks: Vec<plan::Hook> = Vec::with_capacity(attached.len());
        for attached in &attached {
            hooks.extend(self.hook(site, attached));
        }
        hooks.sort_by_key(|hook| hook.verb == VerbKind::Run);
        let mut taken: Vec<SmolStr> = hooks.iter().map(|hook| hook.name.clone()).filter(|name| !name.is_empty()).collect();
        for (order, hook) in hooks.iter_mut().enumerate() {
            if hook.name.is_empty() {
                hook.name = free_name(hook, &taken);
                taken.push(hook.name.clone());
            }
            hook.path = format!("{}.{}", site.path, hook.name);
            hook.order = u32::try_from(order).unwrap_or(u32::MAX);
        }
        hooks
    }

    /// One hook in its surroundings; `None` where it has a mistake that leaves nothing to plan.
    fn hook(&mut self, site: &Site<'_, 's>, attached: &Attached<'s>) -> Option<plan::Hook> {
        let hook = attached.hook;
        let mark = self.diagnostics.len();
        let plain = Scope::new(attached.file, attached.at, Env::Plain);
        if let Some((id, used, file, at)) = attached.used {
            if !self.use_fits(site, id, used, file, at) {
                return None;
            }
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
                fallible: parts.map(OpParts::fallible).unwrap_or_default(),
                job: site.op.filter(|_| attached.used.is_none()).map(|(job, index, _)| (job, index)),
                maybe_empty: parts.is_some_and(OpParts::maybe_empty),
                fan: parts.filter(|_| attached.used.is_none() && attached.block.is_none()).map(|parts| parts.fan.clone()).unwrap_or_default(),
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
        let used_mark = self.diagnostics.len();
        let planned = self.hook_parts(site, &mut scope, attached, on);
        if let Some((id, used, file, at)) = attached.used {
            return self.used_hook(mark, used_mark, planned, id, used, file, at);
        }
        planned
    }

    /// A reusable hook's own mistakes are reported where it is declared. What is left is that it does not fit this op.
    #[expect(clippy::too_many_arguments, reason = "where the `use` stands has four parts")]
    fn used_hook(
        &mut self,
        _mark: usize,
        used_mark: usize,
        planned: Option<plan::Hook>,
        id: HookId,
        used: &Use,
        file: FileId,
        at: u32,
    ) -> Option<plan::Hook> {
        let inner: Vec<Diagnostic> = self.diagnostics.drain(used_mark..).collect();
        let item = &self.program.hook(id).item;
        let own_mistake = self.reusable_has_mistakes(id);
        let misfit = inner.iter().find(|diagnostic| diagnostic.severity == crate::Severity::Error).filter(|_| !own_mistake);
        if let Some(first) = misfit {
            let span = used.call.name.as_ref().map_or(used.span, |name| name.span).shifted(at);
            let message = format!("hook `{}` does not fit here: {}", item.name, first.message);
            let diagnostic = Diagnostic::new(diagnostics::HOOK_DOES_NOT_FIT, file, span, message);
            let diagnostic = diagnostic.label(first.primary.file, first.primary.span, "it reads this");
            self.report(diagnostic);
            return None;
        }
        planned
    }

    /// Whether a reusable hook is wrong by itself.
    fn reusable_has_mistakes(&mut self, id: HookId) -> bool {
        let item = &self.program.hook(id).item;
        let span = item.ast.span.shifted(item.at);
        let file = item.file;
        self.diagnostics.iter().any(|diagnostic| {
            let label = &diagnostic.primary;
            diagnostic.severity == crate::Severity::Error && label.file == file && span.start <= label.span.start && label.span.end <= span.end
        })
    }

    /// Whether a reusable hook is for what it is attached to.
    fn use_fits(&mut self, site: &Site<'_, 's>, id: HookId, used: &Use, file: FileId, at: u32) -> bool {
        let def = self.program.hook(id);
        let span = used.call.name.as_ref().map_or(used.span, |name| name.span).shifted(at);
        let kind = def.item.ast.target.as_ref().map_or("", |target| target.kind.text.as_str());
        let right_kind = match (kind, site.target) {
            ("op", Target::Op | Target::Agent) | ("agent", Target::Agent) | ("job", Target::Job) => true,
            ("op" | "agent" | "job", _) => false,
            _ => return false,
        };
        if !right_kind {
            let message = format!("hook `{}` is for {kind}s, and this is {}", def.item.name, site.target.word());
            self.report(Diagnostic::new(diagnostics::HOOK_DOES_NOT_FIT, file, span, message));
            return false;
        }
        let missing_input = self.signature_fits(&def.inputs, site.inputs).and_then(|name| def.inputs.get(name));
        let missing_output = self.signature_fits(&def.outputs, site.outputs).and_then(|name| def.outputs.get(name));
        let (what, param, there) = match (missing_input, missing_output) {
            (Some(param), _) => ("input", param, site.inputs.get(&param.name)),
            (None, Some(param)) => ("output", param, site.outputs.get(&param.name)),
            (None, None) => return true,
        };
        let wanted = format!("`{}: {}`", param.name, self.show(&param.ty));
        let message = match there {
            Some(other) => {
                format!("hook `{}` needs the {what} {wanted}, and here it is `{}`", def.item.name, self.show(&other.ty))
            }
            None => format!("hook `{}` needs the {what} {wanted}, which is not there", def.item.name),
        };
        let diagnostic = Diagnostic::new(diagnostics::HOOK_DOES_NOT_FIT, file, span, message);
        self.report(diagnostic.label(param.place.file, param.place.span, "asked for here"));
        false
    }

    /// The parameters of a reusable hook with the values that its `use` gives; `None` where these have a mistake.
    fn use_parameters(&mut self, site: &Site<'_, 's>, env: Env<'_, 's>, id: HookId, used: &Use, file: FileId, at: u32) -> Option<Vec<Local>> {
        let def = self.program.hook(id);
        let context;
        let env = match env {
            // The arguments stand in the job, and so can read its ops, as any hook there.
            Env::Op(inner) => {
                context = OpContext {
                    events: inner.events.clone(),
                    inputs: site.inputs,
                    outputs: site.outputs,
                    fallible: inner.fallible.clone(),
                    job: site.op.map(|(job, index, _)| (job, index)),
                    maybe_empty: inner.maybe_empty,
                    fan: Vec::new(),
                    tools: None,
                    retry: false,
                };
                Env::Op(&context)
            }
            other => other,
        };
        let mut scope = Scope::new(file, at, env);
        let callee = Callee {
            what: format!("hook `{}`", def.item.name),
            params: &def.params,
            place: Some(def.item.place),
            positional: false,
            owner: Owner::Local,
        };
        let mark = self.diagnostics.len();
        let whole = used.call.name.as_ref().map_or(used.span, |name| name.span);
        let values = self.arguments(&mut scope, &callee, &used.call.args, whole);
        if self.errors_since(mark) || values.len() != def.params.len() {
            return None;
        }
        let bind = |(param, value): (&ParamDef<'_>, plan::Arg)| Local {
            name: param.name.clone(),
            ty: param.ty.clone(),
            value: value.value.node,
            place: param.place,
        };
        Some(def.params.values().zip(values).map(bind).collect())
    }

    fn report_repeated_events(&mut self, scope: &Scope<'_, '_>, hook: &Hook) {
        for (index, event) in hook.events.iter().enumerate() {
            let repeated = hook.events.iter().take(index).any(|other| other.name.text == event.name.text);
            if repeated && !matches!(event.name.text.as_str(), "overdue" | "tool_start" | "tool_end") {
                let message = format!("`{}` is given twice", event.name.text);
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(event.span), message);
            }
        }
    }

    /// A hook whose events are unknown: only its names can be checked.
    fn check_words_only(&mut self, scope: &Scope<'_, '_>, hook: &Hook) {
        if let Some(Verb::Call { call, .. }) = &hook.verb {
            if let Some(name) = &call.name {
                self.component_named(scope, name);
            }
        }
    }

    /// One event of the hook, checked against what it watches.
    fn event(&mut self, site: &Site<'_, 's>, scope: &Scope<'_, '_>, event: &EventAst) -> Option<plan::EventOn> {
        let word = &event.name;
        let known = Event::from_word(&word.text);
        let Some(found) = known.filter(|event| site.target.events().contains(event)) else {
            let place = scope.place(word.span);
            let names = site.target.events().iter().map(|event| event.word());
            let message = match known {
                Some(event) => format!("`{event}` does not happen on {}", site.target.word()),
                None => format!("unknown event `{}`", word.text),
            };
            let usual = usual_event(&word.text).map(|event| format!("it is called `{event}` here"));
            let near = diagnostics::nearest(&word.text, names.clone());
            let help = usual.or_else(|| did_you_mean(&word.text, names.clone())).or_else(|| {
                let names: Vec<&str> = names.clone().collect();
                Some(format!("these happen: {}", names.join(", ")))
            });
            let mut diagnostic = Diagnostic::new(diagnostics::BAD_EVENT, place.file, place.span, message).maybe_help(help);
            if let ([only], None) = (near.as_slice(), known) {
                diagnostic = diagnostic.fix(format!("replace with `{only}`"), place.span, *only);
            }
            self.report(diagnostic);
            return None;
        };
        let mut on = plan::EventOn { event: found, after_ms: None, tools: Vec::new() };
        match found {
            Event::Overdue => {
                let [time] = event.args.as_slice() else {
                    let place = scope.place(event.span);
                    let diagnostic = Diagnostic::new(diagnostics::BAD_EVENT, place.file, place.span, "`overdue` needs a time");
                    self.report(diagnostic.help("write how long, as in `overdue(90m)`"));
                    return None;
                };
                let mut plain = Scope::new(scope.file, scope.at, Env::Plain);
                plain.locals = site.params.clone();
                on.after_ms = Some(self.time_setting(&mut plain, time)?);
            }
            Event::ToolStart | Event::ToolEnd => on.tools = self.event_tools(site, scope, event)?,
            _ if !event.args.is_empty() => {
                let message = format!("`{found}` takes nothing in brackets");
                self.error_at(diagnostics::BAD_EVENT, scope.place(event.span), message);
                return None;
            }
            _ => {}
        }
        Some(on)
    }

    /// The tools in the brackets of `tool_start` and `tool_end`: those of the agent.
    fn event_tools(&mut self, site: &Site<'_, 's>, scope: &Scope<'_, '_>, event: &EventAst) -> Option<Vec<SmolStr>> {
        let mut tools = Vec::new();
        for arg in &event.args {
            let ExprKind::Name(name) = &arg.kind else {
                self.error_at(diagnostics::BAD_EVENT, scope.place(arg.span), "the name of a tool belongs here");
                return None;
            };
            let ident = Ident { text: name.clone(), span: arg.span };
            let id = self.component_named(scope, &ident)?;
            let reusable = site.op.is_none();
            let has = site.tools.as_ref().is_some_and(|tools| tools.contains(&id));
            if !has && !reusable {
                let place = scope.place(arg.span);
                let message = format!("the agent has no tool `{name}`");
                let names: Vec<&str> = site.tools.iter().flatten().map(|id| self.program.component(*id).item.name.as_str()).collect();
                let help = did_you_mean(name, names);
                self.report(Diagnostic::new(diagnostics::UNKNOWN_TOOL, place.file, place.span, message).maybe_help(help));
                return None;
            }
            tools.push(self.key(Symbol::Component(id)));
        }
        Some(tools)
    }

    /// What the tools that these events name have in common; without names, all of the agent's.
    fn tool_context(&self, tools: &[ComponentId], on: &[plan::EventOn]) -> ToolContext<'p, 's> {
        let named: Vec<&SmolStr> = on.iter().flat_map(|on| &on.tools).collect();
        let listens = |id: &ComponentId| named.is_empty() || named.contains(&&self.key(Symbol::Component(*id)));
        let all = (0..self.program.components.len()).map(|index| ComponentId(u32::try_from(index).unwrap_or(u32::MAX)));
        let chosen: Vec<ComponentId> = if tools.is_empty() {
            all.filter(|id| !named.is_empty() && listens(id)).collect()
        } else {
            tools.iter().copied().filter(listens).collect()
        };
        let shared = |params: fn(&'p crate::declare::ComponentDef<'s>) -> &'p Params<'s>| {
            let mut ids = chosen.iter();
            let mut shared = ids.next().map(|id| params(self.program.component(*id)).clone()).unwrap_or_default();
            for id in ids {
                let other = params(self.program.component(*id));
                shared.retain(|name, param| other.get(name).is_some_and(|other| other.ty == param.ty));
            }
            shared
        };
        ToolContext {
            payload: std::borrow::Cow::Owned(shared(|def| &def.inputs)),
            output: std::borrow::Cow::Owned(shared(|def| &def.outputs)),
        }
    }

    /// The condition and the verb.
    fn hook_parts(&mut self, site: &Site<'_, 's>, scope: &mut Scope<'_, 's>, attached: &Attached<'s>, on: Vec<plan::EventOn>) -> Option<plan::Hook> {
        let hook = attached.hook;
        let when = match &hook.when {
            Some(when) => {
                let cond = self.cond(scope, when);
                if let Some(cond) = &cond {
                    super::facts::assume(&mut scope.facts, &cond.expr, true);
                }
                Some(cond)
            }
            None => None,
        };
        let verb = hook.verb.as_ref()?;
        let place = scope.place(hook.span);
        let mut planned = plan::Hook {
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
        };
        match verb {
            Verb::Message { word, text } => {
                planned.verb = if word.text == "warn" { VerbKind::Warn } else { VerbKind::Fail };
                planned.message = Some(self.text(scope, text));
                self.check_gate(site, scope, word, &planned);
            }
            Verb::Call { word, call, settings } => {
                planned.verb = VerbKind::from_word(&word.text).unwrap_or(VerbKind::Run);
                let id = self.hook_call(scope, call, &mut planned);
                planned.settings = self.hook_settings(scope, settings);
                if planned.verb != VerbKind::Run && self.check_gate(site, scope, word, &planned) && planned.verb == VerbKind::Modify {
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

    fn hook_call(&mut self, scope: &mut Scope<'_, 's>, call: &Call, planned: &mut plan::Hook) -> Option<ComponentId> {
        let name = call.name.as_ref()?;
        let Some(id) = self.component_named(scope, name) else {
            self.arguments_of_unknown(scope, call);
            return None;
        };
        self.needs_body(scope, id, name);
        if self.asks(id) {
            let place = scope.place(name.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_VERB, place.file, place.span, "a hook cannot ask a person");
            self.report(diagnostic.help("make it an op"));
        }
        planned.component = Some(self.key(Symbol::Component(id)));
        if call.args_span.is_some() {
            let callee = self.callee(Runs::Component(id));
            planned.args = self.arguments(scope, &callee, &call.args, name.span);
        }
        Some(id)
    }

    fn asks(&self, id: ComponentId) -> bool {
        let entries = &self.program.component(id).item.ast.entries;
        entries.iter().any(|entry| matches!(entry, hookc_grammar::ast::BodyEntry::Ask(..)))
    }

    /// Gates stand before what they guard: on `start`, `end`, `step_*` and `tool_*`.
    fn check_gate(&mut self, site: &Site<'_, 's>, scope: &Scope<'_, '_>, word: &Ident, planned: &plan::Hook) -> bool {
        let verb = planned.verb;
        let gated = |event: Event| match site.target {
            Target::Job => event == Event::Start,
            _ => matches!(event, Event::Start | Event::End | Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd),
        };
        let place = scope.place(word.span);
        if let Some(on) = planned.on.iter().find(|on| !gated(on.event)) {
            let message = format!("`{verb}` cannot stand on `{}`: it is over", on.event);
            let help = if site.target == Target::Job { "gates of a job stand on `start`" } else { "gates stand on `start`, `end`, `step_*` and `tool_*`; `run` observes" };
            self.report(Diagnostic::new(diagnostics::BAD_VERB, place.file, place.span, message).help(help));
            return false;
        }
        if verb != VerbKind::Modify {
            return true;
        }
        let steps = planned.on.iter().any(|on| matches!(on.event, Event::StepStart | Event::StepEnd));
        if site.target == Target::Job || steps || planned.on.len() != 1 {
            let message = match (site.target, steps) {
                (Target::Job, _) => "`modify` does not exist for jobs",
                (_, true) => "`modify` cannot stand on `step_start` and `step_end`",
                _ => "`modify` stands on one event",
            };
            self.error_at(diagnostics::BAD_VERB, place, message);
            return false;
        }
        true
    }

    /// The outputs of the component that modifies are a part of what it replaces, by name and type.
    fn check_modify(&mut self, site: &Site<'_, 's>, scope: &Scope<'_, '_>, word: &Ident, planned: &plan::Hook, id: Option<ComponentId>) {
        let (Some(id), Some(on)) = (id, planned.on.first()) else { return };
        let tools = site.tools.as_ref().map(|tools| self.tool_context(tools, &planned.on));
        let (what, replaced) = match (on.event, &tools) {
            (Event::Start, _) => ("input", site.inputs.clone()),
            (Event::End, _) => ("output", site.outputs.clone()),
            (Event::ToolStart, Some(tools)) => ("input", tools.payload.clone().into_owned()),
            (_, Some(tools)) => ("output", tools.output.clone().into_owned()),
            _ => return,
        };
        let def = self.program.component(id);
        let place = scope.place(word.span);
        let wrong = def.outputs.values().find(|output| !replaced.get(&output.name).is_some_and(|param| self.fits(&output.ty, &param.ty)));
        let message = match wrong {
            _ if def.outputs.is_empty() => format!("component `{}` has no outputs, so it modifies nothing", def.item.name),
            Some(output) => match replaced.get(&output.name) {
                Some(param) => format!(
                    "output `{}: {}` of `{}` does not fit the {what} `{}: {}`",
                    output.name, self.show(&output.ty), def.item.name, param.name, self.show(&param.ty)
                ),
                None => format!("output `{}` of `{}` is no {what} here", output.name, def.item.name),
            },
            None => return,
        };
        self.error_at(diagnostics::BAD_MODIFY, place, message);
    }
}

/// In `each op` a hook sees what the block asks for; elsewhere all that the op has.
fn visible<'a, 's>(site: &Site<'a, 's>, attached: &Attached<'_>) -> (&'a Params<'s>, &'a Params<'s>) {
    let block = attached.block.filter(|_| attached.used.is_none()).and_then(|index| site.blocks.get(index));
    match block {
        Some(block) => (&block.inputs, &block.outputs),
        None => (site.inputs, site.outputs),
    }
}

/// The events with `done` written out.
fn expand(on: &[plan::EventOn], target: Target) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for on in on {
        let finals: &[Event] = match (on.event, target) {
            (Event::Done, Target::Job) => &JOB_FINAL,
            (Event::Done, _) => &FINAL,
            _ => std::slice::from_ref(&on.event),
        };
        events.extend(finals.iter().copied().filter(|event| !events.contains(event)).collect::<Vec<_>>());
    }
    events
}

/// `on_failed`, `on_failed_2`, …: the first that is free.
fn free_name(hook: &plan::Hook, taken: &[SmolStr]) -> SmolStr {
    let first = hook.on.first().map_or("", |on| on.event.word());
    let base = format_smolstr!("on_{first}");
    let numbered = (2u32..).map(|number| format_smolstr!("{base}_{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base)
}

fn dropped(entry: &OpEntry) -> Option<&Ident> {
    match entry {
        OpEntry::Drop(name, _) => Some(name),
        _ => None,
    }
}

fn parameter_local(param: &ParamDef<'_>) -> Local {
    let value = plan::Node::Local { name: param.name.clone() };
    Local { name: param.name.clone(), ty: param.ty.clone(), value, place: param.place }
}

/// The event here that other systems call otherwise.
fn usual_event(name: &str) -> Option<&'static str> {
    Some(match name {
        "success" | "succeed" | "completed" | "on_success" => "succeeded",
        "failure" | "fail" | "error" | "on_failure" => "failed",
        "finished" | "finally" | "always" | "complete" | "exit" => "done",
        "started" | "begin" | "before" => "start",
        "cancelled" | "canceled" | "killed" | "aborted" => "stopped",
        "retry" | "retried" => "retrying",
        "late" | "sla" | "timeout" => "overdue",
        _ => return None,
    })
}

/// The type of what `mock` and tests give for a component's outputs.
pub(super) fn outputs_callee<'a, 's>(what: String, outputs: &'a Params<'s>) -> Callee<'a, 's> {
    Callee { what, params: outputs, place: None, positional: false, owner: Owner::Local }
}
