//! Small pictures behind a link that is good for some hours.

use std::io::Cursor;

use image::ImageFormat;
use image::codecs::jpeg::JpegEncoder;
use sha2::{Digest as _, Sha256};

use super::content::Facts;

/// How long a link is good, in seconds.
const LIFETIME: i64 = 4 * 3600;

/// The longest side that is made.
const LONGEST_SIDE: u32 = 1600;

/// What a link asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted<'a> {
    pub(super) file: &'a str,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A link to the thumbnail of a file. The id of the file is in it, but a link made by hand is none.
pub(super) fn link(issuer: &str, file: &str, now: i64) -> String {
    format!("{issuer}/drive-thumbnail/{file}.{now}.{}=s220", seal(file, now))
}

/// Reads the last segment of a link; `None` if it is none of ours, or too old.
pub(super) fn read(segment: &str, now: i64) -> Option<Wanted<'_>> {
    let (opaque, wish) = segment.split_once('=').unwrap_or((segment, "s220"));
    let mut parts = opaque.rsplitn(3, '.');
    let (given, made, file) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    if given != seal(file, made) || now - made > LIFETIME {
        return None;
    }
    let (mut width, mut height) = (LONGEST_SIDE, LONGEST_SIDE);
    for part in wish.split('-') {
        let number = part.get(1..).and_then(|number| number.parse::<u32>().ok());
        let side = number.map(|side| {
            if side == 0 {
                LONGEST_SIDE
            } else {
                side.min(LONGEST_SIDE)
            }
        });
        match (part.as_bytes().first(), side) {
            (Some(b's'), Some(side)) => (width, height) = (side, side),
            (Some(b'w'), Some(side)) => width = side,
            (Some(b'h'), Some(side)) => height = side,
            _ => {}
        }
    }
    Some(Wanted { file, width, height })
}

/// The picture made smaller, and its type: PNG stays PNG, all else becomes JPEG.
pub(super) fn draw(facts: &Facts, wanted: &Wanted<'_>) -> Option<(Vec<u8>, &'static str)> {
    let picture = image::load_from_memory(&facts.bytes).ok()?;
    let is_png = image::guess_format(&facts.bytes).ok() == Some(ImageFormat::Png);
    let is_smaller = picture.width() <= wanted.width && picture.height() <= wanted.height;
    let small = if is_smaller {
        picture
    } else {
        picture.thumbnail(wanted.width, wanted.height)
    };
    let mut file = Cursor::new(Vec::new());
    if is_png {
        small.write_to(&mut file, ImageFormat::Png).ok()?;
        return Some((file.into_inner(), "image/png"));
    }
    let encoder = JpegEncoder::new_with_quality(&mut file, 85);
    small.into_rgb8().write_with_encoder(encoder).ok()?;
    Some((file.into_inner(), "image/jpeg"))
}

fn seal(file: &str, made: i64) -> String {
    hex::encode(&Sha256::digest(format!("thumbnail {file} {made}"))[..10])
}

#[cfg(test)]
mod tests {
    use super::{LIFETIME, Wanted, link, read};

    #[test]
    fn links_end_and_cannot_be_made_up() {
        let link = link("http://x", "1abc", 1000);
        let segment = link.rsplit('/').next().expect("has segments");
        let wanted = |width, height| {
            Some(Wanted {
                file: "1abc",
                width,
                height,
            })
        };
        assert_eq!(read(segment, 1000), wanted(220, 220));
        let larger = segment.replace("=s220", "=w300-h40");
        assert_eq!(read(&larger, 1000), wanted(300, 40));
        assert_eq!(read(segment, 1001 + LIFETIME), None);
        assert_eq!(read(&segment.replace("1abc", "1xyz"), 1000), None);
    }
}
