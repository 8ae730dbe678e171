/** Starting a job from photos in Google Drive. */
import { randomBytes } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { connectDrive, consent, expect, test } from "./fixtures.ts";
import { addFaults, revokeGrant } from "./google.ts";

/** Follows a link to Google, agrees there (or not), and comes back. Steps are counted by network, so it has one of its own. */
async function overGoogle(page: Page, link: Locator, email: string, decision: "Allow" | "Deny" = "Allow") {
  const network = `2001:db8:${randomBytes(2).toString("hex")}:${randomBytes(2).toString("hex")}::1`;
  await page.context().setExtraHTTPHeaders({ "x-forwarded-for": network });
  await link.click();
  await consent(page, email, decision);
  await page.waitForURL(/\/new\?/);
  await page.context().setExtraHTTPHeaders({});
}

async function openDrive(page: Page) {
  await page.goto("/new?source=drive");
  await expect(page.getByRole("tab", { name: "Google Drive" })).toHaveAttribute("aria-selected", "true");
}

async function openFolder(page: Page, name: string) {
  await page.getByRole("button", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 3, name })).toBeFocused();
}

/** The pictures to choose from; selects and suggestions of the form have options, too. */
function pictures(page: Page): Locator {
  return page.getByRole("listbox", { name: "Pictures" }).getByRole("option");
}

function option(page: Page, name: string | RegExp): Locator {
  return page.getByRole("option", { name });
}

async function makeOne(page: Page) {
  await page.getByRole("group", { name: "How many" }).getByText("1", { exact: true }).click();
  await expect(page.getByText(/About \$0\.\d\d for one image/)).toBeVisible();
  await page.getByRole("button", { name: "Make one image" }).click();
  await page.waitForURL(/\/jobs\/job_\w+$/);
  return page.url().split("/").at(-1) ?? "";
}

test("a Drive is connected on the way, and a folder in it becomes a job", async ({ page, seller, checkA11y }) => {
  await page.goto("/new");
  await page.getByLabel("Title").fill("Espresso cup of mine");
  await page.getByRole("tab", { name: "Google Drive" }).click();
  await checkA11y();
  await overGoogle(page, page.getByRole("link", { name: "Connect Google Drive" }), seller.email);
  await expect(page.getByLabel("Title")).toHaveValue("Espresso cup of mine");
  await openFolder(page, "Products");
  await openFolder(page, "Espresso cup");
  await expect(pictures(page)).toHaveCount(4);
  await expect
    .poll(() =>
      page
        .getByRole("option")
        .first()
        .locator("img")
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0);
  await page.getByRole("button", { name: "Use this folder" }).click();
  await expect(page.getByRole("region", { name: "Chosen folder" })).toContainText("All its 4 photos are used.");
  await checkA11y();
  const id = await makeOne(page);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Espresso cup of mine");
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: /Espresso cup of mine/ }).first()).toHaveAttribute("href", `/jobs/${id}`);
  expect((await seller.endedJob(id)).status).toBe("completed");
  const job = await (await seller.call("GET", `/api/jobs/${id}`)).json();
  expect(job.drive).toMatchObject({ folder_name: "Espresso cup", used: 4 });
});

test("single photos are chosen by keyboard, in their order", async ({ page, seller }) => {
  await connectDrive(page, seller.email);
  await openDrive(page);
  await openFolder(page, "Products");
  await openFolder(page, "Ceramic vase");
  const photos = pictures(page);
  await expect(photos).toHaveCount(4);
  await photos.first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(photos.first()).toHaveAttribute("aria-selected", "true");
  const tray = page.getByRole("region", { name: "Chosen photos" });
  await expect(tray).toContainText("2 photos chosen");
  const second = (await photos.nth(1).locator("p").first().textContent()) ?? "";
  await expect(tray.getByRole("listitem").first()).toContainText(second);
  const id = await makeOne(page);
  const job = await seller.endedJob(id);
  expect(job.status).toBe("completed");
});

test("long folders come page by page, and names are searched", async ({ page, seller }) => {
  await connectDrive(page, seller.email);
  await openDrive(page);
  await openFolder(page, "Products");
  await openFolder(page, "Long series");
  await expect(pictures(page)).toHaveCount(28);
  await page.getByRole("button", { name: "Use this folder" }).click();
  await expect(page.getByRole("region", { name: "Chosen folder" })).toContainText("20 are left out");
  await page.getByRole("button", { name: "Clear" }).click();
  for (let index = 0; index < 8; index += 1) await pictures(page).nth(index).click();
  await expect(page.getByText("Eight photos are chosen, which is the most.")).toBeVisible();
  await expect(pictures(page).nth(8)).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "My Drive" }).first().click();
  await page.getByRole("searchbox").fill("vase");
  await expect(page.getByRole("button", { name: /Ceramic vase/ })).toBeVisible();
  await page.getByRole("searchbox").fill("nothing of that name");
  await expect(page.getByText("Nothing is called “nothing of that name”")).toBeVisible();
});

test("what others share is found, and empty places say so", async ({ page, seller }) => {
  await connectDrive(page, seller.email);
  await openDrive(page);
  await page.getByRole("button", { name: "Shared with me" }).click();
  await expect(page.getByRole("button", { name: "Shared with me" })).toHaveAttribute("aria-current", "true");
  await page.getByRole("button", { name: "Shared drives" }).click();
  await expect(page.getByRole("button", { name: "Shared drives" })).toHaveAttribute("aria-current", "true");
  await page.getByRole("button", { name: "My Drive" }).click();
  await openFolder(page, "Products");
  await openFolder(page, "Nothing yet");
  await expect(page.getByText("No folders and no pictures here.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Use this folder" })).toHaveCount(0);
});

test("images are saved to the Drive once Google allows it, and the choice is kept meanwhile", async ({
  page,
  seller,
}) => {
  await connectDrive(page, seller.email);
  await openDrive(page);
  await openFolder(page, "Products");
  await openFolder(page, "Espresso cup");
  await pictures(page).first().click();
  await page.getByLabel(/Also save the images/).check();
  await overGoogle(page, page.getByRole("link", { name: "Allow saving at Google" }), seller.email);
  await expect(page.getByRole("heading", { level: 3, name: "Espresso cup" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Chosen photos" })).toContainText("1 photo chosen");
  await expect(page.getByLabel(/Also save the images/)).toBeChecked();
  await expect(page.getByRole("link", { name: "Allow saving at Google" })).toHaveCount(0);
  const id = await makeOne(page);
  await seller.endedJob(id);
  await expect
    .poll(async () => (await (await seller.call("GET", `/api/jobs/${id}`)).json()).saved_to_drive?.status, {
      timeout: 30_000,
    })
    .toBe("saved");
});

test("who says no at Google goes on here, with words", async ({ page, seller }) => {
  await openDrive(page);
  await page.getByLabel("Title").fill("Kept");
  await overGoogle(page, page.getByRole("link", { name: "Connect Google Drive" }), seller.email, "Deny");
  await expect(page.getByText("You did not allow it at Google")).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("Kept");
  await overGoogle(page, page.getByRole("link", { name: "Connect Google Drive" }), seller.email);
  await expect(page.getByText("You did not allow it at Google")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Products" })).toBeVisible();
});

test("access that was taken back is asked for again", async ({ page, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await connectDrive(page, seller.email);
  await openDrive(page);
  await expect(page.getByRole("button", { name: "Products" })).toBeVisible();
  await revokeGrant(seller.email);
  await addFaults({ drive_list: [{ account: seller.email, status: 401 }] });
  await page.getByRole("button", { name: "Products", exact: true }).click();
  const again = page.getByRole("link", { name: "Connect Drive again" });
  await expect(again).toBeVisible();
  await overGoogle(page, again, seller.email);
  await expect(page.getByRole("heading", { level: 3, name: "Products" })).toBeVisible();
});

test("a Drive that is busy is told, and tried again", async ({ page, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await connectDrive(page, seller.email);
  await addFaults({
    drive_list: [
      {
        account: seller.email,
        status: 403,
        reason: "userRateLimitExceeded",
        times: 9,
      },
    ],
  });
  await openDrive(page);
  const alert = page.getByRole("alert").filter({ hasText: "Google Drive asks for fewer requests" });
  await expect(alert).toBeVisible({ timeout: 60_000 });
  await expect(alert).toContainText("Wait a few seconds");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(
    option(page, /./)
      .or(page.getByRole("button", { name: "Products" }))
      .first(),
  ).toBeVisible({
    timeout: 60_000,
  });
});

test.describe("a Drive with what can be no photo", () => {
  const picture = { seed: "cup white", width: 300, height: 200 };
  test.use({
    drive: {
      files: [
        { name: "good.png", picture },
        { name: "kept.png", picture, can_download: false },
        { name: "huge.png", picture, size: 53_000_000 },
        { name: "phone.heic", mime_type: "image/heic", text: "ftyp" },
      ],
    },
  });

  test("says why", async ({ page, seller, checkA11y }) => {
    // Google has no small pictures of some of them.
    test.info().annotations.push({ type: "expects refusals" });
    await connectDrive(page, seller.email);
    await openDrive(page);
    await expect(option(page, /kept\.png/)).toContainText("Its owner does not let it be downloaded");
    await expect(option(page, /huge\.png/)).toContainText("Larger than 50 MB");
    await expect(option(page, /phone\.heic/)).toContainText("Not JPEG, PNG or WebP");
    await option(page, /huge\.png/).click({ force: true });
    await expect(option(page, /huge\.png/)).toHaveAttribute("aria-selected", "false");
    await option(page, /good\.png/).click();
    await expect(option(page, /good\.png/)).toHaveAttribute("aria-selected", "true");
    await checkA11y();
  });
});
