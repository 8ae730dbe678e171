//! Draws one picture of each sort from a photo, for looking at:
//! `cargo run -p fake-google --example draw -- photo.png pictures`.

use std::path::PathBuf;
use std::{env, fs, io};

use fake_google::pictures::{Commission, Format, Ratio, Size, Studio};

/// A prompt and an aspect ratio for each sort, with a second variant of some.
const PROMPTS: [(&str, &str); 22] = [
    (
        "1:1",
        "Studio photograph on a seamless white sweep, light from the left",
    ),
    (
        "4:5",
        "Lifestyle photograph on a wooden table in a kitchen, morning light",
    ),
    ("1:1", "Close-up of the upper edge"),
    (
        "4:5",
        "Infographic of \u{201c}Espresso cup\u{201d} with three thin callout lines\nDescription: Thick porcelain, 80 ml",
    ),
    ("1:1", "Flat lay seen from above on linen"),
    ("4:3", "Scale picture with ruler marks"),
    ("3:2", "In use on a table by a window"),
    (
        "4:5",
        "Packaging: \u{201c}Espresso cup\u{201d} before its kraft box",
    ),
    ("1:1", "Detail grid: four crops"),
    ("4:5", "Seasonal picture for winter"),
    ("1:1", "Studio photograph on a podium"),
    ("16:9", "Lifestyle photograph on a stone terrace at dusk"),
    (
        "16:9",
        "Infographic of \u{201c}Espresso cup\u{201d} in two columns",
    ),
    ("4:5", "Infographic of \u{201c}Espresso cup\u{201d} with a circle"),
    ("4:5", "Flat lay on stone, hard sun"),
    ("1:1", "Flat lay on coloured paper in two halves"),
    ("1:1", "Scale picture on a cutting mat with a grid"),
    ("1:1", "In use on a breakfast table, sunlight through leaves"),
    ("1:1", "Packaging in its own colour"),
    ("1:1", "Seasonal picture for autumn"),
    ("9:16", "Seasonal picture for summer"),
    ("1:1", "A mood"),
];

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(photo), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("a photo and a folder are needed"));
    };
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let photo = fs::read(photo)?;
    let studio = Studio::default();
    for (n, (ratio, prompt)) in PROMPTS.into_iter().enumerate() {
        let ratio = Ratio::parse(ratio).unwrap_or(Ratio::SQUARE);
        let commission = Commission {
            photo: Some(photo.clone()),
            photo_digest: [1; 32],
            prompt,
            pixels: ratio.pixels(Size::K1),
            format: Format::Png,
        };
        fs::write(folder.join(format!("{:02}.png", n + 1)), studio.draw(&commission))?;
    }
    Ok(())
}
