//! What was measured, as a table: figures, ratios, and which goals they meet.
//!
//! A ratio that is shown is that of the figures beside it. A goal goes by the median of the ratios of
//! each round instead, which what slows a whole round down leaves alone.

use std::fmt::Write;

use crate::numbers::median;

/// A contender's figures, one a round.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who.
    pub name: String,
    /// Round by round.
    pub samples: Vec<f64>,
    /// What else there is to say.
    pub note: String,
}

impl Row {
    /// Without a note.
    pub fn new(name: impl Into<String>, samples: Vec<f64>) -> Self {
        Self { name: name.into(), samples, note: String::new() }
    }

    /// The median.
    pub fn figure(&self) -> f64 {
        median(&self.samples)
    }
}

/// What a ratio, or without `against` a figure, is to be.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Whose.
    pub ours: String,
    /// To whose figure it is related.
    pub against: Option<String>,
    /// From what to what.
    pub limit: Limit,
}

/// The side on which a goal lies.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// Met at or below.
    AtMost(f64),
    /// Met at or above.
    AtLeast(f64),
}

impl Limit {
    fn admits(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }

    fn show(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
        }
    }
}

/// One workload.
#[derive(Clone, Debug)]
pub struct Section {
    /// What was done.
    pub title: String,
    /// Of the figures.
    pub unit: &'static str,
    /// Whose figure is 1 in the ratios.
    pub baseline: Option<&'static str>,
    /// Whether it is drawn in the plot.
    pub drawn: bool,
    /// Whether it is in the README's table, which is short.
    pub short: bool,
    /// Everybody's figures.
    pub rows: Vec<Row>,
    /// What ours are to be.
    pub goals: Vec<Goal>,
}

impl Section {
    /// Figures alone.
    pub fn new(title: impl Into<String>, unit: &'static str, rows: Vec<Row>) -> Self {
        let title = title.into();
        let (drawn, short) = (false, false);
        Self { title, unit, baseline: None, drawn, short, rows, goals: Vec::new() }
    }

    /// With ratios to this one's figures.
    #[must_use]
    pub fn over(mut self, baseline: &'static str) -> Self {
        self.baseline = Some(baseline);
        self
    }

    /// A part of the plot.
    #[must_use]
    pub fn drawn(mut self) -> Self {
        self.drawn = true;
        self
    }

    /// A line of the README.
    #[must_use]
    pub fn short(mut self) -> Self {
        self.short = true;
        self
    }

    /// With a goal for `ours`, if it was measured.
    #[must_use]
    pub fn goal(mut self, ours: &str, against: Option<&str>, limit: Limit) -> Self {
        if self.row(ours).is_some() {
            let against = against.map(str::to_owned);
            self.goals.push(Goal { ours: ours.to_owned(), against, limit });
        }
        self
    }

    /// Whether the larger of two figures is the better.
    pub fn more_is_better(&self) -> bool {
        matches!(self.unit, "Mops/s" | "×" | "%")
    }

    /// A contender's row.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The median of the ratios of each round: what slows a whole round down leaves it alone.
    pub fn ratio(&self, of: &str, to: &str) -> Option<f64> {
        let (of, to) = (self.row(of)?, self.row(to)?);
        let ratios: Vec<f64> = of.samples.iter().zip(&to.samples).map(|(of, to)| of / to).collect();
        Some(median(&ratios)).filter(|ratio| ratio.is_finite())
    }

    /// The ratio of the medians, as whoever reads the figures works it out.
    pub fn ratio_of_figures(&self, of: &str, to: &str) -> Option<f64> {
        let (of, to) = (self.row(of)?.figure(), self.row(to)?.figure());
        Some(of / to).filter(|ratio| ratio.is_finite())
    }

    /// A goal's figure, and whether it is met; `None` where nobody is there to compare with.
    pub fn judge(&self, goal: &Goal) -> Option<(f64, bool)> {
        let figure = match &goal.against {
            Some(against) => self.ratio(&goal.ours, against)?,
            None => self.row(&goal.ours)?.figure(),
        };
        Some((figure, goal.limit.admits(figure)))
    }

    fn verdict(&self, goal: &Goal) -> Option<String> {
        let (figure, met) = self.judge(goal)?;
        let against = goal.against.as_ref().map_or(String::new(), |name| format!(" × {name}"));
        let verdict = if met { "met" } else { "MISSED" };
        Some(format!("{}{against} {} {verdict}", show(figure), goal.limit.show()))
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("\n{} [{}]", self.title, self.unit);
        if let Some(baseline) = self.baseline {
            let _ = write!(text, ", × {baseline}");
        }
        text.push('\n');
        for row in &self.rows {
            let ratio =
                self.baseline.and_then(|baseline| self.ratio_of_figures(&row.name, baseline));
            let ratio = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
            let goals = self.goals.iter().filter(|goal| goal.ours == row.name);
            let goals: Vec<String> = goals.filter_map(|goal| self.verdict(goal)).collect();
            let line = format!(
                "  {:<30} {:>9} {:>7}  {} {}",
                row.name,
                show(row.figure()),
                ratio,
                row.note,
                goals.join("; "),
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

/// Three digits that matter.
pub fn show(figure: f64) -> String {
    match figure.abs() {
        size if size.is_nan() => "–".to_owned(),
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// One table of all, a line a workload and a column a contender.
pub fn table(sections: &[&Section], columns: &[String]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in sections.iter().flat_map(|section| &section.rows) {
        let asked = columns.is_empty() || columns.contains(&row.name);
        if asked && !names.contains(&row.name.as_str()) {
            names.push(&row.name);
        }
    }
    let mut text = format!("| | {} |\n|---|{}\n", names.join(" | "), "--:|".repeat(names.len()));
    for section in sections {
        let _ = write!(text, "| {} [{}] |", section.title, section.unit);
        for name in &names {
            let Some(row) = section.row(name) else {
                text.push_str(" |");
                continue;
            };
            let _ = write!(text, " {}", show(row.figure()));
            let baseline = section.baseline.filter(|baseline| baseline != name);
            if let Some(ratio) = baseline.and_then(|base| section.ratio_of_figures(name, base)) {
                let _ = write!(text, " ({ratio:.2} ×)");
            }
            text.push_str(" |");
        }
        text.push('\n');
    }
    text
}

/// What was aimed at, and what became of it.
pub fn goals(sections: &[&Section]) -> String {
    let mut text = "| goal | of | is |\n|---|---|---|\n".to_owned();
    for section in sections {
        for goal in &section.goals {
            if let Some(verdict) = section.verdict(goal) {
                let _ = writeln!(text, "| {} | {} | {verdict} |", section.title, goal.ours);
            }
        }
    }
    text
}

/// How many goals are met, of how many; and the titles of those missed.
pub fn tally(sections: &[Section]) -> (usize, usize, Vec<String>) {
    let (mut met, mut all, mut missed) = (0, 0, Vec::new());
    for section in sections {
        for goal in &section.goals {
            let Some((_, is_met)) = section.judge(goal) else { continue };
            all += 1;
            met += usize::from(is_met);
            if let Some(verdict) = section.verdict(goal).filter(|_| !is_met) {
                missed.push(format!("{}: {}, {verdict}", section.title, goal.ours));
            }
        }
    }
    (met, all, missed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> Section {
        let rows = vec![
            Row::new("ours", vec![10.0, 30.0, 12.0]),
            Row::new("theirs", vec![20.0, 60.0, 36.0]),
        ];
        Section::new("work", "ns", rows)
            .over("theirs")
            .goal("ours", Some("theirs"), Limit::AtMost(0.5))
            .goal("ours", None, Limit::AtMost(11.0))
            .goal("nobody", None, Limit::AtMost(1.0))
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let section = section();
        assert_eq!(section.ratio("ours", "theirs"), Some(0.5));
        assert_eq!(section.ratio("ours", "nobody"), None);
    }

    #[test]
    fn goals_are_judged() {
        let text = section().text();
        assert!(text.contains("0.50 × theirs ≤ 0.5 met; 12.0 ≤ 11 MISSED"), "{text}");
        let (met, all, missed) = tally(&[section()]);
        assert_eq!((met, all), (1, 2));
        assert_eq!(missed, ["work: ours, 12.0 ≤ 11 MISSED"]);
    }

    #[test]
    fn a_table_for_the_readme() {
        let table = table(&[&section()], &[]);
        assert!(table.starts_with("| | ours | theirs |\n|---|--:|--:|\n"), "{table}");
        assert!(table.contains("| work [ns] | 12.0 (0.33 ×) | 36.0 |"), "of the figures: {table}");
        assert!(goals(&[&section()]).contains("| work | ours | 12.0 ≤ 11 MISSED |"));
    }
}
