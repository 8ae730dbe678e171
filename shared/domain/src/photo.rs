//! What a photo may be, and how its kind is told from its first bytes.

/// The largest photo, in bytes (50 MB).
pub const MAX_BYTES: u64 = 50 * 1024 * 1024;

/// The most pixels a photo may have (50 megapixels): a picture can claim a size that its file never had.
pub const MAX_PIXELS: u64 = 50_000_000;

/// The shortest side of a photo, in pixels.
pub const MIN_SIDE: u32 = 64;

/// The most photos of one job.
pub const MAX_PHOTOS: usize = 8;

/// The photo formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoFormat {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/webp`
    WebP,
}

impl PhotoFormat {
    /// Every format that is taken.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The file name's ending, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The format with this media type; parameters and letter case do not matter.
    pub fn from_content_type(text: &str) -> Option<Self> {
        let essence = text
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let essence = if essence == "image/jpg" {
            "image/jpeg"
        } else {
            &essence
        };
        Self::ALL
            .into_iter()
            .find(|format| format.content_type() == essence)
    }
}

/// What the first bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// One of the formats that are taken.
    Photo(PhotoFormat),
    /// A picture of a kind that is not taken, with its usual name.
    OtherPicture(&'static str),
    /// Not a picture that we know.
    NotAPicture,
}

/// Tells a file's kind from its first bytes (32 are enough), whatever its name or declared type says.
///
/// Signatures: JPEG SOI (ITU T.81), PNG (RFC 2083), RIFF/WEBP (RFC 9649), ISO base media `ftyp` brands
/// (ISO/IEC 23008-12 for HEIC, the AV1 image file format for AVIF), `GIF89a`, TIFF 6.0, BMP.
pub fn sniff(head: &[u8]) -> Sniffed {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Sniffed::Photo(PhotoFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Sniffed::Photo(PhotoFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Sniffed::Photo(PhotoFormat::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => iso_brand(brand),
        [b'G', b'I', b'F', b'8', ..] => Sniffed::OtherPicture("GIF"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Sniffed::OtherPicture("TIFF"),
        [b'B', b'M', ..] => Sniffed::OtherPicture("BMP"),
        [b'8', b'B', b'P', b'S', ..] => Sniffed::OtherPicture("PSD"),
        _ if looks_like_svg(head) => Sniffed::OtherPicture("SVG"),
        _ => Sniffed::NotAPicture,
    }
}

fn iso_brand(brand: &[u8]) -> Sniffed {
    match brand.get(..4) {
        Some(b"avif" | b"avis") => Sniffed::OtherPicture("AVIF"),
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
            Sniffed::OtherPicture("HEIC")
        }
        _ => Sniffed::NotAPicture,
    }
}

fn looks_like_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(512)]);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide() {
        assert_eq!(
            sniff(&[0xFF, 0xD8, 0xFF, 0xE0]),
            Sniffed::Photo(PhotoFormat::Jpeg)
        );
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n...."), Sniffed::Photo(PhotoFormat::Png));
        assert_eq!(
            sniff(b"RIFF\x10\0\0\0WEBPVP8 "),
            Sniffed::Photo(PhotoFormat::WebP)
        );
        assert_eq!(sniff(b"\0\0\0\x18ftypheic"), Sniffed::OtherPicture("HEIC"));
        assert_eq!(sniff(b"\0\0\0\x18ftypavif"), Sniffed::OtherPicture("AVIF"));
        assert_eq!(sniff(b"\0\0\0\x18ftypmp42"), Sniffed::NotAPicture);
        assert_eq!(sniff(b"GIF89a"), Sniffed::OtherPicture("GIF"));
        assert_eq!(
            sniff(b"  <?xml version='1.0'?><svg/>"),
            Sniffed::OtherPicture("SVG")
        );
        assert_eq!(sniff(b"<!doctype html>"), Sniffed::NotAPicture);
        assert_eq!(sniff(b""), Sniffed::NotAPicture);
    }

    #[test]
    fn media_types_are_read_as_people_write_them() {
        assert_eq!(
            PhotoFormat::from_content_type("image/JPG; charset=x"),
            Some(PhotoFormat::Jpeg)
        );
        assert_eq!(PhotoFormat::from_content_type("image/heic"), None);
    }
}
