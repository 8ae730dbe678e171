import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { newQueryClient } from "@/app/query-client";
import { answerRequests } from "@/testing/render";
import { useMe, useSignOut } from "./queries";
import { hadSession, rememberSession } from "./session-mark";

afterEach(() => vi.unstubAllGlobals());

function Account() {
  useMe();
  const signOut = useSignOut();
  return (
    <button type="button" onClick={() => signOut.mutate()}>
      Sign out
    </button>
  );
}

it("is not remembered by an answer that was on its way when the session ended", async () => {
  rememberSession(true);
  let answerMe = () => {};
  const asked = vi.fn();
  answerRequests({
    "GET /api/me": () => {
      asked();
      return new Promise((resolve) => {
        answerMe = () => resolve({ id: "user_1", object: "user", email: "sam@example.com", plan: "free" });
      });
    },
    "POST /auth/logout": () => new Response(null, { status: 204 }),
  });
  const assign = vi.fn();
  vi.stubGlobal("location", { ...window.location, origin: window.location.origin, assign });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <Account />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(asked).toHaveBeenCalled());
  await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
  answerMe();
  // The answer has gone through everything that waits for it.
  await new Promise((resolve) => setTimeout(resolve));
  expect(hadSession()).toBe(false);
});
