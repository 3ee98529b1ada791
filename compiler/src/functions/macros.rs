//! The macros over lists and maps. A map's keys come in sorted order; with two variables the first is the key, or the
//! position in a list.

use hookc_plan::MacroKind;

use super::page::FunctionKind::Macro;
use super::page::{FunctionPage, Receiver};
use super::signature::{Check, Variables};

const PAIRS: &str = "extension `comprehensions`";
const KEYS: &str = "CEL does not define the order of a map's keys.";
const LISTS: Receiver = Receiver::List;
const MAPS: Receiver = Receiver::Map;

/// A macro that says whether items satisfy a condition, on lists and on maps.
macro_rules! question {
    ($kind:ident, $name:literal, $meaning:literal, ($list:literal, $list_value:literal), ($map:literal, $map_value:literal)) => {
        [
            FunctionPage {
                name: $name,
                kind: Macro,
                receiver: LISTS,
                signatures: &[
                    concat!("list<T>.", $name, "(item, bool) -> bool"),
                    concat!("list<T>.", $name, "(position, item, bool) -> bool"),
                ],
                meaning: $meaning,
                examples: &[($list, $list_value)],
                spec: "Macros; extension `comprehensions`",
                differs: "Evaluation stops at the first item that decides the result or fails.",
                check: Check::Macro(MacroKind::$kind, Variables::OneOrTwo),
            },
            FunctionPage {
                name: $name,
                kind: Macro,
                receiver: MAPS,
                signatures: &[
                    concat!("map<string, T>.", $name, "(key, bool) -> bool"),
                    concat!("map<string, T>.", $name, "(key, value, bool) -> bool"),
                ],
                meaning: $meaning,
                examples: &[($map, $map_value)],
                spec: "Macros; extension `comprehensions`",
                differs: KEYS,
                check: Check::Macro(MacroKind::$kind, Variables::OneOrTwo),
            },
        ]
    };
}

const ALL: [FunctionPage; 2] = question!(
    All,
    "all",
    "Whether the condition is true for all items or keys. It is true for an empty list or map.",
    ("[1, 2].all(x, x > 0)", "true"),
    ("{ \"a\": 1 }.all(k, v, v > 1)", "false")
);
const EXISTS: [FunctionPage; 2] = question!(
    Exists,
    "exists",
    "Whether the condition is true for at least one item or key.",
    ("[5, 6].exists(at, x, at == 1 && x == 6)", "true"),
    ("{ \"a\": 1 }.exists(k, k == \"b\")", "false")
);
const EXISTS_ONE: [FunctionPage; 2] = question!(
    ExistsOne,
    "exists_one",
    "Whether the condition is true for exactly one item or key. All of them are tested.",
    ("[1, 2, 2].exists_one(x, x == 2)", "false"),
    ("{ \"a\": 1 }.exists_one(k, v, v == 1)", "true")
);
const EXISTS_ONE_TOO: [FunctionPage; 2] = question!(
    ExistsOne,
    "existsOne",
    "The same as `exists_one`.",
    ("[1, 2, 2].existsOne(x, x == 1)", "true"),
    ("{ \"a\": 1 }.existsOne(k, v, v == 1)", "true")
);

pub(super) const PAGES: &[FunctionPage] = &[
    ALL[0],
    ALL[1],
    EXISTS[0],
    EXISTS[1],
    EXISTS_ONE[0],
    EXISTS_ONE[1],
    EXISTS_ONE_TOO[0],
    EXISTS_ONE_TOO[1],
    FunctionPage {
        name: "map",
        kind: Macro,
        receiver: LISTS,
        signatures: &["list<T>.map(item, U) -> list<U>", "list<T>.map(item, bool, U) -> list<U>"],
        meaning: "The value of an expression for each item, in order. With a condition before the expression, only the items for which it is true are used.",
        examples: &[("[1, 2].map(x, x * 10)", "[10,20]"), ("[1, 2, 3].map(x, x > 1, x * 10)", "[20,30]")],
        spec: "Macros",
        differs: "",
        check: Check::Macro(MacroKind::Map, Variables::OneOrTwo),
    },
    FunctionPage {
        name: "map",
        kind: Macro,
        receiver: MAPS,
        signatures: &["map<string, T>.map(key, U) -> list<U>", "map<string, T>.map(key, value, U) -> list<U>"],
        meaning: "The value of an expression for each key, in sorted order.",
        examples: &[
            ("{ \"b\": 2, \"a\": 1 }.map(k, k)", "[\"a\",\"b\"]"),
            ("{ \"b\": 2, \"a\": 1 }.map(k, v, v)", "[1,2]"),
        ],
        spec: "Macros",
        differs: "On a map with three arguments, the second is a variable, not a condition.",
        check: Check::Macro(MacroKind::Map, Variables::OneOrTwo),
    },
    FunctionPage {
        name: "filter",
        kind: Macro,
        receiver: LISTS,
        signatures: &["list<T>.filter(item, bool) -> list<T>", "list<T>.filter(position, item, bool) -> list<T>"],
        meaning: "The items for which the condition is true.",
        examples: &[("[1, 2, 3].filter(x, x > 1)", "[2,3]")],
        spec: "Macros",
        differs: "CEL has no form with two variables.",
        check: Check::Macro(MacroKind::Filter, Variables::OneOrTwo),
    },
    FunctionPage {
        name: "filter",
        kind: Macro,
        receiver: MAPS,
        signatures: &[
            "map<string, T>.filter(key, bool) -> list<string>",
            "map<string, T>.filter(key, value, bool) -> list<string>",
        ],
        meaning: "The keys for which the condition is true, in sorted order.",
        examples: &[("{ \"b\": 2, \"a\": 1 }.filter(k, v, v > 1)", "[\"b\"]")],
        spec: "Macros",
        differs: "CEL has no form with two variables.",
        check: Check::Macro(MacroKind::Filter, Variables::OneOrTwo),
    },
    FunctionPage {
        name: "transformList",
        kind: Macro,
        receiver: LISTS,
        signatures: &[
            "list<T>.transformList(position, item, U) -> list<U>",
            "list<T>.transformList(position, item, bool, U) -> list<U>",
        ],
        meaning: "The same as `map`, with the position of each item.",
        examples: &[("[5, 6].transformList(at, x, at * x)", "[0,6]")],
        spec: PAIRS,
        differs: "",
        check: Check::Macro(MacroKind::Map, Variables::Two),
    },
    FunctionPage {
        name: "transformList",
        kind: Macro,
        receiver: MAPS,
        signatures: &[
            "map<string, T>.transformList(key, value, U) -> list<U>",
            "map<string, T>.transformList(key, value, bool, U) -> list<U>",
        ],
        meaning: "The value of an expression for each entry, in the sorted order of the keys.",
        examples: &[("{ \"b\": 2, \"a\": 1 }.transformList(k, v, v > 1, \"${k}=${v}\")", "[\"b=2\"]")],
        spec: PAIRS,
        differs: KEYS,
        check: Check::Macro(MacroKind::Map, Variables::Two),
    },
    FunctionPage {
        name: "transformMap",
        kind: Macro,
        receiver: MAPS,
        signatures: &[
            "map<string, T>.transformMap(key, value, U) -> map<string, U>",
            "map<string, T>.transformMap(key, value, bool, U) -> map<string, U>",
        ],
        meaning: "A map with the same keys and new values. With a condition before the expression, only the entries for which it is true are kept.",
        examples: &[("{ \"a\": 1, \"b\": 2 }.transformMap(k, v, v > 1, v * 10)", "{\"b\":20}")],
        spec: PAIRS,
        differs: "Not available on lists, because the keys of a map are strings.",
        check: Check::Macro(MacroKind::TransformMap, Variables::Two),
    },
];
