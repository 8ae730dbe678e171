//! The frame of every page: head, navigation, contents of the page.

use askama::Template;

use crate::docs::ROOT;
use crate::docs::book::{Page, Site};
use crate::docs::markdown::Heading;
use crate::error::Error;

#[derive(Template)]
#[template(path = "page.html")]
struct Frame<'a> {
    root: &'a str,
    page: &'a Page,
    navigation: Vec<Entry<'a>>,
    headings: &'a [Heading],
    before: Option<&'a Page>,
    after: Option<&'a Page>,
}

/// A page in the navigation.
struct Entry<'a> {
    page: &'a Page,
    is_current: bool,
}

/// The whole page as HTML.
pub(super) fn whole(site: &Site, index: usize) -> Result<String, Error> {
    let page = &site.pages[index];
    let frame = Frame {
        root: ROOT,
        page,
        navigation: site
            .pages
            .iter()
            .map(|one| Entry {
                page: one,
                is_current: std::ptr::eq(one, page),
            })
            .collect(),
        headings: &page.headings,
        before: index.checked_sub(1).and_then(|index| site.pages.get(index)),
        after: site.pages.get(index + 1),
    };
    frame
        .render()
        .map_err(|error| Error::Found(format!("{} cannot be written: {error}", page.address)))
}
