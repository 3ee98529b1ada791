//! Lists: what is made of them and taken out of them.

use super::FunctionKind::{Function, Method};
use super::FunctionPage;

const SPEC: &str = "extension `lists`";
const LIST: &str = "list<T>";

pub(super) const PAGES: &[FunctionPage] = &[
    FunctionPage {
        name: "size",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.size() -> int"],
        meaning: "How many items the list has.",
        examples: &[("[1, 2].size()", "2")],
        spec: "List of Standard Definitions",
        differs: "",
    },
    FunctionPage {
        name: "first",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.first() -> T?"],
        meaning: "The first item; null where there is none.",
        examples: &[("[1, 2].first()", "1"), ("[].first() == null", "true")],
        spec: SPEC,
        differs: "CEL gives a value of an optional type.",
    },
    FunctionPage {
        name: "last",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.last() -> T?"],
        meaning: "The last item; null where there is none.",
        examples: &[("[1, 2].last()", "2")],
        spec: SPEC,
        differs: "CEL gives a value of an optional type.",
    },
    FunctionPage {
        name: "slice",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.slice(from: int, to: int) -> list<T>"],
        meaning: "The items from one position to before another. Positions that the list does not have are `range`.",
        examples: &[
            ("[1, 2, 3, 4].slice(1, 3)", "[2,3]"),
            ("[1, 2].slice(1, 3)", "error range"),
        ],
        spec: SPEC,
        differs: "",
    },
    FunctionPage {
        name: "flatten",
        kind: Method,
        receiver: "list<list<T>>",
        signatures: &[
            "list<list<T>>.flatten() -> list<T>",
            "list<…>.flatten(depth) -> list<T>",
        ],
        meaning: "The items of the lists in a list, one after the other; with a constant depth, so many levels.",
        examples: &[
            ("[[1], [2, 3]].flatten()", "[1,2,3]"),
            ("[[[1]], [[2]]].flatten(2)", "[1,2]"),
        ],
        spec: SPEC,
        differs: "The items are lists, all of them; the depth is a constant, from 1.",
    },
    FunctionPage {
        name: "distinct",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.distinct() -> list<T>"],
        meaning: "Each value once, where it stands first.",
        examples: &[("[2, 1, 2].distinct()", "[2,1]")],
        spec: SPEC,
        differs: "",
    },
    FunctionPage {
        name: "sort",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.sort() -> list<T>"],
        meaning: "The items in ascending order: of `bool` (false first), `int`, `float`, `string`, `duration` and `timestamp`. A float that is no number has no place: `not_finite`.",
        examples: &[
            ("[3, 1, 2].sort()", "[1,2,3]"),
            ("[\"b\", \"B\"].sort()", "[\"B\",\"b\"]"),
        ],
        spec: SPEC,
        differs: "",
    },
    FunctionPage {
        name: "reverse",
        kind: Method,
        receiver: LIST,
        signatures: &["list<T>.reverse() -> list<T>"],
        meaning: "The items from the last to the first.",
        examples: &[("[1, 2, 3].reverse()", "[3,2,1]")],
        spec: SPEC,
        differs: "",
    },
    FunctionPage {
        name: "join",
        kind: Method,
        receiver: "list<string>",
        signatures: &[
            "list<string>.join() -> string",
            "list<string>.join(by: string) -> string",
        ],
        meaning: "The texts of a list as one, with another between them.",
        examples: &[
            ("[\"x\", \"y\"].join(\"-\")", "\"x-y\""),
            ("[\"x\", \"y\"].join()", "\"xy\""),
        ],
        spec: "extension `strings`",
        differs: "",
    },
    FunctionPage {
        name: "lists.range",
        kind: Function,
        receiver: "",
        signatures: &["lists.range(n: int) -> list<int>"],
        meaning: "The integers from 0 to before `n`.",
        examples: &[("lists.range(3)", "[0,1,2]"), ("lists.range(-1)", "[]")],
        spec: SPEC,
        differs: "",
    },
];
