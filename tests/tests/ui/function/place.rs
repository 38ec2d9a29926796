// What a function stands in makes a difference, and its tokens do not say it.
use ttl_memo::ttl_cache;

struct Math<T>(T);

impl<T> Math<T> {
    #[ttl_cache]
    fn double(n: u32) -> u32 {
        n * 2
    }

    #[ttl_cache(in_impl = false)]
    fn not_free(n: u32) -> u32 {
        n * 2
    }
}

trait Half {
    fn half(n: u32) -> u32;

    fn quarter(&self, n: u32) -> u32;

    #[ttl_cache]
    fn third(n: u32) -> u32 {
        n / 3
    }
}

impl<T> Half for Math<T> {
    #[ttl_cache]
    fn half(n: u32) -> u32 {
        n / 2
    }

    #[ttl_cache(max_size = 10, skip(self))]
    fn quarter(&self, n: u32) -> u32 {
        n / 4
    }
}

#[ttl_cache(in_impl)]
fn free(n: u32) -> u32 {
    n
}

macro_rules! name_of {
    ($name:ident) => {
        stringify!($name)
    };
}

#[ttl_cache]
fn seems_associated(n: usize) -> usize {
    n + name_of!(Self).len()
}

fn main() {
    Math::<u8>::double(2);
    Math::<u8>::double_cache_clear();
    <Math<u8> as Half>::third_cache_clear();
    Math(1).quarter(4);
    free_cache_clear();
    seems_associated(1);
}
