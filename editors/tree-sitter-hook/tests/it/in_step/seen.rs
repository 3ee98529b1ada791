//! What the tree of tree-sitter says.

use tree_sitter::{Node, Tree};

use super::Mark;

/// The kinds that both parsers know.
const KINDS: &str = "
    import enum record const connection component agent condition reusable_hook job each_job profile test
    op trigger each_op outputs hook use drop retry concurrency setting http external result rebinding secrets given expect
    parameter named_type optional_type call argument event field subject
    name null boolean integer float duration string raw_string list spread braces parenthesized
    unary binary ternary member index function_call
";

fn known(kind: &str) -> Option<&'static str> {
    KINDS.split_whitespace().find(|known| *known == kind)
}

/// The marks of the tree, sorted.
pub(super) fn seen(tree: &Tree, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        nodes.extend(node.children(&mut node.walk()));
        let kind = known(node.kind()).filter(|_| node.is_named());
        if let Some(kind) = kind.filter(|_| is_told(node, text)) {
            marks.push(Mark { start: node.start_byte() as u32, end: node.end_byte() as u32, kind });
        }
    }
    marks.sort();
    marks
}

/// The items alone.
pub(super) fn items(tree: &Tree) -> Vec<Mark> {
    let root = tree.root_node();
    let mut walk = root.walk();
    let named = root.named_children(&mut walk).filter_map(|node| {
        let kind = known(node.kind())?;
        Some(Mark { start: node.start_byte() as u32, end: node.end_byte() as u32, kind })
    });
    named.collect()
}

/// Whether the compiler keeps a node of this kind at this place.
fn is_told(node: Node<'_>, text: &str) -> bool {
    let parent = node.parent().map_or("", |parent| parent.kind());
    match node.kind() {
        // Numbers that are no expressions.
        "integer" => !matches!(parent, "accept" | "given" | "subject"),
        // Of the entries of `http` only the values are kept, of a mock's calls only the arguments.
        "setting" => parent != "http_block",
        "call" => parent != "mock",
        // `allow failure` is one word to the compiler.
        "name" => parent != "setting" || node.prev_sibling().is_none_or(|word| &text[word.byte_range()] != "allow"),
        _ => true,
    }
}

/// Where the first thing is that the grammar does not accept.
pub(super) fn first_error(tree: &Tree, text: &str) -> String {
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        if node.is_error() || node.is_missing() {
            let shown: String = text[node.byte_range()].chars().take(60).collect();
            return format!("line {}: {node:?} {shown:?}", node.start_position().row + 1);
        }
        let mut children: Vec<Node<'_>> = node.children(&mut node.walk()).collect();
        children.reverse();
        nodes.extend(children);
    }
    "no error".to_owned()
}
