//! Declarations: every top-level name with its signature and resolved types. Runs before any body is checked.
//!
//! Runs once over all files, so the order of files and items does not matter.
//! A name that is declared twice keeps its first declaration; the second is reported here, once.

mod builtin;
mod circles;
mod damage;
mod imports;
mod params;
mod poison;
mod signatures;
mod types;
mod uses;

use std::cell::RefCell;

use hookc_grammar::Span;
use hookc_grammar::ast::{self, Item};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

pub(crate) use builtin::Builtins;
pub(crate) use damage::Damage;
pub(crate) use params::{ParamDef, Params};
pub(crate) use poison::Wanted;

use poison::Poison;

use crate::diagnostics::{self, Diagnostic};
use crate::ids::*;
use crate::place::Place;
use crate::sources::{FileId, Sources};
use crate::symbol::{Symbol, with_article};
use crate::ty::Ty;

/// An item of the tree, where it lies and under which name it is known.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'s, T> {
    pub(crate) ast: &'s T,
    pub(crate) file: FileId,
    /// The item's first byte in the file: what its spans count from.
    pub(crate) at: u32,
    pub(crate) name: SmolStr,
    /// The place of the name.
    pub(crate) place: Place,
    /// What a syntax error in it may hide.
    pub(crate) damage: Damage,
}

/// An enum; the built-in ones have no tree.
#[derive(Clone, Debug)]
pub(crate) struct EnumDef {
    pub(crate) name: SmolStr,
    pub(crate) place: Option<Place>,
    pub(crate) values: Vec<SmolStr>,
    /// Whether a syntax error may hide some of its values.
    pub(crate) damage: Damage,
}

/// A record; the built-in ones have no tree.
#[derive(Clone, Debug)]
pub(crate) struct RecordDef<'s> {
    pub(crate) name: SmolStr,
    pub(crate) place: Option<Place>,
    /// The item's first byte.
    pub(crate) at: u32,
    pub(crate) ast: Option<&'s ast::Record>,
    pub(crate) fields: Params<'s>,
}

/// A component or agent with its signature.
#[derive(Clone, Debug)]
pub(crate) struct ComponentDef<'s> {
    pub(crate) item: Declared<'s, ast::Component>,
    pub(crate) inputs: Params<'s>,
    pub(crate) outputs: Params<'s>,
}

/// A named condition with its signature.
#[derive(Clone, Debug)]
pub(crate) struct ConditionDef<'s> {
    pub(crate) item: Declared<'s, ast::Condition>,
    pub(crate) params: Params<'s>,
}

/// A reusable hook with its signature.
#[derive(Clone, Debug)]
pub(crate) struct HookDef<'s> {
    pub(crate) item: Declared<'s, ast::Hook>,
    pub(crate) params: Params<'s>,
    pub(crate) inputs: Params<'s>,
    pub(crate) outputs: Params<'s>,
}

/// A job with its signature.
#[derive(Clone, Debug)]
pub(crate) struct JobDef<'s> {
    pub(crate) item: Declared<'s, ast::Job>,
    pub(crate) inputs: Params<'s>,
    pub(crate) outputs: Params<'s>,
}

/// The names one file can use.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileScope {
    /// Its own and its imported names.
    pub(crate) names: FxHashMap<SmolStr, Symbol>,
    /// Its imported names in written order.
    pub(crate) imports: Vec<ImportedName>,
    /// What a syntax error or a failed import hides.
    pub(crate) poison: Poison,
}

/// A name brought in by `import`.
#[derive(Clone, Debug)]
pub(crate) struct ImportedName {
    pub(crate) name: SmolStr,
    pub(crate) place: Place,
    /// The whole `import`, and whether it has no other name.
    pub(crate) item: Span,
    pub(crate) alone: bool,
}

/// Every declaration of every file.
pub(crate) struct Program<'s> {
    pub(crate) sources: &'s Sources,
    pub(crate) scopes: Vec<FileScope>,
    used: RefCell<FxHashSet<(FileId, SmolStr)>>,
    /// Names that were looked up and not found.
    missed: RefCell<FxHashSet<(FileId, SmolStr)>>,
    pub(crate) builtins: Builtins,
    pub(crate) enums: Vec<EnumDef>,
    pub(crate) records: Vec<RecordDef<'s>>,
    pub(crate) consts: Vec<Declared<'s, ast::Const>>,
    pub(crate) const_types: Vec<Option<Ty>>,
    pub(crate) connections: Vec<Declared<'s, ast::Connection>>,
    pub(crate) connection_types: Vec<Ty>,
    pub(crate) components: Vec<ComponentDef<'s>>,
    pub(crate) conditions: Vec<ConditionDef<'s>>,
    pub(crate) hooks: Vec<HookDef<'s>>,
    pub(crate) jobs: Vec<JobDef<'s>>,
    pub(crate) profiles: Vec<Declared<'s, ast::Profile>>,
    pub(crate) each_jobs: Vec<Declared<'s, ast::EachJob>>,
    pub(crate) tests: Vec<Declared<'s, ast::Test>>,
}

/// Names that top-level items cannot have: the types and the functions of conditions.
fn is_builtin_type(name: &str) -> bool {
    crate::ty::TYPE_NAMES.contains(&name)
}

impl<'s> Program<'s> {
    /// Declares everything in `sources`.
    pub(crate) fn declare(sources: &'s Sources, diagnostics: &mut Vec<Diagnostic>) -> Program<'s> {
        let mut program = Program {
            sources,
            scopes: vec![FileScope::default(); sources.iter().count()],
            used: RefCell::new(FxHashSet::default()),
            missed: RefCell::new(FxHashSet::default()),
            builtins: Builtins::default(),
            enums: Vec::new(),
            records: Vec::new(),
            consts: Vec::new(),
            const_types: Vec::new(),
            connections: Vec::new(),
            connection_types: Vec::new(),
            components: Vec::new(),
            conditions: Vec::new(),
            hooks: Vec::new(),
            jobs: Vec::new(),
            profiles: Vec::new(),
            each_jobs: Vec::new(),
            tests: Vec::new(),
        };
        program.builtins = Builtins::declare(&mut program.enums, &mut program.records);
        program.poison_names();
        for (file, source) in sources.iter() {
            for placed in &source.parse.file.items {
                program.declare_item(file, placed.at, placed.node.as_ref(), diagnostics);
            }
        }
        program.resolve_imports(diagnostics);
        program.resolve_signatures(diagnostics);
        diagnostics.retain(|diagnostic| !program.hides_line(diagnostic.place()));
        program
    }

    fn declare_item(&mut self, file: FileId, at: u32, item: &'s Item, diagnostics: &mut Vec<Diagnostic>) {
        macro_rules! push {
            ($list:ident, $id:ident, $ast:expr, |$declared:ident| $def:expr) => {{
                if let Some(name) = &$ast.name {
                    let place = Place { file, span: name.span.shifted(at) };
                    let damage = self.damage_at(file, at);
                    let $declared = Declared { ast: $ast, file, at, name: name.text.clone(), place, damage };
                    let id = $id(len32(&self.$list));
                    self.$list.push($def);
                    self.define(name.text.clone(), place, Symbol::from(id), diagnostics);
                }
            }};
        }
        match item {
            Item::Enum(ast) => self.declare_enum(file, at, ast, diagnostics),
            Item::Record(ast) => push!(records, RecordId, ast, |item| RecordDef {
                name: item.name.clone(),
                place: Some(item.place),
                at,
                ast: Some(ast),
                fields: Params::default(),
            }),
            Item::Const(ast) => push!(consts, ConstId, ast, |item| item),
            Item::Connection(ast) => push!(connections, ConnectionId, ast, |item| item),
            Item::Component(ast) => push!(components, ComponentId, ast, |item| ComponentDef {
                item,
                inputs: Params::default(),
                outputs: Params::default(),
            }),
            Item::Condition(ast) => {
                push!(conditions, ConditionId, ast, |item| ConditionDef { item, params: Params::default() })
            }
            Item::Hook(ast) => push!(hooks, HookId, ast, |item| HookDef {
                item,
                params: Params::default(),
                inputs: Params::default(),
                outputs: Params::default(),
            }),
            Item::Job(ast) => {
                push!(jobs, JobId, ast, |item| JobDef { item, inputs: Params::default(), outputs: Params::default() });
            }
            Item::Profile(ast) => push!(profiles, ProfileId, ast, |item| item),
            Item::EachJob(ast) => {
                let place = Place { file, span: ast.span.shifted(at) };
                let damage = self.damage_at(file, at);
                self.each_jobs.push(Declared { ast, file, at, name: SmolStr::new_static("each job"), place, damage });
            }
            Item::Test(ast) => {
                let place = Place { file, span: ast.span.shifted(at) };
                let damage = self.damage_at(file, at);
                self.tests.push(Declared { ast, file, at, name: SmolStr::new_static("test"), place, damage });
            }
            Item::Import(_) | Item::Error => {}
        }
    }

    fn declare_enum(&mut self, file: FileId, at: u32, ast: &'s ast::Enum, diagnostics: &mut Vec<Diagnostic>) {
        let Some(name) = &ast.name else { return };
        let place = Place { file, span: name.span.shifted(at) };
        let mut values: Vec<SmolStr> = Vec::new();
        for value in &ast.values {
            if values.contains(&value.name.text) {
                let message = format!("value `{}` is declared twice", value.name.text);
                diagnostics.push(Diagnostic::new(
                    diagnostics::DUPLICATE_NAME,
                    Place::new(file, value.name.span.shifted(at)),
                    message,
                ));
            } else {
                values.push(value.name.text.clone());
            }
        }
        let id = EnumId(len32(&self.enums));
        let damage = self.damage_at(file, at);
        self.enums.push(EnumDef { name: name.text.clone(), place: Some(place), values, damage });
        self.define(name.text.clone(), place, Symbol::Enum(id), diagnostics);
    }

    fn define(&mut self, name: SmolStr, place: Place, symbol: Symbol, diagnostics: &mut Vec<Diagnostic>) {
        let taken = is_builtin_type(&name) || self.builtins.symbol(&name).is_some();
        if taken {
            let message = format!("`{name}` is a built-in name");
            let diagnostic = Diagnostic::new(diagnostics::RESERVED_NAME, place, message).help("choose another name");
            diagnostics.push(diagnostic);
            return;
        }
        let context =
            matches!(symbol, Symbol::Const(_) | Symbol::Connection(_)) && crate::context_names::is_context_name(&name);
        if context {
            diagnostics.push(context_name(&name, symbol.kind().word(), place));
            return;
        }
        let first = self.scope(place.file).names.get(&name).copied();
        if let Some(first) = first {
            diagnostics.push(duplicate(&name, place, self.place_of(first)));
            return;
        }
        if let Some(scope) = self.scopes.get_mut(place.file.0 as usize) {
            scope.names.insert(name, symbol);
        }
    }

    /// The names of a file.
    pub(crate) fn scope(&self, file: FileId) -> &FileScope {
        static EMPTY: std::sync::LazyLock<FileScope> = std::sync::LazyLock::new(FileScope::default);
        self.scopes.get(file.0 as usize).unwrap_or(&EMPTY)
    }

    /// Where a symbol is declared; `None` if it is built in.
    pub(crate) fn place_of(&self, symbol: Symbol) -> Option<Place> {
        match symbol {
            Symbol::Enum(id) => self.enum_def(id).place,
            Symbol::Record(id) => self.record(id).place,
            Symbol::Const(id) => self.consts.get(id.0 as usize).map(|item| item.place),
            Symbol::Connection(id) => self.connections.get(id.0 as usize).map(|item| item.place),
            Symbol::Component(id) => self.components.get(id.0 as usize).map(|def| def.item.place),
            Symbol::Condition(id) => self.conditions.get(id.0 as usize).map(|def| def.item.place),
            Symbol::Hook(id) => self.hooks.get(id.0 as usize).map(|def| def.item.place),
            Symbol::Job(id) => self.jobs.get(id.0 as usize).map(|def| def.item.place),
            Symbol::Profile(id) => self.profiles.get(id.0 as usize).map(|item| item.place),
        }
    }

    /// The declared name of a symbol.
    pub(crate) fn name_of(&self, symbol: Symbol) -> &str {
        match symbol {
            Symbol::Enum(id) => &self.enum_def(id).name,
            Symbol::Record(id) => &self.record(id).name,
            Symbol::Const(id) => self.consts.get(id.0 as usize).map_or("", |item| &item.name),
            Symbol::Connection(id) => self.connections.get(id.0 as usize).map_or("", |item| &item.name),
            Symbol::Component(id) => self.components.get(id.0 as usize).map_or("", |def| &def.item.name),
            Symbol::Condition(id) => self.conditions.get(id.0 as usize).map_or("", |def| &def.item.name),
            Symbol::Hook(id) => self.hooks.get(id.0 as usize).map_or("", |def| &def.item.name),
            Symbol::Job(id) => self.jobs.get(id.0 as usize).map_or("", |def| &def.item.name),
            Symbol::Profile(id) => self.profiles.get(id.0 as usize).map_or("", |item| &item.name),
        }
    }
}

macro_rules! symbols {
    ($($id:ident => $variant:ident;)*) => {
        $(impl From<$id> for Symbol {
            fn from(id: $id) -> Symbol { Symbol::$variant(id) }
        })*
    };
}

symbols! {
    RecordId => Record;
    ConstId => Const;
    ConnectionId => Connection;
    ComponentId => Component;
    ConditionId => Condition;
    HookId => Hook;
    JobId => Job;
    ProfileId => Profile;
}

/// Access by id. Ids are created here, so each of them exists. Indexing is only allowed here.
#[expect(clippy::indexing_slicing, reason = "ids are indices into these lists, which only grow")]
impl<'s> Program<'s> {
    pub(crate) fn enum_def(&self, id: EnumId) -> &EnumDef {
        &self.enums[id.0 as usize]
    }

    pub(crate) fn record(&self, id: RecordId) -> &RecordDef<'s> {
        &self.records[id.0 as usize]
    }

    pub(crate) fn constant(&self, id: ConstId) -> &Declared<'s, ast::Const> {
        &self.consts[id.0 as usize]
    }

    pub(crate) fn connection(&self, id: ConnectionId) -> &Declared<'s, ast::Connection> {
        &self.connections[id.0 as usize]
    }

    pub(crate) fn connection_ty(&self, id: ConnectionId) -> &Ty {
        &self.connection_types[id.0 as usize]
    }

    pub(crate) fn component(&self, id: ComponentId) -> &ComponentDef<'s> {
        &self.components[id.0 as usize]
    }

    pub(crate) fn condition(&self, id: ConditionId) -> &ConditionDef<'s> {
        &self.conditions[id.0 as usize]
    }

    pub(crate) fn hook(&self, id: HookId) -> &HookDef<'s> {
        &self.hooks[id.0 as usize]
    }

    pub(crate) fn job(&self, id: JobId) -> &JobDef<'s> {
        &self.jobs[id.0 as usize]
    }

    pub(crate) fn profile(&self, id: ProfileId) -> &Declared<'s, ast::Profile> {
        &self.profiles[id.0 as usize]
    }
}

/// The length as an id.
pub(crate) fn len32<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// A second declaration of a name.
pub(crate) fn duplicate(name: &str, place: Place, first: Option<Place>) -> Diagnostic {
    let message = format!("`{name}` is declared twice");
    let diagnostic = Diagnostic::new(diagnostics::DUPLICATE_NAME, place, message).help("rename one of them");
    match first {
        Some(first) => diagnostic.label(first, "first declared here"),
        None => diagnostic,
    }
}

/// A declaration with a name of the context.
pub(crate) fn context_name(name: &str, kind: &str, place: Place) -> Diagnostic {
    let message =
        format!("{} cannot be named `{name}`: the name is reserved for the context of hooks", with_article(kind));
    Diagnostic::new(diagnostics::RESERVED_NAME, place, message).help("choose another name")
}
