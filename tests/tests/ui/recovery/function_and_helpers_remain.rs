// One error a mistake: neither the function nor a helper of it is missing.
use ttl_memo::ttl_cache;

#[ttl_cache(maxsiz = 10, skip(_repo))]
pub fn find<T: AsRef<str>>(_repo: &mut u8, id: u64, name: &str, what: T) -> Result<String, ()> {
    Ok(format!("{id} {name} {}", what.as_ref()))
}

struct Repo;

impl Repo {
    #[ttl_cache(ttl = 600, skip(self))]
    async fn load(&self, (a, b): (u8, u8), label: impl Into<String>) -> String {
        format!("{a} {b} {}", label.into())
    }
}

async fn use_them(repo: &Repo) {
    let loaded: String = repo.load((1, 2), "a").await;
    let again: String = repo.load_cache_refresh((1, 2), loaded).await;
    let fetched = repo.load_cache_fetch((1, 2), again).await;
    println!("{} {:?}", fetched.value, fetched.source);
    Repo::load_cache_expire::<&str>();
    Repo::load_cache_invalidate((1, 2), "a");
    repo.load_uncached((1, 2), "a").await;
}

fn main() {
    let _ = use_them(&Repo);
    find(&mut 1, 2, "a", "b").unwrap();
    println!("{}", find_cache_info::<&str>().hits);
    println!("{:?}", find_cache_parameters::<&str>().ttl);
    find_cache_clear::<&str>();
}
