use crate::keyword::{Keyword, NAME_LETTER};
use crate::nodes::{Rule, reads};
use crate::token_row::*;

#[test]
fn the_grammar_names_the_same_letters() {
    let named = [
        (Rule::FREE, FREE_WORD),
        (Rule::PREFIX, MINUS),
        (Rule::PREFIX, BANG),
        (Rule::COLON, COLON),
        (Rule::ANGLE, ANGLE),
        (Rule::QUESTION, QUESTION),
        (Rule::QUESTIONS, QUESTIONS),
        (Rule::INFIX, OTHER_INFIX),
        (Rule::DOTS, DOTS),
        (Rule::DIGITS, DIGITS),
        (Rule::NUMERAL, NUMBER),
        (Rule::PLAIN, PLAIN),
        (Rule::RAW, RAW),
        (Rule::SCRIPT, SCRIPT),
        (Rule::TEMPLATE, TEMPLATE),
        (Rule::TEMPLATE_END, TEMPLATE_END),
        (Rule::HOLE, HOLE),
        (Rule::HOLE_END, HOLE_END),
        (Rule::EQUAL, sign(b"=", false)),
        (Rule::TWO_EQUAL, sign(b"==", false)),
        (Rule::GREATER, sign(b">", false)),
        (Rule::ARROW, sign(b"->", false)),
        (Rule::SPREAD, sign(b"...", false)),
    ];
    for (rule, letter) in named {
        assert!(reads(rule, letter), "{rule:?} does not read {letter:?}");
    }
}

#[test]
fn the_grammar_names_the_same_words() {
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
