/** The account: its limits, its Drive, its sessions and its end. */
import { consent, expect, signIn, test } from "./fixtures.ts";

test("the account and what is left of its plan", async ({ page, seller, checkA11y }) => {
  await page.goto("/settings");
  const account = page.getByRole("region", { name: "Account", exact: true });
  await expect(account).toContainText(seller.email);
  await expect(account).toContainText("Pro");
  await expect(account.getByRole("meter")).toHaveCount(4);
  await expect(account.getByRole("list", { name: "Limits" })).toContainText("of 50,000 images left");
  await expect(page.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
  await checkA11y();
});

test("a session on another device is ended from here", async ({ page, seller, browser }) => {
  const other = await (await browser.newContext()).newPage();
  await signIn(other, seller.email);
  await page.goto("/settings");
  const sessions = page.getByRole("list", { name: "Sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await expect(sessions.getByText("This one")).toHaveCount(1);
  await sessions.getByRole("button", { name: /^Sign out of / }).click();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await other.goto("/jobs");
  await expect(other).toHaveURL("/sign-in?next=%2Fjobs");
  await page.reload();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await other.context().close();
});

test("all sessions are ended at once, here too", async ({ page, seller, browser, checkA11y }) => {
  const other = await (await browser.newContext()).newPage();
  await signIn(other, seller.email);
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign out everywhere" });
  await checkA11y();
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL("/");
  for (const one of [page, other]) {
    expect((await one.request.get("/api/me")).status()).toBe(401);
  }
  await other.context().close();
});

test("signing out of this session leads to the start page", async ({ page, seller }) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out here" }).click();
  await expect(page).toHaveURL("/");
  expect((await page.request.get("/api/me")).status()).toBe(401);
  expect(seller.email).toContain("@");
});

test("a Drive is connected, let save, and disconnected", async ({ page, seller, checkA11y }) => {
  await page.goto("/settings");
  const drive = page.getByRole("region", { name: "Google Drive" });
  await expect(drive).toContainText("Not connected");
  await drive.getByRole("link", { name: "Connect Google Drive" }).click();
  await consent(page, seller.email, "Deny");
  await expect(drive).toContainText("You did not allow it at Google, so nothing was changed.");
  await checkA11y();

  await drive.getByRole("link", { name: "Connect Google Drive" }).click();
  await consent(page, seller.email);
  await expect(page).toHaveURL("/settings");
  await expect(drive).toContainText(seller.email);
  await expect(drive).toContainText("We cannot save images there yet.");
  await drive.getByRole("link", { name: "Allow saving" }).click();
  await consent(page, seller.email);
  await expect(drive).toContainText("We can save images there.");
  await expect(drive.getByRole("link", { name: "Allow saving" })).toBeHidden();

  await drive.getByRole("button", { name: "Disconnect" }).click();
  const dialog = page.getByRole("dialog", { name: "Disconnect Google Drive" });
  await checkA11y();
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await expect(drive).toContainText("Not connected");
  await page.reload();
  await expect(drive).toContainText("Not connected");
});

test("an account is deleted, and whoever comes back has a new one", async ({ page, seller, checkA11y }) => {
  const before = await (await seller.call("GET", "/api/me")).json();
  await page.goto("/settings");
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete the account" });
  const confirm = dialog.getByRole("button", { name: "Delete account" });
  await dialog.getByRole("textbox").fill("somebody@else.example");
  await expect(confirm).toBeDisabled();
  await checkA11y();
  await dialog.getByRole("textbox").fill(seller.email);
  await confirm.click();
  const goodbye = page.getByRole("dialog", { name: "Your account is closed" });
  await expect(goodbye).toContainText("signed out everywhere");
  await checkA11y();
  expect((await page.request.get("/api/me")).status()).toBe(401);
  await goodbye.getByRole("button", { name: "Go to the start page" }).click();
  await expect(page).toHaveURL("/");

  await signIn(page, seller.email, "/keys");
  await expect(page.getByText("No keys yet")).toBeVisible();
  const after = await (await seller.call("GET", "/api/me")).json();
  expect(after.email).toBe(before.email);
  expect(after.id).not.toBe(before.id);
});
