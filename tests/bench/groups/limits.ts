import type { Rivulet } from "@rivulet/core";
import { openBenchClient } from "../client.ts";
import { atMost, type Figure } from "../figure.ts";
import type { Measure } from "../group.ts";
import { measureRounds } from "../rounds.ts";

/** Sizes of inputs, in characters, and how often each is recorded in a round. */
const SIZES = [
  { name: "300 kB", size: 300_000, count: 20 },
  { name: "1 MB", size: 1_000_000, count: 10 },
  { name: "10 MB", size: 10_000_000, count: 2 },
];

/** A conversation of about so many characters. */
function conversation(size: number): object {
  const content = "A message of the length that answers of models have. ".repeat(10);
  const count = Math.max(1, Math.round(size / (content.length + 40)));
  const messages = Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: `${index} ${content}`,
  }));
  return { messages };
}

async function ofInput(
  rivulet: Rivulet,
  { name, size, count }: (typeof SIZES)[0],
): Promise<Figure> {
  const input = conversation(size);
  const record = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) rivulet.startSpan("sized", { input }).end();
  };
  let length = 0;
  const stringify = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) length += JSON.stringify(input).length;
  };
  const cpu = await measureRounds(
    { stringify: { work: stringify }, record: { work: record, settle: () => rivulet.flush() } },
    { rounds: 5, count, warmUp: count * 2 },
  );
  if (length === 0) throw new Error("The work was not done.");
  return atMost(3, `limits: recording an input of ${name} / JSON.stringify`, {
    value: cpu.record / cpu.stringify,
    unit: "x",
    detail: `${cpu.record.toFixed(0)} µs / ${cpu.stringify.toFixed(0)} µs`,
  });
}

/** A thousand attributes, or as many words for one input, of a megabyte each. */
async function ofThousand(rivulet: Rivulet): Promise<Figure> {
  const texts = Array.from({ length: 100 }, (_, index) => `${index}${"x".repeat(1_000_000)}`);
  const textOf = (index: number): string => texts[index % texts.length] ?? "";
  const record = async (times: number): Promise<void> => {
    const span = rivulet.startSpan("heavy");
    for (let index = 0; index < times; index++) {
      span.setAttributes({ [`name${index}`]: textOf(index) });
      span.setInput(textOf(index));
    }
    span.end();
  };
  let length = 0;
  const stringify = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) length += JSON.stringify(textOf(index)).length;
  };
  const cpu = await measureRounds(
    { stringify: { work: stringify }, record: { work: record, settle: () => rivulet.flush() } },
    { rounds: 3, count: 1_000, warmUp: 10 },
  );
  if (length === 0) throw new Error("The work was not done.");
  return atMost(3, "limits: 1,000 attributes and inputs of 1 MB each / JSON.stringify of 1,000", {
    value: cpu.record / cpu.stringify,
    unit: "x",
    detail: `${cpu.record.toFixed(0)} µs / ${cpu.stringify.toFixed(0)} µs`,
  });
}

/** What large values cost the thread that records them, beside what serialising them costs. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(await ofInput(client.rivulet, size));
  return [...figures, await ofThousand(client.rivulet)];
};
