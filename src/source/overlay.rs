//! A world with some of its definitions written otherwise: what would be found if a file were changed?

use super::{DataError, DataFile, Found, LibraryError, Listed, TEMPLATES, TemplateFile, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Another world, with other texts for some of its files.
pub struct Overlay<'w> {
    world: &'w dyn World,
    texts: BTreeMap<String, Arc<str>>,
}

impl<'w> Overlay<'w> {
    /// The world as it is.
    pub fn new(world: &'w dyn World) -> Overlay<'w> {
        Overlay { world, texts: BTreeMap::new() }
    }

    /// The same world with these texts too.
    #[must_use]
    pub fn with(&self, texts: impl IntoIterator<Item = (String, String)>) -> Overlay<'w> {
        let mut all = self.texts.clone();
        all.extend(texts.into_iter().map(|(path, text)| (path, Arc::from(text))));
        Overlay { world: self.world, texts: all }
    }

    /// The files whose texts are others, with these texts.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_ref()))
    }
}

impl World for Overlay<'_> {
    fn definitions(&self) -> Vec<Listed> {
        let mut listed = self.world.definitions();
        for file in &mut listed {
            if let Some(text) = self.texts.get(&file.path) {
                file.text = Ok(Arc::clone(text));
            }
        }
        listed
    }

    fn library(&self, from: &str, path: &str) -> Result<Found, LibraryError> {
        self.world.library(from, path)
    }

    fn data(&self, folder: &str, pattern: &str) -> Result<Vec<(String, DataFile)>, DataError> {
        self.world.data(folder, pattern)
    }

    fn templates(&self) -> Vec<TemplateFile> {
        let mut files = self.world.templates();
        for file in &mut files {
            if let Some(text) = self.texts.get(&format!("{TEMPLATES}/{}", file.name)) {
                file.bytes = Ok(Arc::from(text.as_bytes()));
            }
        }
        files
    }
}
