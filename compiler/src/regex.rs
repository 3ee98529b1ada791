//! The portable profile of patterns: what every engine we compile to reads alike.
//!
//! `\d`, `\w` and `\s` mean Unicode in some engines and ASCII in others, so they are written out. What differs between
//! engines otherwise (`\b`, look-around, flags, POSIX classes, `{,n}`, possessive forms, set operations) is refused.

use std::iter::Peekable;
use std::str::Chars;

/// The pattern in the portable form, or what is wrong with it.
pub(crate) fn portable(pattern: &str) -> Result<String, String> {
    let mut writer = Writer { rest: pattern.chars().peekable(), out: String::with_capacity(pattern.len()) };
    writer.run()?;
    let parsed = regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(&writer.out);
    match parsed {
        Ok(_) => Ok(writer.out),
        Err(_) => Err("invalid pattern: a bracket, class or count is incomplete".to_owned()),
    }
}

struct Writer<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
}

impl Writer<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' => self.repeat(c)?,
                '{' => self.count()?,
                _ => self.out.push(c),
            }
        }
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(c) = self.rest.next() else {
            return Err("a pattern cannot end with `\\`".to_owned());
        };
        let inside = match c {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            's' => " \\t\\n\\r\\x0C\\x0B",
            'n' | 't' | 'r' => {
                self.out.push('\\');
                self.out.push(c);
                return Ok(());
            }
            'D' | 'W' | 'S' if !in_class => {
                let inside = match c {
                    'D' => "0-9",
                    'W' => "0-9A-Za-z_",
                    _ => " \\t\\n\\r\\x0C\\x0B",
                };
                self.out.push_str(&format!("[^{inside}]"));
                return Ok(());
            }
            c if c.is_ascii_punctuation() => {
                self.out.push('\\');
                self.out.push(c);
                return Ok(());
            }
            c => return Err(format!("invalid pattern: `\\{c}` does not mean the same in every engine")),
        };
        self.out.push_str(&if in_class { inside.to_owned() } else { format!("[{inside}]") });
        Ok(())
    }

    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        while let Some(c) = self.rest.next() {
            match c {
                ']' if !first => {
                    self.out.push(']');
                    return Ok(());
                }
                '[' => return Err("invalid pattern: write `\\[` for a bracket in a class".to_owned()),
                ']' => return Err("invalid pattern: write `\\]` for a bracket in a class".to_owned()),
                '&' | '~' | '-' if self.rest.peek() == Some(&c) && !first => {
                    return Err(format!("invalid pattern: `{c}{c}` in a class does not mean the same in every engine"));
                }
                '\\' => self.escape(true)?,
                _ => self.out.push(c),
            }
            first = false;
        }
        Err("invalid pattern: a class is not closed with `]`".to_owned())
    }

    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_some() {
            if self.rest.next_if_eq(&':').is_none() {
                return Err(
                    "invalid pattern: look-around, flags and named groups do not exist in every engine".to_owned()
                );
            }
            self.out.push_str("?:");
        }
        Ok(())
    }

    /// Behind `*`, `+`, `?` or a count only `?` (as few as possible) may follow.
    fn repeat(&mut self, c: char) -> Result<(), String> {
        self.out.push(c);
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        if matches!(self.rest.peek(), Some('*' | '+' | '?' | '{')) {
            return Err("invalid pattern: two repetitions in a row do not mean the same in every engine".to_owned());
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), String> {
        let mut inside = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(c) if c.is_ascii_digit() || c == ',' => inside.push(c),
                _ => return Err("invalid pattern: write `\\{` for a brace, or a count as in `{2,5}`".to_owned()),
            }
        }
        let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
        let small = |text: &str| text.parse::<u32>().is_ok_and(|count| count <= 1000);
        if !small(least) || !(most.is_empty() || small(most)) {
            return Err("invalid pattern: a count needs a first number and is at most 1000, as in `{2,5}`".to_owned());
        }
        self.out.push('{');
        self.out.push_str(&inside);
        self.repeat('}')
    }
}
