import { createHash } from "node:crypto";
import type { FinishedSpan, Rivulet, Scorer } from "@rivulet/core";

/** How much a store holds for the figures of the dashboard. */
export interface Volume {
  readonly runs: number;
  readonly traces: number;
}

/** What the pages are opened with. */
export interface VolumeIds {
  readonly experimentId: string;
  readonly runId: string;
  readonly runIds: readonly string[];
  readonly wideTraceId: string;
  readonly deepTraceId: string;
  readonly largeTraceId: string;
  readonly baselineId: string;
  readonly candidateId: string;
}

const PARAMS = 12;
const METRICS = 10;
const STEPS = 200;
const WIDE_SPANS = 5_000;
const DEEP_LEVELS = 400;
const LARGE_TEXT = 1_000_000;
const PROMPT_VERSIONS = 120;
const ROWS = 2_000;
const SCORERS = 6;
const DAY = 86_400_000;

/** Fills a store as a year of a busy team would. */
export async function seedVolume(rivulet: Rivulet, volume: Volume): Promise<VolumeIds> {
  const now = Date.now();
  const experiment = await rivulet.experiments.create({ name: "Busy" });
  const runIds = await seedRuns(rivulet, experiment.id, volume.runs);
  await seedTraces(rivulet, volume.traces, now);
  const wideTraceId = hex(1, 32);
  await recordAll(rivulet, wideTrace(wideTraceId, now));
  const deepTraceId = hex(2, 32);
  await recordAll(rivulet, deepTrace(deepTraceId, now));
  const largeTraceId = hex(3, 32);
  await recordAll(rivulet, [largeSpan(largeTraceId, now)]);
  for (let version = 1; version <= PROMPT_VERSIONS; version += 1) {
    const template = `You answer questions about plants, in version ${version}.\n\n{{question}}`;
    await rivulet.prompts.register({ name: "botanist", template, commitMessage: `Try ${version}` });
  }
  const [baselineId = "", candidateId = ""] = await seedEvaluations(rivulet);
  await rivulet.flush();
  return {
    experimentId: experiment.id,
    runId: runIds[0] ?? "",
    runIds,
    wideTraceId,
    deepTraceId,
    largeTraceId,
    baselineId,
    candidateId,
  };
}

async function seedRuns(rivulet: Rivulet, experimentId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const params = named(PARAMS, "param", (key) => String((index * (key + 3)) % 17));
    const run = await rivulet.runs.create({ experimentId, name: `sweep ${index}`, params });
    ids.push(run.id);
    const points = Array.from({ length: METRICS * STEPS }, (_, place) => {
      const key = place % METRICS;
      const step = Math.floor(place / METRICS);
      const value = Math.exp(-step / (20 + ((index * 7 + key) % 50))) + ((index * key) % 13) / 50;
      return { key: metricName(key), value, step, timestamp: run.startTime + step };
    });
    for (let from = 0; from < points.length; from += 1_000) {
      await rivulet.runs.logBatch({ runId: run.id, metrics: points.slice(from, from + 1_000) });
    }
    await rivulet.runs.update(run.id, { status: "finished" });
  }
  return ids;
}

function metricName(key: number): string {
  return `${key % 2 === 0 ? "train" : "val"}/metric ${key}`;
}

async function seedTraces(rivulet: Rivulet, count: number, now: number): Promise<void> {
  let batch: FinishedSpan[] = [];
  for (let index = 0; index < count; index += 1) {
    batch.push(...smallTrace(index, now - ((count - index) * 30 * DAY) / count));
    if (batch.length < 900) continue;
    await rivulet.traces.record(batch);
    batch = [];
  }
  await rivulet.traces.record(batch);
}

/** A question that a model answers with a tool; one of fifty fails. */
function smallTrace(index: number, startTime: number): readonly FinishedSpan[] {
  const traceId = hex(index + 1_000, 32);
  const failed = index % 50 === 0;
  const latency = 200 + ((index * 7919) % 4_000);
  const ofTrace = { traceId, sessionId: `session ${index % 9_000}`, userId: `user ${index % 700}` };
  const question = `What has petals ${(index % 70) / 10} cm long and grows at ${index % 3_000} m?`;
  return [
    {
      ...ofTrace,
      id: hex(index * 3 + 1, 16),
      name: index % 3 === 0 ? "flower agent" : "answer",
      type: "agent",
      startTime,
      endTime: startTime + latency,
      input: question,
      ...(failed
        ? { status: "error", statusMessage: `The tool failed after ${latency} ms` }
        : { output: `It is an iris of kind ${index % 9}.` }),
      tags: { env: index % 4 === 0 ? "prod" : "test" },
    },
    {
      ...ofTrace,
      id: hex(index * 3 + 2, 16),
      parentId: hex(index * 3 + 1, 16),
      name: "chat",
      type: "chat_model",
      model: index % 5 === 0 ? "gpt-4o" : "gpt-4o-mini",
      provider: "openai",
      startTime: startTime + 5,
      endTime: startTime + latency - 20,
      input: [{ role: "user", content: question }],
      output: { role: "assistant", content: `It is an iris of kind ${index % 9}.` },
      usage: { inputTokens: 120, outputTokens: 30, totalTokens: 150 },
    },
    {
      ...ofTrace,
      id: hex(index * 3 + 3, 16),
      parentId: hex(index * 3 + 1, 16),
      name: `find_${index % 6}`,
      type: "tool",
      startTime: startTime + latency - 20,
      endTime: startTime + latency - 5,
      ...(failed && { status: "error", statusMessage: `The tool failed after ${latency} ms` }),
    },
  ];
}

function wideTrace(traceId: string, now: number): readonly FinishedSpan[] {
  return Array.from({ length: WIDE_SPANS }, (_, index) => ({
    traceId,
    id: hex(10_000_000 + index, 16),
    ...(index > 0 && { parentId: hex(10_000_000 + Math.floor((index - 1) / 8), 16) }),
    name: `step ${index}`,
    type: index % 4 === 0 ? "tool" : "chain",
    startTime: now - 60_000 + index * 10,
    endTime: now - 60_000 + index * 10 + 500,
    input: { index },
  }));
}

function deepTrace(traceId: string, now: number): readonly FinishedSpan[] {
  return Array.from({ length: DEEP_LEVELS }, (_, index) => ({
    traceId,
    id: hex(20_000_000 + index, 16),
    ...(index > 0 && { parentId: hex(20_000_000 + index - 1, 16) }),
    name: `level ${index}`,
    type: "chain",
    startTime: now - 50_000 + index,
    endTime: now - 40_000 - index,
  }));
}

function largeSpan(traceId: string, now: number): FinishedSpan {
  const line = "The petals of the iris are long, and its leaves are longer still. ";
  return {
    traceId,
    id: hex(30_000_000, 16),
    name: "a book",
    type: "chat_model",
    startTime: now - 30_000,
    endTime: now - 29_000,
    input: [{ role: "user", content: line.repeat(Math.ceil(LARGE_TEXT / line.length)) }],
    output: { role: "assistant", content: "A summary." },
  };
}

/** At most as many spans at once as one call takes. */
async function recordAll(rivulet: Rivulet, spans: readonly FinishedSpan[]): Promise<void> {
  for (let from = 0; from < spans.length; from += 1_000) {
    await rivulet.traces.record(spans.slice(from, from + 1_000));
  }
}

async function seedEvaluations(rivulet: Rivulet): Promise<readonly string[]> {
  const data = Array.from({ length: ROWS }, (_, index) => ({
    id: `row ${index}`,
    inputs: { question: `Which iris has petals ${index / 100} cm long, and why do you think so?` },
    expectations: { species: `kind ${index % 9}` },
  }));
  const scorers = Array.from({ length: SCORERS }, (_, place) => aScorer(place));
  const ids: string[] = [];
  for (const name of ["before", "after"]) {
    const { id } = await rivulet.evaluate({
      name,
      data,
      scorers,
      task: (inputs: unknown) => `${name}: ${JSON.stringify(inputs)}`,
    });
    ids.push(id);
  }
  return ids;
}

function aScorer(place: number): Scorer {
  const score = ({ output }: { readonly output: unknown }): number =>
    scoreOf(String(output), place);
  return Object.assign(score, {
    scoreName: `scorer ${place}`,
    range: { min: 0, max: 1, better: "higher" } as const,
  });
}

/** The same for the same text, and otherwise anything from 0 to 1. */
function scoreOf(text: string, place: number): number {
  return createHash("md5").update(`${place} ${text}`).digest().readUInt16BE(0) / 65_535;
}

function named<T>(
  count: number,
  prefix: string,
  value: (key: number) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, key) => [`${prefix} ${key}`, value(key)]),
  );
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, "0");
}
