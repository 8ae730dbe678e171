import { expect, it } from "vitest";
import { sampleJob } from "@/features/job/sample-jobs";
import { filterOf, isFiltered, statusesOf, withFilter } from "./filter";
import { listAgainAfter } from "./queries";

it("is read from the address and written to it", () => {
  expect(filterOf(new URLSearchParams("q=+cup+&status=running"))).toEqual({ q: "cup", status: "running" });
  expect(filterOf(new URLSearchParams("status=nonsense"))).toEqual({ q: "", status: "all" });
  const query = new URLSearchParams("q=cup&other=1");
  expect(withFilter(query, { status: "failed" }).toString()).toBe("q=cup&other=1&status=failed");
  expect(withFilter(query, { q: "" }).toString()).toBe("other=1");
  expect(isFiltered(filterOf(new URLSearchParams()))).toBe(false);
});

it("names the statuses as the API does", () => {
  expect(statusesOf("all")).toBeUndefined();
  expect(statusesOf("running")).toBe("queued,strategy,batch_submitted,generating");
  expect(statusesOf("ready")).toBe("completed");
});

it("looks at long lists less often", () => {
  const running = sampleJob([], { status: "generating" });
  expect(listAgainAfter([sampleJob()], 1)).toBe(30_000);
  expect(listAgainAfter([running], 1)).toBe(4_000);
  expect(listAgainAfter([running], 5)).toBe(10_000);
  expect(listAgainAfter([running], 50)).toBe(30_000);
});
