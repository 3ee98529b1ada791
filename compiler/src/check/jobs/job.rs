//! Jobs: their ops in dependency order, their hooks, outputs and triggers.

use std::cell::RefCell;
use std::sync::Arc;

use hookc_grammar::ast::{self, Arg, DepOps, Ident, JobEntry, OpEntry, SettingValue};
use hookc_grammar::{BlockKind, Keyword, Span};
use hookc_plan as plan;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::check::editor::incremental::Start;
use crate::check::expressions::callee::{Callee, Owner};
use crate::check::hooks::context::JobContext;
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job_scope::JobScope;
use crate::check::jobs::job_scope::OpInfo;
use crate::check::jobs::job_scope::Runs;
use crate::check::jobs::needs::{Need, Needs};
use crate::check::jobs::settings::may_not_succeed;
use crate::check::parameters::BareNames;
use crate::check::{Checker, Env, Scope};
use crate::declare::{Damage, JobDef, context_name, duplicate};
use crate::diagnostics::{self, Diagnostic};
use crate::ide::Kind;
use crate::ids::JobId;
use crate::lints::hears_failure;
use crate::place::Place;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::Ty;

/// The context that all entries of a job's block share.
struct Entries<'s> {
    each: Vec<EachBlock<'s>>,
    hooks: Vec<(&'s OpEntry, u32)>,
    triggers: Vec<(&'s ast::Trigger, u32)>,
    outputs: Vec<(&'s [Arg], Span, u32)>,
    settings: Vec<(&'s ast::Setting, u32)>,
}

impl<'p, 's> Checker<'p, 's> {
    /// Checks a job and returns its form in the plan.
    pub(crate) fn job(&mut self, id: JobId) -> plan::Job {
        let program = self.program;
        let def = program.job(id);
        self.check_hidden(&def.inputs, BareNames::ConstsAndConnections);
        self.check_defaults(Owner::Job, &def.inputs);
        self.check_outputs(&def.outputs);
        let mut job = JobScope {
            def,
            ops: Vec::new(),
            by_name: FxHashMap::default(),
            needs: Needs::default(),
            blocks: Vec::new(),
            log: RefCell::default(),
        };
        let entries = self.job_entries(&mut job);
        self.resolve_ops(&mut job, &entries.each);
        let mut starts: Vec<Start> = (0..job.ops.len()).map(|index| self.begin_noted_op(&mut job, index)).collect();
        let edges = starts.iter_mut().map(|start| edges_of(&job, start)).collect();
        let is_conditional =
            |index: usize| job.ops.get(index).is_none_or(|info| info.may_not_succeed || info.ast.when.is_some());
        job.needs = Needs::new(edges, is_conditional);
        self.report_cycles(&job);
        self.lint_each_op(&job);
        self.note_all_waits(&job);
        let mut heard = true;
        let mut ops: Vec<Option<plan::Op>> = Vec::with_capacity(starts.len());
        for (index, start) in starts.into_iter().enumerate() {
            let (op, is_heard) = self.finish_op(&job, index, start, &entries.each);
            heard &= is_heard;
            ops.push(op.filter(|_| self.keep));
        }
        self.report_idle_blocks(&job, &entries.each);
        self.lint_shadowed(&job, &entries.each);
        let ops: Vec<plan::Op> =
            job.needs.order().iter().filter_map(|index| ops.get_mut(*index).and_then(Option::take)).collect();
        let hooks = self.job_hooks(&job, &entries.hooks);
        self.lint_failure(&job, heard, &hooks);
        let mark = self.diagnostics.len();
        let triggers = self.triggers(&job, &entries.triggers);
        if self.is_whole(self.damage_since(mark)) {
            self.lint_triggers(&job, &triggers, &hooks);
        }
        let shape = plan::Shape::of(&ops);
        let outputs = self.job_outputs(&job, &entries.outputs);
        self.note_job(&hooks, &outputs);
        let (concurrency, fail_fast) = self.job_settings(def, &entries.settings);
        plan::Job {
            name: def.item.name.clone(),
            inputs: self.fields(Owner::Job, &def.inputs),
            outputs,
            concurrency,
            fail_fast,
            hooks,
            triggers,
            ops,
            shape,
            doc: def.item.ast.doc.as_ref().map(ToString::to_string),
            span: self.plan_span(def.item.place),
        }
    }

    /// The first half of an op's check. An error in it may hide ops that it needs.
    fn begin_noted_op(&mut self, job: &mut JobScope<'p, 's>, index: usize) -> Start {
        let mark = self.diagnostics.len();
        let start = self.begin_op(job, index);
        let damage = self.damage_since(mark);
        if let Some(info) = job.ops.get_mut(index) {
            info.damage_of_needs = if info.runs.is_some() { damage } else { Damage::UNKNOWN };
        }
        start
    }

    /// The second half of an op's check: its settings and hooks. An unchanged op is not planned.
    fn finish_op(
        &mut self,
        job: &JobScope<'p, 's>,
        index: usize,
        start: Start,
        each: &[EachBlock<'s>],
    ) -> (Option<plan::Op>, bool) {
        let (parts, first) = match start {
            Start::Known(known) if self.is_still(job, index, &known) => return (None, known.is_heard()),
            Start::Known(_) => self.logged(job, |checker| Box::new(checker.op_parts(job, index))),
            Start::Fresh(parts, log) => (parts, log),
        };
        let (op, second) = self.logged(job, |checker| {
            let op = checker.op(job, index, *parts, each);
            checker.note_op(&op);
            op
        });
        let heard = op.allow_failure || hears_failure(&op.hooks);
        self.keep_op(job, index, first, second, heard);
        (Some(op), heard)
    }

    /// Notes the implicit dependencies of each op.
    fn note_all_waits(&mut self, job: &JobScope<'_, '_>) {
        if self.notes.is_none() {
            return;
        }
        for (index, info) in job.ops.iter().enumerate() {
            let silent = job.needs.of(index).iter().filter(|need| !need.written);
            let names = silent.filter_map(|need| Some(job.ops.get(need.op)?.name.clone()));
            self.note_waits(job.def.item.file, info.at + info.ast.header.end, names);
        }
    }

    /// Sorts the entries of the block and declares the names of the ops.
    fn job_entries(&mut self, job: &mut JobScope<'p, 's>) -> Entries<'s> {
        let item = &job.def.item;
        let mut entries = Entries {
            each: Vec::new(),
            hooks: Vec::new(),
            triggers: Vec::new(),
            outputs: Vec::new(),
            settings: Vec::new(),
        };
        let mut names: FxHashMap<SmolStr, Place> = FxHashMap::default();
        for placed in &item.ast.entries {
            let at = item.at + placed.at;
            match placed.node.as_ref() {
                JobEntry::Op(op) => self.declare_op(job, &mut names, op, &placed.node, at),
                JobEntry::Trigger(trigger) => {
                    if let Some(name) = &trigger.name {
                        self.declare_name(job, &mut names, name, at, "trigger");
                    }
                    entries.triggers.push((trigger, at));
                }
                JobEntry::EachOp(each) => {
                    let block = self.each_block(item.file, at, each);
                    job.blocks.push(Arc::clone(&placed.node));
                    entries.each.push(block);
                }
                JobEntry::Outputs(args, span) => entries.outputs.push((args, *span, at)),
                JobEntry::Entry(OpEntry::Setting(setting)) => entries.settings.push((setting, at)),
                JobEntry::Entry(entry) => {
                    let name = match entry {
                        OpEntry::Hook(hook) => hook.name.as_ref(),
                        OpEntry::Use(used) => used.alias.as_ref().or(used.call.name.as_ref()),
                        OpEntry::Drop(..) | OpEntry::Setting(_) => None,
                    };
                    if let Some(name) = name {
                        self.declare_name(job, &mut names, name, at, "hook");
                    }
                    entries.hooks.push((entry, at));
                }
                JobEntry::Error => {}
            }
        }
        entries
    }

    fn declare_op(
        &mut self,
        job: &mut JobScope<'p, 's>,
        names: &mut FxHashMap<SmolStr, Place>,
        op: &'s ast::Op,
        entry: &'s Arc<JobEntry>,
        at: u32,
    ) {
        let file = job.def.item.file;
        let name = op.name.as_ref();
        let place = Place { file, span: name.map_or(op.header, |name| name.span).shifted(at) };
        let text = name.map_or_else(SmolStr::default, |name| name.text.clone());
        let info = OpInfo {
            ast: op,
            entry,
            at,
            name: text.clone(),
            place,
            runs: None,
            outputs: Vec::new(),
            damage: Damage::UNKNOWN,
            damage_of_needs: Damage::NONE,
            may_not_succeed: false,
        };
        let index = job.ops.len();
        job.ops.push(info);
        let Some(name) = name else { return };
        if matches!(text.as_str(), "any" | "each") {
            let message = format!("an op cannot be named `{text}`");
            self.report(Diagnostic::new(diagnostics::RESERVED_NAME, place, message).help("choose another name"));
        } else if self.declare_name(job, names, name, at, "op") {
            job.by_name.insert(text, index);
        }
    }

    /// Declares a name. Ops, hooks and triggers of a job share one set of names, and ops also share it with all names that are
    /// read without a prefix.
    fn declare_name(
        &mut self,
        job: &JobScope<'_, '_>,
        names: &mut FxHashMap<SmolStr, Place>,
        name: &Ident,
        at: u32,
        kind: &str,
    ) -> bool {
        let place = Place { file: job.def.item.file, span: name.span.shifted(at) };
        if crate::context_names::is_context_name(&name.text) && kind == "op" {
            self.report(context_name(&name.text, kind, place));
            return false;
        }
        let mut first = names.get(&name.text).copied();
        if kind == "op" && first.is_none() {
            first = self.first_in_scope(job, &name.text);
        }
        if let Some(first) = first {
            self.report(duplicate(&name.text, place, Some(first)));
            return false;
        }
        names.insert(name.text.clone(), place);
        true
    }

    /// The place outside the job's body that declares a name which the body reads without a prefix.
    pub(crate) fn first_in_scope(&self, job: &JobScope<'_, '_>, name: &str) -> Option<Place> {
        if let Some(param) = job.def.inputs.get(name) {
            return Some(param.place);
        }
        let symbol = self.program.lookup(job.def.item.file, name)?;
        matches!(symbol, Symbol::Const(_) | Symbol::Connection(_)).then(|| self.program.place_of(symbol)).flatten()
    }

    /// Finds the component or job that each op runs, and the outputs that others can read.
    fn resolve_ops(&mut self, job: &mut JobScope<'p, 's>, each: &[EachBlock<'s>]) {
        let item = &job.def.item;
        for index in 0..job.ops.len() {
            let Some(info) = job.ops.get(index) else { continue };
            let scope = Scope::new(item.file, info.at, Env::Plain);
            let ast = info.ast;
            let runs = ast.call.name.as_ref().and_then(|name| self.runnable(&scope, name));
            let (outputs, may_not_succeed) = match runs {
                Some(runs) => {
                    let (inputs, outputs) = self.signature(runs);
                    let optional = may_not_succeed(&ast.entries)
                        || each.iter().any(|block| block.may_not_succeed() && self.block_fits(block, inputs, outputs));
                    // A clause that cannot be read may be a `for`: then each output may be a list.
                    let unread = self.program.scope(item.file).poison.has_unread_clause(info.at);
                    let ty = |ty: &Ty| if unread { Ty::Error } else { fan_type(ty, ast, optional) };
                    (outputs.values().map(|param| (param.name.clone(), ty(&param.ty))).collect(), optional)
                }
                None => (Vec::new(), may_not_succeed(&ast.entries)),
            };
            if let Some(info) = job.ops.get_mut(index) {
                (info.runs, info.outputs, info.may_not_succeed) = (runs, outputs, may_not_succeed);
                info.damage = runs.map_or(Damage::UNKNOWN, |runs| self.signature(runs).1.damage);
            }
        }
    }

    /// The component or job that an op runs; `None` after a report.
    fn runnable(&mut self, scope: &Scope<'_, '_>, name: &Ident) -> Option<Runs> {
        let place = scope.place(name.span);
        self.complete_symbols(place, &[Kind::Component, Kind::Agent, Kind::Job]);
        let symbol = self.lookup(scope.file, &name.text);
        if let Some(symbol @ (Symbol::Component(_) | Symbol::Job(_))) = symbol {
            self.note_symbol(place, symbol);
        }
        match symbol {
            Some(Symbol::Component(id)) => {
                self.needs_body(scope, id, name);
                Some(Runs::Component(id))
            }
            Some(Symbol::Job(id)) => Some(Runs::Job(id)),
            Some(other) => {
                let message = format!("`{}` is {}, not a component or a job", name.text, other.a_kind());
                self.error_at(diagnostics::UNKNOWN_COMPONENT, scope.place(name.span), message);
                None
            }
            None => {
                self.report_unknown_callee(scope, name, SymbolKind::Component, |symbol| {
                    matches!(symbol, Symbol::Component(_) | Symbol::Job(_))
                });
                None
            }
        }
    }

    fn report_cycles(&mut self, job: &JobScope<'_, '_>) {
        for cycle in job.needs.cycles() {
            let names: Vec<String> =
                cycle.iter().filter_map(|index| job.ops.get(*index)).map(|info| format!("`{}`", info.name)).collect();
            let Some(info) = cycle.first().and_then(|index| job.ops.get(*index)) else {
                continue;
            };
            let first = names.first().cloned().unwrap_or_default();
            let message = format!("ops wait for each other in a cycle: {} -> {first}", names.join(" -> "));
            self.error_at(diagnostics::DEPENDENCY_CYCLE, info.place, message);
        }
    }

    fn job_outputs(&mut self, job: &JobScope<'_, 's>, written: &[(&'s [Arg], Span, u32)]) -> Vec<plan::Arg> {
        let item = &job.def.item;
        let declared = &job.def.outputs;
        let Some((args, span, at)) = written.first().copied() else {
            if let Some(first) = declared.values().next().filter(|_| self.is_whole(item.damage)) {
                let message = format!("job `{}` does not set its outputs", item.name);
                let diagnostic = Diagnostic::new(diagnostics::MISSING_ARGUMENT, first.place, message);
                self.report(diagnostic.help(format!("add `outputs ({}: …)` to its block", first.name)));
            }
            return Vec::new();
        };
        for (_, span, at) in written.iter().skip(1) {
            let place = Place { file: item.file, span: span.shifted(*at) };
            self.error_at(diagnostics::GIVEN_TWICE, place, "`outputs` is given twice");
        }
        let context = JobContext { events: vec![plan::Event::Succeeded], inputs: &job.def.inputs, job: Some(job) };
        let mut scope = Scope::new(item.file, at, Env::JobHook(&context));
        let callee = Callee {
            kind: "job",
            name: &item.name,
            params: declared,
            place: Some(item.place),
            positional: false,
            owner: Owner::Local,
        };
        let values = self.arguments(&mut scope, &callee, args, span);
        self.lint_arguments(&scope, &values);
        values
    }

    /// The settings of a job: how many of its runs at once, and whether its first failure ends it.
    fn job_settings(
        &mut self,
        def: &JobDef<'s>,
        settings: &[(&'s ast::Setting, u32)],
    ) -> (Option<plan::Concurrency>, bool) {
        let (mut concurrency, mut fail_fast) = (None, false);
        for (setting, at) in settings {
            let mut scope = Scope::new(def.item.file, *at, Env::Plain);
            let given = match (setting.keyword, &setting.value) {
                (_, SettingValue::Concurrency { max, otherwise }) => {
                    let max = self.count_setting(&mut scope, max, 1).unwrap_or(1);
                    let otherwise = otherwise.as_ref().map_or(plan::Else::Wait, |word| self.otherwise(&scope, word));
                    concurrency.replace(plan::Concurrency { max, otherwise }).is_some()
                }
                (Some(Keyword::FailFast), SettingValue::Flag) => std::mem::replace(&mut fail_fast, true),
                (Some(Keyword::FailFast), _) => {
                    let message = "this is not a valid form of `fail_fast`";
                    self.error_at(diagnostics::BAD_SETTING, scope.place(setting.span), message);
                    false
                }
                _ => {
                    self.unknown_setting(&scope, &setting.word, Keyword::settings_of(BlockKind::Job), "a job");
                    false
                }
            };
            if given {
                let message = format!("`{}` is given twice", setting.word.text);
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(setting.span), message);
            }
        }
        (concurrency, fail_fast)
    }

    fn otherwise(&mut self, scope: &Scope<'_, '_>, word: &Ident) -> plan::Else {
        match plan::Else::from_word(&word.text) {
            Some(word @ (plan::Else::Skip | plan::Else::Stop)) => word,
            _ => {
                let place = scope.place(word.span);
                let message = format!("expected `skip` or `stop` after `else`, found `{}`", word.text);
                self.report(
                    Diagnostic::new(diagnostics::BAD_SETTING, place, message).help("write `else skip` or `else stop`"),
                );
                plan::Else::Wait
            }
        }
    }
}

/// What an op waits for according to its own text.
fn edges_of(job: &JobScope<'_, '_>, start: &mut Start) -> Vec<Need> {
    match start {
        Start::Known(known) => known.edges(job),
        Start::Fresh(parts, _) => std::mem::take(&mut parts.edges),
    }
}

/// An output's type as others read it.
fn fan_type(ty: &Ty, op: &ast::Op, optional: bool) -> Ty {
    match (op.fan.is_empty(), optional) {
        (true, _) => ty.clone(),
        (false, false) => ty.clone().list(),
        (false, true) => ty.clone().optional().list(),
    }
}

/// The names in an `after` clause.
pub(crate) fn dep_names(ops: &DepOps) -> &[Ident] {
    match ops {
        DepOps::All(names) | DepOps::Any(names) => names,
        DepOps::Each => &[],
    }
}
