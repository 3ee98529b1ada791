//! The syntax tree: what a `.hook` file says, before any name is looked up.
//!
//! Broken source is normal input: what is missing is `None` or an `Error` node, and the error itself
//! stands beside the tree. Comments are not in the tree (the formatter reads them from the tokens); doc comments are.
//!
//! The tree is made of pieces: top-level items and, inside jobs, entries. Spans inside a piece count from its own
//! first byte, so that an edit elsewhere in the file leaves it unchanged and it can be used again.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::span::Span;

/// A piece of the tree and where it lies in its parent (the file for items, the job for entries).
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// The piece's first byte, counted from the parent's first byte.
    pub at: u32,
    /// The piece's length in bytes, white space and comments behind it left out.
    pub len: u32,
    /// The piece; its spans count from `at`.
    pub node: Arc<T>,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The items in written order.
    pub items: Vec<Placed<Item>>,
}

/// A name as written, in Unicode normal form C.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name.
    pub text: SmolStr,
    /// Where it is written.
    pub span: Span,
}

/// The text of the `///` lines before a declaration, markers and one leading blank stripped.
pub type Doc = Option<SmolStr>;

/// A top-level item.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is named after its construct, which documents itself")]
pub enum Item {
    Import(Import),
    Enum(Enum),
    Record(Record),
    Const(Const),
    Connection(Connection),
    /// A component or an agent.
    Component(Component),
    Condition(Condition),
    Hook(Hook),
    Job(Job),
    EachJob(EachJob),
    Profile(Profile),
    Test(Test),
    /// Text that is no item; its error is reported.
    Error,
}

/// `import a, b as c from "./alerts"`
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What is imported, in written order.
    pub names: Vec<ImportName>,
    /// The path; `None` when it is missing.
    pub path: Option<Expr>,
    /// The whole item.
    pub span: Span,
}

/// `b as c`
#[derive(Clone, Debug, PartialEq)]
pub struct ImportName {
    /// The name in the other file.
    pub name: Ident,
    /// The name here, where it differs.
    pub alias: Option<Ident>,
}

/// `enum Tier { small, large }`
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its values in written order.
    pub values: Vec<EnumValue>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// Its documentation.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
}

/// `record Target { url: secret, level: int = 1 where level > 0 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its fields in written order.
    pub fields: Vec<Param>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// `const limit: float = 0.9`
#[derive(Clone, Debug, PartialEq)]
pub struct Const {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its type, where written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// `connection team: Webhook = { url: secret("SLACK_URL") }`
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its record type, where written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// An input, output, parameter or record field: `lr: float = 0.01 where lr > 0.0`
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its documentation.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The value after `=`.
    pub default: Option<Expr>,
    /// The condition after `where`.
    pub constraint: Option<Expr>,
    /// From the name to the end.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its form.
    pub kind: TypeKind,
    /// Where it is written.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `int`, `Tier`, `list<int>`, `map<string, int>`: a name and its arguments.
    Named {
        /// The name.
        name: Ident,
        /// The types between `<` and `>`.
        args: Vec<Type>,
    },
    /// `T?`
    Optional(Box<Type>),
    /// Missing or unreadable; its error is reported.
    Error,
}

/// Which of the two kinds of component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentKind {
    /// `component`
    Component,
    /// `agent`
    Agent,
}

/// `component NAME(inputs) -> (outputs) { … }`, and `agent` alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Component or agent.
    pub kind: ComponentKind,
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its inputs in written order.
    pub inputs: Vec<Param>,
    /// Its outputs in written order.
    pub outputs: Vec<Param>,
    /// The entries of its block.
    pub entries: Vec<BodyEntry>,
    /// From its first word to the end of its header.
    pub header: Span,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a component's block.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyEntry {
    /// `exec ["python3", "train.py"]`: the list.
    Exec(Expr, Span),
    /// `shell """…"""`: the raw text, common indentation stripped, and where the text lies.
    Shell(SmolStr, Span),
    /// `python "module:function"`
    Python(Expr, Span),
    /// `http POST url { … }`
    Http(Box<Http>),
    /// `ask "Ship it?"`
    Ask(Expr, Span),
    /// `external polyaxon "acme/slack:1.2"`
    External {
        /// The engine's name.
        engine: Ident,
        /// The engine's own reference.
        target: Expr,
        /// The whole entry.
        span: Span,
    },
    /// `result stdout`: where the outputs are read from.
    Result(Ident, Span),
    /// Any other word with a value: `image`, `cwd`, `env`, `model`, `prompt`, `tools`, … (which words exist is the checker's).
    Setting(Setting),
}

/// `http METHOD url { header { … } json v sign s accept 200..299 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Http {
    /// `GET`, `POST`, …
    pub method: Ident,
    /// The address.
    pub url: Expr,
    /// The braces after each `header`.
    pub headers: Vec<Expr>,
    /// The value after `json`.
    pub json: Option<Expr>,
    /// The value after `sign`.
    pub sign: Option<Expr>,
    /// The range after `accept`, both ends included, and where it is written.
    pub accept: Option<(u32, u32, Span)>,
    /// The whole entry.
    pub span: Span,
}

/// A word and what it sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The word: `timeout`, `retry`, `image`, …
    pub word: Ident,
    /// What follows it.
    pub value: SettingValue,
    /// The whole entry.
    pub span: Span,
}

/// What follows a setting's word.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// `retry N [when COND] [backoff D [max D]]`
    Retry {
        /// How many further attempts.
        times: Expr,
        /// For which failures.
        when: Option<Expr>,
        /// The first delay.
        backoff: Option<Expr>,
        /// The longest delay.
        max: Option<Expr>,
    },
    /// `concurrency N [else skip|stop]`
    Concurrency {
        /// How many at once.
        max: Expr,
        /// The word after `else`.
        otherwise: Option<Ident>,
    },
    /// A word that stands alone: `allow failure` (word `allow`), `at_most_once`.
    Flag,
    /// One value.
    Value(Expr),
}

/// `condition poor(loss: float, limit: float = 0.9) = loss > limit`
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its parameters in written order.
    pub params: Vec<Param>,
    /// What it says.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// A hook: reusable at the top level, in place elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` for an anonymous one (`on …`).
    pub name: Option<Ident>,
    /// The parameters of a reusable hook.
    pub params: Vec<Param>,
    /// `for op (inputs) -> (outputs)`, only at the top level.
    pub target: Option<Box<HookTarget>>,
    /// The events after `on`.
    pub events: Vec<Event>,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// What it does; `None` when it is missing.
    pub verb: Option<Verb>,
    /// The whole hook, without its documentation.
    pub span: Span,
}

/// `for op (inputs) -> (outputs)`
#[derive(Clone, Debug, PartialEq)]
pub struct HookTarget {
    /// `op`, `job` or `agent`.
    pub kind: Ident,
    /// The inputs it asks for.
    pub inputs: Vec<Param>,
    /// The outputs it asks for.
    pub outputs: Vec<Param>,
}

/// One event after `on`: `failed`, `overdue(90m)`, `tool_start(search, send)`
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's word.
    pub name: Ident,
    /// What stands in the brackets behind it.
    pub args: Vec<Expr>,
    /// The whole event.
    pub span: Span,
}

/// What a hook does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// `run`, `modify` or `require`, a call, and the settings of its run.
    Call {
        /// Which of the three.
        word: Ident,
        /// What it calls.
        call: Call,
        /// The entries of the block behind it.
        settings: Vec<Setting>,
    },
    /// `fail "message"` or `warn "message"`.
    Message {
        /// Which of the two.
        word: Ident,
        /// The message.
        text: Expr,
    },
}

/// `train(data: data, lr: 0.005)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called; `None` when it is missing.
    pub name: Option<Ident>,
    /// The arguments in written order.
    pub args: Vec<Arg>,
    /// From the name to the closing bracket.
    pub span: Span,
    /// Inside of the brackets; where a missing argument goes. `None` when the brackets are missing (an error is reported).
    pub args_span: Option<Span>,
}

/// `lr: 0.005`, or a value alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The label before `:`.
    pub label: Option<Ident>,
    /// The value.
    pub value: Expr,
    /// The whole argument.
    pub span: Span,
}

/// `job NAME(inputs) [-> (outputs)] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its inputs in written order.
    pub inputs: Vec<Param>,
    /// Its declared outputs in written order.
    pub outputs: Vec<Param>,
    /// The entries of its block; each a piece of its own.
    pub entries: Vec<Placed<JobEntry>>,
    /// From its first word to the end of its header.
    pub header: Span,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a job's block.
#[derive(Clone, Debug, PartialEq)]
pub enum JobEntry {
    /// `op …`
    Op(Op),
    /// `trigger …`
    Trigger(Trigger),
    /// `each op … { … }`
    EachOp(EachOp),
    /// `outputs (loss: fit.loss)`
    Outputs(Vec<Arg>, Span),
    /// A hook of the job, or a setting.
    Entry(OpEntry),
    /// Text that is no entry; its error is reported.
    Error,
}

/// `op NAME = COMPONENT(args) clauses { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// The component or job it runs.
    pub call: Call,
    /// `for x in xs, y in ys`
    pub fan: Vec<Fan>,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// What stands after `after`.
    pub after: Vec<Dep>,
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// From `op` to the end of its clauses.
    pub header: Span,
    /// The whole entry, without its documentation.
    pub span: Span,
}

/// `x in xs`
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// The variable.
    pub var: Ident,
    /// The list.
    pub over: Expr,
}

/// One part of an `after` clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Dep {
    /// Which ops.
    pub ops: DepOps,
    /// In which state they must have ended; `None`: `succeeded`.
    pub event: Option<Ident>,
    /// The whole part.
    pub span: Span,
}

/// The ops of one part of an `after` clause.
#[derive(Clone, Debug, PartialEq)]
pub enum DepOps {
    /// One op.
    One(Ident),
    /// `any a, b`: one of these.
    Any(Vec<Ident>),
    /// `each op`: every op written above.
    Each,
}

/// One entry in the block of an op, of `each op` or of `each job`; also a job's own hooks and settings.
#[derive(Clone, Debug, PartialEq)]
pub enum OpEntry {
    /// `hook NAME on …` or `on …`
    Hook(Hook),
    /// `use NAME(args) [as OTHER]`
    Use(Use),
    /// `drop NAME`
    Drop(Ident, Span),
    /// `retry 2`, `timeout 2h`, …
    Setting(Setting),
}

/// `use NAME(args) [as OTHER]`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The reusable hook and its arguments.
    pub call: Call,
    /// The name it has here, where it differs.
    pub alias: Option<Ident>,
    /// The whole entry.
    pub span: Span,
}

/// `each op [(inputs)] [-> (outputs)] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct EachOp {
    /// The inputs an op must have.
    pub inputs: Vec<Param>,
    /// The outputs an op must have.
    pub outputs: Vec<Param>,
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// From `each` to the end of its header.
    pub header: Span,
    /// The whole entry.
    pub span: Span,
}

/// `each job { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct EachJob {
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// The whole item.
    pub span: Span,
}

/// `trigger NAME = schedule("0 2 * * *") [when COND] [with (inputs)]`
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// `schedule`, `webhook`, `watch` or `after`, and its arguments.
    pub call: Call,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// The job's inputs after `with`.
    pub with: Option<Vec<Arg>>,
    /// The whole entry, without its documentation.
    pub span: Span,
}

/// `profile NAME { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// The entries of its block.
    pub entries: Vec<ProfileEntry>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a profile's block.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileEntry {
    /// `connection team = { … }`
    Connection {
        /// The connection.
        name: Ident,
        /// Its value in this profile.
        value: Expr,
        /// The whole entry.
        span: Span,
    },
    /// `connection team = mock [COMPONENT (outputs), …]`
    Mock {
        /// The connection.
        name: Ident,
        /// What the mocked components answer.
        outputs: Vec<MockOutputs>,
        /// The whole entry.
        span: Span,
    },
    /// `secrets env`, `secrets file ".secrets"`, `secrets exec ["pass", "show"]`
    Secrets {
        /// `env`, `file` or `exec`.
        provider: Ident,
        /// Its value.
        value: Option<Expr>,
        /// The whole entry.
        span: Span,
    },
    /// `allow private`: `http` may reach private addresses.
    AllowPrivate(Span),
}

/// `post (status: 200)` after `mock`
#[derive(Clone, Debug, PartialEq)]
pub struct MockOutputs {
    /// The component.
    pub component: Ident,
    /// Its outputs.
    pub outputs: Vec<Arg>,
}

/// `test "…" for JOB(args) [profile P] [source S] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Its documentation.
    pub doc: Doc,
    /// Its title; `None` when it is missing.
    pub title: Option<Expr>,
    /// The job and its inputs.
    pub job: Call,
    /// The name after `profile`.
    pub profile: Option<Ident>,
    /// The word after `source`.
    pub source: Option<Ident>,
    /// The entries of its block.
    pub entries: Vec<TestEntry>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a test's block.
#[derive(Clone, Debug, PartialEq)]
pub enum TestEntry {
    /// `given …`
    Given(Given),
    /// `expect …`
    Expect(Expect),
}

/// What a test speaks of: `fit`, `sweep[2]`, `fit.page`, `sweep[2].page`, `job`, `previous`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The names between the dots.
    pub path: Vec<Ident>,
    /// The number in the brackets behind the first name.
    pub index: Option<(u32, Span)>,
    /// The whole subject.
    pub span: Span,
}

/// An event of an agent in a test: `tool_start(bash)`
#[derive(Clone, Debug, PartialEq)]
pub struct ToolEvent {
    /// `tool_start`, `tool_end`, …
    pub event: Ident,
    /// The tool in the brackets.
    pub tool: Option<Ident>,
}

/// `given OP succeeded (outputs)`, `given OP retrying 2 then failed (…)`, `given OP tool_start(bash) (command: "…")`
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What it speaks of.
    pub subject: Subject,
    /// The number after `retrying`.
    pub retrying: Option<(u32, Span)>,
    /// The tool event it drives.
    pub tool: Option<ToolEvent>,
    /// The state: `succeeded`, `failed`, …; `None` with a tool event.
    pub state: Option<Ident>,
    /// The outputs, the error or the payload in brackets.
    pub args: Option<Vec<Arg>>,
    /// The whole entry.
    pub span: Span,
}

/// `expect HOOK not ran`, `expect OP failed`, `expect OP refused "…"`, `expect OP tool_start(bash) modified (…)`
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// What it speaks of.
    pub subject: Subject,
    /// The tool event it speaks of.
    pub tool: Option<ToolEvent>,
    /// Whether `not` stands before the outcome.
    pub not: bool,
    /// `ran`, `errored`, `refused`, `modified` or a state.
    pub outcome: Option<Ident>,
    /// The text after `refused`.
    pub message: Option<Expr>,
    /// The arguments in brackets.
    pub args: Option<Vec<Arg>>,
    /// The whole entry.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// Where it is written; brackets around it included only in [`ExprKind::Paren`].
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `7`, `0x1f`: up to `i64::MAX + 1`, which only a minus sign before it makes an int.
    Int(u64),
    /// `0.5`, `1e-7`
    Float(f64),
    /// `1h30m`, in nanoseconds
    Duration(i64),
    /// `"…"` and the other string forms.
    Template(Template),
    /// A bare name.
    Name(SmolStr),
    /// `[a, ...b]`
    List(Vec<Expr>),
    /// `...xs`, in a list.
    Spread(Box<Expr>),
    /// `{ a: 1, "b": 2 }`
    Braces(Vec<Field>),
    /// `!a`, `-a`
    Unary(UnaryOp, Box<Expr>),
    /// `a && b`
    Binary(Box<Binary>),
    /// `a ? b : c`
    Ternary(Box<(Expr, Expr, Expr)>),
    /// `a.b`
    Member(Box<Expr>, Ident),
    /// `a[b]`
    Index(Box<(Expr, Expr)>),
    /// `f(x)`, `a.f(x)`: the callee is a [`ExprKind::Name`] or a [`ExprKind::Member`].
    Call(Box<Expr>, Vec<Arg>),
    /// `(a)`
    Paren(Box<Expr>),
    /// Missing or unreadable; its error is reported.
    Error,
}

/// The operators before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// `left op right`
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// Before it.
    pub left: Expr,
    /// Behind it.
    pub right: Expr,
}

/// The operators between two values, from the loosest: `||`, `&&`, comparisons and `in`, `??` (to the right), `+ -`, `* / %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after their signs")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    OrElse,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// `key: value` in braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Expr,
    /// The whole field.
    pub span: Span,
}

/// A key in braces: a bare word is a record's field, a string a map's key.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// `a:`
    Word(Ident),
    /// `"a":`
    Text(Template, Span),
}

/// A string: texts and holes in turn, escapes resolved and common indentation stripped.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The parts in written order; neighbouring texts are one.
    pub parts: Vec<Part>,
    /// `r"…"`: no escapes, no holes.
    pub raw: bool,
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text as it is.
    Text(SmolStr),
    /// `${expr}`
    Hole(Expr),
}

impl Template {
    /// The text, where there is no hole.
    pub fn as_const(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}
