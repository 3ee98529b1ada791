use crate::checking::import_groups::group;
use crate::disk_loader::DiskLoader;

fn parts(files: &[(&str, &str)], requested: &[&str]) -> Vec<Vec<String>> {
    let mut loader = DiskLoader::default();
    for (path, text) in files {
        loader.give(path, text.as_bytes().to_vec());
    }
    group(requested.iter().copied(), &loader)
}

#[test]
fn files_that_reach_each_other_stay_together() {
    let files = [
        ("a.hook", "import x from \"./between\""),
        ("b.hook", "import y from './c.hook'"),
        ("between.hook", "import z from \"./d\""),
        ("c.hook", "import s from \"std/notify\""),
        ("d.hook", ""),
        ("e.hook", "import s from \"std/notify\""),
    ];
    let found = parts(&files, &["a.hook", "b.hook", "c.hook", "d.hook", "e.hook"]);
    assert_eq!(found, [vec!["a.hook", "d.hook"], vec!["b.hook", "c.hook"], vec!["e.hook"]]);
}
