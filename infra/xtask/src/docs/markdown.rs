//! Markdown as HTML: headings with the anchors that GitHub gives them, links to pages instead of files, code in a frame.

use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::docs::book;
use crate::docs::code::{self, Block};

/// A heading below the title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 2 or 3.
    pub(crate) level: u8,
    /// Its anchor.
    pub(crate) anchor: String,
    /// Its text.
    pub(crate) text: String,
}

/// A document as HTML, with what one needs to know about it.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) title: Option<String>,
    pub(super) summary: String,
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
    pub(super) anchors: Vec<String>,
    pub(super) links: Vec<String>,
}

/// Renders a file; `folder` is its folder in `docs/`, from which its links go.
pub(super) fn render(text: &str, folder: &str) -> Document {
    let mut document = Document::default();
    let mut events = Vec::new();
    let mut parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inner = until(&mut parser, |end| matches!(end, TagEnd::Heading(_)));
                events.push(raw(heading(&mut document, level, inner)));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let inner = until(&mut parser, |end| matches!(end, TagEnd::CodeBlock));
                events.push(raw(frame(&Block::new(&code::info_of(&kind), plain(&inner)))));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = resolve(&dest_url, folder);
                document.links.push(dest_url.clone());
                events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url: dest_url.into(),
                    title,
                    id,
                }));
            }
            // A wide table is moved sideways by itself and not with the whole page.
            Event::Start(Tag::Table(columns)) => {
                events.push(raw(
                    "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">".to_owned(),
                ));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(raw("</div>\n".to_owned()));
            }
            event => events.push(event),
        }
    }
    document.summary = summary(&events);
    html::push_html(&mut document.html, events.into_iter());
    document
}

/// A line of text with its marks (`code`, links, emphasis) as HTML, without a paragraph around it.
pub(super) fn inline(text: &str) -> String {
    let events = Parser::new(text).filter(|event| {
        !matches!(
            event,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        )
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// Code in its frame.
pub(super) fn frame(block: &Block) -> String {
    let mut text = String::new();
    let _ = escape(&mut text, &block.text);
    let label = block.label();
    format!(
        "<figure class=\"code\" data-language=\"{word}\"><figcaption><span>{label}</span></figcaption>\
         <pre tabindex=\"0\"><code>{text}</code></pre></figure>\n",
        word = block.word
    )
}

/// The anchor of a heading: in lower case, blanks as hyphens, without what is neither letter, digit, hyphen nor underscore.
/// GitHub does the same, so that one link works there and here.
pub(super) fn anchor(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => Some(letter),
            _ => None,
        })
        .collect()
}

fn escape(to: &mut String, text: &str) -> std::fmt::Result {
    for letter in text.chars() {
        match letter {
            '&' => to.write_str("&amp;")?,
            '<' => to.write_str("&lt;")?,
            '>' => to.write_str("&gt;")?,
            letter => to.write_char(letter)?,
        }
    }
    Ok(())
}

fn until<'a>(parser: &mut Parser<'a>, is_end: impl Fn(TagEnd) -> bool) -> Vec<Event<'a>> {
    parser
        .take_while(|event| !matches!(event, Event::End(end) if is_end(*end)))
        .collect()
}

fn raw<'a>(html: String) -> Event<'a> {
    Event::Html(CowStr::from(html))
}

fn plain(events: &[Event]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        Event::SoftBreak => Some(" "),
        _ => None,
    });
    texts.collect()
}

fn heading(document: &mut Document, level: HeadingLevel, inner: Vec<Event>) -> String {
    let text = plain(&inner);
    let mut content = String::new();
    html::push_html(&mut content, inner.into_iter());
    if level == HeadingLevel::H1 {
        document.title = Some(text);
        return format!("<h1>{content}</h1>\n");
    }
    let anchor = anchor(&text);
    document.anchors.push(anchor.clone());
    if level <= HeadingLevel::H3 {
        document.headings.push(Heading {
            level: if level == HeadingLevel::H2 { 2 } else { 3 },
            anchor: anchor.clone(),
            text,
        });
    }
    format!("<{level} id=\"{anchor}\"><a href=\"#{anchor}\">{content}</a></{level}>\n")
}

/// The address that a link of a Markdown file means.
fn resolve(link: &str, folder: &str) -> String {
    if link.contains("://") || link.starts_with(['#', '/']) {
        return link.to_owned();
    }
    let (file, anchor) = match link.split_once('#') {
        Some((file, anchor)) => (file, format!("#{anchor}")),
        None => (link, String::new()),
    };
    let path = match file.strip_prefix("../") {
        Some(above) => above.to_owned(),
        None if folder.is_empty() => file.to_owned(),
        None => format!("{folder}/{file}"),
    };
    let address = book::address(&path).unwrap_or_else(|| format!("{}/{path}", crate::docs::ROOT));
    address + &anchor
}

/// The first paragraph.
fn summary(events: &[Event]) -> String {
    let first = events
        .iter()
        .skip_while(|event| !matches!(event, Event::Start(Tag::Paragraph)))
        .take_while(|event| !matches!(event, Event::End(TagEnd::Paragraph)))
        .cloned()
        .collect::<Vec<_>>();
    plain(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_anchors_that_github_gives_them() {
        for (text, expected) in [
            ("invalid_fields", "invalid_fields"),
            ("Photos of 8 MB and more", "photos-of-8-mb-and-more"),
            ("What's in a job?", "whats-in-a-job"),
        ] {
            assert_eq!(anchor(text), expected);
        }
        let document = render("# Title\n\nFirst `words`.\n\n## The `code`\n", "");
        assert_eq!(document.title.as_deref(), Some("Title"));
        assert_eq!(document.summary, "First words.");
        assert!(
            document
                .html
                .contains("<h2 id=\"the-code\"><a href=\"#the-code\">The <code>code</code></a></h2>"),
            "{}",
            document.html
        );
    }

    #[test]
    fn links_to_files_become_links_to_pages() {
        for (link, expected) in [
            ("webhooks.md", "/docs/guide/webhooks"),
            ("../errors.md#rate_limited", "/docs/errors#rate_limited"),
            ("../openapi.json", "/docs/openapi.json"),
            ("#here", "#here"),
            ("/docs/api#generate", "/docs/api#generate"),
            ("https://example.com/x.md", "https://example.com/x.md"),
        ] {
            assert_eq!(resolve(link, "guide"), expected);
        }
        assert_eq!(resolve("guide/README.md", ""), "/docs");
    }

    #[test]
    fn code_cannot_end_its_frame() {
        let html = render("```sh\necho '</code>' && true\n```\n", "").html;
        assert!(html.contains("echo '&lt;/code&gt;' &amp;&amp; true"), "{html}");
    }
}
