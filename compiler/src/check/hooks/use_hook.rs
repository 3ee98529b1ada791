//! `use`: whether a reusable hook fits what it is attached to, and the values of its parameters.

use hookc_grammar::ast::Use;
use hookc_plan as plan;

use crate::check::expressions::callee::{Callee, Owner};
use crate::check::hooks::context::OpContext;
use crate::check::hooks::event_facts::Target;
use crate::check::hooks::site::Site;
use crate::check::typed::Local;
use crate::check::{Checker, Env, Scope};
use crate::declare::ParamDef;
use crate::diagnostics::{self, Diagnostic};
use crate::ids::HookId;
use crate::place::Place;
use crate::sources::FileId;

impl<'s> Checker<'_, 's> {
    /// Converts errors in a reusable hook. Its own errors are reported at its declaration. Any other error means that it cannot
    /// be used here.
    pub(crate) fn used_hook(
        &mut self,
        (planned, found): (Option<plan::Hook>, Vec<Diagnostic>),
        id: HookId,
        used: &Use,
        file: FileId,
        at: u32,
    ) -> Option<plan::Hook> {
        let item = &self.program.hook(id).item;
        let own_mistake = self.reusable_has_mistakes(id);
        let misfit = found.iter().find(|diagnostic| diagnostic.is_error()).filter(|_| !own_mistake);
        if let Some(first) = misfit {
            let span = used.call.name.as_ref().map_or(used.span, |name| name.span).shifted(at);
            let message = format!("hook `{}` cannot be used here: {}", item.name, first.message);
            let diagnostic = Diagnostic::new(diagnostics::HOOK_DOES_NOT_FIT, Place::new(file, span), message);
            let diagnostic = diagnostic.label(first.primary.place, "caused by this part of the hook");
            self.report(diagnostic);
            return None;
        }
        planned
    }

    /// Whether a reusable hook has an error of its own.
    pub(crate) fn reusable_has_mistakes(&mut self, id: HookId) -> bool {
        let item = &self.program.hook(id).item;
        let whole = Place { file: item.file, span: item.ast.span.shifted(item.at) };
        self.has_error_in(whole)
    }

    /// Whether a reusable hook can be attached here.
    pub(crate) fn use_fits(&mut self, site: &Site<'_, 's>, id: HookId, used: &Use, file: FileId, at: u32) -> bool {
        let def = self.program.hook(id);
        let span = used.call.name.as_ref().map_or(used.span, |name| name.span).shifted(at);
        let kind = def.item.ast.target.as_ref().map_or("", |target| target.kind.text.as_str());
        let right_kind = match (kind, site.target) {
            ("op", Target::Op | Target::Agent) | ("agent", Target::Agent) | ("job", Target::Job) => true,
            ("op" | "agent" | "job", _) => false,
            _ => return false,
        };
        if !right_kind {
            let message = format!("hook `{}` is for {kind}s, but this is {}", def.item.name, site.target.word());
            self.error_at(diagnostics::HOOK_DOES_NOT_FIT, Place::new(file, span), message);
            return false;
        }
        if !self.is_whole(def.item.damage | site.outputs.damage) {
            return false;
        }
        let missing_input = self.signature_fits(&def.inputs, site.inputs).and_then(|name| def.inputs.get(name));
        let missing_output = self.signature_fits(&def.outputs, site.outputs).and_then(|name| def.outputs.get(name));
        let (what, param, there) = match (missing_input, missing_output) {
            (Some(param), _) => ("input", param, site.inputs.get(&param.name)),
            (None, Some(param)) => ("output", param, site.outputs.get(&param.name)),
            (None, None) => return true,
        };
        let wanted = format!("`{}: {}`", param.name, self.show(&param.ty));
        let message = match there {
            Some(other) => {
                format!("hook `{}` needs {what} {wanted}, found `{}`", def.item.name, self.show(&other.ty))
            }
            None => format!("hook `{}` needs {what} {wanted}, which does not exist here", def.item.name),
        };
        let diagnostic = Diagnostic::new(diagnostics::HOOK_DOES_NOT_FIT, Place::new(file, span), message);
        self.report(diagnostic.label(param.place, "required here"));
        false
    }

    /// The parameters of a reusable hook with the values from its `use`; `None` if they have an error.
    pub(crate) fn use_parameters(
        &mut self,
        site: &Site<'_, 's>,
        env: Env<'_, 's>,
        id: HookId,
        used: &Use,
        file: FileId,
        at: u32,
    ) -> Option<Vec<Local>> {
        let def = self.program.hook(id);
        let context;
        let env = match env {
            // The arguments are in the job, so they can read its ops, like any hook there.
            Env::Op(inner) => {
                context = OpContext {
                    events: inner.events.clone(),
                    inputs: site.inputs,
                    outputs: site.outputs,
                    parts: inner.parts,
                    job: site.op.map(|(job, index, _)| (job, index)),
                    fan: Vec::new(),
                    tools: None,
                    retry: false,
                };
                Env::Op(&context)
            }
            other => other,
        };
        let mut scope = Scope::new(file, at, env);
        let callee = Callee {
            kind: "hook",
            name: &def.item.name,
            params: &def.params,
            place: Some(def.item.place),
            positional: false,
            owner: Owner::Local,
        };
        let mark = self.diagnostics.len();
        let whole = used.call.name.as_ref().map_or(used.span, |name| name.span);
        let values = self.arguments(&mut scope, &callee, &used.call.args, whole);
        if !self.is_whole(self.damage_since(mark)) || values.len() != def.params.len() {
            return None;
        }
        let bind = |(param, value): (&ParamDef<'_>, plan::Arg)| Local {
            name: param.name.clone(),
            ty: param.ty.clone(),
            value: value.value.node,
            place: param.place,
        };
        Some(def.params.values().zip(values).map(bind).collect())
    }
}
