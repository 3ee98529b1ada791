//! The alphabet of the grammar (`alphabet.pest`) is what the crate writes.

use std::collections::BTreeSet;

use crate::keyword::{Keyword, NAME_LETTER};
use crate::nodes::{Rule, reads};
use crate::token_row::*;

/// The letters that a rule reads.
fn letters(rule: Rule) -> BTreeSet<char> {
    (0..128_u8).map(char::from).filter(|letter| reads(rule, *letter)).collect()
}

fn keyword_letters(wanted: impl Fn(Keyword) -> bool) -> BTreeSet<char> {
    let keywords = Keyword::ALL.iter().filter(|keyword| wanted(**keyword));
    keywords.map(|keyword| char::from(keyword.letter())).collect()
}

const SIGNS: [&str; 29] = [
    "(", ")", "[", "]", "{", "}", ",", ".", "..", "...", "->", "-", "!", ":", "=", "==", ">", "<", "?", "??", "+", "*",
    "/", "%", "&&", "||", "!=", "<=", "&",
];

#[test]
fn each_kind_of_token_has_its_rule() {
    let named = [
        (Rule::FREE, char::from(NAME_LETTER)),
        (Rule::DIGITS, DIGITS),
        (Rule::PLAIN, PLAIN),
        (Rule::RAW, RAW),
        (Rule::SCRIPT, SCRIPT),
        (Rule::TEMPLATE, TEMPLATE),
        (Rule::TEMPLATE_END, TEMPLATE_END),
        (Rule::HOLE, HOLE),
        (Rule::HOLE_END, HOLE_END),
        (Rule::COLON, sign(b":", false)),
        (Rule::EQUAL, sign(b"=", false)),
        (Rule::TWO_EQUAL, sign(b"==", false)),
        (Rule::GREATER, sign(b">", false)),
        (Rule::ANGLE, sign(b"<", true)),
        (Rule::QUESTION, sign(b"?", true)),
        (Rule::QUESTIONS, sign(b"??", true)),
        (Rule::OPERATOR, sign(b"+", false)),
        (Rule::ARROW, sign(b"->", false)),
        (Rule::DOT, sign(b".", false)),
        (Rule::DOTS, sign(b"..", false)),
        (Rule::SPREAD, sign(b"...", false)),
    ];
    for (rule, letter) in named {
        assert!(reads(rule, letter), "{rule:?} does not read {letter:?}");
        let others = letters(rule).len() - 1;
        assert!(others == 0 || rule == Rule::FREE, "{rule:?} reads more than {letter:?}");
    }
}

#[test]
fn each_keyword_with_a_letter_has_its_rule() {
    let rules = [
        Rule::AFTER,
        Rule::AS,
        Rule::FAIL,
        Rule::FOR,
        Rule::FROM,
        Rule::IN,
        Rule::MODIFY,
        Rule::ON,
        Rule::REQUIRE,
        Rule::RUN,
        Rule::WARN,
        Rule::WHEN,
        Rule::WHERE,
        Rule::WITH,
        Rule::BACKOFF,
        Rule::ELSE,
        Rule::JOB,
        Rule::MAX,
        Rule::MOCK,
        Rule::NOT,
        Rule::OP,
        Rule::PROFILE,
        Rule::RETRYING,
        Rule::SOURCE,
        Rule::STEP,
        Rule::THEN,
        Rule::TOOL,
    ];
    for keyword in Keyword::ALL.iter().filter(|keyword| keyword.letter() != NAME_LETTER) {
        let readers = rules.iter().filter(|rule| reads(**rule, char::from(keyword.letter())));
        let names: Vec<_> = readers.map(|rule| format!("{rule:?}").to_lowercase()).collect();
        let [name] = names.as_slice() else { panic!("{keyword:?}: {names:?}") };
        assert!(keyword.text().starts_with(name), "{name} reads {keyword:?}");
    }
    for rule in rules {
        assert!(Keyword::ALL.iter().any(|keyword| reads(rule, char::from(keyword.letter()))), "{rule:?}");
    }
}

#[test]
fn the_sets_of_words_are_those_of_the_registry() {
    let free = keyword_letters(Keyword::ends_value);
    assert!(letters(Rule::FREE).is_superset(&free));
    let reserved = keyword_letters(|keyword| !keyword.ends_value());
    assert!(letters(Rule::RESERVED).is_superset(&reserved));
    assert!(letters(Rule::FREE).is_disjoint(&letters(Rule::RESERVED)));
    let unused = |set: Rule, used: &BTreeSet<char>| letters(set).difference(used).copied().collect::<BTreeSet<_>>();
    let words: BTreeSet<char> = unused(Rule::FREE, &free).union(&unused(Rule::RESERVED, &reserved)).copied().collect();
    let others = SIGNS.iter().flat_map(|text| [sign(text.as_bytes(), false), sign(text.as_bytes(), true)]);
    let others = others.chain([DIGITS, NUMBER, PLAIN, RAW, SCRIPT, TEMPLATE, TEMPLATE_END, HOLE, HOLE_END, UNKNOWN]);
    for letter in others {
        assert!(!words.contains(&letter), "{letter:?} would be read as a word");
    }
}

#[test]
fn the_sets_of_signs_are_those_that_are_written() {
    let before = |texts: &[&str]| texts.iter().map(|text| sign(text.as_bytes(), false)).collect::<BTreeSet<_>>();
    let brackets = ["(", ")", "[", "]", "{", "}", ",", ".", "..", "...", "->"];
    let infix: Vec<&str> = SIGNS.into_iter().filter(|text| !brackets.contains(text)).collect();
    let mut expected = before(&infix);
    expected.extend(infix.iter().map(|text| sign(text.as_bytes(), true)));
    expected.insert(IN);
    assert_eq!(letters(Rule::INFIX), expected);
    assert_eq!(letters(Rule::PREFIX), before(&["-", "!"]));
    assert_eq!(letters(Rule::NUMERAL), BTreeSet::from([DIGITS, NUMBER]));
    let closing = before(&[")", "]", "}"]).into_iter().chain([HOLE_END, TEMPLATE_END]).collect();
    assert_eq!(letters(Rule::CLOSING), closing);
}
