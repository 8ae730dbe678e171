//! Stands in the place of the crate `crc-fast`, of which the AWS SDK's checksums use three algorithms of a hundred.
//!
//! Which algorithm is meant is only known when it runs, so that no linker can leave the others' tables out: 700 KB of noise, which
//! nothing compresses, in each function that calls S3. Here is what `aws-smithy-checksums` calls and no more; should it call
//! anything else one day, it will not compile. See docs/decisions/0029-archives-are-small.md.

/// A checksum that S3 knows (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// CRC-32 as in zip and PNG.
    Crc32IsoHdlc,
    /// CRC-32C, Castagnoli's.
    Crc32Iscsi,
    /// CRC-64/NVME.
    Crc64Nvme,
}

/// A checksum in the making.
#[derive(Debug)]
pub struct Digest(State);

enum State {
    Crc32(crc32fast::Hasher),
    Crc32c(u32),
    Crc64(crc64fast_nvme::Digest),
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Crc32(_) => "CRC-32",
            Self::Crc32c(_) => "CRC-32C",
            Self::Crc64(_) => "CRC-64/NVME",
        })
    }
}

impl Digest {
    /// The checksum of nothing yet.
    #[must_use]
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        Self(match algorithm {
            CrcAlgorithm::Crc32IsoHdlc => State::Crc32(crc32fast::Hasher::new()),
            CrcAlgorithm::Crc32Iscsi => State::Crc32c(0),
            CrcAlgorithm::Crc64Nvme => State::Crc64(crc64fast_nvme::Digest::new()),
        })
    }

    /// Takes these bytes in, after those that came before.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Crc32(hasher) => hasher.update(bytes),
            State::Crc32c(sum) => *sum = crc32c::crc32c_append(*sum, bytes),
            State::Crc64(digest) => digest.write(bytes),
        }
    }

    /// The checksum of all bytes, in the lowest bits.
    #[must_use]
    pub fn finalize(self) -> u64 {
        match self.0 {
            State::Crc32(hasher) => hasher.finalize().into(),
            State::Crc32c(sum) => sum.into(),
            State::Crc64(digest) => digest.sum64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue (<https://reveng.sourceforge.io/crc-catalogue/all.htm>).
    #[test]
    fn each_algorithm_gives_its_check_value_however_the_bytes_come() {
        let known = [
            (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
            (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
            (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
        ];
        for (algorithm, check) in known {
            for cut in 0..=9 {
                let (first, second) = b"123456789".split_at(cut);
                let mut digest = Digest::new(algorithm);
                digest.update(first);
                digest.update(second);
                assert_eq!(digest.finalize(), check, "{algorithm:?}, cut at {cut}");
            }
        }
    }
}
