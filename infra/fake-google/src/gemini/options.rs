//! `generationConfig`: what a model is asked to give, checked against what it can.

use serde::Deserialize;
use serde_json::Value;

use super::models::{Gives, Model};
use super::request::violation;
use crate::error::ApiError;
use crate::pictures::{Ratio, Size};

/// The form of the picture that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drawing {
    /// Aspect ratio, if one was named; otherwise the photo's decides.
    pub ratio: Option<Ratio>,
    /// Size.
    pub size: Size,
    /// Text may come with the picture.
    pub with_text: bool,
}

/// `generationConfig`, as far as it changes the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct GenerationConfig {
    response_mime_type: Option<String>,
    response_schema: Option<Value>,
    response_json_schema: Option<Value>,
    response_modalities: Vec<String>,
    image_config: Option<ImageConfig>,
    thinking_config: ThinkingConfig,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ImageConfig {
    aspect_ratio: Option<String>,
    image_size: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ThinkingConfig {
    include_thoughts: Option<bool>,
}

impl GenerationConfig {
    /// Whether thoughts may come with the answer.
    pub(super) fn thoughts(&self) -> bool {
        self.thinking_config.include_thoughts != Some(false)
    }

    fn asks_for(&self, modality: &str) -> bool {
        self.response_modalities
            .iter()
            .any(|asked| asked.eq_ignore_ascii_case(modality))
    }

    /// What is to be drawn, if the model draws; a refusal if it cannot draw that.
    pub(super) fn drawing(&self, model: &Model) -> Result<Option<Drawing>, ApiError> {
        let Gives::Images { sizes, ratios, .. } = model.gives else {
            return if self.asks_for("IMAGE") || self.image_config.is_some() {
                Err(ApiError::invalid(format!(
                    "The requested combination of response modalities is not supported by the model. \
                     models/{} accepts the following combination of response modalities:\n* TEXT\n",
                    model.id
                )))
            } else {
                Ok(None)
            };
        };
        let with_text = self.response_modalities.is_empty() || self.asks_for("TEXT");
        let wanted = self.image_config.as_ref();
        let ratio = match wanted.and_then(|config| config.aspect_ratio.as_deref()) {
            None | Some("") => None,
            Some(name) => {
                let known: Vec<&str> = ratios.iter().map(|ratio| ratio.name).collect();
                let found = Ratio::parse(name).filter(|ratio| ratios.contains(ratio));
                Some(found.ok_or_else(|| unsupported("aspect_ratio", name, &known, model))?)
            }
        };
        let size = match wanted.and_then(|config| config.image_size.as_deref()) {
            None | Some("") => Size::K1,
            Some(name) => {
                let known: Vec<&str> = sizes.iter().map(|size| size.name()).collect();
                let found = Size::parse(name).filter(|size| sizes.contains(size));
                found.ok_or_else(|| unsupported("image_size", name, &known, model))?
            }
        };
        Ok(Some(Drawing {
            ratio,
            size,
            with_text,
        }))
    }

    /// The schema for the answer, if it is to be JSON.
    pub(super) fn schema(&self, model: &Model) -> Result<Option<Value>, ApiError> {
        let json = self.response_mime_type.as_deref() == Some("application/json");
        if model.gives != Gives::Text && (json || self.response_schema.is_some()) {
            return Err(ApiError::invalid(format!(
                "JSON mode is not enabled for models/{}",
                model.id
            )));
        }
        if self.response_schema.is_some() && self.response_json_schema.is_some() {
            return Err(violation(
                "generation_config",
                "Set one of response_schema and response_json_schema, not both.",
            ));
        }
        let schema = self
            .response_schema
            .as_ref()
            .or(self.response_json_schema.as_ref());
        if schema.is_some() && !json {
            return Err(violation(
                "generation_config.response_mime_type",
                "A response schema needs response_mime_type \"application/json\".",
            ));
        }
        let free_form =
            || serde_json::json!({"type": "OBJECT", "properties": {"answer": {"type": "STRING"}}});
        Ok(schema.cloned().or_else(|| json.then(free_form)))
    }
}

fn unsupported(field: &str, value: &str, known: &[&str], model: &Model) -> ApiError {
    violation(
        &format!("generation_config.image_config.{field}"),
        &format!(
            "{field} \"{value}\" is not supported by models/{}; supported: {}",
            model.id,
            known.join(", ")
        ),
    )
}
