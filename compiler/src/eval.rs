//! One expression by itself, over variables of given types: `hookc eval`.

use hookc_grammar::Span;
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::{Checker, Env, Local, Scope};
use crate::declare::{Place, Program};
use crate::diagnostics::Diagnostic;
use crate::sources::{FileId, Sources};
use crate::syntax::syntax_diagnostic;
use crate::ty::Ty;

/// A checked expression and the types that it names.
pub struct CheckedExpr {
    /// The expression; its variables are `local`s.
    pub expr: plan::Expr,
    /// The types of the variables in the order given.
    pub variables: Vec<(SmolStr, plan::Type)>,
    /// The built-in types.
    pub types: std::collections::BTreeMap<plan::Name, plan::TypeDef>,
}

/// Checks `text` as an expression over `variables`, each a name and a type as written in source text.
///
/// # Errors
///
/// The diagnostics; their places lie in [`FileId`] 0, whose text is `text`. A variable's type that cannot be read is
/// reported at the start.
pub fn check_expr(text: &str, variables: &[(String, String)]) -> Result<CheckedExpr, Vec<Diagnostic>> {
    check_in(&Sources::of_text("<expression>", text), text, variables)
}

fn check_in(sources: &Sources, text: &str, variables: &[(String, String)]) -> Result<CheckedExpr, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let program = Program::declare(sources, &mut diagnostics);
    let file = FileId(0);
    let mut locals = Vec::new();
    for (name, written) in variables {
        let (ty, errors) = hookc_grammar::parse_type(written);
        let mut problems: Vec<Diagnostic> = errors.iter().map(|error| syntax_diagnostic(file, error)).collect();
        let ty = program.resolve_type(file, 0, &ty, &mut problems);
        for problem in &mut problems {
            problem.message = format!("variable `{name}`: {}", problem.message);
            problem.primary.span = Span::default();
            problem.fixes.clear();
        }
        diagnostics.append(&mut problems);
        let name = SmolStr::new(name);
        let place = Place { file, span: Span::default() };
        locals.push(Local { name: name.clone(), ty, value: plan::Node::Local { name }, place });
    }
    let (expr, errors) = hookc_grammar::parse_expr(text);
    diagnostics.extend(errors.iter().map(|error| syntax_diagnostic(file, error)));
    let mut checker = Checker::new(&program, file);
    let mut scope = Scope::new(file, 0, Env::Plain);
    scope.locals = locals.clone();
    // Whoever evaluates it at once is told of failures by the evaluation.
    scope.inside = true;
    let typed = checker.expr(&mut scope, &expr, None);
    diagnostics.append(&mut checker.diagnostics);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == crate::Severity::Error) || typed.ty == Ty::Error {
        return Err(diagnostics);
    }
    let variables = locals.iter().map(|local| (local.name.clone(), checker.plan_type(&local.ty))).collect();
    Ok(CheckedExpr { expr: typed.expr, variables, types: crate::lower::builtin_types(&mut checker) })
}
