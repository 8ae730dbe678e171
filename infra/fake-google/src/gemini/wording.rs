//! The text for a property of an answer, by the property's name.

use super::brief::Brief;
use super::shots::{Shot, plain};

/// What stands under `name` in the entry at `index`, whose picture is `shot`.
pub(super) fn words(name: &str, index: usize, shot: &Shot, brief: &Brief) -> String {
    match plain(name).as_str() {
        "title" | "heading" | "label" => shot.title.clone(),
        "kind" | "type" | "category" | "style" => shot.kind.clone(),
        "prompt" | "prompts" | "instruction" | "imageprompt" => shot.prompt.clone(),
        "aspectratio" | "ratio" => shot.ratio.clone(),
        "alt" | "alttext" | "caption" => shot.alt.clone(),
        "color" | "colour" | "colors" | "colours" | "palette" => {
            let colour = brief.colours.get(index % brief.colours.len().max(1));
            colour.map_or_else(|| "natural".to_owned(), Clone::clone)
        }
        "product" | "productname" | "producttitle" | "name" => brief.title.clone(),
        "description" | "summary" | "answer" | "text" if !brief.description.is_empty() => {
            brief.description.clone()
        }
        "description" | "summary" | "answer" | "text" => {
            format!("A photo of {}, mainly {}.", brief.title, brief.colour())
        }
        "id" | "key" => format!("{:02}", index + 1),
        _ => format!("{} {}", shot.title, index + 1),
    }
}
