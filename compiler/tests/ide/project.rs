//! Projects in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::ide::{TextEdit, World};
use hookc_compiler::{LoadError, Loader, Project, Sources};

/// A project and a cursor in it.
pub(crate) struct At {
    pub(crate) world: World,
    pub(crate) path: String,
    pub(crate) at: u32,
}

/// A file `main.hook` with a cursor at `$0`.
pub(crate) fn at(text: &str) -> At {
    project(&[("main.hook", text)])
}

/// Files, one of which has a cursor at `$0`.
pub(crate) fn project(files: &[(&str, &str)]) -> At {
    let mut world = World::new(Project::default());
    let mut cursor = ("main.hook".to_owned(), 0);
    for (path, text) in files {
        if let Some(at) = text.find("$0") {
            cursor = ((*path).to_owned(), u32::try_from(at).unwrap());
        }
        world = world.with_file(path, Ok(text.replacen("$0", "", 1).into()), true);
    }
    assert_eq!(world.missing(), Vec::<Arc<str>>::new());
    At { world, path: cursor.0, at: cursor.1 }
}

impl At {
    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> String {
        self.world.text(path).unwrap().to_string()
    }

    /// The text of a file after edits.
    pub(crate) fn after(&self, path: &str, edits: &[TextEdit]) -> String {
        self.world.with_edits(edits).text(path).unwrap().to_string()
    }

    /// The range of the first `text` in the file of the cursor.
    pub(crate) fn span(&self, text: &str) -> hookc_grammar::Span {
        let start = self.text(&self.path).find(text).unwrap_or_else(|| panic!("no `{text}`"));
        hookc_grammar::Span::new(u32::try_from(start).unwrap(), u32::try_from(start + text.len()).unwrap())
    }
}

/// Every project among the fixtures: its files, without those that cannot be read.
pub(crate) fn fixtures() -> Vec<(PathBuf, Vec<(String, String)>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut projects = Vec::new();
    for folder in ["tests/fixtures/diagnostics", "tests/fixtures/ok", "tests/fixtures/plan", "tests/fixtures/mistakes"]
    {
        collect(&root.join(folder), &mut projects);
    }
    collect(&root.join("examples"), &mut projects);
    assert!(projects.len() > 200, "{}", projects.len());
    projects
}

fn collect(folder: &Path, projects: &mut Vec<(PathBuf, Vec<(String, String)>)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let whole = entries.iter().any(|path| path.ends_with("main.hook") || path.ends_with("hook.toml"));
    if whole {
        let mut files = Vec::new();
        below(folder, folder, &mut files);
        projects.push((folder.to_owned(), files));
        return;
    }
    for path in entries {
        if path.is_dir() {
            collect(&path, projects);
        } else if path.extension().is_some_and(|extension| extension == "hook")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            projects.push((path, vec![("main.hook".to_owned(), text)]));
        }
    }
}

fn below(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "hook" || extension == "toml")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            files.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text));
        }
    }
}

/// The project's settings and its sources.
pub(crate) fn split(files: &[(String, String)]) -> (Project, Vec<(&str, &str)>) {
    let settings = files.iter().find(|(path, _)| path == "hook.toml").map_or("", |(_, text)| text);
    let sources = files.iter().filter(|(path, _)| path.ends_with(".hook"));
    (Project::parse(settings).0, sources.map(|(path, text)| (path.as_str(), text.as_str())).collect())
}

/// A project with these files, and what it misses told as missing.
pub(crate) fn world(project: &Project, files: &[(&str, &str)]) -> World {
    let mut world = World::new(project.clone());
    for (path, text) in files {
        world = world.with_file(path, Ok((*text).into()), true);
    }
    for path in world.missing() {
        world = world.with_file(&path, Err(LoadError::NotFound), false);
    }
    world
}

/// The same as the command line loads them.
pub(crate) fn sources(project: &Project, files: &[(&str, &str)]) -> Sources {
    struct Memory<'a>(&'a [(&'a str, &'a str)]);
    impl Loader for Memory<'_> {
        fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
            let found = self.0.iter().find(|(known, _)| *known == path);
            found.map(|(_, text)| Arc::from(*text)).ok_or(LoadError::NotFound)
        }
    }
    let paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    Sources::load(&paths, project.clone(), &mut Memory(files))
}
