//! The functions of values of several kinds, of ops and of secrets.

use super::FunctionKind::{Function, Method};
use super::FunctionPage;

pub(super) const PAGES: &[FunctionPage] = &[
    FunctionPage {
        name: "size",
        kind: Function,
        receiver: "",
        signatures: &["size(string) -> int", "size(list<T>) -> int", "size(map<string, T>) -> int"],
        meaning: "The code points of a string, the items of a list, the keys of a map.",
        examples: &[("size(\"ÿ😀\")", "2"), ("size([1, 2])", "2"), ("size({ \"a\": 1 })", "1")],
        spec: "List of Standard Definitions",
        differs: "",
    },
    FunctionPage {
        name: "has",
        kind: Function,
        receiver: "",
        signatures: &["has(a.b) -> bool"],
        meaning: "Whether an optional field has a value, or a map a key. It makes certain that it is there.",
        examples: &[("[{ \"a\": 1 }].exists(m, has(m.a))", "true")],
        spec: "Field Selection; Macros",
        differs: "On a field that is never missing it is a warning, on one that does not exist an error.",
    },
    FunctionPage {
        name: "get",
        kind: Method,
        receiver: "map<string, T>",
        signatures: &["map<string, T>.get(key: string) -> T?"],
        meaning: "The value of a key; null where the map has no such key.",
        examples: &[("{ \"a\": 1 }.get(\"a\")", "1"), ("{ \"a\": 1 }.get(\"b\")", "null")],
        spec: "optional values: `m[?key]`",
        differs: "CEL gives a value of an optional type.",
    },
    FunctionPage {
        name: "size",
        kind: Method,
        receiver: "map<string, T>",
        signatures: &["map<string, T>.size() -> int"],
        meaning: "How many keys the map has.",
        examples: &[("{ \"a\": 1 }.size()", "1")],
        spec: "List of Standard Definitions",
        differs: "",
    },
    FunctionPage {
        name: "status",
        kind: Function,
        receiver: "",
        signatures: &["status(op) -> OpStatus"],
        meaning: "How an op ended: `succeeded`, `failed`, `stopped`, `skipped`, `upstream_failed`; or `pending`. It does not need the op's success.",
        examples: &[],
        spec: "not in CEL",
        differs: "",
    },
    FunctionPage {
        name: "secret",
        kind: Function,
        receiver: "",
        signatures: &["secret(\"NAME\") -> secret"],
        meaning: "A secret, by its constant name. It can be passed to an input or field of type `secret`, and nothing else.",
        examples: &[],
        spec: "not in CEL",
        differs: "",
    },
];
