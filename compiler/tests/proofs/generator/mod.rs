//! Random well-typed expressions: each is a tree of rules, so that it can be written in two languages, be made wrong in
//! one place, or be rewritten by a law.

pub(crate) mod rng;
pub(crate) mod rules;
pub(crate) mod types;
pub(crate) mod values;

use std::sync::LazyLock;

use rng::Rng;
use rules::{Rule, Slot};
use types::Ty;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(rules::all);
/// The numbers of the rules that give a type.
static GIVING: LazyLock<Vec<(Ty, Vec<usize>)>> = LazyLock::new(|| {
    let mut giving: Vec<(Ty, Vec<usize>)> = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        match giving.iter_mut().find(|(ty, _)| *ty == rule.gives) {
            Some((_, rules)) => rules.push(at),
            None => giving.push((rule.gives, vec![at])),
        }
    }
    giving
});

const PATTERNS: &[&str] = &["^a", "[0-9]+$", "^run-[0-9]{4}$", "a|b", "^$", "(ab)*c", "[^a-z]", "b?c"];
const ZONES: &[&str] = &["UTC", "Europe/Berlin", "America/New_York", "+02:00", "-11:30", "Asia/Kolkata"];

/// Something in scope.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// As it is written in both languages.
    pub(crate) text: String,
    pub(crate) ty: Ty,
    /// Where a guard around it holds: its type without `?`.
    pub(crate) narrowed: Option<Ty>,
}

impl Variable {
    pub(crate) fn new(text: impl Into<String>, ty: Ty) -> Variable {
        Variable { text: text.into(), ty, narrowed: None }
    }

    fn seen(&self) -> Ty {
        self.narrowed.unwrap_or(self.ty)
    }
}

/// What a node of a tree is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A literal in both languages.
    Literal(String, String),
    /// A variable, and whether only a guard makes it usable.
    Variable(String, bool),
    /// A rule, and the names of the variables that it binds.
    Rule(usize, Vec<String>),
    /// `x != null && …`, and the two other forms of a guard.
    Guard(&'static str, String),
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) ty: Ty,
    pub(crate) kind: Kind,
    pub(crate) operands: Vec<Tree>,
}

/// The forms of a guard of `{x}`; `{0}` sees it as certain, `{1}` does not.
const GUARDS: &[&str] = &[
    "({x} != null && {0})",
    "({x} == null || {0})",
    "({x} != null ? {0} : {1})",
    "({x} == null ? {1} : {0})",
    "(!({x} == null) && {0})",
];

/// Makes trees.
pub(crate) struct Gen<'a> {
    pub(crate) rng: &'a mut Rng,
    pub(crate) scope: Vec<Variable>,
    /// Only what CEL has too.
    pub(crate) only_cel: bool,
    /// Nothing of the extension of lists.
    pub(crate) no_lists: bool,
    /// No rule that reads text as a number, a bool or a time.
    pub(crate) no_parsing: bool,
    /// Whether the enums and records of generated programs are declared.
    pub(crate) declared: bool,
    macros: usize,
    /// How many variables of macros have their names.
    pub(crate) names: usize,
}

impl<'a> Gen<'a> {
    pub(crate) fn new(rng: &'a mut Rng, scope: Vec<Variable>) -> Gen<'a> {
        Gen { rng, scope, only_cel: false, no_lists: false, no_parsing: false, declared: false, macros: 0, names: 0 }
    }

    /// An expression of a type, at most `depth` rules deep.
    pub(crate) fn tree(&mut self, ty: Ty, depth: usize) -> Tree {
        if depth == 0 || self.rng.chance(12) {
            return self.leaf(ty);
        }
        if ty == Ty::Bool
            && self.rng.chance(15)
            && let Some(guard) = self.guard(depth)
        {
            return guard;
        }
        let giving = GIVING.iter().find(|(gives, _)| *gives == ty).map_or(&[][..], |(_, rules)| rules);
        // Most rules fit, so a few tries find one; every one of those that fit has the same chance.
        for _ in 0..4 * giving.len().min(8) {
            let at = self.rng.pick(giving);
            if self.fits(&RULES[at]) {
                return self.apply(at, depth);
            }
        }
        self.leaf(ty)
    }

    fn fits(&self, rule: &Rule) -> bool {
        let left_out = (self.only_cel && !rule.in_cel)
            || (self.no_parsing && rule.reads_text)
            || (self.no_lists && rule.of_lists)
            || (!self.declared && rule.of_declared)
            || (self.macros >= 2 && !rule.binds.is_empty());
        let can_have = |slot: &Slot| match slot {
            Slot::Of(Ty::Optional(of)) => self.can_be_null(of),
            Slot::Read(ty) => self.scope.iter().any(|variable| variable.seen() == *ty),
            _ => true,
        };
        !left_out && rule.takes.iter().all(can_have)
    }

    /// Whether a value that may be null can be made without a literal, which would be no such value.
    fn can_be_null(&self, of: &'static Ty) -> bool {
        *of == Ty::Int || *of == Ty::Text || self.scope.iter().any(|variable| variable.seen() == Ty::Optional(of))
    }

    fn apply(&mut self, at: usize, depth: usize) -> Tree {
        let rule = &RULES[at];
        let mark = self.scope.len();
        let mut operands = Vec::with_capacity(rule.takes.len());
        let mut names = Vec::new();
        for (number, slot) in rule.takes.iter().enumerate() {
            if number == 1 && !rule.binds.is_empty() {
                self.macros += 1;
                for ty in &rule.binds {
                    self.names += 1;
                    let name = format!("v{}", self.names);
                    self.bring(&name, *ty);
                    names.push(name);
                }
            }
            operands.push(self.slot(*slot, depth - 1));
        }
        if !rule.binds.is_empty() {
            self.macros -= 1;
        }
        self.scope.truncate(mark);
        Tree { ty: rule.gives, kind: Kind::Rule(at, names), operands }
    }

    /// Brings a variable into scope, and the fields of a record with it.
    fn bring(&mut self, name: &str, ty: Ty) {
        self.scope.extend(with_fields(vec![Variable::new(name, ty)]));
    }

    fn slot(&mut self, slot: Slot, depth: usize) -> Tree {
        match slot {
            Slot::Of(ty) => self.tree(ty, depth),
            Slot::Read(ty) => self.read(ty).unwrap_or_else(|| panic!("no variable of {ty}")),
            Slot::Position if self.rng.chance(15) => self.leaf(Ty::Int),
            Slot::Position => literal(Ty::Int, self.rng.pick(&["0", "0", "1", "2", "3"])),
            Slot::Key => literal(Ty::Text, &values::quoted(self.rng.pick(values::KEYS), false)),
            Slot::Pattern => literal(Ty::Text, &values::quoted(self.rng.pick(PATTERNS), false)),
            Slot::Zone => literal(Ty::Text, &values::quoted(self.rng.pick(ZONES), false)),
        }
    }

    /// A variable where there is one, mostly, else a literal.
    fn leaf(&mut self, ty: Ty) -> Tree {
        if (matches!(ty, Ty::Optional(_)) || self.rng.chance(75))
            && let Some(variable) = self.read(ty)
        {
            return variable;
        }
        if let Ty::Optional(of) = ty {
            return self.null_of_map(of);
        }
        let (ours, cel) = values::literal(self.rng, ty);
        Tree { ty, kind: Kind::Literal(ours, cel), operands: Vec::new() }
    }

    /// A variable of the type, where there is one.
    fn read(&mut self, ty: Ty) -> Option<Tree> {
        let fitting: Vec<&Variable> = self.scope.iter().filter(|variable| variable.seen() == ty).collect();
        let last = fitting.len().checked_sub(1)?;
        // The innermost ones are worth more.
        let at = last - self.rng.below(last + 1).min(self.rng.below(last + 1));
        let kind = Kind::Variable(fitting[at].text.clone(), fitting[at].narrowed.is_some());
        Some(Tree { ty, kind, operands: Vec::new() })
    }

    /// `m.get(k)`, the only value that may be null and needs no variable.
    fn null_of_map(&mut self, of: &'static Ty) -> Tree {
        let gets = RULES.iter().position(|rule| rule.gives == Ty::Optional(of) && rule.ours.contains(".get("));
        match gets {
            Some(at) => self.apply(at, 1),
            None => panic!("nothing gives `{of}?`"),
        }
    }

    fn guard(&mut self, depth: usize) -> Option<Tree> {
        let open: Vec<usize> = self
            .scope
            .iter()
            .enumerate()
            .filter(|(_, variable)| variable.narrowed.is_none() && matches!(variable.ty, Ty::Optional(_)))
            .map(|(at, _)| at)
            .collect();
        let at = *open.get(self.rng.below(open.len().max(1)))?;
        let Ty::Optional(of) = self.scope[at].ty else {
            return None;
        };
        let form = self.rng.pick(GUARDS);
        self.scope[at].narrowed = Some(*of);
        let mark = self.scope.len();
        if let Ty::Record(_) = of {
            let text = self.scope[at].text.clone();
            self.bring(&text, *of);
        }
        let inner = self.tree(Ty::Bool, depth - 1);
        self.scope.truncate(mark);
        self.scope[at].narrowed = None;
        let mut operands = vec![inner];
        if form.contains("{1}") {
            operands.push(self.tree(Ty::Bool, depth - 1));
        }
        Some(Tree { ty: Ty::Bool, kind: Kind::Guard(form, self.scope[at].text.clone()), operands })
    }
}

/// The fields of records that are there can be read by themselves.
pub(crate) fn with_fields(scope: Vec<Variable>) -> Vec<Variable> {
    let mut all = Vec::with_capacity(scope.len());
    for variable in scope {
        if let Ty::Record(shape) = variable.ty {
            let text = &variable.text;
            all.extend(shape.fields.iter().map(|(field, ty)| Variable::new(format!("{text}.{field}"), *ty)));
        }
        all.push(variable);
    }
    all
}

fn literal(ty: Ty, text: &str) -> Tree {
    Tree { ty, kind: Kind::Literal(text.to_owned(), text.to_owned()), operands: Vec::new() }
}

impl Tree {
    /// In our language.
    pub(crate) fn ours(&self) -> String {
        self.written(&|rule| &rule.ours, true)
    }

    /// In CEL.
    pub(crate) fn cel(&self) -> String {
        self.written(&|rule| &rule.cel, false)
    }

    fn written(&self, side: &dyn Fn(&'static Rule) -> &'static String, ours: bool) -> String {
        match &self.kind {
            Kind::Literal(text, cel) => if ours { text } else { cel }.clone(),
            Kind::Variable(name, _) => name.clone(),
            Kind::Guard(form, name) => {
                let operands: Vec<String> = self.operands.iter().map(|operand| operand.written(side, ours)).collect();
                fill(&form.replace("{x}", name), &operands, &[])
            }
            Kind::Rule(at, names) => {
                let operands: Vec<String> = self.operands.iter().map(|operand| operand.written(side, ours)).collect();
                fill(side(&RULES[*at]), &operands, names)
            }
        }
    }

    /// The rule of the node.
    pub(crate) fn rule(&self) -> Option<&'static Rule> {
        match self.kind {
            Kind::Rule(at, _) => RULES.get(at),
            _ => None,
        }
    }

    /// Whether CEL may find a value where ours finds an error, somewhere in it.
    pub(crate) fn absorbs(&self) -> bool {
        matches!(self.kind, Kind::Guard(..))
            || self.rule().is_some_and(|rule| rule.absorbs)
            || self.operands.iter().any(Tree::absorbs)
    }

    /// Whether a node for which `holds` is in it.
    pub(crate) fn any(&self, holds: &dyn Fn(&Tree) -> bool) -> bool {
        holds(self) || self.operands.iter().any(|operand| operand.any(holds))
    }

    /// Whether it looks from a position on, at or beyond the end of a text perhaps: there implementations differ.
    pub(crate) fn looks_from_a_position(&self) -> bool {
        self.any(&|node| node.rule().is_some_and(|rule| rule.ours.contains("ndexOf({1}, {2})")))
    }

    pub(crate) fn nodes(&self) -> usize {
        1 + self.operands.iter().map(Tree::nodes).sum::<usize>()
    }

    /// The node of a number, in the order of writing.
    pub(crate) fn node_mut(&mut self, number: &mut usize) -> Option<&mut Tree> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        self.operands.iter_mut().find_map(|operand| operand.node_mut(number))
    }
}

/// A rule's text with its operands and variables in place.
pub(crate) fn fill(text: &str, operands: &[String], names: &[String]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        let inner = rest.get(at + 1..at + 2).unwrap_or("");
        let closed = rest.get(at + 2..at + 3) == Some("}");
        let part = match (inner, closed) {
            ("v", true) => names.first(),
            ("w", true) => names.get(1),
            (digit, true) => digit.parse::<usize>().ok().and_then(|number| operands.get(number)),
            _ => None,
        };
        match part {
            Some(part) => {
                filled.push_str(part);
                rest = &rest[at + 3..];
            }
            None => {
                filled.push('{');
                rest = &rest[at + 1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}
