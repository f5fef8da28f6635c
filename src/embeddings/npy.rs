//! Matrices in `NumPy`'s own form, `.npy` version 1.0, as NEP 1 and the documentation of
//! `numpy.lib.format` describe it.

use std::io::{self, Write};

/// Magic number and version.
const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// The data begins at a multiple of this.
const ALIGNED_TO: usize = 64;

/// Writes a matrix in single precision, row by row. Rows that are shorter or longer than the first
/// are an error.
///
/// # Errors
/// When the writer refuses, or rows differ in length.
pub fn write_npy<'a>(
    to: &mut dyn Write,
    rows: usize,
    columns: usize,
    data: impl IntoIterator<Item = &'a [f32]>,
) -> io::Result<()> {
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    // The two bytes of the header's length, and the line's end, count too.
    let before = MAGIC.len() + 2 + header.len() + 1;
    let padding = before.next_multiple_of(ALIGNED_TO) - before;
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(io::Error::other)?;
    to.write_all(MAGIC)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(header.as_bytes())?;
    for row in data {
        if row.len() != columns {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the vectors are not equally long",
            ));
        }
        let bytes: Vec<u8> = row.iter().flat_map(|number| number.to_le_bytes()).collect();
        to.write_all(&bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_specification() {
        let rows: [&[f32]; 2] = [&[1.0, -2.0, 0.5], &[0.0, 3.0, 1.5]];
        let mut bytes = Vec::new();
        write_npy(&mut bytes, 2, 3, rows).unwrap();
        // Magic, version 1.0, and the header's length: 10 bytes before it, 128 with it, so 118 = 0x76.
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00");
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        assert_eq!(&bytes[10..10 + header.len()], header.as_bytes());
        assert!(
            bytes[10 + header.len()..127]
                .iter()
                .all(|byte| *byte == b' ')
        );
        assert_eq!(bytes[127], b'\n');
        // Little-endian IEEE 754: 1 is 3F800000, -2 is C0000000, 0.5 is 3F000000, 3 is 40400000,
        // 1.5 is 3FC00000.
        assert_eq!(
            &bytes[128..],
            [
                0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x3f, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0xc0, 0x3f
            ]
        );
    }

    #[test]
    fn vectors_of_different_lengths_are_no_matrix() {
        let rows: [&[f32]; 2] = [&[1.0], &[1.0, 2.0]];
        assert!(write_npy(&mut Vec::new(), 2, 1, rows).is_err());
    }
}
