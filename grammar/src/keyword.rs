//! The words of the language, each with everything that the crate knows about it.
//!
//! The table below is the only list of words. The lexer looks each word up once; whoever needs a list of words derives
//! it from here. A word that is not reserved can also be a name: what it means depends on where it stands.

use crate::block::BlockKind;

/// What a word can be besides a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordClass {
    /// A name, except where the grammar expects this word. All other classes are reserved.
    Contextual,
    /// A value: `true`, `false`, `null`.
    Literal,
    /// An operator between two values: `in`.
    Operator,
    /// Begins a clause of an entry; the clause can stand on a line of its own.
    Clause,
    /// Joins two parts of an entry that stand on one line: `where`, `as`, `from`.
    Connective,
    /// Begins the events that a hook listens to: `on`.
    Listener,
    /// Begins what a hook does.
    Verb,
}

/// How the value of a setting usually begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// The setting has no value.
    Flag,
    /// A name.
    Name,
    /// A number or a duration.
    Number,
    /// A string.
    Text,
    /// `[`
    List,
    /// `{`
    Fields,
    /// Any expression.
    Any,
    /// `when` and a condition.
    Condition,
}

struct Facts {
    text: &'static str,
    class: WordClass,
    /// The blocks in which it begins an entry.
    begins_in: &'static [BlockKind],
    /// The value, when the word begins a plain setting: a word followed by one value, or a flag.
    value: Option<ValueKind>,
    /// The first words of the entries that it continues.
    continues: &'static [Keyword],
    /// The letter that stands for it in the row of tokens that pest reads.
    letter: u8,
}

/// The letter of every word that the grammar does not distinguish from a name.
pub(crate) const NAME_LETTER: u8 = b'a';

const DEFAULT: Facts =
    Facts { text: "", class: WordClass::Contextual, begins_in: &[], value: None, continues: &[], letter: NAME_LETTER };

macro_rules! keywords {
    ($($name:ident $text:literal { $($fact:ident: $value:expr),* })*) => {
        /// A word that the language knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is named by its word")]
        pub enum Keyword {
            $($name,)*
        }

        impl Keyword {
            /// All words, in the order in which suggestions are made.
            pub const ALL: &[Keyword] = &[$(Keyword::$name,)*];
        }

        const FACTS: &[Facts] = &[$(Facts { text: $text, $($fact: $value,)* ..DEFAULT },)*];
    };
}

use BlockKind::{Agent, Component, File, HookCall, Http, Job, Op, Profile, Test};
use ValueKind::{Any, Fields, Flag, List, Name, Number, Text};

keywords! {
    // Words that no name can be.
    When "when" {
        class: WordClass::Clause, letter: b'W',
        continues: &[Keyword::Op, Keyword::On, Keyword::Hook, Keyword::Trigger, Keyword::Retry, Keyword::Skip, Keyword::Allow]
    }
    After "after" { class: WordClass::Clause, letter: b'A', continues: &[Keyword::Op] }
    For "for" { class: WordClass::Clause, letter: b'F', continues: &[Keyword::Op, Keyword::Test] }
    With "with" { class: WordClass::Clause, letter: b'H', continues: &[Keyword::Trigger] }
    Run "run" { class: WordClass::Verb, letter: b'R', continues: &[Keyword::On, Keyword::Hook] }
    Modify "modify" { class: WordClass::Verb, letter: b'D', continues: &[Keyword::On, Keyword::Hook] }
    Require "require" { class: WordClass::Verb, letter: b'Q', continues: &[Keyword::On, Keyword::Hook] }
    Fail "fail" { class: WordClass::Verb, letter: b'X', continues: &[Keyword::On, Keyword::Hook] }
    Warn "warn" { class: WordClass::Verb, letter: b'Y', continues: &[Keyword::On, Keyword::Hook] }
    On "on" { class: WordClass::Listener, letter: b'O', begins_in: &[Job, Op] }
    Where "where" {
        class: WordClass::Connective, letter: b'C',
        continues: &[Keyword::Component, Keyword::Agent, Keyword::Job, Keyword::Record]
    }
    As "as" { class: WordClass::Connective, letter: b'S', continues: &[Keyword::Import, Keyword::Use] }
    From "from" { class: WordClass::Connective, letter: b'M', continues: &[Keyword::Import] }
    In "in" { class: WordClass::Operator, letter: 0x01 }
    True "true" { class: WordClass::Literal }
    False "false" { class: WordClass::Literal }
    Null "null" { class: WordClass::Literal }

    // Items of a file, some of which also begin an entry of a block.
    Import "import" { begins_in: &[File] }
    Enum "enum" { begins_in: &[File] }
    Record "record" { begins_in: &[File] }
    Const "const" { begins_in: &[File] }
    Connection "connection" { begins_in: &[File, Profile] }
    Component "component" { begins_in: &[File] }
    Agent "agent" { begins_in: &[File] }
    Condition "condition" { begins_in: &[File] }
    Hook "hook" { begins_in: &[File, Job, Op] }
    Job "job" { begins_in: &[File], letter: b'j' }
    Each "each" { begins_in: &[File, Job] }
    Profile "profile" { begins_in: &[File], letter: b'p', continues: &[Keyword::Test] }
    Test "test" { begins_in: &[File] }

    // Entries of a job.
    Op "op" { begins_in: &[Job], letter: b'o' }
    Trigger "trigger" { begins_in: &[Job] }
    Outputs "outputs" { begins_in: &[Job] }
    Use "use" { begins_in: &[Job, Op] }
    Drop "drop" { begins_in: &[Job, Op] }

    // Settings of an op and of a hook's call.
    Retry "retry" { begins_in: &[Op, HookCall], value: Some(Number) }
    Timeout "timeout" { begins_in: &[Op, HookCall], value: Some(Number) }
    Allow "allow" { begins_in: &[Op, Profile], value: Some(Name) }
    Skip "skip" { begins_in: &[Op], value: Some(ValueKind::Condition) }
    FailFast "fail_fast" { begins_in: &[Job, Op], value: Some(Flag) }
    AtMostOnce "at_most_once" { begins_in: &[Op], value: Some(Flag) }
    Cache "cache" { begins_in: &[Op], value: Some(Number) }
    Concurrency "concurrency" { begins_in: &[Job, Op], value: Some(Number) }
    Queue "queue" { begins_in: &[Op, HookCall], value: Some(Text) }
    Cpu "cpu" { begins_in: &[Op, HookCall], value: Some(Number) }
    Memory "memory" { begins_in: &[Op, HookCall], value: Some(Text) }
    Gpu "gpu" { begins_in: &[Op, HookCall], value: Some(Number) }
    Namespace "namespace" { begins_in: &[Op, HookCall], value: Some(Text) }
    Presets "presets" { begins_in: &[Op, HookCall], value: Some(List) }

    // Entries of a component and of an agent.
    Exec "exec" { begins_in: &[Component, Agent], value: Some(List) }
    Shell "shell" { begins_in: &[Component] }
    Python "python" { begins_in: &[Component, Agent], value: Some(Text) }
    Http "http" { begins_in: &[Component] }
    Ask "ask" { begins_in: &[Component], value: Some(Text) }
    External "external" { begins_in: &[Component, Agent], value: Some(Any) }
    Result "result" { begins_in: &[Component, Agent] }
    Image "image" { begins_in: &[Component, Agent], value: Some(Text) }
    Cwd "cwd" { begins_in: &[Component, Agent], value: Some(Text) }
    Env "env" { begins_in: &[Component, Agent], value: Some(Fields) }
    Model "model" { begins_in: &[Agent], value: Some(Text) }
    Prompt "prompt" { begins_in: &[Agent], value: Some(Text) }
    Tools "tools" { begins_in: &[Agent], value: Some(List) }

    // Entries of `http`.
    Header "header" { begins_in: &[Http], value: Some(Fields) }
    Json "json" { begins_in: &[Http], value: Some(Any) }
    Sign "sign" { begins_in: &[Http], value: Some(Any) }
    Accept "accept" { begins_in: &[Http] }

    // Entries of a profile and of a test.
    Secrets "secrets" { begins_in: &[Profile] }
    Given "given" { begins_in: &[Test] }
    Expect "expect" { begins_in: &[Test] }

    // Words inside entries.
    Any "any" { continues: &[Keyword::After] }
    Backoff "backoff" { letter: b'b', continues: &[Keyword::Retry] }
    Max "max" { letter: b'm', continues: &[Keyword::Retry] }
    Else "else" { letter: b'e', continues: &[Keyword::Concurrency] }
    Source "source" { letter: b's', continues: &[Keyword::Test] }
    Mock "mock" { letter: b'k', continues: &[Keyword::Connection] }
    Retrying "retrying" { letter: b'r', continues: &[Keyword::Given] }
    Then "then" { letter: b't', continues: &[Keyword::Given] }
    Not "not" { letter: b'z', continues: &[Keyword::Expect] }
    StepStart "step_start" { letter: b'v' }
    StepEnd "step_end" { letter: b'v' }
    ToolStart "tool_start" { letter: b'u' }
    ToolEnd "tool_end" { letter: b'u' }
}

impl Keyword {
    /// The keyword that `word` is, if it is one.
    pub fn of(word: &str) -> Option<Keyword> {
        Keyword::of_bytes(word.as_bytes())
    }

    pub(crate) fn of_bytes(word: &[u8]) -> Option<Keyword> {
        let keyword = TABLE.get(slot(word, SEED)).copied().flatten()?;
        (keyword.text().as_bytes() == word).then_some(keyword)
    }

    const fn facts(self) -> &'static Facts {
        match FACTS.split_at_checked(self as usize) {
            Some((_, [facts, ..])) => facts,
            _ => &DEFAULT,
        }
    }

    /// How it is written.
    pub const fn text(self) -> &'static str {
        self.facts().text
    }

    /// What it can be besides a name.
    pub fn class(self) -> WordClass {
        self.facts().class
    }

    /// Whether no name can be this word.
    pub fn is_reserved(self) -> bool {
        self.class() != WordClass::Contextual
    }

    /// Whether it begins what a hook does.
    pub fn is_verb(self) -> bool {
        self.class() == WordClass::Verb
    }

    /// Whether it follows a whole value and begins something else.
    pub fn follows_value(self) -> bool {
        matches!(self.class(), WordClass::Clause | WordClass::Connective | WordClass::Verb)
    }

    /// Whether a value can end with it.
    pub fn ends_value(self) -> bool {
        matches!(self.class(), WordClass::Contextual | WordClass::Literal)
    }

    /// The blocks in which it begins an entry.
    pub fn blocks(self) -> &'static [BlockKind] {
        self.facts().begins_in
    }

    /// Whether it begins an entry in some block.
    pub fn begins_entry(self) -> bool {
        !self.blocks().is_empty()
    }

    /// Whether it begins an entry in this block.
    pub fn begins_in(self, block: BlockKind) -> bool {
        self.blocks().contains(&block)
    }

    /// The kind of value, when the word begins a plain setting.
    pub fn setting(self) -> Option<ValueKind> {
        self.facts().value
    }

    /// Whether it begins a setting that means nothing without its value.
    pub fn needs_value(self) -> bool {
        self.setting().is_some_and(|value| value != ValueKind::Flag)
    }

    /// Whether it begins a setting that has no value.
    pub fn is_flag(self) -> bool {
        self.setting() == Some(ValueKind::Flag)
    }

    /// Whether `when` can follow it.
    pub fn takes_condition(self) -> bool {
        Keyword::When.continues().contains(&self)
    }

    /// The first words of the entries that it continues.
    pub fn continues(self) -> &'static [Keyword] {
        self.facts().continues
    }

    /// The words that begin an entry of this block.
    pub fn entries_of(block: BlockKind) -> impl Iterator<Item = Keyword> + Clone {
        Keyword::ALL.iter().copied().filter(move |word| word.begins_in(block))
    }

    /// The words that begin a plain setting of this block.
    pub fn settings_of(block: BlockKind) -> impl Iterator<Item = Keyword> + Clone {
        Keyword::entries_of(block).filter(|word| word.setting().is_some())
    }

    /// The words that continue an entry whose first word is `entry`.
    pub fn clauses_of(entry: Keyword) -> impl Iterator<Item = Keyword> + Clone {
        Keyword::ALL.iter().copied().filter(move |word| word.continues().contains(&entry))
    }

    /// The letter that stands for it in the row of tokens that pest reads.
    pub(crate) const fn letter(self) -> u8 {
        self.facts().letter
    }
}

/// How many slots the table has: enough that a seed without collisions is found at once.
const SLOTS: usize = 2048;

/// The slot of a word. The words of the language differ in what is looked at here.
const fn slot(word: &[u8], seed: u32) -> usize {
    let (first, second, last) = match word {
        [first, second] => (*first, *second, *second),
        [first, second, .., last] => (*first, *second, *last),
        _ => (0, 0, 0),
    };
    let key = u32::from_le_bytes([first, second, last, word.len() as u8]);
    (key.wrapping_mul(seed) >> 21) as usize
}

/// The keywords by slot; `None` when two of them share one.
#[expect(clippy::indexing_slicing, reason = "evaluated when compiled")]
const fn table(seed: u32) -> Option<[Option<Keyword>; SLOTS]> {
    let mut table = [None; SLOTS];
    let mut at = 0;
    while at < Keyword::ALL.len() {
        let keyword = Keyword::ALL[at];
        let slot = slot(keyword.text().as_bytes(), seed);
        if table[slot].is_some() {
            return None;
        }
        table[slot] = Some(keyword);
        at += 1;
    }
    Some(table)
}

const SEED: u32 = {
    let mut seed = 0x9e37_79b1;
    while table(seed).is_none() {
        seed += 2;
    }
    seed
};

static TABLE: [Option<Keyword>; SLOTS] = match table(SEED) {
    Some(table) => table,
    None => [None; SLOTS],
};
