use ttl_memo::ttl_cache;

struct Conn;

#[ttl_cache(skip(conn), refresh_ahead = "1s", spawn = std::thread::spawn)]
fn load(conn: &Conn, n: u8) -> u8 {
    n
}

#[ttl_cache(skip(conn), refresh_ahead = "1s", spawn = std::thread::spawn)]
fn load_by_value(conn: std::rc::Rc<u8>, n: u8) -> u8 {
    n + *conn
}

fn main() {}
