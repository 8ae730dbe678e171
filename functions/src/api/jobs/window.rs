//! Which part of the list of jobs is asked for.

use packshot_clients::jobs::Wanted;
use packshot_domain::{
    id::JobId,
    job::{LONGEST_SEARCH, Search, Status},
    request::FieldError,
};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// The parameters of `GET …/jobs`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// How many jobs at most.
    pub(super) limit: usize,
    /// Only jobs older than this one.
    pub(super) starting_after: Option<JobId>,
    /// Only jobs of these statuses; of any where there are none.
    statuses: Vec<Status>,
    /// Only jobs in which these words are.
    search: Option<Search>,
}

impl Window {
    /// Reads the parameters, all mistakes at once. `status` may be repeated or hold several, separated by commas.
    pub(super) fn parse(query: &[(String, String)]) -> Result<Self, Vec<FieldError>> {
        let mut window = Self {
            limit: DEFAULT_LIMIT,
            starting_after: None,
            statuses: Vec::new(),
            search: None,
        };
        let mut errors = Vec::new();
        let mut refuse = |field: &str, code, message: &str| {
            errors.push(FieldError::new(field, code, message));
        };
        for (name, value) in query {
            match name.as_str() {
                "limit" => match value.parse() {
                    Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => window.limit = limit,
                    _ => refuse("limit", "out_of_range", "must be a whole number from 1 to 100"),
                },
                "starting_after" => match value.parse() {
                    Ok(id) => window.starting_after = Some(id),
                    Err(_) => refuse("starting_after", "invalid_job_id", "must be the id of a job"),
                },
                "status" => match statuses(value) {
                    Some(statuses) => window.statuses.extend(statuses),
                    None => refuse("status", "unknown_status", &known_statuses()),
                },
                "q" => match Search::parse(value) {
                    Ok(search) => window.search = search,
                    Err(_) => refuse("q", "too_long", &longest_search()),
                },
                _ => refuse(name, "unknown_field", "is not a parameter of this request"),
            }
        }
        // The gateway's event holds parameters in a map, which forgets their order; the same mistakes get the same answer.
        errors.sort_by(|one, other| one.field.cmp(&other.field));
        if errors.is_empty() {
            Ok(window)
        } else {
            Err(errors)
        }
    }

    /// Which jobs are asked for, wherever the list begins.
    pub(super) fn wanted(&self) -> Wanted<'_> {
        Wanted {
            statuses: &self.statuses,
            search: self.search.as_ref(),
        }
    }
}

/// The statuses of a list separated by commas; `None` where one of them is none.
fn statuses(list: &str) -> Option<Vec<Status>> {
    list.split(',').map(|name| Status::parse(name.trim())).collect()
}

fn longest_search() -> String {
    format!("must have at most {LONGEST_SEARCH} characters")
}

fn known_statuses() -> String {
    format!("must be one of {}", Status::ALL.map(Status::as_str).join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &[(&str, &str)]) -> Result<Window, Vec<&'static str>> {
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Window::parse(&query).map_err(|errors| errors.into_iter().map(|error| error.code).collect())
    }

    fn of(limit: usize, statuses: &[Status]) -> Window {
        Window {
            limit,
            starting_after: None,
            statuses: statuses.to_vec(),
            search: None,
        }
    }

    #[test]
    fn a_window_has_defaults_and_bounds() {
        assert_eq!(parsed(&[]), Ok(of(20, &[])));
        assert_eq!(parsed(&[("limit", "100")]), Ok(of(100, &[])));
        let wrong = [("limit", "0"), ("starting_after", "user_1"), ("page", "2")];
        assert_eq!(
            parsed(&wrong),
            Err(vec!["out_of_range", "unknown_field", "invalid_job_id"])
        );
    }

    #[test]
    fn a_search_is_words_of_bounded_length() {
        let search = |text: &str| parsed(&[("q", text)]).map(|window| window.search);
        assert_eq!(
            search("red cup"),
            Ok(Search::parse("red cup").expect("short enough"))
        );
        assert_eq!(search(" "), Ok(None));
        assert_eq!(search(&"x".repeat(LONGEST_SEARCH + 1)), Err(vec!["too_long"]));
    }

    #[test]
    fn statuses_are_repeated_or_separated_by_commas() {
        assert_eq!(
            parsed(&[("status", "queued, strategy"), ("status", "failed")]),
            Ok(of(20, &[Status::Queued, Status::Strategy, Status::Failed]))
        );
        for wrong in ["", "done", "queued,", "Queued", "queued;failed"] {
            assert_eq!(
                parsed(&[("status", wrong)]),
                Err(vec!["unknown_status"]),
                "{wrong:?}"
            );
        }
    }
}
