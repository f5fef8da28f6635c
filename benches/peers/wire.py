"""A streamed answer through boto3, only put together: prints seconds, seconds of processor, characters."""
import json
import resource
import sys
import time

import boto3

runtime = boto3.client(
    "bedrock-runtime", endpoint_url=sys.argv[1], region_name="us-east-1",
    aws_access_key_id="any", aws_secret_access_key="any",
)


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for _ in range(int(sys.argv[2])):
    began, spent = time.perf_counter(), processor()
    text = []
    answer = runtime.converse_stream(
        modelId="amazon.nova-lite-v1:0", messages=[{"role": "user", "content": [{"text": "Go on"}]}]
    )
    for event in answer["stream"]:
        if "contentBlockDelta" in event:
            text.append(event["contentBlockDelta"]["delta"]["text"])
    text = "".join(text)
    print(json.dumps([time.perf_counter() - began, processor() - spent, len(text)]), flush=True)
