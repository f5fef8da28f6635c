// The AI SDK's Bedrock provider: its own signing, fetch over HTTP/1.1, strict about the shapes of events.
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { embed, experimental_generateImage as generateImage, generateText, streamText } from "ai";

const [, , baseURL, image] = process.argv;
const bedrock = createAmazonBedrock({ baseURL, region: "us-east-1", accessKeyId: "any", secretAccessKey: "any" });
const model = bedrock("amazon.nova-lite-v1:0");
const cachePoint = { bedrock: { cachePoint: { type: "default" } } };

const result = {};
const text = await generateText({ model, prompt: "Tell me of rivers" });
result.text = text.text;
result.requestId = text.response.headers["x-amzn-requestid"];
const stream = streamText({
  model,
  messages: [
    { role: "system", content: "Be brief", providerOptions: cachePoint },
    { role: "user", content: "Tell me of rivers" },
  ],
});
result.stream = "";
for await (const piece of stream.textStream) result.stream += piece;
result.finishReason = await stream.finishReason;
const seen = await generateText({
  model,
  messages: [{ role: "user", content: [
    { type: "text", text: "Describe the image for alt text" },
    { type: "image", image: Buffer.from(image, "base64"), mediaType: "image/png" },
  ] }],
});
result.seen = seen.text;
const read = await generateText({
  model,
  messages: [{ role: "user", content: [
    { type: "text", text: "Sum this up" },
    { type: "file", data: Buffer.from("%PDF-1.4\n%%EOF"), mediaType: "application/pdf", filename: "paper.pdf" },
  ] }],
});
result.read = read.text;
const vector = await embed({
  model: bedrock.embedding("amazon.titan-embed-text-v2:0"),
  value: "Hello World!",
  providerOptions: { bedrock: { dimensions: 512 } },
});
result.dimensions = vector.embedding.length;
const painted = await generateImage({
  model: bedrock.image("amazon.nova-canvas-v1:0"), prompt: "a lake", size: "512x512", seed: 42,
});
result.image = painted.image.base64;
const bearer = createAmazonBedrock({ baseURL, region: "us-east-1", apiKey: "any" });
result.bearer = (await generateText({ model: bearer("amazon.nova-lite-v1:0"), prompt: "Tell me of rivers" })).text;
console.log(JSON.stringify(result));
