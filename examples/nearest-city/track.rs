//! What the van's GPS logged: Paris to Menton along the Nationale 7, and back, several times.

/// One reading of the GPS, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fix {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
}

/// A square of a hundredth of a degree, about a kilometre: what "the same place" means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    lat: i32,
    lon: i32,
}

impl Cell {
    /// The cell that a fix lies in.
    #[expect(clippy::cast_possible_truncation, reason = "degrees are at most ±180")]
    pub(crate) fn of(fix: Fix) -> Self {
        Self { lat: (fix.lat * 100.0).floor() as i32, lon: (fix.lon * 100.0).floor() as i32 }
    }

    /// The middle of the cell, in degrees.
    pub(crate) fn middle(self) -> (f64, f64) {
        ((f64::from(self.lat) + 0.5) / 100.0, (f64::from(self.lon) + 0.5) / 100.0)
    }
}

/// Towns on the Nationale 7 in the order of the road, from Paris to Menton.
const NATIONALE_7: [(f64, f64); 23] = [
    (48.85341, 2.3488),  // Paris
    (48.4, 2.7),         // Fontainebleau
    (48.27511, 2.69078), // Nemours
    (48.0, 2.75),        // Montargis
    (47.41101, 2.92528), // Cosne-Cours-sur-Loire
    (46.98956, 3.159),   // Nevers
    (46.56667, 3.33333), // Moulins
    (46.24835, 3.63605), // Lapalisse
    (46.03333, 4.06667), // Roanne
    (45.89761, 4.43272), // Tarare
    (45.74846, 4.84671), // Lyon
    (45.51667, 4.86667), // Vienne
    (44.93333, 4.9),     // Valence
    (44.55838, 4.75094), // Montélimar
    (44.1392, 4.80791),  // Orange
    (43.94834, 4.80892), // Avignon
    (43.5283, 5.44973),  // Aix-en-Provence
    (43.4, 6.06667),     // Brignoles
    (43.43286, 6.73524), // Fréjus
    (43.55135, 7.01275), // Cannes
    (43.56241, 7.12777), // Antibes
    (43.70313, 7.26608), // Nice
    (43.77649, 7.50435), // Menton
];

/// Between two fixes, in degrees of latitude: about 250 m.
const STEP: f64 = 0.002_25;

/// How far off a fix may be, in degrees: about 30 m.
const ERROR: f64 = 0.000_27;

/// The log of `trips` drives, southwards and northwards in turn. The same on every run: the error
/// of the fixes comes from a generator with a fixed seed.
pub(crate) fn log(trips: usize) -> Vec<Fix> {
    let mut error = Noise(7);
    let mut fixes = Vec::new();
    for trip in 0..trips {
        let first = fixes.len();
        fixes.extend(southwards().map(|(lat, lon)| Fix {
            lat: lat + ERROR * error.next(),
            lon: lon + ERROR * error.next(),
        }));
        if trip % 2 == 1 {
            fixes[first..].reverse();
        }
    }
    fixes
}

/// Points of the road, a step apart, on straight lines from town to town.
fn southwards() -> impl Iterator<Item = (f64, f64)> {
    NATIONALE_7.windows(2).flat_map(|pair| {
        let ((lat, lon), (to_lat, to_lon)) = (pair[0], pair[1]);
        let (north, east) = (to_lat - lat, to_lon - lon);
        // A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
        let steps = (north.hypot(east * lat.to_radians().cos()) / STEP).ceil();
        let along = move |step: i32| f64::from(step) / steps;
        #[expect(clippy::cast_possible_truncation, reason = "a few hundred steps a leg")]
        (0..steps as i32).map(move |step| (lat + north * along(step), lon + east * along(step)))
    })
}

/// Numbers in -1.0..=1.0 that look random (`SplitMix64`).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let half = f64::from(u32::MAX) / 2.0;
        f64::from((bits >> 32) as u32) / half - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_the_same_on_every_run_and_goes_to_and_fro() {
        let trips = log(2);
        assert_eq!(trips, log(2));
        let (paris, last) = (trips[0], trips[trips.len() - 1]);
        assert!((paris.lat - last.lat).abs() <= 2.0 * ERROR);
        assert!((paris.lon - last.lon).abs() <= 2.0 * ERROR);
    }

    #[test]
    fn fixes_are_a_step_apart() {
        for pair in log(1).windows(2) {
            let east = (pair[1].lon - pair[0].lon) * pair[0].lat.to_radians().cos();
            let apart = (pair[1].lat - pair[0].lat).hypot(east);
            assert!(apart <= STEP + 4.0 * ERROR, "{pair:?}");
        }
    }

    #[test]
    fn a_cell_holds_its_own_middle() {
        let cell = Cell::of(Fix { lat: 48.853_41, lon: -0.001 });
        let (lat, lon) = cell.middle();
        assert_eq!(Cell::of(Fix { lat, lon }), cell);
    }
}
