//! Libraries on disk: where they may lie, and what their data are.

use crate::support::project::Opened;
use peil::source::DiskWorld;
use std::path::{Path, PathBuf};

/// A folder with a project `own` that uses a project `group` beside it.
fn repository(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libraries").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for it in ["own", "group"] {
        std::fs::create_dir_all(folder.join(it)).unwrap();
    }
    std::fs::create_dir(folder.join(".git")).unwrap();
    let own = "project \"Own\" { peil 1; use \"../group\" as group }\nkpi double { formula group.mean_q * 2; indicator context; lint missing-owner allow \"x\" }\n";
    std::fs::write(folder.join("own/project.peil"), own).unwrap();
    std::fs::write(folder.join("group/project.peil"), "project \"Group\" { peil 1 }\n").unwrap();
    let measures = "source s { files \"s.csv\"; no persons \"x\"; columns q }\nkpi mean_q { formula mean(s.q) }\n";
    std::fs::write(folder.join("group/measures.peil"), measures).unwrap();
    std::fs::write(folder.join("group/s.csv"), "q\n1\n3\n").unwrap();
    folder
}

fn codes(folder: &Path) -> Vec<(String, Option<String>)> {
    let world = DiskWorld::new(&folder.join("own"), None);
    let opened = Opened::new(&world);
    let file = |it: &peil::value::Fact| it.span.map(|span| opened.session.sources.file(span.file).path.clone());
    opened.findings(true).iter().map(|it| (it.code.name().to_owned(), file(it))).collect()
}

fn one(code: &str, file: &str) -> Vec<(String, Option<String>)> {
    vec![(code.to_owned(), Some(file.to_owned()))]
}

#[test]
fn data_come_from_the_folder_of_the_library() {
    let folder = repository("data");
    // The same name in the user's own folder and in another root for data is another file.
    std::fs::write(folder.join("own/s.csv"), "q\n100\n").unwrap();
    let world = DiskWorld::new(&folder.join("own"), Some(&folder.join("own")));
    let figures = Opened::new(&world).eval(&Default::default()).unwrap();
    let line = figures.lines().find(|it| it.starts_with("double,")).unwrap();
    assert!(line.starts_with("double,all,4,"), "{figures}");
}

#[test]
fn a_library_of_no_repository_is_not_reached() {
    // Whether a folder above the tests is a repository is not ours to say: a root of its own is needed.
    let folder = std::env::temp_dir().join("peil-no-repository");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("own")).unwrap();
    std::fs::write(folder.join("own/project.peil"), "project \"Own\" { peil 1; use \"../group\" as group }\n").unwrap();
    if folder.ancestors().any(|it| it.join(".git").exists()) {
        return;
    }
    assert_eq!(codes(&folder), one("outside-library", "project.peil"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_repository_are_errors() {
    use std::os::unix::fs::symlink;
    let folder = repository("links");
    let outside = repository("links_outside");
    assert_eq!(codes(&folder), Vec::new());
    // One file of definitions.
    symlink(outside.join("group/measures.peil"), folder.join("group/more.peil")).unwrap();
    assert_eq!(codes(&folder), one("unreadable-file", "../group/more.peil"));
    std::fs::remove_file(folder.join("group/more.peil")).unwrap();
    // The data.
    std::fs::remove_file(folder.join("group/s.csv")).unwrap();
    symlink(outside.join("group/s.csv"), folder.join("group/s.csv")).unwrap();
    assert_eq!(codes(&folder), one("outside-file", "../group/measures.peil"));
    // The folder as a whole; what it would have lent raises nothing more.
    std::fs::remove_dir_all(folder.join("group")).unwrap();
    symlink(outside.join("group"), folder.join("group")).unwrap();
    assert_eq!(codes(&folder), one("outside-library", "project.peil"));
}

#[cfg(unix)]
#[test]
fn a_link_within_the_repository_is_the_library_itself() {
    let folder = repository("inside");
    std::os::unix::fs::symlink(folder.join("group"), folder.join("alias")).unwrap();
    let own = "project \"Own\" { peil 1; use \"../group\" as group, \"../alias\" as other }\nkpi gap { formula group.mean_q - other.mean_q; indicator context; lint missing-owner allow \"x\" }\n";
    std::fs::write(folder.join("own/project.peil"), own).unwrap();
    let world = DiskWorld::new(&folder.join("own"), None);
    let opened = Opened::new(&world);
    assert_eq!(opened.session.libraries, vec!["../group".to_owned()]);
    assert_eq!(opened.findings(true), Vec::new());
}
