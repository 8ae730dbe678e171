import { expect, it, vi } from "vitest";
import { forget, forgetAll, keep, kept } from "./browser-storage";

it("keeps and forgets", () => {
  keep("tab", "a", "1");
  keep("device", "a", "2");
  expect([kept("tab", "a"), kept("device", "a")]).toEqual(["1", "2"]);
  forget("device", "a");
  forgetAll("tab");
  expect([kept("tab", "a"), kept("device", "a")]).toEqual([undefined, undefined]);
});

it("does without where the browser refuses even to be asked", () => {
  vi.spyOn(globalThis, "sessionStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(() => keep("tab", "a", "1")).not.toThrow();
  expect(kept("tab", "a")).toBeUndefined();
  expect(() => forgetAll("tab")).not.toThrow();
});
