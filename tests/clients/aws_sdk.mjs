// The AWS SDK for JavaScript: its runtime client speaks HTTP/2 in clear text, its control-plane client HTTP/1.1.
import { BedrockClient, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";

const [, , endpoint] = process.argv;
const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "any" } };
const control = new BedrockClient(options);
const runtime = new BedrockRuntimeClient(options);
const modelId = "amazon.nova-lite-v1:0";
const messages = [{ role: "user", content: [{ text: "Tell me of rivers" }] }];

const result = {};
result.models = (await control.send(new ListFoundationModelsCommand({}))).modelSummaries.length;
const whole = await runtime.send(new ConverseCommand({ modelId, messages }));
result.converse = whole.output.message.content[0].text;
result.requestId = whole.$metadata.requestId;
result.stream = "";
for await (const event of (await runtime.send(new ConverseStreamCommand({ modelId, messages }))).stream) {
  result.stream += event.contentBlockDelta?.delta?.text ?? "";
  if (event.metadata) result.usage = event.metadata.usage;
}
try {
  await runtime.send(new ConverseCommand({ modelId: "example.model-v1:0", messages }));
} catch (error) {
  result.refused = [error.name, error.message];
}
control.destroy();
runtime.destroy();
console.log(JSON.stringify(result));
