import { QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactElement } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";
import { newQueryClient } from "@/app/query-client";

/** Draws a page of the application at an address. */
export function renderAt(element: ReactElement, address = "/", path = "*"): RenderResult {
  const router = createMemoryRouter([{ path, element }], { initialEntries: [address] });
  return render(
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}

type Handler = (request: Request) => unknown | Promise<unknown>;

/** Answers the page's requests: by method and path, a body or a whole `Response`. What is not named is 404. */
export function answerRequests(handlers: Record<string, Handler>) {
  const fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), location.origin), init);
    const handler = handlers[`${request.method} ${new URL(request.url).pathname}`];
    const answer = handler ? await handler(request) : Response.json({ code: "not_found" }, { status: 404 });
    return answer instanceof Response ? answer : Response.json(answer);
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
