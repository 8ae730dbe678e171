/** Pictures of the finished pages for README.md: `npm run screenshots`, with a stack of `cargo xtask up`. */
import { defineConfig, devices } from "@playwright/test";
import journeys from "./playwright.config.ts";

export default defineConfig({
  ...journeys,
  testDir: "screenshots",
  testIgnore: [],
  retries: 0,
  workers: 1,
  projects: [
    {
      name: "desktop",
      use: {
        ...devices["Desktop Chrome"],
        viewport: { width: 1280, height: 800 },
        colorScheme: "light",
      },
    },
    { name: "phone", use: { ...devices["Pixel 7"], colorScheme: "dark" } },
  ],
});
