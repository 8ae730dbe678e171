//! Whether a JPEG ends where it should. Decoders fill what is missing with grey and say nothing.

/// What every marker begins with (ITU-T T.81, B.1.1.2 and table B.1, <https://www.w3.org/Graphics/JPEG/itu-t81.pdf>).
const MARKER: u8 = 0xFF;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: [u8; 2] = [MARKER, 0xD9];

/// True if the picture's data do not come to their end: an upload that broke off, a copy that was not finished.
///
/// Only what comes after the first scan's header is searched: what is before it may hold a whole small JPEG, as cameras' files do.
/// Within a scan's data the end marker cannot occur, and what follows the end is no matter: phones put films there.
pub(super) fn is_cut_short(file: &[u8]) -> bool {
    first_scan(file).is_none_or(|scan| {
        let mut pairs = scan.windows(END_OF_IMAGE.len());
        !pairs.any(|pair| pair == END_OF_IMAGE)
    })
}

/// What follows the marker of the first scan: each segment before it says how long it is.
fn first_scan(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(2..)?;
    loop {
        match *rest {
            // A marker may have any number of these before it.
            [MARKER, MARKER, ..] => rest = &rest[1..],
            [MARKER, START_OF_SCAN, ..] => return Some(&rest[2..]),
            [MARKER, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                rest = rest.get(2 + length..)?;
            }
            _ => return None,
        }
    }
}
