//! Writes well-typed programs from a tape of numbers: components, conditions, hooks, and a job whose ops read each other.
//!
//! A shorter tape, or one of smaller numbers, is a simpler program, so a failure shrinks to a small one.
//! Layout is uneven on purpose: comments, blank lines and spaces stand wherever they may.

use std::fmt::Write;

/// The types that values are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ty {
    Int,
    Float,
    Text,
    Bool,
    Path,
    Ints,
}

const TYPES: [Ty; 6] = [Ty::Int, Ty::Float, Ty::Text, Ty::Bool, Ty::Path, Ty::Ints];
/// How deep expressions stand in each other.
const DEPTH: u32 = 3;

impl Ty {
    fn word(self) -> &'static str {
        match self {
            Ty::Int => "int",
            Ty::Float => "float",
            Ty::Text => "string",
            Ty::Bool => "bool",
            Ty::Path => "path",
            Ty::Ints => "list<int>",
        }
    }
}

/// A name that can be read, and its type.
type Names = Vec<(String, Ty)>;

struct Component {
    inputs: Vec<Ty>,
    outputs: Vec<Ty>,
}

/// A program, and how many comments it holds: they are named `c1`, `c2`, … in order.
pub(super) struct Generated {
    pub(super) text: String,
    pub(super) comments: usize,
}

pub(super) fn program(tape: &[u32]) -> Generated {
    let mut writer = Writer { tape, at: 0, out: String::new(), comments: 0 };
    writer.program();
    Generated { text: writer.out, comments: writer.comments }
}

struct Writer<'t> {
    tape: &'t [u32],
    at: usize,
    out: String,
    comments: usize,
}

impl Writer<'_> {
    /// A number below `limit`; 0 when the tape is over.
    fn pick(&mut self, limit: usize) -> usize {
        let number = self.tape.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number as usize % limit.max(1)
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.pick(one_in) == one_in - 1
    }

    fn ty(&mut self) -> Ty {
        TYPES[self.pick(TYPES.len())]
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("// c{}", self.comments)
    }

    /// The end of an entry: perhaps a comment behind it, and lines of comments and nothing below.
    fn end(&mut self) {
        if self.chance(4) {
            let comment = self.comment();
            write!(self.out, "  {comment}").unwrap();
        }
        self.out.push('\n');
        if self.chance(5) {
            let comment = self.comment();
            writeln!(self.out, "{comment}").unwrap();
        }
        if self.chance(5) {
            self.out.push_str("\n\n");
        }
    }

    /// Where a line may be broken or not.
    fn gap(&mut self) -> &'static str {
        ["", " ", "  ", "\n      "][self.pick(4)]
    }

    fn program(&mut self) {
        let components: Vec<Component> = (0..=self.pick(3)).map(|index| self.component(index)).collect();
        self.out.push_str("component page(text: string) {exec [\"page\",text]}\n");
        let conditions: Vec<Ty> = (0..self.pick(3)).map(|index| self.condition(index)).collect();
        let hooks = self.pick(2);
        if hooks > 0 {
            self.out.push_str("hook high(limit:float=0.5) for op ->(o0:float) on succeeded when outputs.o0>limit\n");
            self.out.push_str("  run page(text:\"${op.name} is over ${limit}\")");
            self.end();
        }
        self.job(&components, &conditions, hooks > 0);
        if self.chance(3) {
            self.out.push_str("test \"it fails\" for j(n:1,s:\"x\") {\n  given op0 failed");
            self.end();
            self.out.push_str("  expect job failed\n}\n");
        }
    }

    fn component(&mut self, index: usize) -> Component {
        let inputs: Vec<Ty> = (0..self.pick(4)).map(|_| self.ty()).collect();
        let mut outputs = vec![Ty::Float];
        outputs.extend((0..self.pick(3)).map(|_| self.ty()));
        if self.chance(3) {
            writeln!(self.out, "/// Component {index}.").unwrap();
        }
        write!(self.out, "component comp{index}(").unwrap();
        for (number, ty) in inputs.iter().enumerate() {
            let gap = self.gap();
            write!(self.out, "{gap}i{number}:{}", ty.word()).unwrap();
            if self.chance(3) {
                let constant = self.constant(*ty);
                write!(self.out, " = {constant}").unwrap();
            }
            self.out.push(',');
        }
        self.out.push_str(") -> (");
        for (number, ty) in outputs.iter().enumerate() {
            let gap = self.gap();
            write!(self.out, "{gap}o{number}: {},", ty.word()).unwrap();
        }
        self.out.push_str(") {\n  exec [\"run\"]");
        self.end();
        self.out.push('}');
        self.end();
        Component { inputs, outputs }
    }

    fn condition(&mut self, index: usize) -> Ty {
        let ty = self.ty();
        let names = vec![("x".to_owned(), ty)];
        let body = self.expr(Ty::Bool, &names, DEPTH);
        write!(self.out, "condition cond{index}(x: {}) = {body}", ty.word()).unwrap();
        self.end();
        ty
    }

    fn job(&mut self, components: &[Component], conditions: &[Ty], hook: bool) {
        self.out.push_str("job j(n: int, s: string, xs: list<int> = [1,2]) {");
        self.end();
        let inputs: Names = vec![("n".to_owned(), Ty::Int), ("s".to_owned(), Ty::Text), ("xs".to_owned(), Ty::Ints)];
        let mut names = inputs.clone();
        for index in 0..=self.pick(6) {
            let component = self.pick(components.len());
            let chosen = &components[component];
            let (fan, waits) = (self.chance(5), self.chance(4) && index > 0);
            // An op that waits for another at any end cannot rely on its outputs.
            let mut readable = if waits { inputs.clone() } else { names.clone() };
            if fan {
                readable.push(("item".to_owned(), Ty::Int));
            }
            write!(self.out, "  op op{index} = comp{component}(").unwrap();
            for (number, ty) in chosen.inputs.iter().enumerate() {
                let (gap, value) = (self.gap(), self.expr(*ty, &readable, DEPTH));
                write!(self.out, "{gap}i{number}: {value},").unwrap();
            }
            self.out.push(')');
            if fan {
                self.out.push_str(" for item in xs");
            }
            if self.chance(3) {
                let when = self.op_condition(if waits { &inputs } else { &names }, conditions);
                let gap = self.gap();
                let gap = if gap.is_empty() { " " } else { gap };
                write!(self.out, "{gap}when {when}").unwrap();
            }
            if waits {
                let other = self.pick(index);
                write!(self.out, " after op{other} done").unwrap();
            }
            self.block(fan, hook, conditions, chosen);
            if !fan {
                names.extend(
                    chosen.outputs.iter().enumerate().map(|(number, ty)| (format!("op{index}.o{number}"), *ty)),
                );
            }
        }
        self.job_hooks();
        self.out.push('}');
        self.end();
    }

    fn op_condition(&mut self, names: &Names, conditions: &[Ty]) -> String {
        if conditions.is_empty() || self.chance(2) {
            return self.expr(Ty::Bool, names, DEPTH);
        }
        let index = self.pick(conditions.len());
        let value = self.expr(conditions[index], names, DEPTH - 1);
        format!("cond{index}({value})")
    }

    /// Settings and hooks of an op.
    fn block(&mut self, fan: bool, hook: bool, conditions: &[Ty], component: &Component) {
        if self.chance(3) {
            self.end();
            return;
        }
        self.out.push_str(" {");
        self.end();
        let settings = ["retry 2 backoff 30s", "timeout 1h30m", "queue \"q\"", "allow failure", "cpu 0.5", "cache 7d"];
        for setting in settings {
            if self.chance(4) {
                write!(self.out, "    {setting}").unwrap();
                self.end();
            }
        }
        if !fan {
            self.op_hooks(hook, conditions, component);
        }
        self.out.push_str("  }");
        self.end();
    }

    fn op_hooks(&mut self, hook: bool, conditions: &[Ty], component: &Component) {
        let outputs: Names =
            component.outputs.iter().enumerate().map(|(number, ty)| (format!("outputs.o{number}"), *ty)).collect();
        for _ in 0..self.pick(3) {
            let when = self.op_condition(&outputs, conditions);
            let text = self.expr(Ty::Text, &outputs, DEPTH);
            let entry = match self.pick(5) {
                0 => format!("on succeeded when {when} run page(text: {text})"),
                1 => format!("on end when {when} fail {text}"),
                2 => "on failed run page(text: \"${op.name}: ${error.message} ${outputs.o0 ?? 0.0}\") { retry 1 }"
                    .to_owned(),
                3 => "on start when job.name == \"x\"\n      fail \"no\"".to_owned(),
                _ => "on done when outputs.o0 != null && outputs.o0 > 0.5 run page(text: \"${op.status}\")".to_owned(),
            };
            write!(self.out, "    {entry}").unwrap();
            self.end();
        }
        if hook && self.chance(2) {
            self.out.push_str("    use high(limit: 0.25)");
            self.end();
        }
    }

    fn job_hooks(&mut self) {
        let entries = [
            "each op { hook wide on failed run page(text: error.message) }",
            "on succeeded run page(text: \"${job.name} took ${job.duration}\")",
            "hook over on done run page(text: \"${job.status}\")",
            "concurrency 1 else skip",
            "trigger night = schedule(\"0 2 * * *\", timezone: \"UTC\") with (n: 1, s: \"x\")",
        ];
        for entry in entries {
            if self.chance(2) {
                write!(self.out, "  {entry}").unwrap();
                self.end();
            }
        }
    }

    fn constant(&mut self, ty: Ty) -> String {
        let number = self.pick(100);
        match ty {
            Ty::Int => format!("{number}"),
            Ty::Float => format!("{number}.5"),
            Ty::Text => format!("\"t{number} $${{x}} \\u00e9\""),
            Ty::Bool => number.is_multiple_of(2).to_string(),
            Ty::Path => format!("'data/{number}.csv'"),
            Ty::Ints => format!("[{number},{number}]"),
        }
    }

    /// An expression of a type, over these names.
    fn expr(&mut self, ty: Ty, names: &Names, depth: u32) -> String {
        let fitting: Vec<&String> = names.iter().filter(|(_, other)| *other == ty).map(|(name, _)| name).collect();
        if !fitting.is_empty() && self.chance(2) {
            return fitting[self.pick(fitting.len())].clone();
        }
        if depth == 0 || self.chance(3) {
            return self.constant(ty);
        }
        let second = self.chance(2);
        let mut sub = |ty: Ty| self.expr(ty, names, depth - 1);
        match ty {
            Ty::Int if second => format!("size({})", sub(Ty::Text)),
            Ty::Int => format!("({} + {})", sub(Ty::Int), sub(Ty::Int)),
            Ty::Float if second => format!("float({})", sub(Ty::Int)),
            Ty::Float => format!("({}*{})", sub(Ty::Float), sub(Ty::Float)),
            Ty::Text if second => format!("({} + string({}))", sub(Ty::Text), sub(Ty::Int)),
            Ty::Text => format!("\"a ${{ {} }}b\"", sub(Ty::Float)),
            Ty::Bool => self.truth(names, depth),
            Ty::Path | Ty::Ints => self.constant(ty),
        }
    }

    fn truth(&mut self, names: &Names, depth: u32) -> String {
        let mut sub = |ty: Ty| self.expr(ty, names, depth - 1);
        let (a, b) = (sub(Ty::Int), sub(Ty::Float));
        let forms = [
            format!("{a} < {}", sub(Ty::Int)),
            format!("({b}>={} || !({}))", sub(Ty::Float), sub(Ty::Bool)),
            format!("({} && {})", sub(Ty::Bool), sub(Ty::Bool)),
            format!("{}.contains({})", sub(Ty::Text), sub(Ty::Text)),
            format!("{}.all(e,e > {a})", sub(Ty::Ints)),
            format!("({} ? {a} : 3) == 3", sub(Ty::Bool)),
            format!("{a} in {}", sub(Ty::Ints)),
        ];
        let index = self.pick(forms.len());
        forms[index].clone()
    }
}
