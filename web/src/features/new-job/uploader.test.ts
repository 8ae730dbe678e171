import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import type { Upload } from "@/api/schema";
import { keepPhotos, keptPhotos } from "./kept-photos";
import { PutRefused } from "./put-file";
import { png, readFiles } from "./testing";
import type { UploadTools } from "./upload-tools";
import { Uploader } from "./uploader";

function upload(id: string, expiresIn = 900_000): Upload {
  return {
    upload_id: id,
    url: "https://storage.example/put",
    method: "PUT",
    headers: {},
    expires_at: new Date(Date.now() + expiresIn).toISOString(),
  };
}

/** An uploader whose tries do as they are told, one answer each. */
function uploaderWith(puts: (Error | "there")[], tools: Partial<UploadTools> = {}) {
  let signed = 0;
  const sign = vi.fn(async () => upload(`upl_${++signed}`));
  const put = vi.fn(async () => {
    const answer = puts.shift() ?? "there";
    if (answer !== "there") throw answer;
  });
  const wait = vi.fn(async () => {});
  return {
    uploader: new Uploader([], { sign, put, wait, thumbnail: async () => undefined, ...tools }),
    sign,
    put,
    wait,
  };
}

const problem = (status: number, code = "x") =>
  ApiProblem.of(new Response(null, { status }), { code, status, detail: "In words.", retryable: status >= 500 });

const states = (uploader: Uploader) => uploader.state().photos.map(({ status }) => status);
const remarks = (uploader: Uploader) => uploader.state().remarks.map(({ words }) => words);

// A busy machine takes its time.
const waitFor: typeof vi.waitFor = (callback) => vi.waitFor(callback, { timeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

beforeEach(readFiles);

describe("uploads", () => {
  it("go two at a time", async () => {
    const gates: (() => void)[] = [];
    const put = vi.fn(() => new Promise<void>((resolve) => gates.push(resolve)));
    const { uploader } = uploaderWith([], { put });
    await uploader.add([png("a"), png("b"), png("c")]);
    await waitFor(() => expect(gates).toHaveLength(2));
    expect(states(uploader)).toEqual(["sending", "sending", "waiting"]);
    gates[0]?.();
    await waitFor(() => expect(gates).toHaveLength(3));
    for (const open of gates) open();
    await waitFor(() => expect(states(uploader)).toEqual(["done", "done", "done"]));
  });

  it("are tried again with longer and longer waits when the connection breaks", async () => {
    const { uploader, sign, wait } = uploaderWith([new PutRefused(0), new PutRefused(503), new PutRefused(0)]);
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
    expect(wait.mock.calls.map(([time]: unknown[]) => time)).toEqual([1000, 2000, 4000]);
    expect(sign).toHaveBeenCalledTimes(1);
    expect(uploader.state().photos[0]?.uploadId).toBe("upl_1");
  });

  it("stop after three new tries, and go on by hand", async () => {
    const { uploader, put } = uploaderWith(Array.from({ length: 4 }, () => new PutRefused(0)));
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["failed"]));
    expect(put).toHaveBeenCalledTimes(4);
    expect(uploader.state().photos[0]?.reason).toContain("connection");
    uploader.again(uploader.state().photos[0]?.id ?? "");
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
  });

  it("get a new address when theirs has ended", async () => {
    const { uploader, sign } = uploaderWith([new PutRefused(403)]);
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
    expect(sign).toHaveBeenCalledTimes(2);
    expect(uploader.state().photos[0]?.uploadId).toBe("upl_2");
  });

  it("do not use an address that is about to end", async () => {
    let signed = 0;
    const sign = vi.fn(async () => upload(`upl_${++signed}`, signed === 1 ? 5_000 : 900_000));
    const { uploader } = uploaderWith([new PutRefused(0)], { sign });
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
    expect(sign).toHaveBeenCalledTimes(2);
  });

  it("are not repeated where that cannot help", async () => {
    const { uploader, put } = uploaderWith([new PutRefused(400)]);
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["failed"]));
    expect(put).toHaveBeenCalledTimes(1);
    expect(uploader.state().photos[0]?.reason).toContain("has changed");
  });

  it("wait for the person to sign in, and go on", async () => {
    const sign = vi.fn<UploadTools["sign"]>().mockRejectedValueOnce(problem(401)).mockResolvedValue(upload("upl_9"));
    const { uploader } = uploaderWith([], { sign });
    await uploader.add([png("a")]);
    await waitFor(() => expect(states(uploader)).toEqual(["held"]));
    uploader.resume();
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
  });

  it("can be stopped and taken out", async () => {
    const put: UploadTools["put"] = (_upload, _file, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const { uploader } = uploaderWith([], { put });
    await uploader.add([png("a"), png("b")]);
    const [a, b] = uploader.state().photos;
    uploader.cancel(a?.id ?? "");
    uploader.remove(b?.id ?? "");
    await waitFor(() => expect(states(uploader)).toEqual(["canceled"]));
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(1);
  });
});

describe("photos that were kept", () => {
  it("are there, and have to be chosen again when they are not there any more", async () => {
    const { uploader } = uploaderWith([], { thumbnail: async () => "data:image/webp,x" });
    await uploader.add([png("a"), png("b")]);
    await waitFor(() => expect(uploader.state().photos[1]?.thumbnail).toBeDefined());
    keepPhotos(null, uploader.state().photos);
    const later = new Uploader(keptPhotos(null));
    const [a, b] = later.state().photos;
    expect([a, b]).toMatchObject([
      { name: "a", status: "done", uploadId: "upl_1", preview: "data:image/webp,x" },
      { name: "b", status: "done", uploadId: "upl_2" },
    ]);
    await later.add([png("copy of b", "b")]);
    await waitFor(() => expect(remarks(later)[0]).toContain("same picture as “b”"));
    later.refuse(a?.id ?? "", "It is not there any more.");
    later.again(a?.id ?? "");
    expect(later.state().photos[0]).toMatchObject({ status: "failed", reason: expect.stringContaining("again") });
  });
});

describe("what is chosen", () => {
  it("is added once", async () => {
    const { uploader } = uploaderWith([]);
    await uploader.add([png("a")]);
    await uploader.add([png("a")]);
    expect(remarks(uploader)).toEqual(["“a” is there already and was not added twice."]);
    await waitFor(() => expect(states(uploader)).toEqual(["done"]));
    await uploader.add([png("copy of a", "a")]);
    await waitFor(() => expect(remarks(uploader)[0]).toContain("same picture as “a”"));
    expect(states(uploader)).toEqual(["done"]);
  });

  it("is at most eight", async () => {
    const { uploader } = uploaderWith([]);
    await uploader.add("abcdefghi".split("").map((name) => png(name)));
    expect(uploader.state().photos).toHaveLength(8);
    expect(remarks(uploader)).toEqual(["“i” was left out: a job takes up to eight photos."]);
  });

  it("is told when it is no photo, and the others are taken", async () => {
    const { uploader } = uploaderWith([]);
    await uploader.add([new File(["notes"], "notes.txt", { type: "text/plain" }), png("a")]);
    expect(uploader.state().photos).toHaveLength(1);
    expect(remarks(uploader)[0]).toContain("“notes.txt” is a TXT file");
  });
});
