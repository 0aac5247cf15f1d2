//! What came of it, as a picture: how many times as much as bare axum each of them takes of the processors. The scale is
//! logarithmic, or what is fast could not be told apart.

use std::fmt::Write as _;

use super::contest::Contest;

const WIDTH: f64 = 760.0;
const NAMES: f64 = 230.0;
const LINE: f64 = 20.0;
const GAP: f64 = 30.0;
/// The scale goes from as much as bare axum to so many times as much.
const MOST: f64 = 400.0;

/// The picture as SVG, light whatever is around it.
pub(super) fn drawn(contests: &[Contest]) -> String {
    let mut bars = String::new();
    let mut top = GAP;
    for contest in contests {
        let Some(bare) = contest.find("bare axum") else { continue };
        let _ = writeln!(
            bars,
            r##"<text x="10" y="{}" font-weight="bold">{}</text>"##,
            top, contest.name
        ); // a string takes everything
        top += 8.0;
        for contender in &contest.contenders {
            let ratio = contender.ratio(bare);
            let colour = if contender.name.starts_with("ours") { "#0b6e4f" } else { "#9aa5b1" };
            let (length, middle) = (length(ratio), top + 14.0);
            let _ = writeln!(
                bars,
                r##"<text x="{}" y="{middle}" text-anchor="end">{}</text><rect x="{NAMES}" y="{}" width="{length:.1}" height="14" fill="{colour}"/><text x="{:.1}" y="{middle}">{ratio:.1} ×</text>"##,
                NAMES - 8.0,
                contender.name,
                top + 3.0,
                NAMES + length + 6.0,
            );
            top += LINE;
        }
        top += GAP;
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2933">
<title>CPU time a request, times that of bare axum</title>
<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>
{bars}</svg>
"##
    )
}

fn length(ratio: f64) -> f64 {
    let room = WIDTH - NAMES - 70.0;
    2.0 + room * (ratio.max(1.0).ln() / MOST.ln()).min(1.0)
}
