import { describe, expect, it } from "vitest";
import { isUnfinished, nextToSend, type Photo, type QueueAction, queueReducer, sameAs } from "./upload-queue";

function photo(id: string, more: Partial<Photo> = {}): Photo {
  const file = new File([`bytes of ${id}`], `${id}.png`, { type: "image/png", lastModified: 1 });
  return {
    id,
    file,
    name: file.name,
    size: file.size,
    type: "image/png",
    preview: `blob:${id}`,
    status: "waiting",
    sent: 0,
    ...more,
  };
}

function after(photos: Photo[], ...actions: QueueAction[]) {
  return actions.reduce(queueReducer, photos as readonly Photo[]);
}

const ids = (photos: readonly Photo[]) => photos.map(({ id }) => id).join("");

describe("the queue", () => {
  it("sends two at a time, in order", () => {
    const photos = [photo("a"), photo("b"), photo("c")];
    expect(nextToSend(photos)?.id).toBe("a");
    const two = after(photos, { type: "started", id: "a" }, { type: "started", id: "b" });
    expect(nextToSend(two)).toBeUndefined();
    const freed = after([...two], { type: "finished", id: "a", uploadId: "upl_a" });
    expect(nextToSend(freed)?.id).toBe("c");
  });

  it("keeps what is there when another one fails, and begins a failed one from nothing", () => {
    const [first, second] = after(
      [photo("a"), photo("b")],
      { type: "finished", id: "a", uploadId: "upl_a" },
      { type: "progressed", id: "b", sent: 4 },
      { type: "failed", id: "b", reason: "The connection broke off." },
    );
    expect(first).toMatchObject({ status: "done", uploadId: "upl_a" });
    expect(second).toMatchObject({ status: "failed", sent: 0, reason: "The connection broke off." });
    const [again] = after([second as Photo], { type: "again", id: "b" });
    expect(again).toMatchObject({ status: "waiting", sent: 0 });
    expect(again).not.toHaveProperty("reason");
  });

  it("never says that more has gone than there is", () => {
    const [sent] = after([photo("a")], { type: "progressed", id: "a", sent: 1_000_000 });
    expect(sent?.sent).toBe(sent?.size);
  });

  it("is put into another order", () => {
    const photos = [photo("a"), photo("b"), photo("c")];
    expect(ids(after(photos, { type: "moved", id: "c", to: 0 }))).toBe("cab");
    expect(ids(after(photos, { type: "moved", id: "a", to: 1 }))).toBe("bac");
    expect(ids(after(photos, { type: "moved", id: "a", to: -1 }))).toBe("abc");
    expect(ids(after(photos, { type: "moved", id: "a", to: 9 }))).toBe("bca");
    expect(ids(after(photos, { type: "moved", id: "gone", to: 0 }))).toBe("abc");
  });

  it("knows the same file again", () => {
    const file = photo("a").file as File;
    expect(sameAs([photo("a")], file)?.id).toBe("a");
    expect(sameAs([photo("b")], file)).toBeUndefined();
  });

  it("has something to lose until all are there", () => {
    expect(isUnfinished([photo("a", { status: "done" }), photo("b", { status: "failed" })])).toBe(false);
    expect(isUnfinished([photo("a", { status: "done" }), photo("b", { status: "held" })])).toBe(true);
  });
});
