//! As much of an HTTP client as the load needs: one request after another on a connection.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Error;

/// A connection that is kept open.
#[derive(Debug)]
pub(crate) struct Client {
    at: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects.
    pub(crate) async fn to(at: SocketAddr) -> Result<Self, Error> {
        Ok(Self { at, stream: BufReader::new(TcpStream::connect(at).await?) })
    }

    /// Gets a page; its status and what came with it.
    pub(crate) async fn get(&mut self, path: &str) -> Result<(u16, String), Error> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.at)).await
    }

    /// Sends a form, as a browser would that says so of itself.
    #[cfg(test)]
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Result<(u16, String), Error> {
        let (at, length) = (self.at, form.len());
        let browser = format!("origin: http://{at}\r\nsec-fetch-site: same-origin");
        let kind = "content-type: application/x-www-form-urlencoded";
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nhost: {at}\r\n{browser}\r\n{kind}\r\n\
             content-length: {length}\r\n\r\n{form}",
        ))
        .await
    }

    async fn ask(&mut self, request: &str) -> Result<(u16, String), Error> {
        self.stream.write_all(request.as_bytes()).await?;
        let status = self.line().await?;
        let status = status.split(' ').nth(1).ok_or("an answer without a status")?.parse()?;
        let mut length = 0;
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok((status, String::from_utf8(body)?))
    }

    async fn line(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        Ok(line.trim_end().to_owned())
    }
}
