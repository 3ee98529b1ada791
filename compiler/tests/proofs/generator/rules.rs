//! The table of everything an expression can be made of, written in our language and in CEL.
//!
//! A rule's text has `{0}`, `{1}`, … where its operands stand and `{v}`, `{w}` where the variables of a macro do.

use super::types::{ITEMS, MAPPED, NULLABLE, OP_STATUS, POINT, POINTS, SIMPLE, TIER, Ty};

/// What stands at a place of a rule.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Slot {
    /// Any expression of the type.
    Of(Ty),
    /// A variable of the type: a literal would not say which record it is.
    Read(Ty),
    /// A small whole number: a position.
    Position,
    /// One of the usual keys.
    Key,
    /// One of the patterns that every engine reads alike.
    Pattern,
    /// A time zone.
    Zone,
}

/// One way to make an expression.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) gives: Ty,
    pub(crate) takes: Vec<Slot>,
    pub(crate) ours: String,
    pub(crate) cel: String,
    /// The types of the variables that all operands but the first see.
    pub(crate) binds: Vec<Ty>,
    /// Operands that may also be of another type: a mutant that changes one of them proves nothing.
    pub(crate) loose: Vec<usize>,
    /// Whether CEL may find a value where ours finds an error.
    pub(crate) absorbs: bool,
    /// Whether it can fail with `parse`: it reads text.
    pub(crate) reads_text: bool,
    /// Whether CEL has it at all.
    pub(crate) in_cel: bool,
    /// Whether it stands in an extension that not every implementation has.
    pub(crate) of_lists: bool,
    /// Whether it speaks of a type that programs declare.
    pub(crate) of_declared: bool,
}

impl Rule {
    fn new(gives: Ty, takes: &[Ty], text: &str) -> Rule {
        Rule {
            gives,
            takes: takes.iter().map(|ty| Slot::Of(*ty)).collect(),
            ours: text.to_owned(),
            cel: text.to_owned(),
            binds: Vec::new(),
            loose: Vec::new(),
            absorbs: false,
            reads_text: false,
            in_cel: true,
            of_lists: false,
            of_declared: false,
        }
    }

    /// Of variables first.
    fn reads(gives: Ty, read: Ty, takes: &[Ty], text: &str) -> Rule {
        let mut rule = Rule::new(gives, takes, text);
        rule.takes.insert(0, Slot::Read(read));
        rule.declared()
    }

    fn then(mut self, slots: &[Slot]) -> Rule {
        self.takes.extend(slots);
        self
    }

    fn cel(mut self, text: &str) -> Rule {
        text.clone_into(&mut self.cel);
        self
    }

    fn loose(mut self, operands: &[usize]) -> Rule {
        self.loose = operands.to_vec();
        self
    }

    fn binds(mut self, types: &[Ty]) -> Rule {
        self.binds = types.to_vec();
        self
    }

    fn absorbs(mut self) -> Rule {
        self.absorbs = true;
        self
    }

    fn reads_text(mut self) -> Rule {
        self.reads_text = true;
        self
    }

    fn of_lists(mut self) -> Rule {
        self.of_lists = true;
        self
    }

    fn declared(mut self) -> Rule {
        self.of_declared = true;
        self
    }

    fn ours_alone(mut self) -> Rule {
        self.in_cel = false;
        self
    }
}

/// Every rule.
pub(crate) fn all() -> Vec<Rule> {
    let mut rules = Vec::new();
    logic(&mut rules);
    numbers(&mut rules);
    texts(&mut rules);
    times(&mut rules);
    collections(&mut rules);
    macros(&mut rules);
    math(&mut rules);
    lists(&mut rules);
    records(&mut rules);
    for ty in SIMPLE.iter().chain(&LISTS).chain(&MAPS) {
        general(&mut rules, *ty);
    }
    let mark = rules.len();
    general(&mut rules, Ty::Enum(&TIER));
    rules[mark..].iter_mut().for_each(|rule| rule.of_declared = true);
    for ty in &NULLABLE {
        nullable(&mut rules, ty);
    }
    rules
}

/// The lists that rules make.
pub(crate) static LISTS: [Ty; 4] = [Ty::List(&ITEMS[0]), Ty::List(&ITEMS[1]), Ty::List(&ITEMS[2]), Ty::List(&ITEMS[3])];
/// The maps that rules make.
pub(crate) static MAPS: [Ty; 2] = [Ty::Map(&MAPPED[0]), Ty::Map(&MAPPED[1])];

fn logic(rules: &mut Vec<Rule>) {
    let bool = Ty::Bool;
    for _ in 0..3 {
        rules.push(Rule::new(bool, &[bool, bool], "({0} && {1})").absorbs());
        rules.push(Rule::new(bool, &[bool, bool], "({0} || {1})").absorbs());
    }
    rules.push(Rule::new(bool, &[bool], "!{0}"));
    rules.push(Rule::new(bool, &[bool], "(!({0}))"));
    for ty in [Ty::Int, Ty::Float, Ty::Text, Ty::Duration, Ty::Timestamp] {
        for sign in ["<", "<=", ">", ">="] {
            rules.push(Rule::new(bool, &[ty, ty], &format!("({{0}} {sign} {{1}})")));
        }
    }
    rules.push(Rule::new(bool, &[Ty::Text], "bool({0})").loose(&[0]).reads_text());
}

/// What every type has: equality and choice.
fn general(rules: &mut Vec<Rule>, ty: Ty) {
    rules.push(Rule::new(Ty::Bool, &[ty, ty], "({0} == {1})"));
    rules.push(Rule::new(Ty::Bool, &[ty, ty], "({0} != {1})"));
    rules.push(Rule::new(ty, &[Ty::Bool, ty, ty], "({0} ? {1} : {2})"));
}

fn nullable(rules: &mut Vec<Rule>, ty: &'static Ty) {
    let optional = Ty::Optional(ty);
    rules.push(Rule::new(Ty::Bool, &[optional], "({0} == null)").loose(&[0]));
    rules.push(Rule::new(Ty::Bool, &[optional], "({0} != null)").loose(&[0]));
    rules.push(Rule::new(Ty::Bool, &[optional, *ty], "({0} == {1})").loose(&[0, 1]));
    rules.push(Rule::new(*ty, &[optional, *ty], "({0} ?? {1})").cel("({0} != null ? {0} : {1})").loose(&[0]));
}

fn numbers(rules: &mut Vec<Rule>) {
    let (int, float) = (Ty::Int, Ty::Float);
    for sign in ["+", "-", "*", "/", "%"] {
        rules.push(Rule::new(int, &[int, int], &format!("({{0}} {sign} {{1}})")));
    }
    for sign in ["+", "-", "*", "/"] {
        rules.push(Rule::new(float, &[float, float], &format!("({{0}} {sign} {{1}})")));
    }
    rules.push(Rule::new(int, &[int], "(-{0})").loose(&[0]));
    rules.push(Rule::new(float, &[float], "(-{0})").loose(&[0]));
    rules.push(Rule::new(int, &[float], "int({0})").loose(&[0]));
    rules.push(Rule::new(int, &[int], "int({0})").loose(&[0]));
    rules.push(Rule::new(int, &[Ty::Text], "int({0})").loose(&[0]).reads_text());
    rules.push(Rule::new(int, &[Ty::Timestamp], "int({0})").loose(&[0]));
    rules.push(Rule::new(float, &[int], "float({0})").cel("double({0})").loose(&[0]));
    rules.push(Rule::new(float, &[int], "double({0})").loose(&[0]));
    rules.push(Rule::new(float, &[Ty::Text], "double({0})").loose(&[0]).reads_text());
    rules.push(Rule::new(Ty::Text, &[float], "fixed({0}, 2)").ours_alone().loose(&[0]));
    rules.push(Rule::new(float, &[Ty::Duration], "seconds({0})").ours_alone());
}

fn texts(rules: &mut Vec<Rule>) {
    let text = Ty::Text;
    rules.push(Rule::new(Ty::Int, &[text], "{0}.size()").loose(&[0]));
    rules.push(Rule::new(Ty::Int, &[text], "size({0})").loose(&[0]));
    rules.push(Rule::new(text, &[text, text], "({0} + {1})"));
    for name in ["contains", "startsWith", "endsWith"] {
        rules.push(Rule::new(Ty::Bool, &[text, text], &format!("{{0}}.{name}({{1}})")));
    }
    rules.push(Rule::new(Ty::Bool, &[text], "{0}.matches({1})").then(&[Slot::Pattern]));
    for name in ["lowerAscii", "upperAscii", "trim", "reverse"] {
        rules.push(Rule::new(text, &[text], &format!("{{0}}.{name}()")).loose(&[0]));
    }
    for name in ["indexOf", "lastIndexOf"] {
        rules.push(Rule::new(Ty::Int, &[text, text], &format!("{{0}}.{name}({{1}})")).loose(&[0]));
        let from = Rule::new(Ty::Int, &[text, text], &format!("{{0}}.{name}({{1}}, {{2}})")).loose(&[0]);
        rules.push(from.then(&[Slot::Position]));
    }
    rules.push(Rule::new(text, &[text, text, text], "{0}.replace({1}, {2})"));
    rules.push(Rule::new(text, &[text, text, text], "{0}.replace({1}, {2}, {3})").then(&[Slot::Position]));
    rules.push(Rule::new(text, &[text], "{0}.charAt({1})").then(&[Slot::Position]));
    rules.push(Rule::new(text, &[text], "{0}.substring({1})").then(&[Slot::Position]));
    rules.push(Rule::new(text, &[text], "{0}.substring({1}, {2})").then(&[Slot::Position, Slot::Position]));
    rules.push(Rule::new(LISTS[1], &[text, text], "{0}.split({1})"));
    rules.push(Rule::new(LISTS[1], &[text, text], "{0}.split({1}, {2})").then(&[Slot::Position]));
    rules.push(Rule::new(text, &[LISTS[1]], "{0}.join()"));
    rules.push(Rule::new(text, &[LISTS[1], text], "{0}.join({1})"));
    for ty in [Ty::Int, Ty::Bool, text, Ty::Enum(&OP_STATUS)] {
        rules.push(Rule::new(text, &[ty], "string({0})").loose(&[0]));
        let template =
            Rule::new(text, &[ty, text], "\"a ${{0}}b${ {1} }\"").cel("(\"a \" + string({0}) + \"b\" + {1})");
        rules.push(template.loose(&[0, 1]));
    }
    rules.push(Rule::new(text, &[text], "truncate({0}, {1})").then(&[Slot::Position]).ours_alone());
    rules.push(Rule::new(text, &[text], "urlencode({0})").ours_alone());
    for ty in [Ty::Float, Ty::Duration, Ty::Timestamp, LISTS[0], MAPS[0]] {
        rules.push(Rule::new(text, &[ty], "string({0})").ours_alone().loose(&[0]));
    }
}

fn times(rules: &mut Vec<Rule>) {
    let (duration, moment) = (Ty::Duration, Ty::Timestamp);
    // One operand of the other type makes another sum, not a mistake.
    rules.push(Rule::new(duration, &[duration, duration], "({0} + {1})").loose(&[0, 1]));
    rules.push(Rule::new(duration, &[duration, duration], "({0} - {1})").loose(&[0, 1]));
    rules.push(Rule::new(duration, &[moment, moment], "({0} - {1})").loose(&[0, 1]));
    rules.push(Rule::new(moment, &[moment, duration], "({0} + {1})").loose(&[0, 1]));
    rules.push(Rule::new(moment, &[moment, duration], "({0} - {1})").loose(&[0, 1]));
    rules.push(Rule::new(moment, &[duration, moment], "({0} + {1})").loose(&[0, 1]));
    rules.push(Rule::new(duration, &[duration], "(-{0})").cel("(duration(\"0s\") - {0})").loose(&[0]));
    rules.push(Rule::new(moment, &[Ty::Int], "timestamp({0})").loose(&[0]));
    for part in ["getHours", "getMinutes", "getSeconds"] {
        rules.push(Rule::new(Ty::Int, &[duration], &format!("{{0}}.{part}()")).loose(&[0]));
    }
    rules.push(Rule::new(Ty::Int, &[duration], "{0}.getMilliseconds()").loose(&[0]).ours_alone());
    for part in [
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfYear",
        "getDayOfWeek",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds",
    ] {
        rules.push(Rule::new(Ty::Int, &[moment], &format!("{{0}}.{part}()")).loose(&[0]));
        rules.push(Rule::new(Ty::Int, &[moment], &format!("{{0}}.{part}({{1}})")).then(&[Slot::Zone]).loose(&[0]));
    }
    let format = "format({0}, \"%Y-%m-%d\")";
    rules.push(Rule::new(Ty::Text, &[moment], format).ours_alone());
}

fn collections(rules: &mut Vec<Rule>) {
    for (list, item) in LISTS.iter().zip(&ITEMS) {
        rules.push(Rule::new(*list, &[*item, *item], "[{0}, {1}]"));
        rules.push(Rule::new(*list, &[*list, *list], "({0} + {1})"));
        rules.push(Rule::new(Ty::Int, &[*list], "{0}.size()").loose(&[0]));
        // A text is also looked for in a map.
        rules.push(Rule::new(Ty::Bool, &[*item, *list], "({0} in {1})").loose(&[1]));
        rules.push(Rule::new(*item, &[*list], "{0}[{1}]").then(&[Slot::Position]).loose(&[0]));
    }
    for (map, value) in MAPS.iter().zip(&MAPPED) {
        rules.push(Rule::new(*map, &[*value, *value], "{ \"a\": {0}, \"b\": {1} }").loose(&[0, 1]));
        rules.push(Rule::new(Ty::Int, &[*map], "size({0})").loose(&[0]));
        rules.push(Rule::new(Ty::Bool, &[Ty::Text, *map], "({0} in {1})").loose(&[1]));
        rules.push(Rule::new(*value, &[*map], "{0}[{1}]").then(&[Slot::Key]).loose(&[0]));
        let get = Rule::new(Ty::Optional(value), &[*map], "{0}.get({1})").then(&[Slot::Key]);
        rules.push(get.cel("({1} in {0} ? dyn({0}[{1}]) : dyn(null))").loose(&[0]));
        let guarded = "(\"a\" in {0} && {0}[\"a\"] == {1})";
        rules.push(Rule::new(Ty::Bool, &[*map, *value], guarded).loose(&[0]).absorbs());
    }
}

fn macros(rules: &mut Vec<Rule>) {
    for kind in ["all", "exists", "exists_one"] {
        for (list, item) in LISTS.iter().zip(&ITEMS) {
            let rule = Rule::new(Ty::Bool, &[*list, Ty::Bool], &format!("{{0}}.{kind}({{v}}, {{1}})"));
            rules.push(rule.binds(&[*item]).loose(&[0]).absorbs());
        }
        for (map, value) in MAPS.iter().zip(&MAPPED) {
            let rule = Rule::new(Ty::Bool, &[*map, Ty::Bool], &format!("{{0}}.{kind}({{v}}, {{1}})"));
            rules.push(rule.binds(&[Ty::Text]).loose(&[0]).absorbs());
            let both = Rule::new(Ty::Bool, &[*map, Ty::Bool], &format!("{{0}}.{kind}({{v}}, {{w}}, {{1}})"));
            rules.push(both.binds(&[Ty::Text, *value]).loose(&[0]).ours_alone());
        }
    }
    for (list, item) in LISTS.iter().zip(&ITEMS) {
        let filter = Rule::new(*list, &[*list, Ty::Bool], "{0}.filter({v}, {1})");
        rules.push(filter.binds(&[*item]).loose(&[0]));
        for (made, value) in LISTS.iter().zip(&ITEMS) {
            let map = Rule::new(*made, &[*list, *value], "{0}.map({v}, {1})");
            rules.push(map.binds(&[*item]).loose(&[0, 1]));
        }
        let kept = Rule::new(*list, &[*list, Ty::Bool, *item], "{0}.map({v}, {1}, {2})");
        rules.push(kept.binds(&[*item]).loose(&[0, 2]));
    }
}

fn math(rules: &mut Vec<Rule>) {
    let (int, float) = (Ty::Int, Ty::Float);
    for ty in [int, float] {
        rules.push(Rule::new(ty, &[ty], "math.abs({0})").loose(&[0]));
        rules.push(Rule::new(ty, &[ty], "math.sign({0})").loose(&[0]));
    }
    let greatest = Rule::new(int, &[int, int], "math.greatest({0}, {1})");
    rules.push(greatest.cel("({0} > {1} ? {0} : {1})").loose(&[0, 1]));
    let least = Rule::new(int, &[int, int, int], "math.least({0}, {1}, {2})");
    rules.push(least.cel("[{0}, {1}, {2}].filter(m, m <= {0} && m <= {1} && m <= {2})[0]").loose(&[0, 1, 2]));
    for name in ["ceil", "floor", "round", "trunc"] {
        rules.push(Rule::new(float, &[float], &format!("math.{name}({{0}})")).loose(&[0]));
    }
    for name in ["isNaN", "isInf", "isFinite"] {
        rules.push(Rule::new(Ty::Bool, &[float], &format!("math.{name}({{0}})")).loose(&[0]));
    }
    for name in ["bitAnd", "bitOr", "bitXor"] {
        rules.push(Rule::new(int, &[int, int], &format!("math.{name}({{0}}, {{1}})")));
    }
    rules.push(Rule::new(int, &[int], "math.bitNot({0})"));
    for name in ["bitShiftLeft", "bitShiftRight"] {
        rules.push(Rule::new(int, &[int], &format!("math.{name}({{0}}, {{1}})")).then(&[Slot::Position]));
    }
}

fn lists(rules: &mut Vec<Rule>) {
    for list in &LISTS {
        rules.push(Rule::new(*list, &[*list], "{0}.distinct()").of_lists().loose(&[0]));
        rules.push(Rule::new(*list, &[*list], "{0}.reverse()").of_lists().loose(&[0]));
        let slice = Rule::new(*list, &[*list], "{0}.slice({1}, {2})").of_lists().loose(&[0]);
        rules.push(slice.then(&[Slot::Position, Slot::Position]));
        rules.push(Rule::new(*list, &[*list, *list], "[{0}, {1}].flatten()").of_lists().loose(&[0, 1]));
    }
    for list in LISTS.iter().take(2) {
        rules.push(Rule::new(*list, &[*list], "{0}.sort()").of_lists().loose(&[0]));
    }
    rules.push(Rule::new(LISTS[0], &[], "lists.range({0})").of_lists().then(&[Slot::Position]));
    for (item, first) in NULLABLE.iter().zip([true, false, true]) {
        let list = Ty::List(item);
        let text = if first { "{0}.first()" } else { "{0}.last()" };
        rules.push(Rule::new(Ty::Optional(item), &[list], text).ours_alone().loose(&[0]));
    }
}

/// What a record's fields are given in a literal, in their order.
const POINT_LITERAL: [&str; 2] = [
    "{ x: {0}, note: {1}, tier: {2}, level: {3}, tags: {4} }",
    "{\"x\": {0}, \"note\": {1}, \"tier\": {2}, \"level\": {3}, \"tags\": {4}}",
];

fn records(rules: &mut Vec<Rule>) {
    let (point, list, map) = (Ty::Record(&POINT), POINTS[0], POINTS[1]);
    for sign in ["==", "!="] {
        rules.push(Rule::reads(Ty::Bool, point, &[point], &format!("({{0}} {sign} {{1}})")));
        rules.push(Rule::reads(Ty::Bool, list, &[list], &format!("({{0}} {sign} {{1}})")));
    }
    let fields: Vec<Ty> = POINT.fields.iter().map(|(_, ty)| *ty).collect();
    rules.push(Rule::new(point, &fields, POINT_LITERAL[0]).cel(POINT_LITERAL[1]).declared());
    rules.push(Rule::new(point, &[Ty::Bool, point, point], "({0} ? {1} : {2})").declared());
    rules.push(Rule::reads(point, list, &[], "{0}[{1}]").then(&[Slot::Position]));
    rules.push(Rule::reads(point, map, &[], "{0}[{1}]").then(&[Slot::Key]));
    for (field, ty) in POINT.fields {
        rules.push(Rule::reads(*ty, list, &[], &format!("{{0}}[{{1}}].{field}")).then(&[Slot::Position]));
        rules.push(Rule::reads(*ty, map, &[], &format!("{{0}}[{{1}}].{field}")).then(&[Slot::Key]));
    }
    rules.push(Rule::reads(list, point, &[point], "[{0}, {1}]"));
    rules.push(Rule::reads(list, list, &[list], "({0} + {1})"));
    for of in [list, map] {
        rules.push(Rule::reads(Ty::Int, of, &[], "size({0})"));
    }
    rules.push(Rule::reads(Ty::Bool, list, &[], "({1} in {0})").then(&[Slot::Read(point)]));
    for kind in ["all", "exists", "exists_one"] {
        let rule = Rule::reads(Ty::Bool, list, &[Ty::Bool], &format!("{{0}}.{kind}({{v}}, {{1}})"));
        rules.push(rule.binds(&[point]).absorbs());
        let both = Rule::reads(Ty::Bool, map, &[Ty::Bool], &format!("{{0}}.{kind}({{v}}, {{w}}, {{1}})"));
        rules.push(both.binds(&[Ty::Text, point]).ours_alone());
    }
    rules.push(Rule::reads(list, list, &[Ty::Bool], "{0}.filter({v}, {1})").binds(&[point]));
    for made in LISTS {
        let Ty::List(item) = made else { continue };
        rules.push(Rule::reads(made, list, &[*item], "{0}.map({v}, {1})").binds(&[point]));
        rules.push(Rule::reads(made, list, &[Ty::Bool, *item], "{0}.map({v}, {1}, {2})").binds(&[point]));
    }
}
