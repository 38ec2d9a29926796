//! What is public is documented, and its helpers with it.

use memo::ttl_cache;

/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id(u32);

/// Loads a name.
///
/// # Errors
///
/// If there is none.
#[ttl_cache]
pub fn name(id: &Id, lang: &str) -> Result<String, String> {
    if lang.is_empty() {
        Err("no language".to_owned())
    } else {
        Ok(format!("{lang}{}", id.0))
    }
}

/// As [`name`], later.
///
/// # Errors
///
/// If there is none.
#[ttl_cache(refresh_if = *force, key = (id.0, lang))]
pub async fn name_later(
    id: &Id,
    lang: String,
    force: bool,
    _quiet: Option<&u8>,
) -> Result<String, String> {
    std::future::ready(()).await;
    name(id, &lang)
}

/// Of a crate's own.
#[ttl_cache(helpers = pub(crate))]
#[must_use]
pub fn answer() -> u32 {
    42
}

pub(crate) fn uses_helpers() -> usize {
    answer_cache_info().len
}

/// Has many parameters.
#[ttl_cache]
#[expect(
    clippy::too_many_arguments,
    clippy::many_single_char_names,
    reason = "as many as there are"
)]
#[must_use]
pub fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: Option<&Id>) -> u8 {
    a + b + c + d + e + f + g + h + u8::from(i.is_some())
}

/// What is not always there.
#[cfg(not(doctest))]
#[ttl_cache]
#[must_use]
pub fn conditional(n: u8) -> u8 {
    n
}

#[cfg(doctest)]
#[ttl_cache]
pub fn absent(n: NoSuchType) -> u8 {
    n
}

/// Panics.
///
/// # Panics
///
/// Always.
#[ttl_cache]
#[must_use]
pub fn panics(n: u8) -> u8 {
    assert!(n > 0, "zero");
    n
}

/// Is not safe.
///
/// # Safety
///
/// It is, in fact.
#[ttl_cache]
#[must_use]
pub unsafe fn dangerous(n: u8) -> u8 {
    n
}
