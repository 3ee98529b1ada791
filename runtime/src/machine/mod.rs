//! The scheduler as a pure state machine: `step(event)` changes the state and says what to record and what to do.
//!
//! It reads no clock and touches no file: whoever drives it commits the records first, publishes the events among
//! them, and only then performs the actions. A terminal state of an op and the hooks it owes, their arguments
//! evaluated, are always records of one step.

mod admission;
mod agents;
mod attempts;
mod context;
pub(crate) mod decisions;
mod evaluation;
mod gates;
mod jobs;
mod observers;
mod recording;
mod refinements;
pub(crate) mod report;
mod retry;
pub(crate) mod state;

pub(crate) use agents::tool_name;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use hookc_plan::trace::Source;
use hookc_plan::{Name, Op, Plan, Runs, Value};
use rustc_hash::FxHashMap;

use crate::clock::Moment;
use crate::executor::{Answer, Kill, Request, RunFolder, Start, TaskId, TaskOutcome, Values};
use crate::journal::Record;
use evaluation::Programs;
use state::{GateRun, HookRow, Item, ItemRef, JobId, JobRun, OpRef, OpRun, Task, Timer};

/// What happened outside.
#[derive(Debug)]
pub(crate) enum Event {
    /// The run begins.
    Begin,
    /// A task's process runs.
    Started(TaskId, u32),
    /// A task has ended.
    Exited(TaskId, TaskOutcome),
    /// An agent asks whether it may go on.
    Asked(TaskId, Request),
    /// A timer went off.
    Timer(Timer),
    /// A person asks the run to stop.
    Stop,
}

/// What is to be done once the records of a step are committed.
#[derive(Debug)]
pub(crate) enum Action {
    Start(Box<Start>),
    Kill(TaskId, Kill),
    Answer(TaskId, Answer),
    Timer(Moment, Timer),
    /// To be shown, where progress is.
    Progress(crate::listener::Progress),
}

/// What a step leads to.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) records: Vec<Record>,
    pub(crate) actions: Vec<Action>,
}

/// The settings of a run.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) run: String,
    pub(crate) source: Source,
    /// How many ops at once.
    pub(crate) slots: usize,
    /// Whether it is a test, and what that gives.
    pub(crate) test: Option<decisions::TestSettings>,
}

/// The state of a run.
pub(crate) struct Machine {
    pub(crate) plan: Arc<Plan>,
    pub(crate) settings: Settings,
    pub(crate) folder: RunFolder,
    programs: Programs,
    /// The values of connections; of a mock, its mark.
    connections: BTreeMap<Name, Value>,
    /// The place of each op in its job, by name.
    places: FxHashMap<Name, FxHashMap<Name, usize>>,
    pub(crate) jobs: Vec<JobRun>,
    now: Moment,
    sequence: u64,
    tasks: BTreeMap<TaskId, Task>,
    next_task: u64,
    /// Ops with items that may begin, in the order of the plan: components, and jobs, which hold no slot.
    ready: BTreeMap<Vec<u32>, OpRef>,
    ready_jobs: BTreeMap<Vec<u32>, OpRef>,
    slots: usize,
    pub(crate) hooks: Vec<HookRow>,
    hook_queue: observers::HookQueue,
    gate_queue: VecDeque<GateRun>,
    gates_waiting: BTreeMap<u64, GateRun>,
    next_gate: u64,
    hooks_running: usize,
    busy_connections: BTreeMap<Name, usize>,
    /// Hooks that are not yet in a final state.
    hooks_open: usize,
    pub(crate) tallies: report::HookTallies,
    /// What was decided, in a test.
    pub(crate) watched: Vec<decisions::Decided>,
    /// What agents have done, in a test.
    pub(crate) agent_actions: Vec<decisions::AgentAction>,
    /// How often each node was begun, and how many attempts were made, by their names in files.
    begun: FxHashMap<String, u32>,
    numbers: FxHashMap<String, u32>,
    pub(crate) stopping: bool,
    /// Whether nobody waits for hooks any longer.
    pub(crate) gave_up: bool,
    todo: VecDeque<Todo>,
    out: Output,
}

/// Work left over inside a step, so that long chains need no deep stack.
#[derive(Clone, Copy, Debug)]
enum Todo {
    /// All that the op waits for is final.
    Decide(OpRef),
    /// An op of the job has become final.
    CheckJob(JobId),
}

impl Machine {
    /// A run of the job `key`, not begun.
    pub(crate) fn new(plan: Arc<Plan>, key: &Name, inputs: Values, settings: Settings, folder: RunFolder) -> Machine {
        let connections = plan
            .connections
            .keys()
            .filter_map(|name| Some((name.clone(), crate::values::connection(&plan, name)?)))
            .collect();
        let places = plan.jobs.iter().map(|(key, job)| {
            (key.clone(), job.ops.iter().enumerate().map(|(place, op)| (op.name.clone(), place)).collect())
        });
        let mut machine = Machine {
            places: places.collect(),
            slots: settings.slots,
            connections,
            plan,
            settings,
            folder,
            programs: Programs::default(),
            jobs: Vec::new(),
            now: Moment::default(),
            sequence: 0,
            tasks: BTreeMap::new(),
            next_task: 1,
            ready: BTreeMap::new(),
            ready_jobs: BTreeMap::new(),
            hooks: Vec::new(),
            hook_queue: observers::HookQueue::new(),
            gate_queue: VecDeque::new(),
            gates_waiting: BTreeMap::new(),
            next_gate: 0,
            hooks_running: 0,
            busy_connections: BTreeMap::new(),
            hooks_open: 0,
            tallies: report::HookTallies::default(),
            watched: Vec::new(),
            agent_actions: Vec::new(),
            begun: FxHashMap::default(),
            numbers: FxHashMap::default(),
            stopping: false,
            gave_up: false,
            todo: VecDeque::new(),
            out: Output::default(),
        };
        machine.add_job(key, inputs, None);
        machine
    }

    /// Takes one event.
    pub(crate) fn step(&mut self, now: Moment, event: Event) -> Output {
        self.now = self.settings.test.as_ref().map_or(now, |test| test.at);
        match event {
            Event::Begin => self.begin_job(0),
            Event::Started(task, pid) => self.task_started(task, pid),
            Event::Exited(task, ended) => self.task_exited(task, ended),
            Event::Asked(task, request) => self.agent_asked(task, request),
            Event::Timer(timer) => self.timer(timer),
            Event::Stop => self.stop(),
        }
        self.settle();
        std::mem::take(&mut self.out)
    }

    /// Whether nothing is left to wait for.
    pub(crate) fn done(&self) -> bool {
        let ended = self.jobs.first().is_some_and(|job| job.status.is_some());
        ended && (self.hooks_open == 0 || self.gave_up) && self.tasks.is_empty()
    }

    /// The tasks that have not ended.
    pub(crate) fn running(&self) -> Vec<TaskId> {
        self.tasks.keys().copied().collect()
    }

    fn settle(&mut self) {
        loop {
            while let Some(todo) = self.todo.pop_front() {
                match todo {
                    Todo::Decide(op) => self.decide(op),
                    Todo::CheckJob(job) => self.check_job(job),
                }
            }
            if !self.start_ready() && !self.start_hooks() && self.todo.is_empty() {
                return;
            }
        }
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Task(task) => self.task_overtime(task),
            Timer::Attempt(item, attempt) => self.attempt_overtime(item, attempt),
            Timer::Retry(item, attempt) => self.retry_due(item, attempt),
            Timer::Hook(row) => self.hook_due(row),
            Timer::Gate(gate) => self.gate_due(gate),
            Timer::Hooks => self.give_up(),
        }
    }

    fn act(&mut self, action: Action) {
        self.out.actions.push(action);
    }

    fn new_task(&mut self, task: Task) -> TaskId {
        let id = TaskId(self.next_task);
        self.next_task += 1;
        self.tasks.insert(id, task);
        id
    }

    fn task_exited(&mut self, id: TaskId, ended: TaskOutcome) {
        match self.tasks.remove(&id) {
            Some(Task::Attempt(item)) => self.attempt_exited(item, ended),
            Some(Task::Gate(gate)) => self.gate_exited(gate, ended),
            Some(Task::Observer(row)) => self.hook_exited(row, ended),
            None => {}
        }
    }

    fn task_overtime(&mut self, id: TaskId) {
        let hook = match self.tasks.get_mut(&id) {
            Some(Task::Gate(gate)) => {
                gate.timed_out = true;
                return self.act(Action::Kill(id, Kill::Stop));
            }
            Some(Task::Observer(row)) => *row,
            Some(Task::Attempt(_)) | None => return,
        };
        if let Some(row) = self.hooks.get_mut(hook) {
            row.timed_out = true;
        }
        self.act(Action::Kill(id, Kill::Stop));
    }

    /// Ends what runs; hooks go on.
    fn stop(&mut self) {
        if self.stopping {
            return;
        }
        self.stopping = true;
        for job in 0..self.jobs.len() {
            self.stop_job(job);
        }
        self.arm_hooks_deadline();
    }

    pub(crate) fn op_run(&self, op: OpRef) -> Option<&OpRun> {
        self.jobs.get(op.job)?.ops.get(op.op)
    }

    fn op_run_mut(&mut self, op: OpRef) -> Option<&mut OpRun> {
        self.jobs.get_mut(op.job)?.ops.get_mut(op.op)
    }

    pub(crate) fn item(&self, item: ItemRef) -> Option<&Item> {
        self.op_run(item.op)?.items.get(item.item)
    }

    fn item_mut(&mut self, item: ItemRef) -> Option<&mut Item> {
        self.op_run_mut(item.op)?.items.get_mut(item.item)
    }

    /// An op as the plan says it.
    pub(crate) fn op(&self, op: OpRef) -> Option<&Op> {
        self.plan.jobs.get(&self.jobs.get(op.job)?.key)?.ops.get(op.op)
    }
}

/// The name of what an op runs.
pub(crate) fn runs_name(runs: &Runs) -> &Name {
    match runs {
        Runs::Component(name) | Runs::Job(name) => name,
    }
}
