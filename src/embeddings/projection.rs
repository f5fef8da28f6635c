//! A map: vectors in the two dimensions in which they differ most (principal components).
//!
//! The components are found by multiplying with the centred vectors again and again (orthogonal
//! iteration): each round takes time in proportion to the numbers there are, and no matrix of
//! dimensions times dimensions is ever made.

/// Rounds at the most; two components that are equally strong need not be told apart.
const ROUNDS: usize = 200;

/// How little a component may still turn when it counts as found.
const STILL: f64 = 1e-9;

/// Vectors in two dimensions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// The place of each vector.
    pub points: Vec<[f64; 2]>,
    /// The share of all variance that each of the two axes shows, from 0 to 1.
    pub shares: [f64; 2],
}

/// Projects vectors of one length; those of another length than the first lie in the middle. Takes
/// time: for a worker thread.
#[must_use]
pub fn project<V: AsRef<[f32]>>(vectors: &[V]) -> Projection {
    let length = vectors.first().map_or(0, |first| first.as_ref().len());
    let middle = mean(vectors, length);
    let rows: Vec<Vec<f64>> = vectors
        .iter()
        .map(|vector| centred(vector.as_ref(), &middle))
        .collect();
    let all: f64 = rows.iter().map(|row| dot(row, row)).sum();
    let mut found: Vec<Vec<f64>> = Vec::new();
    let mut shares = [0.0; 2];
    for share in &mut shares {
        let axis = component(&rows, &found, length);
        let along: f64 = rows.iter().map(|row| dot(row, &axis).powi(2)).sum();
        if all > 0.0 {
            *share = along / all;
        }
        found.push(axis);
    }
    let points = rows
        .iter()
        .map(|row| [dot(row, &found[0]), dot(row, &found[1])])
        .collect();
    Projection { points, shares }
}

fn mean<V: AsRef<[f32]>>(vectors: &[V], length: usize) -> Vec<f64> {
    let mut sum = vec![0.0; length];
    let mut count = 0.0_f64;
    for vector in vectors {
        let vector = vector.as_ref();
        if vector.len() == length {
            count += 1.0;
            for (sum, number) in sum.iter_mut().zip(vector) {
                *sum += f64::from(*number);
            }
        }
    }
    for number in &mut sum {
        *number /= count.max(1.0);
    }
    sum
}

fn centred(vector: &[f32], middle: &[f64]) -> Vec<f64> {
    if vector.len() != middle.len() {
        return vec![0.0; middle.len()];
    }
    let numbers = vector.iter().zip(middle);
    numbers
        .map(|(number, middle)| f64::from(*number) - middle)
        .collect()
}

/// The direction in which the rows differ most, at right angles to those found before; of length
/// zero when they do not differ.
fn component(rows: &[Vec<f64>], before: &[Vec<f64>], length: usize) -> Vec<f64> {
    let mut axis = first_guess(rows, before, length);
    for _ in 0..ROUNDS {
        let mut next = vec![0.0; length];
        for row in rows {
            let along = dot(row, &axis);
            for (next, number) in next.iter_mut().zip(row) {
                *next += along * number;
            }
        }
        if !straighten(&mut next, before) {
            return next;
        }
        let still = (1.0 - dot(&axis, &next).abs()) < STILL;
        axis = next;
        if still {
            break;
        }
    }
    // Either direction is right; the one that is chosen must not be chance.
    let strongest = axis
        .iter()
        .copied()
        .max_by(|a, b| a.abs().total_cmp(&b.abs()));
    if strongest.is_some_and(|strongest| strongest < 0.0) {
        for number in &mut axis {
            *number = -*number;
        }
    }
    axis
}

/// The row that lies farthest from the axes found before: never at right angles to what is looked
/// for, unless there is nothing to be found.
fn first_guess(rows: &[Vec<f64>], before: &[Vec<f64>], length: usize) -> Vec<f64> {
    let mut best = (0.0, vec![0.0; length]);
    for row in rows {
        let mut left = row.clone();
        take_out(&mut left, before);
        let far = dot(&left, &left);
        if far > best.0 {
            best = (far, left);
        }
    }
    straighten(&mut best.1, before);
    best.1
}

/// Brings a direction to length one, at right angles to others; false when nothing is left of it.
fn straighten(direction: &mut [f64], others: &[Vec<f64>]) -> bool {
    let whole = dot(direction, direction).sqrt();
    take_out(direction, others);
    let length = dot(direction, direction).sqrt();
    let is_left = length > whole * 1e-9 && length > 0.0;
    for number in direction {
        *number = if is_left { *number / length } else { 0.0 };
    }
    is_left
}

fn take_out(direction: &mut [f64], others: &[Vec<f64>]) {
    for other in others {
        let along = dot(direction, other);
        for (number, other) in direction.iter_mut().zip(other) {
            *number -= along * other;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }

    #[test]
    fn the_axes_are_those_of_the_greatest_variance() {
        // Around (10, 5): ±2 along the first axis, ±1 along the second. The sums of squares are 8 and
        // 2, so the shares are 0.8 and 0.2.
        let vectors = [[12.0, 5.0], [8.0, 5.0], [10.0, 6.0], [10.0, 4.0]];
        let found = project(&vectors);
        near(found.shares[0], 0.8);
        near(found.shares[1], 0.2);
        let expected = [[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
        for (found, expected) in found.points.iter().zip(expected) {
            near(found[0], expected[0]);
            near(found[1], expected[1]);
        }
    }

    #[test]
    fn a_line_through_many_dimensions_has_one_component() {
        // Along (1, 2, 2), which has length 3: places 0, 1 and 5 lie at 0, 3 and 15; their middle is 6.
        let along = |t: f32| [t, 2.0 * t, 2.0 * t];
        let found = project(&[along(0.0), along(1.0), along(5.0)]);
        for (found, expected) in found.points.iter().zip([-6.0, -3.0, 9.0]) {
            near(found[0], expected);
            near(found[1], 0.0);
        }
        near(found.shares[0], 1.0);
        near(found.shares[1], 0.0);
    }

    #[test]
    fn nothing_and_no_difference_are_no_problem() {
        assert!(project::<[f32; 0]>(&[]).points.is_empty());
        let same = project(&[[1.0, 2.0], [1.0, 2.0]]);
        assert_eq!(same.points, [[0.0, 0.0]; 2]);
        near(same.shares[0] + same.shares[1], 0.0);
        assert_eq!(project(&[[1.0, 2.0]]).points, [[0.0, 0.0]]);
    }
}
