"""boto3 against the embedded endpoint: prints one JSON object with what it got.

Every answer is also walked along botocore's own service model: a required member that is missing is
named, and fails the run.
"""
import json
import sys

import boto3

URL, MODEL = sys.argv[1], "amazon.nova-lite-v1:0"
OPTIONS = dict(
    endpoint_url=URL, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any"
)
control = boto3.client("bedrock", **OPTIONS)
runtime = boto3.client("bedrock-runtime", **OPTIONS)
missing = []


def walk(shape, value, path):
    if shape.type_name == "structure":
        if getattr(shape, "is_eventstream", False) or getattr(shape, "eventstream", False):
            return
        for name in shape.required_members:
            if not isinstance(value, dict) or name not in value:
                missing.append(f"{path}.{name}")
        for name, member in shape.members.items():
            if isinstance(value, dict) and name in value:
                walk(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            walk(shape.member, item, path + "[]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for item in value.values():
            walk(shape.value, item, path + "{}")


def call(client, operation, **arguments):
    answer = getattr(client, operation)(**arguments)
    name = client.meta.method_to_api_mapping[operation]
    output = client.meta.service_model.operation_model(name).output_shape
    if output is not None:
        walk(output, answer, name)
    return answer


def pages():
    arguments = {"maxResults": 50}
    while True:
        page = call(control, "list_inference_profiles", **arguments)
        yield from page["inferenceProfileSummaries"]
        if "nextToken" not in page:
            return
        arguments["nextToken"] = page["nextToken"]


def ask(text):
    return [{"role": "user", "content": [{"text": text}]}]


def text_of(stream):
    events = list(stream)
    deltas = (event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event)
    return "".join(delta.get("text", "") for delta in deltas), [next(iter(event)) for event in events]


result = {}
result["models"] = len(call(control, "list_foundation_models")["modelSummaries"])
result["profiles"] = len(list(pages()))
call(control, "get_foundation_model", modelIdentifier=MODEL)
call(control, "get_inference_profile", inferenceProfileIdentifier="us." + MODEL)
call(control, "get_foundation_model_availability", modelId=MODEL)

whole = call(runtime, "converse", modelId=MODEL, messages=ask("Tell me of rivers"))
result["converse"] = whole["output"]["message"]["content"][0]["text"]
stream = call(runtime, "converse_stream", modelId=MODEL, messages=ask("Tell me of rivers"))["stream"]
result["stream"], result["events"] = text_of(stream)

embedded = call(
    runtime, "invoke_model", modelId="amazon.titan-embed-text-v2:0",
    body=json.dumps({"inputText": "Hello World!", "dimensions": 256}),
)
result["dimensions"] = len(json.loads(embedded["body"].read())["embedding"])

guardrail = call(
    control, "create_guardrail", name="no-mail",
    blockedInputMessaging="Not that", blockedOutputsMessaging="Not this",
    sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
    wordPolicyConfig={"wordsConfig": [{"text": "forbidden"}]},
)
call(control, "create_guardrail_version", guardrailIdentifier=guardrail["guardrailId"])
call(control, "get_guardrail", guardrailIdentifier=guardrail["guardrailId"], guardrailVersion="1")
result["guardrails"] = len(call(control, "list_guardrails")["guardrails"])
config = {"guardrailIdentifier": guardrail["guardrailId"], "guardrailVersion": "1", "trace": "enabled"}
blocked = call(runtime, "converse", modelId=MODEL, messages=ask("forbidden things"), guardrailConfig=config)
result["blocked"] = [blocked["stopReason"], blocked["output"]["message"]["content"][0]["text"]]
applied = call(
    runtime, "apply_guardrail", guardrailIdentifier=guardrail["guardrailId"], guardrailVersion="1",
    source="INPUT", content=[{"text": {"text": "Write to a@example.org"}}],
)
result["applied"] = [applied["action"], applied["outputs"][0]["text"]]
call(control, "delete_guardrail", guardrailIdentifier=guardrail["guardrailId"])

try:
    runtime.converse(modelId="example.model-v1:0", messages=ask("hi"))
except runtime.exceptions.ValidationException as error:
    result["refused"] = error.response["Error"]["Message"]

result["missing"] = missing
print(json.dumps(result))
