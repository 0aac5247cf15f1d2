//! What is kept of texts that are longer than their columns.

use std::sync::Arc;

use betancourt_auth::store::Result;

use crate::value::Row;

/// How much the columns of the tables of Auth.js have room for: asked for when a text was too long for one of them. By
/// default there is room for everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room(Arc<Vec<Width>>);

/// Where the texts of a column end.
#[derive(Debug)]
struct Width {
    table: String,
    column: String,
    characters: Option<u64>,
    bytes: Option<u64>,
}

/// What a text that is too long is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// As much of it as there is room for.
    Beginning,
    /// All of it, or the row cannot be written.
    Everything,
    /// All of it, or nothing: half of it is of no use, and the person gets in without it.
    Whole,
}

impl Room {
    /// What tables have room for, in rows of a column, its characters and its bytes.
    pub(crate) fn of(tables: Vec<(&str, Vec<Row>)>) -> Result<Self> {
        let mut widths = Vec::new();
        for (table, rows) in tables {
            for mut row in rows {
                let column = row.required_text()?;
                let [characters, bytes] = [row.number()?, row.number()?]
                    .map(|most| most.and_then(|most| u64::try_from(most).ok()));
                widths.push(Width { table: table.to_owned(), column, characters, bytes });
            }
        }
        Ok(Self(Arc::new(widths)))
    }

    /// What is written of a text. Where that is not all of it, an event names the column, and never the text.
    pub(crate) fn fit<'t>(
        &self,
        table: &str,
        column: &str,
        need: Need,
        text: Option<&'t str>,
    ) -> Option<&'t str> {
        let is_it = |width: &&Width| width.table == table && width.column == column;
        let (Some(text), Some(width)) = (text, self.0.iter().find(is_it)) else { return text };
        let beginning = width.beginning(text);
        if beginning == text {
            return Some(text);
        }
        match need {
            Need::Beginning => {
                tracing::warn!(table, column, "a text was too long for its column and was cut");
                Some(beginning)
            }
            Need::Everything => {
                tracing::error!(table, column, "a text is too long for its column");
                Some(text)
            }
            Need::Whole => {
                tracing::warn!(
                    table,
                    column,
                    "a text was too long for its column and was left out"
                );
                None
            }
        }
    }
}

impl Width {
    /// As much of a text as the column has room for.
    fn beginning<'t>(&self, text: &'t str) -> &'t str {
        let fits = |(number, (start, letter)): &(u64, (usize, char))| {
            let end = start.saturating_add(letter.len_utf8());
            self.characters.is_none_or(|most| *number <= most)
                && self.bytes.is_none_or(|most| u64::try_from(end).is_ok_and(|end| end <= most))
        };
        let last = (1..).zip(text.char_indices()).take_while(fits).last();
        let end = last.map_or(0, |(_, (start, letter))| start + letter.len_utf8());
        text.get(..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning(characters: Option<u64>, bytes: Option<u64>, text: &str) -> &str {
        Width { table: "users".into(), column: "name".into(), characters, bytes }.beginning(text)
    }

    #[test]
    fn a_text_is_cut_between_its_letters() {
        assert_eq!(beginning(Some(3), None, "Zoë Ada"), "Zoë");
        assert_eq!(beginning(Some(3), None, "Zoë"), "Zoë");
        assert_eq!(beginning(None, Some(3), "Zoë"), "Zo");
        assert_eq!(beginning(Some(9), Some(4), "Zoë!"), "Zoë");
        assert_eq!((beginning(Some(0), None, "Zoë"), beginning(None, None, "Zoë")), ("", "Zoë"));
    }
}
