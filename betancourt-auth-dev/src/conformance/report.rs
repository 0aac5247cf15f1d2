//! What came of the modules: a table for people, JSON for machines.

use std::fmt;

use serde_json::{Value, json};

use crate::callback::ResponseMode;
use crate::conformance::members::set;
use crate::conformance::plan::Plan;

/// What came of every module.
///
/// As text it is a table, one module a line; [`to_json`](Self::to_json) has the same for machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The modules, in the order in which they were played.
    pub rows: Vec<Row>,
}

/// What came of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The name that the OpenID Foundation's suite has for it.
    pub module: &'static str,
    /// The plans it stands in.
    pub plans: Vec<Plan>,
    /// How the provider answered the authorization request.
    pub response_mode: ResponseMode,
    /// What the provider does in it.
    pub about: &'static str,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The relying party did what it must.
    Passed,
    /// It did not, and what it did instead.
    Failed(String),
    /// It does not do what the module is about, and why. What could be shown all the same was shown.
    NotSupported(String),
    /// It was not played, and what it needs.
    NotPlayed(String),
}

impl Report {
    /// Whether no module failed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.failed().next().is_none()
    }

    /// The modules that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.verdict, Verdict::Failed(_)))
    }

    /// The verdicts on a module; two of one that is played by `form_post`, too, and none of an unknown one.
    pub fn verdicts<'report>(
        &'report self,
        module: &'report str,
    ) -> impl Iterator<Item = &'report Verdict> {
        self.rows.iter().filter(move |row| row.module == module).map(|row| &row.verdict)
    }

    /// The report for machines: `passed`, and `modules` with `module`, `plans`, `response_mode`, `about`, `verdict`
    /// and, unless it passed, `reason`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "passed": self.is_passed(),
            "modules": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }

    fn count(&self, word: &str) -> usize {
        self.rows.iter().filter(|row| row.verdict.word() == word).count()
    }
}

impl Row {
    fn to_json(&self) -> Value {
        let mut row = json!({
            "module": self.module,
            "plans": self.plans.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "response_mode": self.response_mode.name(),
            "about": self.about,
            "verdict": self.verdict.word(),
        });
        if let Some(reason) = self.verdict.reason() {
            set(&mut row, "reason", reason);
        }
        row
    }
}

impl Verdict {
    /// The verdict in a word: `passed`, `failed`, `not supported`, `not played`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::NotSupported(_) => "not supported",
            Self::NotPlayed(_) => "not played",
        }
    }

    /// Why, unless it passed.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Passed => None,
            Self::Failed(reason) | Self::NotSupported(reason) | Self::NotPlayed(reason) => {
                Some(reason)
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = |width: usize, row: &Row| width.max(row.module.len());
        let width = self.rows.iter().fold(0, longest);
        for row in &self.rows {
            let (mode, word) = (row.response_mode.name(), row.verdict.word());
            let module = row.module;
            write!(formatter, "{module:width$}  {mode:9}  {word:13}")?;
            writeln!(formatter, "  {}", row.verdict.reason().unwrap_or(row.about))?;
        }
        let counts = ["passed", "failed", "not supported", "not played"]
            .map(|word| format!("{} {word}", self.count(word)));
        writeln!(formatter, "{}", counts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(module: &'static str, verdict: Verdict) -> Row {
        let plans = vec![Plan::Basic];
        Row { module, plans, response_mode: ResponseMode::Query, about: "a token", verdict }
    }

    #[test]
    fn one_failure_fails_the_report_and_its_reason_is_shown() {
        let mut report = Report { rows: vec![row("one", Verdict::Passed)] };
        assert!(report.is_passed());
        report.rows.push(row("another", Verdict::Failed("somebody is signed in".to_owned())));
        assert!(!report.is_passed());
        let expected = "\
one      query      passed         a token
another  query      failed         somebody is signed in
1 passed, 1 failed, 0 not supported, 0 not played
";
        assert_eq!(report.to_string(), expected);
        let json = report.to_json();
        assert_eq!(json["passed"], false);
        assert_eq!(json["modules"][1]["reason"], "somebody is signed in");
        assert_eq!(json["modules"][0].get("reason"), None);
    }
}
