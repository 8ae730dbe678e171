import { describe, expect, it } from "vitest";
import { dateValue, expiresAt, expiryProblem } from "./expiry";

const now = new Date(2026, 10, 26, 12);

describe("the end of a key", () => {
  it("is so many days from now, or never", () => {
    expect(expiresAt("never", "", now)).toBeUndefined();
    expect(Date.parse(expiresAt("30", "", now) ?? "") - now.getTime()).toBe(30 * 86_400_000);
  });

  it("is the end of a day where the person is", () => {
    expect(new Date(expiresAt("date", "2027-01-31", now) ?? "")).toEqual(new Date(2027, 0, 31, 23, 59, 59));
    expect(expiryProblem("date", dateValue(now), now)).toBeUndefined();
  });

  it("is a day that is not over", () => {
    expect(expiryProblem("date", "", now)).toBe("Choose the day.");
    expect(expiryProblem("date", "2026-11-25", now)).toBe("Choose a day that is not over.");
    expect(expiryProblem("90", "", now)).toBeUndefined();
  });
});
