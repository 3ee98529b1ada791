//! Types, parameters and the items that hold no job.

use super::Gen;

impl Gen {
    pub(super) fn ty(&mut self, depth: u64) {
        match self.below(if depth == 0 { 2 } else { 4 }) {
            0 => self.w("int"),
            1 => self.w("Tier"),
            2 => {
                self.w("list<");
                self.tight();
                self.ty(depth - 1);
                self.tight();
                self.w(">");
            }
            _ => {
                self.w("map<string");
                self.tight();
                self.w(",");
                self.tight();
                self.ty(depth - 1);
                self.w(">");
            }
        }
        if self.chance(20) {
            self.w("?");
        }
    }

    pub(super) fn params(&mut self) {
        self.list("(", ")", 4, Gen::param);
    }

    pub(super) fn param(&mut self) {
        self.doc();
        self.declared();
        self.tight();
        self.w(":");
        self.apart();
        self.ty(2);
        if self.chance(40) {
            self.free();
            self.w("=");
            self.free();
            self.expr(1);
        }
        if self.chance(30) {
            self.free_apart();
            self.w("where");
            self.free_apart();
            self.expr(2);
        }
    }

    pub(super) fn returns(&mut self) {
        if self.chance(60) {
            self.free();
            self.w("->");
            self.tight();
            self.params();
        }
    }

    pub(super) fn equals(&mut self) {
        self.apart();
        self.w("=");
        self.free();
    }

    pub(super) fn block(&mut self, mut entry: impl FnMut(&mut Gen)) {
        self.tight();
        self.w("{");
        match self.below(4) {
            0 => self.free(),
            1 => {
                self.apart();
                entry(self);
                self.free();
            }
            _ => {
                self.end();
                for _ in 0..1 + self.below(4) {
                    entry(self);
                    self.end();
                }
            }
        }
        self.w("}");
    }

    pub(super) fn item(&mut self) {
        self.doc();
        match self.below(14) {
            0 => self.import(),
            1 => self.enumeration(),
            2 => self.record(),
            3 | 4 => self.constant(),
            5 => self.condition(),
            6 => self.component(),
            7 | 8 => self.reusable_hook(),
            9 | 10 => self.job(),
            11 => {
                self.w("each job");
                self.block(Gen::op_entry);
            }
            12 => self.profile(),
            _ => self.test(),
        }
    }

    pub(super) fn head(&mut self, word: &str) {
        self.w(word);
        self.apart();
        self.declared();
        self.tight();
    }

    pub(super) fn import(&mut self) {
        self.w("import a");
        for _ in 0..self.below(3) {
            self.tight();
            self.w(",");
            self.tight();
            self.w("b as c");
        }
        self.apart();
        self.w("from");
        self.apart();
        self.w("\"std/notify\"");
    }

    pub(super) fn enumeration(&mut self) {
        self.head("enum");
        self.listed("{", "}", 1, 5, |list| {
            list.doc();
            list.declared();
        });
    }

    pub(super) fn record(&mut self) {
        self.head("record");
        self.list("{", "}", 5, Gen::param);
    }

    pub(super) fn constant(&mut self) {
        let word = self.pick(&["const", "connection"]);
        self.head(word);
        if word == "connection" || self.chance(50) {
            self.w(":");
            self.tight();
            self.ty(2);
        }
        self.equals();
        self.expr(3);
    }

    pub(super) fn condition(&mut self) {
        self.head("condition");
        self.params();
        self.equals();
        self.expr(4);
    }

    pub(super) fn component(&mut self) {
        let word = self.pick(&["component", "agent"]);
        self.head(word);
        self.params();
        self.returns();
        self.block(Gen::body_entry);
    }

    pub(super) fn body_entry(&mut self) {
        match self.below(8) {
            0 => {
                self.w("exec ");
                self.list("[", "]", 5, |list| list.expr(1));
            }
            1 => {
                let text = self.pick(&["\"echo ${HOME:-x}\"", "\"\"\"\n  echo \"$X\" # {\n\t\"\"\""]);
                self.w("shell");
                self.apart();
                self.w(text);
            }
            2 => self.http(),
            3 => {
                let word = self.pick(&["env", "cwd", "timeout", "prompt", "tools", "image"]);
                self.w(word);
                self.apart();
                if word == "env" { self.braces(1) } else { self.expr(1) }
            }
            4 => {
                self.w("external polyaxon");
                self.apart();
                self.w("\"acme/x:1\"");
            }
            5 => self.w("result  stdout"),
            6 => self.w("python \"a:b\""),
            _ => {
                self.w("ask");
                self.apart();
                self.text();
            }
        }
    }

    pub(super) fn http(&mut self) {
        self.w("http POST");
        self.apart();
        self.w("via.url");
        let mut once = vec!["json", "sign via.key", "accept 200 .. 299"];
        self.block(|block| {
            let entry = if block.chance(50) { once.pop() } else { None };
            block.w(entry.unwrap_or("header"));
            if entry == Some("json") {
                block.apart();
                block.expr(2);
            } else if entry.is_none() {
                block.tight();
                block.braces(1);
            }
        });
    }
}
