//! The models that this server has, and what each can do.
//!
//! As of November 2026: the price lists of the `PyPI` packages `genai-prices` 0.2.3 and `litellm` 1.109.1, Google's token
//! table of July 2026, and reports of sizes that were refused. Models that were shut down by then are not here,
//! and are answered like any unknown name.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::pictures::{Format, Ratio, Size};

/// What a model answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// Text, or JSON after a schema.
    Text,
    /// Pictures.
    Images {
        /// The sizes it draws.
        sizes: &'static [Size],
        /// The aspect ratios it draws.
        ratios: &'static [Ratio],
        /// The file format of its pictures, which a caller cannot choose.
        format: Format,
        /// The most pictures that a request may refer to.
        references: usize,
    },
    /// Vectors: it has no `generateContent`.
    Embeddings,
}

/// A model.
#[derive(Debug)]
pub(crate) struct Model {
    /// Name without `models/`.
    pub id: &'static str,
    title: &'static str,
    /// What it answers with.
    pub gives: Gives,
    /// Whether it can be asked in batches.
    pub batches: bool,
}

const fn text(id: &'static str, title: &'static str) -> Model {
    Model {
        id,
        title,
        gives: Gives::Text,
        batches: true,
    }
}

/// Every model, in the order in which they are listed.
pub(crate) static MODELS: [Model; 9] = [
    text("gemini-3.8-flash", "Gemini 3.8 Flash"),
    text("gemini-3.6-flash", "Gemini 3.6 Flash"),
    text("gemini-3.5-flash", "Gemini 3.5 Flash"),
    text("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite"),
    text("gemini-3.1-flash-lite", "Gemini 3.1 Flash-Lite"),
    Model {
        id: "gemini-nano-banana-2.1",
        title: "Nano Banana 2.1",
        gives: Gives::Images {
            sizes: &[Size::K1, Size::K2, Size::K4],
            ratios: &Ratio::ALL,
            format: Format::Jpeg,
            references: 14,
        },
        batches: true,
    },
    Model {
        id: "gemini-3-pro-image",
        title: "Nano Banana Pro",
        gives: Gives::Images {
            sizes: &[Size::K1, Size::K2, Size::K4],
            ratios: Ratio::COMMON,
            format: Format::Png,
            references: 14,
        },
        batches: true,
    },
    Model {
        id: "gemini-3.1-flash-lite-image",
        title: "Gemini 3.1 Flash-Lite Image",
        gives: Gives::Images {
            sizes: &[Size::K1],
            ratios: &Ratio::ALL,
            format: Format::Png,
            references: 14,
        },
        batches: true,
    },
    Model {
        id: "gemini-embedding-001",
        title: "Gemini Embedding 001",
        gives: Gives::Embeddings,
        batches: false,
    },
];

/// Other names under which models answer.
const ALIASES: [(&str, &str); 1] = [("nano-banana-pro-preview", "gemini-3-pro-image")];

impl Model {
    /// The model with this name (with or without `models/`) for a call of `method`.
    pub(crate) fn find(name: &str, version: &str, method: &str) -> Result<&'static Self, ApiError> {
        let id = name.strip_prefix("models/").unwrap_or(name);
        let id = ALIASES
            .iter()
            .find(|(alias, _)| *alias == id)
            .map_or(id, |(_, id)| *id);
        let can = |model: &&Self| method.is_empty() || model.methods().contains(&method);
        MODELS.iter().find(|model| model.id == id).filter(can).ok_or_else(|| {
            let purpose = if method.is_empty() { "generateContent" } else { method };
            ApiError::new(
                404,
                format!(
                    "models/{id} is not found for API version {version}, or is not supported for {purpose}. \
                     Call ListModels to see the list of available models and their supported methods."
                ),
            )
        })
    }

    fn methods(&self) -> Vec<&'static str> {
        match (self.gives, self.batches) {
            (Gives::Embeddings, _) => vec!["embedContent", "countTokens"],
            (_, true) => vec!["generateContent", "countTokens", "batchGenerateContent"],
            (_, false) => vec!["generateContent", "countTokens"],
        }
    }

    /// The resource as `models.get` and `models.list` show it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": format!("models/{}", self.id),
            "version": "001",
            "displayName": self.title,
            "description": format!("{}, played by fake-google", self.title),
            "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536,
            "supportedGenerationMethods": self.methods(),
            "temperature": 1,
            "topP": 0.95,
            "topK": 64,
            "maxTemperature": 2,
            "thinking": self.gives != Gives::Embeddings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Model;

    #[test]
    fn retired_models_and_wrong_methods_are_not_found() {
        for (name, method) in [
            ("gemini-2.5-flash-image", "generateContent"),
            ("gemini-3.1-flash-image", "batchGenerateContent"),
            ("gemini-embedding-001", "batchGenerateContent"),
        ] {
            let error = Model::find(name, "v1", method).expect_err("is not to be had");
            assert_eq!(error.code, 404);
        }
        assert!(Model::find("models/nano-banana-pro-preview", "v1", "batchGenerateContent").is_ok());
    }
}
