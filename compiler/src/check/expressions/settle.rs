//! Corrects what was typed before it was known which ops need the success of which.

use hookc_plan::{Expr, Node, Path, Type};

use crate::check::scope::Env;
use crate::check::typed::{OpRead, Typed};
use crate::check::{ExpressionChecker, Scope};
use crate::diagnostics::Diagnostic;

impl ExpressionChecker<'_, '_> {
    /// Reports a guard of a value that is never null.
    pub(crate) fn check_guard(&mut self, scope: &mut Scope<'_, '_>, guarded: &Typed, diagnostic: Diagnostic) {
        if !guarded.ty.takes_null() {
            self.report(diagnostic);
        } else if let Some(op) = undecided(scope, &guarded.expr) {
            scope.ops.guards.push((op, diagnostic));
        }
    }

    /// Corrects the types of reads that were guarded, when the success of the op is needed after all.
    pub(crate) fn settle<'e>(&mut self, scope: &mut Scope<'_, '_>, exprs: impl Iterator<Item = &'e mut Expr>) {
        let uncertain = scope.ops.uncertain();
        for (op, guard) in std::mem::take(&mut scope.ops.guards) {
            if !uncertain.contains(&op) {
                self.report(guard);
            }
        }
        let is_mixed = |read: &OpRead| read.guarded && !uncertain.contains(&read.op);
        if !scope.ops.reads.iter().any(is_mixed) {
            return;
        }
        let is_settled = |expr: &Expr| undecided(scope, expr).is_some_and(|op| !uncertain.contains(&op));
        for expr in exprs {
            expr.walk_mut(&mut |part| {
                if make_certain(part, &is_settled) {
                    self.note_certain(part.span);
                }
            });
        }
    }
}

/// Gives a read its declared type; returns whether it is a read of a settled op.
fn make_certain(expr: &mut Expr, is_settled: &dyn Fn(&Expr) -> bool) -> bool {
    if let Node::Narrow { a, .. } = &mut expr.node
        && is_settled(a)
    {
        expr.node = std::mem::replace(&mut a.node, Node::Const { value: serde_json::Value::Null });
        return true;
    }
    let is_read = is_settled(expr);
    if is_read {
        expr.ty = expr.ty.required().clone();
    }
    is_read
}

/// The op whose output is read, if the output may be null only because the op may not have succeeded.
fn undecided(scope: &Scope<'_, '_>, expr: &Expr) -> Option<usize> {
    let (Node::Ctx { path: Path::OpOutput(name, output) }, Type::Optional(_)) = (&expr.node, &expr.ty) else {
        return None;
    };
    let Env::Job(job, _) = scope.env else { return None };
    let op = job.by_name.get(name).copied()?;
    let (_, declared) = job.ops.get(op)?.outputs.iter().find(|(known, _)| known == output)?;
    (scope.ops.said(op).is_none() && !declared.takes_null()).then_some(op)
}
