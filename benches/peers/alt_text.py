"""Alt text for a folder of photographs with boto3 and Pillow, on threads: prints seconds and peak megabytes."""
import io
import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from PIL import Image, ImageOps

URL, FOLDER, EDGE, THREADS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
runtime = boto3.client(
    "bedrock-runtime", endpoint_url=URL, region_name="us-east-1",
    aws_access_key_id="any", aws_secret_access_key="any",
)


def describe(path):
    with Image.open(path) as picture:
        # Has the decoder make it smaller, where the format can.
        picture.draft("RGB", (EDGE, EDGE))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
        small = io.BytesIO()
        picture.save(small, "JPEG", quality=90)
    answer = runtime.converse_stream(
        modelId="amazon.nova-lite-v1:0",
        messages=[{"role": "user", "content": [
            {"image": {"format": "jpeg", "source": {"bytes": small.getvalue()}}},
            {"text": "Write alt text"},
        ]}],
    )
    deltas = (event["contentBlockDelta"]["delta"] for event in answer["stream"] if "contentBlockDelta" in event)
    return "".join(delta.get("text", "") for delta in deltas)


began = time.perf_counter()
with ThreadPoolExecutor(THREADS) as pool:
    texts = list(pool.map(describe, sorted(FOLDER.glob("*.jpg"))))
took = time.perf_counter() - began
assert all(texts)
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, len(texts)]))
