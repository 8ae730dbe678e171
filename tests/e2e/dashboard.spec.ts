/** The list of jobs. */
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, type Seller, test } from "./fixtures.ts";
import { addFaults } from "./google.ts";

const rows = (page: Page) => page.getByRole("list", { name: "Jobs" }).getByRole("listitem");

const row = (page: Page, title: string) =>
  rows(page).filter({
    has: page.getByRole("link", { name: title, exact: true }),
  });

/** Starts as many jobs, a few at a time; the last is the newest. */
async function startJobs(seller: Seller, count: number): Promise<void> {
  const titles = Array.from({ length: count }, (_, place) => `Cup ${place + 1}`);
  while (titles.length > 0) {
    await Promise.all(titles.splice(0, 5).map((title) => seller.startJob({ product: { title } })));
  }
}

test("somebody new is told what to do", async ({ page, seller: _, checkA11y }) => {
  await page.goto("/jobs");
  await expect(page.getByText("Your first contact sheet")).toBeVisible();
  await checkA11y();
  await page.getByRole("link", { name: "Make ten images" }).click();
  await expect(page).toHaveURL("/new");
});

test("jobs are searched and filtered, and the address says how", async ({ page, seller, checkA11y }) => {
  const stuck = `Teapot ${randomUUID().slice(0, 8)}`;
  await addFaults({ batch: [{ contains: stuck, stuck: true }] });
  const ready = await seller.startJob({
    product: { title: "Espresso cup" },
    metadata: { sku: "cup-17" },
  });
  await seller.startJob({ product: { title: stuck } });
  await seller.endedJob(ready);
  await page.goto("/jobs");
  await expect(rows(page)).toHaveCount(2);
  await expect(row(page, "Espresso cup")).toContainText("1 image");
  await expect(row(page, "Espresso cup").getByRole("img", { includeHidden: true })).toHaveCount(1);
  await checkA11y();

  await page.getByRole("radio", { name: "Running" }).click();
  await expect(page).toHaveURL("/jobs?status=running");
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, stuck).getByRole("progressbar")).toBeVisible();
  await page.getByRole("radio", { name: "All" }).click();
  await expect(rows(page)).toHaveCount(2);

  const search = page.getByRole("searchbox", { name: "Search jobs" });
  await search.fill("CUP-17");
  await expect(page).toHaveURL("/jobs?q=CUP-17");
  await expect(rows(page)).toHaveCount(1);
  await expect(search).toBeFocused();
  await page.reload();
  await expect(search).toHaveValue("CUP-17");
  await expect(rows(page)).toHaveCount(1);

  await search.fill("umbrella");
  await expect(page.getByRole("heading", { name: "Nothing found" })).toBeVisible();
  await checkA11y();
  await page.getByRole("button", { name: "Show all jobs" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL("/jobs");
});

test("older jobs come when they are near, and the place is kept", async ({ page, seller }) => {
  await startJobs(seller, 25);
  await page.goto("/jobs");
  await expect(rows(page).first()).toBeVisible();
  const last = row(page, "Cup 1");
  await expect
    .poll(async () => {
      await rows(page).last().scrollIntoViewIfNeeded();
      return rows(page).count();
    })
    .toBe(25);
  await last.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(0);
  await last.getByRole("link", { name: "Cup 1", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Cup 1", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(25);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before - 200);
});

test("a running job is seen to end, and a new one to come, without loading the page again", async ({
  page,
  seller,
}) => {
  const title = `Bowl ${randomUUID().slice(0, 8)}`;
  await addFaults({ batch: [{ contains: title, seconds_until_done: 15 }] });
  await seller.startJob({ product: { title } });
  await page.goto("/jobs");
  await expect(row(page, title).getByRole("progressbar")).toBeVisible();
  await page.evaluate(() => document.documentElement.setAttribute("data-same-page", ""));
  await seller.startJob({ product: { title: "Second cup" } });
  await expect(row(page, "Second cup")).toBeVisible();
  await expect(row(page, title).getByText("Ready")).toBeVisible({
    timeout: 60_000,
  });
  await expect(row(page, title).getByRole("link", { name: `Download ZIP of ${title}` })).toBeVisible();
  await expect(page.locator("html[data-same-page]")).toBeAttached();
});
