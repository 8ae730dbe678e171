import { render, screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { RouteErrorPage } from "./route-error-page";

beforeEach(() => {
  // React and the router tell the console of what they caught.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

function drawFailing(error: unknown) {
  const Broken = () => {
    throw error;
  };
  const router = createMemoryRouter([{ path: "/", element: <Broken />, errorElement: <RouteErrorPage /> }]);
  render(<RouterProvider router={router} />);
}

it("offers to load again, and names the request where there was one", () => {
  const body = { detail: "x", request_id: "r-7" };
  drawFailing(ApiProblem.of(new Response(null, { status: 500 }), body));
  expect(screen.getByRole("heading")).toHaveTextContent("This page could not be shown");
  expect(screen.getByText("r-7")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Load again" })).toBeInTheDocument();
});

it("says that there is no connection where that is why", () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  drawFailing(new TypeError("Failed to fetch dynamically imported module"));
  expect(screen.getByRole("heading")).toHaveTextContent("You are offline");
});
