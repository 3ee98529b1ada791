//! The hooks that apply to an op or job, in order: those of `each` blocks first, and gates before observers.

use hookc_grammar::ast::{ExprKind, Ident, OpEntry, Use};
use hookc_plan as plan;
use hookc_plan::VerbKind;
use smol_str::{SmolStr, format_smolstr};

use crate::check::hooks::event_facts::Target;
use crate::check::hooks::site::{Attached, Site};
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job_scope::{JobScope, Runs};
use crate::check::jobs::op_parts::OpParts;
use crate::check::{Checker, Env, Referent, Scope};
use crate::declare::{Damage, Params, duplicate};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ide::Kind;
use crate::ids::ComponentId;
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;

impl<'p, 's> Checker<'p, 's> {
    /// The hooks of an op, in firing order.
    pub(crate) fn op_hooks(
        &mut self,
        job: &JobScope<'p, 's>,
        index: usize,
        parts: &OpParts,
        blocks: &[&EachBlock<'s>],
    ) -> Vec<plan::Hook> {
        let Some(info) = job.ops.get(index) else {
            return Vec::new();
        };
        let mut attached: Vec<Attached<'s>> = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let wider = self.attach(block.file, block.at, &block.ast.entries, plan::From::Each, Some(number));
            self.report_same_names(&attached, &wider);
            attached.extend(wider);
        }
        let own = self.attach(job.def.item.file, info.at, &info.ast.entries, plan::From::Own, None);
        // What an unknown op has is unknown too; the rest of its hooks is checked.
        let unknown = !self.is_whole(info.damage);
        let drops: Vec<(&'s Ident, u32)> =
            info.ast.entries.iter().filter_map(dropped).map(|name| (name, info.at)).collect();
        let of_blocks = if blocks.is_empty() { Damage::NONE } else { job.def.item.damage };
        let damage = info.damage | of_blocks;
        let attached = self.override_hooks(job.def.item.file, attached, own, &drops, damage);
        if attached.is_empty() {
            return Vec::new();
        }
        let none = Params::unknown();
        let (inputs, outputs) = info.runs.map_or((&none, &none), |runs| self.signature(runs));
        // It may be an agent with any tool.
        let tools = if unknown { Some(Vec::new()) } else { info.runs.and_then(|runs| self.tools_of(runs)) };
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

    /// The tools of an agent; `None` if it is not an agent.
    pub(crate) fn tools_of(&self, runs: Runs) -> Option<Vec<ComponentId>> {
        let Runs::Component(id) = runs else { return None };
        let item = &self.program.component(id).item;
        if item.ast.kind != hookc_grammar::ast::ComponentKind::Agent {
            return None;
        }
        let mut tools = Vec::new();
        for entry in &item.ast.entries {
            let hookc_grammar::ast::BodyEntry::Setting(setting) = entry else {
                continue;
            };
            let hookc_grammar::ast::SettingValue::Value(value) = &setting.value else {
                continue;
            };
            if setting.keyword != Some(hookc_grammar::Keyword::Tools) {
                continue;
            }
            let ExprKind::List(items) = &value.kind else { continue };
            for item_expr in items {
                if let ExprKind::Name(name) = &item_expr.kind
                    && let Some(Symbol::Component(tool)) = self.program.lookup(item.file, name)
                {
                    tools.push(tool);
                }
            }
        }
        Some(tools)
    }

    /// The hooks of a job: shared ones first, then its own.
    pub(crate) fn job_hooks(&mut self, job: &JobScope<'p, 's>, own: &[(&'s OpEntry, u32)]) -> Vec<plan::Hook> {
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
                let wider = self.attach(block.file, block.at, &block.ast.entries, plan::From::Each, None);
                self.report_same_names(&attached, &wider);
                attached.extend(wider);
            }
        }
        let mut own_hooks: Vec<Attached<'s>> = Vec::new();
        for (entry, at) in own {
            let more = self.attach(item.file, *at, std::slice::from_ref(*entry), plan::From::Job, None);
            self.report_same_names(&own_hooks, &more);
            own_hooks.extend(more);
        }
        let drops: Vec<(&'s Ident, u32)> =
            own.iter().filter_map(|(entry, at)| dropped(entry).map(|name| (name, *at))).collect();
        let damage = program.each_jobs.iter().fold(item.damage, |damage, block| damage | block.damage);
        let attached = self.override_hooks(item.file, attached, own_hooks, &drops, damage);
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

    /// Checks the `each job` blocks of a file without jobs. Their names would otherwise never be checked.
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

    /// The hooks that a block attaches, in source order.
    pub(crate) fn attach(
        &mut self,
        file: FileId,
        at: u32,
        entries: &'s [OpEntry],
        from: plan::From,
        block: Option<usize>,
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

    pub(crate) fn attach_use(
        &mut self,
        file: FileId,
        at: u32,
        used: &'s Use,
        block: Option<usize>,
    ) -> Option<Attached<'s>> {
        let name = used.call.name.as_ref()?;
        let scope = Scope::new(file, at, Env::Plain);
        self.complete_symbols(scope.place(name.span), &[Kind::Hook]);
        let id = match self.lookup(file, &name.text) {
            Some(symbol @ Symbol::Hook(id)) => {
                self.note_symbol(scope.place(name.span), symbol);
                id
            }
            Some(other) => {
                let message = format!("`{}` is {}, not a hook", name.text, other.a_kind());
                self.error_at(diagnostics::UNKNOWN_HOOK, scope.place(name.span), message);
                return None;
            }
            None => {
                self.report_unknown_callee(&scope, name, SymbolKind::Hook, |symbol| matches!(symbol, Symbol::Hook(_)));
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

    /// Reports two hooks with the same name in blocks of the same level.
    pub(crate) fn report_same_names(&mut self, first: &[Attached<'s>], second: &[Attached<'s>]) {
        for hook in second {
            let Some(name) = &hook.name else { continue };
            if let Some(other) = first.iter().find(|other| other.name.as_ref() == Some(name)) {
                self.report(duplicate(name, hook.attached, Some(other.attached)));
            }
        }
    }

    /// Own hooks replace the hooks of `each` blocks with the same name, and `drop` removes them. A `drop` without an effect is an
    /// error, unless `damage` may hide hooks of the blocks.
    pub(crate) fn override_hooks(
        &mut self,
        file: FileId,
        mut wider: Vec<Attached<'s>>,
        own: Vec<Attached<'s>>,
        drops: &[(&'s Ident, u32)],
        damage: Damage,
    ) -> Vec<Attached<'s>> {
        for (name, at) in drops {
            let before = wider.len();
            let names: Vec<SmolStr> = wider.iter().filter_map(|hook| hook.name.clone()).collect();
            let place = Place { file, span: name.span.shifted(*at) };
            self.complete_words(place, Kind::Hook, names.iter().map(SmolStr::as_str));
            if let Some(dropped) = wider.iter().find(|hook| hook.name.as_ref() == Some(&name.text)) {
                self.note_name(place, Referent::Declared(dropped.attached));
            }
            wider.retain(|hook| hook.name.as_ref() != Some(&name.text));
            if wider.len() == before && self.is_whole(damage) {
                let message = format!("there is no hook `{}` to drop from an `each` block", name.text);
                let help = did_you_mean(&name.text, names.iter().map(SmolStr::as_str));
                self.report(
                    Diagnostic::new(diagnostics::UNKNOWN_HOOK, Place::new(file, name.span.shifted(*at)), message)
                        .maybe_help(help),
                );
            }
        }
        for hook in own.iter().filter(|hook| hook.name.is_some()) {
            if let Some(other) = wider.iter().find(|other| other.name == hook.name) {
                self.note_replaced(hook.attached, other.attached);
            }
        }
        wider.retain(|hook| hook.name.is_none() || !own.iter().any(|other| other.name == hook.name));
        wider.extend(own);
        wider
    }

    /// Checks the hooks, sorts them in firing order, and names the anonymous ones.
    pub(crate) fn resolve_hooks(&mut self, site: &Site<'_, 's>, attached: Vec<Attached<'s>>) -> Vec<plan::Hook> {
        let mut hooks: Vec<plan::Hook> = Vec::with_capacity(attached.len());
        for attached in &attached {
            hooks.extend(self.hook(site, attached));
        }
        hooks.sort_by_key(|hook| hook.verb == VerbKind::Run);
        let mut taken: Vec<SmolStr> =
            hooks.iter().map(|hook| hook.name.clone()).filter(|name| !name.is_empty()).collect();
        for (order, hook) in hooks.iter_mut().enumerate() {
            if hook.name.is_empty() {
                hook.name = free_name(hook, &taken);
                taken.push(hook.name.clone());
            }
            hook.path = format!("{}.{}", site.path, hook.name);
            hook.order = u32::try_from(order).unwrap_or(u32::MAX);
        }
        self.lint_hooks(&hooks);
        hooks
    }
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
