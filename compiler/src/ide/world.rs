//! The texts of a project, and what was found out about them.
//!
//! A file is checked with what it imports, at any distance, and with nothing else. That is a unit: it is found out when
//! somebody asks, kept, and shared with later pictures of the project until a text of it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use hookc_grammar::ast::{ExprKind, Item};
use rustc_hash::FxHashMap;

use super::index::Index;
use super::unit::Unit;
use crate::check::PreviousCheck;
use crate::diagnostics::{Diagnostic, Edit, Label, UNUSED_PUBLIC};
use crate::place::Place;
use crate::project::Project;
use crate::sources::{FileId, LoadError, SourceFile, Sources, imported_paths, resolve};
use crate::{library, lints, syntax};

/// An immutable picture of a project; cheap to clone.
#[derive(Clone, Debug)]
pub struct World {
    project: Arc<Project>,
    files: Arc<BTreeMap<Arc<str>, Arc<Entry>>>,
    file_ids: Arc<FileIds>,
    cache: Arc<Mutex<Cache>>,
}

/// A file and where its imports lead.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) file: SourceFile,
    pub(super) imports: Vec<Arc<str>>,
}

/// What was found out.
#[derive(Clone, Debug, Default)]
struct Cache {
    /// Two that ask for one at the same time wait for the same check.
    units: BTreeMap<Arc<str>, Arc<OnceLock<Arc<Unit>>>>,
    /// What the last check of each file knew.
    kept_checks: BTreeMap<Arc<str>, Arc<PreviousCheck>>,
    findings: BTreeMap<Arc<str>, Arc<[Diagnostic]>>,
}

/// The numbers of files in diagnostics: the same path keeps its number as long as the project lives.
#[derive(Debug, Default)]
struct FileIds {
    numbers: RwLock<FileNumbers>,
}

#[derive(Debug, Default)]
struct FileNumbers {
    paths: Vec<Arc<str>>,
    by_path: FxHashMap<Arc<str>, FileId>,
}

impl World {
    /// A project without files.
    pub fn new(project: Project) -> World {
        World { project: Arc::new(project), files: Arc::default(), file_ids: Arc::default(), cache: Arc::default() }
    }

    /// The project's settings.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// With other settings.
    pub fn with_project(&self, project: Project) -> World {
        World { project: Arc::new(project), cache: Arc::default(), ..self.clone() }
    }

    /// With a file new or changed. `asked`: it is one of the project's own, whose diagnostics are reported; else it is only
    /// imported.
    pub fn with_file(&self, path: &str, text: Result<Arc<str>, LoadError>, asked: bool) -> World {
        let before = self.files.get(path).map(|entry| &entry.file);
        let file = SourceFile::read(path, text, asked, before);
        let imports = imported_paths(&file).into_iter().map(Arc::from).collect();
        let mut files = BTreeMap::clone(&self.files);
        add_libraries(&mut files, &imports);
        files.insert(Arc::from(path), Arc::new(Entry { file, imports }));
        self.changed(files, path)
    }

    /// Without a file.
    pub fn without_file(&self, path: &str) -> World {
        let mut files = BTreeMap::clone(&self.files);
        files.remove(path);
        self.changed(files, path)
    }

    /// The next picture: what had to do with `path` before or has now is forgotten.
    fn changed(&self, files: BTreeMap<Arc<str>, Arc<Entry>>, path: &str) -> World {
        let next = World { files: Arc::new(files), cache: Arc::default(), ..self.clone() };
        let mut cache = self.lock().clone();
        for touched in self.dependants(path).into_iter().chain(next.dependants(path)) {
            cache.units.remove(&touched);
        }
        for touched in self.affected(path).into_iter().chain(next.affected(path)) {
            cache.findings.remove(&touched);
        }
        *next.lock() = cache;
        next
    }

    /// Files that are imported, or shared by the project, and not there: the caller reads them and adds them, or their error.
    pub fn missing(&self) -> Vec<Arc<str>> {
        let imported = self.files.values().flat_map(|entry| entry.imports.iter().cloned());
        let wanted: BTreeSet<Arc<str>> = imported.chain(self.shared()).collect();
        wanted.into_iter().filter(|path| !self.files.contains_key(path) && library::text(path).is_none()).collect()
    }

    /// Every file's path, sorted.
    pub fn paths(&self) -> Vec<Arc<str>> {
        self.files.keys().cloned().collect()
    }

    /// The text of a file, those of the built-in library included.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        match self.files.get(path) {
            Some(entry) => Some(Arc::clone(&entry.file.text)),
            None => library::text(path).map(Arc::from),
        }
    }

    /// The file of a diagnostic's label.
    pub fn path_of(&self, file: FileId) -> Arc<str> {
        self.file_ids.path(file)
    }

    /// The diagnostics of a file: what `hookc check` reports over the whole project, in the same order.
    pub fn findings(&self, path: &str) -> Arc<[Diagnostic]> {
        if let Some(known) = self.lock().findings.get(path) {
            return Arc::clone(known);
        }
        let findings: Arc<[Diagnostic]> = self.find(path).into();
        self.lock().findings.insert(Arc::from(path), Arc::clone(&findings));
        findings
    }

    /// The files whose findings a change of `path` may change, sorted: itself, what imports it, and what these import.
    pub fn affected(&self, path: &str) -> Vec<Arc<str>> {
        let mut affected = BTreeSet::from([Arc::from(path)]);
        for dependant in self.dependants(path) {
            affected.extend(self.closure(&dependant));
        }
        affected.into_iter().collect()
    }

    fn find(&self, path: &str) -> Vec<Diagnostic> {
        let Some(entry) = self.files.get(path).filter(|entry| entry.file.asked) else { return Vec::new() };
        let own = self.file_ids.id(path);
        let units: Vec<Arc<Unit>> = self.dependants(path).iter().filter_map(|dependant| self.unit(dependant)).collect();
        let of_file = |diagnostic: &&Diagnostic| diagnostic.file() == own;
        let mut found: Vec<Diagnostic> =
            units.iter().flat_map(|unit| unit.found.iter().filter(of_file).cloned()).collect();
        // What one file does not use another may.
        found.retain(|diagnostic| {
            diagnostic.code != UNUSED_PUBLIC || units.iter().all(|unit| unit.found.contains(diagnostic))
        });
        // A file is checked without the files that import it: what they use is known here.
        found.retain(|finding| finding.code != UNUSED_PUBLIC || !self.is_imported(path, &entry.file, finding));
        // Texts and comments are looked at as the only file of a check.
        let alone = Sources::of_files(Project::clone(&self.project), vec![entry.file.clone()]);
        let mut found = renumbered(found, |file| if file == own { FileId(0) } else { FileId(file.0 + 1) });
        syntax::check_texts(&alone, &mut found);
        let found = lints::apply_allows(&alone, found);
        let found = self.project.apply_levels(crate::sorted(&alone, found));
        renumbered(found, |file| if file == FileId(0) { own } else { FileId(file.0.saturating_sub(1)) })
    }

    /// Whether another file imports the item that a finding is about.
    fn is_imported(&self, path: &str, file: &SourceFile, finding: &Diagnostic) -> bool {
        let span = finding.span();
        let name = file.text.get(span.start as usize..span.end as usize).unwrap_or("");
        let importers = self.files.iter().filter(|(_, entry)| entry.imports.iter().any(|target| **target == *path));
        importers
            .flat_map(|(importer, entry)| imported_names(importer, &entry.file, path))
            .any(|imported| imported == name)
    }

    /// The files that import `path` at any distance, itself included, sorted; those only that are the project's own.
    pub(super) fn dependants(&self, path: &str) -> Vec<Arc<str>> {
        if self.shared().any(|shared| *shared == *path || self.imports_at_all(&shared, path)) {
            return self.own_paths();
        }
        let mut seen: BTreeSet<Arc<str>> = BTreeSet::from([Arc::from(path)]);
        let mut open: Vec<Arc<str>> = vec![Arc::from(path)];
        while let Some(target) = open.pop() {
            for (path, entry) in self.files.iter() {
                if entry.imports.contains(&target) && seen.insert(Arc::clone(path)) {
                    open.push(Arc::clone(path));
                }
            }
        }
        seen.into_iter().filter(|path| self.is_own(path)).collect()
    }

    fn imports_at_all(&self, from: &Arc<str>, path: &str) -> bool {
        self.reach([Arc::clone(from)]).contains(path)
    }

    /// What a file is checked with: itself, what it imports at any distance, and what the project shares.
    pub(super) fn closure(&self, path: &Arc<str>) -> BTreeSet<Arc<str>> {
        self.reach(std::iter::once(Arc::clone(path)).chain(self.shared()))
    }

    fn reach(&self, from: impl IntoIterator<Item = Arc<str>>) -> BTreeSet<Arc<str>> {
        let mut open: Vec<Arc<str>> = from.into_iter().collect();
        let mut seen: BTreeSet<Arc<str>> = open.iter().cloned().collect();
        while let Some(path) = open.pop() {
            for target in self.files.get(&path).into_iter().flat_map(|entry| &entry.imports) {
                if seen.insert(Arc::clone(target)) {
                    open.push(Arc::clone(target));
                }
            }
        }
        seen
    }

    /// The files whose `each job` holds for every job.
    fn shared(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        self.project.uses.iter().filter_map(|path| resolve("", path).ok()).map(Arc::from)
    }

    fn is_own(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|entry| entry.file.asked)
    }

    fn own_paths(&self) -> Vec<Arc<str>> {
        self.files.iter().filter(|(_, entry)| entry.file.asked).map(|(path, _)| Arc::clone(path)).collect()
    }

    pub(super) fn entry(&self, path: &str) -> Option<&Arc<Entry>> {
        self.files.get(path)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Entry>)> {
        self.files.iter()
    }

    /// The check of one file with all it needs.
    pub(super) fn unit(&self, path: &Arc<str>) -> Option<Arc<Unit>> {
        let own = self.files.get(path)?;
        let cell = Arc::clone(self.lock().units.entry(Arc::clone(path)).or_default());
        let unit = cell.get_or_init(|| {
            let sources = self.sources_with(path, own.file.clone());
            let before = self.lock().kept_checks.get(path).cloned();
            let unit = Arc::new(Unit::check(sources, path, before, |path| self.file_ids.id(path)));
            self.lock().kept_checks.insert(Arc::clone(path), Arc::clone(&unit.kept_ops));
            unit
        });
        Some(Arc::clone(unit))
    }

    /// A file with all it needs, as the check takes them; `own` is its text. What is missing stands there as not found.
    pub(super) fn sources_with(&self, path: &Arc<str>, own: SourceFile) -> Sources {
        let mut files: Vec<SourceFile> = Vec::new();
        for other in self.closure(path) {
            let file = match self.files.get(&other) {
                _ if other == *path => SourceFile { asked: true, ..own.clone() },
                Some(entry) => SourceFile { asked: false, ..entry.file.clone() },
                None => SourceFile::read(&other, Err(LoadError::NotFound), false, None),
            };
            files.push(file);
        }
        Sources::of_files(Project::clone(&self.project), files)
    }

    /// The names of a file and what they stand for.
    pub(super) fn index(&self, path: &str) -> Option<Arc<Index>> {
        let path: Arc<str> = Arc::from(path);
        let unit = self.unit(&path)?;
        Some(unit.index())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds the files of the built-in library that are imported.
fn add_libraries(files: &mut BTreeMap<Arc<str>, Arc<Entry>>, imports: &Vec<Arc<str>>) {
    for path in imports {
        if !files.contains_key(path)
            && let Some(file) = Sources::library_file(path)
        {
            let imports: Vec<Arc<str>> = imported_paths(&file).into_iter().map(Arc::from).collect();
            files.insert(Arc::clone(path), Arc::new(Entry { file, imports: imports.clone() }));
            add_libraries(files, &imports);
        }
    }
}

/// The names that a file imports from the one at `path`.
fn imported_names<'f>(importer: &str, file: &'f SourceFile, path: &str) -> Vec<&'f str> {
    let mut names = Vec::new();
    for placed in &file.parse.file.items {
        let Item::Import(import) = placed.node.as_ref() else { continue };
        let Some(ExprKind::Template(template)) = import.path.as_ref().map(|path| &path.kind) else { continue };
        let target = template.as_const().and_then(|target| resolve(importer, target).ok());
        if target.as_deref() == Some(path) {
            names.extend(import.names.iter().map(|name| name.name.text.as_str()));
        }
    }
    names
}

/// The diagnostics with other numbers of files.
pub(super) fn renumbered(diagnostics: Vec<Diagnostic>, id: impl Fn(FileId) -> FileId) -> Vec<Diagnostic> {
    let label = |label: Label| Label { place: Place { file: id(label.place.file), ..label.place }, ..label };
    let edit = |edit: Edit| Edit { file: id(edit.file), ..edit };
    let renumber = |diagnostic: Diagnostic| Diagnostic {
        primary: label(diagnostic.primary),
        labels: diagnostic.labels.into_iter().map(label).collect(),
        fixes: diagnostic
            .fixes
            .into_iter()
            .map(|fix| crate::Fix { edits: fix.edits.into_iter().map(edit).collect(), ..fix })
            .collect(),
        ..diagnostic
    };
    diagnostics.into_iter().map(renumber).collect()
}

impl FileIds {
    fn id(&self, path: &str) -> FileId {
        if let Some(id) = self.read().by_path.get(path) {
            return *id;
        }
        let mut numbers = self.numbers.write().unwrap_or_else(PoisonError::into_inner);
        let FileNumbers { paths, by_path } = &mut *numbers;
        let path: Arc<str> = Arc::from(path);
        *by_path.entry(Arc::clone(&path)).or_insert_with(|| {
            paths.push(path);
            FileId(u32::try_from(paths.len() - 1).unwrap_or(u32::MAX))
        })
    }

    fn path(&self, file: FileId) -> Arc<str> {
        self.read().paths.get(file.0 as usize).cloned().unwrap_or_default()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, FileNumbers> {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner)
    }
}
