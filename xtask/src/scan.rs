//! What scanners find at the site.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::look::{in_path, npm, play, succeeds};

/// Where they are installed, as far as they come from PyPI and npm.
const SCANNERS: &str = "target/scanners";
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const OBSERVATORY: &str = "@mdn/mdn-http-observatory@1.4.8";
/// Lists that its installation would fetch: of names that a site on loopback does not have.
const LISTS: [(&str, &str); 2] =
    [("hsts-preload.json", "{}"), ("tld-list.json", r#"["localhost", "test"]"#)];

/// Lets Schemathesis, Wapiti and the MDN HTTP Observatory loose on the site.
pub(crate) fn scanners() -> bool {
    if let Some(missing) =
        ["nginx", "openssl", "wapiti"].into_iter().find(|it| in_path(it).is_none())
    {
        println!("install {missing} first");
        return false;
    }
    let folder = Path::new(SCANNERS);
    let is_there = folder.join("python/bin/schemathesis").exists();
    (is_there || install(folder)) && play("scanners.mjs", folder)
}

fn install(folder: &Path) -> bool {
    let (python, conf) =
        (folder.join("python"), folder.join("node_modules/@mdn/mdn-http-observatory/conf"));
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv"]).arg(&python);
    let mut pip = Command::new(python.join("bin/pip"));
    pip.args(["install", "--quiet", SCHEMATHESIS]);
    npm(&["install", "--ignore-scripts", "--prefix", SCANNERS, OBSERVATORY])
        && LISTS.into_iter().all(|(name, list)| fs::write(conf.join(name), list).is_ok())
        && succeeds(venv)
        && succeeds(pip)
}
