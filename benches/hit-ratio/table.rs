//! Row by row as it is found, the means at the end.

use ttl_memo_benches::numbers::mean;

use crate::caches::CACHES;

const OURS: usize = 1;
const PEERS: [usize; 2] = [3, 4];

/// What was printed so far.
pub(crate) struct Table {
    rows: Vec<Vec<f64>>,
}

impl Table {
    pub(crate) fn begin() -> Self {
        print!("{:<24} {:>9} {:>11}", "hit ratio in percent", "size", "Belady");
        for (name, _) in CACHES {
            print!(" {name:>11}");
        }
        println!();
        Self { rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, trace: &str, size: usize, ratios: &[f64]) {
        line(trace, &size.to_string(), ratios);
        self.rows.push(ratios.to_vec());
    }

    /// Means, and how ours stands to the better of the others in each row.
    pub(crate) fn end(self) {
        if self.rows.is_empty() {
            return;
        }
        let column = |place: usize| self.rows.iter().map(|row| row[place]).collect::<Vec<_>>();
        let means: Vec<f64> = (0..=CACHES.len()).map(|place| mean(&column(place))).collect();
        line("mean", "", &means);
        let behind: Vec<f64> = self.rows.iter().map(|row| behind(row)).collect();
        let by_more_than_1 = behind.iter().filter(|&&points| points > 1.0).count();
        println!(
            "\nof {} rows, {by_more_than_1} more than 1 point under the better of moka and \
             quick_cache (at most 6 of 57 is the goal), by {:.1} at worst (at most 4)",
            behind.len(),
            behind.iter().fold(0.0, |worst: f64, &points| worst.max(points)),
        );
    }
}

fn behind(row: &[f64]) -> f64 {
    PEERS.iter().map(|&peer| row[peer]).fold(0.0, f64::max) - row[OURS]
}

fn line(trace: &str, size: &str, ratios: &[f64]) {
    print!("{trace:<24} {size:>9}");
    for ratio in ratios {
        print!(" {ratio:>11.1}");
    }
    println!();
}
