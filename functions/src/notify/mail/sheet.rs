//! The contact sheet of a mail: thumbnails in rows, each with its frame number.

use packshot_domain::{
    image::{Image, ImageState},
    job::Job,
    request::AspectRatio,
};

use super::wording;
use crate::links::Links;

/// The room for pictures between the mail's margins, in pixels; the template's widths add up to it.
const SHEET_WIDTH: u32 = 600;

/// The gap between two frames.
const GAP: u32 = 8;

/// Neither a single picture nor a narrow one may fill the screen.
const MOST_WIDTH: u32 = 288;
const MOST_HEIGHT: u32 = 208;

/// How much of the alt text is sent: a sentence or two.
const MOST_ALT_CHARACTERS: usize = 160;

/// The frames of a job, in rows.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) rows: Vec<Vec<Frame>>,
    /// The width of a column, its share of the gaps included.
    pub(super) column_width: u32,
    /// Of each frame: mail clients keep its place free before the picture is there.
    pub(super) frame_width: u32,
    pub(super) frame_height: u32,
    /// Whether a phone shows two frames a row, larger, rather than all of a row.
    pub(super) refolds: bool,
}

/// One place on the sheet.
#[derive(Debug)]
pub(super) struct Frame {
    /// As on film: 01 to 10.
    pub(super) number: String,
    /// The shot's title, for the plain text.
    pub(super) title: String,
    pub(super) content: FrameContent,
}

/// What is in a frame.
#[derive(Debug)]
pub(super) enum FrameContent {
    /// A thumbnail that leads to the picture.
    Picture {
        url: String,
        thumbnail_url: String,
        alt: String,
    },
    /// Nothing, for this reason.
    Empty { short_reason: &'static str },
}

impl Sheet {
    pub(super) fn new(job: &Job, links: Links<'_>) -> Self {
        let shape = proportions(job.brief.aspect_ratio);
        let columns = columns(job.images.len(), shape);
        let column_width = SHEET_WIDTH / columns;
        let (frame_width, frame_height) = frame_size(column_width - GAP, shape);
        let frame_of = |(index, image)| frame(job, index, image, links);
        let mut frames = job.images.iter().enumerate().map(frame_of).peekable();
        let mut rows = Vec::new();
        while frames.peek().is_some() {
            rows.push(frames.by_ref().take(columns as usize).collect());
        }
        Self {
            rows,
            column_width,
            frame_width,
            frame_height,
            refolds: columns > 2 && shape.1 <= 2 * shape.0,
        }
    }

    /// Every frame in order.
    pub(super) fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.rows.iter().flatten()
    }
}

fn frame(job: &Job, index: usize, image: &Image, links: Links<'_>) -> Frame {
    let shot = job.shots.get(index);
    let number = format!("{:02}", index + 1);
    let title = shot.map_or_else(
        || format!("Image {number}"),
        |shot| wording::one_line(&shot.title, 120),
    );
    let content = match &image.state {
        ImageState::Ready(stored) => FrameContent::Picture {
            url: links.file(&image.file_name(index, stored)),
            thumbnail_url: links.file(&Job::thumbnail_file_name(index, image.attempt)),
            alt: shot.map_or_else(
                || title.clone(),
                |shot| wording::one_line(&shot.alt, MOST_ALT_CHARACTERS),
            ),
        },
        ImageState::Pending | ImageState::Failed { .. } => FrameContent::Empty {
            short_reason: wording::reason_of(image).map_or("not ready", wording::short_reason),
        },
    };
    Frame {
        number,
        title,
        content,
    }
}

/// Rows as even as they can be, at most five frames long: ten images are five and five, eight are four and four.
/// Pictures that are little more than a strip need more width than that.
fn columns(images: usize, (width, height): (u32, u32)) -> u32 {
    let images = u32::try_from(images.max(1)).unwrap_or(u32::MAX);
    if width >= 4 * height {
        images.min(2)
    } else if images <= 5 {
        images
    } else {
        images.div_ceil(2).min(5)
    }
}

/// The size of a frame that fits its column and keeps the shape of its picture.
fn frame_size(room: u32, (width, height): (u32, u32)) -> (u32, u32) {
    let widest = room.min(MOST_WIDTH).min(MOST_HEIGHT * width / height);
    (widest, widest * height / width)
}

/// Width and height of a shape in whole numbers; its name spells them.
fn proportions(ratio: AspectRatio) -> (u32, u32) {
    let parse = |text: &str| text.parse().ok().filter(|number| *number > 0);
    ratio
        .as_str()
        .split_once(':')
        .and_then(|(width, height)| Some((parse(width)?, parse(height)?)))
        .unwrap_or((1, 1))
}
