//! Types of inputs, outputs, parameters and fields.

use hookc_grammar::ast::Param;
use smol_str::SmolStr;

use super::{ParamDef, Params, Program, context_name, duplicate};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::sources::FileId;
use crate::ty::Ty;

impl<'s> Program<'s> {
    pub(super) fn resolve_signatures(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        self.resolve_records(diagnostics);
        self.const_types = self
            .consts
            .iter()
            .map(|item| item.ast.ty.as_ref().map(|ty| self.resolve_type(item.file, item.at, ty, diagnostics)))
            .collect();
        self.connection_types =
            (0..self.connections.len()).map(|index| self.connection_type(index, diagnostics)).collect();
        for index in 0..self.components.len() {
            let Some(def) = self.components.get(index) else {
                continue;
            };
            let (file, at, ast) = (def.item.file, def.item.at, def.item.ast);
            let inputs = self.params(file, at, &ast.inputs, false, "an input", diagnostics);
            let outputs = self.params(file, at, &ast.outputs, false, "an output", diagnostics);
            self.no_secret(&outputs, "an output", diagnostics);
            if let Some(def) = self.components.get_mut(index) {
                (def.inputs, def.outputs) = (inputs, outputs);
            }
        }
        for index in 0..self.conditions.len() {
            let Some(def) = self.conditions.get(index) else {
                continue;
            };
            let params =
                self.params(def.item.file, def.item.at, &def.item.ast.params, true, "a parameter", diagnostics);
            let before = diagnostics.len();
            self.no_secret(&params, "a condition's parameter", diagnostics);
            let params = if diagnostics.len() == before { params } else { self.without_secrets(params) };
            if let Some(def) = self.conditions.get_mut(index) {
                def.params = params;
            }
        }
        self.resolve_hooks(diagnostics);
        self.resolve_jobs(diagnostics);
    }

    fn resolve_records(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for index in 0..self.records.len() {
            let Some(def) = self.records.get(index) else { continue };
            let (Some(ast), Some(place), at) = (def.ast, def.place, def.at) else {
                continue;
            };
            let fields = self.params(place.file, at, &ast.fields, false, "a field", diagnostics);
            if let Some(def) = self.records.get_mut(index) {
                def.fields = fields;
            }
        }
        self.report_endless_records(diagnostics);
    }

    fn resolve_hooks(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for index in 0..self.hooks.len() {
            let Some(def) = self.hooks.get(index) else { continue };
            let (file, at, ast) = (def.item.file, def.item.at, def.item.ast);
            let params = self.params(file, at, &ast.params, true, "a parameter", diagnostics);
            let (inputs, outputs) = match &ast.target {
                Some(target) => (
                    self.params(file, at, &target.inputs, false, "an input", diagnostics),
                    self.params(file, at, &target.outputs, false, "an output", diagnostics),
                ),
                None => (Params::default(), Params::default()),
            };
            if let Some(def) = self.hooks.get_mut(index) {
                (def.params, def.inputs, def.outputs) = (params, inputs, outputs);
            }
        }
    }

    fn resolve_jobs(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for index in 0..self.jobs.len() {
            let Some(def) = self.jobs.get(index) else { continue };
            let (file, at, ast) = (def.item.file, def.item.at, def.item.ast);
            let inputs = self.params(file, at, &ast.inputs, true, "a job's input", diagnostics);
            let outputs = self.params(file, at, &ast.outputs, false, "a job's output", diagnostics);
            self.no_secret(&inputs, "a job's input", diagnostics);
            self.no_secret(&outputs, "a job's output", diagnostics);
            if let Some(def) = self.jobs.get_mut(index) {
                (def.inputs, def.outputs) = (inputs, outputs);
            }
        }
    }

    fn connection_type(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Ty {
        let Some(item) = self.connections.get(index) else {
            return Ty::Error;
        };
        let Some(written) = &item.ast.ty else {
            let message = format!("connection `{}` has no type", item.name);
            let diagnostic = Diagnostic::new(diagnostics::MISSING, Place::new(item.file, item.place.span), message);
            diagnostics.push(diagnostic.help(format!("write `connection {}: Webhook = …`", item.name)));
            return Ty::Error;
        };
        let ty = self.resolve_type(item.file, item.at, written, diagnostics);
        if !matches!(ty, Ty::Record(_) | Ty::Error) {
            let message = "the type of a connection must be a record";
            diagnostics.push(Diagnostic::new(
                diagnostics::BAD_TYPE,
                Place::new(item.file, written.span.shifted(item.at)),
                message,
            ));
            return Ty::Error;
        }
        ty
    }

    /// The parameters by name. With `bare`, they are read by their bare name beside the names of the context, so they cannot
    /// have such a name.
    pub(crate) fn params(
        &self,
        file: FileId,
        at: u32,
        params: &'s [Param],
        bare: bool,
        kind: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Params<'s> {
        let mut by_name = Params::new(self.damage_at(file, at));
        for param in params {
            let place = Place { file, span: param.name.span.shifted(at) };
            let ty = self.resolve_type(file, at, &param.ty, diagnostics);
            let name: SmolStr = param.name.text.clone();
            if bare && crate::context_names::is_context_name(&name) {
                diagnostics.push(context_name(&name, kind.trim_start_matches("a ").trim_start_matches("an "), place));
            }
            let first = by_name.get(&name).map(|first| first.place);
            match first {
                Some(first) => diagnostics.push(duplicate(&name, place, Some(first))),
                None => {
                    by_name.insert(name.clone(), ParamDef { name, ty, place, at, ast: Some(param) });
                }
            }
        }
        by_name
    }

    fn no_secret(&self, params: &Params<'s>, kind: &str, diagnostics: &mut Vec<Diagnostic>) {
        for param in params.values() {
            if self.holds_secret(&param.ty) {
                let message = format!("{kind} cannot contain a secret: its type is `{}`", param.name);
                let diagnostic = Diagnostic::new(diagnostics::SECRET_FLOW, param.place, message);
                diagnostics.push(
                    diagnostic
                        .help("pass the secret through a connection, or write `secret(\"NAME\")` where it is used"),
                );
            }
        }
    }

    /// The parameters. Those that contain a secret get the error type.
    fn without_secrets(&self, mut params: Params<'s>) -> Params<'s> {
        for param in params.values_mut() {
            if self.holds_secret(&param.ty) {
                param.ty = Ty::Error;
            }
        }
        params
    }

    /// Whether a value of this type may contain a secret.
    pub(crate) fn holds_secret(&self, ty: &Ty) -> bool {
        self.holds_secret_within(ty, &mut Vec::new())
    }

    fn holds_secret_within(&self, ty: &Ty, seen: &mut Vec<super::RecordId>) -> bool {
        match ty {
            Ty::Secret => true,
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => self.holds_secret_within(inner, seen),
            Ty::Record(id) if !seen.contains(id) => {
                seen.push(*id);
                self.record(*id).fields.values().any(|field| self.holds_secret_within(&field.ty, seen))
            }
            _ => false,
        }
    }

    /// Reports records that contain themselves without a list, map or `?` in between. They have no finite value.
    fn report_endless_records(&self, diagnostics: &mut Vec<Diagnostic>) {
        for (index, def) in self.records.iter().enumerate() {
            let id = super::RecordId(u32::try_from(index).unwrap_or(u32::MAX));
            let endless = def.fields.values().find(|field| self.reaches(&field.ty, id, &mut Vec::new()));
            if let (Some(field), Some(_)) = (endless, def.place) {
                let message = format!("record `{}` contains itself without end", def.name);
                let diagnostic = Diagnostic::new(diagnostics::BAD_TYPE, field.place, message);
                diagnostics.push(diagnostic.help("make this field optional, or a list"));
            }
        }
    }

    fn reaches(&self, ty: &Ty, target: super::RecordId, seen: &mut Vec<super::RecordId>) -> bool {
        let Ty::Record(id) = ty else { return false };
        if *id == target {
            return true;
        }
        if seen.contains(id) {
            return false;
        }
        seen.push(*id);
        self.record(*id).fields.values().any(|field| self.reaches(&field.ty, target, seen))
    }
}
