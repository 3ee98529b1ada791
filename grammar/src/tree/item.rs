//! Items: which rule reads which, and the small ones.

use crate::ast::{
    Connection, Const, EachJob, Enum, EnumValue, Expr, ExprKind, Import, ImportName, Item, MockOutputs, Profile,
    ProfileEntry, Record, SettingValue,
};
use crate::entries::{Entry, EntryForm};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;
use crate::tree::parts::ParamNames;

impl TreeBuilder<'_> {
    /// The item of entry `number`; a job comes without its entries.
    pub(crate) fn item(&mut self, number: u32) -> Item {
        let Some(entry) = self.entry(number) else {
            return Item::Error;
        };
        let item = match entry.form {
            EntryForm::Import => self.import(number, entry).map(Item::Import),
            EntryForm::Enum => self.enumeration(number, entry).map(Item::Enum),
            EntryForm::Record => self.record(number, entry).map(Item::Record),
            EntryForm::Const => self.constant(number, entry).map(Item::Const),
            EntryForm::Connection => self.connection(number, entry).map(Item::Connection),
            EntryForm::Component | EntryForm::Agent => self.component(number, entry).map(Item::Component),
            EntryForm::Condition => self.condition(number, entry).map(Item::Condition),
            EntryForm::Hook => self.top_hook(number, entry).map(Item::Hook),
            EntryForm::Job => self.job(number, entry).map(Item::Job),
            EntryForm::EachJob => self.each_job(number, entry).map(Item::EachJob),
            EntryForm::Profile => self.profile(number, entry).map(Item::Profile),
            EntryForm::Test => self.test(number, entry).map(Item::Test),
            _ => {
                self.broken(number);
                return Item::Error;
            }
        };
        item.unwrap_or(Item::Error)
    }

    fn import(&mut self, number: u32, entry: &Entry) -> Option<Import> {
        let span = self.whole(entry);
        self.head(number, Rule::import, |builder, mut children| {
            let mut names = Vec::new();
            while let Some(node) = nodes::take(&mut children, Rule::imported) {
                let mut inner = nodes::children(node);
                let name = builder.declared(&mut inner, "an import");
                let renamed = inner.peek().is_some();
                let alias = builder.declared(&mut inner, "`as`").filter(|_| renamed);
                names.extend(name.map(|name| ImportName { name, alias }));
            }
            if let Some(node) = nodes::take(&mut children, Rule::missing_from) {
                builder.missing(ErrorKind::MissingSign, &node, "an import needs `from \"…\"`");
            }
            let path =
                children.peek().is_some().then(|| builder.expr(&mut children, "the path after `from` is missing"));
            let path = path.filter(|path| path.kind != ExprKind::Error);
            Import { names, path, span }
        })
    }

    /// A construct that needs its braces.
    fn braced(&mut self, children: &mut Children<'_>, what: &str) {
        if let Some(node) = nodes::take(children, Rule::missing_block) {
            self.missing(ErrorKind::MissingPart, &node, format!("{what} needs `{{ }}`"));
        }
    }

    fn enumeration(&mut self, number: u32, entry: &Entry) -> Option<Enum> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::enumeration, |builder, mut children| {
            let name = builder.declared(&mut children, "an enum");
            builder.braced(&mut children, "an enum");
            let mut values = Vec::new();
            while let Some(node) = builder.next_member(&mut children, Rule::name, "between two values") {
                builder.check_reserved(&node);
                let name = builder.ident(&node);
                let doc = builder.doc_at(name.span.start);
                values.push(EnumValue { doc, name });
            }
            builder.unclosed(&mut children, "}");
            Enum { doc, name, values, span }
        })
    }

    fn record(&mut self, number: u32, entry: &Entry) -> Option<Record> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::record, |builder, mut children| {
            let name = builder.declared(&mut children, "a record");
            builder.braced(&mut children, "a record");
            let fields = builder.param_list(&mut children, ParamNames::AnyWord);
            builder.unclosed(&mut children, "}");
            Record { doc, name, fields, span }
        })
    }

    fn constant(&mut self, number: u32, entry: &Entry) -> Option<Const> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::constant, |builder, mut children| {
            let name = builder.declared(&mut children, "a const");
            let ty = builder.optional_type(&mut children);
            builder.equals(&mut children, "a const");
            let value = builder.expr(&mut children, "the value of the const is missing");
            Const { doc, name, ty, value, span }
        })
    }

    fn connection(&mut self, number: u32, entry: &Entry) -> Option<Connection> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::constant, |builder, mut children| {
            let name = builder.declared(&mut children, "a connection");
            let ty = builder.optional_type(&mut children);
            if let Some(name) = &name
                && ty.is_none()
            {
                let place = Span::new(name.span.end, name.span.end);
                builder.report(SyntaxError::new(
                    ErrorKind::MissingType,
                    place,
                    format!("`{}` needs a type: `{}: type`", name.text, name.text),
                ));
            }
            builder.equals(&mut children, "a connection");
            let value = builder.expr(&mut children, "the value of the connection is missing");
            Connection { doc, name, ty, value, span }
        })
    }

    fn each_job(&mut self, number: u32, entry: &Entry) -> Option<EachJob> {
        let span = self.whole(entry);
        self.head(number, Rule::each_job, |builder, mut children| {
            if let Some(node) = nodes::take(&mut children, Rule::missing_name) {
                builder.missing(ErrorKind::MissingName, &node, "`each` needs `job`");
            }
        })?;
        self.require_block(entry, "`each job`");
        Some(EachJob { entries: self.op_entries(number), span })
    }

    /// Reports a missing block, in the head that was just read.
    pub(super) fn require_block(&mut self, entry: &Entry, what: &str) {
        if !entry.has_block {
            let place = self.end_of_head(entry);
            self.report(SyntaxError::new(ErrorKind::MissingPart, place, format!("{what} needs a block `{{ }}`")));
        }
    }

    fn profile(&mut self, number: u32, entry: &Entry) -> Option<Profile> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        let name =
            self.head(number, Rule::profile, |builder, mut children| builder.declared(&mut children, "a profile"))?;
        self.require_block(entry, "a profile");
        let mut entries = Vec::new();
        for (child, entry) in self.children(number) {
            let entry = match entry.form {
                EntryForm::Connection => self.rebind(child, entry),
                EntryForm::Secrets => self.secrets(child, entry),
                EntryForm::Setting => self.allow_private(child, entry),
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
        self.head(number, Rule::rebind, |builder, mut children| {
            let name = builder.declared(&mut children, "a connection");
            if let Some(ty) = builder.optional_type(&mut children) {
                builder.report(SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    ty.span,
                    "a connection in a profile has no type",
                ));
            }
            builder.equals(&mut children, "a connection");
            if let Some(mock) = nodes::take(&mut children, Rule::mock) {
                let outputs = builder.mocked(mock);
                return name.map(|name| ProfileEntry::Mock { name, outputs, span });
            }
            let value = builder.expr(&mut children, "the value of the connection is missing");
            name.map(|name| ProfileEntry::Connection { name, value, span })
        })?
    }

    fn mocked(&mut self, node: Node<'_>) -> Vec<MockOutputs> {
        let mut all = Vec::new();
        for node in node.into_inner() {
            if node.as_rule() == Rule::missing_mocked {
                self.missing(ErrorKind::MissingName, &node, "a mocked component is missing after `,`");
                continue;
            }
            let mut children = nodes::children(node);
            let Some(component) = self.declared(&mut children, "a mocked component") else {
                continue;
            };
            let outputs = self.required_args(&mut children, &component.text).unwrap_or_default();
            all.push(MockOutputs { component, outputs });
        }
        all
    }

    fn secrets(&mut self, number: u32, entry: &Entry) -> Option<ProfileEntry> {
        let span = self.whole(entry);
        self.head(number, Rule::secrets, |builder, mut children| {
            let provider = builder.declared(&mut children, "`secrets`")?;
            let value: Option<Expr> = children.peek().is_some().then(|| builder.expr(&mut children, ""));
            Some(ProfileEntry::Secrets { provider, value, span })
        })?
    }

    fn allow_private(&mut self, number: u32, entry: &Entry) -> Option<ProfileEntry> {
        let setting = self.setting(number, entry)?;
        let private = |value: &SettingValue| matches!(value, SettingValue::Value(Expr { kind: ExprKind::Name(name), .. }) if name == "private");
        if setting.keyword == Some(Keyword::Allow) && private(&setting.value) {
            return Some(ProfileEntry::AllowPrivate(setting.span));
        }
        let place = self.header(entry);
        let message = format!("`{}` is not an entry of a profile", setting.word.text);
        let error = SyntaxError::new(ErrorKind::Unexpected, place, message);
        self.report(error.help("a profile holds `connection NAME = …`, `secrets …` and `allow private`"));
        None
    }
}
