//! What has to happen at once is a script, sent by its hash and once by its text.

use std::sync::LazyLock;

use redis::{Cmd, Script, cmd};

/// A script as Redis knows it.
pub(crate) struct Prepared {
    text: &'static str,
    hash: String,
}

impl Prepared {
    fn new(text: &'static str) -> Self {
        Self { text, hash: Script::new(text).get_hash().to_owned() }
    }

    /// Runs it if Redis knows it. It forgets all of them on restart.
    pub(crate) fn by_hash(&self, site: &str, arguments: &[String]) -> Cmd {
        call("EVALSHA", &self.hash, site, arguments)
    }

    /// Runs it, and has Redis know it from now on.
    pub(crate) fn by_text(&self, site: &str, arguments: &[String]) -> Cmd {
        call("EVAL", self.text, site, arguments)
    }
}

fn call(how: &str, script: &str, site: &str, arguments: &[String]) -> Cmd {
    let mut call = cmd(how);
    call.arg(script).arg(1).arg(site).arg(arguments);
    call
}

/// A script of that file, after the prelude and others that it builds on.
macro_rules! script {
    ($name:ident, $($file:literal),+) => {
        pub(crate) static $name: LazyLock<Prepared> = LazyLock::new(|| {
            Prepared::new(concat!(
                include_str!("scripts/prelude.lua"),
                $(include_str!(concat!("scripts/", $file)),)+
            ))
        });
    };
}

script!(COUNT, "count.lua");
script!(EXTEND, "extend.lua");
script!(FORGET, "forget.lua");
script!(FORGET_ALL, "forget_all.lua");
script!(KEEP, "keep.lua");
script!(KEEP_TOKENS, "address.lua", "keep_tokens.lua");
script!(LISTED, "listed.lua");
script!(SPEND, "spend.lua");
script!(SWEEP, "sweep.lua");
script!(TAKE_TOKEN, "address.lua", "take_token.lua");
script!(TOUCH, "touch.lua");
