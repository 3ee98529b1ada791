//! A document: text with places where a line may break, and the printer that decides which of them do.
//!
//! The model is the usual one of pretty printers: a group is set on one line when it and what follows it up to the
//! next possible break fit in the width; else its breaks become line breaks and the groups inside it decide anew.
//! What a break means, and which groups exist, is decided by the modules that build documents.

/// How many columns a line may have.
pub(super) const WIDTH: usize = 100;
/// How many columns one step of indentation has.
const STEP: usize = 2;

/// A piece of a document.
#[derive(Debug)]
pub(super) enum Document<'t> {
    /// Text as it is; it may hold line breaks of its own (triple strings).
    Text(&'t str),
    /// A comment; a line break always follows it, so its width does not count.
    Comment(&'t str),
    /// A break that is `flat` while its group is on one line; `blank` puts an empty line there when it breaks.
    Line {
        /// What stands there on one line.
        flat: &'static str,
        /// Whether an empty line is kept.
        blank: bool,
    },
    /// A break that always breaks.
    Hard {
        /// Whether an empty line is kept.
        blank: bool,
    },
    /// Text that stands only where the group is broken.
    IfBroken(&'static str),
    /// One after the other.
    Concat(Vec<Document<'t>>),
    /// Lines begun inside are a step further in.
    Nest(Box<Document<'t>>),
    /// The same, but only where the group around it is broken.
    NestIfBroken(Box<Document<'t>>),
    /// What is set on one line or broken together.
    Group {
        /// What it holds.
        doc: Box<Document<'t>>,
        /// Whether it is broken in any case.
        broken: bool,
        /// Whether a group before it counts on it being on one line.
        stiff: bool,
    },
}

impl<'t> Document<'t> {
    /// Nothing.
    pub(super) const fn nil() -> Document<'t> {
        Document::Concat(Vec::new())
    }

    /// A blank or a line break.
    pub(super) const fn line() -> Document<'t> {
        Document::Line { flat: " ", blank: false }
    }

    /// A line break.
    pub(super) const fn hard() -> Document<'t> {
        Document::Hard { blank: false }
    }

    /// `doc`, a step further in.
    pub(super) fn nest(doc: Document<'t>) -> Document<'t> {
        Document::Nest(Box::new(doc))
    }

    /// `doc`, a step further in where the group around it is broken.
    pub(super) fn nest_if_broken(doc: Document<'t>) -> Document<'t> {
        Document::NestIfBroken(Box::new(doc))
    }

    /// `doc` as a group.
    pub(super) fn group(doc: Document<'t>, broken: bool) -> Document<'t> {
        Document::Group { doc: Box::new(doc), broken, stiff: false }
    }

    /// `doc` as a group that the groups before it want on one line.
    pub(super) fn stiff_group(doc: Document<'t>, broken: bool) -> Document<'t> {
        Document::Group { doc: Box::new(doc), broken, stiff: true }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

type Command<'d, 't> = (usize, Mode, &'d Document<'t>);

/// Prints `doc` from the first column.
pub(super) fn print(doc: &Document<'_>) -> String {
    let mut printer = Printer { out: String::new(), column: 0 };
    let mut todo: Vec<Command<'_, '_>> = vec![(0, Mode::Broken, doc)];
    while let Some(command) = todo.pop() {
        printer.step(command, &mut todo);
    }
    printer.out
}

struct Printer {
    out: String,
    column: usize,
}

impl Printer {
    fn step<'d, 't>(&mut self, (indent, mode, doc): Command<'d, 't>, todo: &mut Vec<Command<'d, 't>>) {
        match doc {
            Document::Text(text) | Document::Comment(text) => self.text(text),
            Document::Line { flat, .. } if mode == Mode::Flat => self.text(flat),
            Document::Line { blank, .. } | Document::Hard { blank } => self.new_line(indent, *blank),
            Document::IfBroken(text) => {
                if mode == Mode::Broken {
                    self.text(text);
                }
            }
            Document::Concat(docs) => todo.extend(docs.iter().rev().map(|doc| (indent, mode, doc))),
            Document::Nest(doc) => todo.push((indent + STEP, mode, doc)),
            Document::NestIfBroken(doc) => {
                let step = if mode == Mode::Broken { STEP } else { 0 };
                todo.push((indent + step, mode, doc));
            }
            Document::Group { doc, broken, .. } => {
                let flat = !broken && (mode == Mode::Flat || fits(WIDTH.saturating_sub(self.column), doc, todo));
                todo.push((indent, if flat { Mode::Flat } else { Mode::Broken }, doc));
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = columns(last),
            None => self.column += columns(text),
        }
    }

    fn new_line(&mut self, indent: usize, blank: bool) {
        self.out.push_str(if blank { "\n\n" } else { "\n" });
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}

/// Whether `doc` on one line, and what follows it up to the next break, has room in `room` columns.
fn fits(room: usize, doc: &Document<'_>, following: &[Command<'_, '_>]) -> bool {
    let mut room = room;
    let mut following = following.iter().rev();
    let mut todo = vec![(Mode::Flat, doc)];
    loop {
        let Some((mode, doc)) = todo.pop().or_else(|| following.next().map(|(_, mode, doc)| (*mode, *doc))) else {
            return true;
        };
        let width = match doc {
            Document::Text(text) => {
                if !first_line_fits(text, room) {
                    return false;
                }
                match text.rsplit_once('\n') {
                    Some((_, last)) => {
                        room = WIDTH;
                        columns(last)
                    }
                    None => columns(text),
                }
            }
            Document::Line { flat, .. } if mode == Mode::Flat => flat.len(),
            Document::Line { .. } | Document::Hard { .. } | Document::Comment(_) => return true,
            Document::IfBroken(text) => {
                if mode == Mode::Broken {
                    text.len()
                } else {
                    0
                }
            }
            Document::Concat(docs) => {
                todo.extend(docs.iter().rev().map(|doc| (mode, doc)));
                0
            }
            Document::Nest(doc) | Document::NestIfBroken(doc) => {
                todo.push((mode, doc));
                0
            }
            Document::Group { doc, broken, stiff } => {
                let flat = !broken && (mode == Mode::Flat || *stiff);
                todo.push((if flat { Mode::Flat } else { Mode::Broken }, doc));
                0
            }
        };
        match room.checked_sub(width) {
            Some(left) => room = left,
            None => return false,
        }
    }
}

/// Whether the first line of `text` has room; of a long text no more is looked at than needed.
fn first_line_fits(text: &str, room: usize) -> bool {
    let enough = text.floor_char_boundary((room + 1) * 4);
    let start = text.get(..enough).unwrap_or(text);
    columns(start.split('\n').next().unwrap_or_default()) <= room
}

fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
