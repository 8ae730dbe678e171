//! The mail about a job that has ended.

use packshot_domain::{
    failure::FailureCode,
    image::{ImageFailureReason, ImageState},
    job::{Job, NewJob},
    request::{Brief, ProductDetails},
};
use packshot_tests::{
    ended_jobs::{completed, declined, failed, new_job, ready},
    stack::Stack,
};
use serde_json::{Value, json};

use super::{canceled, written};

/// Has the mail about a job sent; the answer is the task's.
async fn send(stack: &Stack, job: &Job) -> Value {
    let task = json!({"user_id": job.owner.to_string(), "job_id": job.id.to_string()});
    stack
        .workflow
        .invoke("send-email", &task)
        .await
        .expect("an answer")
}

/// A mail's subject, HTML and text.
struct Mail {
    subject: String,
    html: String,
    text: String,
}

/// The one mail that the user got about this job.
async fn mail_about(stack: &Stack, job: &Job) -> Mail {
    let job = written(stack, job.clone()).await;
    assert_eq!(send(stack, &job).await, json!({"sent": true}));
    let mails = stack.mailbox.to(&stack.user.email).await;
    let part = |name: &str| mails[0][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0]["To"], json!([stack.user.email]));
    Mail {
        subject: part("Subject"),
        html: part("BodyHtml"),
        text: part("BodyText"),
    }
}

fn file_of(stack: &Stack, job: &Job, name: &str) -> String {
    format!("{}/images/{}/{name}", stack.base_url(), job.images_token)
}

#[tokio::test]
async fn a_set_that_is_complete_is_shown() {
    let stack = Stack::connect().await;
    let job = completed(new_job(stack.user.id, 10), &vec![ready(); 10]);
    let mail = mail_about(&stack, &job).await;
    assert_eq!(mail.subject, "Ten images of Espresso cup are ready");
    for number in 1..=10 {
        let picture = file_of(&stack, &job, &format!("{number:02}.png"));
        let thumbnail = file_of(&stack, &job, &format!("{number:02}-thumbnail.webp"));
        assert!(
            mail.html.contains(&format!("<a href=\"{picture}\"")),
            "{}",
            mail.html
        );
        assert!(
            mail.html.contains(&format!("src=\"{thumbnail}\"")),
            "{}",
            mail.html
        );
        assert!(
            mail.html
                .contains(&format!("alt=\"A red espresso cup, picture {number}\"")),
            "{}",
            mail.html
        );
        assert!(
            mail.text
                .contains(&format!("{number:02}  Shot {number}\n    {picture}\n")),
            "{}",
            mail.text
        );
    }
    let page = format!("{}/jobs/{}", stack.base_url(), job.id);
    for part in [&mail.html, &mail.text] {
        assert!(
            part.contains(&page) && part.contains(&file_of(&stack, &job, "images.zip")),
            "{part}"
        );
    }
}

#[tokio::test]
async fn a_set_with_gaps_says_which_and_why() {
    let stack = Stack::connect().await;
    let error = ImageState::Failed {
        reason: ImageFailureReason::ProviderError,
        message: Some("Internal error <encountered>. (code 13)".to_owned()),
    };
    let job = completed(new_job(stack.user.id, 4), &[ready(), declined(), error, ready()]);
    let mail = mail_about(&stack, &job).await;
    assert_eq!(mail.subject, "Two of four images of Espresso cup are ready");
    for sentence in [
        "Gemini declined image 2 (safety).",
        "Gemini reported an error for image 3.",
        "The other two are ready.",
        "Edit the declined prompt and try again.",
    ] {
        assert!(
            mail.html.contains(sentence) && mail.text.contains(sentence),
            "{sentence}: {}",
            mail.text
        );
    }
    assert!(
        mail.text
            .contains("Gemini's words: \"Internal error <encountered>. (code 13)\""),
        "{}",
        mail.text
    );
    assert!(!mail.html.contains("<encountered>"), "{}", mail.html);
    for (number, is_there) in [(1, true), (2, false), (3, false), (4, true)] {
        let thumbnail = file_of(&stack, &job, &format!("{number:02}-thumbnail.webp"));
        assert_eq!(mail.html.contains(&thumbnail), is_there, "{number}");
    }
}

#[tokio::test]
async fn a_failure_says_what_to_do() {
    let stack = Stack::connect().await;
    let job = failed(new_job(stack.user.id, 3), FailureCode::PhotoUnreadable);
    let mail = mail_about(&stack, &job).await;
    assert_eq!(mail.subject, "The images of Espresso cup could not be made");
    let sentence = "A photo cannot be read as a picture; the file may be damaged or cut short. Export it again and retry.";
    for part in [&mail.html, &mail.text] {
        assert!(part.contains(sentence), "{part}");
        assert!(
            part.contains(&format!("{}/jobs/{}", stack.base_url(), job.id)),
            "{part}"
        );
        assert!(
            !part.contains("images.zip") && !part.contains("thumbnail"),
            "{part}"
        );
    }
}

#[tokio::test]
async fn a_job_has_one_mail() {
    let stack = Stack::connect().await;
    let job = completed(new_job(stack.user.id, 1), &[ready()]);
    mail_about(&stack, &job).await;
    for _ in 0..2 {
        assert_eq!(
            send(&stack, &job).await,
            json!({"sent": false, "reason": "already_claimed"})
        );
    }
    assert_eq!(stack.mailbox.to(&stack.user.email).await.len(), 1);
}

#[tokio::test]
async fn a_canceled_job_and_one_that_runs_have_none() {
    let stack = Stack::connect().await;
    let running = written(&stack, Job::from(new_job(stack.user.id, 1))).await;
    let task = json!({"user_id": running.owner.to_string(), "job_id": running.id.to_string()});
    let error = stack
        .workflow
        .invoke("send-email", &task)
        .await
        .expect_err("too early");
    assert_eq!(error["errorType"], "Bug", "{error}");

    let canceled = canceled(&stack, &running).await;
    assert_eq!(
        send(&stack, &canceled).await,
        json!({"sent": false, "reason": "canceled"})
    );
    assert!(stack.mailbox.to(&stack.user.email).await.is_empty());
}

#[tokio::test]
async fn a_hostile_title_is_only_text() {
    let stack = Stack::connect().await;
    let title = "<script>alert(1)</script>\r\nBcc: everyone@shop.example \u{202e}\"'";
    let new = new_job(stack.user.id, 1);
    let new = NewJob {
        brief: Brief {
            product: ProductDetails {
                title: Some(title.to_owned()),
                ..ProductDetails::default()
            },
            ..new.brief
        },
        ..new
    };
    let mail = mail_about(&stack, &completed(new, &[ready()])).await;
    assert_eq!(
        mail.subject,
        "One image of <script>alert(1)</script> Bcc: everyone@shop.example \"' is ready"
    );
    assert!(
        !mail.html.contains("<script") && mail.html.contains("&#60;script&#62;"),
        "{}",
        mail.html
    );
    assert!(
        !mail.text.contains("\nBcc:") && !mail.text.contains('\u{202e}'),
        "{}",
        mail.text
    );
}
