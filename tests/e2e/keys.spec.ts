/** API keys: made, shown once, used, rolled and revoked. */
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Reads the key that is shown, and says that it is stored. */
async function takeKey(page: Page): Promise<string> {
  const key = await page.getByRole("textbox", { name: "Your key" }).inputValue();
  await page.getByRole("checkbox", { name: "I have stored the key in a safe place" }).check();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  return key;
}

async function createKey(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a key" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Create key" }).click();
  return await takeKey(page);
}

/** What the API says to a key, without the page's session. */
async function status(request: APIRequestContext, key: string): Promise<number> {
  return (await request.get("/api/v1/jobs", { headers: { "x-api-key": key } })).status();
}

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

test("a key works from when it is made until it is revoked, and is shown once", async ({
  page,
  seller,
  request,
  context,
  checkA11y,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/keys");
  await expect(page.getByRole("list", { name: "Keys", exact: true })).toBeVisible();
  await checkA11y();

  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a key" });
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText("Say what the key is for.")).toBeVisible();
  await checkA11y();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Shop in Lyon");
  await dialog.getByRole("combobox", { name: "Expires" }).selectOption("In 90 days");
  await dialog.getByRole("button", { name: "Create key" }).click();

  await page.getByRole("button", { name: "Copy key" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  // The browser closes a dialog itself when Escape is pressed often enough.
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Your key for “Shop in Lyon”" })).toBeVisible();
  await checkA11y();
  const key = await takeKey(page);
  expect(copied).toBe(key);
  expect(key).toMatch(/^packshot_live_[0-9A-Za-z]{36}$/);
  expect(await page.content()).not.toContain(key);

  expect(await status(request, key)).toBe(200);
  await page.reload();
  await expect(row(page, "Shop in Lyon")).toContainText(`packshot_live_…${key.slice(-4)}`);
  await expect(row(page, "Shop in Lyon")).toContainText("in 3 months");
  expect(await page.content()).not.toContain(key);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain(key);

  await page.getByRole("button", { name: "Revoke Shop in Lyon" }).click();
  const confirm = page.getByRole("dialog", { name: "Revoke “Shop in Lyon”" });
  await checkA11y();
  await confirm.getByRole("button", { name: "Keep it" }).click();
  expect(await status(request, key)).toBe(200);
  await page.getByRole("button", { name: "Revoke Shop in Lyon" }).click();
  await confirm.getByRole("button", { name: "Revoke key" }).click();
  await expect(confirm).toBeHidden();
  expect(await status(request, key)).toBe(403);
  await expect(page.getByRole("list", { name: "Keys", exact: true })).not.toContainText("Shop in Lyon");
  await page.getByText("1 revoked or expired key").click();
  const ended = page.getByRole("list", { name: "Revoked and expired keys" });
  await expect(ended).toContainText("Shop in Lyon");
  await expect(ended).toContainText("Revoked");
  await checkA11y();
  expect(seller.email).toContain("@");
});

test("a key that is rolled works beside the new one for as long as was chosen", async ({
  page,
  seller,
  request,
  checkA11y,
}) => {
  await page.goto("/keys");
  const first = await createKey(page, "Robot");

  await page.getByRole("button", { name: "Roll Robot" }).click();
  const dialog = page.getByRole("dialog", { name: "Roll “Robot”" });
  await checkA11y();
  await dialog.getByRole("combobox", { name: "The old key" }).selectOption("It works for 1 more hour");
  await dialog.getByRole("button", { name: "Roll key" }).click();
  const second = await takeKey(page);
  expect(second).not.toBe(first);
  expect(await status(request, first)).toBe(200);
  expect(await status(request, second)).toBe(200);
  await expect(row(page, `…${first.slice(-4)}`)).toContainText("in 1 hour");
  await expect(row(page, `…${second.slice(-4)}`)).toContainText("ExpiresNever");

  await row(page, `…${second.slice(-4)}`)
    .getByRole("button", { name: "Roll Robot" })
    .click();
  await dialog.getByRole("combobox", { name: "The old key" }).selectOption("It stops at once");
  await dialog.getByRole("button", { name: "Roll key" }).click();
  const third = await takeKey(page);
  expect(await status(request, second)).toBe(403);
  expect(await status(request, third)).toBe(200);
  expect(seller.email).toContain("@");
});

test("a key does only what it was made for, and its use is counted", async ({ page, seller, request, checkA11y }) => {
  await page.goto("/keys");
  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a key" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Dashboard");
  await dialog.getByRole("checkbox", { name: "generate" }).uncheck();
  await dialog.getByRole("button", { name: "Create key" }).click();
  const key = await takeKey(page);
  expect(await status(request, key)).toBe(200);
  const refused = await request.post("/api/v1/generate", {
    headers: { "x-api-key": key },
    data: {},
  });
  expect([refused.status(), (await refused.json()).code]).toEqual([403, "insufficient_scope"]);

  await page.reload();
  const whose = page.getByRole("combobox", { name: "Used by" });
  await whose.selectOption({ label: `Dashboard (…${key.slice(-4)})` });
  await expect(page.getByRole("img", { name: /Requests by day/ })).toBeVisible();
  await expect(page.getByRole("figure")).toContainText(/[12] requests? in 30 days/);
  await page.getByRole("radio", { name: /Cost/ }).click();
  await expect(page.getByRole("figure")).toContainText("$0.00 in 30 days");
  await page.getByText("The numbers by day").click();
  await expect(page.getByRole("table", { name: /Usage by day/ }).getByRole("row")).toHaveCount(3);
  await checkA11y();
  await expect(row(page, "Dashboard")).not.toContainText("Last usedNever");
  expect(seller.email).toContain("@");
});

test("the quick start can be copied", async ({ page, seller, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/keys");
  await page.getByRole("button", { name: "Copy command" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    `${new URL(page.url()).origin}/api/v1/generate`,
  );
  expect(seller.email).toContain("@");
});
