//! Pages of lists.

use std::cmp::Reverse;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::ApiError;

/// Entries on a page, unless asked otherwise.
const DEFAULT_PAGE_SIZE: usize = 10;

/// The most entries on a page; a larger wish is cut to this.
const LARGEST_PAGE_SIZE: usize = 100;

/// `pageSize` and `pageToken` of a list call.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    #[serde(alias = "page_size")]
    page_size: Option<usize>,
    #[serde(alias = "page_token")]
    page_token: Option<String>,
}

impl Page {
    /// Sorts `all` newest first, cuts this page out of it, and gives the token for the next one if there is more.
    ///
    /// The token holds the last entry's place in that order, so entries that come or go meanwhile shift nothing.
    pub(crate) fn cut<T>(
        &self,
        mut all: Vec<T>,
        created: impl Fn(&T) -> (Timestamp, &str),
    ) -> Result<(Vec<T>, Option<String>), ApiError> {
        let place = |item: &T| {
            let (time, id) = created(item);
            format!("{:039} {id}", time.as_nanosecond())
        };
        all.sort_by_cached_key(|item| Reverse(place(item)));
        if let Some(token) = self.page_token.as_deref().filter(|token| !token.is_empty()) {
            let last = URL_SAFE_NO_PAD
                .decode(token)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let last = last.ok_or_else(|| ApiError::invalid("Invalid page_token."))?;
            all.retain(|item| place(item) < last);
        }
        let size = self
            .page_size
            .filter(|size| *size > 0)
            .unwrap_or(DEFAULT_PAGE_SIZE)
            .min(LARGEST_PAGE_SIZE);
        let more = all.len() > size;
        all.truncate(size);
        let next = all
            .last()
            .filter(|_| more)
            .map(|item| URL_SAFE_NO_PAD.encode(place(item)));
        Ok((all, next))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Page;

    fn created(n: &i64) -> (Timestamp, &str) {
        (Timestamp::from_second(*n).expect("is in range"), "x")
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all: Vec<i64> = (0..7).collect();
        let mut page = Page {
            page_size: Some(3),
            page_token: None,
        };
        let mut seen = Vec::new();
        loop {
            let (items, next) = page.cut(all.clone(), created).expect("is a page");
            seen.extend(items);
            match next {
                Some(token) => page.page_token = Some(token),
                None => break,
            }
        }
        assert_eq!(seen, [6, 5, 4, 3, 2, 1, 0]);
        page.page_token = Some("!".to_owned());
        assert!(page.cut(all, created).is_err());
    }
}
