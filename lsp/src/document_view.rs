//! What a request sees: a document of the snapshot, with the places in its project's files as the client counts them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_compiler::ide::{self, World};
use hookc_grammar::Span;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use crate::document_text::Text;
use crate::project::{ProjectFile, ProjectId};
use crate::state::State;

/// A document and its project.
pub(crate) struct DocumentView<'a> {
    pub(crate) state: &'a State,
    pub(crate) world: &'a World,
    pub(crate) project_id: &'a ProjectId,
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<Text>,
    /// The other files that were looked at.
    others: RefCell<BTreeMap<Arc<str>, Option<Arc<Text>>>>,
}

impl<'a> DocumentView<'a> {
    /// The document with this address; `None` where the server knows no such.
    pub(crate) fn of(state: &'a State, uri: &Uri) -> Option<DocumentView<'a>> {
        DocumentView::at(state, &state.project_file(uri))
    }

    pub(crate) fn at(state: &'a State, project_file: &ProjectFile) -> Option<DocumentView<'a>> {
        let (project_id, project) = state.projects.get_key_value(&project_file.project_id)?;
        let world = project.world();
        let text = match state.documents.get(project_file) {
            Some(document) => document.text.clone(),
            None => Arc::new(Text::new(world.text(&project_file.path)?)),
        };
        Some(DocumentView {
            state,
            world,
            project_id,
            path: project_file.path.clone(),
            text,
            others: RefCell::default(),
        })
    }

    pub(crate) fn offset(&self, position: Position) -> u32 {
        self.text.offset(position, self.state.profile.encoding)
    }

    pub(crate) fn span(&self, range: Range) -> Span {
        self.text.span(range, self.state.profile.encoding)
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        self.text.range(span, self.state.profile.encoding)
    }

    pub(crate) fn position(&self, offset: u32) -> Position {
        self.text.position(offset, self.state.profile.encoding)
    }

    /// A range in any file of the project, the library's included.
    pub(crate) fn range_in(&self, path: &Arc<str>, span: Span) -> Option<Range> {
        Some(self.text_of(path)?.range(span, self.state.profile.encoding))
    }

    pub(crate) fn location(&self, location: &ide::Location) -> Option<Location> {
        let range = self.range_in(&location.path, location.span)?;
        Some(Location { uri: self.uri(&location.path)?, range })
    }

    pub(crate) fn uri(&self, path: &Arc<str>) -> Option<Uri> {
        self.state.uri(&self.project_file(path))
    }

    pub(crate) fn project_file(&self, path: &Arc<str>) -> ProjectFile {
        ProjectFile { project_id: self.project_id.clone(), path: path.clone() }
    }

    fn text_of(&self, path: &Arc<str>) -> Option<Arc<Text>> {
        if *path == self.path {
            return Some(self.text.clone());
        }
        let mut others = self.others.borrow_mut();
        let text =
            others.entry(path.clone()).or_insert_with(|| match self.state.documents.get(&self.project_file(path)) {
                Some(document) => Some(document.text.clone()),
                None => self.world.text(path).map(|text| Arc::new(Text::new(text))),
            });
        text.clone()
    }
}
