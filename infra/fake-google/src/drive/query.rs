//! The grammar of `q` (<https://developers.google.com/workspace/drive/api/guides/ref-search-terms>).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use winnow::ascii::{Caseless, multispace0, multispace1};
use winnow::combinator::{alt, delimited, not, opt, preceded, repeat, terminated};
use winnow::prelude::*;
use winnow::token::{any, literal, none_of, one_of};

use super::error::DriveError;

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Query {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// `name = 'x'`
    Text(TextField, Comparison, String),
    /// `modifiedTime > '…'`
    Time(TimeField, Comparison, Timestamp),
    /// `trashed = false`
    Flag(Flag, bool),
    /// `'x' in parents`
    InParents(String),
    /// `'x' in owners`
    InOwners(String),
    /// `appProperties has { key='x' and value='y' }`
    AppProperty(String, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextField {
    Name,
    MimeType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeField {
    Created,
    Modified,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Trashed,
    Starred,
    SharedWithMe,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Contains,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Query {
    /// Reads a search.
    pub(super) fn parse(text: &str) -> Result<Self, DriveError> {
        delimited(multispace0, terms, multispace0)
            .parse(text)
            .map_err(|_| DriveError::invalid("q"))
    }

    /// The folders that are named.
    pub(super) fn parents(&self) -> Vec<&str> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                let mut all = left.parents();
                all.extend(right.parents());
                all
            }
            Self::Not(inner) => inner.parents(),
            Self::InParents(id) => vec![id],
            _ => Vec::new(),
        }
    }
}

/// `and` and `or` bind alike, from left to right, as Google's guide says.
fn terms(input: &mut &str) -> ModalResult<Query> {
    let mut query = term.parse_next(input)?;
    while let Some(operator) = opt(delimited(
        multispace1,
        alt((word("and"), word("or"))),
        multispace1,
    ))
    .parse_next(input)?
    {
        let right = Box::new(term.parse_next(input)?);
        query = if operator.eq_ignore_ascii_case("and") {
            Query::And(Box::new(query), right)
        } else {
            Query::Or(Box::new(query), right)
        };
    }
    Ok(query)
}

fn term(input: &mut &str) -> ModalResult<Query> {
    alt((
        preceded((word("not"), multispace1), term).map(|inner| Query::Not(Box::new(inner))),
        delimited(('(', multispace0), terms, (multispace0, ')')),
        membership,
        app_property,
        flag,
        time,
        text,
    ))
    .parse_next(input)
}

/// A keyword, whole.
fn word<'i>(
    keyword: &'static str,
) -> impl Parser<&'i str, &'i str, winnow::error::ErrMode<winnow::error::ContextError>> {
    terminated(
        literal(Caseless(keyword)),
        not(one_of(|letter: char| letter.is_alphanumeric())),
    )
}

fn membership(input: &mut &str) -> ModalResult<Query> {
    let value = terminated(quoted, (multispace1, word("in"), multispace1)).parse_next(input)?;
    alt((
        word("parents").value(Query::InParents(value.clone())),
        word("owners").value(Query::InOwners(value)),
    ))
    .parse_next(input)
}

fn app_property(input: &mut &str) -> ModalResult<Query> {
    (
        word("appProperties"),
        multispace1,
        word("has"),
        multispace0,
        '{',
        multispace0,
    )
        .parse_next(input)?;
    let equals = |name: &'static str| preceded((word(name), multispace0, '=', multispace0), quoted);
    let key = equals("key").parse_next(input)?;
    (multispace1, word("and"), multispace1).parse_next(input)?;
    let value = equals("value").parse_next(input)?;
    (multispace0, '}').parse_next(input)?;
    Ok(Query::AppProperty(key, value))
}

fn flag(input: &mut &str) -> ModalResult<Query> {
    let field = alt((
        word("trashed").value(Flag::Trashed),
        word("starred").value(Flag::Starred),
        word("sharedWithMe").value(Flag::SharedWithMe),
    ))
    .parse_next(input)?;
    let equal = opt(delimited(
        multispace0,
        alt(("!=".value(false), "=".value(true))),
        multispace0,
    ))
    .parse_next(input)?;
    let Some(equal) = equal else {
        return Ok(Query::Flag(field, true));
    };
    let value = alt((word("true").value(true), word("false").value(false))).parse_next(input)?;
    Ok(Query::Flag(field, value == equal))
}

fn time(input: &mut &str) -> ModalResult<Query> {
    let field = alt((
        word("modifiedTime").value(TimeField::Modified),
        word("createdTime").value(TimeField::Created),
    ))
    .parse_next(input)?;
    let comparison = comparison.verify(|comparison| *comparison != Comparison::Contains);
    let (comparison, time) = (comparison, quoted.verify_map(|text| instant(&text))).parse_next(input)?;
    Ok(Query::Time(field, comparison, time))
}

fn text(input: &mut &str) -> ModalResult<Query> {
    let field = alt((
        word("name").value(TextField::Name),
        word("mimeType").value(TextField::MimeType),
    ))
    .parse_next(input)?;
    let is_for_text = |comparison: &Comparison| {
        matches!(
            comparison,
            Comparison::Contains | Comparison::Equal | Comparison::Unequal
        )
    };
    let (comparison, value) = (comparison.verify(is_for_text), quoted).parse_next(input)?;
    Ok(Query::Text(field, comparison, value))
}

fn comparison(input: &mut &str) -> ModalResult<Comparison> {
    let symbol = alt((
        word("contains").value(Comparison::Contains),
        "!=".value(Comparison::Unequal),
        "<=".value(Comparison::LessOrEqual),
        ">=".value(Comparison::GreaterOrEqual),
        "=".value(Comparison::Equal),
        "<".value(Comparison::Less),
        ">".value(Comparison::Greater),
    ));
    delimited(multispace0, symbol, multispace0).parse_next(input)
}

/// A text in single quotes; a backslash takes the next character as it is.
fn quoted(input: &mut &str) -> ModalResult<String> {
    let character = alt((preceded('\\', any), none_of(['\\', '\''])));
    delimited('\'', repeat(0.., character), '\'').parse_next(input)
}

/// RFC 3339; without a zone it is UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let in_utc = || {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    };
    text.parse().ok().or_else(in_utc)
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Flag, Query, TextField};

    #[test]
    fn terms_are_read_from_left_to_right() {
        let query = Query::parse("trashed=false or name = 'a' and name contains 'b'").expect("is a search");
        assert!(matches!(query, Query::And(left, _) if matches!(*left, Query::Or(..))));
        let nested = Query::parse("trashed = false and (name = 'a' or not name = 'b')").expect("is a search");
        assert!(matches!(nested, Query::And(_, right) if matches!(*right, Query::Or(..))));
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        let query = Query::parse(r"name = 'it\'s \\ here'").expect("is a search");
        assert_eq!(
            query,
            Query::Text(TextField::Name, Comparison::Equal, r"it's \ here".to_owned())
        );
    }

    #[test]
    fn every_sort_of_term_is_known() {
        for text in [
            "'root' in parents and mimeType contains 'image/' and trashed = false",
            "modifiedTime > '2026-01-01T00:00:00'",
            "createdTime <= '2026-01-01T00:00:00+02:00'",
            "sharedWithMe = true",
            "sharedWithMe",
            "'me' in owners",
            "appProperties has { key='job' and value='job_01' }",
            "not ( trashed=true )",
        ] {
            assert!(Query::parse(text).is_ok(), "{text}");
        }
        assert_eq!(
            Query::parse("trashed != true").expect("is a search"),
            Query::Flag(Flag::Trashed, false)
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "name",
            "name = x",
            "name > 'x'",
            "name = 'x",
            "name = 'x' name = 'y'",
            "size > 5",
            "modifiedTime > 'yesterday'",
            "(name = 'x'",
            "'x' in folders",
            "name = 'it's'",
        ] {
            assert!(Query::parse(text).is_err(), "{text}");
        }
    }
}
