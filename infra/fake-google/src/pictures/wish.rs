//! What a prompt asks for: the sort of picture, the words in it.

use super::chance::Chance;

/// The sorts of picture that this draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// On a plain sweep.
    Studio,
    /// Before a coloured wall.
    Backdrop,
    /// In a room.
    Lifestyle,
    /// On a table in the light of a window.
    InUse,
    /// From near.
    CloseUp,
    /// With title and callouts.
    Infographic,
    /// From above with other things.
    FlatLay,
    /// Between rulers.
    Scale,
    /// With its box.
    Packaging,
    /// Several crops.
    Detail,
    /// With weather.
    Seasonal,
}

/// Words that tell a sort. The one that comes first in the prompt decides.
const TELLING: [(Sort, &[&str]); 10] = [
    (Sort::Infographic, &["infographic", "callout", "diagram"]),
    (
        Sort::FlatLay,
        &[
            "flat lay",
            "flat_lay",
            "flat-lay",
            "flatlay",
            "from above",
            "top-down",
            "overhead",
        ],
    ),
    (
        Sort::CloseUp,
        &["close-up", "close up", "close_up", "closeup", "macro"],
    ),
    (
        Sort::Scale,
        &["scale picture", "scale", "ruler", "size comparison"],
    ),
    (Sort::Packaging, &["packaging", "unboxing", "its box", "gift box"]),
    (Sort::InUse, &["in use", "in_use", "in-use", "being used"]),
    (
        Sort::Detail,
        &[
            "detail grid",
            "details",
            "detail shot",
            "detail picture",
            "texture",
        ],
    ),
    (
        Sort::Seasonal,
        &[
            "season",
            "winter",
            "autumn",
            "christmas",
            "holiday",
            "halloween",
            "easter",
        ],
    ),
    (
        Sort::Lifestyle,
        &["lifestyle", "kitchen", "living room", "outdoor", "at home"],
    ),
    (
        Sort::Studio,
        &["studio", "white background", "seamless", "packshot"],
    ),
];

/// A prompt, read.
#[derive(Debug)]
pub(super) struct Wish {
    /// The sort of picture.
    pub(super) sort: Sort,
    /// The whole prompt in lower case.
    text: String,
    /// The product's title, if the prompt has it.
    pub(super) title: Option<String>,
    /// Short points about the product.
    pub(super) points: Vec<String>,
}

impl Wish {
    /// Reads a prompt. Where it tells no sort, `chance` picks one that fits anything.
    pub(super) fn read(prompt: &str, chance: &mut Chance) -> Self {
        let text = prompt.to_lowercase();
        let named =
            line(prompt, &["kind", "sort", "style", "shot type"]).and_then(|name| told(&name.to_lowercase()));
        let usual = [Sort::Backdrop, Sort::Studio, Sort::Lifestyle, Sort::InUse][chance.choice(4)];
        let title = line(
            prompt,
            &["title", "product", "product title", "product name", "name"],
        )
        .or_else(|| quoted(prompt))
        .filter(|title| title.chars().count() <= 80);
        let described = line(prompt, &["description", "product description", "about", "points"]);
        let points = described.map(|text| phrases(&text)).unwrap_or_default();
        Self {
            sort: named.or_else(|| told(&text)).unwrap_or(usual),
            text,
            title,
            points,
        }
    }

    /// Which of several variants the prompt names by one of their words; `usual` if none.
    pub(super) fn variant(&self, words: &[&[&str]], usual: usize) -> usize {
        words
            .iter()
            .position(|words| words.iter().any(|word| self.text.contains(word)))
            .unwrap_or(usual)
    }
}

fn told(text: &str) -> Option<Sort> {
    let first = |words: &[&str]| words.iter().filter_map(|word| text.find(word)).min();
    let found = TELLING
        .iter()
        .filter_map(|(sort, words)| first(words).map(|place| (place, *sort)));
    found.min_by_key(|(place, _)| *place).map(|(_, sort)| sort)
}

/// The value of a line `name: value`.
fn line(text: &str, names: &[&str]) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.trim_start_matches(['-', '*', ' ', '\t']).split_once(':')?;
        let value = value.trim().trim_matches(['"', '\u{201c}', '\u{201d}']).trim();
        let known = names
            .iter()
            .any(|known| name.trim().trim_matches('*').eq_ignore_ascii_case(known));
        (known && !value.is_empty()).then(|| value.to_owned())
    })
}

fn quoted(text: &str) -> Option<String> {
    let inside = |open: char, close: char| {
        let (_, rest) = text.split_once(open)?;
        let (title, _) = rest.split_once(close)?;
        (!title.trim().is_empty()).then(|| title.trim().to_owned())
    };
    inside('\u{201c}', '\u{201d}').or_else(|| inside('"', '"'))
}

/// The parts of a description that are short enough to stand by themselves.
fn phrases(text: &str) -> Vec<String> {
    let parts = text
        .split(['.', ',', ';', '\u{2022}', '|', '\u{2013}'])
        .map(str::trim);
    let short = parts.filter(|part| (3..=34).contains(&part.chars().count()));
    short.map(capital_first).take(4).collect()
}

/// The text with a capital first letter.
pub(super) fn capital_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::chance::Chance;
    use super::{Sort, Wish};

    #[test]
    fn the_first_telling_word_decides_unless_a_line_names_the_kind() {
        let sort = |prompt: &str| Wish::read(prompt, &mut Chance::of(prompt)).sort;
        assert_eq!(sort("Flat lay seen from above, studio light"), Sort::FlatLay);
        assert_eq!(sort("Kind: in_use\nA studio light"), Sort::InUse);
        assert_eq!(sort("Detail grid: four crops"), Sort::Detail);
    }

    #[test]
    fn title_and_points_come_from_the_prompt() {
        let prompt = "Infographic of \u{201c}Espresso cup\u{201d}.\nDescription: thick porcelain, 80 ml. Dishwasher safe";
        let wish = Wish::read(prompt, &mut Chance::of(prompt));
        assert_eq!(wish.title.as_deref(), Some("Espresso cup"));
        assert_eq!(wish.points, ["Thick porcelain", "80 ml", "Dishwasher safe"]);
    }
}
