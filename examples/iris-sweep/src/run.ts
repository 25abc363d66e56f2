import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRivulet, type LoggedModel, RivuletError } from "@rivulet/core";
import { FEATURES, type Flower, test } from "./data.ts";
import { guard, MODEL, PRODUCTION, promote, register } from "./release.ts";
import { score, serve, serves } from "./score.ts";
import { type IrisSweep, sweepClassifiers } from "./train.ts";

const ELSEWHERE = fileURLToPath(new URL("predict-elsewhere.ts", import.meta.url));

/** From the data to a model in production, and back to the version before. */
export async function run(store: string, tell: (line: string) => void): Promise<void> {
  await using rivulet = createRivulet({ store, systemMetrics: { intervalMs: 500 } });

  tell("1  A sweep");
  const sweep = await sweepClassifiers(rivulet);
  for (const { run, status, value } of sweep.children) {
    tell(`   ${run.name.padEnd(30)} ${status.padEnd(9)} val_loss ${value?.toFixed(3)}`);
  }
  const { best, second, worst } = ranked(sweep);
  const [summary] = await rivulet.runs.childSummaries({ runIds: [sweep.parent.id] });
  tell(`   best of ${summary?.count}: ${summary?.metrics[0]?.best?.name}`);

  tell("2  Into production, through a gate");
  const first = await register(rivulet, best);
  await guard(rivulet);
  await promote(rivulet, first);
  tell(`   version ${first.version} is in production`);
  const bad = await register(rivulet, worst);
  tell(`   ${await refusalOf(() => promote(rivulet, bad))}`);

  tell("3  Served over HTTP");
  await using server = await serve(rivulet, PRODUCTION);
  const scored = await score(server.url, test.map(toRow));
  tell(`   version ${scored.version} has scored ${scored.predictions.length} flowers`);

  tell("4  Another version, and back");
  const next = await register(rivulet, second);
  await promote(rivulet, next);
  await serves(server.url, next.version);
  tell(`   version ${(await score(server.url, test.map(toRow))).version} answers`);
  const why = "the first one was better";
  const { version } = await rivulet.models.rollBack({ name: MODEL, alias: "production", why });
  await serves(server.url, version);
  const again = await score(server.url, test.map(toRow));
  tell(`   version ${again.version} answers`);

  tell("5  Loaded in another process");
  const elsewhere = await predictElsewhere(store);
  const isSame = JSON.stringify(elsewhere) === JSON.stringify(scored.predictions);
  tell(`   ${elsewhere.length} predictions, ${isSame ? "the same bit for bit" : "DIFFERENT"}`);
}

/** The models of the children that finished: best, second best and worst. */
function ranked({ children }: IrisSweep): Record<"best" | "second" | "worst", LoggedModel> {
  const models = children
    .filter(({ status }) => status === "finished")
    .toSorted((one, other) => Number(one.value) - Number(other.value))
    .flatMap(({ result = [] }) => result);
  const [best, second] = models;
  const worst = models.at(-1);
  if (best && second && worst) return { best, second, worst };
  throw new Error("Too few children have finished.");
}

function toRow({ measures }: Flower): object {
  return Object.fromEntries(FEATURES.map((name, column) => [name, measures[column]]));
}

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RivuletError) return error.message;
    throw error;
  }
  throw new Error("The gate let a bad version through.");
}

async function predictElsewhere(store: string): Promise<readonly (readonly number[])[]> {
  const args = [...process.execArgv, ELSEWHERE, store, `models:/${PRODUCTION}`];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
