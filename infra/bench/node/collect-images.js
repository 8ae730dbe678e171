// The work of collect-images as it is usually done in Node: fetch, sharp, the AWS SDK.
//
// It does what the function does: reads the job's row, fetches the batch's results, reads each picture whole and makes a
// thumbnail in WebP, puts both, then the archive with its manifest, and changes the row. Prints what it took.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { ZipFile } from "yazl";

const begun = performance.now();
const { GEMINI_API_KEY, GEMINI_BASE_URL, IMAGES_BUCKET, JOB_KEY, TABLE_NAME } = process.env;
const IMMUTABLE = "public, max-age=31536000, immutable";
const EXTENSIONS = { jpeg: "jpg", png: "png", webp: "webp" };

const table = new DynamoDBClient({});
const s3 = new S3Client({ forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });

async function gemini(path) {
  const answer = await fetch(`${GEMINI_BASE_URL}/${path}`, { headers: { "x-goog-api-key": GEMINI_API_KEY } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function put(token, name, type, body, length) {
  const Key = `images/${token}/${name}`;
  const about = { ContentType: type, ContentLength: length, CacheControl: IMMUTABLE };
  return s3.send(new PutObjectCommand({ Bucket: IMAGES_BUCKET, Key, Body: body, ...about }));
}

/** The picture in a line of the results: the part that is no thought. */
function pictureOf(line) {
  const parts = line.response.candidates[0].content.parts;
  const part = parts.find((part) => part.inlineData && !part.thought);
  return Buffer.from(part.inlineData.data, "base64");
}

/** Makes a WebP of at most 512 pixels a side. sharp reads a JPEG into no more pixels than that takes, and no half one. */
async function lookedAt(picture) {
  const { format, width, height } = await sharp(picture).metadata();
  const small = sharp(picture).resize(512, 512, { fit: "inside", withoutEnlargement: true });
  return { format, width, height, thumbnail: await small.webp({ quality: 80 }).toBuffer() };
}

async function main(folder) {
  const Key = JSON.parse(JOB_KEY);
  const { Item: job } = await table.send(new GetItemCommand({ TableName: TABLE_NAME, Key, ConsistentRead: true }));
  const token = job.images_token.S;
  const numbers = new Map(job.images.L.map((image, index) => [image.M.id.S, index + 1]));
  const batch = await (await gemini(`v1/${job.batch.M.name.S}`)).json();
  const file = batch.metadata.output.responsesFile;
  const results = await gemini(`download/v1/${file}:download?alt=media`);

  const path = join(folder, "images.zip");
  const archive = new ZipFile();
  const written = finished(archive.outputStream.pipe(createWriteStream(path)));
  const entries = [];
  for await (const text of createInterface({ input: Readable.fromWeb(results.body) })) {
    const line = JSON.parse(text);
    const number = String(numbers.get(line.key)).padStart(2, "0");
    const picture = pictureOf(line);
    const { format, width, height, thumbnail } = await lookedAt(picture);
    const name = `${number}.${EXTENSIONS[format]}`;
    await Promise.all([
      put(token, name, `image/${format}`, picture),
      put(token, `${number}-thumbnail.webp`, "image/webp", thumbnail),
    ]);
    archive.addBuffer(picture, name, { compress: false });
    const sha256 = createHash("sha256").update(picture).digest("hex");
    entries.push({ file: name, width, height, bytes: picture.length, sha256 });
  }
  archive.addBuffer(Buffer.from(JSON.stringify({ images: entries }, null, 2)), "manifest.json");
  archive.end();
  await written;
  await put(token, "images.zip", "application/zip", createReadStream(path), (await stat(path)).size);
  await table.send(
    new UpdateItemCommand({
      TableName: TABLE_NAME,
      Key,
      UpdateExpression: "SET #status = :completed, collected = :images",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":completed": { S: "completed" }, ":images": { S: JSON.stringify(entries) } },
    }),
  );
}

const folder = await mkdtemp(join(tmpdir(), "collect-images-"));
try {
  await main(folder);
} finally {
  await rm(folder, { recursive: true });
}
const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "ascii"));
const { user, system } = process.cpuUsage();
const taken = {
  seconds: (performance.now() - begun) / 1000,
  processor_seconds: (user + system) / 1e6,
  peak_bytes: Number(kilobytes) * 1024,
};
console.log(JSON.stringify(taken));
