//! Finding jobs by words.

use super::Job;

/// The longest text that is searched for, in characters.
pub const LONGEST_SEARCH: usize = 200;

/// A text that is too long to be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has more than {LONGEST_SEARCH} characters")]
pub struct TooLong;

/// Words, each of which must be somewhere in a job; letter case aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(Vec<String>);

impl Search {
    /// The words of a text; `None` where it has none.
    ///
    /// # Errors
    ///
    /// [`TooLong`] for more than [`LONGEST_SEARCH`] characters.
    pub fn parse(text: &str) -> Result<Option<Self>, TooLong> {
        if text.chars().count() > LONGEST_SEARCH {
            return Err(TooLong);
        }
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        Ok(Some(Self(words)).filter(|search| !search.0.is_empty()))
    }

    /// Whether a job has every word somewhere: in what is said of its product, in its id, its folder's name, its owner's labels
    /// or the titles of its shots.
    pub fn finds(&self, job: &Job) -> bool {
        let texts: Vec<String> = texts_of(job).map(str::to_lowercase).collect();
        let id = job.id.to_string();
        self.0
            .iter()
            .all(|word| id.contains(word) || texts.iter().any(|text| text.contains(word)))
    }
}

fn texts_of(job: &Job) -> impl Iterator<Item = &str> {
    let product = &job.brief.product;
    let product = [&product.title, &product.brand, &product.category];
    let folder = job.drive.folder.iter().map(|folder| folder.name.as_str());
    product
        .into_iter()
        .filter_map(Option::as_deref)
        .chain(folder)
        .chain(job.metadata.values().map(String::as_str))
        .chain(job.shots.iter().map(|shot| shot.title.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{after, new_job, planned},
        *,
    };
    use crate::{drive::FileId, job::PhotoFolder};

    fn finds(text: &str, job: &Job) -> bool {
        Search::parse(text)
            .expect("short enough")
            .expect("a word")
            .finds(job)
    }

    fn a_job() -> Job {
        let mut job = after(vec![planned()]);
        job.brief.product.title = Some("Espresso Cup, 80 ml".to_owned());
        job.brief.product.brand = Some("Émail Rouge".to_owned());
        job.brief.product.category = Some("Kitchen".to_owned());
        job.brief.product.description = Some("Enamelled".to_owned());
        job.metadata.insert("sku".to_owned(), "CUP-17".to_owned());
        job.drive.folder = Some(PhotoFolder {
            id: FileId::root(),
            name: "Autumn photos".to_owned(),
            pictures: 1,
        });
        job
    }

    #[test]
    fn every_word_is_somewhere() {
        let job = a_job();
        for text in [
            "espresso",
            "ESPRESSO cup",
            "kitchen  espresso",
            "émail",
            "ÉMAIL",
            "cup-17",
            "autumn rouge",
            "shot 2",
            "press",
            &job.id.to_string(),
        ] {
            assert!(finds(text, &job), "{text:?}");
        }
        for text in [
            "tea",
            "espresso tea",
            "sku",
            "enamelled",
            "shot 9",
            "espresso-cup",
        ] {
            assert!(!finds(text, &job), "{text:?}");
        }
    }

    #[test]
    fn a_job_of_which_nothing_is_said_has_its_id() {
        let job = new_job();
        assert!(finds(&job.id.to_string().to_uppercase(), &job));
        assert!(!finds("cup", &job));
    }

    #[test]
    fn a_search_has_words_and_a_bound() {
        assert_eq!(Search::parse(""), Ok(None));
        assert_eq!(Search::parse(" \t "), Ok(None));
        assert!(matches!(Search::parse(&"ü".repeat(LONGEST_SEARCH)), Ok(Some(_))));
        assert_eq!(Search::parse(&"x".repeat(LONGEST_SEARCH + 1)), Err(TooLong));
    }
}
