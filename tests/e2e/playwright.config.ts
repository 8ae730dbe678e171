/**
 * Journeys through the page on a real stack. `cargo xtask test journeys` starts one and runs them; with a stack of
 * `cargo xtask up`, `npx playwright test` does.
 */
import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";
import { stack } from "./stack.ts";

/**
 * Which browser runs the tests: the one of CHROMIUM_PATH where it is set (empty means Playwright's own), Playwright's own
 * where `npx playwright install chromium` has put it, or the system's.
 */
function browserPath(): string | undefined {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined) return asked || undefined;
  if (existsSync(chromium.executablePath())) return undefined;
  return ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}

const executablePath = browserPath();

export default defineConfig({
  testDir: ".",
  testIgnore: ["**/speed/**", "**/screenshots/**"],
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A second run of a failed test records a trace; it does not make the test green.
  retries: 1,
  failOnFlakyTests: true,
  workers: 2,
  // `cargo xtask test` reads the JSON and says once more at its end what failed.
  reporter: [
    ["list"],
    ["json", { outputFile: "test-results/report.json" }],
    ...(process.env.CI ? [["html", { open: "never" }] as const] : []),
  ],
  // A journey waits for jobs to be made, on machines that are slow at times.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: stack.base_url,
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "on-first-retry",
    screenshot: "only-on-failure",
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        // No calls of the browser's own to the outside.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"] } },
    { name: "phone", use: { ...devices["Pixel 7"] } },
  ],
});
