//! A statement as a database takes it.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A statement as a database takes it.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    text: SqlStr,
    /// Where placeholders have no numbers: which value stands at each of them, from 0 on.
    order: Vec<usize>,
    answers_a_number: bool,
}

impl Statement {
    /// A text with names in quotes and placeholders with numbers.
    pub(super) fn standard(text: String) -> Self {
        Self { text: safe(text), order: Vec::new(), answers_a_number: false }
    }

    /// The same for MySQL, which has backticks around names, and placeholders that are counted.
    pub(super) fn of_mysql(text: &str) -> Self {
        let (text, order) = in_mysql(text);
        Self { text: safe(text), order, answers_a_number: false }
    }

    /// An `INSERT` that answers a number where the database has no `RETURNING`: as if it were the id of the row.
    pub(super) fn answering_a_number(self) -> Self {
        Self { answers_a_number: true, ..self }
    }

    pub(crate) fn answers_a_number(&self) -> bool {
        self.answers_a_number
    }

    pub(crate) fn text(&self) -> SqlStr {
        self.text.clone()
    }

    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The values in the order of the placeholders, where those are counted.
    pub(crate) fn arranged<'v, V: Copy>(
        &self,
        values: &'v [V],
    ) -> impl Iterator<Item = V> + use<'_, 'v, V> {
        self.order.iter().filter_map(|number| values.get(*number).copied())
    }
}

fn safe(text: String) -> SqlStr {
    AssertSqlSafe(std::sync::Arc::<str>::from(text)).into_sql_str()
}

/// A text in the form of MySQL, and which value stands at each `?`. Texts in it and comments stay as they are.
pub(crate) fn in_mysql(text: &str) -> (String, Vec<usize>) {
    let (mut written, mut order) = (String::with_capacity(text.len()), Vec::new());
    let mut letters = text.chars().peekable();
    let mut until = None;
    while let Some(letter) = letters.next() {
        match (until, letter) {
            (Some('"'), '"') if letters.next_if_eq(&'"').is_some() => written.push('"'),
            (None | Some('"'), '"') => {
                until = until.xor(Some('"'));
                written.push('`');
            }
            (Some('"'), '`') => written.push_str("``"),
            (None, '$') => {
                let number = std::iter::from_fn(|| letters.next_if(char::is_ascii_digit));
                order
                    .push(number.collect::<String>().parse().map_or(0, |number: usize| number - 1));
                written.push('?');
            }
            _ => {
                until = match (until, letter) {
                    (None, '\'') => Some('\''),
                    (None, '-') if letters.peek() == Some(&'-') => Some('\n'),
                    (Some(end), letter) if end == letter => None,
                    (until, _) => until,
                };
                written.push(letter);
            }
        }
    }
    (written, order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_placeholders_are_written_as_mysql_has_them() {
        for (text, expected, order) in [
            (r#"SELECT "a""b`c" FROM t"#, "SELECT `a\"b``c` FROM t", vec![]),
            ("$2 = $1 OR $2 > $10", "? = ? OR ? > ?", vec![1, 0, 1, 9]),
            (r#"'it''s "$1"' || "x""#, r#"'it''s "$1"' || `x`"#, vec![]),
            ("-- the user's \"$1\"\n$1", "-- the user's \"$1\"\n?", vec![0]),
            ("`as it is` - 1", "`as it is` - 1", vec![]),
        ] {
            assert_eq!(in_mysql(text), (expected.to_owned(), order), "{text}");
        }
    }

    #[test]
    fn a_value_is_bound_wherever_it_is_asked_for() {
        let statement = Statement::of_mysql("$2, $1, $2");
        assert_eq!(statement.arranged(&[10, 20]).collect::<Vec<_>>(), [20, 10, 20]);
    }
}
