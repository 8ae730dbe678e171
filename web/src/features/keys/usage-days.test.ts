import { describe, expect, it } from "vitest";
import { asUsd, firstDay, keysOfUsage, usageByDay, usageTotal } from "./usage-days";

const now = new Date("2026-11-26T23:30:00Z");

const rows = [
  { day: "2026-11-25", key_id: "key_1", requests: 5, jobs: 1, images: 10, cost_usd: "0.100001" },
  { day: "2026-11-25", key_id: null, requests: 2, jobs: 1, images: 4, cost_usd: "0.200002" },
  { day: "2026-11-26", key_id: "key_2", requests: 9, jobs: 0, images: 0, cost_usd: "0" },
  { day: "2026-10-01", key_id: "key_1", requests: 99, jobs: 9, images: 9, cost_usd: "9" },
];

describe("thirty days of usage", () => {
  it("have no gaps and end today, in UTC", () => {
    const days = usageByDay(rows, { kind: "all" }, now);
    expect(days).toHaveLength(30);
    expect([days[0]?.day, days[29]?.day]).toEqual(["2026-10-28", "2026-11-26"]);
    expect(firstDay(now)).toBe("2026-10-28");
  });

  it("are of everybody, of the page or of a key", () => {
    const total = (whose: Parameters<typeof usageByDay>[1]) => usageTotal(usageByDay(rows, whose, now));
    expect(total({ kind: "all" })).toEqual({ requests: 16, jobs: 2, images: 14, cost: 300_003 });
    expect(total({ kind: "page" })).toEqual({ requests: 2, jobs: 1, images: 4, cost: 200_002 });
    expect(total({ kind: "key", id: "key_1" })).toEqual({ requests: 5, jobs: 1, images: 10, cost: 100_001 });
  });

  it("say which keys they know, the busiest first", () => {
    expect(keysOfUsage(rows)).toEqual(["key_1", "key_2"]);
  });

  it("have money in decimals", () => {
    expect(asUsd(300_003)).toBe("0.300003");
  });
});
