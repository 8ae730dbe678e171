/**
 * Scores of Lighthouse with its phone settings. Those that say the same on every machine are held; the speed is printed, as it
 * follows the load of the machine.
 */
import { createServer } from "node:net";
import { type BrowserContext, chromium, expect, test } from "@playwright/test";
import lighthouse, { type Result } from "lighthouse";
import { seed, signIn } from "../fixtures.ts";
import { addAccount } from "../google.ts";
import { pngDataUrl } from "../pictures.ts";
import { stack } from "../stack.ts";

/** The least that a score may be, of 100. */
const LEAST = 95;

/** The most JavaScript that the landing page may load before anybody touches it, compressed, in bytes. */
const MOST_LANDING_SCRIPT = 100_000;

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Runs with a browser that Lighthouse can be let into. */
async function inBrowser(run: (context: BrowserContext, port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const { launchOptions } = test.info().project.use;
  const context = await chromium.launchPersistentContext("", {
    ...launchOptions,
    baseURL: stack.base_url,
    args: [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`],
  });
  try {
    await run(context, port);
  } finally {
    await context.close();
  }
}

async function audit(path: string, port: number): Promise<Result> {
  const run = await lighthouse(`${stack.base_url}${path}`, {
    port,
    output: "html",
    logLevel: "error",
    // The session is in a cookie.
    disableStorageReset: true,
  });
  if (!run) throw new Error("Lighthouse has no result");
  await test.info().attach(`lighthouse ${path}`, {
    body: String(run.report),
    contentType: "text/html",
  });
  return run.lhr;
}

/** Says what was measured, whatever comes of it. */
function tell(words: string): void {
  process.stdout.write(`${words}\n`);
}

function check(path: string, result: Result): void {
  const scores = Object.values(result.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)] as const);
  const measured = [
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
  ];
  const times = measured.map((id) => `${id} ${result.audits[id]?.displayValue}`);
  tell(`${path}: ${[...scores.map(([id, score]) => `${id} ${score}`), ...times].join(", ")}`);
  const failed = Object.values(result.audits)
    .filter(({ score, scoreDisplayMode }) => score === 0 && scoreDisplayMode === "binary")
    .map(({ id, title }) => `${id}: ${title}`);
  for (const [id, score] of scores) {
    if (id !== "performance") expect(score, `${id} of ${path}: ${failed.join("; ")}`).toBeGreaterThanOrEqual(LEAST);
  }
  expect(result.audits["cumulative-layout-shift"]?.numericValue).toBeLessThan(0.1);
}

function scriptBytes(result: Result): number {
  const details = result.audits["network-requests"]?.details;
  const requests = details?.type === "table" ? details.items : [];
  return requests
    .filter(({ resourceType }) => resourceType === "Script")
    .reduce((sum, { transferSize }) => sum + Number(transferSize), 0);
}

test("the landing page", async () => {
  await inBrowser(async (_context, port) => {
    const result = await audit("/", port);
    check("/", result);
    const script = scriptBytes(result);
    tell(`/: ${script} bytes of JavaScript`);
    expect(script).toBeLessThan(MOST_LANDING_SCRIPT);
  });
});

test("the dashboard", async () => {
  await inBrowser(async (context, port) => {
    const account = await addAccount();
    await seed(account);
    const page = await context.newPage();
    await signIn(page, account.email);
    for (const title of ["Espresso cup", "Ceramic vase", "Glass carafe"]) {
      const answer = await page.request.post("/api/generate/upload", {
        headers: { origin: stack.base_url },
        data: { images: [pngDataUrl()], product: { title }, count: 4 },
      });
      expect(answer.status()).toBe(202);
    }
    // They are decoration beside the title, and have no role.
    const images = page.locator("main img");
    await expect.poll(() => images.count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
    check("/jobs", await audit("/jobs", port));
  });
});
