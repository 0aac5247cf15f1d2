//! What an address names: one server, a master that Sentinels know, or a cluster.

use redis::{ConnectionInfo, IntoConnectionInfo};

use crate::error::OpenError;

/// What an address names.
#[derive(Debug)]
pub(crate) enum Address {
    One(Box<ConnectionInfo>),
    #[cfg(feature = "sentinel")]
    Sentinel {
        /// How the Sentinels are reached, and with which name and password the master is.
        sentinels: Vec<ConnectionInfo>,
        /// What they call the master.
        name: String,
    },
    #[cfg(feature = "cluster")]
    Cluster(Vec<ConnectionInfo>),
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        if url.contains('#') {
            return Err(OpenError::Insecure); // the one word that the client knows after it
        }
        #[cfg_attr(
            not(any(feature = "cluster", feature = "sentinel")),
            expect(unused_variables, reason = "only lists of servers are taken apart here")
        )]
        let (scheme, rest) = url.split_once("://").ok_or(OpenError::Address)?;
        let (plain, kind) = scheme.split_once('+').unwrap_or((scheme, ""));
        if matches!(plain, "rediss" | "valkeys") && !cfg!(feature = "tls") {
            return Err(OpenError::NeedsFeature("tls"));
        }
        match kind {
            #[cfg(feature = "sentinel")]
            "sentinel" => {
                let (hosts, path) = rest.split_once('/').ok_or(OpenError::Address)?;
                let (name, database) = path.split_once('/').unwrap_or((path, ""));
                if name.is_empty() {
                    return Err(OpenError::Address);
                }
                let sentinels = each(plain, hosts, database)?;
                Ok(Self::Sentinel { sentinels, name: name.to_owned() })
            }
            #[cfg(not(feature = "sentinel"))]
            "sentinel" => Err(OpenError::NeedsFeature("sentinel")),
            #[cfg(feature = "cluster")]
            "cluster" => Ok(Self::Cluster(each(plain, rest.trim_end_matches('/'), "")?)),
            #[cfg(not(feature = "cluster"))]
            "cluster" => Err(OpenError::NeedsFeature("cluster")),
            _ => Ok(Self::One(Box::new(info(url)?))),
        }
    }
}

/// The hosts of a list, each with the name and password before the first.
#[cfg(any(feature = "cluster", feature = "sentinel"))]
fn each(scheme: &str, hosts: &str, database: &str) -> Result<Vec<ConnectionInfo>, OpenError> {
    let (credentials, hosts) = match hosts.rsplit_once('@') {
        Some((credentials, hosts)) => (format!("{credentials}@"), hosts),
        None => (String::new(), hosts),
    };
    let of_host = |host| info(&format!("{scheme}://{credentials}{host}/{database}"));
    hosts.split(',').map(of_host).collect()
}

fn info(url: &str) -> Result<ConnectionInfo, OpenError> {
    url.into_connection_info().map_err(|_| OpenError::Address)
}

#[cfg(test)]
mod tests {
    use redis::ConnectionAddr;

    use super::*;

    fn shown(infos: &[ConnectionInfo]) -> Vec<String> {
        let shown = |info: &ConnectionInfo| {
            let redis = info.redis_settings();
            format!("{} {:?} {:?} {}", info.addr(), redis.username(), redis.password(), redis.db())
        };
        infos.iter().map(shown).collect()
    }

    #[test]
    fn one_server_is_named_in_many_ways() {
        for (url, expected) in [
            ("redis://127.0.0.1", "127.0.0.1:6379 None None 0"),
            ("valkey://cache:7000/2", "cache:7000 None None 2"),
            ("redis://ada:p%40ss@[::1]:7000", "::1:7000 Some(\"ada\") Some(\"p@ss\") 0"),
        ] {
            let Address::One(info) = Address::parse(url).unwrap() else { panic!("{url}") };
            assert_eq!(shown(&[*info]), [expected]);
        }
        let Address::One(info) = Address::parse("redis+unix:///run/redis.sock").unwrap() else {
            panic!("a socket")
        };
        assert!(matches!(info.addr(), ConnectionAddr::Unix(_)));
    }

    #[test]
    fn sentinels_know_a_name() {
        let address = Address::parse("redis+sentinel://:secret@a:26379,b/studio/3").unwrap();
        let Address::Sentinel { sentinels, name } = address else { panic!("{address:?}") };
        assert_eq!(name, "studio");
        let password = "None Some(\"secret\") 3";
        assert_eq!(
            shown(&sentinels),
            [format!("a:26379 {password}"), format!("b:6379 {password}")]
        );
    }

    #[test]
    fn a_cluster_is_known_by_some_of_its_servers() {
        let address = Address::parse("redis+cluster://a:7000,b:7001/").unwrap();
        let Address::Cluster(nodes) = address else { panic!("{address:?}") };
        assert_eq!(shown(&nodes), ["a:7000 None None 0", "b:7001 None None 0"]);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in
            ["", "redis", "http://a", "redis+sentinel://a", "redis+sentinel://a/", "redis+moon://a"]
        {
            assert!(matches!(Address::parse(url), Err(OpenError::Address)), "{url}");
        }
        for url in ["rediss://a/#insecure", "rediss+cluster://a,b#insecure"] {
            assert!(matches!(Address::parse(url), Err(OpenError::Insecure)), "{url}");
        }
    }
}
