//! One line of a batch's result file: a key with a response or an error.
//!
//! A line can be tens of megabytes, nearly all of it one base64 text. It is borrowed from the line, not copied.

use std::borrow::Cow;

use packshot_domain::prices::Tokens;
use serde::Deserialize;

use super::usage::UsageMetadata;

/// A line as it is in the file.
#[derive(Debug, Deserialize)]
pub struct ResultLine<'a> {
    /// The key that we gave the request: the image's id.
    #[serde(borrow, default)]
    pub key: Cow<'a, str>,
    #[serde(borrow)]
    response: Option<Response<'a>>,
    #[serde(borrow)]
    error: Option<Status<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    #[serde(borrow, default)]
    candidates: Vec<Candidate<'a>>,
    #[serde(borrow)]
    prompt_feedback: Option<Feedback<'a>>,
    usage_metadata: Option<UsageMetadata>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    #[serde(borrow)]
    content: Option<Content<'a>>,
    #[serde(borrow)]
    finish_reason: Option<Cow<'a, str>>,
    #[serde(borrow)]
    finish_message: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    parts: Vec<Part<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    inline_data: Option<Blob<'a>>,
    #[serde(default)]
    thought: bool,
}

#[derive(Debug, Deserialize)]
struct Blob<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback<'a> {
    #[serde(borrow)]
    block_reason: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
struct Status<'a> {
    #[serde(default)]
    code: i32,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
}

/// What a line says of its image.
#[derive(Debug, PartialEq, Eq)]
pub enum Row<'a> {
    /// The picture, in base64 of either alphabet.
    Picture(Cow<'a, str>),
    /// No picture.
    NoPicture {
        /// The candidate's `finishReason`.
        finish_reason: Option<Cow<'a, str>>,
        /// The prompt's `blockReason`.
        block_reason: Option<Cow<'a, str>>,
        /// The model's words.
        words: Option<Cow<'a, str>>,
    },
    /// The line failed with this gRPC code.
    Error {
        /// <https://grpc.io/docs/guides/status-codes/>
        code: i32,
        /// Gemini's words.
        message: Cow<'a, str>,
    },
}

impl<'a> ResultLine<'a> {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Where it is not JSON of this form.
    pub fn parse(line: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    /// Reads the answer to a call for one image, which has no key.
    ///
    /// # Errors
    ///
    /// Where it is not JSON of this form.
    pub fn of_answer(answer: &'a [u8]) -> Result<Self, serde_json::Error> {
        Ok(Self {
            key: Cow::Borrowed(""),
            response: Some(serde_json::from_slice(answer)?),
            error: None,
        })
    }

    /// What making it used; nothing for a line that failed.
    pub fn tokens(&self) -> Tokens {
        let usage = self
            .response
            .as_ref()
            .and_then(|response| response.usage_metadata.as_ref());
        usage.map(UsageMetadata::tokens).unwrap_or_default()
    }

    /// What the line says of its image.
    pub fn into_row(self) -> Row<'a> {
        if let Some(error) = self.error {
            return Row::Error {
                code: error.code,
                message: error.message,
            };
        }
        let response = self.response.unwrap_or(Response {
            candidates: Vec::new(),
            prompt_feedback: None,
            usage_metadata: None,
        });
        let block_reason = response
            .prompt_feedback
            .and_then(|feedback| feedback.block_reason);
        let Some(candidate) = response.candidates.into_iter().next() else {
            return Row::NoPicture {
                finish_reason: None,
                block_reason,
                words: None,
            };
        };
        let parts = candidate.content.map(|content| content.parts).unwrap_or_default();
        let mut words = candidate.finish_message;
        for part in parts.into_iter().filter(|part| !part.thought) {
            match (part.inline_data, part.text) {
                (Some(blob), _) => return Row::Picture(blob.data),
                (None, Some(text)) => words = words.or(Some(text)),
                (None, None) => {}
            }
        }
        Row::NoPicture {
            finish_reason: candidate.finish_reason,
            block_reason,
            words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: &str) -> Row<'_> {
        ResultLine::parse(line.as_bytes()).expect("a line").into_row()
    }

    #[test]
    fn the_picture_is_found_behind_thoughts_and_texts() {
        let line = r#"{"response": {"candidates": [{"content": {"parts": [
            {"inlineData": {"mimeType": "image/png", "data": "draft"}, "thought": true},
            {"text": "Here it is"},
            {"inlineData": {"mimeType": "image/png", "data": "final"}, "thoughtSignature": "x"}]}}]}, "key": "img_1"}"#;
        assert_eq!(row(line), Row::Picture("final".into()));
        assert!(
            matches!(row(line), Row::Picture(Cow::Borrowed(_))),
            "the text is not copied"
        );
    }

    #[test]
    fn every_way_to_have_no_picture_is_told() {
        let blocked = row(r#"{"key": "k", "response": {"promptFeedback": {"blockReason": "SAFETY"}}}"#);
        assert!(matches!(blocked, Row::NoPicture { block_reason: Some(reason), .. } if reason == "SAFETY"));
        let finished = row(
            r#"{"key": "k", "response": {"candidates": [{"finishReason": "NO_IMAGE",
            "content": {"parts": [{"text": "I cannot"}]}}]}}"#,
        );
        assert!(matches!(finished, Row::NoPicture { words: Some(words), .. } if words == "I cannot"));
        let failed =
            row(r#"{"key": "k", "error": {"code": 13, "message": "An internal error has occurred"}}"#);
        assert!(matches!(failed, Row::Error { code: 13, .. }));
        assert!(matches!(row(r#"{"key": "k"}"#), Row::NoPicture { .. }));
    }
}
