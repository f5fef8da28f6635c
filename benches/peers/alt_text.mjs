// Alt text for a folder of photographs with the AI SDK and sharp: prints seconds and peak megabytes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { streamText } from "ai";
import sharp from "sharp";

const [, , baseURL, folder, edge, threads] = process.argv;
const bedrock = createAmazonBedrock({ baseURL, region: "us-east-1", accessKeyId: "any", secretAccessKey: "any" });
const model = bedrock("amazon.nova-lite-v1:0");
const side = Number(edge);
// One thread a picture, as many pictures at once as there are threads.
sharp.concurrency(1);
sharp.cache(false);

async function describe(path) {
  const image = await sharp(path).rotate()
    .resize({ width: side, height: side, fit: "inside" }).jpeg({ quality: 90 }).toBuffer();
  const { textStream } = streamText({ model, messages: [{ role: "user", content: [
    { type: "image", image, mediaType: "image/jpeg" },
    { type: "text", text: "Write alt text" },
  ] }] });
  let text = "";
  for await (const piece of textStream) text += piece;
  return text;
}

const began = performance.now();
const paths = readdirSync(folder).filter((name) => name.endsWith(".jpg")).map((name) => join(folder, name));
let next = 0, texts = 0;
await Promise.all(Array.from({ length: Number(threads) }, async () => {
  while (next < paths.length) if (await describe(paths[next++])) texts++;
}));
console.log(JSON.stringify([(performance.now() - began) / 1e3, process.resourceUsage().maxRSS / 1e3, texts]));
