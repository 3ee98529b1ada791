use crate::commands::eval::{Var, var};

#[test]
fn a_variable_has_name_type_and_value() {
    let full = Var { name: "tags".to_owned(), ty: "list<string>".to_owned(), value: Some("[\"a=b\"]".to_owned()) };
    assert_eq!(var("tags: list<string> = [\"a=b\"]"), Some(full));
    assert_eq!(var("note:string?").map(|var| var.value), Some(None));
    assert_eq!(var("loss = 1"), None);
    assert_eq!(var(": int = 1"), None);
}
