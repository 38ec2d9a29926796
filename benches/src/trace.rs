//! Recorded accesses: one key a line, or little-endian `u32` ids; gzipped or not.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::GzDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Accesses in order, each key by a number of its own, numbered as they first come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The key of each access.
    pub accesses: Vec<u32>,
    /// How many different keys there are.
    pub keys: usize,
}

impl Trace {
    /// Reads at most `limit` accesses from a file; ids if its name has `.u32` in it, lines
    /// otherwise.
    ///
    /// # Errors
    ///
    /// As reading and unpacking the file gives.
    pub fn read(path: &Path, limit: usize) -> io::Result<Self> {
        let mut bytes = std::fs::read(path)?;
        if bytes.starts_with(&GZIP) {
            let mut plain = Vec::new();
            GzDecoder::new(&bytes[..]).read_to_end(&mut plain)?;
            bytes = plain;
        }
        let ids = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().split('.').any(|part| part == "u32"));
        Ok(if ids { Self::of_ids(&bytes, limit) } else { Self::of_lines(&bytes, limit) })
    }

    /// From little-endian `u32` ids.
    pub fn of_ids(bytes: &[u8], limit: usize) -> Self {
        let ids = bytes.chunks_exact(4).map(|id| u32::from_le_bytes([id[0], id[1], id[2], id[3]]));
        Self::number(ids.take(limit))
    }

    /// From one key a line; empty lines are none.
    pub fn of_lines(bytes: &[u8], limit: usize) -> Self {
        let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        Self::number(lines.filter(|line| !line.is_empty()).take(limit))
    }

    fn number<K: Eq + std::hash::Hash>(keys: impl Iterator<Item = K>) -> Self {
        let mut numbers: HashMap<K, u32> = HashMap::new();
        let accesses = keys
            .map(|key| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(key).or_insert(next)
            })
            .collect();
        Self { accesses, keys: numbers.len() }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn lines_become_numbers() {
        let trace = Trace::of_lines(b"one\ntwo\r\n\none\nthree", usize::MAX);
        assert_eq!(trace, Trace { accesses: vec![0, 1, 0, 2], keys: 3 });
        assert_eq!(Trace::of_lines(b"a\nb\nc", 2).accesses, [0, 1]);
    }

    #[test]
    fn ids_become_numbers() {
        let bytes: Vec<u8> = [7_u32, 700_000, 7].iter().flat_map(|id| id.to_le_bytes()).collect();
        assert_eq!(Trace::of_ids(&bytes, 9), Trace { accesses: vec![0, 1, 0], keys: 2 });
    }

    #[test]
    fn files_are_known_by_their_name_and_their_first_bytes() {
        let folder = std::env::temp_dir().join(format!("ttl-memo-trace-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&[1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]).expect("to memory");
        let ids = folder.join("some.u32.gz");
        std::fs::write(&ids, packed.finish().expect("to memory")).expect("a file for the test");
        let lines = folder.join("some.txt");
        std::fs::write(&lines, "x\ny\nx\n").expect("a file for the test");

        let expected = Trace { accesses: vec![0, 1, 0], keys: 2 };
        assert_eq!(Trace::read(&ids, usize::MAX).expect("readable"), expected);
        assert_eq!(Trace::read(&lines, usize::MAX).expect("readable"), expected);
        assert!(Trace::read(&folder.join("none"), usize::MAX).is_err());
        std::fs::remove_dir_all(&folder).expect("the test's own folder");
    }
}
