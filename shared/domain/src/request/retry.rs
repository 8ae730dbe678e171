//! A request to make one image once more.

use serde_json::{Map, Value};

use super::{FieldError, fields::Fields};

/// As long as a planned prompt may be.
const MAX_PROMPT: usize = 2000;

/// Reads the body of `POST /api/v1/jobs/{job_id}/images/{image_id}/retry`: another prompt, if there is to be one.
///
/// # Errors
///
/// Every wrong field.
pub fn parse(body: &Map<String, Value>) -> Result<Option<String>, Vec<FieldError>> {
    let mut fields = Fields::new(body);
    let prompt = fields.text("prompt", MAX_PROMPT);
    fields.finish()?;
    Ok(prompt)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(body: &Value) -> Result<Option<String>, Vec<(String, &'static str)>> {
        let body = body.as_object().expect("an object");
        parse(body).map_err(|errors| {
            errors
                .into_iter()
                .map(|error| (error.field, error.code))
                .collect()
        })
    }

    #[test]
    fn a_prompt_is_taken_or_left() {
        assert_eq!(parsed(&json!({})), Ok(None));
        assert_eq!(parsed(&json!({"prompt": null})), Ok(None));
        assert_eq!(
            parsed(&json!({"prompt": " On a beach "})),
            Ok(Some("On a beach".to_owned()))
        );
        assert_eq!(
            parsed(&json!({"prompt": "x".repeat(2001), "seed": 7})),
            Err(vec![
                ("prompt".to_owned(), "too_long"),
                ("seed".to_owned(), "unknown_field")
            ])
        );
    }
}
