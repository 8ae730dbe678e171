import { describe, expect, it } from "vitest";
import { meters } from "./limits";

const now = Date.parse("2026-11-26T12:00:00Z");

describe("limits", () => {
  it("say what is left and when there is more", () => {
    const shown = meters(
      {
        jobs_per_minute: { limit: 5, left: 4, full_at: "2026-11-26T12:00:12Z" },
        active_jobs: { limit: 5, left: 3 },
        images_per_month: { limit: 2000, left: 1500, full_at: "2026-12-01T00:00:00Z" },
        usd_per_month: { limit: "10.000000", left: "2.500000", full_at: "2026-12-01T00:00:00Z" },
      },
      now,
    );
    expect(shown.map(({ words }) => words)).toEqual([
      "4 of 5 jobs left",
      "3 of 5 places free",
      "1,500 of 2,000 images left",
      "$2.50 of $10.00 left",
    ]);
    expect(shown.map(({ back }) => back)).toEqual([
      "All of it is back in 12 seconds.",
      "A place is back when a job ends.",
      "A new month begins on 1 December (UTC).",
      "A new month begins on 1 December (UTC).",
    ]);
    expect(shown.map(({ used }) => Number(used.toFixed(2)))).toEqual([0.2, 0.4, 0.25, 0.75]);
  });

  it("are used up where there is nothing left", () => {
    const [minute, active] = meters(
      {
        jobs_per_minute: { limit: 5, left: 2, full_at: "2026-11-26T12:00:00Z" },
        active_jobs: { limit: 0, left: 0 },
        images_per_month: { limit: 1, left: 0 },
        usd_per_month: { limit: "0", left: "0" },
      },
      now,
    );
    expect([minute?.words, minute?.back]).toEqual(["5 of 5 jobs left", "All of it is there."]);
    expect(active?.used).toBe(1);
  });
});
