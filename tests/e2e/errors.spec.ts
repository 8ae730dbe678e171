/** Pages that say what is wrong. */
import { expect, test } from "./fixtures.ts";

test("an address that no page has", async ({ page, seller, checkA11y }) => {
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  await checkA11y();
  await page.getByRole("link", { name: "Go to your jobs" }).click();
  await expect(page).toHaveURL("/jobs");
  expect(seller.email).toContain("@");
});

test("offline: the page says so, keeps what is there, and goes on when it is back", async ({
  page,
  seller,
  context,
  checkA11y,
}) => {
  test.info().annotations.push({ type: "expects refusals" });
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline. What is shown may be old")).toBeVisible();
  await expect(page.getByRole("main").getByText(seller.email)).toBeVisible();
  await checkA11y();
  await context.setOffline(false);
  await expect(page.getByText("You are offline. What is shown may be old")).toBeHidden();
});

test("offline: a page that was never loaded says so, and comes when there is a connection", async ({
  page,
  seller,
  context,
  checkA11y,
}) => {
  test.info().annotations.push({ type: "expects refusals" });
  await page.goto("/settings");
  await expect(page.getByRole("main").getByText(seller.email)).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("link", { name: "New job" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You are offline");
  await checkA11y();
  await context.setOffline(false);
  await expect(page).toHaveURL("/new");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New job");
});

test("a page whose code is not to be had offers to load again", async ({ page, seller, checkA11y }) => {
  test.info().annotations.push({ type: "expects refusals" });
  await page.goto("/settings");
  await expect(page.getByRole("main").getByText(seller.email)).toBeVisible();
  // As after a release that removed it: the server is asked for a file that it does not have.
  await page.route("**/assets/new-job-page-*.js", (route) =>
    route.continue({
      url: route.request().url().replace("new-job-page", "gone"),
    }),
  );
  await page.getByRole("link", { name: "New job" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page could not be shown");
  await checkA11y();
  await page.unroute("**/assets/new-job-page-*.js");
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New job");
});

test("trouble on our side is told with the request's id, and may be over at the next try", async ({ page, seller }) => {
  test.info().annotations.push({ type: "expects refusals" });
  // An address that the API refuses stands in for trouble: its real answer, with a real id.
  await page.route("**/api/sessions", (route) =>
    route.continue({ url: route.request().url().replace("sessions", "none") }),
  );
  await page.goto("/settings");
  const notice = page.getByRole("alert").first();
  await expect(notice).toBeVisible();
  await expect(notice.locator("code")).not.toBeEmpty();
  await page.unroute("**/api/sessions");
  await notice.getByRole("button", { name: "Try again" }).click();
  await expect(notice).toBeHidden();
  expect(seller.email).toContain("@");
});
