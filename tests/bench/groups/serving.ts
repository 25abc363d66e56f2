import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { toNodeListener } from "@rivulet/server/node";
import { type LoadedModel, serveModel } from "@rivulet/serving";
import { ask } from "../apart.ts";
import { atMost, type Figure } from "../figure.ts";
import type { Measure } from "../group.ts";
import { measureRounds } from "../rounds.ts";
import { type Asking, ROW } from "../score-row.ts";

const ROUNDS = 7;
/** Requests of a round. */
const COUNT = 300;
const SENDER = fileURLToPath(new URL("../send-rows.ts", import.meta.url));

/** A version that a loader of ours makes a model of: `price@live`. */
async function register(rivulet: Rivulet): Promise<void> {
  const run = await rivulet.runs.start({ name: "train" });
  await run.logArtifact("model/weights.json", [1]);
  await run.finish();
  const artifactPath = "model/weights.json";
  await rivulet.models.register({ name: "price", runId: run.id, artifactPath, aliases: ["live"] });
}

/** Adds up the columns of each row, once it has reckoned with so many sines. */
function predictor(sines: number): (rows: readonly unknown[]) => readonly number[] {
  return (rows) =>
    rows.map((row) => {
      let sum = 0;
      for (let angle = 0; angle < sines; angle += 1) sum += Math.sin(angle);
      if (!Number.isFinite(sum)) throw new Error("A sum of sines is finite.");
      return (row as readonly number[]).reduce((total, value) => total + value, 0);
    });
}

interface Served {
  readonly rivulet: Rivulet;
  readonly sender: ChildProcess;
  /** Sines that the model reckons with for each row. */
  readonly sines: number;
}

/** Milliseconds of CPU of this thread for a request, and of those the model's own. */
async function costs({ rivulet, sender, sines }: Served): Promise<readonly [number, number]> {
  const predict = predictor(sines);
  const loader = (): LoadedModel => ({ predict });
  const model = await serveModel(rivulet, { reference: "price@live", loader });
  const server = createServer(toNodeListener(model.handle)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/invocations`;
  const overHttp = async (count: number): Promise<void> => {
    const asking: Asking = { url, count };
    const wrong = await ask(sender, asking);
    if (wrong > 0) throw new Error(`${wrong} of ${count} rows were not scored right.`);
  };
  // The clock of a thread goes on in steps: one prediction alone could not be measured.
  const alone = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 1) predict([ROW]);
  };
  const cpu = await measureRounds(
    { overHttp: { work: overHttp }, alone: { work: alone } },
    { rounds: ROUNDS, count: COUNT, warmUp: COUNT },
  );
  server.close();
  await model.close();
  return [cpu.overHttp / 1e3, cpu.alone / 1e3];
}

async function figureOf(name: string, served: Served): Promise<Figure> {
  const [whole, own] = await costs(served);
  return atMost(1, `serving: a row over HTTP, ${name}, above twice the model's own time`, {
    value: whole - 2 * own,
    unit: "ms of CPU",
    detail: `${whole.toFixed(3)} ms / ${own.toFixed(3)} ms`,
  });
}

/** Scoring of single rows over HTTP, asked for from another process, by a model that a loader gives. */
export const measure: Measure = async () => {
  await using rivulet = createRivulet({ store: "memory:" });
  await register(rivulet);
  const sender = fork(SENDER);
  const figures = [
    await figureOf("by a model that does next to nothing", { rivulet, sender, sines: 0 }),
    await figureOf("by a model of some milliseconds", { rivulet, sender, sines: 100_000 }),
  ];
  sender.disconnect();
  return figures;
};
