"""boto3 against the embedded S3 and batch service: prints one JSON object with what it got."""
import io
import json
import sys
import time

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
OPTIONS = dict(
    endpoint_url=URL, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any"
)
s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}), **OPTIONS)
bedrock = boto3.client("bedrock", **OPTIONS)
ROLE = "arn:aws:iam::123456789012:role/BatchInference"
OVER = {"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"}


def job(count, name):
    lines = [
        json.dumps(
            {
                "recordId": f"rec{number:08}",
                "modelInput": {
                    "messages": [{"role": "user", "content": [{"text": f"Name the number {number}"}]}]
                },
            }
        )
        for number in range(count)
    ]
    s3.put_object(Bucket="pictures", Key=f"{name}/in.jsonl", Body="\n".join(lines).encode())
    arn = bedrock.create_model_invocation_job(
        jobName=name,
        roleArn=ROLE,
        modelId="amazon.nova-lite-v1:0",
        modelInvocationType="Converse",
        inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://pictures/{name}/in.jsonl"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://pictures/{name}/out/"}},
    )["jobArn"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        described = bedrock.get_model_invocation_job(jobIdentifier=arn)
        if described["status"] in OVER:
            return arn, described
    raise SystemExit(f"still {described['status']}")


got = {}
arn, described = job(100, "whole")
got["status"] = described["status"]
folder = f"whole/out/{arn.rsplit('/', 1)[1]}"
answers = s3.get_object(Bucket="pictures", Key=f"{folder}/in.jsonl.out")["Body"].read().splitlines()
got["answers"] = len(answers)
first = json.loads(answers[0])
got["text"] = first["modelOutput"]["output"]["message"]["content"][0]["text"]
got["manifest"] = json.loads(
    s3.get_object(Bucket="pictures", Key=f"{folder}/manifest.json.out")["Body"].read()
)
got["tooFew"] = job(3, "few")[1]["status"]

data = bytes(range(256)) * 50_000
parts = TransferConfig(multipart_threshold=5_242_880, multipart_chunksize=5_242_880)
s3.upload_fileobj(io.BytesIO(data), "pictures", "large", Config=parts)
back = io.BytesIO()
s3.download_fileobj("pictures", "large", back, Config=parts)
got["same"] = back.getvalue() == data and s3.head_object(Bucket="pictures", Key="large")[
    "ContentLength"
] == len(data)

s3.put_object(Bucket="pictures", Key="listed/hello", Body=b"hello")
got["range"] = s3.get_object(Bucket="pictures", Key="listed/hello", Range="bytes=1-3")["Body"].read().decode()
for number in range(4):
    s3.put_object(Bucket="pictures", Key=f"listed/{number}", Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(
    Bucket="pictures", Prefix="listed/", PaginationConfig={"PageSize": 2}
)
got["pages"] = sum(1 for _ in pages)
s3.delete_object(Bucket="pictures", Key="listed/hello")
try:
    s3.get_object(Bucket="pictures", Key="listed/hello")
except ClientError as error:
    got["refused"] = error.response["Error"]["Code"]
print(json.dumps(got))
