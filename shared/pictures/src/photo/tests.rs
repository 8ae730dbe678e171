use image::{Rgb, RgbaImage};

use super::*;

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 128])
    })
}

fn png_of(pixels: &DynamicImage) -> Bytes {
    let mut file = Vec::new();
    pixels
        .write_with_encoder(PngEncoder::new(&mut file))
        .expect("encoded");
    file.into()
}

fn png(width: u32, height: u32) -> Bytes {
    png_of(&gradient(width, height).into())
}

/// A JPEG whose EXIF block says that it lies on its side (orientation 6: turn 90° clockwise).
fn sideways_jpeg() -> Bytes {
    let plain = encode_jpeg(&gradient(300, 200), 90).expect("encoded");
    let tiff = [
        b"II*\0\x08\0\0\0\x01\0".as_slice(),
        b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
        b"\0\0\0\0",
    ]
    .concat();
    let segment = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = u16::try_from(segment.len() + 2).expect("short").to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, &segment, &plain[2..]]
        .concat()
        .into()
}

fn refused(bytes: impl Into<Bytes>) -> FailureCode {
    make_fit(bytes.into()).expect_err("refused")
}

#[test]
fn a_plain_photo_is_sent_as_it_is() {
    let photo = png(300, 200);
    let fit = make_fit(photo.clone()).expect("fit");
    assert_eq!((fit.bytes, fit.format), (photo, PhotoFormat::Png));
    let preview = image::load_from_memory(&fit.preview).expect("a picture");
    assert_eq!((preview.width(), preview.height()), (300, 200));
}

#[test]
fn a_photo_on_its_side_is_turned_upright() {
    let fit = make_fit(sideways_jpeg()).expect("fit");
    let upright = image::load_from_memory(&fit.bytes).expect("a picture");
    assert_eq!((upright.width(), upright.height()), (200, 300));
    let again = make_fit(fit.bytes.clone()).expect("fit");
    assert_eq!(again.bytes, fit.bytes, "it says that it is upright now");
}

#[test]
fn a_huge_photo_is_made_smaller_and_keeps_its_shape() {
    let fit = make_fit(png(5000, 1000)).expect("fit");
    let smaller = image::load_from_memory(&fit.bytes).expect("a picture");
    assert_eq!(
        (smaller.width(), smaller.height(), fit.format),
        (4096, 819, PhotoFormat::Jpeg)
    );
}

#[test]
fn a_cut_out_lies_on_white_in_the_preview() {
    let clear = RgbaImage::from_pixel(100, 100, image::Rgba([0, 0, 0, 0]));
    let fit = make_fit(png_of(&clear.into())).expect("fit");
    let preview = image::load_from_memory(&fit.preview)
        .expect("a picture")
        .to_rgb8();
    assert!(
        preview
            .pixels()
            .all(|pixel| pixel.0.iter().all(|channel| *channel > 250))
    );
}

#[test]
fn what_is_no_photo_is_refused_with_its_reason() {
    let whole = png(300, 200);
    assert_eq!(
        refused(whole.slice(..whole.len() / 2)),
        FailureCode::PhotoUnreadable
    );
    assert_eq!(refused(png(1, 1)), FailureCode::PhotoTooSmall);
    assert_eq!(
        refused(&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..]),
        FailureCode::PhotoUnsupportedFormat
    );
    assert_eq!(
        refused(&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..]),
        FailureCode::PhotoUnsupportedFormat
    );
    assert_eq!(
        refused(&b"<!doctype html><title>Not found</title>"[..]),
        FailureCode::PhotoUnreadable
    );
    assert_eq!(refused(Bytes::new()), FailureCode::PhotoUnreadable);
}

#[test]
fn a_photo_that_is_cut_short_is_refused() {
    let jpeg = sideways_jpeg();
    for length in [jpeg.len() / 2, jpeg.len() - 1, 30, 3] {
        let cut = jpeg.slice(..length);
        assert_eq!(refused(cut), FailureCode::PhotoUnreadable, "{length} bytes");
    }
    let png = png(300, 200);
    assert_eq!(refused(png.slice(..png.len() / 2)), FailureCode::PhotoUnreadable);
}

/// As phones add a film.
#[test]
fn what_follows_a_photo_is_no_matter() {
    let photo = encode_jpeg(&gradient(300, 200), 90).expect("encoded");
    let with_film = Bytes::from([&photo, b"\0\0\0\x20ftypmp42 and a film".as_slice()].concat());
    assert_eq!(make_fit(with_film.clone()).expect("fit").bytes, with_film);
}

/// Cameras' files hold a small picture that is whole, before the one that may not be.
#[test]
fn the_end_of_a_small_picture_in_a_photo_is_not_its_own() {
    let photo = encode_jpeg(&gradient(300, 200), 90).expect("encoded");
    let small = encode_jpeg(&gradient(20, 20), 90).expect("encoded");
    let length = u16::try_from(small.len() + 2).expect("short").to_be_bytes();
    let whole = [&photo[..2], &[0xFF, 0xE2], &length, &small, &photo[2..]].concat();
    assert!(make_fit(whole.clone().into()).is_ok());
    assert_eq!(
        refused(whole[..whole.len() - 100].to_vec()),
        FailureCode::PhotoUnreadable
    );
}

/// A PNG of 67 bytes whose header claims 100 megapixels.
#[test]
fn a_bomb_is_refused_by_what_it_claims() {
    let mut header = b"IHDR".to_vec();
    header.extend(10_000u32.to_be_bytes());
    header.extend(10_000u32.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&header);
    file.extend(crc32fast::hash(&header).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xaeB`\x82");
    assert_eq!(refused(file), FailureCode::PhotoTooManyPixels);
}
