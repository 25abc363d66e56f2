import * as ai7 from "ai";
import * as mocks7 from "ai/test";
import * as ai5 from "ai5";
import * as mocks5 from "ai5/test";
import * as ai5Min from "ai5-min";
import * as mocks5Min from "ai5-min/test";
import * as ai6 from "ai6";
import * as mocks6 from "ai6/test";
import * as ai6Min from "ai6-min";
import * as mocks6Min from "ai6-min/test";
import * as ai7Min from "ai7-min";
import * as mocks7Min from "ai7-min/test";
import {
  type AnswerChunk,
  type answer,
  type ChunkOf2,
  inVersion2,
  streamOf,
} from "./mock-content.ts";

type Answer = ReturnType<typeof answer>;
type Answers = readonly (Answer | (() => Answer | Promise<Answer>))[];
type Streams = readonly (readonly AnswerChunk[] | (() => ReturnType<typeof streamOf>))[];

/** A version of AI SDK 7. */
export interface Lab7 {
  readonly version: string;
  readonly ai: typeof ai7;
  /** A model that gives these answers in turn, the last one again and again. */
  model(name: string, ...answers: Answers): InstanceType<typeof mocks7.MockLanguageModelV4>;
  /** A model that gives these streams in turn. */
  streaming(name: string, ...streams: Streams): InstanceType<typeof mocks7.MockLanguageModelV4>;
  readonly mocks: typeof mocks7;
}

/** A version of AI SDK 6. */
export interface Lab6 {
  readonly version: string;
  readonly ai: typeof ai6;
  model(name: string, ...answers: Answers): InstanceType<typeof mocks6.MockLanguageModelV3>;
  streaming(name: string, ...streams: Streams): InstanceType<typeof mocks6.MockLanguageModelV3>;
  readonly mocks: typeof mocks6;
}

/** A version of AI SDK 5. */
export interface Lab5 {
  readonly version: string;
  readonly ai: typeof ai5;
  model(name: string, ...answers: Answers): InstanceType<typeof mocks5.MockLanguageModelV2>;
  streaming(name: string, ...streams: Streams): InstanceType<typeof mocks5.MockLanguageModelV2>;
  readonly mocks: typeof mocks5;
}

function lab7(version: string, ai: unknown, mocks: unknown): Lab7 {
  const { MockLanguageModelV4 } = mocks as typeof mocks7;
  return {
    version,
    ai: ai as typeof ai7,
    mocks: mocks as typeof mocks7,
    model: (name, ...answers) =>
      new MockLanguageModelV4({ modelId: name, doGenerate: inTurn(answers, give) }),
    streaming: (name, ...streams) =>
      new MockLanguageModelV4({ modelId: name, doStream: inTurn(streams, open) }),
  };
}

function lab6(version: string, ai: unknown, mocks: unknown): Lab6 {
  const { MockLanguageModelV3 } = mocks as typeof mocks6;
  return {
    version,
    ai: ai as typeof ai6,
    mocks: mocks as typeof mocks6,
    model: (name, ...answers) =>
      new MockLanguageModelV3({ modelId: name, doGenerate: inTurn(answers, give) }),
    streaming: (name, ...streams) =>
      new MockLanguageModelV3({ modelId: name, doStream: inTurn(streams, open) }),
  };
}

function lab5(version: string, ai: unknown, mocks: unknown): Lab5 {
  const { MockLanguageModelV2 } = mocks as typeof mocks5;
  return {
    version,
    ai: ai as typeof ai5,
    mocks: mocks as typeof mocks5,
    model: (name, ...answers) =>
      new MockLanguageModelV2({
        modelId: name,
        doGenerate: inTurn(answers, async (next) => inVersion2(await give(next))),
      }),
    streaming: (name, ...streams) =>
      new MockLanguageModelV2({
        modelId: name,
        doStream: inTurn(streams, (next) => {
          const { stream } = open(next);
          return { stream: stream.pipeThrough(eachInVersion2()) };
        }),
      }),
  };
}

function eachInVersion2() {
  return new TransformStream<AnswerChunk, ChunkOf2>({
    transform: (chunk, controller) => controller.enqueue(inVersion2(chunk)),
  });
}

function give(next: Answers[number]): Answer | Promise<Answer> {
  return typeof next === "function" ? next() : next;
}

function open(next: Streams[number]): ReturnType<typeof streamOf> {
  return typeof next === "function" ? next() : streamOf(next);
}

function inTurn<T, R>(items: readonly T[], give: (item: T) => R | Promise<R>): () => Promise<R> {
  let next = 0;
  return async () => {
    const item = items[Math.min(next++, items.length - 1)];
    if (item === undefined) throw new Error("The mock model has nothing to say.");
    return give(item);
  };
}

/** The newest 7, and the oldest that is supported. */
export const VERSIONS_7: readonly Lab7[] = [
  lab7("7.0.173", ai7, mocks7),
  lab7("7.0.0", ai7Min, mocks7Min),
];

/** The newest 6, and the oldest that is supported. */
export const VERSIONS_6: readonly Lab6[] = [
  lab6("6.0.326", ai6, mocks6),
  lab6("6.0.111", ai6Min, mocks6Min),
];

/** The newest 5, and the oldest that is supported. */
export const VERSIONS_5: readonly Lab5[] = [
  lab5("5.0.277", ai5, mocks5),
  lab5("5.0.0", ai5Min, mocks5Min),
];

/** What {@link VERSIONS_6} and {@link VERSIONS_5} have in common, by the names of 6. */
export const VERSIONS_6_AND_5: readonly Lab6[] = [
  ...VERSIONS_6,
  ...VERSIONS_5.map(
    (lab) =>
      ({
        ...lab,
        ai: {
          ...lab.ai,
          ToolLoopAgent: lab.ai.Experimental_Agent,
          stepCountIs: lab.ai.stepCountIs,
        },
        mocks: { ...lab.mocks, MockEmbeddingModelV3: lab.mocks.MockEmbeddingModelV2 },
      }) as unknown as Lab6,
  ),
];
