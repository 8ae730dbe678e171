/** Starting a job from photos of one's own. */
import type { Locator, Page } from "@playwright/test";
import { consent, expect, type Seller, test } from "./fixtures.ts";
import { png } from "./pictures.ts";
import { stack } from "./stack.ts";

const small = {
  name: "cup front.png",
  mimeType: "image/png",
  buffer: png(320, 240),
};
/** More than a request can carry, so it has to go to the bucket by itself. */
const large = {
  name: "cup, large.png",
  mimeType: "image/png",
  buffer: png(320, 320, 9_000_000),
};

/** A title that no other test has. */
function title(what: string): string {
  return `${what} ${crypto.randomUUID().slice(0, 8)}`;
}

async function openForm(page: Page) {
  await page.goto("/new");
  await expect(page.getByRole("heading", { level: 1, name: "New job" })).toBeVisible();
}

async function addPhotos(page: Page, photos: { name: string; mimeType: string; buffer: Buffer }[]) {
  await page.getByLabel("Photo files").setInputFiles(photos);
}

function photoRows(page: Page): Locator {
  return page.getByRole("list", { name: "Photos" }).getByRole("listitem");
}

async function chooseCount(page: Page, count: number) {
  await page.getByRole("group", { name: "How many" }).getByText(String(count), { exact: true }).click();
}

/** The id of the job whose page this is. */
async function startedJob(page: Page, name: string): Promise<string> {
  await page.waitForURL(/\/jobs\/job_\w+$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  return page.url().split("/").at(-1) ?? "";
}

/** The job is listed, ends, and its images can be had as one file. */
async function completes(page: Page, seller: Seller, id: string, name: string) {
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: new RegExp(name) }).first()).toHaveAttribute("href", `/jobs/${id}`);
  const job = await seller.endedJob(id);
  expect(job.status).toBe("completed");
  await page.goto(`/jobs/${id}`);
  const archive = page.getByRole("link", { name: /zip/i }).first();
  await expect(archive).toBeVisible();
  const answer = await page.request.get((await archive.getAttribute("href")) ?? "");
  expect(answer.status()).toBe(200);
}

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, aim: Locator) {
  await expect(aim).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await aim.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${aim}`);
}

test("photos, one of them of nine megabytes, become a job", async ({ page, seller }) => {
  const name = title("Cup");
  await openForm(page);
  await addPhotos(page, [small, large]);
  await expect(photoRows(page).filter({ hasText: "Uploaded" })).toHaveCount(2);
  await expect(photoRows(page).first()).toContainText("Main photo");
  await page.getByRole("button", { name: `Move ${large.name} up` }).click();
  await expect(photoRows(page).first()).toContainText(large.name);
  await page.getByLabel("Title").fill(name);
  await page.getByLabel("What are the images for?").fill("A shop listing");
  await page.getByRole("button", { name: "Warm daylight" }).click();
  await chooseCount(page, 2);
  await page.getByRole("group", { name: "Aspect ratio" }).getByText("4:5").click();
  await expect(page.getByText(/About \$0\.\d\d for two images/)).toBeVisible();
  await expect(page.getByText(`We'll e-mail you at ${seller.email}`)).toBeVisible();
  await page.getByRole("button", { name: "Make two images" }).click();
  const id = await startedJob(page, name);
  const job = await (await seller.call("GET", `/api/jobs/${id}`)).json();
  expect(job).toMatchObject({
    count: 2,
    aspect_ratio: "4:5",
    brief: "A shop listing",
    style: "Warm daylight",
  });
  await completes(page, seller, id, name);
  // The draft has become a job.
  await openForm(page);
  await expect(page.getByLabel("Title")).toHaveValue("");
});

test("the keyboard is enough", async ({ page, seller }) => {
  const name = title("Vase");
  await openForm(page);
  // Before the key is pressed: from here on the browser hands choosers over in the place of showing them.
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, page.getByRole("button", { name: "Choose photos" }));
  await page.keyboard.press("Enter");
  await (await choosing).setFiles([small, large]);
  await expect(photoRows(page).filter({ hasText: "Uploaded" })).toHaveCount(2);
  await tabTo(page, page.getByRole("button", { name: `Remove ${large.name}` }));
  await page.keyboard.press("Enter");
  await expect(photoRows(page)).toHaveCount(1);
  await tabTo(page, page.getByLabel("Title"));
  await page.keyboard.type(name);
  // Return in a field starts nothing: it would cost money.
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("radio", { name: "ten images" }));
  for (let count = 10; count > 1; count -= 1) await page.keyboard.press("ArrowLeft");
  await tabTo(page, page.getByRole("button", { name: "Make one image" }));
  await page.keyboard.press("Enter");
  await completes(page, seller, await startedJob(page, name), name);
});

/** Files in the hands of the browser, as after they were dragged in or copied. */
function carrying(page: Page, name: string) {
  return page.evaluateHandle(
    ({ bytes, name }) => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
      return carried;
    },
    { bytes: [...png(200, 150)], name },
  );
}

test("photos are dropped anywhere on the page, and pasted", async ({ page, seller }) => {
  await openForm(page);
  const dropped = await carrying(page, "dropped.png");
  const place = page.getByRole("heading", { level: 1 });
  await place.dispatchEvent("dragover", { dataTransfer: dropped });
  await place.dispatchEvent("drop", { dataTransfer: dropped });
  await expect(photoRows(page)).toHaveCount(1);
  await expect(photoRows(page).first()).toContainText("dropped.png");
  // Another picture: the same one would be told, and not added twice.
  await page.evaluate(
    ({ bytes }) => {
      const carried = new DataTransfer();
      carried.items.add(new File([new Uint8Array(bytes)], "pasted.png", { type: "image/png" }));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
    },
    { bytes: [...png(210, 150)] },
  );
  await expect(photoRows(page)).toHaveCount(2);
  await expect(photoRows(page).nth(1)).toContainText("pasted.png");
  await expect(page.getByText(/About \$/)).toBeVisible();
  expect(seller.email).toContain("@");
});

test("what is no photo is told and not sent", async ({ page, seller }) => {
  await openForm(page);
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/uploads")) sent.push(request.url());
  });
  await addPhotos(page, [
    {
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("Title: Cup"),
    },
    {
      name: "cup.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("<!doctype html>"),
    },
    {
      name: "IMG_1.HEIC",
      mimeType: "image/heic",
      buffer: Buffer.from("....ftypheic"),
    },
    { name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) },
  ]);
  const told = page.getByRole("status").filter({ hasText: "notes.txt" });
  await expect(told).toContainText("“cup.jpg” is no picture");
  await expect(told).toContainText("“IMG_1.HEIC” is a HEIC photo");
  await expect(told).toContainText("“empty.png” is empty");
  await addPhotos(page, [small]);
  await addPhotos(page, [{ ...small, name: "copy.png" }]);
  await expect(page.getByText("“copy.png” is the same picture")).toBeVisible();
  await expect(photoRows(page)).toHaveCount(1);
  expect(sent).toHaveLength(1);
  expect(seller.email).toContain("@");
});

test("nothing starts without photos, and what is wrong is marked", async ({ page, seller }) => {
  await openForm(page);
  await page.getByRole("button", { name: "Make ten images" }).click();
  await expect(page.getByText("Add at least one photo.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose photos" })).toBeFocused();
  await addPhotos(page, [small]);
  await expect(page.getByText(/About \$/)).toBeVisible();
  test.info().annotations.push({ type: "expects refusals" });
  await page.getByText("More options").click();
  const most = page.getByLabel("The most it may cost");
  await most.fill("0.01");
  await page.getByRole("button", { name: "Make ten images" }).click();
  await expect(most).toBeFocused();
  await expect(most).toHaveAttribute("aria-invalid", "true");
  expect((await (await seller.call("GET", "/api/jobs")).json()).data).toEqual([]);
});

test("an upload that breaks off goes on by itself, or by hand", async ({ page, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await openForm(page);
  let toBreak = 1;
  const isUpload = (url: URL) => url.search.includes("X-Amz-Signature");
  await page.route(isUpload, (route) => {
    if (route.request().method() !== "PUT" || toBreak <= 0) return route.continue();
    toBreak -= 1;
    return route.abort();
  });
  await addPhotos(page, [small]);
  await expect(photoRows(page)).toContainText("Uploaded");
  expect(toBreak).toBe(0);
  toBreak = 4;
  await addPhotos(page, [large]);
  const again = page.getByRole("button", { name: `Try again: ${large.name}` });
  await expect(again).toBeVisible({ timeout: 30_000 });
  await expect(photoRows(page).last()).toContainText("The connection broke off");
  await page.getByRole("button", { name: "Make ten images" }).click();
  await expect(page.getByText("One photo has not been uploaded.")).toBeVisible();
  await again.click();
  await expect(photoRows(page).filter({ hasText: "Uploaded" })).toHaveCount(2);
  await chooseCount(page, 1);
  const name = title("Jug");
  await page.getByLabel("Title").fill(name);
  await page.getByRole("button", { name: "Make one image" }).click();
  const id = await startedJob(page, name);
  expect((await seller.endedJob(id)).status).toBe("completed");
});

test("leaving photos behind on their way is asked about", async ({ page, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await openForm(page);
  // They are held, not answered.
  await page.route(
    (url) => url.search.includes("X-Amz-Signature"),
    () => {},
  );
  await addPhotos(page, [small]);
  await expect(photoRows(page)).toContainText("0 %");
  await page.getByRole("link", { name: "Packshot, your jobs" }).click();
  const dialog = page.getByRole("dialog", {
    name: "Photos are still being uploaded",
  });
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(page).toHaveURL("/new");
  await page.getByRole("button", { name: `Cancel the upload of ${small.name}` }).click();
  await expect(photoRows(page)).toContainText("Not uploaded");
  await page.getByRole("link", { name: "Packshot, your jobs" }).click();
  await expect(page).toHaveURL("/jobs");
  expect(seller.email).toContain("@");
});

test("a session that ends meanwhile loses nothing", async ({ page, context, playwright, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  const name = title("Bowl");
  await openForm(page);
  await addPhotos(page, [small]);
  await expect(photoRows(page)).toContainText("Uploaded");
  await page.getByLabel("Title").fill(name);
  await page.getByLabel("Description").fill("Walnut, oiled");
  await chooseCount(page, 1);
  await expect(page.getByText(/About \$0\.\d\d for one image/)).toBeVisible();

  const elsewhere = await playwright.request.newContext({
    baseURL: stack.base_url,
    storageState: await context.storageState(),
    extraHTTPHeaders: { origin: stack.base_url },
  });
  expect((await elsewhere.post("/auth/logout")).ok()).toBe(true);
  await elsewhere.dispose();

  await addPhotos(page, [large]);
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("button", { name: "Sign in again" }).click(),
  ]);
  await consent(popup, seller.email);
  await expect(dialog).toBeHidden();
  // The photo that was held goes on by itself.
  await expect(photoRows(page).filter({ hasText: "Uploaded" })).toHaveCount(2);
  await expect(page.getByLabel("Title")).toHaveValue(name);
  await expect(page.getByLabel("Description")).toHaveValue("Walnut, oiled");
  await page.getByRole("button", { name: "Make one image" }).click();
  const id = await startedJob(page, name);
  expect((await seller.endedJob(id)).status).toBe("completed");
});

test("a session that has ended is noticed when the job is started", async ({ page, context, playwright, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  const name = title("Plate");
  await openForm(page);
  await addPhotos(page, [small]);
  await page.getByLabel("Title").fill(name);
  await chooseCount(page, 1);
  await expect(page.getByText(/About \$0\.\d\d for one image/)).toBeVisible();
  const elsewhere = await playwright.request.newContext({
    baseURL: stack.base_url,
    storageState: await context.storageState(),
    extraHTTPHeaders: { origin: stack.base_url },
  });
  expect((await elsewhere.post("/auth/logout")).ok()).toBe(true);
  await elsewhere.dispose();
  await page.getByRole("button", { name: "Make one image" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("button", { name: "Sign in again" }).click(),
  ]);
  await consent(popup, seller.email);
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Title")).toHaveValue(name);
  await page.getByRole("button", { name: "Make one image" }).click();
  await startedJob(page, name);
  expect((await (await seller.call("GET", "/api/jobs")).json()).data).toHaveLength(1);
});

test("what was typed is there after a reload, and an earlier job can be made again", async ({ page, seller }) => {
  const id = await seller.startJob({
    product: { title: "Teapot", brand: "Kiln" },
    count: 1,
    aspect_ratio: "21:9",
  });
  await openForm(page);
  await page.getByLabel("Title").fill("Half a title");
  await addPhotos(page, [small]);
  await expect(photoRows(page)).toContainText("Uploaded");
  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue("Half a title");
  await expect(photoRows(page)).toContainText(small.name);
  await expect(page.getByText(/About \$/)).toBeVisible();
  await page.goto(`/new?from=${id}`);
  await expect(page.getByLabel("Title")).toHaveValue("Teapot");
  await expect(page.getByLabel("Brand")).toHaveValue("Kiln");
  await expect(page.getByRole("radio", { name: "21:9" })).toBeChecked();
  await page.goto("/new");
  await expect(page.getByLabel("Title")).toHaveValue("Half a title");
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByLabel("Title")).toHaveValue("");
});

test("the form is accessible, empty and filled", async ({ page, seller, checkA11y }) => {
  await openForm(page);
  await checkA11y();
  await addPhotos(page, [small, { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no") }]);
  await expect(page.getByText(/About \$/)).toBeVisible();
  await page.getByRole("button", { name: "More ratios" }).click();
  await page.getByText("More options").click();
  await page.getByLabel("The most it may cost").fill("a lot");
  await page.getByRole("button", { name: "Make ten images" }).click();
  await expect(page.getByText("Write an amount in US dollars")).toBeVisible();
  await checkA11y();
  expect(seller.email).toContain("@");
});
