//! Reads questions as JSON lines, answers each with one: what a Linkerd proxy
//! would make of this bundle, and of this leaf and its intermediates.

mod proxy;

use base64::{engine::general_purpose::STANDARD, Engine};
use rustls::pki_types::CertificateDer;
use serde_json::{json, Value};
use std::error::Error;
use std::io::{stdin, stdout, BufRead, BufWriter, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut input = stdin().lock();
    let mut output = BufWriter::new(stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        writeln!(output, "{}", answer(&serde_json::from_str(&line)?)?)?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn answer(question: &Value) -> Result<Value, Box<dyn Error>> {
    let bundle = proxy::read_bundle(&bytes(&question["bundle"])?);
    let mut answer = json!({ "id": question["id"], "bundle": bundle.describe() });
    if let (Some(roots), Some(_)) = (bundle.roots, question["leaf"].as_str()) {
        let leaf = CertificateDer::from(bytes(&question["leaf"])?);
        let now = question["now"].as_u64().ok_or("now must be in seconds")?;
        let intermediates = intermediates(question)?;
        answer["server"] = verdict(proxy::verify_server(&roots, &leaf, &intermediates, now));
        answer["client"] = verdict(proxy::verify_client(&roots, &leaf, &intermediates, now));
    }
    Ok(answer)
}

/// Those that identity would send along: what Go read from the Secret, if we are told.
fn intermediates(question: &Value) -> Result<Vec<CertificateDer<'static>>, Box<dyn Error>> {
    match question["intermediates"].as_array() {
        Some(ders) => ders.iter().map(|der| Ok(CertificateDer::from(bytes(der)?))).collect(),
        None => Ok(proxy::read_chain(&bytes(&question["chain"])?)),
    }
}

fn bytes(value: &Value) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(STANDARD.decode(value.as_str().ok_or("base64 text is missing")?)?)
}

fn verdict(result: Result<(), rustls::Error>) -> Value {
    match result {
        Ok(()) => json!({ "ok": true }),
        Err(error) => json!({ "ok": false, "error": error.to_string() }),
    }
}
