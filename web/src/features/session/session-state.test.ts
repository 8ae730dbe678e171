import { beforeEach, expect, it } from "vitest";
import { takesOver } from "./session-state";

beforeEach(() => sessionStorage.clear());

it("keeps a draft for the person whose it is, and from everybody else", () => {
  expect(takesOver("user_1")).toBe(false);
  sessionStorage.setItem("draft", "Espresso cup");
  expect(takesOver("user_1")).toBe(false);
  expect(sessionStorage.getItem("draft")).toBe("Espresso cup");
  expect(takesOver("user_2")).toBe(true);
  expect(sessionStorage.getItem("draft")).toBeNull();
  expect(takesOver("user_2")).toBe(false);
});
