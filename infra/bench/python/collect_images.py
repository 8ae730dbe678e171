"""The work of collect-images as it is usually done in Python: google-genai, Pillow, boto3.

It does what the function does: reads the job's row, fetches the batch's results, reads each picture whole and makes a
thumbnail in WebP, puts both, then the archive with its manifest, and changes the row. Prints what it took.
"""

import base64
import hashlib
import io
import json
import os
import tempfile
import time
import zipfile

import boto3
from botocore.config import Config
from google import genai
from PIL import Image

BEGUN = time.perf_counter()

CONTENT_TYPES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "WEBP": ("webp", "image/webp")}
IMMUTABLE = "public, max-age=31536000, immutable"


def picture_of(line):
    """The picture in a line of the results: the part that is no thought."""
    parts = line["response"]["candidates"][0]["content"]["parts"]
    for part in parts:
        if "inlineData" in part and not part.get("thought"):
            return base64.b64decode(part["inlineData"]["data"])
    raise ValueError(f"no picture for {line['key']}")


def thumbnail_of(picture):
    """A WebP of at most 512 pixels a side. Pillow reads a JPEG into no more pixels than that takes, and no half one."""
    image = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")
    image.thumbnail((512, 512), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80)
    return file.getvalue()


def main():
    """Collects the images of the job that the environment names."""
    config = Config(request_checksum_calculation="when_required", s3={"addressing_style": "path"})
    table, s3 = boto3.client("dynamodb", config=config), boto3.client("s3", config=config)
    gemini = genai.Client(
        api_key=os.environ["GEMINI_API_KEY"],
        http_options={"base_url": os.environ["GEMINI_BASE_URL"], "api_version": "v1"},
    )
    bucket, key = os.environ["IMAGES_BUCKET"], json.loads(os.environ["JOB_KEY"])
    job = table.get_item(TableName=os.environ["TABLE_NAME"], Key=key, ConsistentRead=True)["Item"]
    token = job["images_token"]["S"]
    numbers = {image["M"]["id"]["S"]: index for index, image in enumerate(job["images"]["L"])}

    def put(name, content_type, body):
        s3.put_object(
            Bucket=bucket, Key=f"images/{token}/{name}", Body=body, ContentType=content_type, CacheControl=IMMUTABLE
        )

    batch = gemini.batches.get(name=job["batch"]["M"]["name"]["S"])
    results = gemini.files.download(file=batch.dest.file_name)
    entries = []
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for text in results.splitlines():
                line = json.loads(text)
                number = numbers[line["key"]] + 1
                data = picture_of(line)
                picture = Image.open(io.BytesIO(data))
                extension, content_type = CONTENT_TYPES[picture.format]
                width, height = picture.size
                name = f"{number:02}.{extension}"
                put(name, content_type, data)
                put(f"{number:02}-thumbnail.webp", "image/webp", thumbnail_of(picture))
                archive.writestr(name, data)
                digest = hashlib.sha256(data).hexdigest()
                entries.append({"file": name, "width": width, "height": height, "bytes": len(data), "sha256": digest})
            archive.writestr("manifest.json", json.dumps({"images": entries}, indent=2), zipfile.ZIP_DEFLATED)
        file.seek(0)
        put("images.zip", "application/zip", file)
    table.update_item(
        TableName=os.environ["TABLE_NAME"],
        Key=key,
        UpdateExpression="SET #status = :completed, collected = :images",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":completed": {"S": "completed"}, ":images": {"S": json.dumps(entries)}},
    )


def peak_bytes():
    """The largest resident set of this process so far."""
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
    seconds = time.perf_counter() - BEGUN
    print(json.dumps({"seconds": seconds, "processor_seconds": time.process_time(), "peak_bytes": peak_bytes()}))
