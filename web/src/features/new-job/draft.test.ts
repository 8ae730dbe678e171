import { afterEach, describe, expect, it } from "vitest";
import type { Job } from "@/api/schema";
import {
  draftLike,
  drivePhotosOf,
  emptyDraft,
  forgetDraft,
  keepDraft,
  keptDraft,
  orderOf,
  pricedOrderOf,
} from "./draft";

afterEach(() => sessionStorage.clear());

describe("a draft", () => {
  it("is kept, apart for each job that it was taken from", () => {
    keepDraft(null, { ...emptyDraft, title: "Cup" });
    keepDraft("job_1", { ...emptyDraft, title: "Vase" });
    expect(keptDraft(null)?.title).toBe("Cup");
    expect(keptDraft("job_1")?.title).toBe("Vase");
    forgetDraft("job_1");
    expect(keptDraft("job_1")).toBeUndefined();
    expect(keptDraft(null)?.title).toBe("Cup");
  });

  it("does not break on what an earlier version kept", () => {
    sessionStorage.setItem("packshot:new-job", '{"title":"Cup"}');
    expect(keptDraft(null)).toEqual({ ...emptyDraft, title: "Cup" });
    sessionStorage.setItem("packshot:new-job", "{broken");
    expect(keptDraft(null)).toBeUndefined();
  });

  it("takes over what an earlier job was made with", () => {
    const job = {
      product: { title: "Cup", language: "German" },
      brief: "For a shop",
      count: 4,
      aspect_ratio: "4:5",
      image_size: "2K",
      drive: { folder_id: "1a", folder_name: "Espresso cup", pictures: 4, used: 4, left_out: 0 },
    } as Job;
    expect(draftLike(job)).toMatchObject({
      source: "drive",
      title: "Cup",
      language: "German",
      brief: "For a shop",
      style: "",
      count: 4,
      aspectRatio: "4:5",
      imageSize: "2K",
      drive: { folder: { id: "1a", name: "Espresso cup" } },
    });
  });
});

describe("a request", () => {
  it("leaves out what was left empty", () => {
    expect(orderOf({ ...emptyDraft, brand: "  " }, 0)).toEqual({ count: 10, aspect_ratio: "1:1", image_size: "1K" });
  });

  it("has what was typed, and a moment for the deadline", () => {
    const draft = {
      ...emptyDraft,
      title: " Cup ",
      style: "Pastel",
      deadline: "6",
      onLate: "fallback",
      maxCost: "$ 0.50",
    } as const;
    expect(orderOf(draft, Date.parse("2026-11-26T12:00:00Z"))).toEqual({
      product: { title: "Cup" },
      style: "Pastel",
      count: 10,
      aspect_ratio: "1:1",
      image_size: "1K",
      deadline: "2026-11-26T18:00:00.000Z",
      on_late: "fallback",
      max_cost_usd: "0.50",
    });
  });

  it("is priced by what the price hangs on", () => {
    const typing = pricedOrderOf({ ...emptyDraft, title: "Cup", brief: "For a shop", deadline: "1" });
    expect(typing).toEqual(pricedOrderOf(emptyDraft));
  });

  it("names files or a folder, with their keys", () => {
    const files = [
      { id: "1a", name: "a" },
      { id: "2b", name: "b", resource_key: "0-x" },
    ];
    const choice = { ...emptyDraft.drive, files };
    expect(drivePhotosOf(choice)).toEqual({ file_ids: ["1a", "2b"], resource_keys: { "2b": "0-x" } });
    expect(drivePhotosOf({ ...choice, files: [], folder: { id: "3c", name: "Cup" } })).toEqual({ folder_id: "3c" });
  });
});
