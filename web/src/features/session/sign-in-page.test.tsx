import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { answerRequests, renderAt } from "@/testing/render";
import { SignInPage } from "./sign-in-page";

beforeEach(() => {
  answerRequests({ "GET /api/me": () => Response.json({ code: "signed_out" }, { status: 401 }) });
});

function link() {
  return screen.getByRole("link", { name: "Continue with Google" }).getAttribute("href");
}

it("says why somebody is not signed in, and leads on to where they were going", () => {
  renderAt(<SignInPage />, "/sign-in?error=access_denied&next=%2Fnew%3Ffrom%3Djob_1");
  expect(screen.getByRole("status")).toHaveTextContent("You did not allow it at Google");
  expect(link()).toBe("/auth/google/login?next=%2Fnew%3Ffrom%3Djob_1");
});

it("has words for a code that it does not know", () => {
  renderAt(<SignInPage />, "/sign-in?error=new_code");
  expect(screen.getByRole("status")).toHaveTextContent("You are not signed in. Try again.");
});

it.each(["https://evil.example", "//evil.example", "/\\evil.example", "evil"])("leads nowhere else: %s", (next) => {
  renderAt(<SignInPage />, `/sign-in?next=${encodeURIComponent(next)}`);
  expect(link()).toBe("/auth/google/login?next=%2Fjobs");
});
