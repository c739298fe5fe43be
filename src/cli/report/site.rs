//! Where a site is written, and what of an earlier one goes: a list beside the pages tells what is ours.
//!
//! What the list does not name is never touched: neither deleted, nor written over. What it names and is no longer a page
//! is deleted, unless somebody changed it.

use crate::report::forms::site::{SiteFile, fingerprint};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The list of what is ours.
const LIST: &str = "peil-site.json";

/// What there is to write.
#[derive(Default)]
pub(super) struct Site {
    pub(super) files: Vec<SiteFile>,
    /// The folders of reports that a template stops, each with its `/`: what an earlier run wrote there stays.
    pub(super) stopped: Vec<String>,
}

/// Writes a site into a folder; gives what an earlier one left that somebody changed, and that so stays.
///
/// # Errors
/// Why nothing was written, or which file could not be.
pub(super) fn write(folder: &Path, site: &Site) -> Result<Vec<String>, String> {
    let files = &site.files;
    std::fs::create_dir_all(folder).map_err(|it| format!("cannot write `{}`: {it}", folder.display()))?;
    let root = folder.canonicalize().map_err(|it| format!("cannot write `{}`: {it}", folder.display()))?;
    let ours = read(&root)?;
    for file in files {
        let place = place(&root, &file.path)?;
        if place.exists() && !ours.contains_key(&file.path) && !is(&place, &fingerprint(&file.content)) {
            return Err(format!(
                "`{}` is not of this site, and would be written over; choose another folder",
                folder.join(&file.path).display()
            ));
        }
    }
    // The list comes first: what is written after it is known to be ours, whatever happens then.
    let mut known = ours.clone();
    known.extend(files.iter().map(|it| (it.path.clone(), fingerprint(&it.content))));
    save(&root, &known)?;
    for file in files {
        let place = place(&root, &file.path)?;
        // What is the same already is left alone: whoever watches the folder sees only what changed.
        if !is(&place, &known[&file.path]) {
            super::write(&place, &file.content).map_err(|it| format!("cannot write `{}`: {it}", place.display()))?;
        }
    }
    let mut changed = Vec::new();
    let stays = |path: &str| files.iter().any(|it| it.path == path) || site.stopped.iter().any(|it| path.starts_with(it));
    for (path, hash) in ours.iter().filter(|it| !stays(it.0)) {
        known.remove(path);
        let Ok(place) = place(&root, path) else { continue };
        if is(&place, hash) {
            std::fs::remove_file(&place).map_err(|it| format!("cannot delete `{}`: {it}", place.display()))?;
            if let Some(above) = place.parent().filter(|it| *it != root) {
                // A folder that still has something in it stays.
                let _ = std::fs::remove_dir(above);
            }
        } else if place.exists() {
            changed.push(path.clone());
        }
    }
    save(&root, &known)?;
    Ok(changed)
}

/// What an earlier run wrote: paths with what was in them.
fn read(root: &Path) -> Result<BTreeMap<String, String>, String> {
    let path = root.join(LIST);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(format!("cannot read `{}`: {error}", path.display())),
    };
    let list: Option<BTreeMap<String, String>> = serde_json::from_str::<Value>(&text).ok().and_then(|it| {
        let files = it.get("files")?.as_object()?;
        files.iter().map(|(path, hash)| Some((path.clone(), hash.as_str()?.to_owned()))).collect()
    });
    list.ok_or_else(|| format!("`{}` is not a list of a site; nothing is written", path.display()))
}

fn save(root: &Path, files: &BTreeMap<String, String>) -> Result<(), String> {
    let text = format!("{:#}\n", json!({"peil": "site", "files": files}));
    let path = root.join(LIST);
    super::write(&path, text).map_err(|it| format!("cannot write `{}`: {it}", path.display()))
}

/// The place of a path within the folder; no list and no link leads out of it.
fn place(root: &Path, path: &str) -> Result<PathBuf, String> {
    let plain = !path.is_empty() && Path::new(path).components().all(|it| matches!(it, Component::Normal(_)));
    let place = root.join(path);
    let mut above = place.parent();
    while let Some(folder) = above.filter(|it| *it != root) {
        // What is not there yet is made within what is.
        if let Ok(real) = folder.canonicalize() {
            if real.starts_with(root) {
                break;
            }
            return Err(format!("`{path}` lies outside the folder of the site"));
        }
        above = folder.parent();
    }
    if plain { Ok(place) } else { Err(format!("`{path}` lies outside the folder of the site")) }
}

/// Whether a file has what it is said to have.
fn is(place: &Path, hash: &str) -> bool {
    std::fs::symlink_metadata(place).is_ok_and(|it| it.is_file()) && std::fs::read(place).is_ok_and(|it| fingerprint(&it) == hash)
}
