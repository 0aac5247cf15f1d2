//! Settings of a server that make it forget more than it has to.

use std::fmt::{self, Display, Formatter};

use redis::{FromRedisValue, Value};

/// A setting of a server that makes it forget more than it has to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caution {
    /// When its memory is full it drops keys by that policy: somebody is signed out, or a limit forgotten.
    Evicts(String),
    /// It writes nothing to disk, or only now and then.
    Volatile,
}

impl Caution {
    /// Those in what `INFO` answers; a cluster answers for each of its servers.
    pub(crate) fn all_in(answer: &Value) -> Vec<Self> {
        let mut cautions = Vec::new();
        for text in texts(answer) {
            let of = |name: &str| {
                let mut lines = text.lines().filter_map(|line| line.trim().split_once(':'));
                lines.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
            };
            let policy = of("maxmemory_policy").filter(|policy| policy != "noeviction");
            let is_bounded = of("maxmemory").is_some_and(|most| most != "0");
            cautions.extend(policy.filter(|_| is_bounded).map(Self::Evicts));
            cautions
                .extend(of("aof_enabled").filter(|enabled| enabled == "0").map(|_| Self::Volatile));
        }
        cautions.dedup();
        cautions
    }
}

/// Every text in an answer.
fn texts(answer: &Value) -> Vec<String> {
    match answer {
        Value::Map(of_servers) => of_servers.iter().flat_map(|(_, text)| texts(text)).collect(),
        one => String::from_redis_value(one.clone()).into_iter().collect(),
    }
}

impl Display for Caution {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evicts(policy) => write!(
                formatter,
                "maxmemory-policy is {policy}: set it to noeviction, or people are signed out and limits forgotten when the memory is full"
            ),
            Self::Volatile => formatter.write_str(
                "appendonly is off: everybody is signed out when the server ends; set appendonly to yes if they should not be",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cautions(info: &str) -> Vec<Caution> {
        Caution::all_in(&Value::SimpleString(info.to_owned()))
    }

    #[test]
    fn a_server_that_keeps_what_it_has_needs_none() {
        let info =
            "# Memory\r\nmaxmemory:1048576\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n";
        assert_eq!(cautions(info), []);
        assert_eq!(cautions("maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:1"), []);
    }

    #[test]
    fn what_makes_a_server_forget_is_named() {
        let info = "maxmemory:1048576\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n";
        let [evicts, volatile] = cautions(info).try_into().unwrap();
        assert_eq!(
            (&evicts, &volatile),
            (&Caution::Evicts("allkeys-lru".to_owned()), &Caution::Volatile)
        );
        assert!(evicts.to_string().starts_with("maxmemory-policy is allkeys-lru"));
        assert!(volatile.to_string().starts_with("appendonly is off"));
    }

    #[test]
    fn each_server_of_a_cluster_is_asked() {
        let text = |info: &str| Value::SimpleString(info.to_owned());
        let nodes = [("a", "aof_enabled:1"), ("b", "aof_enabled:0"), ("c", "aof_enabled:0")];
        let answer = Value::Map(nodes.map(|(node, info)| (text(node), text(info))).to_vec());
        assert_eq!(Caution::all_in(&answer), [Caution::Volatile]);
    }
}
