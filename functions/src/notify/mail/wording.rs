//! The sentences of a mail: numbers as words, images by their numbers, what happened and what to do.

use packshot_domain::{
    image::{Image, ImageFailureReason, ImageState},
    job::Job,
};

/// The longest product name in a mail; a subject line shows about this much.
const MOST_NAME_CHARACTERS: usize = 80;

/// A number as the voice has it: words up to ten, figures above.
pub(super) fn number_word(number: usize) -> String {
    const WORDS: [&str; 11] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// The same text as the beginning of a sentence.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// `image` or `images`.
pub(super) const fn images_noun(count: usize) -> &'static str {
    if count == 1 { "image" } else { "images" }
}

/// A text on one line and not longer than `most` characters.
///
/// Line breaks would split a header, control characters have no place in one, and marks that turn the writing
/// direction around could make the rest of the line read as something else.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let printable: String = text
        .chars()
        .filter(|character| !turns_direction(*character))
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The product's name, if the job gives one.
pub(super) fn product_name(job: &Job) -> Option<String> {
    let name = one_line(job.brief.product.title.as_deref()?, MOST_NAME_CHARACTERS);
    (!name.is_empty()).then_some(name)
}

/// Why an image is missing, in the few words that fit into its empty frame.
pub(super) const fn short_reason(reason: ImageFailureReason) -> &'static str {
    match reason {
        ImageFailureReason::BlockedBySafety => "declined (safety)",
        ImageFailureReason::NoImageReturned => "no picture returned",
        ImageFailureReason::ProviderError => "error at Gemini",
        ImageFailureReason::MissingFromBatch => "missing from the result",
        ImageFailureReason::Late => "not ready in time",
    }
}

/// What happened to a job with some of its images missing, what is there, and what to do.
pub(super) fn some_missing(images: &[Image]) -> String {
    let missing_for = |wanted: ImageFailureReason| -> Vec<usize> {
        let numbered = images.iter().zip(1..);
        numbered
            .filter(|(image, _)| reason_of(image) == Some(wanted))
            .map(|(_, number)| number)
            .collect()
    };
    let mut sentences = Vec::new();
    for reason in ImageFailureReason::ALL {
        let numbers = missing_for(reason);
        if !numbers.is_empty() {
            sentences.push(what_happened(reason, &numbers));
        }
    }
    let declined = missing_for(ImageFailureReason::BlockedBySafety).len();
    let ready = images.iter().filter(|image| image.is_ready()).count();
    sentences.push(what_is_there(ready));
    sentences.push(what_to_do(declined, images.len() - ready).to_owned());
    sentences.join(" ")
}

/// Why an image is missing; `None` for one that is there.
pub(super) const fn reason_of(image: &Image) -> Option<ImageFailureReason> {
    match image.state {
        ImageState::Ready(_) => None,
        ImageState::Failed { reason, .. } => Some(reason),
        // A job does not end with an image in this state; were there one, it would not be ready.
        ImageState::Pending => Some(ImageFailureReason::Late),
    }
}

fn what_happened(reason: ImageFailureReason, numbers: &[usize]) -> String {
    let images = numbered_images(numbers);
    match reason {
        ImageFailureReason::BlockedBySafety => format!("Gemini declined {images} (safety)."),
        ImageFailureReason::NoImageReturned => format!("Gemini answered without a picture for {images}."),
        ImageFailureReason::ProviderError => format!("Gemini reported an error for {images}."),
        ImageFailureReason::MissingFromBatch => format!("Gemini's result did not contain {images}."),
        ImageFailureReason::Late => {
            let verb = if numbers.len() == 1 { "was" } else { "were" };
            format!("{} {verb} not ready when the job ended.", capitalized(&images))
        }
    }
}

fn what_is_there(ready: usize) -> String {
    let verb = if ready == 1 { "is" } else { "are" };
    format!("The other {} {verb} ready.", number_word(ready))
}

/// Only a declined image needs another prompt.
const fn what_to_do(declined: usize, missing: usize) -> &'static str {
    match (declined, missing) {
        (0, 1) => "Try it again.",
        (0, _) => "Try them again.",
        (1, 1) => "Edit its prompt and try again.",
        (declined, missing) if declined == missing => "Edit their prompts and try again.",
        (1, _) => "Edit the declined prompt and try again.",
        _ => "Edit the declined prompts and try again.",
    }
}

/// `image 4`, `images 4 and 7`, `images 2, 4 and 7`.
fn numbered_images(numbers: &[usize]) -> String {
    let noun = images_noun(numbers.len());
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, [])) => format!("{noun} {last}"),
        Some((last, before)) => format!("{noun} {} and {last}", before.join(", ")),
        None => format!("no {noun}"),
    }
}

/// The characters of Unicode's bidirectional algorithm that change the direction of what follows
/// (<https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>).
const fn turns_direction(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
