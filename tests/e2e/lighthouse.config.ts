/** How fast the page is and how well it is made, by Lighthouse (https://developer.chrome.com/docs/lighthouse). */
import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config.ts";

export default defineConfig({
  ...journeys,
  testDir: "speed",
  testIgnore: [],
  projects: [{ name: "phone" }],
  workers: 1,
  timeout: 240_000,
});
