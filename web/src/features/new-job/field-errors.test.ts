import { describe, expect, it } from "vitest";
import { ApiProblem } from "@/api/problem";
import { emptyDraft } from "./draft";
import { errorsOf, firstWrong, placed } from "./field-errors";
import type { Photo, PhotoStatus } from "./upload-queue";

const photo = (status: PhotoStatus) => ({ status }) as Photo;

function refused(...fields: [field: string, message: string][]): ApiProblem {
  const errors = fields.map(([field, message]) => ({ field, message, code: "x" }));
  return ApiProblem.of(new Response(null, { status: 422 }), { status: 422, errors });
}

describe("before anything is sent", () => {
  it("photos have to be there", () => {
    expect(errorsOf(emptyDraft, [])).toEqual({ images: "Add at least one photo." });
    expect(errorsOf(emptyDraft, [photo("done"), photo("sending")]).images).toContain("still being uploaded");
    expect(errorsOf(emptyDraft, [photo("done"), photo("failed")]).images).toContain("has not been uploaded");
    expect(errorsOf(emptyDraft, [photo("done")])).toEqual({});
    expect(errorsOf({ ...emptyDraft, source: "drive" }, [])).toHaveProperty("drive");
  });

  it("texts have to fit, and costs to be an amount", () => {
    const draft = { ...emptyDraft, title: "x".repeat(203), brief: "x".repeat(2000), maxCost: "a lot" };
    expect(Object.keys(errorsOf(draft, [photo("done")]))).toEqual(["product.title", "max_cost_usd"]);
    expect(errorsOf(draft, [photo("done")])["product.title"]).toContain("3 characters too many");
  });

  it("the first wrong field of the page comes first", () => {
    expect(firstWrong({ max_cost_usd: "x", brief: "x" })).toBe("brief");
    expect(firstWrong({})).toBeUndefined();
  });
});

describe("what the API says", () => {
  it("goes to the fields, the photos and the files", () => {
    const problem = refused(
      ["images[1]", "was not uploaded"],
      ["product.title", "is too long"],
      ["drive.file_ids[0]", "(notes.txt) is not a picture"],
      ["callback_url", "is not valid"],
    );
    expect(placed(problem, { file_ids: ["1a"] })).toEqual({
      errors: {
        images: "A photo was refused. Try it again, or remove it.",
        "product.title": "Is too long.",
        drive: "A photo was refused. Remove it, or choose another one.",
      },
      uploads: [[1, "Was not uploaded."]],
      files: { "1a": "(notes.txt) is not a picture." },
      others: ["callback_url is not valid"],
    });
  });

  it("goes to the folder that was sent", () => {
    const { files, errors } = placed(refused(["drive.folder_id", "(Cup) holds no picture"]), { folder_id: "3c" });
    expect(files).toEqual({ "3c": "(Cup) holds no picture." });
    expect(errors.drive).toContain("folder");
  });
});
