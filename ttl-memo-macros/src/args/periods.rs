//! Reads an option that is a length of time.

use syn::{Expr, Lit, LitFloat, LitInt, Result};

use super::duration::{self, Mistake};
use super::list::Written;
use super::names::nearest;
use super::typed::Period;
use super::values::{is_never, is_none, is_some, literal};

/// A string with units, or an expression of type `Duration`.
pub(super) fn read(option: &Written) -> Result<Period> {
    let name = option.name();
    let expr = option.expr()?;
    if is_none(expr) {
        return Err(option.wrong(format!("`{name}` cannot be `None`; leave `{name}` out")));
    }
    if is_some(expr) {
        return Err(option.wrong(format!("`{name}` is a plain duration; write it without `Some`")));
    }
    match literal(expr) {
        None if is_sum(expr) => Err(option.wrong(format!(
            "`{name}` needs a unit; write `{name} = \"10m\"` or a `Duration` expression"
        ))),
        None => Ok(Period::Expr(expr.clone())),
        Some((_, true)) => {
            Err(option.wrong(format!("`{name}` cannot be negative; write `{name} = \"10m\"`")))
        }
        Some((Lit::Str(text), _)) if is_never(&text.value()) => Err(option.wrong(of_never(&name))),
        Some((Lit::Str(text), _)) => units(option, &name, &text.value()),
        Some((Lit::Int(number), _)) => Err(option.wrong(of_int(&name, number))),
        Some((Lit::Float(number), _)) => Err(option.wrong(of_float(&name, number))),
        Some(_) => Err(option.wrong(format!(
            "expected a duration; write `{name} = \"10m\"` or a `Duration` expression"
        ))),
    }
}

/// Whether all that it is made of are numbers: `10 * 60`.
fn is_sum(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(sum) => is_sum(&sum.left) && is_sum(&sum.right),
        Expr::Paren(inner) => is_sum(&inner.expr),
        Expr::Group(inner) => is_sum(&inner.expr),
        Expr::Cast(cast) => is_sum(&cast.expr),
        Expr::Lit(lit) => matches!(lit.lit, Lit::Int(_) | Lit::Float(_)),
        _ => false,
    }
}

fn units(option: &Written, name: &str, text: &str) -> Result<Period> {
    match duration::parse(text) {
        Ok(duration) if duration.is_zero() => Err(option.wrong(of_zero(name))),
        Ok(duration) => Ok(Period::Literal(duration)),
        Err(mistake) => Err(option.wrong(explained(name, text, &mistake))),
    }
}

fn of_never(name: &str) -> String {
    match name {
        "ttl" => "write `ttl = None` for entries that never expire".to_owned(),
        "single_flight" => "write `single_flight = false` for calls that never wait".to_owned(),
        _ => format!("a `{name}` has an end; write a duration, or leave `{name}` out"),
    }
}

fn of_zero(name: &str) -> String {
    match name {
        "ttl" => "a `ttl` of zero stores nothing; write a longer one, or `maxsize = 0` to say so"
            .to_owned(),
        "single_flight" => {
            "a wait of zero joins nothing; write a longer one, or `single_flight = false`"
                .to_owned()
        }
        _ => format!("a `{name}` of zero does nothing; write a longer one, or leave `{name}` out"),
    }
}

/// What is wrong with a text, in the user's words.
fn explained(name: &str, text: &str, mistake: &Mistake) -> String {
    let why = match mistake {
        Mistake::Empty => format!("it is empty; write `{name} = \"10m\"`"),
        Mistake::NumberExpected(found) => {
            format!("expected a number with a unit, such as `10m`, found `{found}`")
        }
        Mistake::UnitExpected(_) if text.contains(':') => {
            format!("each number needs a unit; write `{name} = \"1h 30m\"`")
        }
        Mistake::UnitExpected(number) if number == text.trim() => {
            return needs_unit(name, number);
        }
        Mistake::UnitExpected(number) => {
            format!("`{number}` has no unit; write `{number}s` for seconds")
        }
        Mistake::UnknownUnit(unit) => match nearest(unit, duration::unit_names()) {
            Some(meant) => format!("unknown unit `{unit}`; did you mean `{meant}`?"),
            None => format!(
                "unknown unit `{unit}`; the units are `ns`, `us`, `ms`, `s`, `m`, `h`, `days`, \
                     `weeks`, `months` and `years`"
            ),
        },
        Mistake::TooLong => format!("it is too long; write `{name} = Duration::MAX`"),
        Mistake::TooFine => "a nanosecond, `1ns`, is the least".to_owned(),
    };
    format!("cannot read `\"{text}\"` as a duration: {why}")
}

fn needs_unit(name: &str, number: &str) -> String {
    format!("`{name}` needs a unit; write `{name} = \"{number}s\"` or a `Duration` expression")
}

/// `600`, or `10s` which Rust reads as a number with a suffix.
fn of_int(name: &str, number: &LitInt) -> String {
    of_number(name, number.base10_digits(), number.suffix())
}

fn of_float(name: &str, number: &LitFloat) -> String {
    of_number(name, number.base10_digits(), number.suffix())
}

fn of_number(name: &str, digits: &str, suffix: &str) -> String {
    if !suffix.is_empty() && duration::parse(&format!("{digits}{suffix}")).is_ok() {
        return format!("a duration is a string; write `{name} = \"{digits}{suffix}\"`");
    }
    needs_unit(name, digits)
}
