use ttl_memo::ttl_cache;

type Name = String;

#[ttl_cache(stale_if_error = "1h")]
fn stale(n: u8) -> Name {
    n.to_string()
}

#[ttl_cache(err_ttl = "1h")]
fn kept(n: u8) -> Name {
    n.to_string()
}

#[ttl_cache(
    stale_while_revalidate = "1h",
    spawn = std::thread::spawn,
    on_error = |_, error| drop(error)
)]
fn heard(n: u8) -> Option<u8> {
    Some(n)
}

#[ttl_cache(err_ttl = "1h")]
fn not_clone(n: u8) -> Result<u8, std::io::Error> {
    Ok(n)
}

fn main() {}
