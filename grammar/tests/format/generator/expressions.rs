//! Values, operators, calls, strings.

use super::Gen;

impl Gen {
    pub(super) fn expr(&mut self, depth: u64) {
        if self.chance(8) && depth > 0 {
            self.binary(depth - 1);
            self.free_apart();
            self.w("?");
            self.free();
            self.w("a_");
            self.args(depth - 1);
            self.free();
            self.w(":");
            self.free();
            self.expr(depth - 1);
        } else {
            self.binary(depth);
        }
    }

    pub(super) fn binary(&mut self, depth: u64) {
        self.unary(depth);
        let more = if depth == 0 { 0 } else { self.pick(&[0, 0, 0, 1, 1, 2, 6]) };
        for _ in 0..more {
            let operator = self.pick(&[
                "&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "??", "in", "&&", "&&", "||",
            ]);
            self.free_apart();
            self.w(operator);
            self.free_apart();
            self.unary(depth - 1);
        }
    }

    pub(super) fn unary(&mut self, depth: u64) {
        for _ in 0..self.pick(&[0, 0, 0, 0, 0, 1, 2]) {
            let sign = self.pick(&["!", "-"]);
            self.w(sign);
            self.tight();
        }
        self.primary(depth);
    }

    pub(super) fn primary(&mut self, depth: u64) {
        match self.below(if depth == 0 { 4 } else { 11 }) {
            0 => self.number(),
            1 => self.text(),
            2 => {
                let word = self.pick(&["true", "null", "event", "op.name", "fit.when.x", "outputs.run.y"]);
                self.w(word);
            }
            3 => {
                let name = self.value_name();
                self.w(name);
            }
            4 => {
                self.w("(");
                self.free();
                self.expr(depth - 1);
                self.free();
                self.w(")");
            }
            5 => self.list("[", "]", 4, |list| {
                if list.chance(10) {
                    list.w("...");
                }
                list.expr(depth - 1);
            }),
            6 => self.braces(depth - 1),
            7 => {
                let name = self.value_name();
                self.w(name);
                self.tight();
                self.args(depth - 1);
            }
            8 => {
                self.w("m");
                self.tight();
                self.w("[");
                self.free();
                self.expr(depth - 1);
                self.free();
                self.w("]");
            }
            _ => {
                let name = self.value_name();
                self.w(name);
                for _ in 0..1 + self.below(3) {
                    self.tight();
                    self.w(".");
                    self.tight();
                    let method = self.pick(&["size", "all", "contains", "if", "on"]);
                    self.w(method);
                    self.args(depth - 1);
                }
            }
        }
    }

    pub(super) fn braces(&mut self, depth: u64) {
        self.list("{", "}", 3, |list| {
            let key = list.pick(&["a", "\"b c\"", "when", "op", "\"x\""]);
            list.w(key);
            list.tight();
            list.w(":");
            list.free();
            list.expr(depth.saturating_sub(1));
        });
    }

    pub(super) fn args(&mut self, depth: u64) {
        self.list("(", ")", 4, |list| list.arg(depth));
    }

    pub(super) fn arg(&mut self, depth: u64) {
        if self.chance(60) {
            let label = self.pick(&["lr", "text", "on", "for", "retry", "a_long_label_for_an_argument"]);
            self.w(label);
            self.tight();
            self.w(":");
            self.free();
        }
        self.expr(depth);
    }

    pub(super) fn labelled_args(&mut self) {
        self.listed("(", ")", 1, 3, |list| {
            list.w("loss");
            list.tight();
            list.w(":");
            list.free();
            list.expr(1);
        });
    }
}
