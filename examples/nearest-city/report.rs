//! The table at the end.

use std::time::Duration;

use ttl_memo::CacheInfo;

/// One drive through the log.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) what: &'static str,
    /// What the cache counted meanwhile.
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    /// How long it took with the cache.
    pub(crate) with: Duration,
}

impl Row {
    /// What happened between two looks at the counters.
    pub(crate) fn between(
        what: &'static str,
        before: &CacheInfo,
        after: &CacheInfo,
        with: Duration,
    ) -> Self {
        Self { what, hits: after.hits - before.hits, misses: after.misses - before.misses, with }
    }

    fn calls(&self) -> u64 {
        self.hits + self.misses
    }

    fn hit_percent(&self) -> f64 {
        let count = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        100.0 * count(self.hits) / count(self.calls().max(1))
    }
}

/// The rows as an aligned table; `without` is what the same log took without the cache.
pub(crate) fn table(rows: &[Row], without: Duration) -> String {
    let mut lines = vec![format!(
        "{:<20} {:>7} {:>7} {:>7} {:>9} {:>12} {:>12} {:>12}",
        "", "calls", "hits", "misses", "hit ratio", "time with", "time without", "time saved"
    )];
    lines.extend(rows.iter().map(|row| {
        format!(
            "{:<20} {:>7} {:>7} {:>7} {:>7.1} % {:>12} {:>12} {:>12}",
            row.what,
            row.calls(),
            row.hits,
            row.misses,
            row.hit_percent(),
            seconds(row.with),
            seconds(without),
            seconds(without.saturating_sub(row.with)),
        )
    }));
    lines.join("\n")
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row =
            Row { what: "first drive", hits: 3, misses: 1, with: Duration::from_millis(1_250) };
        let table = table(&[row], Duration::from_secs(10));
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].chars().count(), lines[1].chars().count());
        assert_eq!(
            lines[1].split_whitespace().collect::<Vec<_>>().join(" "),
            "first drive 4 3 1 75.0 % 1.250 s 10.000 s 8.750 s"
        );
    }
}
