//! Durations written as people write them: `"10m"`, `"1h 30m"`, `"1.5 days"`.

use std::time::Duration;

/// The units, the longest name of each first, with their length in nanoseconds.
const UNITS: [(&[&str], u128); 10] = [
    (&["nanos", "nsec", "ns"], 1),
    (&["usec", "us", "\u{b5}s", "\u{3bc}s"], 1_000),
    (&["millis", "msec", "ms"], 1_000_000),
    (&["seconds", "second", "secs", "sec", "s"], SECOND),
    (&["minutes", "minute", "mins", "min", "m"], 60 * SECOND),
    (&["hours", "hour", "hrs", "hr", "h"], 3_600 * SECOND),
    (&["days", "day", "d"], DAY),
    (&["weeks", "week", "wks", "wk", "w"], 7 * DAY),
    // 30.44 and 365.25 days, as humantime has them.
    (&["months", "month", "M"], 2_630_016 * SECOND),
    (&["years", "year", "yrs", "yr", "y"], 31_557_600 * SECOND),
];

const SECOND: u128 = 1_000_000_000;
const DAY: u128 = 86_400 * SECOND;

/// Why a text is no duration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// Nothing in it.
    Empty,
    /// A number is missing before this.
    NumberExpected(String),
    /// This number has no unit.
    UnitExpected(String),
    /// There is no such unit.
    UnknownUnit(String),
    /// Longer than a `Duration` can be.
    TooLong,
    /// Finer than a nanosecond.
    TooFine,
}

/// Every name of every unit.
pub(crate) fn unit_names() -> impl Iterator<Item = &'static str> {
    UNITS.iter().flat_map(|(names, _)| names.iter().copied())
}

/// Reads a sum of numbers with units; blanks may stand between any two of its parts.
pub(crate) fn parse(text: &str) -> Result<Duration, Mistake> {
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Err(Mistake::Empty);
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let (number, after) = split_while(rest, |c| c.is_ascii_digit() || c == '.');
        if number.is_empty() {
            return Err(Mistake::NumberExpected(first_word(rest)));
        }
        let (unit, after) = split_while(after.trim_start(), char::is_alphabetic);
        if unit.is_empty() {
            return Err(Mistake::UnitExpected(number.to_owned()));
        }
        let unit = unit_nanos(unit).ok_or_else(|| Mistake::UnknownUnit(unit.to_owned()))?;
        nanos = nanos.checked_add(times(number, unit)?).ok_or(Mistake::TooLong)?;
        rest = after.trim_start();
    }
    let seconds = u64::try_from(nanos / SECOND).map_err(|_| Mistake::TooLong)?;
    let rest = u32::try_from(nanos % SECOND).map_err(|_| Mistake::TooLong)?;
    Ok(Duration::new(seconds, rest))
}

fn unit_nanos(name: &str) -> Option<u128> {
    UNITS.iter().find(|(names, _)| names.contains(&name)).map(|&(_, nanos)| nanos)
}

/// `number`, which may have a decimal point, times `unit`, exactly.
fn times(number: &str, unit: u128) -> Result<u128, Mistake> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let malformed = || Mistake::NumberExpected(number.to_owned());
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(malformed());
    }
    let whole = whole.parse::<u128>().map_err(|_| Mistake::TooLong)?;
    let whole = whole.checked_mul(unit).ok_or(Mistake::TooLong)?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        return Ok(whole);
    }
    let digits = u32::try_from(fraction.len()).map_err(|_| Mistake::TooFine)?;
    let scale = 10_u128.checked_pow(digits).ok_or(Mistake::TooFine)?;
    let parts = fraction.parse::<u128>().map_err(|_| Mistake::TooFine)?;
    let parts = parts.checked_mul(unit).ok_or(Mistake::TooFine)?;
    if parts % scale != 0 {
        return Err(Mistake::TooFine);
    }
    whole.checked_add(parts / scale).ok_or(Mistake::TooLong)
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// What stands where a number should: a word, or a single other character.
fn first_word(text: &str) -> String {
    let (word, _) = split_while(text, char::is_alphanumeric);
    if word.is_empty() { text.chars().take(1).collect() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> Result<u128, Mistake> {
        parse(text).map(|duration| duration.as_nanos())
    }

    #[test]
    fn every_unit_agrees_with_humantime() {
        for unit in unit_names() {
            let text = format!("3{unit}");
            // humantime knows the micro sign, not the Greek letter that keyboards give.
            let theirs = humantime::parse_duration(&text.replace('\u{3bc}', "\u{b5}"));
            assert_eq!(parse(&text).ok(), theirs.ok(), "{text}");
        }
    }

    #[test]
    fn sums_agree_with_humantime() {
        let texts = ["1h 30m", "1h30m", "2days", "2 days 3 hrs", " 5s ", "1min 1min", "4.2s", "0s"];
        let texts = texts.into_iter().chain(["1.5h", "500ms", "1y 2M 3w 4d 5h 6m 7s 8ms 9us 10ns"]);
        for text in texts {
            assert_eq!(parse(text).ok(), humantime::parse_duration(text).ok(), "{text}");
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn fractions_are_exact() {
        assert_eq!(nanos("0.5us"), Ok(500));
        assert_eq!(nanos("1.0001h"), Ok(3_600_360_000_000));
        assert_eq!(nanos("2.50s"), Ok(2_500_000_000));
        assert_eq!(nanos("0.5ns"), Err(Mistake::TooFine));
        assert_eq!(nanos(&format!("0.{}1s", "0".repeat(60))), Err(Mistake::TooFine));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(nanos(""), Err(Mistake::Empty));
        assert_eq!(nanos("  "), Err(Mistake::Empty));
        assert_eq!(nanos("600"), Err(Mistake::UnitExpected("600".into())));
        assert_eq!(nanos("1h 30"), Err(Mistake::UnitExpected("30".into())));
        assert_eq!(nanos("min"), Err(Mistake::NumberExpected("min".into())));
        assert_eq!(nanos("1h and 2m"), Err(Mistake::NumberExpected("and".into())));
        assert_eq!(nanos("-5s"), Err(Mistake::NumberExpected("-".into())));
        assert_eq!(nanos("1.s"), Err(Mistake::NumberExpected("1.".into())));
        assert_eq!(nanos(".5s"), Err(Mistake::NumberExpected(".5".into())));
        assert_eq!(nanos("1.2.3s"), Err(Mistake::NumberExpected("1.2.3".into())));
        assert_eq!(nanos("10 parsecs"), Err(Mistake::UnknownUnit("parsecs".into())));
    }

    #[test]
    fn what_does_not_fit_is_too_long() {
        assert_eq!(parse(&format!("{}s", u64::MAX)), Ok(Duration::from_secs(u64::MAX)));
        assert_eq!(nanos(&format!("{}s 1s", u64::MAX)), Err(Mistake::TooLong));
        assert_eq!(nanos(&format!("{}y", u64::MAX)), Err(Mistake::TooLong));
        assert_eq!(nanos(&format!("{}y", "9".repeat(50))), Err(Mistake::TooLong));
        assert_eq!(nanos(&format!("{}y", u128::MAX)), Err(Mistake::TooLong));
    }
}
