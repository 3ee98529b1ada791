//! What a profile's mocks cannot do: answer outputs they were not given, and have fields that are read.

use hookc_grammar::Span;
use hookc_plan as plan;
use hookc_plan::{ConnectionValue, Expr, Mock, Node, Plan};
use smol_str::SmolStr;

use crate::diagnostics::{self, Diagnostic};
use crate::sources::FileId;

/// Every mistake with the plan's mocks.
pub(super) fn check(plan: &Plan, _file: FileId) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for job in plan.jobs.values() {
        for op in &job.ops {
            if let plan::Runs::Component(component) = &op.runs {
                check_call(plan, component, &op.args, op.span, &mut problems);
            }
        }
        for hook in job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks) {
            if let Some(component) = &hook.component {
                check_call(plan, component, &hook.args, hook.span, &mut problems);
            }
        }
    }
    super::collect::expressions(plan, &mut |_, expr| {
        expr.walk(&mut |node| check_field(plan, node, &mut problems))
    });
    problems
}

fn mock_of<'a>(plan: &'a Plan, name: &str) -> Option<&'a Mock> {
    match &plan.connections.get(name)?.value {
        ConnectionValue::Mock(mock) => Some(mock),
        ConnectionValue::Fields(_) => None,
    }
}

fn check_call(plan: &Plan, component: &SmolStr, args: &[plan::Arg], span: plan::Span, problems: &mut Vec<Diagnostic>) {
    let mocks = args.iter().filter_map(|arg| match &arg.value.node {
        Node::Connection { name } => mock_of(plan, name).map(|mock| (name, mock)),
        _ => None,
    });
    let Some((name, mock)) = mocks.into_iter().next() else {
        return;
    };
    let Some(def) = plan.components.get(component) else {
        return;
    };
    let required: Vec<String> = def
        .outputs
        .iter()
        .filter(|output| !matches!(output.ty, plan::Type::Optional(_)))
        .map(|output| format!("`{}`", output.name))
        .collect();
    if required.is_empty() || mock.outputs.contains_key(component) {
        return;
    }
    let message = format!(
        "`{name}` is mocked, and `{component}` must answer {}",
        required.join(", ")
    );
    let diagnostic = Diagnostic::new(
        diagnostics::MOCK_NEEDS_OUTPUTS,
        FileId(span.0),
        Span::new(span.1, span.2),
        message,
    );
    problems.push(diagnostic.help(format!(
        "write `connection {name} = mock {component} (…)` in the profile"
    )));
}

fn check_field(plan: &Plan, expr: &Expr, problems: &mut Vec<Diagnostic>) {
    let Node::Field { of, name: field } = &expr.node else {
        return;
    };
    let Node::Connection { name } = &of.node else { return };
    if mock_of(plan, name).is_some() {
        let message = format!("`{name}` is mocked, so it has no `{field}` to read");
        problems.push(Diagnostic::new(
            diagnostics::MOCK_FIELD,
            FileId(expr.span.0),
            Span::new(expr.span.1, expr.span.2),
            message,
        ));
    }
}
