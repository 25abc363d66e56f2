import { reportedCost } from "@rivulet/core";
import { settingsOf } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import { type Fields, fieldOf, fieldsOf, listOf, textOf } from "../calls/read-value.ts";
import { joinText } from "../calls/stream-parts.ts";
import { readUsage } from "./token-usage.ts";

/** Embeddings: their vectors are left out. */
export const EMBEDDING: Endpoint = {
  operation: "embed",
  type: "embedding",
  request: (body) => ({
    model: textOf(body["model"]),
    input: body["input"] ?? body["inputs"],
    settings: settingsOf(body),
  }),
  answer: (answer) => ({
    ...commonFacts(answer),
    output: { embeddings: listOf(fieldOf(answer, "data")).length },
  }),
};

/** Images that are made or changed. */
export const IMAGE: Endpoint = {
  operation: "image",
  type: "llm",
  request: readWork,
  answer: (answer) => {
    const { data, output_format: format } = fieldsOf(answer);
    const mediaType = `image/${textOf(format) ?? "png"}`;
    return {
      ...commonFacts(answer),
      output: listOf(data).map((image) => toImage(image, mediaType)),
    };
  },
  readStream: readLastEvent,
};

/** Speech that becomes text. */
export const TRANSCRIPTION: Endpoint = {
  operation: "transcribe",
  type: "llm",
  request: readWork,
  answer: (answer) => ({
    ...commonFacts(answer),
    output: typeof answer === "string" ? answer : (fieldOf(answer, "text") ?? answer),
  }),
  readStream: readLastEvent,
};

/** Text that becomes speech, which the app reads itself. */
export const SPEECH: Endpoint = {
  operation: "speak",
  type: "llm",
  request: readWork,
  answer: () => ({}),
  readStream: readLastEvent,
};

/** Whether texts and images may be published. */
export const MODERATION: Endpoint = {
  operation: "moderate",
  type: "guardrail",
  request: readWork,
  answer: (answer) => ({ ...commonFacts(answer), output: fieldOf(answer, "results") ?? answer }),
};

/** Many requests that are answered later: only that they were given. */
export const BATCH: Endpoint = {
  operation: "create batch",
  type: "task",
  request: (body) => ({ model: textOf(body["model"]), input: body }),
  answer: (answer) => ({ ...commonFacts(answer), output: answer }),
};

/** Videos that are made later. */
export const VIDEO: Endpoint = {
  operation: "video",
  type: "llm",
  request: readWork,
  answer: (answer) => ({ ...commonFacts(answer), output: answer }),
};

/** What work is to be done: everything but the model. */
function readWork(body: Fields): { readonly model: string | undefined; readonly input: Fields } {
  const { model, stream: _, ...input } = body;
  return { model: textOf(model), input };
}

function commonFacts(answer: unknown): CallAnswer {
  const { id, model, usage } = fieldsOf(answer);
  return {
    model: textOf(model),
    usage: readUsage(usage),
    cost: reportedCost(usage),
    attributes: { responseId: textOf(id) },
  };
}

function toImage(image: unknown, mediaType: string): unknown {
  const { b64_json: data, url, ...others } = fieldsOf(image);
  const place = data === undefined ? { url } : { mediaType, data };
  return { type: "media", kind: "image", ...place, ...others };
}

/** Streams whose last event has everything: images, transcripts. */
function readLastEvent(): StreamReader {
  let last: Fields | undefined;
  let text = "";
  const isWhole = (): boolean => /(?:completed|done)$/.test(String(last?.["type"]));
  return {
    add(event) {
      last = fieldsOf(event);
      text = joinText(text, textOf(last["delta"]) ?? "");
      return last["delta"] !== undefined || last["b64_json"] !== undefined;
    },
    answer() {
      if (last === undefined) return undefined;
      if (last["b64_json"] !== undefined) {
        const { usage, output_format, b64_json } = last;
        return { usage, output_format, data: [{ b64_json }] };
      }
      return isWhole() ? last : { text };
    },
    isComplete: isWhole,
  };
}
