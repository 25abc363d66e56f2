import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createRivulet } from "@rivulet/core";
import { catchUpRate } from "../catch-up.ts";
import { openBenchClient } from "../client.ts";
import { atLeast, atMost, type Figure, shown } from "../figure.ts";
import { fillStore, SPANS_PER_TRACE } from "../fill-store.ts";
import type { Measure } from "../group.ts";
import { bytesPerRun } from "../run-size.ts";
import { largeArtifact } from "../store/large-artifact.ts";
import { otherCosts } from "../store/other-costs.ts";
import type { Question } from "../store/question.ts";
import { RUN_QUESTIONS } from "../store/run-questions.ts";
import { sizes } from "../store/sizes.ts";
import { type Cost, costOf, timesOf } from "../store/time-of.ts";
import { TRACE_QUESTIONS } from "../store/trace-questions.ts";

const WARM_UP = 500;
const QUESTIONS = [...TRACE_QUESTIONS, ...RUN_QUESTIONS];

/** One question at one size. */
interface Answer {
  readonly question: Question;
  readonly asked: Cost;
  readonly floor: Cost;
}

interface Measured {
  readonly hop: Cost;
  readonly answers: readonly Answer[];
  /** Of what has no floor. */
  readonly others: readonly Figure[];
}

async function measureAt(count: number): Promise<Measured> {
  await using client = await openBenchClient();
  const { rivulet, file } = client;
  fillStore(file, count);
  // A store that nothing is written to looks for work seldom.
  rivulet.startSpan("last", { parent: null }).end();
  await rivulet.flush();
  const indexed = SPANS_PER_TRACE * (await catchUpRate(file));
  // What the store does by itself once it has been idle.
  using database = new DatabaseSync(file);
  database.exec("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002");
  const figures = [
    atLeast(20_000, "store: words indexed", { value: indexed, unit: "spans/s" }),
    ...sizes(database),
  ];
  const hop = await costOf(() => rivulet.traces.find("none"));
  // The worker that searches starts with the first search, and is compiled by many.
  await timesOf(() => rivulet.traces.search({ limit: 50 }), WARM_UP);
  const answers: Answer[] = [];
  for (const question of QUESTIONS) {
    const about = await question.before?.(rivulet);
    const asked = await costOf(() => question.ask(rivulet, about));
    if (question.index !== undefined) database.exec(question.index);
    const statement = database.prepare(question.floor);
    const floor = await costOf(() => statement.all(...(question.values ?? [])));
    answers.push({ question, asked, floor });
  }
  const others = [...(await otherCosts(rivulet)), ...figures];
  await rivulet.close();
  others.push(await opening(file));
  return { hop, answers, others };
}

/** From nothing to the first answer. */
async function opening(file: string): Promise<Figure> {
  const begun = performance.now();
  await using rivulet = createRivulet({ store: `sqlite:${file}` });
  await rivulet.traces.find("none");
  return atMost(100, "store: opening the file, and a first answer", {
    value: performance.now() - begun,
    unit: "ms",
    detail: `${(statSync(file).size / 1e6).toFixed(0)} MB`,
  });
}

/** Lists against the best statement on the same file. One hop to the worker and back is taken off, and shown. */
export const measure: Measure = async ({ traces: count }) => {
  const tenth = await measureAt(Math.ceil(count / 10));
  const whole = await measureAt(count);
  const size = `${count} traces of ${SPANS_PER_TRACE} spans`;
  return [
    shown(`store: a hop, with ${size}`, {
      value: whole.hop.clock,
      unit: "ms",
      detail: `${whole.hop.cpu.toFixed(2)} ms of CPU`,
    }),
    ...whole.answers.map(({ question, asked, floor }) =>
      atMost(3, `store: ${question.name}`, {
        value: Math.max(0, asked.clock - whole.hop.clock) / floor.clock,
        unit: "x",
        detail: `${asText(asked)} / ${asText(floor)}`,
      }),
    ),
    ...whole.answers.map(({ question, asked }, index) => {
      const name = `store: ${question.name}, against a tenth of the traces`;
      const value = asked.clock / (tenth.answers[index]?.asked.clock ?? Number.NaN);
      return question.grows === true
        ? shown(name, { value, unit: "x" })
        : atMost(2, name, { value, unit: "x" });
    }),
    ...whole.others.map((figure, index) => withSmaller(figure, tenth.others[index])),
    ...whole.answers.filter(({ question }) => question.isText === true).map(inTime),
    await bytesPerRun(),
    await largeArtifact(),
  ];
};

function asText({ cpu, clock }: Cost): string {
  return `${clock.toFixed(3)} ms (${cpu.toFixed(2)} of CPU)`;
}

/** However good a statement there could be. */
function inTime({ question: { name }, asked }: Answer): Figure {
  return atMost(30, `store: ${name}, by the clock`, { value: asked.clock, unit: "ms" });
}

/** A figure with the one at a tenth of the size beside it. */
function withSmaller({ detail, ...figure }: Figure, smaller: Figure | undefined): Figure {
  const there = `${smaller?.value} ${smaller?.unit} at a tenth of the traces`;
  return { ...figure, detail: detail === undefined ? there : `${detail}; ${there}` };
}
