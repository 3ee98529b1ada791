//! Walks items and blocks, and decides what a missing or an extra `}` belongs to.
//!
//! An item's first line always starts an item; an op's first line always ends the block of the op before it, unless it
//! is indented deeper than that op: so a brace that is not yet typed costs one error, where it is missing.

use super::head::{Head, HeadEnd};
use super::{Entry, EntryForm, EntryReader};
use crate::block::BlockKind;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::to_u32;
use crate::outline::Body;
use crate::span::Span;

impl EntryReader<'_> {
    pub(super) fn file(&mut self) {
        while self.lexeme(self.at).is_some() {
            if self.sign(self.at) == "}" {
                self.stray_braces();
            } else {
                self.entry(BlockKind::File);
            }
        }
    }

    /// `}` outside everything: one error, however many there are.
    fn stray_braces(&mut self) {
        let first = self.at;
        let number = self.open_entry(EntryForm::Broken, BlockKind::File);
        while self.sign(self.at) == "}" {
            self.at += 1;
        }
        let span = Span::new(self.start_of(first), self.end_before(self.at));
        self.fault(number, SyntaxError::new(ErrorKind::Unopened, span, "unmatched `}`").fix(span, "", "remove it"));
        self.close_entry(number);
    }

    fn open_entry(&mut self, form: EntryForm, block: BlockKind) -> u32 {
        let number = self.entry_number();
        let start = self.start_of(self.at);
        let first = to_u32(self.at);
        self.found.outline.entries.push(Entry {
            form,
            start,
            head_end: start,
            end: start,
            first,
            last: first,
            next: number + 1,
            block,
            keyword: self.keyword(self.at),
            body: None,
            has_block: false,
            repaired: false,
        });
        number
    }

    fn close_entry(&mut self, number: u32) {
        let (end, next) = (self.end_before(self.at), self.entry_number());
        if let Some(entry) = self.found.outline.entries.get_mut(number as usize) {
            entry.end = end.max(entry.start);
            entry.next = next;
            if entry.head_end == entry.start {
                entry.head_end = entry.end;
            }
        }
    }

    fn entry(&mut self, block: BlockKind) {
        let first = self.at;
        let (mut form, allowed) = self.form(first, block);
        let number = self.open_entry(form, block);
        if !allowed {
            self.misplaced(number, form, block);
            if block == BlockKind::File
                && matches!(
                    form,
                    EntryForm::Op
                        | EntryForm::Trigger
                        | EntryForm::EachOp
                        | EntryForm::On
                        | EntryForm::Use
                        | EntryForm::Drop
                )
            {
                self.stray_job_entries(number);
                return;
            }
        }
        let head = Head { number, form: if allowed { form } else { block_form(form) }, block, first };
        let (repairs, faults) = (self.found.repairs.len(), self.found.faults.len());
        let mut deep = false;
        let end = self.head(head, &mut deep);
        if !allowed {
            self.found.faults.truncate(faults);
        } else if deep {
            let own = self.found.faults.split_off(faults);
            self.found.faults.extend(own.into_iter().filter(|(_, error)| error.kind == ErrorKind::TooDeep));
        }
        // An entry of one sign that ends nothing would be read again and again.
        if self.at == first && !matches!(end, HeadEnd::Block) {
            self.at += 1;
        }
        let head_end = self.end_before(self.at).max(self.start_of(first));
        let last = to_u32(self.at);
        let brace_below = matches!(end, HeadEnd::Whole) && self.brace_below(head, head_end);
        if !allowed || deep {
            form = EntryForm::Broken;
        }
        if let Some(entry) = self.found.outline.entries.get_mut(number as usize) {
            entry.form = form;
            entry.head_end = head_end;
            entry.last = last;
            entry.repaired = self.found.repairs.len() > repairs;
            entry.has_block = brace_below || matches!(end, HeadEnd::Block);
        }
        if brace_below || matches!(end, HeadEnd::Block) {
            self.entry_block(head, form, brace_below);
        } else if let Some(block) = self.block_without_brace(head, form) {
            self.indented(head, block);
        } else if self.hook_settings_follow(head, form) {
            let end = Span::new(head_end, head_end);
            let message = "the settings of a hook's run need a block `{ }`";
            let error = SyntaxError::new(ErrorKind::MissingPart, end, message);
            let closed = self.indented(head, BlockKind::HookCall);
            self.fault(number, if closed { error.fix(end, " {", "insert `{`") } else { error });
        }
        self.close_entry(number);
    }

    fn entry_block(&mut self, head: Head, form: EntryForm, brace_reported: bool) {
        match form.block_kind() {
            Some(block) => {
                self.block(head, block, brace_reported);
                self.behind_block(head);
            }
            None => {
                // After `a = f()`, which lacks its `op`, the block is no further mistake.
                if form != EntryForm::Broken && self.sign(head.first + 1) != "=" {
                    self.unexpected(head.number, self.at, format!("`{}` takes no block", self.word(head.first)));
                }
                self.skip_block();
            }
        }
    }

    /// `{` on the line below a header that takes a block.
    fn brace_below(&mut self, head: Head, head_end: u32) -> bool {
        if self.sign(self.at) != "{" || !self.opens_line(self.at) || head.form.block_kind().is_none() {
            return false;
        }
        let brace = self.span_of(self.at);
        let error = SyntaxError::new(ErrorKind::BraceOnNextLine, brace, "`{` must be on the same line as its header");
        let between = self.text.get(head_end as usize..brace.start as usize).unwrap_or_default();
        let error = if between.trim().is_empty() {
            error.fix(Span::new(head_end, brace.end), " {", "move it up")
        } else {
            error.help("move it up")
        };
        self.fault(head.number, error);
        true
    }

    /// Reads a block from its `{` to its `}`, or to where it must have ended. After a report on one of its braces
    /// (`reported`) a missing one is no further mistake.
    fn block(&mut self, owner: Head, block: BlockKind, reported: bool) {
        self.at += 1;
        let start = self.end_before(self.at);
        let mut closed = false;
        self.open_blocks += 1;
        let outer_profile = self.profile_indent;
        if block == BlockKind::Profile {
            self.profile_indent = Some(self.indent(owner.first));
        }
        let mut extra = reported;
        loop {
            let Some(lexeme) = self.lexeme(self.at) else {
                self.unclosed(owner, extra);
                break;
            };
            if self.sign(self.at) == "}" {
                self.at += 1;
                if block != BlockKind::Job || !self.goes_on_with_job(self.at) {
                    closed = true;
                    break;
                }
                extra = true;
                let span = Span::new(lexeme.start, lexeme.end);
                let error = SyntaxError::new(
                    ErrorKind::Unopened,
                    span,
                    "this `}` closes the job, but more entries of the job follow",
                );
                self.fault(owner.number, error.fix(span, "", "remove `}`"));
                continue;
            }
            if self.is_item_line(self.at) || self.ends_block(owner, block) {
                self.unclosed(owner, extra);
                break;
            }
            self.entry(block);
        }
        self.open_blocks -= 1;
        self.profile_indent = outer_profile;
        self.set_body(owner.number, block, start, closed);
    }

    /// What the lines below a header hold that lacks its `{`: entries of its block, as they are indented deeper. That
    /// the block is missing is reported with the head.
    fn block_without_brace(&self, head: Head, form: EntryForm) -> Option<BlockKind> {
        let block = form.block_kind().filter(|_| form.needs_block())?;
        let below = self.opens_line(self.at) && self.goes_deeper(head) && self.form(self.at, block).1;
        below.then_some(block)
    }

    /// Whether the line below a reusable hook that has no block is a setting of its run. In a block, such a line is a
    /// setting of that block, however it is indented.
    fn hook_settings_follow(&self, head: Head, form: EntryForm) -> bool {
        let reusable = form == EntryForm::Hook && head.block == BlockKind::File && self.opens_line(self.at);
        reusable && self.goes_deeper(head) && self.is_hook_setting(self.at)
    }

    fn goes_deeper(&self, head: Head) -> bool {
        self.lexeme(self.at).is_some()
            && !self.is_item_line(self.at)
            && (!self.opens_line(self.at) || self.indent(self.at) > self.indent(head.first))
    }

    /// Reads such entries, and the `}` below them that is indented like the header; whether there is one.
    fn indented(&mut self, owner: Head, block: BlockKind) -> bool {
        let start = self.end_before(self.at);
        self.open_blocks += 1;
        while self.sign(self.at) != "}" && self.goes_deeper(owner) {
            self.entry(block);
        }
        self.open_blocks -= 1;
        self.set_body(owner.number, block, start, false);
        let closed =
            self.sign(self.at) == "}" && self.opens_line(self.at) && self.indent(self.at) >= self.indent(owner.first);
        self.at += usize::from(closed);
        closed
    }

    /// Notes the block of an entry, which ends at the cursor: after its `}`, or where it must have ended.
    fn set_body(&mut self, number: u32, kind: BlockKind, start: u32, closed: bool) {
        let end = if closed { self.start_of(self.at.saturating_sub(1)) } else { self.start_of(self.at) };
        if let Some(entry) = self.found.outline.entries.get_mut(number as usize) {
            entry.body = Some(Body { kind, span: Span::new(start, end.max(start)) });
        }
    }

    fn unclosed(&mut self, owner: Head, extra_brace: bool) {
        if extra_brace {
            return;
        }
        let end = self.end_before(self.at);
        // Blocks in each other that all miss their brace here: the innermost is enough.
        if self
            .found
            .faults
            .last()
            .is_some_and(|(_, error)| error.kind == ErrorKind::Unclosed && error.span.start == end)
        {
            return;
        }
        let shown = [self.word(owner.first), self.word(owner.first + 1)].join(" ");
        let error = SyntaxError::new(
            ErrorKind::Unclosed,
            Span::new(end, end),
            format!("the block of `{}` is never closed", shown.trim()),
        );
        self.fault(owner.number, error.help("close it with `}`"));
    }

    /// Whether the line at the cursor shows that the `}` of this block was forgotten.
    fn ends_block(&self, owner: Head, block: BlockKind) -> bool {
        match block {
            BlockKind::Op => {
                self.is_job_line(self.at)
                    && owner.form != EntryForm::EachJob
                    && self.indent(self.at) <= self.indent(owner.first)
            }
            BlockKind::HookCall => {
                self.opens_line(self.at)
                    && (matches!(
                        self.keyword(self.at),
                        Some(Keyword::On | Keyword::Hook | Keyword::Use | Keyword::Drop)
                    ) || self.is_job_line(self.at))
            }
            _ => false,
        }
    }

    /// What stands after a block: clauses that belong before it, or another entry.
    fn behind_block(&mut self, head: Head) {
        let same_line = !self.opens_line(self.at);
        let word = self.word(self.at);
        let clause = match self.keyword(self.at) {
            Some(Keyword::When | Keyword::After | Keyword::With) => true,
            Some(Keyword::For) => self.keyword(self.at + 2) == Some(Keyword::In),
            _ => false,
        };
        if clause {
            let span = self.span_of(self.at);
            let error =
                SyntaxError::new(ErrorKind::NotAllowedHere, span, format!("`{word}` must come before the block"));
            self.fault(head.number, error.help("write it before `{`"));
        } else if !same_line || self.sign(self.at) == "}" || self.lexeme(self.at).is_none() {
            return;
        } else if word.is_empty() {
            self.unexpected(head.number, self.at, format!("unexpected `{}` after the block", self.shown(self.at)));
        } else {
            let span = self.span_of(self.at);
            let line = format!("\n{}", " ".repeat(self.indent(head.first)));
            let error =
                SyntaxError::new(ErrorKind::TwoEntriesOnOneLine, span, "two entries cannot be on the same line");
            self.fault(head.number, error.fix(Span::new(span.start, span.start), line, "begin a new line"));
            return;
        }
        let first = self.at;
        let faults = self.found.faults.len();
        self.head(Head { form: EntryForm::Broken, first, ..head }, &mut false);
        self.found.faults.truncate(faults);
        if self.sign(self.at) == "{" {
            self.skip_block();
        }
    }

    pub(super) fn shown(&self, index: usize) -> String {
        self.lexeme(index).map_or_else(String::new, |lexeme| {
            self.text_of(lexeme).chars().take(24).collect::<String>().escape_debug().to_string()
        })
    }

    /// Moves past a block whose entries are not read.
    fn skip_block(&mut self) {
        let mut open = 0_u32;
        while self.lexeme(self.at).is_some() && !self.is_item_line(self.at) {
            match self.sign(self.at) {
                "{" => open += 1,
                "}" => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }

    /// Entries of a job outside any job: one error for all that follow each other.
    fn stray_job_entries(&mut self, number: u32) {
        let faults = self.found.faults.len();
        let entries = self.found.outline.entries.len();
        loop {
            self.entry(BlockKind::Job);
            if self.sign(self.at) == "}" {
                self.at += 1;
            }
            if self.lexeme(self.at).is_none() || !self.goes_on_with_job(self.at) {
                break;
            }
        }
        self.found.faults.truncate(faults);
        self.found.outline.entries.truncate(entries);
        if let Some(entry) = self.found.outline.entries.get_mut(number as usize) {
            entry.form = EntryForm::Broken;
        }
        self.close_entry(number);
    }
}

/// The form that decides whether a misplaced entry has a block.
fn block_form(form: EntryForm) -> EntryForm {
    if form.block_kind().is_some() { form } else { EntryForm::Broken }
}
