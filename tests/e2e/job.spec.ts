/** A job's page: how it goes, what came of it, and what can be done with it. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./fixtures.ts";
import { addAccount, addFaults } from "./google.ts";

/** A product's title that no other test's faults mean. */
const uniqueTitle = (name: string) => `${name} ${randomUUID().slice(0, 8)}`;

const frame = (page: Page, number: number) => page.getByRole("button", { name: new RegExp(`^Image ${number}[,:]`) });

const viewer = (page: Page) => page.getByRole("dialog", { name: /^Image \d+ of \d+/ });

test("an image that was declined is made with another prompt", async ({ page, seller, checkA11y }) => {
  const title = uniqueTitle("Espresso cup");
  await addFaults({
    batch: [{ contains: title, rows: { "4": { finish_reason: "IMAGE_SAFETY" } } }],
  });
  const id = await seller.startJob({ product: { title }, count: 10 });
  await page.goto(`/jobs/${id}`);
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
  // The frames are there before there is anything in them.
  await expect(page.getByRole("region", { name: "Contact sheet" }).getByRole("listitem")).toHaveCount(10);

  await expect(page.getByText("9 of 10 images are ready")).toBeVisible({
    timeout: 60_000,
  });
  await expect(page).toHaveTitle(`${title} · Packshot`);
  await expect(
    page.getByText("Gemini declined image 4 (safety). The other nine are ready. Edit its prompt and try again."),
  ).toBeVisible();
  await expect(frame(page, 4)).toHaveAccessibleName(/Declined by Gemini \(safety\)$/);
  await expect(page.getByRole("img", { name: "" }).first()).toBeAttached();
  await checkA11y();

  await page.getByRole("button", { name: "Retry image 04" }).click();
  const dialog = page.getByRole("dialog", { name: "Retry image 4" });
  const prompt = dialog.getByRole("textbox", { name: "Prompt" });
  await expect(prompt).not.toHaveValue("");
  await prompt.fill(`The product on plain oak, ${title}`);
  await checkA11y();
  await dialog.getByRole("button", { name: "Retry image" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("All 10 images are ready")).toBeVisible({
    timeout: 60_000,
  });
  await expect(frame(page, 4)).toHaveAccessibleName(/Ready$/);
  await frame(page, 4).click();
  await expect(viewer(page).getByText(`The product on plain oak, ${title}`)).toBeVisible();
});

test("a job that hangs is canceled, and deleted", async ({ page, seller }) => {
  const title = uniqueTitle("Teapot");
  await addFaults({ batch: [{ contains: title, stuck: true }] });
  const id = await seller.startJob({ product: { title }, count: 2 });
  await page.goto(`/jobs/${id}`);
  await expect(page.getByText("Waiting for Gemini", { exact: false })).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveTitle(/^\d+ % · Teapot/);
  await expect(page.getByText(`e-mail ${seller.email}`, { exact: false })).toBeVisible();

  await page.getByRole("button", { name: "Cancel job" }).click();
  const cancel = page.getByRole("dialog", { name: "Cancel this job?" });
  await cancel.getByRole("button", { name: "Keep it" }).click();
  await expect(cancel).toBeHidden();
  await page.getByRole("button", { name: "Cancel job" }).click();
  await cancel.getByRole("button", { name: "Cancel job" }).click();
  await expect(page.getByText("This job was canceled.", { exact: false })).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);

  await page.getByRole("button", { name: "Delete job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete job" }).click();
  await expect(page).toHaveURL("/jobs");
  await expect(page.getByText("Your first contact sheet")).toBeVisible();
  expect((await seller.call("GET", `/api/jobs/${id}`)).status()).toBe(404);
});

test("the viewer is led by keys, and gives the focus back", async ({ page, seller, checkA11y }) => {
  const id = await seller.startJob({ product: { title: "Cup" }, count: 3 });
  await seller.endedJob(id);
  await page.goto(`/jobs/${id}`);
  await frame(page, 1).focus();
  await page.keyboard.press("ArrowRight");
  await expect(frame(page, 2)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 1 of 3/);
  await checkA11y();

  await page.keyboard.press("ArrowLeft");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 3 of 3/);
  await page.keyboard.press("ArrowRight");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 1 of 3/);
  await page.keyboard.press("End");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 3 of 3/);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 2 of 3/);

  // Zoomed, the arrow keys move the picture.
  const picture = viewer(page).getByRole("img").last();
  await page.keyboard.press("=");
  await page.keyboard.press("=");
  await expect(viewer(page).getByText("200 %")).toBeVisible();
  const before = await picture.boundingBox();
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => (await picture.boundingBox())?.y).toBeLessThan(before?.y ?? 0);
  await page.keyboard.press("0");
  await expect(viewer(page).getByText("Fit", { exact: true })).toBeVisible();

  await page.keyboard.press("p");
  await expect(viewer(page).getByRole("button", { name: "Mark as your pick" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(viewer(page)).toBeHidden();
  await expect(frame(page, 2)).toBeFocused();
  await page.reload();
  await expect(frame(page, 2)).toHaveAccessibleName(/your pick$/);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
});

test("the browser's way back closes the viewer, and an address opens it", async ({ page, seller }) => {
  const id = await seller.startJob({ product: { title: "Cup" }, count: 2 });
  await seller.endedJob(id);
  await page.goto(`/jobs/${id}?image=2`);
  await expect(viewer(page)).toHaveAccessibleName(/^Image 2 of 2/);
  await viewer(page).getByRole("button", { name: "Close" }).click();
  await expect(page).toHaveURL(`/jobs/${id}`);
  await frame(page, 1).click();
  await expect(viewer(page)).toBeVisible();
  await page.goBack();
  await expect(viewer(page)).toBeHidden();
  await expect(page).toHaveURL(`/jobs/${id}`);
});

test("an image is compared with the photo", async ({ page, seller, checkA11y }) => {
  const id = await seller.startJob({ product: { title: "Cup" }, count: 1 });
  await seller.endedJob(id);
  await page.goto(`/jobs/${id}?image=1`);
  await page.getByRole("button", { name: "Compare with the photo" }).click();
  const photo = viewer(page).getByRole("img", {
    name: "The product as you sent it",
  });
  await expect
    .poll(() => photo.evaluate((element) => element instanceof HTMLImageElement && element.naturalWidth))
    .toBeGreaterThan(0);
  const slider = page.getByRole("slider", {
    name: "How much of the photo is shown",
  });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue("51");
  await page.keyboard.press("Home");
  await expect(slider).toHaveValue("0");
  await expect(viewer(page)).toHaveAccessibleName(/^Image 1 of 1/);
  await checkA11y();
});

test("images are downloaded one by one and as a ZIP", async ({ page, seller }) => {
  const id = await seller.startJob({
    product: { title: "Espresso cup" },
    count: 2,
  });
  await seller.endedJob(id);
  await page.goto(`/jobs/${id}`);
  const [image] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download image 2" }).click(),
  ]);
  // Gemini makes some images as JPEG.
  expect(image.suggestedFilename()).toMatch(/^espresso-cup-02\.(png|jpg)$/);
  const [archive] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download ZIP" }).click(),
  ]);
  expect(archive.suggestedFilename()).toBe("espresso-cup.zip");
  const bytes = await readFile(await archive.path());
  expect(bytes.subarray(0, 4)).toEqual(Buffer.from("PK\u0003\u0004", "latin1"));
});

test("a failed job says why, and leads to another try", async ({ page, seller, checkA11y }) => {
  const title = uniqueTitle("Kettle");
  await addFaults({ batch: [{ contains: title, end_state: "FAILED" }] });
  const id = await seller.startJob({ product: { title }, count: 2 });
  await page.goto(`/jobs/${id}`);
  await expect(page.getByRole("alert").getByText("There are no images")).toBeVisible({ timeout: 60_000 });
  await checkA11y();
  await page.getByRole("link", { name: /try it again|and try again/i }).click();
  await expect(page).toHaveURL(`/new?from=${id}`);
});

test.describe("a job of somebody else", () => {
  test("is no job", { annotation: { type: "expects refusals" } }, async ({ page, seller, checkA11y }) => {
    const id = await seller.startJob();
    const other = await addAccount();
    await signIn(page, other.email);
    await page.goto(`/jobs/${id}`);
    await expect(page.getByRole("heading", { name: "There is no such job" })).toBeVisible();
    await checkA11y();
    await page.getByRole("link", { name: "Go to your jobs" }).click();
    await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeFocused();
  });
});
