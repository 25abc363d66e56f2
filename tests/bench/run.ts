import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Figure, toTable } from "./figure.ts";
import type { BenchSettings } from "./group.ts";

const GROUPS = [
  "span",
  "limits",
  "loop",
  "prompt",
  "langchain",
  "ai-sdk",
  "providers",
  "media",
  "ingest",
  "otlp",
  "memory",
  "postgres",
  "stall",
  "store",
  "metrics",
  "migrate",
  "serving",
  "import",
  "tracing",
  "dashboard",
];
const RUN_GROUP = fileURLToPath(new URL("run-group.ts", import.meta.url));
const HELP = `pnpm bench [group …] [--json] [--spans N] [--traces N] [--stall SECONDS]

Groups: ${GROUPS.join(", ")} (default: all).
  --json    one line of JSON per figure instead of the table
  --spans   spans that the group "ingest" writes (default: 1000000), "postgres" up to 300000
  --traces  traces that the group "store" looks among, of ten spans each, and as many runs (default: 20000)
  --runs    runs of the store that the group "dashboard" shows (default: 3000), with twenty times as many traces
  --stall   seconds for which the group "stall" holds the writer (default: 60)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    spans: { type: "string", default: "1000000" },
    traces: { type: "string", default: "20000" },
    runs: { type: "string", default: "3000" },
    stall: { type: "string", default: "60" },
    help: { type: "boolean", short: "h", default: false },
  },
});

/** Each group has a process of its own, so that none inherits another's heap and compiled code. */
async function runGroup(group: string, settings: BenchSettings): Promise<readonly Figure[]> {
  process.stderr.write(`measuring ${group} …\n`);
  const child = fork(RUN_GROUP, [group, JSON.stringify(settings)], {
    stdio: ["ignore", 2, 2, "ipc"],
  });
  let figures: readonly Figure[] | undefined;
  child.on("message", (message) => {
    figures = message as readonly Figure[];
  });
  await once(child, "exit");
  if (figures === undefined) throw new Error(`The group "${group}" ended without figures.`);
  return figures;
}

async function runAll(groups: readonly string[], settings: BenchSettings): Promise<boolean> {
  const figures: Figure[] = [];
  for (const group of groups) {
    const measured = await runGroup(group, settings);
    figures.push(...measured);
    if (values.json) process.stdout.write(measured.map(toLine).join(""));
  }
  if (!values.json) process.stdout.write(`${toTable(figures)}\n`);
  return figures.every(({ ok }) => ok);
}

function toLine({ name, value, unit, target, ok }: Figure): string {
  return `${JSON.stringify({ name, value, unit, target, ok })}\n`;
}

const settings = {
  spans: Number(values.spans),
  traces: Number(values.traces),
  runs: Number(values.runs),
  largeTraces: Number(values.runs) * 20,
  stallSeconds: Number(values.stall),
};
const isValid =
  positionals.every((group) => GROUPS.includes(group)) &&
  Object.values(settings).every((value) => value > 0);

if (values.help) process.stdout.write(HELP);
else if (!isValid) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else if (!(await runAll(positionals.length > 0 ? positionals : GROUPS, settings))) {
  process.exitCode = 1;
}
