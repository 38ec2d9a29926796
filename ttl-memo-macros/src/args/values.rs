//! Reads the value of an option in the form that it must have.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Expr, Lit, Path, Result, Token, UnOp};

use super::list::{Form, Written, no_value, write};
use super::names::{example, listed, nearest};
use super::typed::{Given, Helpers, MaxSize, Policy, Scope, SingleFlight, Ttl};
use super::{Period, periods};

impl Written {
    /// The expression after `=`.
    pub(super) fn expr(&self) -> Result<&Expr> {
        let name = self.name();
        match &self.form {
            Form::Expr(expr) => Ok(expr),
            Form::Flag => Err(self.wrong(no_value(&self.name))),
            Form::List(list) => {
                let inside = syn::parse2::<Expr>(list.stream()).ok();
                let meant = inside.map(|_| format!("{name} = {}", list.stream()));
                let meant = meant.as_deref().unwrap_or(example(&name));
                Err(self.wrong(format!("`{name}` is given with `=`; {}", write(meant))))
            }
            Form::Visibility(_) => Err(self.expected("an expression")),
        }
    }

    /// A complaint about the value.
    pub(super) fn wrong(&self, message: impl std::fmt::Display) -> Error {
        Error::new_spanned(self.at(), message)
    }

    /// ``expected a duration; write `ttl = "10m"` ``
    pub(super) fn expected(&self, what: &str) -> Error {
        self.wrong(format!("expected {what}; {}", write(example(&self.name()))))
    }

    /// The same option with a value.
    pub(super) fn given<T>(&self, value: T) -> Given<T> {
        Given { name: self.name.clone(), value, at: self.at() }
    }
}

/// The expression inside parentheses and the invisible groups that `macro_rules!` leaves.
pub(crate) fn bare(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Group(group) => &group.expr,
            Expr::Paren(paren) => &paren.expr,
            _ => return expr,
        }
    }
}

/// The literal that an expression is, and whether a minus stands before it.
pub(super) fn literal(expr: &Expr) -> Option<(&Lit, bool)> {
    match bare(expr) {
        Expr::Lit(literal) => Some((&literal.lit, false)),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match bare(&unary.expr) {
            Expr::Lit(literal) => Some((&literal.lit, true)),
            _ => None,
        },
        _ => None,
    }
}

/// The last name of a path without arguments: the `None` of `Option::None`.
fn last_name(expr: &Expr) -> Option<String> {
    let Expr::Path(path) = bare(expr) else { return None };
    let last = path.path.segments.last().filter(|last| last.arguments.is_none())?;
    Some(last.ident.unraw().to_string())
}

/// Whether an expression is `None`.
pub(super) fn is_none(expr: &Expr) -> bool {
    last_name(expr).is_some_and(|name| name == "None")
}

/// Whether an expression is `Some(…)`.
pub(super) fn is_some(expr: &Expr) -> bool {
    let Expr::Call(call) = bare(expr) else { return false };
    last_name(&call.func).is_some_and(|name| name == "Some")
}

/// `forever`
pub(super) fn flag(option: &Written) -> Result<()> {
    match option.form {
        Form::Flag => Ok(()),
        _ => Err(option.wrong(format!("`{0}` takes no value; write `{0}`", option.name()))),
    }
}

/// `name = "users"`
pub(super) fn text(option: &Written) -> Result<Expr> {
    let expr = option.expr()?;
    match literal(expr) {
        Some((Lit::Str(_), false)) | None => Ok(expr.clone()),
        Some(_) => Err(option.expected("a string")),
    }
}

/// `maxsize = 128`
pub(super) fn maxsize(option: &Written) -> Result<MaxSize> {
    let expr = option.expr()?;
    if is_none(expr) {
        return Ok(MaxSize::None);
    }
    if is_some(expr) {
        return Err(option.wrong("`maxsize` is a plain number; write it without `Some`"));
    }
    match literal(expr) {
        Some((_, true)) => Err(option.wrong(
            "`maxsize` cannot be negative; write `maxsize = 0` to store nothing, or \
             `maxsize = None` for no bound",
        )),
        Some((Lit::Int(number), _)) if !["", "usize"].contains(&number.suffix()) => Err(option
            .wrong(format!(
                "`maxsize` is a `usize`; write `maxsize = {}`",
                number.base10_digits()
            ))),
        Some((Lit::Int(_), _)) | None => Ok(MaxSize::Expr(expr.clone())),
        Some((Lit::Str(text), _)) if is_never(&text.value()) => {
            Err(option.wrong("`maxsize` is a number; write `maxsize = None` for no bound"))
        }
        Some((Lit::Str(text), _)) if text.value().trim().parse::<usize>().is_ok() => {
            let number = text.value();
            let number = number.trim();
            Err(option
                .wrong(format!("`maxsize` is a number, not a string; write `maxsize = {number}`")))
        }
        Some(_) => Err(option.expected("a number of entries or `None`")),
    }
}

/// Whether a text is a word for what has no end.
pub(super) fn is_never(text: &str) -> bool {
    let words =
        ["forever", "never", "none", "infinite", "infinity", "inf", "unlimited", "unbounded"];
    words.iter().any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// `ttl = "10m"`
pub(super) fn ttl(option: &Written) -> Result<Ttl> {
    if is_none(option.expr()?) { Ok(Ttl::None) } else { periods::read(option).map(Ttl::After) }
}

/// `jitter = 0.1`
pub(super) fn jitter(option: &Written) -> Result<Expr> {
    let expr = option.expr()?;
    let out_of_range = || {
        option.wrong(
            "`jitter` is a fraction of the ttl, from `0.0` to `1.0`; write `jitter = 0.1` for a tenth",
        )
    };
    let (number, negative) = match literal(expr) {
        None => return Ok(expr.clone()),
        Some((Lit::Float(number), _)) if !["", "f64"].contains(&number.suffix()) => {
            let digits = number.base10_digits();
            return Err(option.wrong(format!("`jitter` is an `f64`; write `jitter = {digits}`")));
        }
        Some((Lit::Float(number), negative)) => (number, negative),
        Some((Lit::Int(number), false)) if ["0", "1"].contains(&number.base10_digits()) => {
            let digits = number.base10_digits();
            return Err(option.wrong(format!("`jitter` is an `f64`; write `jitter = {digits}.0`")));
        }
        Some((Lit::Int(_), _)) => return Err(out_of_range()),
        Some(_) => return Err(option.expected("a fraction from `0.0` to `1.0`")),
    };
    let value: f64 = number.base10_parse()?;
    let inside = (0.0..=1.0).contains(&value) && !negative;
    if inside { Ok(expr.clone()) } else { Err(out_of_range()) }
}

/// `single_flight = false`
pub(super) fn single_flight(option: &Written) -> Result<SingleFlight> {
    on_anyway(option)?;
    if is_none(option.expr()?) {
        return Err(option.wrong("a call waits or it does not; write `single_flight = false`"));
    }
    match literal(option.expr()?) {
        Some((Lit::Bool(on), _)) if on.value => Ok(SingleFlight::On),
        Some((Lit::Bool(_), _)) => Ok(SingleFlight::Off),
        _ => periods::read(option).map(|period: Period| SingleFlight::AtMost(option.given(period))),
    }
}

/// What is on by itself needs no flag.
fn on_anyway(option: &Written) -> Result<()> {
    match option.form {
        Form::Flag => {
            let name = option.name();
            Err(option.wrong(format!(
                "`{name}` is on unless it is turned off; leave it out, or write `{name} = false`"
            )))
        }
        _ => Ok(()),
    }
}

/// `helpers = pub(crate)`
pub(super) fn helpers(option: &Written) -> Result<Helpers> {
    on_anyway(option)?;
    if let Form::Visibility(vis) = &option.form {
        return Ok(Helpers::Of(vis.clone()));
    }
    match literal(option.expr()?) {
        Some((Lit::Bool(given), _)) if given.value => Ok(Helpers::AsFunction),
        Some((Lit::Bool(_), _)) => Ok(Helpers::None),
        _ => Err(option.wrong(
            "expected `true`, `false` or a visibility; write `helpers = false` or \
             `helpers = pub(crate)`",
        )),
    }
}

/// `in_impl`, `in_impl = false`
pub(super) fn in_impl(option: &Written) -> Result<bool> {
    if matches!(option.form, Form::Flag) {
        return Ok(true);
    }
    match literal(option.expr()?) {
        Some((Lit::Bool(given), _)) => Ok(given.value),
        _ => Err(option.wrong("`in_impl` is a flag; write `in_impl` or `in_impl = false`")),
    }
}

/// `policy = lru`
pub(super) fn policy(option: &Written) -> Result<Policy> {
    word(
        option,
        &[
            ("adaptive", Policy::Adaptive),
            ("lru", Policy::Lru),
            ("fifo", Policy::Fifo),
            ("lfu", Policy::Lfu),
            ("random", Policy::Random),
        ],
    )
}

/// `scope = thread`
pub(super) fn scope(option: &Written) -> Result<Scope> {
    word(option, &[("global", Scope::Global), ("thread", Scope::Thread)])
}

/// Words that people bring from other caches, and those of ours that come next to them: none, for
/// one that but looks like one.
const WORDS_ELSEWHERE: [(&str, Option<&str>); 9] = [
    ("tinylfu", Some("adaptive")),
    ("tiny_lfu", Some("adaptive")),
    ("wtinylfu", Some("adaptive")),
    ("w_tinylfu", Some("adaptive")),
    ("arc", Some("adaptive")),
    ("s3fifo", Some("adaptive")),
    ("sieve", Some("adaptive")),
    ("rr", Some("random")),
    ("mru", None),
];

/// One of a few words.
fn word<T: Copy>(option: &Written, words: &[(&str, T)]) -> Result<T> {
    let name = option.name();
    let expr = option.expr()?;
    let known = || words.iter().map(|(word, _)| *word);
    let expected = || option.wrong(format!("expected {}", listed("or", known())));
    let (written, bare_word) = match (bare(expr), literal(expr)) {
        (Expr::Path(path), _) if path.path.get_ident().is_some() => (last_name(expr), true),
        (Expr::Path(_), _) => (last_name(expr), false),
        (_, Some((Lit::Str(text), _))) => (Some(text.value()), false),
        _ => (None, false),
    };
    let written = written.ok_or_else(expected)?;
    if let Some((_, value)) = words.iter().find(|(word, _)| bare_word && *word == written) {
        return Ok(*value);
    }
    let elsewhere = WORDS_ELSEWHERE.iter().find(|(word, _)| *word == written.to_lowercase());
    let nearest = || nearest(&written, known());
    let Some(meant) = elsewhere.map_or_else(nearest, |(_, meant)| *meant) else {
        let known = listed("or", known());
        return Err(option.wrong(format!("unknown {name} `{written}`; expected {known}")));
    };
    Err(option.wrong(if meant.eq_ignore_ascii_case(&written) {
        format!("`{name}` is a plain word; write `{name} = {meant}`")
    } else {
        format!("unknown {name} `{written}`; did you mean `{meant}`?")
    }))
}

/// `crate = my_crate::ttl_memo`
pub(super) fn path(option: &Written) -> Result<Path> {
    let expr = option.expr()?;
    match bare(expr) {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        Expr::Lit(_) => match literal(expr) {
            Some((Lit::Str(text), _)) => Err(option.wrong(format!(
                "`crate` is a path, not a string; write `crate = {}`",
                text.value()
            ))),
            _ => Err(option.expected("a path")),
        },
        _ => Err(option.expected("a path")),
    }
}

/// `skip(a, b)`
pub(super) fn names(option: &Written) -> Result<Vec<Ident>> {
    let group: &Group = match &option.form {
        Form::List(group) => group,
        Form::Expr(expr) => {
            let list = listed_names(expr).unwrap_or_else(|| "parameter".into());
            return Err(option.wrong(format!("`skip` takes a list; write `skip({list})`")));
        }
        Form::Flag | Form::Visibility(_) => {
            return Err(option.expected("the parameters to skip"));
        }
    };
    let parser = |input: ParseStream<'_>| {
        let mut names = Vec::new();
        while !input.is_empty() {
            names.push(input.call(skipped)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(names)
    };
    let names = parser.parse2(group.stream())?;
    if names.is_empty() {
        return Err(option.wrong("`skip()` names no parameter; name one, or leave it out"));
    }
    Ok(names)
}

/// One name in `skip(…)`.
fn skipped(input: ParseStream<'_>) -> Result<Ident> {
    // `&self` and `mut n` name the same parameters as `self` and `n`.
    let before = input.cursor();
    input.parse::<Option<Token![&]>>()?;
    input.parse::<Option<Token![mut]>>()?;
    let decorated = before != input.cursor();
    if let Some(text) = input.fork().parse::<syn::LitStr>().ok().map(|text| text.value()) {
        return Err(input.error(format!("write `skip({text})`: the name alone, not a string")));
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the name of a parameter"));
    }
    let name = input.call(Ident::parse_any)?;
    if decorated {
        return Err(Error::new(name.span(), format!("write `skip({name})`: the name alone")));
    }
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected `,` after the name of a parameter"));
    }
    Ok(name)
}

/// The names in `a`, `(a, b)` or `[a, b]`.
fn listed_names(expr: &Expr) -> Option<String> {
    let mut names = Vec::new();
    collect_names(expr.to_token_stream(), &mut names);
    (!names.is_empty()).then(|| names.join(", "))
}

fn collect_names(tokens: TokenStream, names: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => names.push(ident.to_string()),
            TokenTree::Group(group) => collect_names(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
