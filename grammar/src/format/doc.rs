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
pub(super) enum Doc<'t> {
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
    Concat(Vec<Doc<'t>>),
    /// Lines begun inside are a step further in.
    Nest(Box<Doc<'t>>),
    /// The same, but only where the group around it is broken.
    NestIfBroken(Box<Doc<'t>>),
    /// What is set on one line or broken together.
    Group {
        /// What it holds.
        doc: Box<Doc<'t>>,
        /// Whether it is broken in any case.
        broken: bool,
        /// Whether a group before it counts on it being on one line.
        stiff: bool,
    },
}

impl<'t> Doc<'t> {
    /// Nothing.
    pub(super) const fn nil() -> Doc<'t> {
        Doc::Concat(Vec::new())
    }

    /// A blank or a line break.
    pub(super) const fn line() -> Doc<'t> {
        Doc::Line { flat: " ", blank: false }
    }

    /// A line break.
    pub(super) const fn hard() -> Doc<'t> {
        Doc::Hard { blank: false }
    }

    /// `doc`, a step further in.
    pub(super) fn nest(doc: Doc<'t>) -> Doc<'t> {
        Doc::Nest(Box::new(doc))
    }

    /// `doc`, a step further in where the group around it is broken.
    pub(super) fn nest_if_broken(doc: Doc<'t>) -> Doc<'t> {
        Doc::NestIfBroken(Box::new(doc))
    }

    /// `doc` as a group.
    pub(super) fn group(doc: Doc<'t>, broken: bool) -> Doc<'t> {
        Doc::Group { doc: Box::new(doc), broken, stiff: false }
    }

    /// `doc` as a group that the groups before it want on one line.
    pub(super) fn stiff_group(doc: Doc<'t>, broken: bool) -> Doc<'t> {
        Doc::Group { doc: Box::new(doc), broken, stiff: true }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

type Command<'d, 't> = (usize, Mode, &'d Doc<'t>);

/// Prints `doc` from the first column.
pub(super) fn print(doc: &Doc<'_>) -> String {
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
            Doc::Text(text) | Doc::Comment(text) => self.text(text),
            Doc::Line { flat, .. } if mode == Mode::Flat => self.text(flat),
            Doc::Line { blank, .. } | Doc::Hard { blank } => self.new_line(indent, *blank),
            Doc::IfBroken(text) => {
                if mode == Mode::Broken {
                    self.text(text);
                }
            }
            Doc::Concat(docs) => todo.extend(docs.iter().rev().map(|doc| (indent, mode, doc))),
            Doc::Nest(doc) => todo.push((indent + STEP, mode, doc)),
            Doc::NestIfBroken(doc) => {
                let step = if mode == Mode::Broken { STEP } else { 0 };
                todo.push((indent + step, mode, doc));
            }
            Doc::Group { doc, broken, .. } => {
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
fn fits(room: usize, doc: &Doc<'_>, following: &[Command<'_, '_>]) -> bool {
    let mut room = room;
    let mut following = following.iter().rev();
    let mut todo = vec![(Mode::Flat, doc)];
    loop {
        let Some((mode, doc)) = todo.pop().or_else(|| following.next().map(|(_, mode, doc)| (*mode, *doc))) else {
            return true;
        };
        let width = match doc {
            Doc::Text(text) => {
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
            Doc::Line { flat, .. } if mode == Mode::Flat => flat.len(),
            Doc::Line { .. } | Doc::Hard { .. } | Doc::Comment(_) => return true,
            Doc::IfBroken(text) => {
                if mode == Mode::Broken {
                    text.len()
                } else {
                    0
                }
            }
            Doc::Concat(docs) => {
                todo.extend(docs.iter().rev().map(|doc| (mode, doc)));
                0
            }
            Doc::Nest(doc) | Doc::NestIfBroken(doc) => {
                todo.push((mode, doc));
                0
            }
            Doc::Group { doc, broken, stiff } => {
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
