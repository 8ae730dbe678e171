/** Webhooks: where they go, what they are signed with, and what becomes of them. */
import type { Page } from "@playwright/test";
import { test as base, expect } from "./fixtures.ts";
import { isSignedWith, type Receiver, startReceiver } from "./receiver.ts";

const test = base.extend<{ receiver: Receiver }>({
  receiver: async ({ page: _ }, use) => {
    const receiver = await startReceiver();
    await use(receiver);
    await receiver.close();
  },
});

/** Whoever has no endpoint is told so by a 404. */
const noEndpointYet = { annotation: { type: "expects refusals" } };

/** The old secret signs nothing any more. */
const END_AT_ONCE = "It stops at once";

async function takeSecret(page: Page): Promise<string> {
  const secret = await page.getByRole("textbox", { name: "Your secret" }).inputValue();
  await page.getByRole("checkbox", { name: "I have stored the secret in a safe place" }).check();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  return secret;
}

async function saveEndpoint(page: Page, url: string) {
  await page.getByRole("textbox", { name: "Address" }).fill(url);
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("region", { name: "Endpoint" }).getByText("The test event arrived")).toBeVisible();
}

/** What the page shows of a secret: the padding of base64 tells nothing apart. */
const lastFour = (secret: string) => secret.replace(/=+$/, "").slice(-4);

const deliveries = (page: Page) => page.getByRole("list", { name: "Deliveries" });

test(
  "an endpoint hears of a job’s end, signed, and again when it is replayed",
  noEndpointYet,
  async ({ page, seller, receiver, checkA11y }) => {
    test.setTimeout(150_000);
    await page.goto("/webhooks");
    await expect(page.getByText("Nothing was sent yet")).toBeVisible();
    await checkA11y();
    await saveEndpoint(page, receiver.url);
    const check = await receiver.nth(1);
    expect(check.event.type).toBe("webhook.test");

    await page.getByRole("button", { name: "Reveal secret" }).click();
    await expect(page.getByRole("dialog", { name: "Your signing secret" })).toBeVisible();
    await checkA11y();
    const secret = await takeSecret(page);
    expect(secret).toMatch(/^whsec_/);
    expect(isSignedWith(check, secret)).toBe(true);

    await page.getByRole("button", { name: "Send test event" }).click();
    const tested = await receiver.nth(2);
    expect([tested.event.type, tested.event.data.test]).toEqual(["job.completed", true]);
    expect(isSignedWith(tested, secret)).toBe(true);
    await expect(page.getByRole("region", { name: "Test event" })).toContainText(/HTTP 204, \d+ ms/);

    const job = await seller.startJob();
    await seller.endedJob(job);
    const told = await receiver.nth(3);
    expect([told.event.type, told.event.data.id]).toEqual(["job.completed", job]);
    expect(isSignedWith(told, secret)).toBe(true);

    await page.reload();
    await expect(page.getByText(`whsec_…${lastFour(secret)}`)).toBeVisible();
    await expect(page.getByRole("button", { name: "Reveal secret" })).toBeHidden();
    expect(await page.content()).not.toContain(secret);
    const row = deliveries(page).getByRole("listitem").first();
    await expect(row).toContainText("Delivered");
    await row.getByRole("button", { name: "1 attempt" }).click();
    await expect(row.getByRole("list", { name: "Attempts" })).toContainText("HTTP 204");
    await checkA11y();

    await row.getByRole("button", { name: "Replay" }).click();
    const again = await receiver.nth(4);
    expect(again.headers["webhook-id"]).toBe(told.headers["webhook-id"]);
    expect(again.event).toEqual(told.event);
    await expect(row.getByRole("button", { name: "2 attempts" })).toBeVisible();
    await expect(row).toContainText("Delivered");
    await row.getByRole("link").click();
    await expect(page).toHaveURL(`/jobs/${job}`);
  },
);

test(
  "an attempt that fails is shown with its answer, and the next one without a reload",
  noEndpointYet,
  async ({ page, seller, receiver }) => {
    await page.goto("/webhooks");
    await saveEndpoint(page, receiver.url);
    receiver.answers.push({ status: 500, body: "out of disk" });
    await seller.endedJob(await seller.startJob());
    await receiver.nth(2);
    await page.reload();
    const row = deliveries(page).getByRole("listitem").first();
    await expect(row.getByRole("button", { name: /1 attempt|2 attempts/ })).toBeVisible();
    await row.getByRole("button", { name: /attempt/ }).click();
    await expect(row).toContainText("HTTP 500");
    await expect(row).toContainText("out of disk");
    await receiver.nth(3);
    await expect(row).toContainText("Delivered");
    await expect(row.getByRole("button", { name: "2 attempts" })).toBeVisible();
  },
);

test(
  "an endpoint that answers 410 is disabled, and what it missed is replayed",
  noEndpointYet,
  async ({ page, seller, receiver, checkA11y }) => {
    test.setTimeout(180_000);
    await page.goto("/webhooks");
    await saveEndpoint(page, receiver.url);
    receiver.answers.push({ status: 410 });
    await seller.endedJob(await seller.startJob());
    await receiver.nth(2);
    const missed = await seller.startJob();
    await seller.endedJob(missed);

    await expect(async () => {
      await page.reload();
      await expect(deliveries(page).getByText("Skipped")).toBeVisible({
        timeout: 3_000,
      });
    }).toPass();
    await expect(deliveries(page).getByText("Gone")).toBeVisible();
    const endpoint = page.getByRole("region", { name: "Endpoint" });
    await expect(endpoint).toContainText("Disabled");
    await expect(endpoint).toContainText("answered 410 Gone");
    await checkA11y();

    await endpoint.getByRole("button", { name: "Save and check" }).click();
    await expect(endpoint.getByText("Enabled")).toBeVisible();
    await page.getByRole("button", { name: "Replay what failed" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay what failed" });
    await checkA11y();
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await expect(dialog).toContainText("1 event under way again.");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    const again = await receiver.nth(4);
    expect(again.event.data.id).toBe(missed);
    await expect(deliveries(page).getByText("Delivered")).toBeVisible();
  },
);

test(
  "an address that is not one of ours to call is refused, and stays to be mended",
  noEndpointYet,
  async ({ page, seller, receiver, checkA11y }) => {
    await page.goto("/webhooks");
    const address = page.getByRole("textbox", { name: "Address" });
    await address.fill("https://10.0.0.1/hook");
    await page.getByRole("button", { name: "Save endpoint" }).click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await expect(address).toHaveValue("https://10.0.0.1/hook");
    await expect(address).toHaveAttribute("aria-invalid", "true");
    await checkA11y();

    receiver.answers.push({ status: 404 });
    await address.fill(receiver.url);
    await page.getByRole("button", { name: "Save endpoint" }).click();
    await expect(page.getByText("The test event did not arrive")).toBeVisible();
    await expect(page.getByText(/answers HTTP 404/)).toBeVisible();
    await page.getByRole("button", { name: "Save and check" }).click();
    await expect(page.getByText("The test event arrived")).toBeVisible();

    await page.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove the endpoint" });
    await checkA11y();
    await dialog.getByRole("button", { name: "Remove endpoint" }).click();
    await expect(dialog).toBeHidden();
    await expect(address).toHaveValue("");
    expect(seller.email).toContain("@");
  },
);

test(
  "after a rotation both secrets sign, until the old one is ended",
  noEndpointYet,
  async ({ page, seller, receiver, checkA11y }) => {
    await page.goto("/webhooks");
    await page.getByRole("button", { name: "Reveal secret" }).click();
    const first = await takeSecret(page);
    const rotate = async (choice: string) => {
      await page.getByRole("button", { name: "Rotate secret" }).click();
      const dialog = page.getByRole("dialog", {
        name: "Rotate the signing secret",
      });
      await dialog.getByRole("combobox", { name: "The old secret" }).selectOption(choice);
      await checkA11y();
      await dialog.getByRole("button", { name: "Rotate secret" }).click();
      return await takeSecret(page);
    };
    const send = async (count: number) => {
      await page.getByRole("textbox", { name: "Send it to" }).fill(receiver.url);
      await page.getByRole("button", { name: "Send test event" }).click();
      return await receiver.nth(count);
    };

    const second = await rotate("It works for 24 more hours");
    await expect(page.getByRole("region", { name: "Signing secret" })).toContainText(`whsec_…${lastFour(second)}`);
    await expect(page.getByText(`whsec_…${lastFour(first)}, ends`)).toBeVisible();
    const both = await send(1);
    expect([isSignedWith(both, first), isSignedWith(both, second)]).toEqual([true, true]);

    const third = await rotate(END_AT_ONCE);
    const only = await send(2);
    expect([first, second, third].map((secret) => isSignedWith(only, secret))).toEqual([false, false, true]);
    await expect(page.getByText("Still signing beside it")).toBeHidden();
    expect(seller.email).toContain("@");
  },
);
