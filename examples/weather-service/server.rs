//! The routes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::guard::Guard;
use crate::prometheus::Prometheus;
use crate::upstream::Unavailable;
use crate::{page, weather};

#[derive(Clone)]
struct Server {
    guard: Arc<Guard>,
    prometheus: &'static Prometheus,
}

/// Everything that is served; `at` is where.
pub(crate) fn router(at: SocketAddr, prometheus: &'static Prometheus) -> Router {
    let server = Server { guard: Arc::new(Guard::new(at)), prometheus };
    Router::new()
        .route("/", get(caches))
        .route("/clear", post(clear))
        .route("/metrics", get(metrics))
        .route("/forecast/{city}", get(forecast))
        .route("/warning/{city}", get(warning))
        .route("/report/{city}", post(report))
        .with_state(server)
}

impl IntoResponse for Unavailable {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, format!("{self}\n")).into_response()
    }
}

/// `/forecast/Bergen`, or `/forecast/Boston?units=fahrenheit`
async fn forecast(
    Path(city): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<String, Unavailable> {
    let forecast = weather::forecast(&city).await?;
    let degrees = match query.get("units").map(String::as_str) {
        Some("fahrenheit") => format!("{} °F", weather::fahrenheit(forecast.celsius)),
        _ => format!("{} °C", forecast.celsius),
    };
    Ok(format!("{city}: {degrees}, {}\n", forecast.sky))
}

/// `/warning/Bergen`, or `/warning/Bergen?fresh`
async fn warning(
    Path(city): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<String, Unavailable> {
    let warning = weather::warning(&city, query.contains_key("fresh")).await?;
    Ok(format!("{}\n", warning.as_deref().unwrap_or("none")))
}

/// Forgets what is known of a city. Not guarded: it is for programs, and costs a few calls at most.
async fn report(Path(city): Path<String>) -> String {
    format!("{} forgotten\n", weather::report(&city))
}

async fn metrics(State(server): State<Server>) -> impl IntoResponse {
    ttl_memo::metrics::publish();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], server.prometheus.render())
}

/// The page of all caches. It may not be framed, so that nobody is led to press its buttons.
async fn caches(State(server): State<Server>) -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (headers, Html(page::of(&ttl_memo::caches(), server.guard.token())))
}

/// The button of that page.
async fn clear(
    State(server): State<Server>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Redirect, (StatusCode, &'static str)> {
    let field = |name| form.get(name).map_or("", String::as_str);
    server.guard.admit(&headers, field("token")).map_err(|why| (StatusCode::FORBIDDEN, why))?;
    let cache =
        ttl_memo::cache(field("cache")).ok_or((StatusCode::NOT_FOUND, "no such cache\n"))?;
    cache.clear();
    Ok(Redirect::to("/"))
}

#[cfg(test)]
mod tests {
    use crate::client::Client;
    use crate::{Error, start};

    #[tokio::test]
    async fn the_button_clears_a_cache_and_no_other_form_does() -> Result<(), Error> {
        let (at, _serving) = start(0).await?;
        let mut client = Client::to(at).await?;
        // One call in four fails.
        while client.get("/forecast/Bergen").await?.0 != 200 {}
        let (_, metrics) = client.get("/metrics").await?;
        assert!(metrics.contains("ttl_memo_entries{cache=\"forecast\"} 1\n"), "{metrics}");

        let (_, page) = client.get("/").await?;
        let (_, token) = page.split_once("name=\"token\" value=\"").ok_or("no token")?;
        let (token, _) = token.split_once('"').ok_or("half a token")?;
        let (status, why) = client.post("/clear", "cache=forecast&token=").await?;
        assert_eq!(
            (status, crate::weather::forecast_cache_info().misses > 0),
            (403, true),
            "{why}"
        );
        let (status, _) = client.post("/clear", &format!("cache=none&token={token}")).await?;
        assert_eq!(status, 404);
        let (status, _) = client.post("/clear", &format!("cache=forecast&token={token}")).await?;
        assert_eq!((status, crate::weather::forecast_cache_info().misses), (303, 0));
        Ok(())
    }
}
