//! What an earlier check found out about ops: one in which nothing has changed, and nothing that it looked at, is not
//! looked into again.
//!
//! An editor asks for diagnostics with every key, and most of a large file is as it was. An op is remembered where its
//! check found nothing wrong in a text without syntax errors; then there is no place to move. What its check looked at is
//! written down while it looks: names of ops and what these give, who waits for whom. All else that it could depend on
//! (items, the job's head, its `each op` blocks, the project's settings) must be the same as a whole.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hookc_grammar::Parse;
use hookc_grammar::ast::{Item, JobEntry};
use rustc_hash::{FxHashMap, FxHasher};
use smol_str::SmolStr;

use crate::check::Checker;
use crate::check::jobs::job_scope::{JobScope, OpInfo, Runs};
use crate::check::jobs::needs::Need;
use crate::check::jobs::op_log::OpLog;
use crate::check::jobs::op_log::Question;
use crate::check::jobs::op_parts::OpParts;
use crate::declare::{JobDef, Program};
use crate::project::Project;
use crate::sources::{FileId, SourceFile};

/// What is remembered of a check.
#[derive(Debug, Default)]
pub(crate) struct PreviousCheck {
    around: Option<Around>,
    ops: FxHashMap<Key, Arc<Known>>,
}

/// The job's name, and the entry by its address: the entry is kept alive with what is known of it.
type Key = (SmolStr, usize);

/// Everything besides ops that a check depends on.
#[derive(Debug)]
struct Around {
    project: Project,
    /// The own file's items but its jobs, of which the heads.
    items: Vec<Part>,
    /// The other files.
    files: Vec<Other>,
    /// Whether all texts are without syntax errors.
    sound: bool,
}

/// Another file: its path and its tree.
type Other = (String, Arc<Parse>);

#[derive(Debug)]
enum Part {
    Item(Arc<Item>),
    Head(String),
}

/// What the check of an op looked at, and what came of it.
#[derive(Debug)]
pub(crate) struct Known {
    entry: Arc<JobEntry>,
    blocks: Vec<Arc<JobEntry>>,
    looked: Vec<(SmolStr, Option<u64>)>,
    asked: Vec<(Question, SmolStr, bool)>,
    needs: Vec<(SmolStr, Need)>,
    used: Vec<(FileId, SmolStr)>,
    heard: bool,
}

/// What is known of an op at the start of a check.
pub(crate) enum Start {
    /// As before, as far as can be told without knowing who waits for whom.
    Known(Arc<Known>),
    /// Looked into, with what that depended on.
    Fresh(Box<OpParts>, OpLog),
}

impl Around {
    fn new(program: &Program<'_>, own: FileId) -> Around {
        let sources = program.sources;
        let file = sources.file(own);
        let part = |item: &hookc_grammar::ast::Placed<Item>| match item.node.as_ref() {
            Item::Job(job) => Part::Head(head(file, item.at, job.header)),
            _ => Part::Item(Arc::clone(&item.node)),
        };
        let others = sources.iter().filter(|(id, _)| *id != own);
        Around {
            project: sources.project.clone(),
            items: file.parse.file.items.iter().map(part).collect(),
            files: others.map(|(_, file)| (file.path.clone(), Arc::clone(&file.parse))).collect(),
            sound: sources.iter().all(|(_, file)| file.parse.errors.is_empty()),
        }
    }

    fn is_like(&self, other: &Around) -> bool {
        let same_part = |pair: (&Part, &Part)| match pair {
            (Part::Item(a), Part::Item(b)) => Arc::ptr_eq(a, b),
            (Part::Head(a), Part::Head(b)) => a == b,
            _ => false,
        };
        let same_file = |(a, b): (&Other, &Other)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1);
        self.items.len() == other.items.len()
            && self.files.len() == other.files.len()
            && self.items.iter().zip(&other.items).all(same_part)
            && self.files.iter().zip(&other.files).all(same_file)
            && self.project == other.project
    }
}

fn head(file: &SourceFile, at: u32, header: hookc_grammar::Span) -> String {
    let span = header.shifted(at);
    file.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned()
}

impl PreviousCheck {
    /// An empty memory of a check; what an earlier one knew is taken over as it proves true.
    pub(crate) fn begin(program: &Program<'_>, own: FileId) -> PreviousCheck {
        PreviousCheck { around: Some(Around::new(program, own)), ops: FxHashMap::default() }
    }

    fn is_sound(&self) -> bool {
        self.around.as_ref().is_some_and(|around| around.sound)
    }

    /// Whether what is around ops is as it is in `now`.
    fn holds_in(&self, now: &PreviousCheck) -> bool {
        matches!((&self.around, &now.around), (Some(before), Some(now)) if before.is_like(now))
    }
}

impl<'p, 's> Checker<'p, 's> {
    /// Begins to remember; `before` is what the last check of the file knew.
    pub(crate) fn remember(&mut self, own: FileId, before: Option<Arc<PreviousCheck>>) {
        let memo = PreviousCheck::begin(self.program, own);
        self.known = before.filter(|before| before.holds_in(&memo));
        self.memo = Some(memo);
    }

    /// Looks into an op, unless it is known to be as before.
    pub(crate) fn begin_op(&mut self, job: &JobScope<'_, 's>, index: usize) -> Start {
        if let Some(known) = self.known_op(job, index) {
            return Start::Known(known);
        }
        let (parts, log) = self.logged(job, |checker| checker.op_parts(job, index));
        Start::Fresh(Box::new(parts), log)
    }

    /// A part of an op's check, and what it looks at.
    pub(crate) fn logged<T>(&mut self, job: &JobScope<'_, '_>, check: impl FnOnce(&mut Self) -> T) -> (T, OpLog) {
        if self.memo.is_none() {
            return (check(self), OpLog::default());
        }
        job.log.replace(OpLog::default());
        let (told, connections) = (self.diagnostics.len(), self.connection_uses.len());
        let around = self.program.begin_use();
        let value = check(self);
        let used = self.program.end_use(around);
        let mut log = job.log.take();
        log.used = used;
        log.more |= self.diagnostics.len() > told || self.connection_uses.len() > connections;
        (value, log)
    }

    /// What the last check knew of the op, where all that it looked at is as it was.
    fn known_op(&self, job: &JobScope<'_, '_>, index: usize) -> Option<Arc<Known>> {
        let before = self.known.as_ref().filter(|_| !self.keep)?;
        let info = job.ops.get(index).filter(|info| is_the_only(job, info, index))?;
        let known = before.ops.get(&key(job.def, info))?;
        let same_blocks = known.blocks.len() == job.blocks.len()
            && known.blocks.iter().zip(&job.blocks).all(|(a, b)| Arc::ptr_eq(a, b));
        let as_before =
            |(name, gives): &(SmolStr, Option<u64>)| job.by_name.get(name).map(|op| gives_of(job, *op)) == *gives;
        let waits = known.needs.iter().all(|(name, _)| job.by_name.contains_key(name));
        let same_entry = Arc::ptr_eq(&known.entry, info.entry);
        (same_entry && same_blocks && waits && known.looked.iter().all(as_before)).then(|| Arc::clone(known))
    }

    /// Whether a known op is still as before now that it is known who waits for whom; if so, what its check did is done.
    pub(crate) fn is_still(&mut self, job: &JobScope<'_, '_>, index: usize, known: &Arc<Known>) -> bool {
        let holds = known.asked.iter().all(|(question, name, answer)| {
            job.by_name.get(name).is_some_and(|op| question.answer(job, index, *op) == *answer)
        });
        if holds {
            self.program.use_again(&known.used);
            if let (Some(memo), Some(info)) = (&mut self.memo, job.ops.get(index)) {
                memo.ops.insert(key(job.def, info), Arc::clone(known));
            }
        }
        holds
    }

    /// Remembers an op that was looked into and found right, by what each half of its check looked at.
    pub(crate) fn keep_op(&mut self, job: &JobScope<'_, '_>, index: usize, first: OpLog, second: OpLog, heard: bool) {
        let Some(memo) = self.memo.as_mut().filter(|memo| memo.is_sound() && !first.more && !second.more) else {
            return;
        };
        let info = job.ops.get(index).filter(|info| info.runs.is_some() && is_the_only(job, info, index));
        let Some(info) = info else { return };
        let name_of = |op: usize| job.ops.get(op).map(|info| info.name.clone()).unwrap_or_default();
        let looked = first.looked.into_iter().chain(second.looked);
        let asked = first.asked.into_iter().chain(second.asked);
        let mut looked: Vec<(SmolStr, Option<u64>)> =
            looked.map(|(name, op)| (name, op.map(|op| gives_of(job, op)))).collect();
        looked.sort_unstable();
        looked.dedup();
        let known = Known {
            entry: Arc::clone(info.entry),
            blocks: job.blocks.clone(),
            looked,
            asked: asked.map(|(question, op, answer)| (question, name_of(op), answer)).collect(),
            needs: job.needs.of(index).iter().map(|need| (name_of(need.op), need.clone())).collect(),
            used: first.used.into_iter().chain(second.used).collect(),
            heard,
        };
        memo.ops.insert(key(job.def, info), Arc::new(known));
    }
}

impl Known {
    /// What the op waits for, in the numbers of now.
    pub(crate) fn edges(&self, job: &JobScope<'_, '_>) -> Vec<Need> {
        let number = |(name, need): &(SmolStr, Need)| Some(Need { op: *job.by_name.get(name)?, ..need.clone() });
        self.needs.iter().filter_map(number).collect()
    }

    /// Whether a hook of the op listens to its failure.
    pub(crate) fn is_heard(&self) -> bool {
        self.heard
    }
}

/// Whether the op has its name: a second one of the same text is another op with the same entry.
fn is_the_only(job: &JobScope<'_, '_>, info: &OpInfo<'_>, index: usize) -> bool {
    job.by_name.get(&info.name) == Some(&index)
}

fn key(job: &JobDef<'_>, info: &OpInfo<'_>) -> Key {
    (job.item.name.clone(), Arc::as_ptr(info.entry) as usize)
}

/// What others see of an op, as a number.
fn gives_of(job: &JobScope<'_, '_>, op: usize) -> u64 {
    let mut hasher = FxHasher::default();
    if let Some(info) = job.ops.get(op) {
        info.name.hash(&mut hasher);
        info.outputs.hash(&mut hasher);
        info.allow_failure.hash(&mut hasher);
        let runs = info.runs.map(|runs| match runs {
            Runs::Component(id) => (0, id.0),
            Runs::Job(id) => (1, id.0),
        });
        runs.hash(&mut hasher);
    }
    hasher.finish()
}
