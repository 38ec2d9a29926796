// Where a macro is around the function, only the compiler knows.
use ttl_memo::ttl_cache;

struct Math;

macro_rules! math {
    () => {
        impl Math {
            #[ttl_cache]
            fn double(n: u32) -> u32 {
                n * 2
            }
        }
    };
}

math!();

fn main() {
    Math::double(2);
}
