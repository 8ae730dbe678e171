/** Walks through the page as a seller does, and keeps a picture of each part in docs/images. */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { connectDrive, expect, test } from "../fixtures.ts";

async function keep(page: Page, name: string): Promise<void> {
  const { name: device } = test.info().project;
  // One page shows how all of them look on a phone.
  if (device === "phone" && name !== "job") return;
  await page.evaluate(() => document.fonts.ready);
  // Every picture in sight is there, not only its frame.
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.images]
          .filter((image) => image.getBoundingClientRect().top < window.innerHeight)
          .every((image) => image.complete && image.naturalWidth > 0),
      ),
    )
    .toBe(true);
  await page.screenshot({
    path: fileURLToPath(new URL(`../../../docs/images/page-${name}-${device}.png`, import.meta.url)),
    animations: "disabled",
    scale: "css",
  });
}

test("pictures of the pages", async ({ page, seller }) => {
  await connectDrive(page, seller.email, { save: true, next: "/new" });
  const made: string[] = [];
  for (const [title, folder] of [
    ["Glass carafe", "Products/Catalogue"],
    ["Ceramic vase", "Products/Ceramic vase"],
    ["Espresso cup", "Products/Espresso cup"],
  ] as const) {
    const answer = await seller.call("POST", "/api/generate/drive", {
      drive: { folder_id: seller.files[folder] },
      product: { title },
      count: 10,
    });
    if (answer.status() === 202) made.push((await answer.json()).id);
  }
  for (const id of made) await seller.endedJob(id);
  await page.goto("/");
  await keep(page, "landing");
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: /Espresso cup/ }).first()).toBeVisible();
  await keep(page, "jobs");
  await page.goto(`/jobs/${made.at(-1)}`);
  await expect(page.getByRole("img").nth(9)).toBeVisible();
  await keep(page, "job");
  await page.goto("/new");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await keep(page, "new");
});
