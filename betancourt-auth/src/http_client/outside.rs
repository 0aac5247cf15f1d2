//! Which addresses are of the outside, and a resolver that gives no others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::Unreachable;

/// What is not of the outside in IPv4 (RFC 6890 and what came after): an address and the length of its prefix.
const INSIDE: [([u8; 4], u8); 16] = [
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // between a carrier and its customers; one cloud's metadata
    ([127, 0, 0, 0], 8),      // this machine
    ([168, 63, 129, 16], 32), // what Azure tells its machines
    ([169, 254, 0, 0], 16),   // link-local; most clouds' metadata
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // of protocols; another cloud's metadata
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 88, 99, 0], 24),   // 6to4 relays
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and broadcast
];

/// A name leads inside.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name leads to an address that is not public")]
pub(super) struct Inside;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    admitted: Arc<[IpNet]>,
}

impl Outside {
    pub(super) fn new(admitted: &[(IpAddr, u8)]) -> Result<Self, Unreachable> {
        let networks = admitted.iter().map(|(address, prefix)| IpNet::new(*address, *prefix));
        let admitted = networks.collect::<Result<Arc<[_]>, _>>().map_err(Unreachable::because)?;
        Ok(Self { admitted })
    }

    /// A host that is an address is judged as it stands. A name is judged when it is resolved.
    pub(super) fn check_host(&self, url: &Url) -> Result<(), Inside> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(Inside),
        };
        if self.admits(address) { Ok(()) } else { Err(Inside) }
    }

    fn admits(&self, address: IpAddr) -> bool {
        is_public(address) || self.admitted.iter().any(|network| network.contains(&address))
    }
}

impl Resolve for Outside {
    /// A name of which one address lies inside gives none: whoever mixes them means no good.
    fn resolve(&self, name: Name) -> Resolving {
        let outside = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|found| outside.admits(found.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(Inside.into())
            }
        })
    }
}

/// Whether an address is one of the public internet, whatever form it is written in.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |(network, prefix): &([u8; 4], u8)| {
        let mask = u32::MAX << (32 - u32::from(*prefix));
        address.to_bits() & mask == u32::from_be_bytes(*network)
    };
    !INSIDE.iter().any(within)
}

/// Of IPv6 only what is given out as global unicast (2000::/3), without documentation, tunnels and other purposes. An
/// IPv4 address in it is judged as such.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let embedded =
        || Ipv4Addr::from_bits(u32::try_from(address.to_bits() & 0xffff_ffff).unwrap_or(0));
    match address.segments() {
        // IPv4-mapped (RFC 4291 §2.5.5.2), and translated by a NAT64 (RFC 6052 §2.1).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(embedded()),
        // Protocols (Teredo, ORCHID), documentation, 6to4, documentation.
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8,
        [0x2002, ..] => false,
        [0x3fff, second, ..] => second >= 0x1000,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }

    const IN_THERE: &str = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.0.1 \
        168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 \
        192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 \
        240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 \
        64:ff9b::10.0.0.1 64:ff9b::127.0.0.1 64:ff9b:1::8.8.8.8 100::1 2001::1 2001:2::1 2001:20::1 \
        2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1";
    const OUT_THERE: &str = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
        168.63.129.17 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 198.17.255.255 198.20.0.0 \
        223.255.255.255 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2001:200::1 2001:4860:4860::8888 \
        2606:4700:4700::1111 2a00:1450::1";

    #[test]
    fn what_lies_inside_is_known_in_every_form() {
        for inside in IN_THERE.split_whitespace() {
            assert!(!public(inside), "{inside}");
        }
        for outside in OUT_THERE.split_whitespace() {
            assert!(public(outside), "{outside}");
        }
    }

    #[test]
    fn a_host_that_is_an_address_is_read_as_the_connection_would_read_it() {
        let outside = Outside::new(&[]).unwrap();
        let check = |url: &str| outside.check_host(&Url::parse(url).unwrap()).is_ok();
        for inside in [
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://0177.0.0.1",
            "https://127.1",
            "https://[::1]",
            "https://[::ffff:7f00:1]",
            "https://169.254.169.254",
        ] {
            assert!(!check(inside), "{inside}");
        }
        assert!(check("https://8.8.8.8") && check("https://id.example.com"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_resolves_to_nothing() {
        let resolve = |outside: Outside| async move {
            let found = outside.resolve("localhost".parse().unwrap()).await;
            found.map(Iterator::count).map_err(|error| error.is::<Inside>())
        };
        assert_eq!(resolve(Outside::new(&[]).unwrap()).await, Err(true));
        let loopback = [(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)];
        assert!(resolve(Outside::new(&loopback).unwrap()).await.is_ok_and(|found| found > 0));
    }
}
