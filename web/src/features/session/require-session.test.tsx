import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider, useSearchParams } from "react-router";
import { expect, it, vi } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { answerRequests } from "@/testing/render";
import { meQuery } from "./queries";
import { RequireSession } from "./require-session";
import { SessionEndedDialog } from "./session-ended-dialog";
import { rememberSession } from "./session-mark";
import { tellSignedIn } from "./session-state";

const me = { id: "user_1", object: "user", email: "sam@example.com", plan: "free" };

function signedOut() {
  return Response.json({ code: "signed_out", title: "You are not signed in" }, { status: 401 });
}

function SignIn() {
  const [query] = useSearchParams();
  return <p>Sign in, then {query.get("next")}</p>;
}

function draw() {
  const client = newQueryClient();
  const router = createMemoryRouter(
    [
      {
        element: <RequireSession />,
        children: [{ path: "/new", element: <input aria-label="Title" defaultValue="" /> }],
      },
      { path: "/sign-in", element: <SignIn /> },
    ],
    { initialEntries: ["/new?from=job_1"] },
  );
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
      <SessionEndedDialog />
    </QueryClientProvider>,
  );
  return client;
}

it("draws the page at once for who was signed in, and leads them to the sign-in if they no longer are", async () => {
  rememberSession(true);
  let answer = (_: Response) => {};
  answerRequests({
    "GET /api/me": () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  draw();
  expect(await screen.findByLabelText("Title")).toBeInTheDocument();
  answer(signedOut());
  expect(await screen.findByText("Sign in, then /new?from=job_1")).toBeInTheDocument();
});

it("leads who is not signed in to the sign-in, and from there back", async () => {
  answerRequests({ "GET /api/me": signedOut });
  draw();
  expect(await screen.findByText("Sign in, then /new?from=job_1")).toBeInTheDocument();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

it("keeps what was typed when the session ends, until somebody has signed in again", async () => {
  let isIn = true;
  answerRequests({ "GET /api/me": () => (isIn ? me : signedOut()) });
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  const client = draw();
  const title = await screen.findByLabelText("Title");
  await userEvent.type(title, "Espresso cup");
  isIn = false;
  await client.fetchQuery({ ...meQuery, staleTime: 0, retry: false }).catch(() => undefined);
  await screen.findByText("Your session has ended");
  expect(title).toHaveValue("Espresso cup");
  await userEvent.click(screen.getByRole("button", { name: "Sign in again" }));
  expect(open.mock.calls[0]?.[0]).toBe("/auth/google/login?next=%2Fsigned-in");
  isIn = true;
  tellSignedIn();
  await waitFor(() => expect(screen.queryByText("Your session has ended")).not.toBeInTheDocument());
  expect(title).toHaveValue("Espresso cup");
});

it("says what is wrong where it cannot know", async () => {
  answerRequests({ "GET /api/me": () => Response.json({ detail: "Come back later." }, { status: 403 }) });
  draw();
  expect(await screen.findByRole("alert")).toHaveTextContent("Come back later.");
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
});
