//! Makes a picture's file longer without changing the picture, for tests of large results.

/// The most bytes that one comment segment of a JPEG holds.
const LONGEST_COMMENT: usize = 65_533;

/// A picture of at least `length` bytes: a JPEG gets comments, a PNG a private chunk before its end.
pub(crate) fn pad(picture: Vec<u8>, length: usize) -> Vec<u8> {
    let missing = length.saturating_sub(picture.len());
    if missing == 0 {
        return picture;
    }
    if picture.starts_with(&[0xff, 0xd8]) {
        pad_jpeg(&picture, missing)
    } else {
        pad_png(&picture, missing)
    }
}

fn pad_jpeg(picture: &[u8], missing: usize) -> Vec<u8> {
    let mut padded = Vec::with_capacity(picture.len() + missing + 8);
    padded.extend_from_slice(&picture[..2]);
    let mut left = missing;
    while left > 0 {
        let size = left.min(LONGEST_COMMENT);
        let announced = u16::try_from(size + 2).unwrap_or(u16::MAX).to_be_bytes();
        padded.extend_from_slice(&[0xff, 0xfe, announced[0], announced[1]]);
        padded.resize(padded.len() + size, b' ');
        left -= size;
    }
    padded.extend_from_slice(&picture[2..]);
    padded
}

fn pad_png(picture: &[u8], missing: usize) -> Vec<u8> {
    // The last chunk, IEND, is always these twelve bytes long.
    let (body, end) = picture.split_at(picture.len().saturating_sub(12));
    let mut chunk = b"fkPd".to_vec();
    chunk.resize(missing + 4, b' ');
    let mut padded = Vec::with_capacity(picture.len() + missing + 12);
    padded.extend_from_slice(body);
    padded.extend_from_slice(&u32::try_from(missing).unwrap_or(u32::MAX).to_be_bytes());
    padded.extend_from_slice(&chunk);
    padded.extend_from_slice(&crc32fast::hash(&chunk).to_be_bytes());
    padded.extend_from_slice(end);
    padded
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, RgbImage};

    #[test]
    fn padded_pictures_are_long_and_still_pictures() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let mut bytes = Vec::new();
            let picture = RgbImage::from_pixel(9, 7, image::Rgb([200, 50, 30]));
            picture
                .write_to(&mut Cursor::new(&mut bytes), format)
                .expect("is written");
            let padded = super::pad(bytes, 200_000);
            assert!(padded.len() >= 200_000 && padded.len() < 201_000);
            let read = image::load_from_memory_with_format(&padded, format).expect("is still a picture");
            assert_eq!((read.width(), read.height()), (9, 7));
        }
    }
}
