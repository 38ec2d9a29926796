//! The main bars as a picture that reads in light and in dark.

use std::fmt::Write;

use crate::report::{Row, Section, show};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 190.0;
const BARS: f64 = 400.0;
const LINE: f64 = 18.0;
const TITLE: f64 = 34.0;
/// Where less is better, longer bars are cut here, in units of the baseline's: the good ones would be
/// too short to compare. Nothing else is cut: what is ahead would look as if it were not.
const CUT: f64 = 3.0;

/// With a ground of its own: the page around it may be dark where the system is light.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}.g{fill:#fff}\
.b{fill:#8c959f}.o{fill:#1a7f64}.c{stroke:#fff;stroke-width:3}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.g{fill:#0d1117}.b{fill:#6e7681}\
.o{fill:#3fb68b}.c{stroke:#0d1117}}";

/// The sections that are to be drawn, with the contenders in `columns`, or all; bars of those in
/// `ours` stand out.
pub fn draw(sections: &[Section], columns: &[String], ours: &[&str]) -> String {
    let mut body = legend(8.0);
    let mut top = 8.0 + LINE;
    for section in sections.iter().filter(|section| section.drawn) {
        let mut section = section.clone();
        section.rows.retain(|row| columns.is_empty() || columns.contains(&row.name));
        let better = if section.more_is_better() { "more" } else { "less" };
        let _ = writeln!(
            body,
            r#"<text class="t" x="8" y="{:.0}">{} [{}], {better} is better</text>"#,
            top + 16.0,
            escape(&section.title),
            section.unit,
        );
        top += TITLE - LINE / 2.0;
        let full = full_length(&section);
        for row in &section.rows {
            bar(&mut body, top, row, full, &section, ours.contains(&row.name.as_str()));
            top += LINE;
        }
        top += LINE / 2.0;
    }
    let height = top + 8.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" \
         width=\"{WIDTH}\" height=\"{height:.0}\" role=\"img\">\n<style>{STYLE}</style>\n\
         <title>ttl-memo beside other crates</title>\n\
         <rect class=\"g\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n{body}</svg>\n",
    )
}

/// Whose bars are whose.
fn legend(top: f64) -> String {
    let (box_top, base) = (top + 2.0, top + LINE - 5.0);
    let cut = format!("/ cut at {CUT} × the bar that ratios are to");
    format!(
        r#"<rect class="o" x="8" y="{box_top:.0}" width="14" height="14" rx="2"/><text x="28" y="{base:.0}">ttl-memo</text><rect class="b" x="110" y="{box_top:.0}" width="14" height="14" rx="2"/><text x="130" y="{base:.0}">others</text><text x="{LABELS}" y="{base:.0}">{cut}</text>
"#
    )
}

/// The figure that a bar of full length stands for.
fn full_length(section: &Section) -> f64 {
    let longest = section.rows.iter().map(Row::figure).fold(0.0, f64::max);
    let baseline = section.baseline.and_then(|name| section.row(name));
    let cut = baseline.filter(|_| !section.more_is_better()).map(|row| CUT * row.figure());
    cut.map_or(longest, |cut| longest.min(cut)).max(f64::MIN_POSITIVE)
}

fn bar(body: &mut String, top: f64, row: &Row, full: f64, section: &Section, ours: bool) {
    let figure = row.figure();
    let length = (figure / full).min(1.0) * BARS;
    let class = if ours { "o" } else { "b" };
    let base = top + LINE - 5.0;
    let ratio = section.baseline.and_then(|baseline| {
        Some(format!(", {:.1} × {baseline}", section.ratio_of_figures(&row.name, baseline)?))
    });
    let cut = ratio.filter(|_| figure > full).unwrap_or_default();
    let _ = writeln!(
        body,
        r#"<text x="{:.0}" y="{base:.0}" text-anchor="end">{}</text><rect class="{class}" x="{LABELS}" y="{:.0}" width="{length:.1}" height="{:.0}" rx="2"/><text x="{:.0}" y="{base:.0}">{}{}</text>"#,
        LABELS - 8.0,
        escape(&row.name),
        top + 2.0,
        LINE - 4.0,
        LABELS + length + 6.0,
        show(figure),
        escape(&cut),
    );
    if figure > full {
        // A gap in the bar: it is longer than is drawn.
        let (x, y) = (LABELS + BARS - 24.0, top + LINE);
        let _ = writeln!(body, r#"<path class="c" d="M{x} {y:.0}l8-{LINE}"/>"#);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_drawn_to_scale_and_cut() {
        let rows = vec![
            Row::new("ours", vec![5.0]),
            Row::new("theirs", vec![10.0]),
            Row::new("slow", vec![99.0]),
        ];
        let section = Section::new("hit &str", "ns", rows.clone()).over("theirs").drawn();
        let picture =
            draw(&[section.clone(), Section { drawn: false, ..section.clone() }], &[], &["ours"]);
        assert_eq!(picture.matches("<rect").count(), 3 + 3, "with the ground and the legend");
        assert!(picture.contains(r#"class="o" x="190" y="53" width="66.7""#), "{picture}");
        assert!(picture.contains("hit &amp;str [ns], less is better"));
        assert!(picture.contains(r#"class="c" d="#) && picture.contains("99.0, 9.9 × theirs"));
        let picture = draw(&[section], &["ours".to_owned()], &["ours"]);
        assert!(!picture.contains("theirs") && !picture.contains("slow"));

        let section = Section::new("many threads", "Mops/s", rows).over("theirs").drawn();
        let picture = draw(&[section], &[], &["ours"]);
        assert!(!picture.contains(r#"class="c" d="#), "what is ahead is not cut: {picture}");
        assert!(picture.contains("more is better"));
    }
}
