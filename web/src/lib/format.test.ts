import { describe, expect, it } from "vitest";
import { bytes, duration, plural, relativeTime, usd } from "./format";

describe("money", () => {
  it("has cents, and more digits below a cent", () => {
    expect(usd("0.203250")).toBe("$0.20");
    expect(usd("0.004100")).toBe("$0.0041");
    expect(usd("0")).toBe("$0.00");
    expect(usd("1234.5")).toBe("$1,234.50");
  });
});

describe("sizes", () => {
  it("count in thousands", () => {
    expect(bytes(999)).toBe("999 B");
    expect(bytes(8_400_000)).toBe("8.4 MB");
    expect(bytes(52_428_800)).toBe("52 MB");
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  it.each([
    ["2026-11-26T11:59:55Z", "just now"],
    ["2026-11-26T11:57:00Z", "3 minutes ago"],
    ["2026-11-25T12:00:00Z", "yesterday"],
    ["2026-11-26T12:59:58Z", "in 1 hour"],
    ["2026-11-27T11:59:50Z", "tomorrow"],
    ["2026-11-28T13:00:00Z", "in 2 days"],
  ])("%s is %s", (moment, words) => {
    expect(relativeTime(moment, now)).toBe(words);
  });

  it("last", () => {
    expect(duration(59.6)).toBe("1 min");
    expect(duration(125)).toBe("2 min 5 s");
    expect(duration(7260)).toBe("2 h 1 min");
  });
});

it("counts in words", () => {
  expect(plural(1, "image")).toBe("1 image");
  expect(plural(2000, "image")).toBe("2,000 images");
});
