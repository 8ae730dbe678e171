import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { answerRequests, renderAt } from "@/testing/render";
import { KeysPage } from "./keys-page";

const SECRET = "packshot_live_abcdefghijklmnopqrstuvwxyz0123456789";

function key(id: string, more: Record<string, unknown> = {}) {
  return {
    id,
    object: "api_key",
    name: `Shop ${id}`,
    prefix: "packshot_live_",
    last_four: "6789",
    scopes: ["generate", "read"],
    status: "active",
    created_at: "2026-11-20T12:00:00Z",
    ...more,
  };
}

function answers(keys: unknown[], more: Parameters<typeof answerRequests>[0] = {}) {
  return answerRequests({
    "GET /api/keys": () => ({ object: "list", data: keys }),
    "GET /api/usage": () => ({ object: "list", data: [] }),
    ...more,
  });
}

/** Everything that a query client holds. */
function held(client: QueryClient): string {
  const states = [...client.getMutationCache().getAll(), ...client.getQueryCache().getAll()].map(({ state }) => state);
  return JSON.stringify(states);
}

async function fillIn(user: ReturnType<typeof userEvent.setup>, name: string) {
  await user.click(await screen.findByRole("button", { name: "Create key" }));
  await user.type(screen.getByRole("textbox", { name: "Name" }), name);
  return screen.getByRole("dialog", { name: "Create a key" });
}

describe("API keys", () => {
  it("that have ended are folded away", async () => {
    answers([
      key("1"),
      key("2", { status: "revoked", revoked_at: "2026-11-21T12:00:00Z" }),
      key("3", { status: "expired" }),
    ]);
    renderAt(<KeysPage />);
    const active = await screen.findByRole("list", { name: "Keys" });
    expect(within(active).getAllByRole("listitem")).toHaveLength(1);
    expect(active).toHaveTextContent("packshot_live_…6789");
    expect(active).toHaveTextContent("Last usedNever");
    expect(screen.getByText("2 revoked or expired keys")).toBeInTheDocument();
    expect(screen.getByText(/1 of 20 keys are in use/)).toBeInTheDocument();
  });

  it("cannot be more than twenty", async () => {
    answers(Array.from({ length: 20 }, (_, index) => key(String(index))));
    renderAt(<KeysPage />);
    expect(await screen.findByRole("button", { name: "Create key" })).toBeDisabled();
    expect(screen.getByText(/Revoke one to create another/)).toBeInTheDocument();
  });

  it("are shown once, and are nowhere after that", async () => {
    const user = userEvent.setup();
    let asked: { body: unknown; name: string | null } | undefined;
    answers([], {
      "POST /api/keys": async (request) => {
        asked = { body: await request.json(), name: request.headers.get("idempotency-key") };
        return Response.json(key("1", { key: SECRET }), { status: 201 });
      },
    });
    const client = newQueryClient();
    renderAt(
      <QueryClientProvider client={client}>
        <KeysPage />
      </QueryClientProvider>,
    );
    const dialog = await fillIn(user, "Shop");
    await user.click(within(dialog).getByRole("checkbox", { name: "generate" }));
    await user.click(within(dialog).getByRole("button", { name: "Create key" }));
    expect(await screen.findByDisplayValue(SECRET)).toBeInTheDocument();
    expect(asked?.body).toEqual({ name: "Shop", scopes: ["read"] });
    expect(asked?.name).toMatch(/^[0-9a-f-]{36}$/);
    const done = screen.getByRole("button", { name: "Done" });
    expect(done).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: /I have stored/ }));
    await user.click(done);
    expect(screen.queryByDisplayValue(SECRET)).not.toBeInTheDocument();
    await waitFor(() => expect(held(client)).not.toContain(SECRET));
  });

  it("keep what was typed when they are refused, and are the same wish when tried again", async () => {
    const user = userEvent.setup();
    const names: (string | null)[] = [];
    answers([], {
      "POST /api/keys": (request) => {
        names.push(request.headers.get("idempotency-key"));
        return Response.json({ title: "Unavailable", detail: "Try again.", code: "unavailable" }, { status: 503 });
      },
    });
    renderAt(<KeysPage />);
    const dialog = await fillIn(user, "Shop");
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "Expires" }), "In 30 days");
    const create = within(dialog).getByRole("button", { name: "Create key" });
    await user.click(create);
    await within(dialog).findByRole("alert");
    await user.click(create);
    await waitFor(() => expect(names).toHaveLength(2));
    expect(names[0]).toBe(names[1]);
    expect(within(dialog).getByRole("textbox", { name: "Name" })).toHaveValue("Shop");
    await within(dialog).findByRole("alert");
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), " 2");
    await user.click(create);
    await waitFor(() => expect(names).toHaveLength(3));
    expect(names[2]).not.toBe(names[0]);
  });

  it("are said to be lost where their answer was", async () => {
    const user = userEvent.setup();
    answers([], { "POST /api/keys": () => Response.json(key("1"), { status: 201 }) });
    renderAt(<KeysPage />);
    const dialog = await fillIn(user, "Shop");
    await user.click(within(dialog).getByRole("button", { name: "Create key" }));
    expect(await screen.findByText(/was lost on the way/)).toBeInTheDocument();
  });

  it("say what is missing before anything is sent", async () => {
    const user = userEvent.setup();
    const fetch = answers([]);
    renderAt(<KeysPage />);
    const dialog = await fillIn(user, " ");
    for (const box of within(dialog).getAllByRole("checkbox")) await user.click(box);
    await user.click(within(dialog).getByRole("button", { name: "Create key" }));
    expect(within(dialog).getByText("Say what the key is for.")).toBeInTheDocument();
    expect(within(dialog).getByText("Choose at least one.")).toBeInTheDocument();
    expect(fetch.mock.calls.every(([request]) => (request as Request).method === "GET")).toBe(true);
  });
});

it("is shown even if the dialog was closed before the answer came", async () => {
  const user = userEvent.setup();
  let answer = (_: Response) => {};
  answers([], {
    "POST /api/keys": () =>
      new Promise<Response>((resolve) => {
        answer = resolve;
      }),
  });
  renderAt(<KeysPage />);
  const dialog = await fillIn(user, "Shop");
  await user.click(within(dialog).getByRole("button", { name: "Create key" }));
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  answer(Response.json(key("1", { key: SECRET }), { status: 201 }));
  expect(await screen.findByDisplayValue(SECRET)).toBeInTheDocument();
});
