//! Colour models of product and background: mixtures of Gaussians over RGB.

/// A colour with channels of 0 to 1.
pub(super) type Rgb = [f32; 3];

/// One bell of a mixture.
#[derive(Debug, Clone, Copy)]
struct Bell {
    mean: Rgb,
    /// Inverse of the covariance.
    inverse: [Rgb; 3],
    /// Logarithm of weight over the square root of the determinant.
    log_scale: f32,
}

/// A mixture.
#[derive(Debug, Clone)]
pub(super) struct Mixture(Vec<Bell>);

impl Mixture {
    /// Fits `bells` bells to weighted colours, by k-means from starts that lie far apart.
    pub(super) fn fit(colours: &[Rgb], weights: &[f32], bells: usize) -> Self {
        let Some(first) = colours.first() else {
            return Self(Vec::new());
        };
        let mut centres = vec![*first];
        while centres.len() < bells {
            let apart = |colour: &Rgb| {
                centres
                    .iter()
                    .map(|centre| square(*colour, *centre))
                    .fold(f32::MAX, f32::min)
            };
            // A weighted far point, so that a lone odd pixel founds no bell of its own.
            let score = |i: &usize| apart(&colours[*i]).sqrt() * weights[*i];
            let farthest = (0..colours.len()).max_by(|x, y| score(x).total_cmp(&score(y)));
            centres.push(farthest.map_or(*first, |i| colours[i]));
        }
        let mut groups = vec![0; colours.len()];
        for _ in 0..8 {
            for (group, colour) in groups.iter_mut().zip(colours) {
                let nearest = |x: &usize, y: &usize| {
                    square(*colour, centres[*x]).total_cmp(&square(*colour, centres[*y]))
                };
                *group = (0..centres.len()).min_by(nearest).unwrap_or(0);
            }
            for (index, centre) in centres.iter_mut().enumerate() {
                if let Some(mean) = mean(colours, weights, &groups, index) {
                    *centre = mean;
                }
            }
        }
        let total: f32 = weights.iter().sum();
        Self(
            (0..bells)
                .filter_map(|index| bell(colours, weights, &groups, index, total))
                .collect(),
        )
    }

    /// Minus the logarithm of how likely the mixture is to give this colour.
    pub(super) fn cost(&self, colour: Rgb) -> f32 {
        let log = |bell: &Bell| {
            let d = [
                colour[0] - bell.mean[0],
                colour[1] - bell.mean[1],
                colour[2] - bell.mean[2],
            ];
            let weighted: f32 = (0..3)
                .map(|i| d[i] * (0..3).map(|j| bell.inverse[i][j] * d[j]).sum::<f32>())
                .sum();
            bell.log_scale - 0.5 * weighted
        };
        let highest = self.0.iter().map(log).fold(f32::MIN, f32::max);
        let sum: f32 = self.0.iter().map(|bell| (log(bell) - highest).exp()).sum();
        if sum > 0.0 { -(highest + sum.ln()) } else { 50.0 }
    }
}

fn square(x: Rgb, y: Rgb) -> f32 {
    (0..3).map(|i| (x[i] - y[i]).powi(2)).sum()
}

fn mean(colours: &[Rgb], weights: &[f32], groups: &[usize], index: usize) -> Option<Rgb> {
    let (mut sum, mut total) = ([0.0; 3], 0.0);
    for ((colour, weight), _) in colours
        .iter()
        .zip(weights)
        .zip(groups)
        .filter(|(_, group)| **group == index)
    {
        for channel in 0..3 {
            sum[channel] += colour[channel] * weight;
        }
        total += weight;
    }
    (total > 0.0).then(|| sum.map(|channel| channel / total))
}

fn bell(colours: &[Rgb], weights: &[f32], groups: &[usize], index: usize, all: f32) -> Option<Bell> {
    let mean = mean(colours, weights, groups, index)?;
    let (mut covariance, mut total) = ([[0.0_f32; 3]; 3], 0.0_f32);
    for ((colour, weight), _) in colours
        .iter()
        .zip(weights)
        .zip(groups)
        .filter(|(_, group)| **group == index)
    {
        for i in 0..3 {
            for j in 0..3 {
                covariance[i][j] += (colour[i] - mean[i]) * (colour[j] - mean[j]) * weight;
            }
        }
        total += weight;
    }
    for (i, row) in covariance.iter_mut().enumerate() {
        for value in row.iter_mut() {
            *value /= total;
        }
        // Flat areas have no spread at all; this much is the noise of any camera.
        row[i] += 0.0006;
    }
    let (inverse, determinant) = invert(&covariance)?;
    Some(Bell {
        mean,
        inverse,
        log_scale: (total / all).ln() - 0.5 * determinant.ln(),
    })
}

#[expect(clippy::many_single_char_names, reason = "rows and columns of a matrix")]
fn invert(m: &[Rgb; 3]) -> Option<([Rgb; 3], f32)> {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f32 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    if determinant <= 0.0 {
        return None;
    }
    let mut inverse = [[0.0; 3]; 3];
    for (i, row) in inverse.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            *value = minor(j, i) / determinant;
        }
    }
    Some((inverse, determinant))
}

#[cfg(test)]
mod tests {
    use super::Mixture;

    #[test]
    fn colours_like_the_fitted_ones_cost_less() {
        let colours: Vec<_> = (0..60_u8)
            .map(|n| [0.7 + f32::from(n % 7) * 0.01, 0.2, 0.1 + f32::from(n % 3) * 0.02])
            .collect();
        let mixture = Mixture::fit(&colours, &vec![1.0; colours.len()], 2);
        assert!(mixture.cost([0.73, 0.2, 0.12]) + 5.0 < mixture.cost([0.2, 0.6, 0.9]));
    }
}
