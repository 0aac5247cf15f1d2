//! Whether a name leads to this computer and nowhere else.

use url::Host;

/// `localhost` and what is below it (RFC 6761 §6.3), 127.0.0.0/8, `::1`.
pub(crate) fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref().trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_computer_are_loopback() {
        let judge = |host| is_loopback(&Host::parse(host).unwrap());
        for host in ["localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "127.8.8.8", "[::1]"]
        {
            assert!(judge(host), "{host}");
        }
        for host in ["example.com", "localhost.example.com", "mylocalhost", "10.0.0.1", "0.0.0.0"] {
            assert!(!judge(host), "{host}");
        }
    }
}
