//! Looks at the site with a browser: pictures of every page, and what Lighthouse says.

use std::path::{Path, PathBuf};
use std::process::Command;

const PICTURES: &str = "target/screenshots";
const LIGHTHOUSE: &str = "target/lighthouse";
/// The one whose figures stand in the README of the site.
const LIGHTHOUSE_PACKAGE: &str = "lighthouse@12.8.2";
const SITE: &str = "target/debug/betancourt-site";
/// What Chromium is called on the systems we know.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Takes pictures of every page, in both languages and themes.
pub(crate) fn screenshots() -> bool {
    play("screenshots.mjs", Path::new(PICTURES))
}

/// Prints what Lighthouse says of the landing page, the dashboard and the administrators' page.
pub(crate) fn lighthouse() -> bool {
    let program = Path::new(LIGHTHOUSE).join("node_modules/.bin/lighthouse");
    let install = || npm(&["install", "--prefix", LIGHTHOUSE, LIGHTHOUSE_PACKAGE]);
    (program.exists() || install()) && play("lighthouse.mjs", &program)
}

/// Builds the site, and lets a script of the interop suite work with it and with Chromium.
pub(crate) fn play(script: &str, last: &Path) -> bool {
    let Some(chromium) = CHROMIUM.into_iter().find_map(in_path) else {
        println!("install Chromium first");
        return false;
    };
    let here = std::env::current_dir().unwrap_or_default();
    let mut build = Command::new("cargo");
    build.args(["build", "-p", "betancourt-site"]);
    let mut node = Command::new("node");
    node.arg(Path::new("interop/scripts").join(script));
    node.args([here.join(SITE), chromium, here.join(last)]);
    npm(&["install", "--no-save", "--prefix", "interop"]) && succeeds(build) && succeeds(node)
}

/// Runs npm without its advice.
pub(crate) fn npm(arguments: &[&str]) -> bool {
    let mut npm = Command::new("npm");
    npm.args(arguments).args(["--no-audit", "--no-fund", "--silent"]);
    succeeds(npm)
}

pub(crate) fn succeeds(mut command: Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            println!("{}: {error}", command.get_program().display());
            false
        }
    }
}

pub(crate) fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}
