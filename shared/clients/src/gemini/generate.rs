//! Asking a text model, with photos, for an answer that follows a schema.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use packshot_domain::prices::Tokens;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Gemini, GeminiError, usage::UsageMetadata};

/// What a model is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The model's id.
    pub model: &'a str,
    /// Who the model is to be.
    pub system_instruction: &'a str,
    /// Photos, each with its media type.
    pub photos: &'a [(&'static str, Bytes)],
    /// The question itself.
    pub text: &'a str,
    /// The schema of the answer.
    pub response_schema: Value,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Text that should follow the schema.
    Text(String),
    /// The model declined, for this `blockReason` or `finishReason`.
    Declined(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<PromptFeedback>,
    #[serde(default)]
    usage_metadata: UsageMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
    #[serde(default)]
    thought: bool,
}

impl Gemini {
    /// Asks a model; safe to repeat, though each answer is billed. The tokens are those of the answer that came.
    pub async fn ask(&self, question: &Question<'_>) -> Result<(Answer, Tokens), GeminiError> {
        let path = format!("models/{}:generateContent", question.model);
        let request = self.request(Method::POST, &path).await?.json(&body(question));
        let reply: Reply = self.send_repeatable(request).await?;
        let tokens = reply.usage_metadata.tokens();
        Ok((answer(reply), tokens))
    }
}

fn body(question: &Question<'_>) -> Value {
    let photos = question
        .photos
        .iter()
        .map(|(content_type, bytes)| json!({"inlineData": {"mimeType": content_type, "data": STANDARD.encode(bytes)}}));
    let parts: Vec<Value> = photos.chain([json!({"text": question.text})]).collect();
    json!({
        "contents": [{"role": "user", "parts": parts}],
        "systemInstruction": {"parts": [{"text": question.system_instruction}]},
        "generationConfig": {"responseMimeType": "application/json", "responseSchema": question.response_schema},
    })
}

fn answer(reply: Reply) -> Answer {
    if let Some(reason) = reply.prompt_feedback.and_then(|feedback| feedback.block_reason) {
        return Answer::Declined(reason);
    }
    let Some(candidate) = reply.candidates.into_iter().next() else {
        return Answer::Text(String::new());
    };
    let parts = candidate.content.map(|content| content.parts).unwrap_or_default();
    // Thinking models send drafts first, marked as thoughts.
    let text: String = parts
        .into_iter()
        .filter(|part| !part.thought)
        .filter_map(|part| part.text)
        .collect();
    match candidate.finish_reason.as_deref() {
        Some(reason) if text.is_empty() && reason != "STOP" && reason != "MAX_TOKENS" => {
            Answer::Declined(reason.to_owned())
        }
        _ => Answer::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Answer {
        answer(serde_json::from_value(value).expect("a reply"))
    }

    #[test]
    fn thoughts_are_skipped_and_texts_joined() {
        let parts = json!([{"text": "hm", "thought": true}, {"text": "{\"a\":"}, {"text": "1}", "thoughtSignature": "x"}]);
        let reply = json!({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]});
        assert_eq!(read(reply), Answer::Text("{\"a\":1}".to_owned()));
    }

    #[test]
    fn declined_prompts_and_answers_are_told_apart_from_silence() {
        assert_eq!(
            read(json!({"promptFeedback": {"blockReason": "SAFETY"}})),
            Answer::Declined("SAFETY".to_owned())
        );
        assert_eq!(
            read(json!({"candidates": [{"finishReason": "SPII"}]})),
            Answer::Declined("SPII".to_owned())
        );
        assert_eq!(
            read(json!({"candidates": [{"finishReason": "MAX_TOKENS"}]})),
            Answer::Text(String::new())
        );
        assert_eq!(read(json!({})), Answer::Text(String::new()));
    }
}
