//! Random programs: declarations, jobs and ops that read each other, hooks on every event.
//!
//! Every expression is written twice: boldly, as if all that it reads were there, and carefully, as if all that may be
//! missing were; and once more as nearly nothing. The bold form stays wherever the checker accepts it, which is where a
//! hole would show. Each program has some of the constructs, so that those that it has meet often.

mod agent;
mod declare;
mod hook;
mod job;
mod scope;
mod trigger;

use std::ops::Range;

use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::{Gen, Variable, with_fields};
use scope::Scope;

/// The most rules in an expression, one in another.
const DEPTH: usize = 3;

/// A part of a program's text.
enum Piece {
    Text(String),
    /// An expression, in its three forms.
    Site([String; 3]),
}

/// A random program.
pub(crate) struct Program {
    pieces: Vec<Piece>,
    /// The form in which each expression is written.
    forms: Vec<usize>,
    /// The profile under which it is compiled.
    pub(crate) profile: Option<&'static str>,
}

impl Program {
    /// Its text, and where its expressions stand in it.
    pub(crate) fn text(&self) -> (String, Vec<Range<usize>>) {
        let (mut text, mut sites) = (String::new(), Vec::new());
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Site(forms) => {
                    let start = text.len();
                    text.push_str(&forms[self.forms[sites.len()]]);
                    sites.push(start..text.len());
                }
            }
        }
        (text, sites)
    }

    /// Writes one expression more carefully; `false` where that is not possible.
    pub(crate) fn make_careful(&mut self, site: usize) -> bool {
        let form = &mut self.forms[site];
        let possible = *form < PLAIN;
        *form += usize::from(possible);
        possible
    }

    pub(crate) fn form(&self, site: usize) -> usize {
        self.forms[site]
    }

    pub(crate) fn set_form(&mut self, site: usize, form: usize) {
        self.forms[site] = form;
    }
}

/// The form that reads nothing.
pub(crate) const PLAIN: usize = 2;

/// An input or output.
#[derive(Clone, PartialEq)]
struct Field {
    name: String,
    ty: Ty,
    /// Whether it can be left out.
    default: bool,
}

/// Something with inputs and outputs: a component, an agent, a job, a named condition, a reusable hook.
#[derive(Clone, Default)]
struct Signature {
    name: String,
    inputs: Vec<Field>,
    outputs: Vec<Field>,
    /// Of an agent: its tools.
    tools: Option<Vec<Signature>>,
    /// What can `modify` its inputs, and its outputs.
    menders: [Option<Mender>; 2],
}

/// A component whose output takes the place of another's input or output.
#[derive(Clone)]
struct Mender {
    name: String,
    takes: &'static [(&'static str, Ty)],
}

/// A hook that can be used.
#[derive(Clone)]
struct Reusable {
    name: String,
    /// The name of what it fits.
    fits: String,
    params: Vec<Field>,
    events: &'static str,
}

/// How connections are bound.
#[derive(Clone, Copy, PartialEq)]
enum Connections {
    None,
    Plain,
    Profile,
    Mocked,
}

/// What a program has.
struct Has {
    consts: bool,
    conditions: bool,
    rules: bool,
    agents: bool,
    triggers: bool,
    modify: bool,
    reuse: bool,
    inner: bool,
    connections: Connections,
}

impl Has {
    fn some(rng: &mut Rng) -> Has {
        Has {
            consts: rng.chance(30),
            conditions: rng.chance(30),
            rules: rng.chance(30),
            agents: rng.chance(30),
            triggers: rng.chance(25),
            modify: rng.chance(30),
            reuse: rng.chance(35),
            inner: rng.chance(35),
            connections: match rng.below(8) {
                0 => Connections::Plain,
                1 => Connections::Profile,
                2 => Connections::Mocked,
                _ => Connections::None,
            },
        }
    }
}

/// Writes one program.
struct Writer<'r> {
    rng: &'r mut Rng,
    pieces: Vec<Piece>,
    sites: usize,
    has: Has,
    /// Named constants, which can be read everywhere.
    consts: Vec<Variable>,
    conditions: Vec<Signature>,
    /// What ops can run.
    known: Vec<Signature>,
    reusable: Vec<Reusable>,
    /// The number of the next alias.
    aliases: usize,
}

/// A program for a seed.
pub(crate) fn program(rng: &mut Rng) -> Program {
    let has = Has::some(rng);
    let mut writer = Writer {
        rng,
        pieces: Vec::new(),
        sites: 0,
        has,
        consts: Vec::new(),
        conditions: Vec::new(),
        known: Vec::new(),
        reusable: Vec::new(),
        aliases: 0,
    };
    writer.declarations();
    if writer.has.inner {
        let inner = writer.job("inner");
        writer.known.push(inner);
    }
    writer.job("main");
    let profile = writer.profiles();
    // Half of the programs take the bold forms, which most checks are about; the others are sound more often, and quicker.
    let form = usize::from(writer.rng.chance(50));
    Program { forms: vec![form; writer.sites], pieces: writer.pieces, profile }
}

impl Writer<'_> {
    fn w(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// An expression of a type.
    fn site(&mut self, scope: &Scope, ty: Ty) {
        let plain = self.tree(Vec::new(), ty, 0);
        self.site_or(scope, ty, plain);
    }

    /// The same with its plainest form given.
    fn site_or(&mut self, scope: &Scope, ty: Ty, plain: String) {
        let depth = self.rng.below(DEPTH + 1);
        let bold = self.expression(scope.bold.clone(), ty, depth);
        let careful = self.expression(scope.careful.clone(), ty, depth);
        self.pieces.push(Piece::Site([bold, careful, plain]));
        self.sites += 1;
    }

    fn expression(&mut self, scope: Vec<Variable>, ty: Ty, depth: usize) -> String {
        let mut all = self.consts.clone();
        all.extend(scope);
        let mut all = with_fields(all);
        if depth > 0 && !self.conditions.is_empty() && self.rng.chance(25) {
            let call = self.condition_call(&all);
            all.push(Variable::new(call, Ty::Bool));
        }
        self.tree(all, ty, depth)
    }

    fn tree(&mut self, scope: Vec<Variable>, ty: Ty, depth: usize) -> String {
        let mut generator = Gen::new(self.rng, scope);
        generator.no_parsing = true;
        generator.declared = true;
        match ty {
            Ty::Optional(of) if generator.rng.chance(40) => generator.tree(*of, depth).ours(),
            Ty::Optional(of) if !generator.scope.iter().any(|variable| variable.ty == Ty::Optional(of)) => {
                "null".to_owned()
            }
            ty => generator.tree(ty, depth).ours(),
        }
    }

    /// `name: value, …` for all that must be given, and some of the rest.
    fn arguments(&mut self, scope: &Scope, fields: &[Field]) {
        for field in fields {
            if field.default && self.rng.chance(50) {
                continue;
            }
            self.w(&format!("{}: ", field.name));
            if field.ty == scope::CONNECTION {
                self.w("conn");
            } else {
                self.site(scope, field.ty);
            }
            self.w(", ");
        }
    }
}

fn listed(fields: &[Field]) -> String {
    fields.iter().map(|field| format!("{}: {}", field.name, field.ty)).collect::<Vec<_>>().join(", ")
}
