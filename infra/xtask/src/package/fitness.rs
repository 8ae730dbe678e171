//! Whether an archive runs on Lambda: its program asks for no newer C library than Amazon Linux 2023 has, and is small.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::Error;

/// The C library of Amazon Linux 2023 (<https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html>).
const NEWEST_GLIBC: (u32, u32) = (2, 34);

/// The most that an archive may have. Lambda takes 50 MB; a start gets slower with each.
const MOST_BYTES: usize = 4_000_000;

/// What speaks against deploying this archive.
pub(super) fn fault(archive: &[u8]) -> Result<Option<String>, Error> {
    if archive.len() > MOST_BYTES {
        return Ok(Some(format!(
            "it has {} bytes, more than {MOST_BYTES}",
            archive.len()
        )));
    }
    let unreadable = |error: String| Error::Found(format!("an archive cannot be read: {error}"));
    let mut zip = ZipArchive::new(Cursor::new(archive)).map_err(|error| unreadable(error.to_string()))?;
    let mut program = Vec::new();
    zip.by_name("bootstrap")
        .map_err(|error| unreadable(error.to_string()))?
        .read_to_end(&mut program)
        .map_err(|error| unreadable(error.to_string()))?;
    let (major, minor) = newest_glibc(&program);
    Ok(((major, minor) > NEWEST_GLIBC).then(|| format!("it needs GLIBC_{major}.{minor}")))
}

/// The newest version of the C library that a program names. A dynamic linker reads these names from the program's string table
/// (<https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html>).
fn newest_glibc(program: &[u8]) -> (u32, u32) {
    const PREFIX: &[u8] = b"GLIBC_";
    let versions = program.windows(PREFIX.len()).enumerate();
    versions
        .filter(|(_, window)| *window == PREFIX)
        .filter_map(|(at, _)| version(&program[at + PREFIX.len()..]))
        .max()
        .unwrap_or_default()
}

fn version(text: &[u8]) -> Option<(u32, u32)> {
    let end = text
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || *byte == b'.'))?;
    let mut numbers = std::str::from_utf8(&text[..end]).ok()?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(program: &[u8]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("bootstrap", SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(program).expect("written");
        zip.finish().expect("an archive").into_inner()
    }

    #[test]
    fn a_program_for_a_newer_c_library_is_refused() {
        let old = archive(b"\0GLIBC_2.2.5\0GLIBC_2.30\0x");
        assert_eq!(fault(&old).expect("readable"), None);
        let new = archive(b"\0GLIBC_2.9\0GLIBC_2.38\0GLIBC_2.34\0x");
        assert_eq!(
            fault(&new).expect("readable").as_deref(),
            Some("it needs GLIBC_2.38")
        );
        assert!(fault(b"no archive").is_err());
    }

    #[test]
    fn an_archive_that_is_too_large_is_refused() {
        let fault = fault(&vec![0; MOST_BYTES + 1]).expect("not read at all");
        assert!(fault.expect("a fault").contains("4000001"));
    }
}
