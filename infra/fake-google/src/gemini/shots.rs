//! Writes shot lists: what a text model answers when it is asked to plan pictures of a product.

use super::brief::Brief;

/// One planned picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shot {
    /// A few words for a list.
    pub title: String,
    /// The sort of picture, by the name that the schema has for it.
    pub kind: String,
    /// What the image model is told.
    pub prompt: String,
    /// Aspect ratio.
    pub ratio: String,
    /// Text for those who do not see the picture.
    pub alt: String,
}

/// Sorts of pictures in the order in which a good set of ten has them, with a title, an aspect ratio, and scenes.
/// A scene is what the prompt asks for; the second round of a sort takes its next scene.
const SORTS: [(&str, &str, &str, [&str; 3]); 10] = [
    (
        "studio",
        "On seamless white",
        "1:1",
        [
            "Studio photograph on a seamless white sweep, one large softbox from the left, a soft contact shadow and a faint reflection",
            "Studio photograph on warm grey paper, light from the right and a long soft shadow",
            "Studio photograph on a low round podium in a pale tint of the product's own colour",
        ],
    ),
    (
        "lifestyle",
        "At home in the morning",
        "4:5",
        [
            "Lifestyle photograph on a wooden table in a kitchen, morning light, the room behind it far out of focus",
            "Lifestyle photograph on a shelf by a window, late afternoon sun, plants out of focus behind it",
            "Lifestyle photograph on a stone terrace at dusk, small warm lights out of focus in the distance",
        ],
    ),
    (
        "close_up",
        "Close up",
        "1:1",
        [
            "Close-up of the upper edge, a shallow depth of field, the surface filling the frame",
            "Close-up from the side, raking light that shows the finish",
            "Close-up of the middle, soft light, the rest falling away into blur",
        ],
    ),
    (
        "infographic",
        "What makes it",
        "4:5",
        [
            "Infographic with the title at the top, the product in the middle and three thin callout lines",
            "Infographic in two columns, the product on the right and three short points on the left",
            "Infographic with the product in a large circle and three points below it",
        ],
    ),
    (
        "flat_lay",
        "From above",
        "1:1",
        [
            "Flat lay seen from above on linen, with a few leaves and paper shapes around it",
            "Flat lay seen from above on pale stone, hard sun, crossing shadows",
            "Flat lay seen from above on coloured paper in two halves",
        ],
    ),
    (
        "scale",
        "How large it is",
        "4:3",
        [
            "Scale picture with ruler marks along two sides and lines to the product's edges",
            "Scale picture on a cutting mat with a grid",
            "Scale picture on plain paper between two measuring lines",
        ],
    ),
    (
        "in_use",
        "In use",
        "3:2",
        [
            "In use on a table by a window, the window's light and shadow falling across the scene",
            "In use on a breakfast table, sunlight through leaves",
            "In use on a desk in the evening, one lamp from the side",
        ],
    ),
    (
        "packaging",
        "With its box",
        "4:5",
        [
            "Packaging: the product before its kraft box with a printed label",
            "Packaging: the product beside a box in its own colour",
            "Packaging: the product on tissue paper in an open box",
        ],
    ),
    (
        "detail",
        "Four details",
        "1:1",
        [
            "Detail grid: four crops of the surface, the edge and the finish",
            "Detail grid: one large crop and three small ones beside it",
            "Detail grid: three tall crops side by side",
        ],
    ),
    (
        "seasonal",
        "For the season",
        "4:5",
        [
            "Seasonal picture for winter, snow and small lights, a cool backdrop",
            "Seasonal picture for autumn, falling leaves, a warm backdrop",
            "Seasonal picture for spring, petals, a fresh backdrop",
        ],
    ),
];

/// The sort for the picture at `index`, out of those that the schema allows (any, if it names none).
pub(crate) fn kind_for(index: usize, allowed: &[String]) -> String {
    let known = SORTS.iter().map(|(name, ..)| (*name).to_owned());
    if allowed.is_empty() {
        return known.clone().nth(index % SORTS.len()).unwrap_or_default();
    }
    let preferred = known.filter_map(|name| allowed.iter().find(|kind| plain(kind) == plain(&name)).cloned());
    let mut ordered: Vec<String> = preferred.collect();
    ordered.extend(
        allowed
            .iter()
            .filter(|kind| !ordered.contains(kind))
            .cloned()
            .collect::<Vec<_>>(),
    );
    ordered[index % ordered.len()].clone()
}

/// The plan for the picture at `index`; `round` counts how often its sort has come before.
pub(crate) fn plan(index: usize, kind: &str, round: usize, brief: &Brief) -> Shot {
    let sort = SORTS
        .iter()
        .find(|(name, ..)| plain(name) == plain(kind))
        .unwrap_or(&SORTS[index % SORTS.len()]);
    let (_, heading, ratio, scenes) = sort;
    let scene = scenes[round % scenes.len()];
    let title = if round == 0 {
        (*heading).to_owned()
    } else {
        format!("{heading}, {}", round + 1)
    };
    let ratio = match brief.ratios.as_slice() {
        [] => (*ratio).to_owned(),
        named if named.contains(ratio) => (*ratio).to_owned(),
        named => named[index % named.len()].to_owned(),
    };
    let product = if brief.titled {
        format!("\u{201c}{}\u{201d}", brief.title)
    } else {
        brief.title.clone()
    };
    let colours = match brief.colours.as_slice() {
        [] => String::new(),
        [one] => format!(" Keep its {one} as it is."),
        [one, two, ..] => format!(" Keep its {one} and {two} as they are."),
    };
    let prompt = format!(
        "{scene}. The product is {product}, exactly as in the photo: same shape, same proportions, same marks.{colours} \
         No added text beyond what is asked for. Take {}.",
        index + 1
    );
    let alt = match (brief.titled, brief.colours.first()) {
        (true, Some(colour)) => format!("{} in {colour}: {}", brief.title, lower_first(heading)),
        _ => format!("{}: {}", capital_first(&brief.title), lower_first(heading)),
    };
    Shot {
        title,
        kind: kind.to_owned(),
        prompt,
        ratio,
        alt,
    }
}

/// A name without case and separators, so that `closeUp`, `close-up` and `CLOSE_UP` are one.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn capital_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{kind_for, plan};
    use crate::gemini::brief::Brief;

    #[test]
    fn only_allowed_kinds_are_used_and_all_of_them() {
        let allowed = ["seasonal".to_owned(), "CLOSE-UP".to_owned(), "moody".to_owned()];
        let kinds: Vec<_> = (0..4).map(|index| kind_for(index, &allowed)).collect();
        assert_eq!(kinds, ["CLOSE-UP", "seasonal", "moody", "CLOSE-UP"]);
    }

    #[test]
    fn the_same_kind_twice_gives_other_prompts() {
        let brief = Brief {
            title: "Cup".to_owned(),
            titled: true,
            ..Brief::default()
        };
        let first = plan(0, "studio", 0, &brief);
        let second = plan(1, "studio", 1, &brief);
        assert_ne!(first.prompt, second.prompt);
        assert!(first.prompt.contains("Cup") && first.ratio == "1:1");
    }
}
