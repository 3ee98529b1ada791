//! The dependencies and needs of ops, and their order in the plan.
//!
//! All algorithms are iterative, because a job may contain a chain of 100,000 ops.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hookc_plan::OpState;
use smol_str::SmolStr;

/// A dependency, with ops by index.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) op: usize,
    pub(crate) states: Vec<OpState>,
    pub(crate) reads: Vec<SmolStr>,
    /// Its reads have the declared types.
    pub(crate) certain: bool,
    /// An `after` names it.
    pub(crate) written: bool,
    pub(crate) any: Option<u32>,
}

impl Need {
    /// Whether the op must succeed.
    fn is_success(&self) -> bool {
        self.any.is_none() && self.states == [OpState::Succeeded]
    }
}

/// The dependencies of a job and the facts that follow from them.
#[derive(Default)]
pub(crate) struct Needs {
    edges: Vec<Vec<Need>>,
    order: Vec<usize>,
    certain: Vec<bool>,
}

impl Needs {
    /// The needs of ops; `is_conditional` has the ops without which the job can succeed.
    pub(crate) fn new(edges: Vec<Vec<Need>>, is_conditional: impl Fn(usize) -> bool) -> Needs {
        let mut needs = Needs { order: Vec::new(), certain: vec![false; edges.len()], edges };
        needs.order = needs.sort();
        for index in needs.order.clone() {
            let certain = !is_conditional(index) && needs.all_needs_certain(index);
            if let Some(slot) = needs.certain.get_mut(index) {
                *slot = certain;
            }
        }
        needs
    }

    /// The dependencies of an op.
    pub(crate) fn of(&self, op: usize) -> &[Need] {
        self.edges.get(op).map_or(&[], Vec::as_slice)
    }

    /// The ops in dependency order, then source order. Ops in a cycle come last.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(crate) fn is_certain(&self, op: usize) -> bool {
        self.certain.get(op).copied().unwrap_or(false)
    }

    /// All needs are certain; of alternatives, one is enough. Ops that are only waited for do not matter.
    fn all_needs_certain(&self, op: usize) -> bool {
        let edges = self.of(op);
        edges.iter().all(|edge| {
            if !edge.written && !edge.certain {
                return true;
            }
            if edge.states != [OpState::Succeeded] {
                return false;
            }
            match edge.any {
                None => self.is_certain(edge.op),
                Some(group) => edges.iter().any(|other| other.any == Some(group) && self.is_certain(other.op)),
            }
        })
    }

    pub(crate) fn waits_for(&self, op: usize, other: usize) -> bool {
        self.reaches(op, other, |_| true)
    }

    pub(crate) fn needs(&self, op: usize, other: usize) -> bool {
        self.reaches(op, other, Need::is_success)
    }

    /// The ops that wait for this one, at any distance.
    pub(crate) fn waiting_for(&self, op: usize) -> rustc_hash::FxHashSet<usize> {
        let mut found = rustc_hash::FxHashSet::from_iter([op]);
        for index in &self.order {
            if self.of(*index).iter().any(|edge| found.contains(&edge.op)) {
                found.insert(*index);
            }
        }
        found
    }

    /// The ops that an op waits for, at any distance.
    pub(crate) fn waited_for_by(&self, op: usize) -> rustc_hash::FxHashSet<usize> {
        let mut found = rustc_hash::FxHashSet::default();
        let mut open = vec![op];
        while let Some(index) = open.pop() {
            open.extend(self.of(index).iter().map(|edge| edge.op).filter(|op| found.insert(*op)));
        }
        found
    }

    fn reaches(&self, op: usize, other: usize, follow: impl Fn(&Need) -> bool) -> bool {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut open = vec![op];
        while let Some(index) = open.pop() {
            for edge in self.of(index).iter().filter(|edge| follow(edge)) {
                if edge.op == other {
                    return true;
                }
                if seen.insert(edge.op) {
                    open.push(edge.op);
                }
            }
        }
        false
    }

    fn sort(&self) -> Vec<usize> {
        let count = self.edges.len();
        let mut waiting: Vec<usize> = self.edges.iter().map(Vec::len).collect();
        let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (index, edges) in self.edges.iter().enumerate() {
            for edge in edges {
                if let Some(list) = dependants.get_mut(edge.op) {
                    list.push(index);
                }
            }
        }
        let mut ready: BinaryHeap<Reverse<usize>> =
            waiting.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| Reverse(index)).collect();
        let mut order = Vec::with_capacity(count);
        while let Some(Reverse(index)) = ready.pop() {
            order.push(index);
            for dependant in dependants.get(index).into_iter().flatten() {
                if let Some(left) = waiting.get_mut(*dependant) {
                    *left -= 1;
                    if *left == 0 {
                        ready.push(Reverse(*dependant));
                    }
                }
            }
        }
        let left: Vec<usize> =
            waiting.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, _)| index).collect();
        order.extend(left);
        order
    }

    /// Each cycle once, from its first op in source order. An op that reads itself is reported at the read.
    pub(crate) fn cycles(&self) -> Vec<Vec<usize>> {
        let mut state = vec![0u8; self.edges.len()];
        let mut cycles = Vec::new();
        for start in 0..self.edges.len() {
            if state.get(start) != Some(&0) {
                continue;
            }
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            mark(&mut state, start, 1);
            while let Some((op, next)) = path.last().copied() {
                let Some(edge) = self.of(op).get(next) else {
                    mark(&mut state, op, 2);
                    path.pop();
                    continue;
                };
                if let Some(top) = path.last_mut() {
                    top.1 += 1;
                }
                match state.get(edge.op) {
                    Some(0) => {
                        mark(&mut state, edge.op, 1);
                        path.push((edge.op, 0));
                    }
                    Some(1) => {
                        cycles.push(path.iter().map(|(op, _)| *op).skip_while(|op| *op != edge.op).collect::<Vec<_>>())
                    }
                    _ => {}
                }
            }
        }
        for cycle in &mut cycles {
            let least = cycle.iter().enumerate().min_by_key(|(_, op)| **op).map_or(0, |(index, _)| index);
            cycle.rotate_left(least);
        }
        cycles
    }
}

fn mark(state: &mut [u8], index: usize, value: u8) {
    if let Some(slot) = state.get_mut(index) {
        *slot = value;
    }
}
