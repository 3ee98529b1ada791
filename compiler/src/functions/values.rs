//! The functions of values of several kinds, of ops and of secrets.

use hookc_plan::Node;

use super::page::FunctionKind::{Function, Method};
use super::page::{FunctionPage, Receiver};
use super::signature::{Check, Make, Shape, Special};

pub(super) const PAGES: &[FunctionPage] = &[
    FunctionPage {
        name: "size",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["size(string) -> int", "size(list<T>) -> int", "size(map<string, T>) -> int"],
        meaning: "The number of code points in a string, items in a list, or keys in a map.",
        examples: &[("size(\"ÿ😀\")", "2"), ("size([1, 2])", "2"), ("size({ \"a\": 1 })", "1")],
        spec: "List of Standard Definitions",
        differs: "",
        check: Check::Special(Special::Size, 1, 1),
    },
    FunctionPage {
        name: "has",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["has(a.b) -> bool"],
        meaning: "Whether an optional field has a value, or a map has a key. It makes the field or the value certain.",
        examples: &[("[{ \"a\": 1 }].exists(m, has(m.a))", "true")],
        spec: "Field Selection; Macros",
        differs: "It is a warning on a field that is never missing, and an error on a field that does not exist.",
        check: Check::Special(Special::Has, 1, 1),
    },
    FunctionPage {
        name: "get",
        kind: Method,
        receiver: Receiver::Map,
        signatures: &["map<string, T>.get(key: string) -> T?"],
        meaning: "The value of a key, or null if the map does not have the key.",
        examples: &[("{ \"a\": 1 }.get(\"a\")", "1"), ("{ \"a\": 1 }.get(\"b\")", "null")],
        spec: "optional values: `m[?key]`",
        differs: "CEL returns a value of an optional type.",
        check: Check::Plain(&[Shape::String], Shape::ItemOrNull, Make::Binary(|of, key| Node::GetMap { of, key })),
    },
    FunctionPage {
        name: "size",
        kind: Method,
        receiver: Receiver::Map,
        signatures: &["map<string, T>.size() -> int"],
        meaning: "The number of keys.",
        examples: &[("{ \"a\": 1 }.size()", "1")],
        spec: "List of Standard Definitions",
        differs: "",
        check: Check::Plain(&[], Shape::Int, Make::Unary(|a| Node::SizeMap { a })),
    },
    FunctionPage {
        name: "status",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["status(op) -> OpStatus"],
        meaning: "How an op ended: `succeeded`, `failed`, `stopped`, `skipped`, `upstream_failed`, or else `pending`. The op does not have to succeed.",
        examples: &[],
        spec: "not in CEL",
        differs: "",
        check: Check::Special(Special::Status, 1, 1),
    },
    FunctionPage {
        name: "secret",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["secret(\"NAME\") -> secret"],
        meaning: "A secret with a constant name. It can be passed only to an input or field of type `secret`.",
        examples: &[],
        spec: "not in CEL",
        differs: "",
        check: Check::Special(Special::Secret, 1, 1),
    },
];
