// Runs the official @google/genai SDK against a server and checks what comes back.
//
//   node check.mjs --base-url http://127.0.0.1:4500
//
// Ends 0 when everything holds; otherwise says what did not, and ends 1.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import zlib, { deflateSync } from "node:zlib";
import { ApiError, GoogleGenAI } from "@google/genai";

const IMAGE_MODEL = "gemini-nano-banana-2.1";
const TEXT_MODEL = "gemini-3.8-flash";
const CHUNK = 8 * 1024 * 1024;

/** A photo of sorts: a coloured square on a white ground. */
function png(width, height, colour) {
  const rows = Buffer.alloc((width * 3 + 1) * height, 250);
  for (let y = 0; y < height; y++) {
    rows[y * (width * 3 + 1)] = 0;
    for (let x = 0; x < width; x++) {
      const inside = x > width / 4 && x < (3 * width) / 4 && y > height / 4 && y < (3 * height) / 4;
      if (inside) rows.set(colour, y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const ends = [chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, chunk("IHDR", header), ...ends]);
}

/** zlib.crc32 came with Node 20.15; before it, the long way. */
function crc(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}

const PHOTO = png(160, 120, [190, 40, 30]);
const photoPart = { inlineData: { mimeType: "image/png", data: PHOTO.toString("base64") } };
const blob = (bytes, type) => new Blob([bytes], { type });

async function refused(status, call) {
  const error = await call().then(
    () => assert.fail(`expected ${status}, got an answer`),
    (reason) => reason,
  );
  assert.ok(error instanceof ApiError, `expected an ApiError, got ${error}`);
  assert.equal(error.status, status, String(error));
  return error;
}

/** The picture that is not a thought, as a careful client takes it. */
function finalPicture(response) {
  const parts = response.candidates[0].content.parts;
  const pictures = parts.filter((part) => part.inlineData && !part.thought);
  assert.equal(pictures.length, 1, `expected one picture, got ${pictures.length}`);
  assert.equal(pictures[0].inlineData.mimeType, "image/jpeg");
  const bytes = Buffer.from(pictures[0].inlineData.data, "base64");
  assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xd8], "is not a JPEG");
}

async function collect(pager) {
  const items = [];
  for await (const item of pager) items.push(item);
  return items;
}

async function models(client) {
  const model = await client.models.get({ model: IMAGE_MODEL });
  assert.ok(model.supportedActions.includes("batchGenerateContent"));
  const listed = await collect(await client.models.list());
  assert.ok(listed.some((one) => one.name === `models/${TEXT_MODEL}`));
}

async function files(client) {
  const config = { mimeType: "image/png", displayName: "photo" };
  const small = await client.files.upload({ file: blob(PHOTO, "image/png"), config });
  assert.deepEqual([small.state, small.source, small.displayName], ["ACTIVE", "UPLOADED", "photo"]);
  assert.equal(Number(small.sizeBytes), PHOTO.length);
  const long = Buffer.alloc(CHUNK + 5, "x");
  const large = await client.files.upload({ file: blob(long, "application/jsonl") });
  assert.equal(Number(large.sizeBytes), long.length);
  assert.equal((await client.files.get({ name: small.name })).uri, small.uri);
  const pager = await client.files.list({ config: { pageSize: 1 } });
  assert.equal(pager.page.length, 1);
  const names = (await collect(pager)).map((file) => file.name);
  assert.ok(names.includes(small.name) && names.includes(large.name), `files: ${names}`);
  assert.equal(new Set(names).size, names.length, "a file is listed twice");
  await client.files.delete({ name: large.name });
  await refused(403, () => client.files.get({ name: large.name }));
}

async function generate(client) {
  const text = { type: "STRING" };
  const shot = {
    type: "OBJECT",
    required: ["title", "kind", "prompt", "aspect_ratio", "alt"],
    properties: { title: text, kind: { type: "STRING", enum: ["studio"] }, prompt: text, aspect_ratio: text, alt: text },
  };
  const shots = { type: "ARRAY", minItems: "3", maxItems: "3", items: shot };
  const responseSchema = { type: "OBJECT", required: ["shots"], properties: { shots } };
  const contents = [photoPart, { text: "Title: Espresso cup\nPlan three pictures." }];
  const config = { responseMimeType: "application/json", responseSchema };
  const planned = await client.models.generateContent({ model: TEXT_MODEL, contents, config });
  const list = JSON.parse(planned.text).shots;
  assert.equal(list.length, 3);
  assert.ok(list.some((one) => one.prompt.includes("Espresso cup")), "the product is not in the prompts");
  const imageConfig = { aspectRatio: "4:5", imageSize: "1K" };
  const drawn = await client.models.generateContent({
    model: IMAGE_MODEL,
    contents,
    config: { responseModalities: ["IMAGE"], imageConfig },
  });
  finalPicture(drawn);
}

async function finished(client, name) {
  const states = [];
  for (let poll = 0; poll < 40; poll++) {
    const batch = await client.batches.get({ name });
    states.push(batch.state);
    if (/SUCCEEDED|FAILED|CANCELLED|EXPIRED/.test(batch.state)) {
      assert.ok(states.includes("JOB_STATE_RUNNING"), `states: ${states}`);
      return batch;
    }
  }
  return assert.fail(`the batch does not end: ${states}`);
}

async function inlineBatch(client) {
  const config = { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "1:1", imageSize: "1K" } };
  const contents = [{ role: "user", parts: [{ text: "Studio picture" }, photoPart] }];
  const src = [{ contents, config, metadata: { key: "k1" } }];
  const created = await client.batches.create({ model: IMAGE_MODEL, src, config: { displayName: "inline" } });
  assert.equal(created.state, "JOB_STATE_PENDING");
  const batch = await finished(client, created.name);
  assert.equal(batch.state, "JOB_STATE_SUCCEEDED");
  for (const item of batch.dest.inlinedResponses) finalPicture(item.response);
  await client.batches.delete({ name: created.name });
  await refused(404, () => client.batches.get({ name: created.name }));
}

async function fileBatch(client, folder) {
  const photo = await client.files.upload({ file: blob(PHOTO, "image/png") });
  const line = (key, fileUri) => {
    const parts = [{ text: `Lifestyle picture ${key}` }, { fileData: { fileUri, mimeType: "image/png" } }];
    const generationConfig = { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "4:5", imageSize: "1K" } };
    return JSON.stringify({ key, request: { contents: [{ parts }], generationConfig } });
  };
  const lines = [line("a", photo.uri), line("b", `${photo.uri}gone`)].join("\n");
  const source = await client.files.upload({ file: blob(lines, "application/jsonl") });
  const config = { displayName: "from-file" };
  const created = await client.batches.create({ model: IMAGE_MODEL, src: source.name, config });
  const batch = await finished(client, created.name);
  const downloadPath = join(folder, "results.jsonl");
  await client.files.download({ file: batch.dest.fileName, downloadPath });
  const rows = (await readFile(downloadPath, "utf8")).trim().split("\n").map((row) => JSON.parse(row));
  assert.deepEqual(rows.map((row) => row.key), ["a", "b"]);
  finalPicture(rows[0].response);
  assert.equal(rows[1].error.code, 7);
}

async function cancelAndList(client) {
  const src = [{ contents: [{ role: "user", parts: [{ text: "hello" }] }] }];
  const names = [];
  for (let n = 0; n < 3; n++) {
    const config = { displayName: `list-${n}` };
    names.push((await client.batches.create({ model: TEXT_MODEL, src, config })).name);
  }
  const pager = await client.batches.list({ config: { pageSize: 2 } });
  assert.equal(pager.page.length, 2);
  const listed = (await collect(pager)).map((batch) => batch.name);
  for (const name of names) assert.ok(listed.includes(name), `${name} is not listed`);
  await client.batches.cancel({ name: names[0] });
  assert.equal((await client.batches.get({ name: names[0] })).state, "JOB_STATE_CANCELLED");
  for (const name of names) await client.batches.delete({ name });
}

async function refusals(client, _folder, options) {
  const ask = (model, config) => () => client.models.generateContent({ model, contents: "x", config });
  await refused(400, ask(IMAGE_MODEL, { imageConfig: { imageSize: "512" } }));
  await refused(400, ask(IMAGE_MODEL, { imageConfig: { aspectRatio: "7:5" } }));
  await refused(404, ask("gemini-2.5-flash-image"));
  const extraBody = { generationConfig: { noSuchOption: 1 } };
  const unknown = await refused(400, ask(TEXT_MODEL, { httpOptions: { extraBody } }));
  assert.match(unknown.message, /noSuchOption/);
  const bad = new GoogleGenAI({ ...options, apiKey: "invalid-key" });
  const call = () => bad.models.generateContent({ model: TEXT_MODEL, contents: "x" });
  assert.match((await refused(400, call)).message, /API_KEY_INVALID/);
}

const { values } = parseArgs({ options: { "base-url": { type: "string" } } });
if (!values["base-url"]) throw new Error("--base-url is needed");
const folder = await mkdtemp(join(tmpdir(), "conformance-"));
let failures = 0;
for (const apiVersion of ["v1", "v1beta"]) {
  const options = { httpOptions: { baseUrl: values["base-url"], apiVersion } };
  const client = new GoogleGenAI({ ...options, apiKey: "TEST-KEY" });
  for (const step of [models, files, generate, inlineBatch, fileBatch, cancelAndList, refusals]) {
    try {
      await step(client, folder, options);
      console.log(`ok    ${apiVersion.padEnd(7)} ${step.name}`);
    } catch (error) {
      failures += 1;
      console.error(`FAIL  ${apiVersion.padEnd(7)} ${step.name}: ${error}`);
    }
  }
}
await rm(folder, { recursive: true });
console.log(`@google/genai: ${failures} failed`);
process.exitCode = failures ? 1 : 0;
