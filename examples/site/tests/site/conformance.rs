//! The binary against a hostile provider that stands in Google's place: the relying-party modules of the OpenID Foundation.

use std::process::{Child, Stdio};

use betancourt_auth_dev::conformance::{Suite, Verdict};

use crate::binary::{Folder, free_port, wait_for};

/// A site that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn it_fails_no_module_that_can_be_played_at_it() {
    let (folder, port) = (Folder::new("conformance"), free_port());
    let app = format!("http://localhost:{port}/api/auth");
    let suite = Suite::with_one_provider(&app, "google", 0).await.unwrap();
    let mut variables = suite.variables();
    // In memory, so that a site that is started anew has counted nobody's attempts.
    let more = [("PORT", port.as_str()), ("DATABASE_URL", "sqlite::memory:")];
    variables.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let variables: Vec<_> = variables.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut running = None;
    let report = suite.play_with_restarts(async || {
        drop(running.take());
        let mut site = folder.site(&[], &variables);
        let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        wait_for(&mut site, 1);
        running = Some(Running(site));
        Ok(())
    });
    let report = report.await.unwrap();
    assert!(report.is_passed(), "{report}");
    for module in [
        "oidcc-client-test",
        "oidcc-client-test-3rd-party-init-login",
        "oidcc-client-test-discovery-issuer-mismatch",
        "oidcc-client-test-invalid-aud",
        "oidcc-client-test-nonce-invalid",
        "oidcc-client-test-rp-backchannel-rpinitlogout",
        "oidcc-client-test-rp-frontchannel-opinitlogout",
        "oidcc-client-test-signing-key-rotation-just-before-signing",
    ] {
        assert_eq!(report.verdicts(module).next(), Some(&Verdict::Passed), "{module}");
    }
}
