import { beforeEach, describe, expect, it } from "vitest";
import { checkPhoto, formatOf, LARGEST_PHOTO } from "./photo-check";
import { PNG, readFiles } from "./testing";

beforeEach(readFiles);

const JPEG = [0xff, 0xd8, 0xff, 0xe0, 0, 0];

function file(content: number[] | string, name: string, type: string): File {
  return new File([typeof content === "string" ? content : new Uint8Array(content)], name, { type });
}

async function refusal(of: File): Promise<string> {
  const check = await checkPhoto(of);
  return "refusal" in check ? check.refusal : `taken as ${check.type}`;
}

describe("first bytes", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  it.each([
    [new Uint8Array(PNG), "image/png"],
    [new Uint8Array(JPEG), "image/jpeg"],
    [text("RIFF....WEBPVP8 "), "image/webp"],
    [text("RIFF....WAVEfmt "), undefined],
    [text("....ftypheic...."), "HEIC"],
    [text("....ftypmif1...."), "HEIC"],
    [text("....ftypavif...."), "AVIF"],
    [text("GIF89a"), "GIF"],
    [text("%PDF-1.7"), "PDF"],
    [text("<!doctype html>"), undefined],
    [new Uint8Array(), undefined],
  ])("tell the format (%#)", (head, format) => {
    expect(formatOf(head)).toBe(format);
  });
});

describe("a chosen file", () => {
  it("is taken as what its bytes are", async () => {
    expect(await checkPhoto(file(JPEG, "cup.png", "image/png"))).toEqual({ type: "image/jpeg" });
    expect(await checkPhoto(file(PNG, "cup", ""))).toEqual({ type: "image/png" });
  });

  it("is refused with words that say what to do", async () => {
    expect(await refusal(file("", "cup.png", "image/png"))).toContain("is empty");
    expect(await refusal(file("....ftypheic", "IMG_1.HEIC", "image/heic"))).toContain("is a HEIC photo");
    expect(await refusal(file("....ftypheic", "IMG_1.jpg", "image/jpeg"))).toContain("in truth a HEIC");
    expect(await refusal(file("notes", "notes.txt", "text/plain"))).toContain("is a TXT file");
    expect(await refusal(file("<html>", "cup.png", "image/png"))).toContain("no picture");
    expect(await refusal(file("%PDF-1.7", "cup.pdf", "application/pdf"))).toContain("is a PDF file");
  });

  it("may have up to 50 MB", async () => {
    const large = file(PNG, "cup.png", "image/png");
    Object.defineProperty(large, "size", { value: LARGEST_PHOTO + 1 });
    expect(await refusal(large)).toContain("up to 50 MB");
  });
});
