//! Methods, traits and generics.

use std::fmt::{Debug, Display};
use std::future::Future as Later;
use std::hash::Hash;
use std::sync::Arc;

use memo::{ttl_cache, TtlCache};

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Service {
    name: String,
}

impl Service {
    /// By reference.
    #[ttl_cache]
    #[must_use]
    pub fn get(&self, id: u32) -> String {
        format!("{}{id}", self.name)
    }

    /// By value.
    #[ttl_cache]
    #[must_use]
    pub fn take(self) -> String {
        self.name
    }

    /// Shared, later.
    #[ttl_cache]
    pub async fn later(self: Arc<Self>, id: u32) -> String {
        drop_nothing().await;
        format!("{}{id}", self.name)
    }

    #[ttl_cache(skip(self))]
    fn hidden(&self, id: u32) -> u32 {
        id + u32::from(self.name.is_empty())
    }

    /// Calls it.
    #[must_use]
    pub fn shown(&self) -> u32 {
        self.hidden(1)
    }
}

async fn drop_nothing() {
    std::future::ready(()).await;
}

/// Has one of its own.
#[derive(Debug)]
pub struct Holder {
    cache: TtlCache<u32, u32>,
}

impl Holder {
    /// By the instance.
    #[ttl_cache(cache = &self.cache, single_flight = "1s")]
    #[must_use]
    pub fn twice(&self, n: u32) -> u32 {
        n * 2
    }
}

/// A trait.
pub trait Kind {
    /// Its kind.
    fn kind(&self, n: u32) -> String;

    /// Its kind, later.
    fn kind_later(&self, n: u32) -> impl Later<Output = String> + Send;

    /// Its length.
    fn len_of(&self, pair: (u32, u32)) -> u32;

    /// Its length, later.
    fn len_later(&self, n: u32) -> impl Later<Output = u32> + Send;

    /// Its kind, renewed in the background.
    ///
    /// # Errors
    ///
    /// If it is of nothing.
    fn renewed(&self, pair: (u32, u32)) -> Result<String, std::fmt::Error>;

    /// Its kind, renewed later.
    fn renewed_later(&self, pair: (u32, u32), name: &str) -> impl Later<Output = String> + Send;

    /// A default.
    #[ttl_cache(helpers = false, skip(self))]
    fn doubled(&self, n: u32) -> u32 {
        n * 2
    }
}

impl Kind for Service {
    #[ttl_cache(helpers = false)]
    fn kind(&self, n: u32) -> String {
        if n == 0 {
            return String::new();
        }
        format!("{}{n}", self.name)
    }

    #[ttl_cache(helpers = false)]
    async fn kind_later(&self, n: u32) -> String {
        if n == 0 {
            return String::new();
        }
        drop_nothing().await;
        format!("{}{n}", self.name)
    }

    #[ttl_cache(helpers = false, refresh_ahead = "1s", spawn = std::thread::spawn)]
    fn renewed(&self, (n, m): (u32, u32)) -> Result<String, std::fmt::Error> {
        if n == 0 {
            return Err(std::fmt::Error);
        }
        Ok(format!("{}{n}{m}", self.name))
    }

    #[ttl_cache(helpers = false, refresh_ahead = "1s", spawn = drop)]
    async fn renewed_later(&self, (n, m): (u32, u32), name: &str) -> String {
        if n == 0 {
            return String::new();
        }
        drop_nothing().await;
        format!("{}{n}{m}{name}", self.name)
    }

    #[ttl_cache(helpers = false)]
    fn len_of(&self, (n, m): (u32, u32)) -> u32 {
        n + m + u32::from(self.name.is_empty())
    }

    #[ttl_cache(helpers = false)]
    async fn len_later(&self, n: u32) -> u32 {
        n + u32::from(self.name.is_empty())
    }
}

/// A trait whose futures are boxed.
#[async_trait::async_trait]
pub trait Boxed {
    /// Later.
    async fn sum(&self, n: u32) -> u32;

    /// The same, of a pattern.
    async fn sum_of(&self, pair: (u32, u32)) -> u32;

    /// The same, renewed later.
    async fn renewed(&self, pair: (u32, u32), name: &str) -> u32;
}

#[async_trait::async_trait]
impl Boxed for Service {
    #[ttl_cache(helpers = false)]
    async fn sum(&self, n: u32) -> u32 {
        n + u32::from(self.name.is_empty())
    }

    #[ttl_cache(helpers = false, refresh_ahead = "1s", spawn = drop)]
    async fn renewed(&self, (n, m): (u32, u32), name: &str) -> u32 {
        drop_nothing().await;
        n + m + u32::from(self.name == name)
    }

    #[ttl_cache(helpers = false)]
    async fn sum_of(&self, (n, m): (u32, u32)) -> u32 {
        drop_nothing().await;
        n + m + u32::from(self.name.is_empty())
    }
}

/// Of any type.
#[ttl_cache]
#[must_use]
pub fn shown<T, const N: usize>(
    values: &[T; N],
    more: impl Display + Hash + Eq + Clone + Send + Sync + 'static,
) -> String
where
    T: Debug + Hash + Eq + Clone + Send + Sync + 'static,
{
    let text = format!("{values:?}{more}");
    drop(more);
    text
}

/// Of what some function says.
#[ttl_cache(skip(of))]
#[must_use]
pub fn said(n: u32, of: &(impl Fn(u32) -> u32 + Send + Sync)) -> u32 {
    of(n)
}

/// In either order.
#[ttl_cache(key = if a < b { (a, b) } else { (b, a) })]
#[must_use]
pub fn apart(a: &str, b: &str) -> usize {
    a.len().abs_diff(b.len())
}

/// With lifetimes.
///
/// # Errors
///
/// If it is empty.
#[ttl_cache]
pub fn first<'a>(text: &'a str, _of: &[&str]) -> Result<char, &'a str> {
    text.chars().next().ok_or(text)
}

/// Gives a future that holds every lifetime.
///
/// # Errors
///
/// If it is empty.
#[ttl_cache(skip(of, more))]
pub async fn first_later<T: Debug + Send>(
    text: &str,
    of: Option<T>,
    more: &[&str],
) -> Result<char, &'static str> {
    drop_nothing().await;
    drop(of);
    text.chars().next().or_else(|| more.first()?.chars().next()).ok_or("empty")
}
