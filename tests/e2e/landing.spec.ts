/** The landing page, and the way in and out. */
import { consent, expect, test } from "./fixtures.ts";
import { addAccount } from "./google.ts";
import { stack } from "./stack.ts";

test("the landing page shows what Packshot does, and works by keyboard", async ({ page, checkA11y }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("One photo in. Ten listing images out.");
  await expect(page.locator("[data-frame]")).toHaveCount(10);
  const large = page.locator("[data-image]");
  const before = await large.getAttribute("src");
  await page.getByRole("button", { name: /^Show image 7/ }).press("Enter");
  await expect(page.getByRole("button", { name: /^Show image 7/ })).toHaveAttribute("aria-pressed", "true");
  await expect(large).not.toHaveAttribute("src", before ?? "");
  await expect.poll(() => large.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  const slider = page.getByRole("slider");
  await slider.press("End");
  await expect(slider).toHaveValue("100");
  await expect(page.locator("[data-curl]")).toContainText(`${stack.base_url}/api/v1/generate`);
  await expect(page.getByRole("table")).toContainText("$0.0168");
  await checkA11y();
});

test("the landing page can be read without a script", async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    baseURL: stack.base_url,
  });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Make ten images" }).first()).toHaveAttribute("href", /google\/login/);
  await expect(page.getByRole("slider")).toHaveCount(0);
  await context.close();
});

test("every link to a document leads to one", async ({ page }) => {
  await page.goto("/");
  const links = await page
    .locator('a[href^="/docs"]')
    .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(links.length).toBeGreaterThan(2);
  for (const link of new Set(links)) {
    const answer = await page.request.get(link ?? "");
    expect(answer.status(), `${link}`).toBe(200);
    expect(answer.headers()["content-type"], `${link}`).toContain("text/html");
  }
});

test("pages come with a strict policy, files with a hash are kept for a year", async ({ page }) => {
  for (const path of ["/", "/jobs", "/no/such/page"]) {
    const headers = (await page.request.get(path)).headers();
    expect(headers["content-security-policy"], path).toContain("default-src 'self'");
    expect(headers["content-security-policy"], path).not.toContain("unsafe");
    expect(headers["strict-transport-security"], path).toContain("max-age=31536000");
    expect(headers["cache-control"], path).toBe("no-cache");
  }
  const html = await (await page.request.get("/jobs")).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1];
  const headers = (await page.request.get(script ?? "/none")).headers();
  expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

test("a seller signs in from the landing page, comes back, and signs out", async ({ page, checkA11y }) => {
  // What is asked for while the session ends may be refused.
  test.info().annotations.push({ type: "expects refusals" });
  const { email } = await addAccount();
  await page.goto("/");
  await page.getByRole("link", { name: "Sign in" }).click();
  await consent(page, email);
  await page.waitForURL("**/jobs");
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("navigation", { name: "Account" })).toContainText(email);
  await checkA11y();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Menu" })).toBeFocused();
  await page.goto("/");
  await page.getByRole("link", { name: "Open your jobs" }).click();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${stack.base_url}/`);
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
});

test("without a session every page leads to the sign-in, and from there back", async ({ page, checkA11y }) => {
  test.info().annotations.push({ type: "expects refusals" });
  const { email } = await addAccount();
  await page.goto("/settings?from=mail");
  await expect(page).toHaveURL("/sign-in?next=%2Fsettings%3Ffrom%3Dmail");
  await checkA11y();
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await consent(page, email);
  await expect(page).toHaveURL("/settings?from=mail");
});

test("who says no at Google is told so, and may try again", async ({ page, checkA11y }) => {
  test.info().annotations.push({ type: "expects refusals" });
  const { email } = await addAccount();
  await page.goto("/auth/google/login?next=/keys");
  await consent(page, email, "Deny");
  await expect(page.getByRole("status")).toContainText("You did not allow it at Google");
  await checkA11y();
  await page.getByRole("link", { name: "Continue with Google" }).click();
  await consent(page, email);
  await expect(page).toHaveURL("/keys");
});

test("signing out in one window is noticed in another", async ({ page, seller, context }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await seller.call("POST", "/auth/logout");
  await page.getByRole("link", { name: "Packshot, your jobs" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("button", { name: "Sign in again" }).click(),
  ]);
  await consent(popup, seller.email);
  await expect(dialog).toBeHidden();
});

test("a sign-in of another browser is refused in words", async ({ page }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await page.goto("/auth/google/callback?code=x&state=y");
  await expect(page.getByRole("status")).toContainText("begun in another browser");
});
