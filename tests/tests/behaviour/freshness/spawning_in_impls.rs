//! `spawn` where no helper can be added: the body is within the method, and runs elsewhere.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ttl_memo::testing::isolated;
use ttl_memo::ttl_cache;

use super::{
    Body, Failed, body, body_async, let_body, now, run_later, run_spawned, runs, s, spawn_later,
};

/// What a body gives, and which site and arguments it was given.
type Told = Result<String, Failed>;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Site {
    name: String,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn site() -> Site {
    Site { name: "a".to_owned() }
}

/// A value is stored, is renewed in the background while the old one is served, and the new one
/// served after that.
#[track_caller]
fn renews<T: PartialEq + fmt::Debug>(call: impl Fn() -> T, of: impl Fn(u32) -> T) {
    let world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!((call(), runs()), (of(1), 1));
    world.advance(s(55));
    let_body(Body::Gives(Ok(2)));
    assert_eq!((call(), call(), runs()), (of(1), of(1), 0));
    assert_eq!((run_spawned(), runs()), (1, 1), "one renewal a key at a time");
    assert_eq!((call(), runs(), run_spawned()), (of(2), 0, 0));
}

trait Pages {
    fn page(&self, path: &str, part: (u8, u8)) -> Told;

    fn kind(of: &'static str) -> Told
    where
        Self: Sized;

    fn consumed(self: Arc<Self>, by: &str) -> Told;

    fn mended(self, by: u8) -> Told;

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn greeting<T, const N: u8>(&self, _more: &T) -> Told
    where
        Self: std::hash::Hash + Eq + Clone + fmt::Display + Send + Sync + 'static,
        T: std::hash::Hash + Eq + Clone + Default + fmt::Display + Send + Sync + 'static,
    {
        let more = T::default();
        Ok(format!("{} {}{more}{N}", self.to_string(), body()?))
    }

    async fn later(&self, path: &str, part: (u8, u8)) -> Told;

    async fn consumed_later(self: Arc<Self>, by: String) -> Told;
}

impl Pages for Site {
    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn page(&self, path: &str, (a, mut b): (u8, u8)) -> Told {
        use self::fmt::{self, Write};
        struct Own(u8);
        impl Own {
            fn it(&self) -> u8 {
                self.0
            }
        }
        if path.is_empty() {
            return Err(Failed);
        }
        b += 1;
        let Self { name } = self;
        let mut text = String::new();
        let number = body()?;
        assert_eq!(format!("{{self}}{b}").len(), 7);
        let _: fmt::Result = write!(text, "{}{name}{}{path}{a}{b}{number}", self.name, Own(b).it());
        Ok(text)
    }

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn kind(of: &'static str) -> Told {
        let of: &'static str = of;
        Ok(format!("{}{of}{}", std::any::type_name::<Self>(), body()?))
    }

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn consumed(self: Arc<Self>, by: &str) -> Told {
        let this = move || self;
        Ok(format!("{}{by}{}", this().name, body()?))
    }

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn mended(mut self, by: u8) -> Told {
        self.name.push('!');
        Ok(format!("{}{by}{}", self.name, body()?))
    }

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    async fn later(&self, path: &str, (a, b): (u8, u8)) -> Told {
        if path.is_empty() {
            return Err(Failed);
        }
        let number = body_async().await?;
        Ok(format!("{}{path}{a}{b}{number}", self.name))
    }

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    async fn consumed_later(self: Arc<Self>, by: String) -> Told {
        Ok(format!("{}{by}{}", self.name, body_async().await?))
    }
}

#[test]
fn a_traits_method() {
    renews(|| site().page("/", (1, 2)), |n| Ok(format!("aa3/13{n}")));
    assert_eq!((site().page("", (1, 2)), runs()), (Err(Failed), 0));
}

#[test]
fn an_associated_function() {
    let name = std::any::type_name::<Site>();
    renews(|| Site::kind("x"), |n| Ok(format!("{name}x{n}")));
}

#[test]
fn a_receiver_that_is_consumed() {
    renews(|| Arc::new(site()).consumed("x"), |n| Ok(format!("ax{n}")));
    renews(|| site().mended(1), |n| Ok(format!("a!1{n}")));
}

#[test]
fn a_default_method() {
    renews(|| site().greeting::<u8, 7>(&4), |n| Ok(format!("a {n}07")));
}

#[test]
fn an_async_method() {
    renews(|| now(site().later("/", (1, 2))), |n| Ok(format!("a/12{n}")));
    assert_eq!((now(site().later("", (1, 2))), runs()), (Err(Failed), 0));
    renews(|| now(Arc::new(site()).consumed_later("x".into())), |n| Ok(format!("ax{n}")));
}

#[async_trait::async_trait]
trait Boxed {
    async fn boxed(&self, path: &str, part: (u8, u8)) -> Told;

    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later, skip(self))]
    async fn greeted(&self, by: String) -> Told
    where
        Self: Clone + Send + Sync + 'static,
    {
        Ok(format!("{by}{}", body_async().await?))
    }
}

#[async_trait::async_trait]
impl Boxed for Site {
    #[ttl_cache(helpers = false, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    async fn boxed(&self, path: &str, (a, b): (u8, u8)) -> Told {
        if path.is_empty() {
            return Err(Failed);
        }
        Ok(format!("{}{path}{a}{b}{}", self.name, body_async().await?))
    }
}

#[test]
fn a_method_of_a_trait_by_async_trait() {
    renews(|| now(site().boxed("/", (1, 2))), |n| Ok(format!("a/12{n}")));
    assert_eq!((now(site().boxed("", (1, 2))), runs()), (Err(Failed), 0));
    renews(|| now(site().greeted("x".into())), |n| Ok(format!("x{n}")));
}

struct Scaled<const N: u32, T>(std::marker::PhantomData<T>);

trait Shown: fmt::Display + std::hash::Hash + Eq + Clone + Send + Sync + 'static {}

impl Shown for char {}

impl<const N: u32, T: Default + fmt::Display + Send + Sync + 'static> Scaled<N, T> {
    #[ttl_cache(helpers = false, in_impl, ttl = "60s", refresh_ahead = "10s", spawn = run_later)]
    fn of(by: &str, shown: impl Shown) -> Told {
        Ok(format!("{by}{}{N}{}{}", T::default(), body()?, shown.to_string().len()))
    }

    #[ttl_cache(helpers = false, in_impl, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    async fn of_later(by: &str, shown: &impl Shown) -> Told {
        Ok(format!("{by}{}{N}{}{}", T::default(), body_async().await?, shown.to_string().len()))
    }

    #[ttl_cache(helpers = false, in_impl, ttl = "60s", refresh_ahead = "10s", spawn = spawn_later)]
    fn by_hand(by: &str) -> Pin<Box<dyn Future<Output = Told> + Send + '_>> {
        Box::pin(async move { Ok(format!("{by}{}{N}{}", T::default(), body_async().await?)) })
    }
}

#[test]
fn an_impl_of_a_types_own() {
    renews(|| Scaled::<3, u8>::of("x", 'y'), |n| Ok(format!("x03{n}1")));
    renews(|| now(Scaled::<3, u8>::of_later("x", &'y')), |n| Ok(format!("x03{n}1")));
    renews(|| now(Scaled::<3, u8>::by_hand("x")), |n| Ok(format!("x03{n}")));
}
