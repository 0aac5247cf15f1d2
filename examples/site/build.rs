//! Makes of `assets/` what the binary carries: one style sheet, one script, fonts and pictures, each under a name with a
//! mark of its content, those of text compressed twice. It needs nothing but Rust.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use brotli::BrotliCompress;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A file as browsers get it.
struct Asset {
    name: String,
    marked: String,
    content: Vec<u8>,
}

fn main() -> Outcome<()> {
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-changed=build.rs");
    let from = PathBuf::from("assets");
    let to = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo says where to write to")?);
    let mut assets = Vec::new();
    for folder in ["art", "fonts"] {
        for path in files(&from.join(folder), &["avif", "svg", "webp", "woff2"])? {
            assets.push(Asset::new(&name_of(&path), fs::read(&path)?));
        }
    }
    for path in files(&from, &["css", "js"])? {
        let name = name_of(&path);
        if name != "site.css" && name != "site.js" {
            assets.push(Asset::new(
                &name,
                with_marks(terse(&fs::read_to_string(&path)?), &assets).into_bytes(),
            ));
        }
    }
    assets.push(Asset::new(
        "site.js",
        terse(&joined(&from, "site.js", "scripts", "js")?).into_bytes(),
    ));
    // Last, because it names the others.
    let style = terse(&joined(&from, "site.css", "styles", "css")?);
    assets.push(Asset::new("site.css", with_marks(style, &assets).into_bytes()));
    let listed = assets.iter().map(|asset| asset.carry(&to)).collect::<Outcome<String>>()?;
    fs::write(to.join("assets.rs"), format!("&[\n{listed}]\n"))?;
    Ok(())
}

/// The files of a folder that end so, by name.
fn files(folder: &Path, kinds: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if kinds.contains(&kind) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A file, and after it those of a folder.
fn joined(from: &Path, first: &str, folder: &str, kind: &str) -> Outcome<String> {
    let mut text = fs::read_to_string(from.join(first))?;
    for path in files(&from.join(folder), &[kind])? {
        text.push('\n');
        text.push_str(&fs::read_to_string(path)?);
    }
    Ok(text)
}

/// The style sheet with the names under which the others are served.
fn with_marks(style: String, named: &[Asset]) -> String {
    named.iter().fold(style, |style, asset| {
        style.replace(&format!("url(\"{}\")", asset.name), &format!("url(\"{}\")", asset.marked))
    })
}

/// A style sheet or a script without what only we read: comments, each on lines of its own, and indents.
fn terse(text: &str) -> String {
    let mut terse = String::with_capacity(text.len());
    let mut is_comment = false;
    for line in text.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            terse.push_str(line);
            terse.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    terse
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// FNV-1a: nobody's secret depends on it, and it is the same on every machine.
fn mark(content: &[u8]) -> String {
    let mix = |mark: u64, byte: &u8| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", content.iter().fold(0xcbf2_9ce4_8422_2325, mix))
}

fn content_type(kind: &str) -> &'static str {
    match kind {
        "avif" => "image/avif",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

impl Asset {
    fn new(name: &str, content: Vec<u8>) -> Self {
        let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
        let marked = format!("{stem}.{}.{kind}", mark(&content));
        Self { name: name.to_owned(), marked, content }
    }

    /// Writes the file in its encodings, and says how Rust includes them.
    fn carry(&self, to: &Path) -> Outcome<String> {
        let Self { name, marked, content } = self;
        let kind = name.rsplit('.').next().unwrap_or_default();
        let mut line = format!(
            "Asset {{ name: {name:?}, marked: {marked:?}, content_type: {:?}",
            content_type(kind)
        );
        let is_text = matches!(kind, "css" | "js" | "svg");
        let compressed = |make: fn(&[u8]) -> Outcome<Vec<u8>>| is_text.then(|| make(content));
        let brotli = compressed(brotli).transpose()?;
        let gzip = compressed(gzip).transpose()?;
        for (field, suffix, content) in [
            ("plain", "", Some(content)),
            ("brotli", ".br", brotli.as_ref()),
            ("gzip", ".gz", gzip.as_ref()),
        ] {
            let content = content.map_or(&[][..], Vec::as_slice);
            let path = to.join(format!("{name}{suffix}"));
            fs::write(&path, content)?;
            write!(line, ", {field}: include_bytes!({path:?})")?;
        }
        line.push_str(" },\n");
        Ok(line)
    }
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut compressed = Vec::new();
    let best = BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    BrotliCompress(&mut &*content, &mut compressed, &best)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
