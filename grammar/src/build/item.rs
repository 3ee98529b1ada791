//! Items: which rule reads which, and the small ones.

use crate::ast::{
    Connection, Const, EachJob, Enum, EnumValue, Expr, ExprKind, Import, ImportName, Item, MockOutputs, Profile,
    ProfileEntry, Record, SettingValue,
};
use crate::build::Build;
use crate::cut::{Entry, Form};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::pairs::{self, Pair, Row, Rule};
use crate::span::Span;

impl Build<'_> {
    /// The item of entry `number`; a job comes without its entries.
    pub(crate) fn item(&mut self, number: u32) -> Item {
        let Some(entry) = self.entry(number) else {
            return Item::Error;
        };
        let item = match entry.form {
            Form::Import => self.import(number, entry).map(Item::Import),
            Form::Enum => self.enumeration(number, entry).map(Item::Enum),
            Form::Record => self.record(number, entry).map(Item::Record),
            Form::Const => self.constant(number, entry).map(Item::Const),
            Form::Connection => self.connection(number, entry).map(Item::Connection),
            Form::Component | Form::Agent => self.component(number, entry).map(Item::Component),
            Form::Condition => self.condition(number, entry).map(Item::Condition),
            Form::Hook => self.top_hook(number, entry).map(Item::Hook),
            Form::Job => self.job(number, entry).map(Item::Job),
            Form::EachJob => self.each_job(number, entry).map(Item::EachJob),
            Form::Profile => self.profile(number, entry).map(Item::Profile),
            Form::Test => self.test(number, entry).map(Item::Test),
            _ => {
                self.broken(number);
                return Item::Error;
            }
        };
        item.unwrap_or(Item::Error)
    }

    fn import(&mut self, number: u32, entry: &Entry) -> Option<Import> {
        let span = self.whole(entry);
        self.head(number, Rule::import, |build, mut row| {
            let mut names = Vec::new();
            while let Some(pair) = pairs::take(&mut row, Rule::imported) {
                let mut inner = pairs::row(pair);
                let name = build.declared(&mut inner, "an import");
                let renamed = inner.peek().is_some();
                let alias = build.declared(&mut inner, "`as`").filter(|_| renamed);
                names.extend(name.map(|name| ImportName { name, alias }));
            }
            if let Some(pair) = pairs::take(&mut row, Rule::e_from) {
                build.missing(ErrorKind::MissingSign, &pair, "an import needs `from \"…\"`");
            }
            let path = row.peek().is_some().then(|| build.expr(&mut row, "the path after `from` is missing"));
            let path = path.filter(|path| path.kind != ExprKind::Error);
            Import { names, path, span }
        })
    }

    /// A construct that needs its braces.
    fn braced(&mut self, row: &mut Row<'_>, what: &str) {
        if let Some(pair) = pairs::take(row, Rule::e_block) {
            self.missing(ErrorKind::MissingPart, &pair, format!("{what} needs `{{ }}`"));
        }
    }

    fn enumeration(&mut self, number: u32, entry: &Entry) -> Option<Enum> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::enumeration, |build, mut row| {
            let name = build.declared(&mut row, "an enum");
            build.braced(&mut row, "an enum");
            let mut values = Vec::new();
            while let Some(pair) = build.next_member(&mut row, Rule::name, "between two values") {
                build.check_reserved(&pair);
                let name = build.ident(&pair);
                let doc = build.doc_at(build.base + name.span.start);
                values.push(EnumValue { doc, name });
            }
            build.unclosed(&mut row, "}");
            Enum { doc, name, values, span }
        })
    }

    fn record(&mut self, number: u32, entry: &Entry) -> Option<Record> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::record, |build, mut row| {
            let name = build.declared(&mut row, "a record");
            build.braced(&mut row, "a record");
            let fields = build.param_list(&mut row);
            build.unclosed(&mut row, "}");
            Record { doc, name, fields, span }
        })
    }

    fn constant(&mut self, number: u32, entry: &Entry) -> Option<Const> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::constant, |build, mut row| {
            let name = build.declared(&mut row, "a const");
            let ty = build.optional_type(&mut row);
            build.equals(&mut row, "a const");
            let value = build.expr(&mut row, "the value of the const is missing");
            Const { doc, name, ty, value, span }
        })
    }

    fn connection(&mut self, number: u32, entry: &Entry) -> Option<Connection> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::constant, |build, mut row| {
            let name = build.declared(&mut row, "a connection");
            let ty = build.optional_type(&mut row);
            if let Some(name) = &name
                && ty.is_none()
            {
                let back = build.head.start - build.base;
                let place = Span::new(name.span.end - back, name.span.end - back);
                build.report(SyntaxError::new(
                    ErrorKind::MissingType,
                    place,
                    format!("`{}` needs a type: `{}: type`", name.text, name.text),
                ));
            }
            build.equals(&mut row, "a connection");
            let value = build.expr(&mut row, "the value of the connection is missing");
            Connection { doc, name, ty, value, span }
        })
    }

    fn each_job(&mut self, number: u32, entry: &Entry) -> Option<EachJob> {
        let span = self.whole(entry);
        self.head(number, Rule::each_job, |build, mut row| {
            if let Some(pair) = pairs::take(&mut row, Rule::e_name) {
                build.missing(ErrorKind::MissingName, &pair, "`each` needs `job`");
            }
        })?;
        self.require_block(entry, "`each job`");
        Some(EachJob { entries: self.op_entries(number), span })
    }

    /// Reports a missing block, in the head that was just read.
    pub(super) fn require_block(&mut self, entry: &Entry, what: &str) {
        if !entry.block {
            let end = entry.head_end - entry.start;
            let place = Span::new(end, end);
            self.report(SyntaxError::new(ErrorKind::MissingPart, place, format!("{what} needs a block `{{ }}`")));
        }
    }

    fn profile(&mut self, number: u32, entry: &Entry) -> Option<Profile> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        let name = self.head(number, Rule::profile, |build, mut row| build.declared(&mut row, "a profile"))?;
        self.require_block(entry, "a profile");
        let mut entries = Vec::new();
        for (child, entry) in self.children(number) {
            let entry = match entry.form {
                Form::Connection => self.rebind(child, entry),
                Form::Secrets => self.secrets(child, entry),
                Form::Setting => self.allow_private(child, entry),
                _ => {
                    self.broken(child);
                    None
                }
            };
            entries.extend(entry);
        }
        Some(Profile { doc, name, entries, span })
    }

    fn rebind(&mut self, number: u32, entry: &Entry) -> Option<ProfileEntry> {
        let span = self.whole(entry);
        self.head(number, Rule::rebind, |build, mut row| {
            let name = build.declared(&mut row, "a connection");
            if let Some(ty) = build.optional_type(&mut row) {
                let back = build.head.start - build.base;
                let place = Span::new(ty.span.start - back, ty.span.end - back);
                build.report(SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    place,
                    "a profile gives a connection no type",
                ));
            }
            build.equals(&mut row, "a connection");
            if let Some(mock) = pairs::take(&mut row, Rule::mock) {
                let outputs = build.mocked(mock);
                return name.map(|name| ProfileEntry::Mock { name, outputs, span });
            }
            let value = build.expr(&mut row, "the value of the connection is missing");
            name.map(|name| ProfileEntry::Connection { name, value, span })
        })?
    }

    fn mocked(&mut self, pair: Pair<'_>) -> Vec<MockOutputs> {
        let mut all = Vec::new();
        for pair in pair.into_inner() {
            if pair.as_rule() == Rule::e_mocked {
                self.missing(ErrorKind::MissingName, &pair, "a mocked component is missing behind `,`");
                continue;
            }
            let mut row = pairs::row(pair);
            let Some(component) = self.declared(&mut row, "a mocked component") else {
                continue;
            };
            let outputs = self.required_args(&mut row, &component.text).unwrap_or_default();
            all.push(MockOutputs { component, outputs });
        }
        all
    }

    fn secrets(&mut self, number: u32, entry: &Entry) -> Option<ProfileEntry> {
        let span = self.whole(entry);
        self.head(number, Rule::secrets, |build, mut row| {
            let provider = build.declared(&mut row, "`secrets`")?;
            let value: Option<Expr> = row.peek().is_some().then(|| build.expr(&mut row, ""));
            Some(ProfileEntry::Secrets { provider, value, span })
        })?
    }

    fn allow_private(&mut self, number: u32, entry: &Entry) -> Option<ProfileEntry> {
        let setting = self.setting(number, entry)?;
        let private = |value: &SettingValue| matches!(value, SettingValue::Value(Expr { kind: ExprKind::Name(name), .. }) if name == "private");
        if Keyword::of(&setting.word.text) == Some(Keyword::Allow) && private(&setting.value) {
            return Some(ProfileEntry::AllowPrivate(setting.span));
        }
        let place = Span::new(0, entry.head_end - entry.start);
        let message = format!("`{}` is no entry of a profile", setting.word.text);
        let error = SyntaxError::new(ErrorKind::Unexpected, place, message);
        self.report(error.help("a profile holds `connection NAME = …`, `secrets …` and `allow private`"));
        None
    }
}
