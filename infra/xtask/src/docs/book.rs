//! Which pages there are, in which order, and where.

use std::path::{Path, PathBuf};

use crate::docs::markdown::{self, Heading};
use crate::docs::{ROOT, reference};
use crate::error::Error;

/// The chapters of the guide, in the order in which one reads them. The first is the front page.
pub(crate) const CHAPTERS: [&str; 8] = [
    "README",
    "quick-start",
    "photos",
    "jobs",
    "webhooks",
    "limits",
    "handling-errors",
    "api-keys",
];

/// The API's description as it is served, for programs that read it.
const DESCRIPTION: &str = "/docs/openapi.json";

/// A page before it has its frame.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its address, like `/docs/guide/webhooks`.
    pub(crate) address: String,
    /// Its title; the first heading.
    pub(crate) title: String,
    /// A sentence about it: the first paragraph.
    pub(crate) summary: String,
    /// The content, as HTML.
    pub(crate) content: String,
    /// The headings below the title.
    pub(crate) headings: Vec<Heading>,
    /// Every anchor there is.
    pub(crate) anchors: Vec<String>,
    /// Where its links lead.
    pub(crate) links: Vec<String>,
}

/// All pages.
#[derive(Debug)]
pub(crate) struct Site {
    /// In the order of the navigation.
    pub(crate) pages: Vec<Page>,
}

impl Site {
    /// Reads the sources in `docs/` and makes the pages' content of them.
    pub(crate) fn read(docs: &Path) -> Result<Self, Error> {
        let mut pages = Vec::new();
        for chapter in CHAPTERS {
            pages.push(written(&guide(docs, chapter), &format!("guide/{chapter}.md"))?);
        }
        pages.push(reference::page(&read(&docs.join("openapi.json"))?)?);
        pages.push(written(&docs.join("errors.md"), "errors.md")?);
        Self { pages }.with_whole_links()
    }

    /// The site, unless one of its links leads to a page or an anchor that is not there.
    fn with_whole_links(self) -> Result<Self, Error> {
        let broken: Vec<String> = self
            .pages
            .iter()
            .flat_map(|page| page.links.iter().map(move |link| (page, link)))
            .filter(|(page, link)| !self.has(page, link))
            .map(|(page, link)| format!("{} links to {link}", page.address))
            .collect();
        if broken.is_empty() {
            return Ok(self);
        }
        Err(Error::Found(format!(
            "links that lead nowhere:\n{}",
            broken.join("\n")
        )))
    }

    fn has(&self, from: &Page, link: &str) -> bool {
        if link.contains("://") || link == DESCRIPTION {
            return true;
        }
        let (address, anchor) = link.split_once('#').unwrap_or((link, ""));
        let address = if address.is_empty() {
            &from.address
        } else {
            address
        };
        self.pages.iter().any(|page| {
            page.address == address && (anchor.is_empty() || page.anchors.iter().any(|known| known == anchor))
        })
    }
}

/// The file of a chapter.
pub(crate) fn guide(docs: &Path, chapter: &str) -> PathBuf {
    docs.join("guide").join(format!("{chapter}.md"))
}

/// The address of a Markdown file of `docs/`, named from there.
pub(crate) fn address(source: &str) -> Option<String> {
    let name = source.strip_suffix(".md")?;
    Some(match name {
        "guide/README" => ROOT.to_owned(),
        name => format!("{ROOT}/{name}"),
    })
}

pub(super) fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(Error::file("read", file))
}

fn written(file: &Path, source: &str) -> Result<Page, Error> {
    let text = read(file)?;
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let document = markdown::render(&text, folder);
    let title = document
        .title
        .ok_or_else(|| Error::Found(format!("docs/{source} has no title")))?;
    Ok(Page {
        address: address(source).unwrap_or_default(),
        title,
        summary: document.summary,
        content: document.html,
        headings: document.headings,
        anchors: document.anchors,
        links: document.links,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn docs() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
    }

    #[test]
    fn every_file_of_the_guide_is_a_chapter() {
        let files: BTreeSet<String> = std::fs::read_dir(docs().join("guide"))
            .expect("the guide is there")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
            .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
            .collect();
        assert_eq!(files, CHAPTERS.map(str::to_owned).into());
    }

    #[test]
    fn a_link_to_an_anchor_that_is_not_there_is_found() {
        let mut site = Site::read(&docs()).expect("every link of the documents leads somewhere");
        site.pages[1].links.push("/docs/errors#no_such_code".to_owned());
        let error = site
            .with_whole_links()
            .expect_err("this one does not")
            .to_string();
        assert!(
            error.contains("/docs/guide/quick-start links to /docs/errors#no_such_code"),
            "{error}"
        );
    }

    #[test]
    fn the_front_page_has_no_name_of_its_own() {
        assert_eq!(address("guide/README.md").as_deref(), Some("/docs"));
        assert_eq!(
            address("guide/webhooks.md").as_deref(),
            Some("/docs/guide/webhooks")
        );
        assert_eq!(address("errors.md").as_deref(), Some("/docs/errors"));
        assert_eq!(address("openapi.json"), None);
    }
}
