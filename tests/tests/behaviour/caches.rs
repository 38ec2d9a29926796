//! Where the entries live: `cache = …`.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures_lite::future::{block_on, yield_now};
use ttl_memo::{TtlCache, ttl_cache};

struct Service {
    users: TtlCache<u32, String>,
    prefix: &'static str,
}

impl Service {
    fn new(prefix: &'static str) -> Self {
        Self { users: TtlCache::new(10, Duration::from_secs(60)), prefix }
    }

    #[ttl_cache(cache = &self.users)]
    fn user(&self, id: u32) -> String {
        format!("{}{id}", self.prefix)
    }

    #[ttl_cache(cache = &self.users, cache_if = |user| user.len() > 2, single_flight = false)]
    async fn user_later(self: Arc<Self>, id: u32) -> Result<String, std::fmt::Error> {
        yield_now().await;
        Ok(format!("{}{id}", self.prefix))
    }

    #[ttl_cache(cache = &self.users, key = *id)]
    fn consumed(self: Arc<Self>, id: u32) -> String {
        let Self { prefix, .. } = &*self;
        format!("{prefix}{id}")
    }
}

#[test]
fn an_instance_has_its_own() {
    let (a, b) = (Service::new("a"), Service::new("b"));
    assert_eq!((a.user(1), a.user(1), b.user(1)), ("a1".into(), "a1".into(), "b1".into()));
    assert_eq!((a.user_cache_info().hits, b.user_cache_info().hits), (1, 0));
    assert_eq!(a.users.get(&1).as_deref(), Some("a1"));
    assert_eq!(a.user_cache_peek(1).as_deref(), Some("a1"));
    assert!(a.user_cache_invalidate(1));
    assert_eq!(b.user_cache_invalidate_if(|id| *id == 1), 1);
    a.user_cache_insert(5, "given".into());
    assert_eq!(a.user(5), "given");
    a.user_cache_clear();
    assert_eq!(a.user_cache_info().len, 0);
}

#[test]
fn it_may_be_in_an_argument_that_the_body_consumes() {
    let service = Arc::new(Service::new("s"));
    block_on(async {
        assert_eq!(Arc::clone(&service).user_later(1).await.unwrap(), "s1");
        assert_eq!(service.users.len(), 0);
        assert_eq!(Arc::clone(&service).user_later(10).await.unwrap(), "s10");
    });
    assert_eq!(Arc::clone(&service).consumed(10), "s10");
    assert_eq!(service.users.info().hits, 1);
    assert_eq!(service.consumed(11), "s11");
}

static SHARED: LazyLock<TtlCache<String, usize>> =
    LazyLock::new(|| TtlCache::builder().name("shared").maxsize(5).build());

#[test]
fn functions_share_one() {
    #[ttl_cache(cache = &SHARED)]
    fn len(text: &str) -> usize {
        text.len()
    }

    #[ttl_cache(cache = &SHARED, key = text)]
    fn doubled(text: String, _times: u8) -> usize {
        text.len() * 2
    }

    assert_eq!(
        (len("abc"), doubled("abc".into(), 1), doubled("x".into(), 2), len("x")),
        (3, 3, 2, 2)
    );
    assert_eq!(len_cache_info().len, 2);
    assert_eq!(doubled_cache_parameters().name, "shared");
}

#[test]
fn a_parameter_that_only_says_which_is_no_part_of_the_key() {
    struct Tenant {
        pages: TtlCache<(String, u8), String>,
    }

    #[ttl_cache(cache = &tenant.pages)]
    fn page(tenant: &Tenant, url: &str, n: u8) -> String {
        format!("{url}{n}")
    }

    let tenant = Tenant { pages: TtlCache::new(2, None) };
    assert_eq!((page(&tenant, "a", 1), page(&tenant, "a", 1)), ("a1".into(), "a1".into()));
    assert_eq!(page_cache_info(&tenant).hits, 1);
    assert!(page_cache_invalidate(&tenant, "a", 1));
}
