//! Imports: the names that each file imports, and the errors in imports.

use hookc_grammar::Span;
use hookc_grammar::ast::{ExprKind, Import, Item};

use super::{ImportedName, Program, duplicate};
use crate::diagnostics::{self, Code, Diagnostic, did_you_mean};
use crate::place::Place;
use crate::sources::{BadPath, FileId, LoadError, resolve};
use crate::symbol::Symbol;

impl Program<'_> {
    /// The symbol that `name` stands for in `file`.
    pub(crate) fn lookup(&self, file: FileId, name: &str) -> Option<Symbol> {
        self.scope(file).names.get(name).copied()
    }

    pub(super) fn resolve_imports(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let sources = self.sources;
        let own: Vec<_> = self.scopes.iter().map(|scope| scope.names.clone()).collect();
        let mut edges: super::circles::Edges = vec![Vec::new(); own.len()];
        for (file, source) in sources.iter() {
            for placed in &source.parse.file.items {
                let Item::Import(import) = placed.node.as_ref() else {
                    continue;
                };
                let Some((target, span)) = self.import_target(file, placed.at, import, diagnostics) else {
                    self.bring_in_nothing(file, import);
                    continue;
                };
                if let Some(edges) = edges.get_mut(file.0 as usize) {
                    edges.push((target, span));
                }
                let empty = rustc_hash::FxHashMap::default();
                let exported = own.get(target.0 as usize).unwrap_or(&empty);
                self.bring_in(file, placed.at, import, target, exported, diagnostics);
            }
        }
        self.report_circles(&edges, diagnostics);
    }

    /// The file that an import names; `None` after a report.
    fn import_target(
        &self,
        file: FileId,
        at: u32,
        import: &Import,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(FileId, Span)> {
        let path = import.path.as_ref()?;
        let span = path.span.shifted(at);
        let ExprKind::Template(template) = &path.kind else {
            return None;
        };
        let mut report = |code, message: String, help: Option<String>| {
            diagnostics.push(Diagnostic::new(code, Place::new(file, span), message).maybe_help(help));
        };
        let Some(target) = template.as_const() else {
            report(
                diagnostics::NOT_CONSTANT,
                "an import path must be a constant string".to_owned(),
                Some("write the path without `${…}`".to_owned()),
            );
            return None;
        };
        let resolved = match resolve(&self.sources.file(file).path, target) {
            Ok(path) => path,
            Err(bad) => {
                let (code, message, help) = bad_path(bad, target);
                report(code, message, help);
                return None;
            }
        };
        let Some(id) = self.sources.find(&resolved) else {
            report(diagnostics::TOO_MANY_IMPORTS, "the imports reach more than 1,000 files".to_owned(), None);
            return None;
        };
        match &self.sources.file(id).error {
            None => return Some((id, span)),
            Some(_) if self.sources.file(id).asked => return None,
            Some(LoadError::NotFound) => {
                report(diagnostics::IMPORT_NOT_FOUND, format!("cannot find file `{resolved}`"), None)
            }
            Some(LoadError::Outside) => report(
                diagnostics::IMPORT_OUTSIDE,
                format!("`{resolved}` is a link to a file outside the project"),
                None,
            ),
            Some(error) => {
                report(diagnostics::UNREADABLE, format!("cannot read `{resolved}`: {}", error.reason()), None)
            }
        }
        None
    }

    /// Notes the names of a failed import, so that their uses are not reported.
    fn bring_in_nothing(&mut self, file: FileId, import: &Import) {
        for imported in &import.names {
            let name = imported.alias.as_ref().unwrap_or(&imported.name).text.clone();
            if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
                scope.poison.add_name(name);
            }
        }
    }

    fn bring_in(
        &mut self,
        file: FileId,
        at: u32,
        import: &Import,
        target: FileId,
        exported: &rustc_hash::FxHashMap<smol_str::SmolStr, Symbol>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for imported in &import.names {
            let (name, span) = (&imported.name.text, imported.name.span.shifted(at));
            let here = imported.alias.as_ref().unwrap_or(&imported.name);
            let place = Place { file, span: here.span.shifted(at) };
            let Some(symbol) = exported.get(name).copied() else {
                diagnostics.push(self.unknown_import(file, span, name, target, exported));
                if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
                    scope.poison.add_name(here.text.clone());
                }
                continue;
            };
            if name.starts_with('_') {
                let message = format!("`{name}` is private to `{}`", self.sources.file(target).path);
                let diagnostic = Diagnostic::new(diagnostics::IMPORT_PRIVATE, Place::new(file, span), message);
                diagnostics.push(diagnostic.help("names that begin with `_` cannot be imported"));
            }
            if let Some(first) = self.lookup(file, &here.text) {
                diagnostics.push(duplicate(&here.text, place, self.place_of(first)));
                continue;
            }
            if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
                scope.names.insert(here.text.clone(), symbol);
                let alone = import.names.len() == 1;
                scope.imports.push(ImportedName {
                    name: here.text.clone(),
                    place,
                    item: import.span.shifted(at),
                    alone,
                });
            }
        }
    }

    fn unknown_import(
        &self,
        file: FileId,
        span: Span,
        name: &str,
        target: FileId,
        exported: &rustc_hash::FxHashMap<smol_str::SmolStr, Symbol>,
    ) -> Diagnostic {
        let mut names: Vec<&str> =
            exported.keys().map(smol_str::SmolStr::as_str).filter(|name| !name.starts_with('_')).collect();
        names.sort_unstable();
        let message = format!("`{}` does not declare `{name}`", self.sources.file(target).path);
        Diagnostic::new(diagnostics::IMPORT_UNKNOWN, Place::new(file, span), message)
            .suggest(name, names.iter().copied())
    }
}

/// The diagnostic of an invalid path after `from`.
fn bad_path(bad: BadPath, target: &str) -> (Code, String, Option<String>) {
    match bad {
        BadPath::Outside => (
            diagnostics::IMPORT_OUTSIDE,
            format!("`{target}` is outside the project"),
            Some("import only files inside the project's folder".to_owned()),
        ),
        BadPath::NotRelative => (
            diagnostics::IMPORT_NOT_FOUND,
            format!("`{target}` is neither a relative path nor a path of the library"),
            Some(format!("write `./{target}` or `std/…`")),
        ),
        BadPath::NoSuchLibrary => (
            diagnostics::IMPORT_NOT_FOUND,
            format!("the library has no file `{target}`"),
            did_you_mean(target, crate::library::paths()),
        ),
    }
}
