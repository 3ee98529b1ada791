//! Checks files of any number of projects: groups them by project, cuts each project into parts that share no
//! import, and checks the parts in parallel. The result does not depend on the number of threads.

pub(crate) mod import_groups;
pub(crate) mod thread_pool;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::diagnostics::{BAD_PROJECT_FILE, UNREADABLE};
use hookc_compiler::project::Level;
use hookc_compiler::{Code, Diagnostic, FileId, Lowered, Place, Project, Sources};

use crate::discovery;
use crate::disk_loader::DiskLoader;
use crate::exit::{Failure, lower};
use crate::paths::{from_root, split, text_of};
use crate::project_root::{Root, Roots, Settings, asks_for_whole, settings, silence_part};
use crate::reported_files::{Finding, PROJECT_FILE, ProjectPaths, ReportedFiles, RequestedFile};

/// Levels of lints that the command line sets over those of `hook.toml`.
pub(crate) type Levels = BTreeMap<Code, Level>;

/// Standard input as a file.
pub(crate) struct Stdin {
    /// The name it has.
    pub(crate) name: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct CheckOutcome {
    /// In the order of reports.
    pub(crate) findings: Vec<Finding>,
    /// How many files were asked for.
    pub(crate) files: usize,
    /// Whether one of them could not be read.
    pub(crate) unreadable: bool,
}

/// The files of one project that are asked for.
struct Group {
    settings: Settings,
    paths: ProjectPaths,
    loader: DiskLoader,
}

/// Checks the files, and standard input where it is given.
pub(crate) fn check(files: &[PathBuf], stdin: Option<Stdin>, levels: &Levels) -> Result<CheckOutcome, Failure> {
    let groups = groups(files, stdin, levels)?;
    let mut findings: Vec<Finding> = groups.iter().flat_map(project_findings).collect();
    let parts: Vec<(&Group, Vec<String>)> = groups
        .iter()
        .flat_map(|group| {
            import_groups::group(group.paths.requested.iter().map(|requested| requested.path.as_str()), &group.loader)
                .into_iter()
                .map(move |part| (group, part))
        })
        .collect();
    findings.extend(thread_pool::map(&parts, |(group, part)| check_part(group, part)).into_iter().flatten());
    findings.sort_by(Finding::order);
    drop_repeated(&mut findings);
    let unreadable = findings.iter().any(is_unreadable);
    Ok(CheckOutcome { findings, files: groups.iter().map(|group| group.paths.requested.len()).sum(), unreadable })
}

/// One file, loaded with its imports and checked, for the commands that go on from there.
pub(crate) struct CheckedFile {
    pub(crate) files: Arc<ReportedFiles>,
    pub(crate) outcome: CheckOutcome,
    /// The real path of the project's folder.
    pub(crate) folder: PathBuf,
}

/// Loads one file, checks it, and lowers it with `lower`; diagnostics are its only result where there is an error.
pub(crate) fn check_file<T>(
    file: &Path,
    lower: impl FnOnce(&Sources, FileId) -> Lowered<T>,
) -> Result<(CheckedFile, Result<T, Vec<Diagnostic>>), Failure> {
    let groups = groups(&[file.to_owned()], None, &Levels::new())?;
    let Some((group, requested)) = groups.first().and_then(|group| Some((group, group.paths.requested.first()?)))
    else {
        return Err(Failure::new("no file is given"));
    };
    let sources =
        Sources::load(std::slice::from_ref(&requested.path), group.settings.project.clone(), &mut group.loader.clone());
    let files = Arc::new(ReportedFiles::new(&sources, &group.settings, &group.paths));
    let mut findings = project_findings(group);
    let Some(id) = sources.find(&requested.path) else {
        return Err(Failure::new(format!("`{}` was not loaded", requested.path)));
    };
    let lowered = lower(&sources, id);
    let diagnostics = sources.project.apply_levels(lowered.checked.diagnostics);
    findings.extend(diagnostics.into_iter().map(|diagnostic| Finding { diagnostic, files: files.clone() }));
    findings.sort_by(Finding::order);
    let unreadable = findings.iter().any(is_unreadable);
    let outcome = CheckOutcome { findings, files: 1, unreadable };
    Ok((CheckedFile { files, outcome, folder: group.paths.folder.clone() }, lowered.result))
}

impl CheckedFile {
    /// Those diagnostics of a later phase that the check has not reported, with their files.
    pub(crate) fn new_findings(&self, diagnostics: Vec<Diagnostic>) -> Vec<Finding> {
        let same = |a: &Diagnostic, b: &Diagnostic| (a.code, a.file(), a.span()) == (b.code, b.file(), b.span());
        let reported =
            |diagnostic: &Diagnostic| self.outcome.findings.iter().any(|finding| same(&finding.diagnostic, diagnostic));
        diagnostics
            .into_iter()
            .filter(|diagnostic| !reported(diagnostic))
            .map(|diagnostic| Finding { diagnostic, files: self.files.clone() })
            .collect()
    }
}

/// Whether a file that the command was given could not be read; an import that cannot is a mistake of the source.
fn is_unreadable(finding: &Finding) -> bool {
    finding.diagnostic.code == UNREADABLE && finding.home().requested && finding.home().text.is_empty()
}

fn check_part(group: &Group, part: &[String]) -> Vec<Finding> {
    let sources = Sources::load(part, group.settings.project.clone(), &mut group.loader.clone());
    let diagnostics = hookc_compiler::findings(&sources);
    if diagnostics.is_empty() {
        return Vec::new();
    }
    let files = Arc::new(ReportedFiles::new(&sources, &group.settings, &group.paths));
    diagnostics.into_iter().map(|diagnostic| Finding { diagnostic, files: files.clone() }).collect()
}

fn project_findings(group: &Group) -> Vec<Finding> {
    if group.settings.errors.is_empty() {
        return Vec::new();
    }
    let none = Sources::load(&[], Project::default(), &mut group.loader.clone());
    let files = Arc::new(ReportedFiles::new(&none, &group.settings, &group.paths));
    let diagnostics = group.settings.errors.iter().map(|error| {
        let diagnostic = Diagnostic::new(BAD_PROJECT_FILE, Place::new(PROJECT_FILE, error.span), error.message.clone())
            .maybe_help(error.help.clone());
        Finding { diagnostic, files: files.clone() }
    });
    diagnostics.collect()
}

/// Parts that share a file through `use` report its mistakes once each.
fn drop_repeated(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let diagnostic = &finding.diagnostic;
        seen.insert((finding.home().shown.clone(), diagnostic.span(), diagnostic.code.id, diagnostic.message.clone()))
    });
}

fn groups(files: &[PathBuf], stdin: Option<Stdin>, levels: &Levels) -> Result<Vec<Group>, Failure> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::new(format!("the current folder cannot be read: {}", lower(&error.to_string()))))?;
    let current = current.canonicalize().unwrap_or(current);
    let mut roots = Roots::default();
    let mut groups: BTreeMap<Root, (ProjectPaths, DiskLoader)> = BTreeMap::new();
    let files = files.iter().map(|file| (file, None)).collect::<Vec<_>>();
    let stdin = stdin.as_ref().map(|stdin| (&stdin.name, Some(&stdin.bytes)));
    for (file, bytes) in files.into_iter().chain(stdin) {
        let (folder, name) = split(&current, file);
        let root = roots.of(&folder);
        let (paths, loader) = groups.entry(root.clone()).or_insert_with(|| {
            let paths = ProjectPaths { folder: root.folder.clone(), current: current.clone(), requested: Vec::new() };
            (paths, DiskLoader::new(&root.folder))
        });
        let disk = folder.join(&name);
        let path = from_root(&root.folder, &disk);
        match bytes {
            Some(bytes) => loader.give(&path, bytes.clone()),
            None if root.folder.join(&path) != disk => loader.alias(&path, &disk),
            None => {}
        }
        paths.requested.push(RequestedFile { path, shown: text_of(file), disk: bytes.is_none().then_some(disk) });
    }
    Ok(groups.into_iter().map(|(root, (paths, loader))| group(&root, paths, loader, levels)).collect())
}

fn group(root: &Root, mut paths: ProjectPaths, loader: DiskLoader, levels: &Levels) -> Group {
    paths.requested.sort();
    paths.requested.dedup_by(|a, b| a.path == b.path);
    let mut settings = settings(root);
    settings.project.lints.extend(levels.iter().map(|(code, level)| (*code, *level)));
    if asks_for_whole(&settings.project) && !is_whole(root, &paths) {
        silence_part(&mut settings.project);
    }
    Group { settings, paths, loader }
}

/// Whether all files of the project are asked for.
fn is_whole(root: &Root, paths: &ProjectPaths) -> bool {
    let Ok(found) = discovery::find(std::slice::from_ref(&root.folder)) else {
        return false;
    };
    let mut roots = Roots::default();
    let mut own = found.files.iter().filter(|file| file.parent().is_some_and(|folder| roots.of(folder) == *root));
    found.problems.is_empty()
        && own.all(|file| {
            let path = from_root(&root.folder, file);
            paths.requested.iter().any(|requested| requested.path == path)
        })
}
