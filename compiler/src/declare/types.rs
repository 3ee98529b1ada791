//! Resolves the types in the source.

use hookc_grammar::ast::{Type, TypeKind};
use smol_str::SmolStr;

use super::Program;
use crate::declare::Wanted;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::symbol::SymbolKind;
use crate::ty::{TYPE_NAMES, Ty};

impl Program<'_> {
    /// Resolves `ty`, which is in `file` in the piece at `at`. Marks the names it uses.
    pub(crate) fn resolve_type(&self, file: FileId, at: u32, ty: &Type, diagnostics: &mut Vec<Diagnostic>) -> Ty {
        let span = ty.span.shifted(at);
        match &ty.kind {
            TypeKind::Error => Ty::Error,
            TypeKind::Optional(inner) => {
                let inner = self.resolve_type(file, at, inner, diagnostics);
                if matches!(inner, Ty::Optional(_)) {
                    let message = "a type can have only one `?`";
                    diagnostics.push(
                        Diagnostic::new(diagnostics::BAD_TYPE, Place::new(file, span), message).help("remove one `?`"),
                    );
                }
                inner.optional()
            }
            TypeKind::Named { name, args } => {
                let wanted = match name.text.as_str() {
                    "list" => 1,
                    "map" => 2,
                    _ => 0,
                };
                if args.len() != wanted {
                    diagnostics.push(wrong_arguments(file, span, &name.text, wanted));
                    return Ty::Error;
                }
                match (name.text.as_str(), args.as_slice()) {
                    ("list", [item]) => self.resolve_type(file, at, item, diagnostics).list(),
                    ("map", [key, value]) => self.resolve_map(file, at, key, value, diagnostics),
                    _ => self.resolve_named(file, name.span.shifted(at), &name.text, diagnostics),
                }
            }
        }
    }

    fn resolve_map(&self, file: FileId, at: u32, key: &Type, value: &Type, diagnostics: &mut Vec<Diagnostic>) -> Ty {
        let key_ty = self.resolve_type(file, at, key, diagnostics);
        if !matches!(key_ty, Ty::String | Ty::Error) {
            let message = "the keys of a map must be strings";
            let diagnostic = Diagnostic::new(diagnostics::BAD_TYPE, Place::new(file, key.span.shifted(at)), message);
            diagnostics.push(diagnostic.help("write `map<string, …>`").fix(
                "use `string`",
                key.span.shifted(at),
                "string",
            ));
        }
        Ty::Map(self.resolve_type(file, at, value, diagnostics).into())
    }

    fn resolve_named(
        &self,
        file: FileId,
        span: hookc_grammar::Span,
        name: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Ty {
        if let Some(ty) = Ty::simple(name) {
            return ty;
        }
        let name = &SmolStr::new(name);
        self.mark_used(file, name);
        match self.builtins.symbol(name).or_else(|| self.lookup(file, name)) {
            Some(Symbol::Enum(id)) => Ty::Enum(id),
            Some(Symbol::Record(id)) => Ty::Record(id),
            Some(other) => {
                let message = format!("`{name}` is {}, not a type", other.a_kind());
                diagnostics.push(Diagnostic::new(diagnostics::UNKNOWN_TYPE, Place::new(file, span), message));
                Ty::Error
            }
            None => {
                diagnostics.extend(self.unknown_type(file, span, name));
                Ty::Error
            }
        }
    }

    fn unknown_type(&self, file: FileId, span: hookc_grammar::Span, name: &str) -> Option<Diagnostic> {
        let scope = &self.scope(file).names;
        let mut types: Vec<&str> = scope
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Enum(_) | Symbol::Record(_)))
            .map(|(name, _)| name.as_str())
            .collect();
        types.sort_unstable();
        types.extend(TYPE_NAMES);
        let place = Place::new(file, span);
        let kinds = &[SymbolKind::Record, SymbolKind::Enum];
        if self.hides(&Wanted { name, place, kinds, known: &types, is_value: false }) {
            return None;
        }
        let diagnostic = Diagnostic::new(diagnostics::UNKNOWN_TYPE, place, format!("unknown type `{name}`"));
        Some(diagnostic.maybe_help(usual_name(name).or_else(|| did_you_mean(name, types))))
    }
}

/// The name of a type that has a different name in other languages.
fn usual_name(name: &str) -> Option<String> {
    let ours = match name {
        "str" | "String" | "text" | "Text" => "string",
        "double" | "number" | "Float" | "f64" => "float",
        "integer" | "i64" | "Int" | "long" => "int",
        "boolean" | "Bool" => "bool",
        "datetime" | "time" | "date" => "timestamp",
        "url" | "URL" => "uri",
        "array" | "List" | "vec" => "list<T>",
        "dict" | "object" | "Map" => "map<string, T>",
        "any" | "dyn" => "json",
        _ => return None,
    };
    Some(format!("use `{ours}`"))
}

fn wrong_arguments(file: FileId, span: hookc_grammar::Span, name: &str, wanted: usize) -> Diagnostic {
    let message = match wanted {
        0 => format!("`{name}` takes no type arguments"),
        1 => format!("`{name}` takes one type argument, as in `{name}<int>`"),
        _ => format!("`{name}` takes two type arguments, as in `{name}<string, int>`"),
    };
    Diagnostic::new(diagnostics::BAD_TYPE, Place::new(file, span), message)
}
