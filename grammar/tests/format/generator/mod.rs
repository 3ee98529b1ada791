//! Random `.hook` programs without syntax errors: every construct, with random white space, line breaks and comments
//! wherever the language allows them.
//!
//! A construct is written token by token; what may stand between two tokens is one of four gaps: [`Gen::tight`]
//! (nothing or blanks), [`Gen::apart`] (blanks), [`Gen::free`] (also line breaks and comments) and [`Gen::end`] (a line
//! break, comments). Outside brackets a free gap may only stand before what continues a line.

mod declarations;
mod expressions;
mod jobs;
mod profiles;

/// A small generator of numbers: the same seed gives the same program everywhere.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Writes one program.
pub(crate) struct Gen {
    rng: Rng,
    out: String,
    /// How freely line breaks and comments are strewn, of 100.
    breaks: u64,
    comments: u64,
    names: usize,
}

/// A program for `seed`.
pub(crate) fn program(seed: u64) -> String {
    let mut generator = Gen { rng: Rng(seed), out: String::new(), breaks: 0, comments: 0, names: 0 };
    generator.breaks = generator.pick(&[0, 5, 20, 60]);
    generator.comments = generator.pick(&[0, 0, 5, 30]);
    if generator.chance(5) {
        generator.out.push('\u{FEFF}');
    }
    if generator.chance(30) {
        generator.end();
    }
    for _ in 0..1 + generator.below(5) {
        generator.item();
        generator.end();
    }
    // Some files end without a line break.
    if generator.chance(10) {
        let kept = generator.out.trim_end().len();
        generator.out.truncate(kept);
    }
    if generator.chance(10) { generator.out.replace('\n', "\r\n") } else { generator.out }
}

impl Gen {
    fn below(&mut self, limit: u64) -> u64 {
        self.rng.next() % limit
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn w(&mut self, text: &str) {
        self.out.push_str(text);
    }

    // ---- gaps ----

    fn tight(&mut self) {
        if self.chance(15) {
            self.apart();
        }
    }

    fn apart(&mut self) {
        let blanks = self.pick(&[" ", " ", " ", "  ", "\t", "    "]);
        self.w(blanks);
    }

    fn free(&mut self) {
        if self.chance(self.breaks) {
            self.line_break();
        } else if self.chance(80) {
            self.apart();
        } else {
            self.tight();
        }
    }

    /// Blanks, and where comments are wanted also line breaks: between two words.
    fn free_apart(&mut self) {
        if self.chance(self.breaks) { self.line_break() } else { self.apart() }
    }

    fn line_break(&mut self) {
        if self.chance(self.comments) {
            // A blank first: behind a division sign, `//` would be another token.
            self.apart();
            self.comment();
        }
        self.out.push('\n');
        while self.chance(self.comments) {
            self.apart();
            self.comment();
            self.out.push('\n');
        }
        if self.chance(20) {
            self.w("  \n\n");
        }
        for _ in 0..self.below(4) {
            self.apart();
        }
    }

    fn comment(&mut self) {
        let text = self.pick(&["//", "// why", "//close { [ ( \" '", "//// four  ", "// ünï\t", "// trailing,", "//}"]);
        self.w(text);
    }

    /// The end of an entry.
    fn end(&mut self) {
        let breaks = self.breaks;
        self.breaks = 100;
        self.free();
        self.breaks = breaks;
    }

    fn doc(&mut self) {
        if self.chance(15) {
            let kept = self.out.trim_end_matches([' ', '\t']).len();
            self.out.truncate(kept);
            if !self.out.is_empty() && !self.out.ends_with('\n') {
                self.out.push('\n');
            }
            for _ in 0..1 + self.below(2) {
                self.tight();
                self.w("/// Says what it is. ");
                self.end();
            }
        }
    }

    // ---- lists ----

    /// Things between commas in brackets, with the comma at the end that is allowed there.
    fn list(&mut self, open: &str, close: &str, most: u64, part: impl FnMut(&mut Gen)) {
        self.listed(open, close, 0, most, part);
    }

    fn listed(&mut self, open: &str, close: &str, least: u64, most: u64, mut part: impl FnMut(&mut Gen)) {
        let count = least + self.below(most + 1 - least);
        self.w(open);
        self.free();
        for at in 0..count {
            part(self);
            self.free();
            if at + 1 < count || self.chance(30) {
                self.w(",");
                self.free();
            }
        }
        self.w(close);
    }

    fn name(&mut self) -> String {
        self.names += 1;
        let stem = self.pick(&[
            "a",
            "x",
            "fit",
            "loss",
            "größe",
            "a_rather_long_name_that_takes_room",
            "r",
            "retry",
            "job",
            "max",
        ]);
        if self.chance(50) { stem.to_owned() } else { format!("{stem}_{}", self.names) }
    }

    /// A name that begins no entry and no item, to be safe at the start of a line.
    fn value_name(&mut self) -> &'static str {
        self.pick(&["a", "xs", "fit", "payload", "a_rather_long_name_that_takes_room", "größe", "r"])
    }

    fn declared(&mut self) {
        let name = self.name();
        self.w(&name);
    }

    fn text(&mut self) {
        let text = self.pick(&[
            "\"x\"",
            "'it is'",
            "\"${a.b + \"in\"} , ( \"",
            "r\"\\d{2}\"",
            "\"\"",
            "\"// no comment\"",
            "'''it's'''",
            "\"a text that is long enough to make most of the lines it stands in too long for one line\"",
            "\"\"\"\n    one\n      two ${f(\"}\")}\n  \"\"\"",
            "'''\n\n\n  text  \n'''",
            "\"$${ \\\" \\u00e4\"",
        ]);
        self.w(text);
    }

    fn number(&mut self) {
        let number = self.pick(&["0", "1", "0.5", "1e-7", "0x1f", "30s", "1h30m", "9007199254740993", "12.50"]);
        self.w(number);
    }
}
