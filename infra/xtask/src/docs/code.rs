//! Blocks of code in Markdown: how they are shown, and which of them are programs that the tests run.
//!
//! The first word after the fence is the language. Blocks of shell, Python and TypeScript are run, in their order, as one
//! program for each page and language, unless another word says otherwise:
//!
//! - `shown`: it is there to be read only, because it is a setting of the reader's own or needs a human;
//! - `pending`: it needs a part of the API that is not there yet;
//! - `file=NAME`: it is a file of that name, which the test of webhooks starts.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A language that examples are run in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    /// The shell, with curl.
    Shell,
    /// Python 3.
    Python,
    /// TypeScript on Node.
    TypeScript,
}

impl Language {
    /// Every language.
    pub(crate) const ALL: [Self; 3] = [Self::Shell, Self::Python, Self::TypeScript];

    /// The word after the fence.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Shell => "sh",
            Self::Python => "python",
            Self::TypeScript => "typescript",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.word() == word)
    }
}

/// What the tests do with a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is part of the page's program.
    Run,
    /// It is only shown: output, or a setting of the reader's own.
    Shown,
    /// It needs what is not there yet.
    Pending,
    /// It is a file of this name.
    File(String),
    /// A word after the fence is not known; so a slip of the pen takes no example out of the tests.
    Unknown(String),
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The word after the fence, empty where there is none.
    pub(crate) word: String,
    /// What the tests do with it.
    pub(crate) purpose: Purpose,
    /// The code.
    pub(crate) text: String,
}

impl Block {
    /// A block with this text after its fence.
    pub(super) fn new(info: &str, text: String) -> Self {
        let mut words = info.split_whitespace();
        let word = words.next().unwrap_or_default().to_owned();
        let purpose = match (Language::of(&word), words.next()) {
            (None, None) | (Some(_), Some("shown")) => Purpose::Shown,
            (Some(_), None) => Purpose::Run,
            (Some(_), Some("pending")) => Purpose::Pending,
            (Some(_), Some(other)) => match other.strip_prefix("file=") {
                Some(name) => Purpose::File(name.to_owned()),
                None => Purpose::Unknown(other.to_owned()),
            },
            (None, Some(other)) => Purpose::Unknown(other.to_owned()),
        };
        Self { word, purpose, text }
    }

    /// The language, if it is one that is run.
    pub(crate) fn language(&self) -> Option<Language> {
        Language::of(&self.word)
    }

    /// The language's name for people.
    pub(super) fn label(&self) -> &str {
        match self.word.as_str() {
            "sh" => "curl",
            "python" => "Python",
            "typescript" => "TypeScript",
            "json" => "JSON",
            "http" => "HTTP",
            _ => "Text",
        }
    }
}

/// Every block of a page, in order.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => open = Some((info_of(&kind), String::new())),
            Event::Text(text) => {
                if let Some((_, code)) = &mut open {
                    code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                blocks.extend(open.take().map(|(info, code)| Block::new(&info, code)));
            }
            _ => {}
        }
    }
    blocks
}

pub(super) fn info_of(kind: &CodeBlockKind) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => info.to_string(),
        CodeBlockKind::Indented => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_is_told_from_what_is_shown() {
        let text = "```sh\na\n```\n\n```python file=receiver.py\nb\n```\n\n```json\nc\n```\n\n```typescript pending\nd\n```\n\n```sh shwon\ne\n```\n";
        let found: Vec<_> = blocks(text)
            .into_iter()
            .map(|block| (block.word, block.purpose, block.text))
            .collect();
        let expected = [
            ("sh", Purpose::Run, "a\n"),
            ("python", Purpose::File("receiver.py".to_owned()), "b\n"),
            ("json", Purpose::Shown, "c\n"),
            ("typescript", Purpose::Pending, "d\n"),
            ("sh", Purpose::Unknown("shwon".to_owned()), "e\n"),
        ];
        let expected = expected.map(|(word, purpose, text)| (word.to_owned(), purpose, text.to_owned()));
        assert_eq!(found, expected);
    }
}
