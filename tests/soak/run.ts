import "@rivulet/postgres";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRivulet } from "@rivulet/core";
import { verify } from "./verify.ts";
import { letWrite } from "./writers.ts";

const HELP = `pnpm soak [--store URL] [--processes N] [--seconds N] [--kills N]

Processes write to one store with every verb; afterwards it must hold all that was acknowledged, versions
without gaps, and aliases that moved exactly once.
  --store      default: a new SQLite file
  --processes  default: 4
  --seconds    how long they write (default: 60)
  --kills      kill processes at random moments and replace them, so many times in all, instead of --seconds
`;

const { values } = parseArgs({
  options: {
    store: { type: "string" },
    processes: { type: "string", default: "4" },
    seconds: { type: "string", default: "60" },
    kills: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

async function soak(url: string): Promise<boolean> {
  const said = await letWrite({
    url,
    processes: Number(values.processes),
    ...(values.kills === undefined
      ? { seconds: Number(values.seconds) }
      : { kills: Number(values.kills) }),
  });
  await using rivulet = createRivulet({ store: url });
  await rivulet.flush();
  const problems = await verify(rivulet, said.acknowledged);
  const counts = Object.entries(Object.groupBy(said.acknowledged, ({ verb }) => verb));
  process.stdout.write(
    [
      `${said.acknowledged.length} writes acknowledged, ${said.kills} processes killed, ${problems.length} problems`,
      ...counts.map(([verb, own]) => `  ${verb}: ${own.length}`),
      ...problems.slice(0, 50).map((problem) => `problem: ${problem}`),
      ...[...new Set(said.errors)].slice(0, 50).map((error) => `reported: ${error}`),
      "",
    ].join("\n"),
  );
  return problems.length === 0;
}

if (values.help) process.stdout.write(HELP);
else {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-soak-"));
  try {
    const isSound = await soak(values.store ?? `sqlite:${join(folder, "soak.db")}`);
    process.exitCode = isSound ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
