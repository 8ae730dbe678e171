//! Fields of `POST /api/v1/generate` that are wrong, all of them told at once.

use packshot_tests::stack::Stack;
use serde_json::{Value, json};

use super::{GENERATE, PNG_DATA_URL, refusals};

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let stack = Stack::connect().await;
    let body = json!({
        "images": ["ftp://shop.example/cup.jpg", "upl_cup", "data:image/png,raw", 7, PNG_DATA_URL],
        "product": {"title": "x".repeat(201), "language": ["en"], "colour": "red"},
        "brief": "x".repeat(2001),
        "style": 5,
        "count": 11,
        "aspect_ratio": "7:3",
        "image_size": "8K",
        "callback_url": "not a url",
        "metadata": {"sku": 17},
        "quantity": 3,
    });
    let answer = stack.api.post(GENERATE, &body).await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(answer.body["detail"], "15 fields are not valid; see errors.");
    assert_eq!(
        answer.field_codes(),
        [
            "images[0] invalid_image_url",
            "images[1] invalid_upload_id",
            "images[2] invalid_data_url",
            "images[3] wrong_type",
            "product.title too_long",
            "product.language wrong_type",
            "product.colour unknown_field",
            "brief too_long",
            "style wrong_type",
            "count out_of_range",
            "aspect_ratio unknown_value",
            "image_size unknown_value",
            "callback_url invalid_callback_url",
            "metadata.sku invalid_metadata",
            "quantity unknown_field",
        ]
    );
}

#[tokio::test]
async fn one_mistake_is_told_in_one_sentence() {
    let stack = Stack::connect().await;
    let answer = stack
        .api
        .post(GENERATE, &json!({"images": [PNG_DATA_URL], "count": 0}))
        .await;
    let expected = json!([{
        "field": "count",
        "code": "out_of_range",
        "message": "must be a whole number from 1 to 10",
    }]);
    assert_eq!(answer.body["errors"], expected);
    assert_eq!(
        answer.body["detail"],
        "count must be a whole number from 1 to 10."
    );
}

#[tokio::test]
async fn every_field_has_its_type_and_bounds() {
    let stack = Stack::connect().await;
    let pairs: Value = (0..17)
        .map(|number| (number.to_string(), json!("x")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    for (field, value, code) in [
        ("count", json!("three"), "out_of_range"),
        ("count", json!(2.5), "out_of_range"),
        ("count", json!(-1), "out_of_range"),
        ("count", json!(1e30), "out_of_range"),
        ("product", json!("cup"), "wrong_type"),
        ("product", json!(["cup"]), "wrong_type"),
        ("brief", json!({}), "wrong_type"),
        ("style", json!("x".repeat(201)), "too_long"),
        ("aspect_ratio", json!(1), "unknown_value"),
        ("aspect_ratio", json!("1:1 "), "unknown_value"),
        ("image_size", json!("1k"), "unknown_value"),
        ("callback_url", json!(["https://shop.example/"]), "wrong_type"),
        ("metadata", json!([]), "wrong_type"),
        ("metadata", pairs, "too_many"),
        ("dry", json!(true), "unknown_field"),
    ] {
        let body = json!({"images": [PNG_DATA_URL], field: value});
        assert_eq!(
            refusals(&stack, &body).await,
            [format!("{field} {code}")],
            "{field}: {value}"
        );
    }
}

#[tokio::test]
async fn images_are_counted() {
    let stack = Stack::connect().await;
    for (images, code) in [
        (json!(null), "required"),
        (json!([]), "required"),
        (json!(PNG_DATA_URL), "wrong_type"),
        (json!({"url": PNG_DATA_URL}), "wrong_type"),
        (json!(vec![PNG_DATA_URL; 9]), "too_many"),
        (json!(vec![PNG_DATA_URL; 11]), "too_many"),
    ] {
        let refused = refusals(&stack, &json!({"images": images})).await;
        assert_eq!(refused, [format!("images {code}")], "{images}");
    }
}

#[tokio::test]
async fn a_form_has_the_same_rules() {
    let stack = Stack::connect().await;
    let png = reqwest::multipart::Part::bytes(b"\x89PNG\r\n\x1a\n".to_vec());
    let html = reqwest::multipart::Part::bytes(b"<!doctype html>".to_vec());
    let form = reqwest::multipart::Form::new();
    let form = form
        .part("image", png)
        .part("image", html)
        .text("count", "many")
        .text("product.colour", "red");
    let answer = stack
        .api
        .post_form(GENERATE, form.text("metadata", "{broken").text("colour", "red"))
        .await;
    answer.assert_problem(422, "invalid_fields");
    assert_eq!(
        answer.field_codes(),
        [
            "image[1] not_a_picture",
            "product.colour unknown_field",
            "count out_of_range",
            "metadata wrong_type",
            "colour unknown_field",
        ]
    );
}
