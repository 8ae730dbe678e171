//! `generateContent` and the models.

use serde_json::{Value, json};

use crate::server::{PIXEL, Server, picture};

const TEXT: &str = "/v1beta/models/gemini-3.8-flash:generateContent";
const IMAGE: &str = "/v1beta/models/gemini-nano-banana-2.1:generateContent";

fn recorded_schema_call() -> Value {
    json!({
        "contents": [{"parts": [{"inlineData": {"data": PIXEL, "mime_type": "image/png"}}, {"text": "Title: Mug"}], "role": "user"}],
        "systemInstruction": {"parts": [{"text": "You are a cataloguer."}], "role": "user"},
        "generationConfig": {"temperature": 0.2, "responseMimeType": "application/json", "responseSchema": {
            "properties": {"title": {"type": "STRING"}, "colors": {"items": {"type": "STRING"}, "type": "ARRAY"}},
            "property_ordering": ["title", "colors"], "required": ["title"], "type": "OBJECT"}},
    })
}

#[tokio::test]
async fn the_recorded_call_with_a_schema_is_answered_in_the_recorded_shape() {
    let server = Server::start().await;
    let (status, reply) = server.post(TEXT, &recorded_schema_call()).await;
    assert_eq!(status, 200, "{reply}");
    let candidate = &reply["candidates"][0];
    assert_eq!(
        (
            &candidate["finishReason"],
            &candidate["index"],
            &candidate["content"]["role"]
        ),
        (&json!("STOP"), &json!(0), &json!("model"))
    );
    let answer: Value = serde_json::from_str(
        candidate["content"]["parts"][0]["text"]
            .as_str()
            .expect("is text"),
    )
    .expect("is JSON");
    assert!(
        answer["title"].is_string() && answer["colors"].is_array(),
        "{answer}"
    );
    for field in ["promptTokenCount", "candidatesTokenCount", "totalTokenCount"] {
        assert!(reply["usageMetadata"][field].is_u64(), "{field} in {reply}");
    }
    assert_eq!(reply["modelVersion"], "gemini-3.8-flash");
    assert!(reply["responseId"].is_string());
}

#[tokio::test]
async fn the_recorded_call_for_a_picture_gives_the_same_picture_each_time() {
    let server = Server::start().await;
    let call = json!({
        "contents": [{"parts": [{"text": "a red mug"}, {"inlineData": {"data": PIXEL, "mime_type": "image/png"}}], "role": "user"}],
        "serviceTier": "flex",
        "generationConfig": {"seed": 7, "responseModalities": ["IMAGE"],
            "thinkingConfig": {"include_thoughts": false, "thinking_level": "MINIMAL"},
            "imageConfig": {"aspectRatio": "4:5", "imageSize": "1K"}},
    });
    let (status, first) = server.post(IMAGE, &call).await;
    assert_eq!(status, 200, "{first}");
    let data = picture(&first).expect("has a picture");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &data).expect("is base64");
    let drawn = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).expect("is a JPEG");
    assert_eq!((drawn.width(), drawn.height()), (928, 1152));
    let other = Server::start().await;
    assert_eq!(picture(&other.post(IMAGE, &call).await.1), Some(data));
}

#[tokio::test]
async fn what_the_service_refuses_is_refused_in_its_words() {
    let server = Server::start().await;
    let asking =
        |config: Value| json!({"contents": [{"parts": [{"text": "x"}]}], "generationConfig": config});
    let cases = [
        (
            IMAGE,
            asking(json!({"imageConfig": {"imageSize": "512"}})),
            400,
            "image_size \"512\"",
        ),
        (
            IMAGE,
            asking(json!({"imageConfig": {"imageSize": "1k"}})),
            400,
            "image_size \"1k\"",
        ),
        (
            IMAGE,
            asking(json!({"imageConfig": {"aspectRatio": "7:5"}})),
            400,
            "aspect_ratio \"7:5\"",
        ),
        (
            IMAGE,
            asking(json!({"responseMimeType": "application/json"})),
            400,
            "JSON mode is not enabled",
        ),
        (
            IMAGE,
            asking(json!({"imageConfig": {"personGeneration": "x"}})),
            400,
            "Unknown name \"personGeneration\" at 'generation_config.image_config'",
        ),
        (
            TEXT,
            asking(json!({"responseModalities": ["IMAGE"]})),
            400,
            "response modalities",
        ),
        (
            TEXT,
            asking(json!({"imageSize": "1K"})),
            400,
            "Unknown name \"imageSize\" at 'generation_config': Cannot find field.",
        ),
        (
            TEXT,
            json!({"config": {}, "contents": []}),
            400,
            "Unknown name \"config\": Cannot find field.",
        ),
        (TEXT, json!({"contents": []}), 400, "contents is not specified"),
        (
            TEXT,
            json!({"contents": [{"parts": [{"file_data": {"file_uri": "https://x/v1beta/files/gone"}}]}]}),
            403,
            "File gone or it may not exist",
        ),
        (
            "/v1/models/gemini-2.5-flash-image:generateContent",
            asking(json!({})),
            404,
            "is not found for API version v1",
        ),
        (
            "/v1/models/gemini-embedding-001:batchGenerateContent",
            json!({}),
            404,
            "not supported for batchGenerateContent",
        ),
    ];
    for (path, body, status, words) in cases {
        let (given, error) = server.post(path, &body).await;
        assert_eq!(given, status, "{body}: {error}");
        assert!(
            error["error"]["message"]
                .as_str()
                .expect("is text")
                .contains(words),
            "{body}: {error}"
        );
    }
    let (_, error) = server.post(TEXT, &asking(json!({"noSuch": 1}))).await;
    let violation = &error["error"]["details"][0]["fieldViolations"][0];
    assert_eq!(violation["field"], "generation_config");
}

#[tokio::test]
async fn keys_are_looked_at() {
    let server = Server::start().await;
    let ask = |key: Option<&str>| {
        let request = reqwest::Client::builder()
            .build()
            .expect("builds")
            .get(format!("{}/v1/models", server.url));
        key.map_or(request.try_clone().expect("has no body"), |key| {
            request.header("x-goog-api-key", key)
        })
        .send()
    };
    assert_eq!(ask(None).await.expect("answers").status(), 403);
    assert_eq!(ask(Some("any")).await.expect("answers").status(), 200);
    let error: Value = ask(Some("an-invalid-one"))
        .await
        .expect("answers")
        .json()
        .await
        .expect("is JSON");
    assert_eq!(error["error"]["status"], "INVALID_ARGUMENT");
    assert_eq!(error["error"]["details"][0]["reason"], "API_KEY_INVALID");
}

#[tokio::test]
async fn models_tell_whether_they_can_be_batched() {
    let server = Server::start().await;
    let (_, model) = server.get("/v1alpha/models/gemini-nano-banana-2.1").await;
    let methods = model["supportedGenerationMethods"].as_array().expect("is a list");
    assert!(methods.contains(&json!("batchGenerateContent")), "{model}");
    assert!(
        server.get("/v1/models").await.1["models"]
            .as_array()
            .expect("is a list")
            .len()
            > 5
    );
    assert_eq!(server.get("/v2/models").await.0, 404);
}
