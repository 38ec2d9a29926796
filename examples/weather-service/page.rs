//! The page of all caches.

use std::fmt::Write;
use std::time::Duration;

use ttl_memo::Handle;

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<title>Caches</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { padding: .4rem .8rem; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
button { font: inherit }
</style>
</head>
<body>
<h1>Caches</h1>
<table>
<thead><tr><th>name</th><th>entries</th><th>at most</th><th>calls</th><th>hit ratio</th>\
<th>time saved</th><th>stale answers</th><th>failures</th><th></th></tr></thead>
<tbody>
";

const FOOT: &str = "</tbody>
</table>
<p>A cache is shown once it has been used: try <a href=\"/forecast/Bergen\">a forecast</a> or
<a href=\"/warning/Bergen\">a warning</a>. <a href=\"/metrics\">Metrics</a> for Prometheus.</p>
</body>
</html>
";

/// Every cache, with a button that clears it and brings `token`.
pub(crate) fn of(caches: &[Handle], token: &str) -> String {
    let mut page = HEAD.to_owned();
    for cache in caches {
        row(&mut page, cache, token);
    }
    page + FOOT
}

fn row(page: &mut String, cache: &Handle, token: &str) {
    let (name, info) = (escaped(&cache.name()), cache.info());
    let saved = match info.time_saved() {
        Duration::ZERO => "–".to_owned(),
        saved => format!("{saved:.1?}"),
    };
    let maxsize = info.maxsize.map_or("any".to_owned(), |maxsize| maxsize.to_string());
    let _ = writeln!(
        page,
        "<tr><td>{name}</td><td>{len}</td><td>{maxsize}</td><td>{calls}</td><td>{ratio:.1} %</td>\
         <td>{saved}</td><td>{stale}</td><td>{failures}</td>\
         <td><form method=\"post\" action=\"/clear\">\
         <input type=\"hidden\" name=\"token\" value=\"{token}\">\
         <button name=\"cache\" value=\"{name}\">clear</button></form></td></tr>",
        len = info.len,
        calls = info.hits + info.misses,
        ratio = info.hit_ratio() * 100.0,
        stale = info.stale,
        failures = info.failures,
    );
}

/// A cache may have any name, generic arguments and all.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_stays_text() {
        assert_eq!(super::escaped("Repo<\"&T\">"), "Repo&lt;&quot;&amp;T&quot;&gt;");
    }
}
