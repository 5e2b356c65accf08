//! The proxy's own steps (linkerd2-proxy, linkerd/meshtls and linkerd/rustls),
//! told again with the same library calls.

use aws_lc_rs::digest::{digest, SHA256};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{aws_lc_rs as provider, CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{pem::PemObject, CertificateDer, UnixTime};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{RootCertStore, SignatureScheme};
use serde_json::{json, Value};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use webpki::aws_lc_rs as algorithms;

pub struct Bundle {
    pub roots: Option<Arc<RootCertStore>>,
    added: Vec<String>,
    skipped: usize,
    error: Option<String>,
}

/// A PEM error stops the proxy; a certificate it cannot use is passed over; nothing left stops it too.
pub fn read_bundle(pem: &[u8]) -> Bundle {
    let mut bundle = Bundle { roots: None, added: vec![], skipped: 0, error: None };
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Err(error) => bundle.error = Some(error.to_string()),
        Ok(certificates) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates {
                let fingerprint = hex(digest(&SHA256, &certificate).as_ref());
                let (added, skipped) = roots.add_parsable_certificates([certificate]);
                bundle.skipped += skipped;
                bundle.added.extend((added > 0).then_some(fingerprint));
            }
            match bundle.added.is_empty() {
                true => bundle.error = Some("no trust roots loaded".into()),
                false => bundle.roots = Some(Arc::new(roots)),
            }
        }
    }
    bundle
}

impl Bundle {
    pub fn describe(&self) -> Value {
        json!({ "ok": self.roots.is_some(), "certs": self.added, "skipped": self.skipped, "error": self.error })
    }
}

/// As the proxy's client looks at a server; it does so too when it is handed its own new leaf.
pub fn verify_server(
    roots: &RootCertStore,
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    now: u64,
) -> Result<(), rustls::Error> {
    let leaf = ParsedCertificate::try_from(leaf)?;
    verify_server_cert_signed_by_trust_anchor(&leaf, roots, intermediates, at(now), SIGNATURES.all)
}

/// As the proxy's server looks at a client.
pub fn verify_client(
    roots: &Arc<RootCertStore>,
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    now: u64,
) -> Result<(), rustls::Error> {
    let built = WebPkiClientVerifier::builder_with_provider(roots.clone(), crypto_provider()).build();
    let verifier = built.map_err(|error| rustls::Error::General(error.to_string()))?;
    verifier.verify_client_cert(leaf, intermediates, at(now)).map(|_| ())
}

/// Every certificate in a PEM text, for want of a better reading.
pub fn read_chain(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect()
}

fn at(now: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(now))
}

fn crypto_provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let ours = || CryptoProvider { signature_verification_algorithms: SIGNATURES, ..provider::default_provider() };
    PROVIDER.get_or_init(|| Arc::new(ours())).clone()
}

/// No SHA-1, no P-224, no RSA below 2048 bits, no RSA-PSS.
static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        algorithms::ECDSA_P256_SHA256,
        algorithms::ECDSA_P256_SHA384,
        algorithms::ECDSA_P256_SHA512,
        algorithms::ECDSA_P384_SHA256,
        algorithms::ECDSA_P384_SHA384,
        algorithms::ECDSA_P384_SHA512,
        algorithms::ECDSA_P521_SHA256,
        algorithms::ECDSA_P521_SHA384,
        algorithms::ECDSA_P521_SHA512,
        algorithms::ED25519,
        algorithms::RSA_PKCS1_2048_8192_SHA256,
        algorithms::RSA_PKCS1_2048_8192_SHA384,
        algorithms::RSA_PKCS1_2048_8192_SHA512,
        algorithms::RSA_PKCS1_3072_8192_SHA384,
    ],
    // Only a handshake asks for this one; no certificate's signature is judged by it.
    mapping: &[(SignatureScheme::ECDSA_NISTP256_SHA256, &[algorithms::ECDSA_P256_SHA256])],
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
