//! Notes about one file for an editor: the meanings of names, the types of values, inferred types and dependencies, and
//! completions at a cursor.
//!
//! The check itself makes these notes, so an editor never sees a meaning that differs from the command line. Without a
//! request for notes, nothing is noted or computed for them. A piece that is checked more than once makes its notes each
//! time, and the first are kept.

use hookc_grammar::Span;
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::editor::notebook::Inferred;
use crate::check::editor::notebook::Notes;
use crate::check::editor::notebook::Referent;
use crate::check::editor::notebook::Value;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::declare::ParamDef;
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    fn notes_of(&mut self, file: FileId) -> Option<&mut Notes> {
        self.notes.as_deref_mut().filter(|notes| notes.file == file)
    }

    /// Notes what a name stands for.
    pub(crate) fn note_name(&mut self, place: Place, referent: Referent) {
        if let Some(notes) = self.notes_of(place.file) {
            notes.uses.push((place.span, referent));
        }
    }

    /// Notes a use of a top-level name.
    pub(crate) fn note_symbol(&mut self, place: Place, symbol: Symbol) {
        if self.notes.is_none() {
            return;
        }
        let referent = match self.program.place_of(symbol) {
            Some(declared) => Referent::Declared(declared),
            None => Referent::Builtin(SmolStr::new(self.program.name_of(symbol))),
        };
        self.note_name(place, referent);
    }

    /// Notes a use of an input, output, parameter or field; `of` is the name of a built-in record.
    pub(crate) fn note_param(&mut self, place: Place, param: &ParamDef<'_>, of: &str) {
        if self.notes.is_none() {
            return;
        }
        let referent = match param.ast {
            Some(_) => Referent::Declared(param.place),
            None => Referent::Context(smol_str::format_smolstr!("{of}.{}", param.name)),
        };
        self.note_name(place, referent);
    }

    /// Notes the type of a value that is read.
    pub(crate) fn note_read(&mut self, scope: &Scope<'_, '_>, typed: &Typed, span: Span) {
        if self.notes.is_none() || typed.ty.is_error() {
            return;
        }
        let missing = match &typed.ty {
            Ty::Optional(_) => self.why_absent(scope, &typed.expr).map(|why| format!("may be missing {why}")),
            _ => None,
        };
        let asked = match &typed.expr.node {
            plan::Node::Narrow { because: plan::Span(file, start, end), .. } => {
                Some(Place { file: FileId(*file), span: Span::new(*start, *end) })
            }
            _ => None,
        };
        let value = Value { ty: self.show(&typed.ty), declared: self.type_place(&typed.ty), missing, asked };
        let place = scope.place(span);
        if let Some(notes) = self.notes_of(place.file) {
            notes.values.push((place.span, value));
        }
    }

    /// Notes the type of a name that is declared without one.
    pub(crate) fn note_type(&mut self, place: Place, ty: &Ty, writable: bool) {
        if self.notes.is_none() || ty.is_error() {
            return;
        }
        let value = Value { ty: self.show(ty), declared: self.type_place(ty), missing: None, asked: None };
        if let Some(notes) = self.notes_of(place.file) {
            notes.inferred.push((place.span.end, Inferred::Type { ty: value.ty.clone(), writable }));
            notes.values.push((place.span, value));
        }
    }

    /// Notes the type of a macro's variable.
    pub(crate) fn note_variable(&mut self, place: Place, ty: &Ty) {
        if self.notes.is_some() && !ty.is_error() {
            let value = Value { ty: self.show(ty), declared: self.type_place(ty), missing: None, asked: None };
            if let Some(notes) = self.notes_of(place.file) {
                notes.values.push((place.span, value));
            }
        }
    }

    /// Notes the ops that an op waits for because it reads them; `at` is the place for an `after`.
    pub(crate) fn note_waits(&mut self, file: FileId, at: u32, ops: impl Iterator<Item = SmolStr>) {
        if let Some(notes) = self.notes_of(file) {
            let ops: Vec<SmolStr> = ops.collect();
            if !ops.is_empty() {
                notes.inferred.push((at, Inferred::After(ops)));
            }
        }
    }

    /// Notes that a hook replaces the hook of an `each` block.
    pub(crate) fn note_replaced(&mut self, own: Place, wider: Place) {
        if let Some(notes) = self.notes_of(own.file) {
            notes.replaced.push((own.span, wider));
        }
    }

    /// Corrects the note of a read that turned out to be certain.
    pub(crate) fn note_certain(&mut self, plan::Span(file, start, end): plan::Span) {
        let Some(notes) = self.notes_of(FileId(file)) else { return };
        for (_, value) in notes.values.iter_mut().filter(|(span, _)| *span == Span::new(start, end)) {
            let declared = value.ty.trim_end_matches('?').to_owned();
            (value.ty, value.missing, value.asked) = (declared, None, None);
        }
    }

    /// Where a type's innermost name is declared.
    fn type_place(&self, ty: &Ty) -> Option<Place> {
        match ty {
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => self.type_place(inner),
            Ty::Enum(id) => self.program.enum_def(*id).place,
            Ty::Record(id) => self.program.record(*id).place,
            _ => None,
        }
    }

    /// Where a value of an enum is declared.
    pub(crate) fn enum_value_place(&self, id: crate::ids::EnumId, name: &str) -> Option<Place> {
        let place = self.program.enum_def(id).place?;
        let items = &self.program.sources.file(place.file).parse.file.items;
        let item = items.iter().find(|item| item.at <= place.span.start && place.span.end <= item.at + item.len)?;
        let hookc_grammar::ast::Item::Enum(ast) = item.node.as_ref() else { return None };
        let value = ast.values.iter().find(|value| value.name.text == name)?;
        Some(Place { file: place.file, span: value.name.span.shifted(item.at) })
    }
}
