//! What a call used, as Gemini counts it: `usageMetadata` of an answer.

use packshot_domain::prices::Tokens;
use serde::Deserialize;

/// `usageMetadata` (<https://ai.google.dev/api/generate-content#UsageMetadata>).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsageMetadata {
    #[serde(default)]
    prompt_token_count: u64,
    #[serde(default)]
    candidates_token_count: u64,
    #[serde(default)]
    thoughts_token_count: u64,
    #[serde(default)]
    candidates_tokens_details: Vec<ModalityTokens>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ModalityTokens {
    #[serde(default)]
    modality: String,
    #[serde(default)]
    token_count: u64,
}

impl UsageMetadata {
    /// The tokens by what they are charged as.
    pub(super) fn tokens(&self) -> Tokens {
        let details = self.candidates_tokens_details.iter();
        let image = details
            .filter(|part| part.modality == "IMAGE")
            .map(|part| part.token_count)
            .sum();
        Tokens {
            input: self.prompt_token_count,
            text: self.candidates_token_count.saturating_sub(image) + self.thoughts_token_count,
            image,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_words_and_thoughts_are_told_apart() {
        let usage: UsageMetadata = serde_json::from_str(
            r#"{"promptTokenCount": 300, "candidatesTokenCount": 1130, "thoughtsTokenCount": 40, "totalTokenCount": 1470,
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1120}, {"modality": "TEXT", "tokenCount": 10}]}"#,
        )
        .expect("usage");
        let expected = Tokens {
            input: 300,
            text: 50,
            image: 1120,
        };
        assert_eq!(usage.tokens(), expected);
        let none: UsageMetadata = serde_json::from_str("{}").expect("usage");
        assert_eq!(none.tokens(), Tokens::default());
    }
}
