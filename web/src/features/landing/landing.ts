/** What the landing page does with a script: compare, copy, and the way back in for who is signed in. */

import { hadSession } from "@/features/session/session-mark";

/** Files of the images that are laid beside the photo. */
const large = import.meta.glob<string>("./images/large/*.webp", { eager: true, query: "?url", import: "default" });

/** How long "Copied" stands there, in milliseconds. */
const SAYS_SO = 2000;

function one<T extends Element>(root: ParentNode, selector: string): T | null {
  return root.querySelector<T>(selector);
}

function compare(table: Element) {
  const area = one<HTMLElement>(table, "[data-compare]");
  const cut = one<HTMLInputElement>(table, "[data-cut]");
  const image = one<HTMLImageElement>(table, "[data-image]");
  const title = one<HTMLElement>(table, "[data-title]");
  if (!area || !cut || !image || !title) return;
  cut.hidden = false;
  cut.addEventListener("input", () => area.style.setProperty("--cut", `${cut.value}%`));
  const frames = [...table.querySelectorAll<HTMLButtonElement>("[data-frame]")];
  for (const frame of frames) {
    frame.addEventListener("click", () => {
      const { frame: number = "", name = "", alt = "" } = frame.dataset;
      image.src = large[`./images/large/${number}.webp`] ?? image.src;
      image.alt = alt;
      title.textContent = `${number} ${name}`;
      for (const other of frames) other.setAttribute("aria-pressed", String(other === frame));
    });
  }
}

function copyable(figure: Element) {
  const code = one<HTMLElement>(figure, "[data-curl]");
  const button = one<HTMLButtonElement>(figure, "[data-copy]");
  if (!code || !button) return;
  code.textContent = (code.textContent ?? "").replace("$PACKSHOT_URL", location.origin);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent ?? "");
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, SAYS_SO);
  });
}

/** Whoever was signed in on this device goes straight to their jobs. */
function wayBackIn() {
  if (!hadSession()) return;
  const link = one<HTMLAnchorElement>(document, "[data-sign-in]");
  if (!link) return;
  link.href = "/jobs";
  link.textContent = "Open your jobs";
}

for (const table of document.querySelectorAll("[data-light-table]")) compare(table);
for (const figure of document.querySelectorAll("figure:has([data-curl])")) copyable(figure);
wayBackIn();
