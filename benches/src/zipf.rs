//! Keys as they are asked for in life: few very often, most hardly ever.

use crate::numbers::{Random, float, scramble};

/// Ranks in `1..=count`, rank `r` with a chance proportional to `r^-skew`.
///
/// By rejection inversion (Hörmann and Derflinger 1996), so that a million keys need no table.
#[derive(Clone, Debug)]
pub struct Zipf {
    count: u64,
    skew: f64,
    /// The integral of the density at the first and the last rank's outer edges.
    first: f64,
    last: f64,
}

impl Zipf {
    /// For `count` keys, which are not none.
    pub fn new(count: u64, skew: f64) -> Self {
        let first = integral(1.5, skew) - 1.0;
        let last = integral(float(count) + 0.5, skew);
        Self { count, skew, first, last }
    }

    /// A rank.
    pub fn rank(&self, random: &mut Random) -> u64 {
        loop {
            let height = self.last + random.unit() * (self.first - self.last);
            let place = inverse(height, self.skew);
            let rank = nearest(place, self.count);
            let edge = integral(float(rank) + 0.5, self.skew) - float(rank).powf(-self.skew);
            if height >= edge {
                return rank;
            }
        }
    }

    /// So many keys. Ranks are scattered, so that no neighbours in number are neighbours in rank.
    pub fn keys(&self, how_many: usize, seed: u64) -> Vec<u64> {
        let mut random = Random::new(seed);
        (0..how_many).map(|_| scramble(self.rank(&mut random))).collect()
    }

    /// Every key that there is, once.
    pub fn all(&self) -> Vec<u64> {
        (1..=self.count).map(scramble).collect()
    }
}

/// The integral of `x^-skew`, up to a constant.
fn integral(x: f64, skew: f64) -> f64 {
    if (skew - 1.0).abs() < 1e-9 { x.ln() } else { (x.powf(1.0 - skew) - 1.0) / (1.0 - skew) }
}

fn inverse(height: f64, skew: f64) -> f64 {
    if (skew - 1.0).abs() < 1e-9 {
        height.exp()
    } else {
        (1.0 + height * (1.0 - skew)).max(0.0).powf(1.0 / (1.0 - skew))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a rank")]
fn nearest(place: f64, count: u64) -> u64 {
    (place + 0.5).clamp(1.0, float(count)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of each rank among many draws.
    fn shares(count: u64, skew: f64) -> Vec<f64> {
        let (zipf, mut random) = (Zipf::new(count, skew), Random::new(42));
        let mut drawn = vec![0_u64; usize::try_from(count).expect("small")];
        for _ in 0..400_000 {
            let rank = zipf.rank(&mut random);
            drawn[usize::try_from(rank - 1).expect("small")] += 1;
        }
        drawn.into_iter().map(|times| float(times) / 400_000.0).collect()
    }

    #[test]
    fn ranks_fall_off_as_a_power() {
        for skew in [0.9, 0.99, 1.0, 1.2] {
            let total: f64 = (1..=100).map(|rank| float(rank).powf(-skew)).sum();
            for (rank, share) in (1..).zip(shares(100, skew)) {
                let expected = float(rank).powf(-skew) / total;
                let error = (share - expected).abs() / expected;
                assert!(error < 0.1, "skew {skew}, rank {rank}: {share} for {expected}");
            }
        }
    }

    #[test]
    fn keys_are_among_all_keys() {
        let zipf = Zipf::new(1_000, 0.9);
        let all: std::collections::HashSet<u64> = zipf.all().into_iter().collect();
        assert_eq!(all.len(), 1_000);
        assert!(zipf.keys(5_000, 1).iter().all(|key| all.contains(key)));
    }
}
