/** What every test of the page has: a quiet page, a signed-in seller of its own, and a check for accessibility. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { type APIResponse, test as base, expect, type Page } from "@playwright/test";
import { type Account, addAccount } from "./google.ts";
import { pngDataUrl } from "./pictures.ts";
import { stack } from "./stack.ts";

/** Somebody who is signed in on `page`. */
export interface Seller extends Account {
  /** Calls the API with the session of the page, as the page does. */
  call: (method: string, path: string, body?: unknown) => Promise<APIResponse>;
  /** Starts a job of one small photo, and answers with its id. */
  startJob: (wish?: Record<string, unknown>) => Promise<string>;
  /** Waits until a job has ended, and answers with it. */
  endedJob: (id: string) => Promise<{ status: string; images: { id: string; status: string }[] }>;
}

interface Fixtures {
  seller: Seller;
  checkA11y: () => Promise<void>;
  pageIsQuiet: undefined;
  /** What the account's Drive holds; the sample products unless a test says otherwise by `test.use`. */
  drive: unknown;
}

const run = promisify(execFile);

/** Makes a user with the higher limits, so that tests may start more than five jobs a minute. */
export async function seed(account: Account): Promise<void> {
  await run(
    stack.seed_program,
    [
      ["--email", account.email],
      ["--google-subject", account.sub],
      ["--plan", "pro"],
      ["--table", stack.outputs.TableName ?? ""],
      ["--usage-plan-id", stack.outputs.ProUsagePlanId ?? ""],
    ].flat(),
    {
      env: {
        AWS_ENDPOINT_URL: stack.aws_endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
    },
  );
}

/** Signs in by the consent page of the embedded Google, which the page has to be on its way to. */
export async function consent(page: Page, email: string, decision: "Allow" | "Deny" = "Allow"): Promise<void> {
  await page.getByRole("radio", { name: email }).check();
  await page.getByRole("button", { name: decision }).click();
}

/**
 * Goes to an address that leads through Google and back to `next`, from a network of its own: steps of a sign-in are counted
 * by network, and the tests share this machine's.
 */
async function throughGoogle(page: Page, address: string, email: string, next: string): Promise<void> {
  const network = `2001:db8:${randomBytes(2).toString("hex")}:${randomBytes(2).toString("hex")}::1`;
  await page.context().setExtraHTTPHeaders({ "x-forwarded-for": network });
  await page.goto(`${address}next=${encodeURIComponent(next)}`);
  await consent(page, email);
  await page.waitForURL(`${stack.base_url}${next}`);
  await page.context().setExtraHTTPHeaders({});
}

/** Signs in from anywhere, and ends at a path of ours. */
export function signIn(page: Page, email: string, next = "/jobs"): Promise<void> {
  return throughGoogle(page, "/auth/google/login?", email, next);
}

/** Connects the Google Drive of whoever is signed in. */
export function connectDrive(
  page: Page,
  email: string,
  options: { save?: boolean; next?: string } = {},
): Promise<void> {
  const address = `/auth/google/drive?${options.save ? "save=true&" : ""}`;
  return throughGoogle(page, address, email, options.next ?? "/jobs");
}

/** Waits until colours have changed to those of the scheme: what is half-way has a contrast of its own. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changes.map((change) => change.finished));
  });
}

export const test = base.extend<Fixtures>({
  drive: ["sample", { option: true }],

  // Fails a test whose page threw or logged an error: a refusal by the content security policy, too. A test in which the
  // API refuses something, which the browser logs, says so by the annotation.
  pageIsQuiet: [
    async ({ page }, use, info) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await use(undefined);
      const expects = info.annotations.some((one) => one.type === "expects refusals");
      // React and the router repeat that a page's code could not be fetched.
      const isRefusal = (text: string) => /^Failed to load resource|dynamically imported module/.test(text);
      expect(errors.filter((text) => !(expects && isRefusal(text)))).toEqual([]);
    },
    { auto: true },
  ],

  seller: async ({ page, drive }, use) => {
    const account = await addAccount(drive);
    await seed(account);
    await signIn(page, account.email);
    const call: Seller["call"] = (method, path, body) =>
      page.request.fetch(path, {
        method,
        headers: { origin: stack.base_url },
        ...(body === undefined ? {} : { data: body }),
      });
    await use({
      ...account,
      call,
      async startJob(wish = {}) {
        const answer = await call("POST", "/api/generate/upload", {
          images: [pngDataUrl()],
          count: 1,
          ...wish,
        });
        expect(answer.status(), await answer.text()).toBe(202);
        return (await answer.json()).id;
      },
      async endedJob(id) {
        let job = { status: "", images: [] };
        await expect
          .poll(
            async () => {
              job = await (await call("GET", `/api/jobs/${id}`)).json();
              return job.status;
            },
            { timeout: 60_000 },
          )
          .toMatch(/completed|failed|canceled/);
        return job;
      },
    });
  },

  checkA11y: async ({ page }, use, info) => {
    await use(async () => {
      // A page whose code is still on its way has nothing to judge yet. Behind a dialog a heading is hidden from the roles.
      await expect(page.locator("h1")).not.toHaveCount(0);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await settle(page);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
          .analyze();
        if (violations.length > 0) {
          const body = JSON.stringify(violations, null, 2);
          await info.attach(`axe, ${colorScheme}`, {
            body,
            contentType: "application/json",
          });
        }
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
        );
        expect(found, `axe, ${colorScheme}`).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    });
  },
});

export { expect };
