import { describe, expect, it } from "vitest";
import type { DriveFile } from "@/api/schema";
import { folderOf, hasChosen, MOST_PHOTOS, movedFile, nothingChosen, toggled, unusable, withFolder } from "./choice";

function file(id: string, more: Partial<DriveFile> = {}): DriveFile {
  return {
    object: "drive_file",
    id,
    name: `${id}.jpg`,
    kind: "image",
    is_shortcut: false,
    content_type: "image/jpeg",
    ...more,
  };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => file(`f${index}`));
const ids = (choice: { files: { id: string }[] }) => choice.files.map(({ id }) => id);

describe("single photos", () => {
  it("are chosen in an order, and taken out again", () => {
    const two = toggled(toggled(nothingChosen, file("a")), file("b"));
    expect(ids(two)).toEqual(["a", "b"]);
    expect(ids(movedFile(two, "b", 0))).toEqual(["b", "a"]);
    expect(ids(toggled(two, file("a")))).toEqual(["b"]);
  });

  it("are eight at most", () => {
    const full = many(9).reduce(toggled, nothingChosen);
    expect(full.files).toHaveLength(MOST_PHOTOS);
  });

  it("are not those that cannot be photos", () => {
    const locked = file("a", { unusable: "not_downloadable" });
    const heic = file("b", { content_type: "image/heic" });
    expect([unusable(locked), unusable(heic), unusable(file("c"))]).toEqual([
      "not_downloadable",
      "wrong_type",
      undefined,
    ]);
    expect(hasChosen([locked, heic].reduce(toggled, nothingChosen))).toBe(false);
  });

  it("take the place of a folder, and a folder theirs", () => {
    const folder = withFolder(toggled(nothingChosen, file("a")), { id: "F", name: "Cup" });
    expect([folder.files, folder.folder?.id]).toEqual([[], "F"]);
    expect(toggled(folder, file("b"))).not.toHaveProperty("folder");
  });
});

describe("a folder", () => {
  it("gives its first eight photos, each once, and says how many are left out", () => {
    const files = [file("G", { kind: "folder" }), file("x", { unusable: "too_large" }), file("f0"), ...many(10)];
    const folder = folderOf({ id: "F", name: "Cup" }, files, false);
    expect(folder.first?.map(({ id }) => id)).toEqual(["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7"]);
    expect([folder.leftOut, folder.hasMore]).toEqual([2, false]);
  });
});
