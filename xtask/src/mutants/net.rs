//! Mutations of the checks on what the server itself connects to.

use super::mutation::Mutation;

const CLIENT: &str = "betancourt-auth/src/http_client/bundled.rs";

const ANYBODY: &str = "#[derive(Debug)]
struct Anybody;

impl rustls::client::danger::ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// A body that goes on beyond the limit.";

/// The mutations of the group NET.
pub(crate) fn mutations() -> Vec<Mutation> {
    let inside = "memory::net_01_an_issuer_that_leads_inside";
    vec![
        Mutation::new("NET-01", inside, "a stranger's name may lead anywhere").edit(
            CLIENT,
            "builder.https_only(true).dns_resolver(Arc::new(outside.clone()))",
            "builder.https_only(true)",
        ),
        Mutation::new("NET-01", inside, "an address in place of a name is not judged").edit(
            CLIENT,
            "outside.check_host(request.url()).map_err(Unreachable::inside)?;",
            "let _ = outside.check_host(request.url());",
        ),
        Mutation::new(
            "NET-02",
            "memory::net_02_an_answer_that_leads_elsewhere",
            "redirects are followed",
        )
        .edit(
            CLIENT,
            "reqwest::redirect::Policy::none()",
            "reqwest::redirect::Policy::limited(5)",
        ),
        Mutation::new(
            "NET-04",
            "memory::net_04_a_provider_that_says_nothing",
            "an exchange has no end",
        )
        .edit(CLIENT, ".timeout(rules.exchange.unsigned_abs())", ""),
        Mutation::new("NET-05", "memory::net_05_a_body_without_an_end", "any body is read whole")
            .edit(
                CLIENT,
                "if body.len() + chunk.len() > LARGEST_BODY {",
                "if body.len() == usize::MAX {",
            ),
        Mutation::new("NET-07", "memory::net_07_tls_that_is_broken", "any certificate will do")
            .edit(
                CLIENT,
                ".with_root_certificates(roots(rules)?)",
                ".dangerous().with_custom_certificate_verifier(Arc::new(Anybody))",
            )
            .edit(CLIENT, "/// A body that goes on beyond the limit.", ANYBODY),
    ]
}
