import { expect, it } from "vitest";
import { ownPath } from "./own-address";

it("leaves the host out", () => {
  expect(ownPath("https://packshot.example.com/images/5d1c/01.png")).toBe("/images/5d1c/01.png");
  expect(ownPath("https://packshot.example.com/images/5d1c/01.png?v=2")).toBe("/images/5d1c/01.png?v=2");
  expect(ownPath("/images/5d1c/01.png")).toBe("/images/5d1c/01.png");
});
