"""Runs the official google-genai SDK against a server and checks what comes back.

    python check.py --base-url http://127.0.0.1:4500

Ends 0 when everything holds; otherwise says what did not, and ends 1.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import struct
import sys
import zlib

from google import genai
from google.genai import errors, types

IMAGE_MODEL = "gemini-nano-banana-2.1"
TEXT_MODEL = "gemini-3.8-flash"
CHUNK = 8 * 1024 * 1024


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A photo of sorts: a coloured square on a white ground."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def pixel(x: int, y: int) -> bytes:
        inside = width // 4 < x < 3 * width // 4 and height // 4 < y < 3 * height // 4
        return bytes(colour if inside else (250, 250, 248))

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PHOTO = png(160, 120, (190, 40, 30))


def check(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def refused(code: int, status: str, call) -> errors.APIError:
    try:
        call()
    except errors.APIError as error:
        check(error.code == code, f"expected {code}, got {error.code}: {error}")
        check(error.status == status, f"expected {status}, got {error.status}: {error}")
        return error
    raise AssertionError(f"expected {code} {status}, got an answer")


def final_picture(response) -> bytes:
    """The picture that is not a thought, as a careful client takes it."""
    parts = response.candidates[0].content.parts
    pictures = [part.inline_data for part in parts if part.inline_data and not part.thought]
    check(len(pictures) == 1, f"expected one picture, got {len(pictures)}")
    check(pictures[0].mime_type == "image/jpeg", f"unexpected {pictures[0].mime_type}")
    check(pictures[0].data.startswith(b"\xff\xd8"), "is not a JPEG")
    return pictures[0].data


def models(client: genai.Client) -> None:
    model = client.models.get(model=IMAGE_MODEL)
    check("batchGenerateContent" in model.supported_actions, f"actions: {model.supported_actions}")
    names = [model.name for model in client.models.list()]
    check(f"models/{TEXT_MODEL}" in names, f"models: {names}")


def files(client: genai.Client) -> None:
    small = client.files.upload(file=io.BytesIO(PHOTO), config={"mime_type": "image/png", "display_name": "photo"})
    check(small.state.name == "ACTIVE" and small.source.name == "UPLOADED", f"file: {small}")
    check(small.size_bytes == len(PHOTO) and small.display_name == "photo", f"file: {small}")
    large = client.files.upload(file=io.BytesIO(b"x" * (CHUNK + 5)), config={"mime_type": "application/jsonl"})
    check(large.size_bytes == CHUNK + 5, f"file: {large}")
    check(client.files.get(name=small.name).uri == small.uri, "another uri")
    for n in range(3):
        client.files.upload(file=io.BytesIO(b"{}"), config={"mime_type": "text/plain", "display_name": f"f{n}"})
    pages = client.files.list(config={"page_size": 2})
    check(len(pages.page) == 2, f"a page of {len(pages.page)}")
    names = [file.name for file in pages]
    check({small.name, large.name} <= set(names) and len(names) == len(set(names)), f"files: {names}")
    refused(400, "INVALID_ARGUMENT", lambda: client.files.download(file=small.name))
    client.files.delete(name=large.name)
    refused(403, "PERMISSION_DENIED", lambda: client.files.get(name=large.name))


def generate(client: genai.Client) -> None:
    schema = {
        "type": "OBJECT",
        "required": ["shots"],
        "properties": {
            "shots": {
                "type": "ARRAY",
                "min_items": 4,
                "max_items": 4,
                "items": {
                    "type": "OBJECT",
                    "required": ["title", "kind", "prompt", "aspect_ratio", "alt"],
                    "property_ordering": ["title", "kind", "prompt", "aspect_ratio", "alt"],
                    "properties": {
                        "title": {"type": "STRING"},
                        "kind": {"type": "STRING", "enum": ["studio", "close_up"]},
                        "prompt": {"type": "STRING"},
                        "aspect_ratio": {"type": "STRING", "enum": ["1:1", "4:5"]},
                        "alt": {"type": "STRING"},
                    },
                },
            }
        },
    }
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_schema=schema, system_instruction="You plan photographs."
    )
    contents = [types.Part.from_bytes(data=PHOTO, mime_type="image/png"), "Title: Espresso cup\nPlan four pictures."]
    response = client.models.generate_content(model=TEXT_MODEL, contents=contents, config=config)
    shots = json.loads(response.text)["shots"]
    check(len(shots) == 4, f"{len(shots)} shots")
    check(all(shot["kind"] in ("studio", "close_up") for shot in shots), f"kinds: {shots}")
    check(any("Espresso cup" in shot["prompt"] for shot in shots), "the product is not in the prompts")
    check(response.usage_metadata.prompt_token_count > 0, "no usage")

    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="4:5", image_size="1K")
    )
    response = client.models.generate_content(model=IMAGE_MODEL, contents=contents, config=config)
    final_picture(response)


def refusals(base_url: str, version: str, client: genai.Client) -> None:
    ask = client.models.generate_content
    small = types.GenerateContentConfig(image_config=types.ImageConfig(image_size="512"))
    error = refused(400, "INVALID_ARGUMENT", lambda: ask(model=IMAGE_MODEL, contents="x", config=small))
    check("fieldViolations" in str(error.details), f"no details: {error.details}")
    odd = types.GenerateContentConfig(image_config=types.ImageConfig(aspect_ratio="7:5"))
    refused(400, "INVALID_ARGUMENT", lambda: ask(model=IMAGE_MODEL, contents="x", config=odd))
    refused(404, "NOT_FOUND", lambda: ask(model="gemini-2.5-flash-image", contents="x"))
    body = {"generationConfig": {"no_such_option": 1}}
    unknown = types.GenerateContentConfig(http_options=types.HttpOptions(extra_body=body))
    error = refused(400, "INVALID_ARGUMENT", lambda: ask(model=TEXT_MODEL, contents="x", config=unknown))
    check("no_such_option" in str(error), f"does not name the field: {error}")
    bad = genai.Client(api_key="invalid-key", http_options={"base_url": base_url, "api_version": version})
    error = refused(400, "INVALID_ARGUMENT", lambda: bad.models.generate_content(model=TEXT_MODEL, contents="x"))
    check("API_KEY_INVALID" in str(error.details), f"details: {error.details}")


def finished(client: genai.Client, name: str):
    states = []
    for _ in range(40):
        batch = client.batches.get(name=name)
        states.append(batch.state.name)
        if batch.done:
            check("JOB_STATE_RUNNING" in states, f"states: {states}")
            return batch
    raise AssertionError(f"the batch does not end: {states}")


def inline_batch(client: genai.Client) -> None:
    picture = {"response_modalities": ["IMAGE"], "image_config": {"aspect_ratio": "1:1", "image_size": "1K"}}
    contents = [{"role": "user", "parts": [{"text": "Studio picture"}, {"inline_data": {"mime_type": "image/png", "data": PHOTO}}]}]
    requests = [{"contents": contents, "config": picture, "metadata": {"key": f"k{n}"}} for n in range(2)]
    batch = client.batches.create(model=IMAGE_MODEL, src=requests, config={"display_name": "inline"})
    check(batch.state.name == "JOB_STATE_PENDING", f"state: {batch.state}")
    batch = finished(client, batch.name)
    check(batch.state.name == "JOB_STATE_SUCCEEDED", f"state: {batch.state}")
    responses = batch.dest.inlined_responses
    check([item.metadata["key"] for item in responses] == ["k0", "k1"], f"responses: {responses}")
    for item in responses:
        final_picture(item.response)
    client.batches.delete(name=batch.name)
    refused(404, "NOT_FOUND", lambda: client.batches.get(name=batch.name))


def file_batch(client: genai.Client) -> None:
    photo = client.files.upload(file=io.BytesIO(PHOTO), config={"mime_type": "image/png"})

    def line(key: str, uri: str) -> str:
        parts = [{"text": f"Lifestyle picture {key}"}, {"fileData": {"fileUri": uri, "mimeType": "image/png"}}]
        config = {"responseModalities": ["IMAGE"], "image_config": {"aspectRatio": "4:5", "image_size": "1K"}}
        return json.dumps({"key": key, "request": {"contents": [{"parts": parts}], "generation_config": config}})

    lines = "\n".join([line("a", photo.uri), line("b", photo.uri), line("c", photo.uri + "gone")])
    upload = io.BytesIO(lines.encode())
    source = client.files.upload(file=upload, config={"mime_type": "jsonl", "display_name": "rows"})
    batch = client.batches.create(model=IMAGE_MODEL, src=source.name, config={"display_name": "from-file"})
    batch = finished(client, batch.name)
    check(batch.dest.file_name.startswith("files/batch-"), f"dest: {batch.dest}")
    text = client.files.download(file=batch.dest.file_name).decode()
    rows = {row["key"]: row for row in map(json.loads, text.splitlines())}
    check(sorted(rows) == ["a", "b", "c"], f"rows: {sorted(rows)}")
    check(rows["c"]["error"]["code"] == 7, f"row c: {rows['c']}")
    for key in "ab":
        parts = rows[key]["response"]["candidates"][0]["content"]["parts"]
        data = [part["inlineData"]["data"] for part in parts if "inlineData" in part and not part.get("thought")]
        check(base64.b64decode(data[0]).startswith(b"\xff\xd8"), f"row {key} has no JPEG")
    broken = client.files.upload(file=io.BytesIO(b"{nonsense"), config={"mime_type": "jsonl"})
    refused(
        400,
        "INVALID_ARGUMENT",
        lambda: client.batches.create(model=IMAGE_MODEL, src=broken.name, config={"display_name": "broken"}),
    )


def cancel_and_list(client: genai.Client) -> None:
    requests = [{"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}]
    names = [
        client.batches.create(model=TEXT_MODEL, src=requests, config={"display_name": f"list-{n}"}).name
        for n in range(5)
    ]
    pages = client.batches.list(config={"page_size": 2})
    check(len(pages.page) == 2, f"a page of {len(pages.page)}")
    listed = [batch.name for batch in pages]
    check(set(names) <= set(listed) and len(listed) == len(set(listed)), f"listed: {listed}")
    client.batches.cancel(name=names[0])
    check(client.batches.get(name=names[0]).state.name == "JOB_STATE_CANCELLED", "is not cancelled")
    for name in names:
        client.batches.delete(name=name)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the google-genai SDK against a server.")
    parser.add_argument("--base-url", required=True)
    base_url = parser.parse_args().base_url
    failures = 0
    for version in ("v1", "v1beta"):
        client = genai.Client(api_key="TEST-KEY", http_options={"base_url": base_url, "api_version": version})
        checks = [models, files, generate, inline_batch, file_batch, cancel_and_list]
        steps = [(step.__name__, lambda step=step: step(client)) for step in checks]
        steps.append(("refusals", lambda: refusals(base_url, version, client)))
        for name, step in steps:
            try:
                step()
                print(f"ok    {version:7} {name}")
            except Exception as error:  # every step is to be reported, whatever is wrong with it
                failures += 1
                print(f"FAIL  {version:7} {name}: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"google-genai {genai.__version__}: {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
