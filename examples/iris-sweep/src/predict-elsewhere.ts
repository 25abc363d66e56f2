import { createRivulet } from "@rivulet/core";
import { rivuletHandler } from "@rivulet/tfjs";
import * as tf from "@tensorflow/tfjs";
import { predict } from "./classifier.ts";
import { test } from "./data.ts";

// A process of its own: node predict-elsewhere.ts STORE models:/iris@production
const [store = "", address = ""] = process.argv.slice(2);
await using rivulet = createRivulet({ store });
const model = await tf.loadLayersModel(rivuletHandler(rivulet, address));
const predictions = predict(
  model,
  test.map(({ measures }) => measures),
);
process.stdout.write(JSON.stringify(predictions));
