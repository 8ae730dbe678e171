/** Photos that tests upload: real PNG files, made here. */
import { crc32, deflateSync } from "node:zlib";

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/**
 * A PNG (https://www.w3.org/TR/png-3/) of a dark product on a light ground. `paddingBytes` of text in it make it a large
 * file of the same picture.
 */
export function png(width = 320, height = 320, paddingBytes = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 235);
  for (let y = 0; y < height; y++) {
    const row = y * (1 + width * 3);
    rows[row] = 0;
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - width / 2, y - height / 2) < width / 4;
      if (inside) rows.set([150 + (y % 40), 60, 40], row + 1 + x * 3);
    }
  }
  const parts = [
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(paddingBytes
      ? [chunk("tEXt", Buffer.concat([Buffer.from("Comment\0"), Buffer.alloc(paddingBytes, 0x61)]))]
      : []),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat(parts);
}

/** The same as a data URL, for requests of the API. */
export function pngDataUrl(): string {
  return `data:image/png;base64,${png(64, 64).toString("base64")}`;
}
