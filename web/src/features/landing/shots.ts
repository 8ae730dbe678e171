/** The sample on the landing page: what `cargo xtask demo` has made of one photo. */
interface SampleShot {
  /** Its number, as on film; its files are named by it. */
  number: string;
  title: string;
  alt: string;
}

export const shots: readonly SampleShot[] = [
  { number: "01", title: "On seamless white", alt: "The red espresso cup with its saucer on seamless white" },
  { number: "02", title: "At home in the morning", alt: "The cup on a wooden kitchen table in morning light" },
  { number: "03", title: "Close up", alt: "The rim of the cup and the crema, from close by" },
  { number: "04", title: "What makes it", alt: "The cup with its finish and its colours pointed out" },
  { number: "05", title: "From above", alt: "The cup laid out between green leaves, from above" },
  { number: "06", title: "How large it is", alt: "The cup between two rulers, with its proportions" },
  { number: "07", title: "In use", alt: "The cup on a table in the light of a window" },
  { number: "08", title: "With its box", alt: "The cup in front of a cardboard box with a label" },
  { number: "09", title: "Four details", alt: "Four details of the cup in one picture" },
  { number: "10", title: "For the season", alt: "The cup in a snowy landscape" },
];
