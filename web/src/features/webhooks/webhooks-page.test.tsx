import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { answerRequests, renderAt } from "@/testing/render";
import { likelyBeginning, localValue } from "./replay-failed-dialog";
import { WebhooksPage } from "./webhooks-page";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const endpoint = {
  object: "webhook_endpoint",
  url: "https://shop.example/hook",
  events: ["job.completed", "job.failed"],
  status: "enabled",
  created_at: "2026-11-20T12:00:00Z",
  check: { at: "2026-11-20T12:00:00Z", ok: true, status: 204, milliseconds: 84, findings: [] },
};

const none = () => Response.json({ code: "endpoint_not_found", title: "None", detail: "None." }, { status: 404 });

const secret = { object: "webhook_secret", last_four: "LaSw", revealed_at: "2026-11-20T12:00:00Z", ending: [] };

function delivery(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    object: "webhook_delivery",
    type: "job.completed",
    job_id: "job_01kav3ny0se4m8s1v3gt9a6j4x",
    url: endpoint.url,
    status: "exhausted",
    attempts: [
      { at: "2026-11-24T12:00:00Z", milliseconds: 15000, problem: "there was no answer in time" },
      { at: "2026-11-24T12:00:05Z", milliseconds: 84, status: 500, answer: "out of disk" },
    ],
    ...more,
  };
}

function answers(more: Parameters<typeof answerRequests>[0] = {}) {
  return answerRequests({
    "GET /api/me": () => ({ id: "user_1", email: "a@b.example" }),
    "GET /api/webhook-endpoint": () => endpoint,
    "GET /api/webhook-deliveries": () => ({ object: "list", data: [], has_more: false }),
    ...more,
  });
}

/** Everything that a query client holds. */
function held(client: QueryClient): string {
  const states = [...client.getMutationCache().getAll(), ...client.getQueryCache().getAll()].map(({ state }) => state);
  return JSON.stringify(states);
}

function asked(fetch: ReturnType<typeof answers>, what: string) {
  return fetch.mock.calls.filter(([input]) => {
    const request = input as Request;
    return `${request.method} ${new URL(request.url).pathname}` === what;
  });
}

afterEach(() => localStorage.clear());

describe("the endpoint", () => {
  it("is saved with every event unless some are left out", async () => {
    const user = userEvent.setup();
    const bodies: unknown[] = [];
    answers({
      "GET /api/webhook-endpoint": none,
      "PUT /api/webhook-endpoint": async (request) => {
        bodies.push(await request.json());
        return endpoint;
      },
    });
    renderAt(<WebhooksPage />);
    await user.type(await screen.findByRole("textbox", { name: "Address" }), endpoint.url);
    await user.click(screen.getByRole("button", { name: "Save endpoint" }));
    expect(await screen.findByText("The test event arrived")).toBeInTheDocument();
    await user.click(screen.getByRole("checkbox", { name: "image.failed" }));
    await user.click(screen.getByRole("button", { name: "Save and check" }));
    await waitFor(() => expect(bodies).toHaveLength(2));
    expect(bodies[0]).toEqual({ url: endpoint.url });
    expect(bodies[1]).toEqual({
      url: endpoint.url,
      events: ["job.completed", "job.failed", "job.canceled", "image.completed"],
    });
  });

  it("keeps what was typed when the address is refused", async () => {
    const user = userEvent.setup();
    answers({
      "PUT /api/webhook-endpoint": () =>
        Response.json(
          {
            code: "invalid_fields",
            title: "The request is not valid",
            detail: "url must be https.",
            errors: [{ field: "url", code: "invalid_url", message: "must be https" }],
          },
          { status: 422 },
        ),
    });
    renderAt(<WebhooksPage />);
    const address = await screen.findByRole("textbox", { name: "Address" });
    await user.clear(address);
    await user.type(address, "http://x");
    await user.click(screen.getByRole("button", { name: "Save and check" }));
    expect(await screen.findByText("Must be https.")).toBeInTheDocument();
    expect(address).toHaveValue("http://x");
    expect(address).toBeInvalid();
  });

  it("says why it is disabled", async () => {
    answers({ "GET /api/webhook-endpoint": () => ({ ...endpoint, status: "disabled", disabled_reason: "gone" }) });
    renderAt(<WebhooksPage />);
    expect(await screen.findByText(/answered 410 Gone/)).toBeInTheDocument();
    expect(screen.getByText("Disabled")).toBeInTheDocument();
  });
});

describe("the secret", () => {
  it("is not asked for before the person asks, and is nowhere after that", async () => {
    const user = userEvent.setup();
    const fetch = answers({ "GET /api/webhooks/secret": () => ({ ...secret, secret: SECRET }) });
    const client = newQueryClient();
    renderAt(
      <QueryClientProvider client={client}>
        <WebhooksPage />
      </QueryClientProvider>,
    );
    await screen.findByText("Nothing was sent yet");
    expect(asked(fetch, "GET /api/webhooks/secret")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Reveal secret" }));
    expect(await screen.findByDisplayValue(SECRET)).toBeInTheDocument();
    await user.click(screen.getByRole("checkbox", { name: /I have stored/ }));
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(screen.queryByDisplayValue(SECRET)).not.toBeInTheDocument();
    await waitFor(() => expect(held(client)).not.toContain(SECRET));
    expect(screen.getByText("whsec_…LaSw")).toBeInTheDocument();
    expect(JSON.stringify({ ...localStorage })).not.toContain(SECRET.slice(6));
  });

  it("is known by its end once it was shown", async () => {
    localStorage.setItem("packshot:webhook-secret-revealed:user_1", "yes");
    answers({
      "GET /api/webhooks/secret": () => ({
        ...secret,
        ending: [{ last_four: "0ld1", ends_at: "2036-01-01T00:00:00Z" }],
      }),
    });
    renderAt(<WebhooksPage />);
    expect(await screen.findByText("whsec_…LaSw")).toBeInTheDocument();
    expect(screen.getByText("whsec_…0ld1")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Reveal secret" })).not.toBeInTheDocument();
  });
});

describe("deliveries", () => {
  it("show every attempt, and are replayed", async () => {
    const user = userEvent.setup();
    const fetch = answers({
      "GET /api/webhook-deliveries": () => ({ object: "list", data: [delivery("evt_1")], has_more: false }),
      "POST /api/webhook-deliveries/evt_1/replay": () =>
        Response.json(delivery("evt_1", { status: "pending" }), { status: 202 }),
    });
    renderAt(<WebhooksPage />);
    await user.click(await screen.findByRole("button", { name: "2 attempts" }));
    const attempts = screen.getByRole("list", { name: "Attempts" });
    expect(attempts).toHaveTextContent("There was no answer in time.");
    expect(within(attempts).getByText("out of disk")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Replay" }));
    await waitFor(() => expect(asked(fetch, "POST /api/webhook-deliveries/evt_1/replay")).toHaveLength(1));
    await waitFor(() => expect(asked(fetch, "GET /api/webhook-deliveries").length).toBeGreaterThan(1));
  });

  it("that failed are replayed since trouble began", () => {
    const now = new Date("2026-11-26T12:00:00Z");
    expect(likelyBeginning(null, now)).toEqual(new Date("2026-11-25T12:00:00Z"));
    expect(localValue(new Date(2026, 10, 25, 9, 5))).toBe("2026-11-25T09:05");
  });
});
