//! The main bars as a picture that reads in light and in dark.

use std::fmt::Write;

use crate::report::{Section, show};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 190.0;
const BARS: f64 = 430.0;
const LINE: f64 = 18.0;
const TITLE: f64 = 34.0;
/// Longer bars are cut here, in units of the baseline's or the median one.
const CUT: f64 = 3.0;

const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}\
.b{fill:#8c959f}.o{fill:#1a7f64}.c{stroke:#fff;stroke-width:3}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#6e7681}.o{fill:#3fb68b}\
.c{stroke:#0d1117}}";

/// The sections that are to be drawn; bars of those in `ours` stand out.
pub fn draw(sections: &[Section], ours: &[&str]) -> String {
    let mut body = String::new();
    let mut top = 8.0;
    for section in sections.iter().filter(|section| section.drawn) {
        let _ = writeln!(
            body,
            r#"<text class="t" x="8" y="{:.0}">{} [{}]</text>"#,
            top + 16.0,
            escape(&section.title),
            section.unit
        );
        top += TITLE - LINE / 2.0;
        let full = full_length(section);
        for row in &section.rows {
            bar(&mut body, top, &row.name, row.figure(), full, ours.contains(&row.name.as_str()));
            top += LINE;
        }
        top += LINE / 2.0;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" \
         role=\"img\">\n<style>{STYLE}</style>\n{body}</svg>\n",
        height = top + 8.0
    )
}

/// The figure that a bar of full length stands for.
fn full_length(section: &Section) -> f64 {
    let longest = section.rows.iter().map(crate::report::Row::figure).fold(0.0, f64::max);
    let baseline = section.baseline.and_then(|name| section.row(name));
    baseline.map_or(longest, |row| longest.min(CUT * row.figure())).max(f64::MIN_POSITIVE)
}

fn bar(body: &mut String, top: f64, name: &str, figure: f64, full: f64, ours: bool) {
    let length = (figure / full).min(1.0) * BARS;
    let class = if ours { "o" } else { "b" };
    let base = top + LINE - 5.0;
    let _ = writeln!(
        body,
        r#"<text x="{:.0}" y="{base:.0}" text-anchor="end">{}</text><rect class="{class}" x="{LABELS}" y="{:.0}" width="{length:.1}" height="{:.0}" rx="2"/><text x="{:.0}" y="{base:.0}">{}</text>"#,
        LABELS - 8.0,
        escape(name),
        top + 2.0,
        LINE - 4.0,
        LABELS + length + 6.0,
        show(figure),
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
    use crate::report::Row;

    #[test]
    fn bars_are_drawn_to_scale_and_cut() {
        let rows = vec![
            Row::new("ours", vec![5.0]),
            Row::new("theirs", vec![10.0]),
            Row::new("slow", vec![99.0]),
        ];
        let section = Section::new("hit &str", "ns", rows).over("theirs").drawn();
        let picture = draw(&[section.clone(), Section { drawn: false, ..section }], &["ours"]);
        assert_eq!(picture.matches("<rect").count(), 3);
        assert!(picture.contains(r#"class="o" x="190" y="35" width="71.7""#), "{picture}");
        assert!(picture.contains("hit &amp;str") && picture.contains(r#"class="c" d="#));
    }
}
