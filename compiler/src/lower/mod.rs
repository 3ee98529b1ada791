//! The plan of a program without errors.

mod collect;
mod test_plans;

use std::collections::BTreeMap;

pub use test_plans::{PlannedTest, TestFile, TestOptions, check_and_lower_tests};

use hookc_plan as plan;
use hookc_plan::{ConnectionValue, FieldValue, Plan, TypeDef};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

use crate::Checked;
use crate::check::{Binding, Checker, KeptParts};
use crate::declare::{Program, len32};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ids::{ComponentId, ConnectionId, JobId, ProfileId};
use crate::place::Place;
use crate::sources::{FileId, Sources};
use crate::symbol::Symbol;

/// The maximum number of ops and hooks of a plan.
const MAX_OPS_AND_HOOKS: usize = 100_000;

/// What to lower.
#[derive(Clone, Debug)]
pub struct LowerOptions {
    /// The compiled file.
    pub file: FileId,
    /// The job to lower; `None` for every job of the file.
    pub job: Option<String>,
    /// The profile; `None` for the project's default.
    pub profile: Option<String>,
}

/// A checked program, and what became of it where it has no errors.
pub struct Lowered<T> {
    /// What the check found.
    pub checked: Checked,
    /// What was asked for; otherwise all diagnostics, warnings too, with an error among them.
    pub result: Result<T, Vec<Diagnostic>>,
}

/// Checks every file of `sources`, and lowers the jobs asked for.
pub fn check_and_lower(sources: &Sources, options: &LowerOptions) -> Lowered<Plan> {
    let wanted = |program: &Program<'_>| asked_jobs(program, options).unwrap_or_default();
    lower_checked(sources, options.file, wanted, |checker, parts| Lowering { checker, options, parts }.plan())
}

/// Declares and checks `sources` once, for plans of `file` with some jobs, and lowers it where it has no errors.
fn lower_checked<T>(
    sources: &Sources,
    file: FileId,
    wanted: impl FnOnce(&Program<'_>) -> Vec<JobId>,
    lower: impl FnOnce(&mut Checker<'_, '_>, KeptParts) -> Result<T, Vec<Diagnostic>>,
) -> Lowered<T> {
    let mut found = Vec::new();
    let program = Program::declare(sources, &mut found);
    let mut checker = Checker::new(&program, file);
    let jobs = checker.reachable_jobs(&wanted(&program));
    let parts = checker.check_and_keep(Some(&jobs));
    found.append(&mut checker.take_reported());
    let checked = crate::finish(sources, found);
    if checked.has_errors() {
        return Lowered { result: Err(checked.diagnostics.clone()), checked };
    }
    checker.begin_plan();
    let result = lower(&mut checker, parts).map_err(|problem| {
        let mut diagnostics = checked.diagnostics.clone();
        diagnostics.extend(problem);
        crate::sorted(sources, diagnostics)
    });
    Lowered { checked, result }
}

/// The jobs that were asked for.
fn asked_jobs(program: &Program<'_>, options: &LowerOptions) -> Result<Vec<JobId>, Vec<Diagnostic>> {
    let file = options.file;
    let own = || {
        let jobs = program.jobs.iter().enumerate().filter(|(_, job)| job.item.file == file);
        jobs.map(|(index, job)| (JobId(u32::try_from(index).unwrap_or(u32::MAX)), job.item.name.as_str()))
    };
    let Some(name) = &options.job else {
        let all: Vec<JobId> = own().map(|(id, _)| id).collect();
        if all.is_empty() {
            let message = format!("`{}` declares no job", program.sources.file(file).path);
            return Err(vec![Diagnostic::new(
                diagnostics::NOTHING_TO_PLAN,
                Place::new(file, hookc_grammar::Span::default()),
                message,
            )]);
        }
        return Ok(all);
    };
    if let Some(Symbol::Job(id)) = program.lookup(file, name) {
        return Ok(vec![id]);
    }
    let message = format!("`{}` declares no job `{name}`", program.sources.file(file).path);
    let diagnostic =
        Diagnostic::new(diagnostics::NOTHING_TO_PLAN, Place::new(file, hookc_grammar::Span::default()), message);
    Err(vec![diagnostic.maybe_help(did_you_mean(name, own().map(|(_, name)| name)))])
}

/// The built-in types as the plan writes them.
pub(crate) fn builtin_types(checker: &mut Checker<'_, '_>) -> BTreeMap<SmolStr, TypeDef> {
    let mut types = BTreeMap::new();
    for index in 0..len32(&checker.program.enums) {
        collect::add_type(checker, Symbol::Enum(crate::ids::EnumId(index)), &mut types);
    }
    for index in 0..len32(&checker.program.records) {
        collect::add_type(checker, Symbol::Record(crate::ids::RecordId(index)), &mut types);
    }
    types
}

struct Lowering<'c, 'p, 's> {
    checker: &'c mut Checker<'p, 's>,
    options: &'c LowerOptions,
    /// The typed parts that are not in the plan yet.
    parts: KeptParts,
}

impl Lowering<'_, '_, '_> {
    fn plan(&mut self) -> Result<Plan, Vec<Diagnostic>> {
        let asked = asked_jobs(self.checker.program, self.options)?;
        let profile = self.profile()?;
        let binding = profile.as_ref().map(|(_, id)| self.binding(*id)).unwrap_or_default();
        self.assemble(&asked, profile.map(|(name, _)| name), &binding)
    }

    /// What a profile binds.
    fn binding(&mut self, id: ProfileId) -> Binding {
        self.parts.bindings.remove(&id).map(|kept| self.checker.use_kept(kept)).unwrap_or_default()
    }

    /// The plan of these jobs under a profile.
    fn assemble(
        &mut self,
        asked: &[JobId],
        profile: Option<SmolStr>,
        binding: &Binding,
    ) -> Result<Plan, Vec<Diagnostic>> {
        let mut jobs = BTreeMap::new();
        for id in self.checker.reachable_jobs(asked) {
            if let Some(job) = self.parts.jobs.remove(&id) {
                jobs.insert(self.checker.key(Symbol::Job(id)), self.checker.use_kept(job));
            }
        }
        self.check_size(&jobs)?;
        let components = self.components(&jobs, binding);
        let connections = self.connections(binding);
        let types = self.types();
        let mut plan = Plan {
            plan: plan::VERSION.to_owned(),
            hash: String::new(),
            project: self.checker.program.sources.project.name.clone(),
            profile,
            allow_private: binding.allow_private,
            sources: self.sources(),
            types,
            components,
            connections,
            secrets: Vec::new(),
            jobs,
            uses: Vec::new(),
        };
        let provider = binding.provider.clone().unwrap_or(plan::Provider::Env);
        plan.secrets = collect::secrets(&plan, &provider);
        plan.uses = plan::features(&plan);
        plan.hash = plan.content_hash();
        Ok(plan)
    }

    fn profile(&self) -> Result<Option<(SmolStr, ProfileId)>, Vec<Diagnostic>> {
        let program = self.checker.program;
        let (name, asked) = match (&self.options.profile, &program.sources.project.default_profile) {
            (Some(name), _) => (name, true),
            (None, Some(name)) => (name, false),
            (None, None) => return Ok(None),
        };
        if let Some(Symbol::Profile(id)) = program.lookup(self.options.file, name) {
            return Ok(Some((SmolStr::new(name), id)));
        }
        if !asked {
            return Ok(None);
        }
        let file = self.options.file;
        let message = format!("`{}` declares no profile `{name}`", program.sources.file(file).path);
        let names = program.profiles.iter().filter(|profile| profile.file == file).map(|profile| profile.name.as_str());
        let diagnostic =
            Diagnostic::new(diagnostics::UNKNOWN_PROFILE, Place::new(file, hookc_grammar::Span::default()), message);
        Err(vec![diagnostic.maybe_help(did_you_mean(name, names))])
    }

    fn check_size(&self, jobs: &BTreeMap<SmolStr, plan::Job>) -> Result<(), Vec<Diagnostic>> {
        let hooks = |job: &plan::Job| job.ops.iter().map(|op| op.hooks.len()).sum::<usize>() + job.hooks.len();
        let count: usize = jobs.values().map(|job| job.ops.len() + hooks(job)).sum();
        if count <= MAX_OPS_AND_HOOKS {
            return Ok(());
        }
        let message = format!("this plan has {count} ops and hooks, and the maximum is {MAX_OPS_AND_HOOKS}");
        let file = self.options.file;
        Err(vec![
            Diagnostic::new(diagnostics::PLAN_TOO_LARGE, Place::new(file, hookc_grammar::Span::default()), message)
                .help("split the job into smaller jobs"),
        ])
    }

    /// The components that the jobs use, including the tools of agents.
    fn components(
        &mut self,
        jobs: &BTreeMap<SmolStr, plan::Job>,
        binding: &Binding,
    ) -> BTreeMap<SmolStr, plan::Component> {
        let mut wanted: Vec<SmolStr> = collect::component_names(jobs);
        for value in binding.connections.values() {
            if let ConnectionValue::Mock(mock) = value {
                wanted.extend(mock.outputs.keys().cloned());
            }
        }
        let mut components: BTreeMap<SmolStr, plan::Component> = BTreeMap::new();
        let ids: BTreeMap<SmolStr, ComponentId> = (0..len32(&self.checker.program.components))
            .map(|index| (self.checker.key(Symbol::Component(ComponentId(index))), ComponentId(index)))
            .collect();
        while let Some(key) = wanted.pop() {
            let Some(id) = ids.get(&key).filter(|_| !components.contains_key(&key)) else {
                continue;
            };
            let Some(component) = self.parts.components.remove(id).map(|kept| self.checker.use_kept(kept)) else {
                continue;
            };
            wanted.extend(component.tools.iter().cloned());
            components.insert(key, component);
        }
        components
    }

    /// The connections that were read, as the profile binds them.
    fn connections(&mut self, binding: &Binding) -> BTreeMap<SmolStr, plan::Connection> {
        let mut connections = BTreeMap::new();
        let used: Vec<ConnectionId> = self.checker.read_connections();
        for id in used {
            let value = match binding.connections.get(&id.0) {
                Some(value) => value.clone(),
                None => ConnectionValue::Fields(self.checker.connection_fields(id)),
            };
            let ty = match self.checker.plan_type(self.checker.program.connection_ty(id)) {
                plan::Type::Record(name) => name,
                _ => continue,
            };
            connections.insert(self.checker.key(Symbol::Connection(id)), plan::Connection { ty, value });
        }
        connections
    }

    /// The types that occur, and those in their fields.
    fn types(&mut self) -> BTreeMap<SmolStr, TypeDef> {
        let mut types = BTreeMap::new();
        loop {
            let named = self.checker.named_types();
            let before = types.len();
            for symbol in named {
                collect::add_type(self.checker, symbol, &mut types);
            }
            if types.len() == before {
                return types;
            }
        }
    }

    fn sources(&self) -> Vec<plan::Source> {
        let sources = self.checker.program.sources;
        let hashed = sources.iter().map(|(id, file)| plan::Source {
            id: id.0,
            path: file.path.clone(),
            sha256: hex(&Sha256::digest(file.text.as_bytes())),
        });
        hashed.collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a field of a connection is a secret.
fn secret_of(value: &FieldValue) -> Option<&SmolStr> {
    match value {
        FieldValue::Secret(name) => Some(name),
        FieldValue::Const(_) => None,
    }
}
