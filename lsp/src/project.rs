//! A project and its texts, as revisions that never change.
//!
//! An edit makes the next revision from the last one and costs a few pointers: what it means is worked out once, by the first
//! who asks, on that one's thread. Edits that nobody has asked about in between are worked out together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use hookc_compiler::ide::World;
use hookc_compiler::{LoadError, Project as Rules};
use hookc_files::disk_loader::read_text;
use hookc_files::project_root::Settings;

/// The text of a file, or why there is none.
pub(crate) type Read = Result<Arc<str>, LoadError>;

/// Where documents that share a project live.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ProjectId {
    /// The real path of the project's folder.
    Folder(Arc<Path>),
    /// A document that is no file is a project by itself; its address.
    Alone(Arc<str>),
    /// The built-in library.
    Library,
}

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ProjectFile {
    pub(crate) project_id: ProjectId,
    /// From the project's root, with `/`.
    pub(crate) path: Arc<str>,
}

/// A project.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) project_id: ProjectId,
    pub(crate) settings: Arc<Settings>,
    /// The files that lie in the client's folders; the others are open, or imported.
    pub(crate) listed: Arc<BTreeSet<Arc<str>>>,
    /// Where a path is not the file's own name: names that are not UTF-8.
    pub(crate) names: Arc<BTreeMap<Arc<str>, PathBuf>>,
    pub(crate) revision: Arc<Revision>,
}

/// What happens to a file.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// It has a text. `asked`: its own diagnostics are wanted; else it is only imported.
    Text { text: Read, asked: bool },
    /// It is no part of the project any more.
    Gone,
}

/// A project at one moment.
#[derive(Debug)]
pub(crate) struct Revision {
    base: World,
    rules: Option<Rules>,
    changes: BTreeMap<Arc<str>, Change>,
    /// Where files that are imported are read from.
    folder: Option<Arc<Path>>,
    world: OnceLock<World>,
}

impl Project {
    /// A project without files; `rules` are those of its settings that hold here.
    pub(crate) fn new(project_id: ProjectId, settings: Settings, rules: Rules) -> Project {
        let folder = match &project_id {
            ProjectId::Folder(folder) => Some(folder.clone()),
            ProjectId::Alone(_) | ProjectId::Library => None,
        };
        let base = World::new(rules);
        let revision = Revision { base, rules: None, changes: BTreeMap::new(), folder, world: OnceLock::new() };
        Project {
            project_id,
            settings: Arc::new(settings),
            listed: Arc::default(),
            names: Arc::default(),
            revision: Arc::new(revision),
        }
    }

    /// The next revision, with one file changed.
    pub(crate) fn change(&mut self, path: &Arc<str>, change: Change) {
        let mut next = self.revision.next();
        next.changes.insert(path.clone(), change);
        self.revision = Arc::new(next);
    }

    /// Whether one of the project's own files already has this text, worked out or not.
    pub(crate) fn has(&self, path: &str, text: &str) -> bool {
        // A file that cannot be read has an empty text.
        !text.is_empty() && self.listed.contains(path) && self.revision.text(path).as_deref() == Some(text)
    }

    /// The next revision, with the settings of another `hook.toml`.
    pub(crate) fn set(&mut self, settings: Settings, rules: Rules) {
        let mut next = self.revision.next();
        next.rules = Some(rules);
        self.revision = Arc::new(next);
        self.settings = Arc::new(settings);
    }

    /// Where a file lies on the disk.
    pub(crate) fn disk(&self, path: &str) -> Option<PathBuf> {
        let ProjectId::Folder(folder) = &self.project_id else { return None };
        Some(self.names.get(path).cloned().unwrap_or_else(|| folder.join(path)))
    }

    pub(crate) fn world(&self) -> &World {
        self.revision.world()
    }
}

impl Revision {
    /// What is to be changed before anyone sees it.
    fn next(&self) -> Revision {
        let (base, rules, changes) = match self.world.get() {
            Some(world) => (world.clone(), None, BTreeMap::new()),
            None => (self.base.clone(), self.rules.clone(), self.changes.clone()),
        };
        Revision { base, rules, changes, folder: self.folder.clone(), world: OnceLock::new() }
    }

    /// The text of a file, without working out anything.
    fn text(&self, path: &str) -> Option<Arc<str>> {
        match (self.world.get(), self.changes.get(path)) {
            (Some(world), _) => world.text(path),
            (None, Some(Change::Text { text, .. })) => text.clone().ok(),
            (None, Some(Change::Gone)) => None,
            (None, None) => self.base.text(path),
        }
    }

    /// What is known of the project; worked out by the first who asks.
    pub(crate) fn world(&self) -> &World {
        self.world.get_or_init(|| self.work_out())
    }

    fn work_out(&self) -> World {
        let mut world = self.base.clone();
        if let Some(rules) = &self.rules {
            world = world.with_project(rules.clone());
        }
        for (path, change) in &self.changes {
            world = match change {
                Change::Text { text, asked } => world.with_file(path, text.clone(), *asked),
                Change::Gone => world.without_file(path),
            };
        }
        loop {
            let missing = world.missing();
            if missing.is_empty() {
                return world;
            }
            for path in missing {
                world = world.with_file(&path, self.read(&path), false);
            }
        }
    }

    /// An imported file that nobody has opened.
    fn read(&self, path: &str) -> Read {
        match &self.folder {
            Some(folder) => read(&folder.join(path), folder),
            None => Err(LoadError::NotFound),
        }
    }
}

/// The text of a file in a project's folder, without a byte-order mark: editors do not show it, nor count it.
pub(crate) fn read(file: &Path, folder: &Path) -> Read {
    read_text(file, folder).map(|text| text.strip_prefix('\u{feff}').map(Arc::from).unwrap_or(text))
}
