//! One expression by itself, over variables of given types: `hookc eval`, and whoever checks many conditions.
//!
//! Nearly all of what is known before an expression is read is the same for every one: [`ExprScope`] knows it once.
//! Messages quote the text, so what has a mistake is checked again, with its text as a source.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::{Checker, Env, Local, Scope};
use crate::declare::Program;
use crate::diagnostics::Diagnostic;
use crate::place::Place;
use crate::sources::{FileId, Sources};
use crate::syntax::syntax_diagnostic;
use crate::ty::Ty;

/// The file of every expression.
const FILE: FileId = FileId(0);

/// A checked expression and the types that it names.
pub struct CheckedExpr {
    /// The expression; its variables are `local`s.
    pub expr: plan::Expr,
    /// The types of the variables in the order given.
    pub variables: Vec<(SmolStr, plan::Type)>,
    /// The built-in types.
    pub types: BTreeMap<plan::Name, plan::TypeDef>,
}

/// Checks `text` as an expression over `variables`, each a name and a type as written in source text.
///
/// # Errors
///
/// The diagnostics; their places lie in [`FileId`] 0, whose text is `text`. A variable's type that cannot be read is
/// reported at the start.
pub fn check_expr(text: &str, variables: &[(String, String)]) -> Result<CheckedExpr, Vec<Diagnostic>> {
    let mut scope = ExprScope::new(variables).map_err(|_| explain(text, variables))?;
    let expr = scope.check(text)?;
    Ok(CheckedExpr { expr, variables: scope.variables, types: scope.types })
}

/// Variables, ready for any number of expressions over them.
pub struct ExprScope {
    written: Vec<(String, String)>,
    program: Program<'static>,
    locals: Vec<Local>,
    /// The types of the variables in the order given.
    pub variables: Vec<(SmolStr, plan::Type)>,
    /// The built-in types.
    pub types: BTreeMap<plan::Name, plan::TypeDef>,
}

impl ExprScope {
    /// A scope of variables, each a name and a type as written in source text.
    ///
    /// # Errors
    ///
    /// The types that cannot be read.
    pub fn new(variables: &[(String, String)]) -> Result<ExprScope, Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let program = Program::declare(Sources::none(), &mut diagnostics);
        let locals = locals(&program, variables, &mut diagnostics);
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let mut checker = Checker::new(&program, FILE);
        let types = crate::lower::builtin_types(&mut checker);
        let typed = locals.iter().map(|local| (local.name.clone(), checker.plan_type(&local.ty))).collect();
        drop(checker);
        Ok(ExprScope { written: variables.to_vec(), program, locals, variables: typed, types })
    }

    /// Checks `text` as an expression over the variables, which are `local`s in it.
    ///
    /// # Errors
    ///
    /// The diagnostics; their places lie in [`FileId`] 0, whose text is `text`.
    pub fn check(&mut self, text: &str) -> Result<plan::Expr, Vec<Diagnostic>> {
        let mut checker = Checker::new(&self.program, FILE);
        typed(&mut checker, &mut self.locals, text).ok_or_else(|| explain(text, &self.written))
    }
}

/// What is wrong with `text` or with the types of its variables.
fn explain(text: &str, variables: &[(String, String)]) -> Vec<Diagnostic> {
    let sources = Sources::of_text("<expression>", text);
    let mut diagnostics = Vec::new();
    let program = Program::declare(&sources, &mut diagnostics);
    let mut locals = locals(&program, variables, &mut diagnostics);
    let mut checker = Checker::new(&program, FILE);
    typed(&mut checker, &mut locals, text);
    diagnostics.append(&mut checker.take_reported());
    diagnostics
}

/// The variables with their types; one that cannot be read is reported at the start.
fn locals(program: &Program<'_>, variables: &[(String, String)], diagnostics: &mut Vec<Diagnostic>) -> Vec<Local> {
    let local = |(name, written): &(String, String)| {
        let (ty, errors) = hookc_grammar::parse_type(written);
        let mut problems: Vec<Diagnostic> = errors.iter().map(|error| syntax_diagnostic(FILE, error)).collect();
        let ty = program.resolve_type(FILE, 0, &ty, &mut problems);
        for mut problem in problems {
            problem.message = format!("variable `{name}`: {}", problem.message);
            problem.primary.place.span = Span::default();
            problem.fixes.clear();
            diagnostics.push(problem);
        }
        let name = SmolStr::new(name);
        let place = Place { file: FILE, span: Span::default() };
        Local { name: name.clone(), ty, value: plan::Node::Local { name }, place }
    };
    variables.iter().map(local).collect()
}

/// The typed form of `text`, unless it has a mistake.
fn typed(checker: &mut Checker<'_, '_>, locals: &mut Vec<Local>, text: &str) -> Option<plan::Expr> {
    let (expr, errors) = hookc_grammar::parse_expr(text);
    checker.diagnostics.extend(errors.iter().map(|error| syntax_diagnostic(FILE, error)));
    let mut scope = Scope::new(FILE, 0, Env::Plain);
    scope.locals = std::mem::take(locals);
    // Who evaluates it at once learns of failures by the evaluation.
    scope.inside = true;
    let typed = checker.expr(&mut scope, &expr, None);
    *locals = scope.locals;
    let is_whole = checker.is_whole(checker.damage_since(0)) && typed.ty != Ty::Error;
    is_whole.then_some(*typed.expr)
}
