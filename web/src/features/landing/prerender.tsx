/** Draws the landing page as HTML, while the page is being built. */
import { renderToStaticMarkup } from "react-dom/server";
import { LandingPage } from "./landing-page";

export function landing(): string {
  return renderToStaticMarkup(<LandingPage />);
}
