//! How near vectors are to one another: the cosine of the angle between them.

/// Most vectors of a matrix: its cells grow with the square, and take four bytes each.
pub const MOST_IN_MATRIX: usize = 3_000;

/// Numbers added side by side, so that the processor's vector unit is used.
const LANES: usize = 16;

/// The cosine of the angle between two vectors; 0 when one of them has no length or they are not
/// equally long.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    let lengths = dot(a, a).sqrt() * dot(b, b).sqrt();
    if lengths > 0.0 {
        (dot(a, b) / lengths).clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a_parts, a_rest) = a.as_chunks::<LANES>();
    let (b_parts, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_parts.iter().zip(b_parts) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// The similarity of every vector to every other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    size: usize,
    cells: Vec<f32>,
}

impl Matrix {
    /// Reckons it for the first [`MOST_IN_MATRIX`] vectors. Takes time: for a worker thread.
    #[must_use]
    pub fn of<V: AsRef<[f32]>>(vectors: &[V]) -> Self {
        let size = vectors.len().min(MOST_IN_MATRIX);
        let units: Vec<Vec<f32>> = vectors[..size].iter().map(|v| unit(v.as_ref())).collect();
        let mut cells = vec![0.0; size * size];
        for (row, a) in units.iter().enumerate() {
            for (column, b) in units.iter().enumerate().skip(row) {
                let near = if a.len() == b.len() {
                    dot(a, b).clamp(-1.0, 1.0)
                } else {
                    0.0
                };
                cells[row * size + column] = near;
                cells[column * size + row] = near;
            }
        }
        Self { size, cells }
    }

    /// Rows, and columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The similarity of two vectors; `None` beyond the matrix.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<f32> {
        (row < self.size && column < self.size).then(|| self.cells[row * self.size + column])
    }

    /// All of one row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        let start = row * self.size;
        self.cells.get(start..start + self.size).unwrap_or_default()
    }

    /// All cells, row by row.
    #[must_use]
    pub fn cells(&self) -> &[f32] {
        &self.cells
    }

    /// The least and the greatest similarity of two different vectors.
    #[must_use]
    pub fn range(&self) -> Option<(f32, f32)> {
        let mut range: Option<(f32, f32)> = None;
        for row in 0..self.size {
            for near in &self.row(row)[row + 1..] {
                let (low, high) = range.unwrap_or((*near, *near));
                range = Some((low.min(*near), high.max(*near)));
            }
        }
        range
    }
}

/// A vector of the same direction and of length one; one without a length stays.
fn unit(vector: &[f32]) -> Vec<f32> {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter().map(|number| number / length).collect()
    } else {
        vector.to_vec()
    }
}

/// A vector near another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its place.
    pub place: usize,
    /// How near it is.
    pub similarity: f32,
}

/// The nearest other vectors, the nearest first; of those equally near the earlier one.
#[must_use]
pub fn nearest<V: AsRef<[f32]>>(vectors: &[V], to: usize, count: usize) -> Vec<Neighbour> {
    let Some(chosen) = vectors.get(to) else {
        return Vec::new();
    };
    let mut all: Vec<Neighbour> = vectors
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != to)
        .map(|(place, vector)| Neighbour {
            place,
            similarity: cosine(chosen.as_ref(), vector.as_ref()),
        })
        .collect();
    all.sort_by(|a, b| {
        b.similarity
            .total_cmp(&a.similarity)
            .then(a.place.cmp(&b.place))
    });
    all.truncate(count);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn the_cosine_is_that_of_the_angle() {
        // (3·4 + 4·3) ÷ (5 · 5) = 24 ÷ 25
        near(cosine(&[3.0, 4.0], &[4.0, 3.0]), 0.96);
        near(cosine(&[1.0, 0.0], &[0.0, 7.0]), 0.0);
        near(cosine(&[1.0, 2.0], &[-2.0, -4.0]), -1.0);
        near(cosine(&[0.0, 0.0], &[1.0, 0.0]), 0.0);
        near(cosine(&[1.0], &[1.0, 0.0]), 0.0);
        // Longer than one round of the lanes, and not a multiple: 19 ones against 19 twos.
        near(cosine(&[1.0; 19], &[2.0; 19]), 1.0);
        near(dot(&[1.0; 19], &[2.0; 19]), 38.0);
    }

    #[test]
    fn a_matrix_has_every_pair() {
        let matrix = Matrix::of(&[[3.0, 4.0], [4.0, 3.0], [-3.0, -4.0]]);
        assert_eq!(matrix.size(), 3);
        near(matrix.get(0, 1).unwrap(), 0.96);
        near(matrix.get(1, 0).unwrap(), 0.96);
        near(matrix.get(0, 2).unwrap(), -1.0);
        near(matrix.get(2, 2).unwrap(), 1.0);
        assert_eq!(matrix.get(0, 3), None);
        let (low, high) = matrix.range().unwrap();
        near(low, -1.0);
        near(high, 0.96);
        assert_eq!(Matrix::of(&[[1.0]]).range(), None);
    }

    #[test]
    fn the_nearest_come_first() {
        let vectors = [[1.0, 0.0], [0.0, 1.0], [3.0, 4.0], [1.0, 0.1], [0.0, 2.0]];
        let found = nearest(&vectors, 0, 3);
        let places: Vec<usize> = found.iter().map(|neighbour| neighbour.place).collect();
        assert_eq!(places, [3, 2, 1]);
        // 3 ÷ 5
        near(found[1].similarity, 0.6);
        assert!(nearest(&vectors, 9, 3).is_empty());
    }
}
