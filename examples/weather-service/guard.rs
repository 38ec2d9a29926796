//! Who may press a button: the page that shows it, and no other.
//!
//! Any site can have a browser send a form here. Three things tell ours apart, and all are asked
//! for: a token that only our own page holds, what the browser says of where the form was, and that
//! we were addressed by our own name (a stranger's name may be made to lead here, and then his page
//! could read the token).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::SocketAddr;

use axum::http::{HeaderMap, header};

/// What a form has to bring.
#[derive(Debug)]
pub(crate) struct Guard {
    /// Chosen at random in each process.
    token: String,
    /// The names that we go by: `127.0.0.1:8080`, `localhost:8080`.
    hosts: [String; 2],
}

impl Guard {
    /// For a server at `at`.
    pub(crate) fn new(at: SocketAddr) -> Self {
        // Each is seeded by the operating system's source of randomness.
        let [one, two] = [RandomState::new().hash_one(0), RandomState::new().hash_one(1)];
        let token = format!("{one:016x}{two:016x}");
        Self { token, hosts: [at.to_string(), format!("localhost:{}", at.port())] }
    }

    /// What our own page puts into its forms.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether a form with these headers and this token was ours; else why not.
    pub(crate) fn admit(&self, headers: &HeaderMap, token: &str) -> Result<(), &'static str> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let ours = |host: &str| self.hosts.iter().any(|name| name == host);
        if !text(header::HOST).is_some_and(ours) {
            return Err("addressed by a name that is not ours\n");
        }
        // Browsers send both; what sends neither is no browser, and nobody can mislead it.
        if !matches!(
            text(header::HeaderName::from_static("sec-fetch-site")),
            None | Some("same-origin")
        ) {
            return Err("sent by another site\n");
        }
        let origin = text(header::ORIGIN);
        if !origin.is_none_or(|origin| origin.strip_prefix("http://").is_some_and(ours)) {
            return Err("sent by another origin\n");
        }
        if !same(token.as_bytes(), self.token.as_bytes()) {
            return Err("an old or a foreign form; load the page again\n");
        }
        Ok(())
    }
}

/// Takes as long for a near miss as for a far one.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(guard: &Guard, headers: &[(&'static str, &'static str)], token: &str) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        guard.admit(&headers.collect(), token).is_ok()
    }

    #[test]
    fn only_our_own_page_is_admitted() {
        let guard = Guard::new(([127, 0, 0, 1], 80).into());
        let token = guard.token().to_owned();
        let host = ("host", "127.0.0.1:80");
        let (origin, site) = (("origin", "http://127.0.0.1:80"), ("sec-fetch-site", "same-origin"));
        assert!(asked(&guard, &[host, origin, site], &token));
        assert!(asked(&guard, &[("host", "localhost:80")], &token), "no browser");

        assert!(!asked(&guard, &[host, origin, site], ""), "no token");
        assert!(!asked(&guard, &[host, origin, site], &"0".repeat(32)), "another's token");
        assert!(!asked(&guard, &[host, origin, ("sec-fetch-site", "cross-site")], &token));
        assert!(!asked(&guard, &[host, origin, ("sec-fetch-site", "same-site")], &token));
        assert!(!asked(&guard, &[host, ("origin", "http://evil.example"), site], &token));
        assert!(!asked(&guard, &[host, ("origin", "null"), site], &token), "a sandboxed frame");
        assert!(!asked(&guard, &[("host", "evil.example:80"), origin, site], &token), "rebound");
        assert!(!asked(&guard, &[origin, site], &token), "no host at all");
    }

    #[test]
    fn tokens_differ_between_processes() {
        let guard = || Guard::new(([127, 0, 0, 1], 80).into());
        assert_ne!(guard().token(), guard().token());
        assert_eq!(guard().token().len(), 32);
    }
}
