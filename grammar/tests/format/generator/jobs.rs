//! Jobs, ops, triggers and hooks.

use super::Gen;

impl Gen {
    pub(super) fn job(&mut self) {
        self.head("job");
        self.params();
        self.returns();
        self.block(Gen::job_entry);
    }

    pub(super) fn job_entry(&mut self) {
        match self.below(8) {
            0..=2 => self.op(),
            3 => self.trigger(),
            4 => {
                self.w("each op");
                if self.chance(30) {
                    self.tight();
                    self.params();
                }
                self.returns();
                self.block(Gen::op_entry);
            }
            5 => {
                self.w("outputs");
                self.tight();
                self.labelled_args();
            }
            _ => self.op_entry(),
        }
    }

    pub(super) fn call(&mut self) {
        self.declared();
        self.tight();
        self.args(2);
    }

    pub(super) fn op(&mut self) {
        self.doc();
        self.head("op");
        self.equals();
        self.call();
        if self.chance(25) {
            self.free_apart();
            self.w("for x in");
            self.apart();
            self.expr(1);
            if self.chance(30) {
                self.w(", y in [1]");
            }
        }
        if self.chance(40) {
            self.when(3);
        }
        if self.chance(30) {
            self.free_apart();
            let after =
                self.pick(&["after a", "after a done,b  failed", "after any a,b done , c", "after each op done"]);
            self.w(after);
        }
        if self.chance(50) {
            self.apart();
            self.block(Gen::op_entry);
        }
    }

    pub(super) fn when(&mut self, depth: u64) {
        self.free_apart();
        self.w("when");
        self.apart();
        self.expr(depth);
    }

    pub(super) fn trigger(&mut self) {
        self.doc();
        self.head("trigger");
        self.equals();
        let kind = self.pick(&["schedule", "watch", "webhook", "after"]);
        self.w(kind);
        self.args(1);
        if self.chance(40) {
            self.when(2);
        }
        if self.chance(40) {
            self.free_apart();
            self.w("with");
            self.tight();
            self.labelled_args();
        }
    }

    pub(super) fn op_entry(&mut self) {
        match self.below(9) {
            0 => self.retry(),
            1 => {
                let setting =
                    self.pick(&["timeout 2h", "queue  \"a/b\"", "allow failure", "at_most_once", "cache\t1h"]);
                self.w(setting);
            }
            2 => self.w("concurrency 1  else skip"),
            3 => {
                self.w("use ");
                self.call();
                if self.chance(40) {
                    self.w("  as other");
                }
            }
            4 => self.w("drop  page"),
            _ => {
                self.doc();
                if self.chance(50) {
                    self.w("hook ");
                    self.declared();
                    self.apart();
                }
                self.on();
                self.verb();
            }
        }
    }

    pub(super) fn retry(&mut self) {
        self.w("retry 2");
        if self.chance(40) {
            self.when(2);
        }
        if self.chance(50) {
            self.w("  backoff 30s max\t5m");
        }
    }

    pub(super) fn on(&mut self) {
        let event =
            self.pick(&["failed", "start,end", "overdue( 90m )", "tool_start(a ,b), step_end", "succeeded , failed"]);
        self.w("on");
        self.apart();
        self.w(event);
        if self.chance(50) {
            self.when(3);
        }
    }

    pub(super) fn verb(&mut self) {
        self.free_apart();
        if self.chance(30) {
            let verb = self.pick(&["fail", "warn"]);
            self.w(verb);
            self.apart();
            self.text();
            return;
        }
        let verb = self.pick(&["run", "modify", "require"]);
        self.w(verb);
        self.apart();
        self.call();
        if self.chance(30) {
            self.apart();
            self.block(|block| if block.chance(50) { block.retry() } else { block.w("timeout 5m") });
        }
    }

    pub(super) fn reusable_hook(&mut self) {
        self.head("hook");
        if self.chance(70) {
            self.params();
        } else {
            self.w("()");
        }
        self.free();
        self.w("for");
        self.apart();
        let kind = self.pick(&["op", "job", "agent"]);
        self.w(kind);
        if self.chance(30) {
            self.tight();
            self.params();
        }
        self.returns();
        self.free_apart();
        self.on();
        self.verb();
    }
}
