//! What a request says about the product: title, description, the colours of its photo.

use crate::pictures::colour_names;

use super::request::Prepared;
use crate::pictures::Ratio;

/// The product as far as the request tells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Brief {
    /// Its title, or a plain name made from the photo's colours.
    pub title: String,
    /// Whether the title was given.
    pub titled: bool,
    /// What the caller says about it.
    pub description: String,
    /// Colour words, the product's main one first.
    pub colours: Vec<String>,
    /// Aspect ratios that the request names, in order.
    pub ratios: Vec<&'static str>,
}

impl Brief {
    /// Reads the request's text and its first photo.
    pub(crate) fn read(request: &Prepared) -> Self {
        let photo = request.photos.first().and_then(|photo| photo.read().ok());
        let colours = photo.and_then(|bytes| colour_names(&bytes)).unwrap_or_default();
        Self::new(&request.text, colours)
    }

    fn new(text: &str, colours: Vec<String>) -> Self {
        let given = line(
            text,
            &["title", "product", "product title", "product name", "name"],
        );
        let description = line(text, &["description", "product description", "brief", "about"]);
        let plain = || match colours.first() {
            Some(colour) => format!("the {colour} product"),
            None => "the product".to_owned(),
        };
        Self {
            titled: given.is_some(),
            title: given.unwrap_or_else(plain),
            description: description.unwrap_or_default(),
            colours,
            ratios: named_ratios(text),
        }
    }

    /// The product's main colour, or a word that fits any.
    pub(crate) fn colour(&self) -> &str {
        self.colours.first().map_or("natural", String::as_str)
    }
}

/// The value of the first line that starts with one of `names` and a colon, less quotes and list marks.
pub(crate) fn line(text: &str, names: &[&str]) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.trim_start_matches(['-', '*', ' ', '\t']).split_once(':')?;
        let value = value
            .trim()
            .trim_matches(['"', '\'', '\u{201c}', '\u{201d}'])
            .trim();
        let known = names
            .iter()
            .any(|known| name.trim().trim_matches('*').eq_ignore_ascii_case(known));
        (known && !value.is_empty()).then(|| value.to_owned())
    })
}

fn named_ratios(text: &str) -> Vec<&'static str> {
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != ':');
    let mut found = Vec::new();
    for ratio in words.filter_map(Ratio::parse) {
        if !found.contains(&ratio.name) {
            found.push(ratio.name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Brief;

    #[test]
    fn title_description_and_ratios_are_read_from_lines() {
        let text =
            "Plan 3 shots.\n- Title: \"Espresso cup\"\nDescription: Double-walled, 80 ml\nRatios: 4:5, 1:1";
        let brief = Brief::new(text, vec!["red".to_owned()]);
        assert_eq!(brief.title, "Espresso cup");
        assert_eq!(brief.description, "Double-walled, 80 ml");
        assert_eq!(brief.ratios, ["4:5", "1:1"]);
        assert_eq!(
            Brief::new("hello", vec!["red".to_owned()]).title,
            "the red product"
        );
    }
}
