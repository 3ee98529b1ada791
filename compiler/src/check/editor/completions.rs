//! Completions at a cursor.
//!
//! When the check looks up a name at the cursor, it offers the names that it would accept there, from its own tables, in the
//! same scope and with their types at this place. Pure syntax (keywords, types, paths) is the task of `ide`.

use hookc_plan::{AgentField, ErrorField, Event, EventField, HookField, JobField, OpField};
use smol_str::SmolStr;

use crate::check::editor::completion::Candidate;
use crate::check::expressions::callee::Callee;
use crate::check::expressions::math;
use crate::check::hooks::context::{self, Available, EARLY_JOB_FIELDS, OpContext};
use crate::check::hooks::event_facts::events_of;
use crate::check::hooks::site::Site;
use crate::check::jobs::job_scope::JobScope;
use crate::check::scope::Env;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::context_names::is_context_name;
use crate::declare::{ParamDef, Params};
use crate::functions::{self, FunctionKind, FunctionPage, Receiver};
use crate::ide::Kind;
use crate::ids::EnumId;
use crate::place::Place;
use crate::symbol::Symbol;
use crate::ty::Ty;

/// The ranks: names of the expected type first, then names of the surroundings, then all others.
const BEST: u32 = 0;
pub(super) const NEAR: u32 = 1;
const FAR: u32 = 2;
const LIBRARY: u32 = 3;

impl<'s> ExpressionChecker<'_, 's> {
    /// Whether the cursor stands at this place.
    pub(crate) fn probed(&self, place: Place) -> bool {
        let Some(notes) = &self.notes else { return false };
        notes.file == place.file && notes.probe.as_ref().is_some_and(|probe| place.span.touches(probe.at))
    }

    fn add_candidates(&mut self, candidates: impl IntoIterator<Item = Candidate>) {
        if let Some(probe) = self.notes.as_mut().and_then(|notes| notes.probe.as_mut()) {
            probe.candidates.extend(candidates);
        }
    }

    fn want(&mut self, kinds: &[Kind]) {
        if let Some(probe) = self.notes.as_mut().and_then(|notes| notes.probe.as_mut()) {
            probe.wanted.extend(kinds);
        }
    }

    /// Offers words.
    pub(crate) fn complete_words<'w>(&mut self, place: Place, kind: Kind, words: impl IntoIterator<Item = &'w str>) {
        if self.probed(place) {
            let candidates: Vec<Candidate> = words.into_iter().map(|word| Candidate::new(word, kind, BEST)).collect();
            self.add_candidates(candidates);
        }
    }

    /// Offers top-level names of these kinds.
    pub(crate) fn complete_symbols(&mut self, place: Place, kinds: &[Kind]) {
        if !self.probed(place) {
            return;
        }
        self.want(kinds);
        let names = &self.program.scope(place.file).names;
        let fitting = names.iter().filter(|(_, symbol)| kinds.contains(&self.kind_of(**symbol)));
        let candidates: Vec<Candidate> =
            fitting.map(|(name, symbol)| self.symbol_candidate(name, *symbol, NEAR)).collect();
        self.add_candidates(candidates);
    }

    /// The description of a top-level name.
    pub(crate) fn kind_of(&self, symbol: Symbol) -> Kind {
        match symbol {
            Symbol::Enum(_) => Kind::Enum,
            Symbol::Record(_) => Kind::Record,
            Symbol::Const(_) => Kind::Const,
            Symbol::Connection(_) => Kind::Connection,
            Symbol::Component(id) => match self.program.component(id).item.ast.kind {
                hookc_grammar::ast::ComponentKind::Component => Kind::Component,
                hookc_grammar::ast::ComponentKind::Agent => Kind::Agent,
            },
            Symbol::Condition(_) => Kind::Condition,
            Symbol::Hook(_) => Kind::Hook,
            Symbol::Job(_) => Kind::Job,
            Symbol::Profile(_) => Kind::Profile,
        }
    }

    fn symbol_candidate(&self, name: &SmolStr, symbol: Symbol, rank: u32) -> Candidate {
        let candidate = Candidate::new(name.clone(), self.kind_of(symbol), rank).at(self.program.place_of(symbol));
        let (params, outputs) = match symbol {
            Symbol::Component(id) => {
                let def = self.program.component(id);
                (&def.inputs, Some(&def.outputs))
            }
            Symbol::Job(id) => {
                let def = self.program.job(id);
                (&def.inputs, Some(&def.outputs))
            }
            Symbol::Condition(id) => (&self.program.condition(id).params, None),
            Symbol::Hook(id) => (&self.program.hook(id).params, None),
            Symbol::Connection(id) => return candidate.detail(self.show(self.program.connection_ty(id))),
            _ => return candidate,
        };
        let mut detail = self.signature_text(params);
        if let Some(outputs) = outputs.filter(|outputs| !outputs.is_empty()) {
            detail = format!("{detail} -> {}", self.signature_text(outputs));
        }
        let positional = matches!(symbol, Symbol::Condition(_));
        Candidate { snippet: Some(call_snippet(name, params, positional)), ..candidate.detail(detail) }
    }

    /// `(lr: float, epochs: int)`
    fn signature_text(&self, params: &Params<'_>) -> String {
        let params: Vec<String> =
            params.values().map(|param| format!("{}: {}", param.name, self.show(&param.ty))).collect();
        format!("({})", params.join(", "))
    }

    pub(super) fn param_candidate(&self, param: &ParamDef<'_>, kind: Kind, ty: &Ty, rank: u32) -> Candidate {
        Candidate::new(param.name.clone(), kind, rank).detail(self.show(ty)).at(param.ast.map(|_| param.place))
    }

    /// Offers everything that can begin a value here.
    pub(crate) fn complete_values(&mut self, scope: &Scope<'_, '_>, want: Option<&Ty>, place: Place) {
        if !self.probed(place) {
            return;
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        if let Some(Ty::Enum(id)) = want.map(Ty::required) {
            candidates.extend(self.enum_candidates(*id));
        }
        let local = |local: &crate::check::Local| {
            Candidate::new(local.name.clone(), Kind::Variable, NEAR).detail(self.show(&local.ty)).at(Some(local.place))
        };
        candidates.extend(scope.locals.iter().map(local));
        if let Env::Component(inputs) = scope.env {
            candidates.extend(inputs.values().map(|param| self.bare_input_candidate(param)));
        }
        if let Some(job) = self.job_of(scope) {
            candidates.extend(job.def.inputs.values().map(|param| self.bare_input_candidate(param)));
            candidates.extend(self.op_candidates(job, scope));
        }
        candidates.extend(self.root_candidates(scope));
        candidates.extend(self.value_symbols(scope));
        candidates.extend(library_candidates());
        if want.is_none_or(|want| matches!(want.required(), Ty::Bool)) {
            candidates.extend(["true", "false"].map(|word| Candidate::new(word, Kind::Keyword, FAR)));
        }
        if want.is_some_and(Ty::takes_null) {
            candidates.push(Candidate::new("null", Kind::Keyword, FAR));
        }
        for candidate in &mut candidates {
            let is = |ty: &Ty| candidate.detail.as_deref() == Some(&self.show(ty));
            let fits = want.is_some_and(|want| is(want) || is(want.required()));
            if fits && candidate.rank == NEAR {
                candidate.rank = BEST;
            }
        }
        self.want(&[Kind::Const, Kind::Connection, Kind::Condition, Kind::Enum]);
        self.add_candidates(candidates);
    }

    fn enum_candidates(&self, id: EnumId) -> Vec<Candidate> {
        let def = self.program.enum_def(id);
        let values = def.values.iter();
        values
            .map(|value| {
                let candidate = Candidate::new(value.clone(), Kind::EnumValue, BEST).detail(def.name.to_string());
                candidate.at(self.enum_value_place(id, value))
            })
            .collect()
    }

    fn op_candidates(&self, job: &JobScope<'_, '_>, scope: &Scope<'_, '_>) -> Vec<Candidate> {
        let own = match scope.env {
            Env::Job(_, current) => Some(current),
            Env::Op(context) => context.job.map(|(_, current)| current),
            _ => None,
        };
        let named = job.ops.iter().enumerate().filter(|(index, info)| Some(*index) != own && !info.name.is_empty());
        named
            .map(|(_, info)| {
                let outputs: Vec<String> =
                    info.outputs.iter().map(|(name, ty)| format!("{name}: {}", self.show(ty))).collect();
                let detail = format!("op -> ({})", outputs.join(", "));
                Candidate::new(info.name.clone(), Kind::Op, NEAR).detail(detail).at(Some(info.place))
            })
            .collect()
    }

    fn value_symbols(&self, scope: &Scope<'_, '_>) -> Vec<Candidate> {
        let connections = !matches!(scope.env, Env::Component(_) | Env::Plain);
        let names = &self.program.scope(scope.file).names;
        let fitting = names.iter().filter(|(_, symbol)| match symbol {
            Symbol::Const(_) | Symbol::Condition(_) | Symbol::Enum(_) => true,
            Symbol::Connection(_) => connections,
            _ => false,
        });
        fitting
            .map(|(name, symbol)| match symbol {
                Symbol::Const(id) => {
                    let ty = self.program.const_types.get(id.0 as usize).cloned().flatten();
                    let candidate = self.symbol_candidate(name, *symbol, NEAR);
                    Candidate { detail: ty.map(|ty| self.show(&ty)), ..candidate }
                }
                _ => self.symbol_candidate(name, *symbol, NEAR),
            })
            .collect()
    }

    /// Offers the parts of a root of the context, after the dot.
    pub(crate) fn complete_context(&mut self, scope: &Scope<'_, '_>, root: &str, place: Place) {
        if !self.probed(place) {
            return;
        }
        let candidates: Vec<Candidate> = match (scope.env, root) {
            (Env::Component(inputs), "inputs") => self.params_candidates(inputs, Kind::Input),
            (Env::JobHook(context), "inputs") => self.params_candidates(context.inputs, Kind::Input),
            (Env::Job(job, _), "inputs") => self.params_candidates(&job.def.inputs, Kind::Input),
            (Env::Op(context), "inputs") => {
                self.available_params(context, context.inputs, Kind::Input, |name, event| context.input(name, event))
            }
            (Env::Op(context), "outputs") => {
                self.available_params(context, context.outputs, Kind::Output, |name, event| context.output(name, event))
            }
            (Env::Op(context), "payload" | "output") => self.tool_candidates(context, root),
            _ => self.field_candidates(scope, root),
        };
        self.add_candidates(candidates);
    }

    fn params_candidates(&self, params: &Params<'_>, kind: Kind) -> Vec<Candidate> {
        params.values().map(|param| self.param_candidate(param, kind, &param.ty, BEST)).collect()
    }

    /// Parameters with their types at the hook's events. Those that exist on no event are omitted.
    fn available_params(
        &self,
        context: &OpContext<'_, '_>,
        params: &Params<'_>,
        kind: Kind,
        ty: impl Fn(&str, Event) -> Option<Ty>,
    ) -> Vec<Candidate> {
        let known = |param: &ParamDef<'_>| match context::over(&context.events, |event| ty(&param.name, event)) {
            Available::Never => None,
            Available::Sometimes(ty) | Available::Always(ty) => Some(self.param_candidate(param, kind, &ty, BEST)),
        };
        params.values().filter_map(known).collect()
    }

    fn tool_candidates(&self, context: &OpContext<'_, '_>, root: &str) -> Vec<Candidate> {
        let Some(tools) = &context.tools else { return Vec::new() };
        let params = if root == "payload" { &tools.payload } else { &tools.output };
        self.params_candidates(params, Kind::Parameter)
    }

    /// The parts of `op`, `job`, `error`, … with their types.
    fn field_candidates(&self, scope: &Scope<'_, '_>, root: &str) -> Vec<Candidate> {
        let builtins = &self.program.builtins;
        let mut fields: Vec<(&'static str, Ty)> = Vec::new();
        let mut add = |word: &'static str, available: Available| match available {
            Available::Never => {}
            Available::Sometimes(ty) | Available::Always(ty) => fields.push((word, ty)),
        };
        match (scope.env, root) {
            (Env::Op(context), "op") => OpField::ALL.iter().for_each(|field| {
                let at = |event| context::op_field(builtins, *field, event, (context.retry, context.is_fan_out()));
                add(field.word(), context::over(&context.events, at));
            }),
            (Env::Op(context), "error") => ErrorField::ALL.iter().for_each(|field| {
                add(
                    field.word(),
                    context::over(&context.events, |event| context::error_field(builtins, *field, event)),
                );
            }),
            (Env::JobHook(context), "job") => JobField::ALL.iter().for_each(|field| {
                let at = |event| context::job_field(builtins, *field, Some(event));
                add(field.word(), context::over(&context.events, at));
            }),
            (Env::Op(_), "job") => JobField::ALL.iter().for_each(|field| {
                let ty = context::job_field(builtins, *field, None);
                add(field.word(), ty.map_or(Available::Never, Available::Always));
            }),
            (Env::Job(..) | Env::Trigger(_), "job") => EARLY_JOB_FIELDS.iter().for_each(|field| {
                let early = !matches!(scope.env, Env::Trigger(_)) || *field == JobField::Previous;
                let ty = context::job_field(builtins, *field, None).filter(|_| early);
                add(field.word(), ty.map_or(Available::Never, Available::Always));
            }),
            (Env::Trigger(kind), "event") => EventField::ALL.iter().for_each(|field| {
                add(field.word(), kind.field(builtins, *field).map_or(Available::Never, Available::Always));
            }),
            (Env::Op(_) | Env::JobHook(_), "hook") => {
                HookField::ALL.iter().for_each(|field| add(field.word(), Available::Always(Ty::String)));
            }
            (Env::Op(context), "agent") if context.tools.is_some() => {
                AgentField::ALL.iter().for_each(|field| add(field.word(), Available::Always(Ty::String.optional())));
            }
            (Env::Op(_), "tool") => add("name", Available::Always(Ty::String)),
            (Env::Op(_), "session" | "user") => add("id", Available::Always(Ty::String.optional())),
            _ => {}
        }
        let candidates = fields.into_iter().map(|(word, ty)| Candidate {
            page: Some(smol_str::format_smolstr!("{root}.{word}")),
            ..Candidate::new(word, Kind::Field, BEST).detail(self.show(&ty))
        });
        candidates.collect()
    }

    /// The outputs of another op, with the types that they have here.
    pub(crate) fn complete_outputs(&mut self, scope: &Scope<'_, '_>, op: usize, place: Place) {
        if !self.probed(place) {
            return;
        }
        let Some(info) = self.job_of(scope).and_then(|job| job.ops.get(op)) else { return };
        let (certain, _) = self.quietly(|checker| checker.op_is_certain(scope, op, hookc_grammar::Span::default()));
        let certain = certain.unwrap_or(false);
        let declared = info.runs.map(|runs| self.signature(runs).1);
        let candidates: Vec<Candidate> = info
            .outputs
            .iter()
            .map(|(name, ty)| {
                let ty = if certain { ty.clone() } else { ty.clone().optional() };
                let place = declared.and_then(|outputs| outputs.get(name)).map(|param| param.place);
                Candidate::new(name.clone(), Kind::Output, BEST).detail(self.show(&ty)).at(place)
            })
            .collect();
        self.add_candidates(candidates);
    }

    /// The fields and methods of a value.
    pub(crate) fn complete_members(&mut self, typed: &Typed, place: Place) {
        if !self.probed(place) {
            return;
        }
        let ty = typed.ty.required();
        let mut candidates: Vec<Candidate> = Vec::new();
        if let Ty::Record(id) = ty {
            let fields = self.program.record(*id).fields.values();
            candidates.extend(fields.map(|field| self.param_candidate(field, Kind::Field, &field.ty, BEST)));
        }
        if let Some(receiver) = Receiver::of(ty) {
            candidates.extend(functions::methods(receiver).map(method_candidate));
        }
        self.add_candidates(candidates);
    }

    /// Offers the values of an enum, after its name.
    pub(crate) fn complete_enum(&mut self, id: EnumId, place: Place) {
        if self.probed(place) {
            let candidates = self.enum_candidates(id);
            self.add_candidates(candidates);
        }
    }

    /// The functions of `math` and `lists`.
    pub(crate) fn complete_library(&mut self, library: math::Library, place: Place) {
        if self.probed(place) {
            let functions = library.functions().into_iter();
            let candidate = |name| page_candidate(&format!("{}.{name}", library.name()), name, Kind::Function);
            let candidates: Vec<Candidate> = functions.map(candidate).collect();
            self.add_candidates(candidates);
        }
    }

    /// Offers the labels of missing arguments.
    pub(crate) fn complete_labels(&mut self, callee: &Callee<'_, 's>, given: &[SmolStr], place: Place) {
        if !self.probed(place) {
            return;
        }
        let open = callee.params.values().filter(|param| !given.contains(&param.name));
        let candidates: Vec<Candidate> = open
            .map(|param| {
                let rank = if param.has_default() { NEAR } else { BEST };
                let candidate = self.param_candidate(param, Kind::Parameter, &param.ty, rank);
                Candidate { snippet: Some(format!("{}: $0", param.name)), ..candidate }
            })
            .collect();
        self.add_candidates(candidates);
    }

    /// Offers the ops of a job, except one.
    pub(crate) fn complete_ops(&mut self, job: &JobScope<'_, '_>, but: Option<usize>, place: Place) {
        if !self.probed(place) {
            return;
        }
        let named = job.ops.iter().enumerate().filter(|(index, info)| Some(*index) != but && !info.name.is_empty());
        let candidates: Vec<Candidate> =
            named.map(|(_, info)| Candidate::new(info.name.clone(), Kind::Op, BEST).at(Some(info.place))).collect();
        self.add_candidates(candidates);
    }

    /// Offers the events of the hook's target.
    pub(crate) fn complete_events(&mut self, site: &Site<'_, 's>, place: Place) {
        if !self.probed(place) {
            return;
        }
        let candidates: Vec<Candidate> = events_of(site.target)
            .map(|event| {
                let snippet = match event {
                    Event::Overdue => Some("overdue(${1:90m})".to_owned()),
                    Event::ToolStart | Event::ToolEnd => Some(format!("{}($1)", event.word())),
                    _ => None,
                };
                let page = Some(smol_str::format_smolstr!("on {}", event.word()));
                Candidate { snippet, page, ..Candidate::new(event.word(), Kind::Event, BEST) }
            })
            .collect();
        self.add_candidates(candidates);
    }

    /// Offers the tools of the agent that a hook watches.
    pub(crate) fn complete_tools(&mut self, site: &Site<'_, 's>, place: Place) {
        let Some(tools) = site.tools.as_ref().filter(|_| self.probed(place)) else { return };
        if tools.is_empty() {
            return self.complete_symbols(place, &[Kind::Component]);
        }
        let candidates: Vec<Candidate> = tools
            .iter()
            .map(|id| {
                let def = self.program.component(*id);
                let candidate = Candidate::new(def.item.name.clone(), Kind::Component, BEST).at(Some(def.item.place));
                candidate.detail(self.signature_text(&def.inputs))
            })
            .collect();
        self.add_candidates(candidates);
    }
}

/// `train(data: $1, epochs: $2)`: a placeholder for each parameter without a default.
pub(crate) fn call_snippet(name: &str, params: &Params<'_>, positional: bool) -> String {
    let needed = params.values().filter(|param| !param.has_default());
    let args: Vec<String> = needed
        .enumerate()
        .map(|(index, param)| match positional {
            true => format!("${{{}:{}}}", index + 1, param.name),
            false => format!("{}: ${}", param.name, index + 1),
        })
        .collect();
    format!("{name}({})$0", args.join(", "))
}

fn library_candidates() -> Vec<Candidate> {
    let functions = functions::function_names().into_iter().filter(|name| !is_context_name(name));
    let mut candidates: Vec<Candidate> = functions.map(|name| page_candidate(name, name, Kind::Function)).collect();
    candidates.extend(["math", "lists"].map(|name| Candidate::new(name, Kind::Function, LIBRARY)));
    candidates
}

fn page_candidate(page: &str, name: &str, kind: Kind) -> Candidate {
    let detail = crate::functions::functions_named(page).first().and_then(|page| page.signatures.first().copied());
    Candidate {
        page: Some(page.into()),
        snippet: Some(format!("{name}($0)")),
        detail: detail.map(str::to_owned),
        ..Candidate::new(name, kind, LIBRARY)
    }
}

fn method_candidate(row: &'static FunctionPage) -> Candidate {
    let name = row.name;
    let snippet = match row.kind {
        FunctionKind::Macro => format!("{name}(${{1:x}}, $0)"),
        FunctionKind::Method | FunctionKind::Function | FunctionKind::Operator => format!("{name}($0)"),
    };
    Candidate { snippet: Some(snippet), rank: NEAR, ..page_candidate(&row.full_name(), name, Kind::Method) }
}
