// A streamed answer through the AI SDK, only put together: prints seconds, seconds of processor, characters.
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { streamText } from "ai";

const [, , baseURL, rounds] = process.argv;
const bedrock = createAmazonBedrock({ baseURL, region: "us-east-1", accessKeyId: "any", secretAccessKey: "any" });
const model = bedrock("amazon.nova-lite-v1:0");
for (let round = 0; round < Number(rounds); round++) {
  const began = performance.now();
  const before = process.cpuUsage();
  let text = "";
  for await (const piece of streamText({ model, prompt: "Go on" }).textStream) text += piece;
  const used = process.cpuUsage(before);
  console.log(JSON.stringify([(performance.now() - began) / 1e3, (used.user + used.system) / 1e6, text.length]));
}
