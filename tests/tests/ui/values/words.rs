use ttl_memo::ttl_cache;

#[ttl_cache(policy = "lru")]
fn policy_in_quotes(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = mru)]
fn no_such_policy(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = clairvoyant)]
fn nothing_like_a_policy(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = Policy::Lru)]
fn policy_as_a_path(n: u64) -> u64 {
    n
}

#[ttl_cache(policy = 3)]
fn policy_as_a_number(n: u64) -> u64 {
    n
}

#[ttl_cache(scope = thraed)]
fn misspelt_scope(n: u64) -> u64 {
    n
}

#[ttl_cache(helpers = private)]
fn helpers_as_a_word(n: u64) -> u64 {
    n
}

#[ttl_cache(helpers = "pub(crate)")]
fn helpers_in_quotes(n: u64) -> u64 {
    n
}

#[ttl_cache(in_impl = yes)]
fn in_impl_as_a_word(n: u64) -> u64 {
    n
}

#[ttl_cache(crate = "ttl_memo")]
fn crate_in_quotes(n: u64) -> u64 {
    n
}

#[ttl_cache(crate = ttl_memo())]
fn crate_as_a_call(n: u64) -> u64 {
    n
}

#[ttl_cache(name = 5)]
fn name_as_a_number(n: u64) -> u64 {
    n
}

#[ttl_cache(maxsize = pub(crate))]
fn visibility_as_a_number(n: u64) -> u64 {
    n
}

#[ttl_cache(single_flight, helpers)]
fn on_by_themselves(n: u64) -> u64 {
    n
}

fn main() {}
