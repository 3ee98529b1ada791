//! Remembers the results of an earlier check. An op is not checked again if neither the op nor anything it depends on has
//! changed.
//!
//! An editor requests diagnostics after every keystroke, and most of a large file does not change. An op is remembered if its
//! check reported nothing and its text has no syntax errors, so no place has to move. The check records what it reads about
//! other ops: their names, outputs and dependencies. Everything else that it could depend on (items, the job's head, its
//! `each op` blocks, the project's settings) must be unchanged as a whole.

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

/// The remembered results of a check.
#[derive(Debug, Default)]
pub(crate) struct PreviousCheck {
    around: Option<Around>,
    ops: FxHashMap<Key, Arc<Known>>,
}

/// The job's name, and the entry by its address. The entry is kept alive with its results.
type Key = (SmolStr, usize);

/// Everything besides ops that a check depends on.
#[derive(Debug)]
struct Around {
    project: Project,
    /// The items of the file, with only the heads of its jobs.
    items: Vec<Part>,
    /// The other files.
    files: Vec<Other>,
    /// Whether no text has a syntax error.
    sound: bool,
}

/// Another file: its path and its tree.
type Other = (String, Arc<Parse>);

#[derive(Debug)]
enum Part {
    Item(Arc<Item>),
    Head(String),
}

/// What the check of an op read, and its results.
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

/// What is known about an op at the start of a check.
pub(crate) enum Start {
    /// Unchanged, as far as is known without the dependencies between ops.
    Known(Arc<Known>),
    /// Checked, with what the check read.
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
    /// An empty memory of a check. Results of an earlier check are taken over once they are confirmed.
    pub(crate) fn begin(program: &Program<'_>, own: FileId) -> PreviousCheck {
        PreviousCheck { around: Some(Around::new(program, own)), ops: FxHashMap::default() }
    }

    fn is_sound(&self) -> bool {
        self.around.as_ref().is_some_and(|around| around.sound)
    }

    /// Whether everything around the ops is the same as in `now`.
    fn holds_in(&self, now: &PreviousCheck) -> bool {
        matches!((&self.around, &now.around), (Some(before), Some(now)) if before.is_like(now))
    }
}

impl<'p, 's> Checker<'p, 's> {
    /// Starts to remember; `before` is the memory of the last check of the file.
    pub(crate) fn remember(&mut self, own: FileId, before: Option<Arc<PreviousCheck>>) {
        let kept_ops = PreviousCheck::begin(self.program, own);
        self.known = before.filter(|before| before.holds_in(&kept_ops));
        self.kept_ops = Some(kept_ops);
    }

    /// Checks an op, unless it is unchanged.
    pub(crate) fn begin_op(&mut self, job: &JobScope<'_, 's>, index: usize) -> Start {
        if let Some(known) = self.known_op(job, index) {
            return Start::Known(known);
        }
        let (parts, log) = self.logged(job, |checker| checker.op_parts(job, index));
        Start::Fresh(Box::new(parts), log)
    }

    /// Runs a part of an op's check, and records what it reads.
    pub(crate) fn logged<T>(&mut self, job: &JobScope<'_, '_>, check: impl FnOnce(&mut Self) -> T) -> (T, OpLog) {
        if self.kept_ops.is_none() {
            return (check(self), OpLog::default());
        }
        job.log.replace(OpLog::default());
        let (reported, connections) = (self.diagnostics.len(), self.connection_uses.len());
        let around = self.program.begin_use();
        let value = check(self);
        let used = self.program.end_use(around);
        let mut log = job.log.take();
        log.used = used;
        log.more |= self.diagnostics.len() > reported || self.connection_uses.len() > connections;
        (value, log)
    }

    /// The results of the last check of the op, if everything that it read is unchanged.
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

    /// Whether an unchanged op is still unchanged once the dependencies are known. If so, the effects of its check are repeated.
    pub(crate) fn is_still(&mut self, job: &JobScope<'_, '_>, index: usize, known: &Arc<Known>) -> bool {
        let holds = known.asked.iter().all(|(question, name, answer)| {
            job.by_name.get(name).is_some_and(|op| question.answer(job, index, *op) == *answer)
        });
        if holds {
            self.program.use_again(&known.used);
            if let (Some(kept_ops), Some(info)) = (&mut self.kept_ops, job.ops.get(index)) {
                kept_ops.ops.insert(key(job.def, info), Arc::clone(known));
            }
        }
        holds
    }

    /// Remembers an op without diagnostics, with what each half of its check read.
    pub(crate) fn keep_op(&mut self, job: &JobScope<'_, '_>, index: usize, first: OpLog, second: OpLog, heard: bool) {
        let Some(kept_ops) =
            self.kept_ops.as_mut().filter(|kept_ops| kept_ops.is_sound() && !first.more && !second.more)
        else {
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
        kept_ops.ops.insert(key(job.def, info), Arc::new(known));
    }
}

impl Known {
    /// What the op waits for, by the current indices.
    pub(crate) fn edges(&self, job: &JobScope<'_, '_>) -> Vec<Need> {
        let number = |(name, need): &(SmolStr, Need)| Some(Need { op: *job.by_name.get(name)?, ..need.clone() });
        self.needs.iter().filter_map(number).collect()
    }

    /// Whether a hook of the op handles its failure.
    pub(crate) fn is_heard(&self) -> bool {
        self.heard
    }
}

/// Whether the op has a unique name. A second op with the same text would be another op with the same entry.
fn is_the_only(job: &JobScope<'_, '_>, info: &OpInfo<'_>, index: usize) -> bool {
    job.by_name.get(&info.name) == Some(&index)
}

fn key(job: &JobDef<'_>, info: &OpInfo<'_>) -> Key {
    (job.item.name.clone(), Arc::as_ptr(info.entry) as usize)
}

/// A hash of what other ops can read of an op.
fn gives_of(job: &JobScope<'_, '_>, op: usize) -> u64 {
    let mut hasher = FxHasher::default();
    if let Some(info) = job.ops.get(op) {
        info.name.hash(&mut hasher);
        info.outputs.hash(&mut hasher);
        info.may_not_succeed.hash(&mut hasher);
        let runs = info.runs.map(|runs| match runs {
            Runs::Component(id) => (0, id.0),
            Runs::Job(id) => (1, id.0),
        });
        runs.hash(&mut hasher);
    }
    hasher.finish()
}
