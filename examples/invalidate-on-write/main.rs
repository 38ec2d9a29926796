//! Invalidation on write: a small shop on `SQLite` whose readers are memoized and never see what an
//! update has made untrue.
//!
//! ```text
//! cargo run -p ttl-memo-examples --bin invalidate-on-write
//! ```
//!
//! Two ways: `product_cache_invalidate(id)` drops one entry of one function; a tag drops every entry
//! that mentions the product, in whatever function.

use std::error::Error;

use rusqlite::{Connection, params};
use ttl_memo::{invalidate_tag, ttl_cache};

/// A product's name and price in cents.
#[ttl_cache(skip(db), ttl = "1h")]
fn product(db: &Connection, id: u32) -> rusqlite::Result<(String, u32)> {
    db.query_row("SELECT name, price FROM product WHERE id = ?", [id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// What an order comes to, in cents, and what is in it.
#[ttl_cache(skip(db), ttl = "1h", tags = |_, total| total.tags())]
fn order(db: &Connection, id: u32) -> rusqlite::Result<Total> {
    let mut query = db.prepare(
        "SELECT product, quantity * price FROM line JOIN product ON product.id = product
         WHERE in_order = ?",
    )?;
    let mut total = Total::default();
    for line in query.query_map([id], |row| Ok((row.get(0)?, row.get::<_, u32>(1)?)))? {
        let (product, cents) = line?;
        total.products.push(product);
        total.cents += cents;
    }
    Ok(total)
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Total {
    cents: u32,
    products: Vec<u32>,
}

impl Total {
    fn tags(&self) -> Vec<String> {
        self.products.iter().map(|product| tag(*product)).collect()
    }
}

fn tag(product: u32) -> String {
    format!("product:{product}")
}

/// First the write, then the invalidation: the other way round, a reader in between would store
/// what was true before the write.
fn set_price(db: &Connection, id: u32, price: u32) -> rusqlite::Result<()> {
    db.execute("UPDATE product SET price = ? WHERE id = ?", params![price, id])?;
    product_cache_invalidate(id);
    let orders = invalidate_tag(&tag(id));
    println!("product {id} now costs {price} cents; {orders} orders are counted anew");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let db = open()?;
    for _ in 0..3 {
        show(&db)?;
    }
    println!("orders: {}", order_cache_info());
    set_price(&db, 1, 450)?;
    show(&db)?;
    println!("orders: {}", order_cache_info());
    Ok(())
}

fn show(db: &Connection) -> rusqlite::Result<()> {
    let (name, price) = product(db, 1)?;
    let totals: Vec<String> =
        (1..=4).map(|id| Ok(order(db, id)?.cents.to_string())).collect::<rusqlite::Result<_>>()?;
    println!("{name} {price}; orders {}", totals.join(", "));
    Ok(())
}

fn open() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "CREATE TABLE product (id INTEGER PRIMARY KEY, name, price INTEGER);
         CREATE TABLE line (in_order INTEGER, product INTEGER, quantity INTEGER);
         INSERT INTO product VALUES (1, 'tea', 400), (2, 'coffee', 600), (3, 'sugar', 150);
         INSERT INTO line VALUES (1, 1, 1), (1, 3, 2), (2, 2, 1), (3, 1, 2), (3, 2, 1), (4, 3, 4);",
    )?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_every_write() {
        let world = ttl_memo::testing::isolated();
        let db = open().expect("SQLite is in the program");
        let cents = |id| order(&db, id).map(|total| total.cents);
        assert_eq!((cents(1), cents(2), cents(3)), (Ok(700), Ok(600), Ok(1_400)));
        set_price(&db, 1, 450).expect("the table is there");
        assert_eq!(product(&db, 1), Ok(("tea".to_owned(), 450)));
        assert_eq!((cents(1), cents(2), cents(3)), (Ok(750), Ok(600), Ok(1_500)));
        assert_eq!(order_cache_info().misses, 5, "the order without tea was left alone");
        drop(world);
    }
}
