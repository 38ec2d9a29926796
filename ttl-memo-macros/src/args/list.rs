//! The list between the attribute's parentheses: `name = value`, `name(list)`, `name`, with commas.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Lit, Result, Token, Visibility, token};

use super::{duration, names};
use crate::errors::Errors;

/// One option, as written.
pub(super) struct Written {
    /// Its name.
    pub(super) name: Ident,
    /// What comes after the name.
    pub(super) form: Form,
}

/// What comes after an option's name.
pub(super) enum Form {
    /// Nothing.
    Flag,
    /// `= expression`.
    Expr(Expr),
    /// `= pub(crate)`.
    Visibility(Visibility),
    /// `(…)`.
    List(Group),
}

impl Written {
    /// The name without `r#`.
    pub(super) fn name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// The value's tokens; the name's, for a flag.
    pub(super) fn at(&self) -> TokenStream {
        match &self.form {
            Form::Flag => self.name.to_token_stream(),
            Form::Expr(expr) => expr.to_token_stream(),
            Form::Visibility(vis) => vis.to_token_stream(),
            Form::List(group) => group.to_token_stream(),
        }
    }
}

/// Reads the list, handing over one option after the other. What cannot be read is complained of,
/// and reading goes on at the next option.
pub(super) fn read(
    tokens: TokenStream,
    errors: &mut Errors,
    mut take: impl FnMut(Written, &mut Errors),
) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let start = input.cursor();
            match input.call(one) {
                Ok(Read::Option(option)) => take(option, errors),
                Ok(Read::Mistake(error)) => errors.push(error),
                Err(error) => {
                    errors.push(error);
                    if input.cursor() == start {
                        // What cannot even begin an option is skipped: nothing is read twice.
                        input.parse::<TokenTree>()?;
                    }
                    recover(input)?;
                }
            }
            // Nothing to say if it is missing: `one` ends at a comma, or has complained.
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    let read = parser.parse2(tokens);
    errors.keep(read);
}

/// What stands between two commas.
enum Read {
    Option(Written),
    /// Something else that has an end all the same.
    Mistake(syn::Error),
}

/// Reads one option, up to the comma after it.
fn one(input: ParseStream<'_>) -> Result<Read> {
    let name = name(input)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(Read::Option(Written { name, form: Form::Flag }));
    }
    if input.peek(token::Paren) || input.peek(token::Bracket) || input.peek(token::Brace) {
        let group: Group = input.parse()?;
        return ended(input, Written { name, form: Form::List(group) });
    }
    if !input.peek(Token![=]) || input.peek(Token![==]) || input.peek(Token![=>]) {
        let mistake = no_equals(&name, input);
        if !input.peek(Token![:]) || input.peek(Token![::]) {
            return Err(mistake);
        }
        // Elsewhere a value is given so.
        input.parse::<Token![:]>()?;
        let read = input.parse::<Expr>().is_ok() && (input.is_empty() || input.peek(Token![,]));
        return if read { Ok(Read::Mistake(mistake)) } else { Err(mistake) };
    }
    let equals: Token![=] = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(equals, no_value(&name)));
    }
    let form = if input.peek(Token![pub]) {
        Form::Visibility(input.parse()?)
    } else {
        Form::Expr(Expr::parse(input)?)
    };
    ended(input, Written { name, form })
}

/// What to say of a name that something else than `=` follows.
fn no_equals(name: &Ident, input: ParseStream<'_>) -> syn::Error {
    let plain = name.unraw().to_string();
    match names::example(&plain) {
        "" => syn::Error::new(name.span(), names::unknown_with(&plain, names::example)),
        example => {
            let advice = write(example);
            input.error(format!("expected `=` or `,` after `{name}`; {advice}"))
        }
    }
}

fn name(input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(Lit) {
        let literal: Lit = input.fork().parse()?;
        return Err(input.error(bare_literal(&literal)));
    }
    if input.peek(Ident::peek_any) {
        return input.call(Ident::parse_any);
    }
    Err(input.error("expected the name of an option, such as `maxsize` or `ttl`"))
}

/// What to say of a value without a name.
fn bare_literal(literal: &Lit) -> String {
    let meant = match literal {
        Lit::Str(text) if duration::parse(&text.value()).is_ok() => {
            format!("ttl = {:?}", text.value())
        }
        Lit::Int(number) if number.suffix().is_empty() => {
            format!("maxsize = {}", number.base10_digits())
        }
        _ => return "expected an option; write `name = value`".into(),
    };
    format!("expected an option; {}", write(&meant))
}

/// The option, if a comma or the end follows it.
fn ended(input: ParseStream<'_>, option: Written) -> Result<Read> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(Read::Option(option));
    }
    let name = &option.name;
    if begins_option(input) {
        return Err(input.error("expected `,` before the next option"));
    }
    let number = matches!(&option.form, Form::Expr(Expr::Lit(value)) if is_number(&value.lit));
    let advice = if number && input.peek(Ident::peek_any) {
        "; a duration is a string, such as `\"10m\"`"
    } else {
        ""
    };
    Err(input.error(format!("expected `,` after the value of `{name}`{advice}")))
}

fn is_number(literal: &Lit) -> bool {
    matches!(literal, Lit::Int(_) | Lit::Float(_))
}

/// Goes on to the comma before what looks like an option; not to every comma, since one in
/// `|key, value|` separates nothing. Where a comma is all that is missing, stays.
fn recover(input: ParseStream<'_>) -> Result<()> {
    let mut skipped = false;
    while !input.is_empty() {
        if input.peek(Token![,]) {
            let ahead = input.fork();
            ahead.parse::<Token![,]>()?;
            if ahead.is_empty() || begins_option(&ahead) || stands_alone(&ahead) {
                return Ok(());
            }
        } else if !skipped && begins_option(input) {
            return Ok(());
        }
        input.parse::<TokenTree>()?;
        skipped = true;
    }
    Ok(())
}

/// Whether an option with a value is what follows.
fn begins_option(input: ParseStream<'_>) -> bool {
    input.peek(Ident::peek_any)
        && ((input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]))
            || (input.peek(syn::Ident) && input.peek2(token::Paren) && is_listed(input)))
}

/// Whether the name that follows is one of an option that takes a list.
fn is_listed(input: ParseStream<'_>) -> bool {
    input.fork().parse::<Ident>().is_ok_and(|ident| ident == "skip")
}

/// Whether a flag is what follows.
fn stands_alone(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok_and(|ident| ident == "forever" || ident == "in_impl")
        && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// What to say where a value is missing.
pub(super) fn no_value(name: &Ident) -> String {
    match names::example(&name.unraw().to_string()) {
        "" => format!("`{name}` needs a value"),
        example => format!("`{name}` needs a value; {}", write(example)),
    }
}

/// `` write `maxsize = 128` ``
pub(super) fn write(example: &str) -> String {
    format!("write `{example}`")
}
