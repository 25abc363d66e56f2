import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateStore, openStore } from "@rivulet/core";
import "@rivulet/postgres";
import { makeServer } from "../../postgres/embedded-server.ts";
import { atLeast, shown } from "../figure.ts";
import { fillStore, SPANS_PER_TRACE } from "../fill-store.ts";
import type { Measure } from "../group.ts";

/** A migration of traces and as many runs, from its start until both stores are known to have the same. */
export const measure: Measure = async ({ traces }) => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-migrate-"));
  const file = join(folder, "from.db");
  await (await openStore(`sqlite:${file}`)).close();
  fillStore(file, traces);
  const server = await makeServer(await mkdtemp(join(tmpdir(), "rivulet-postgres-")));
  try {
    const here = await rateTo(`sqlite:${join(folder, "to.db")}`, { file, traces });
    const there = await rateTo(server.url, { file, traces });
    const name = `migrate: ${traces * SPANS_PER_TRACE} spans, and as many runs as traces, compared`;
    return [
      atLeast(20_000, `${name}, into sqlite, per second of CPU`, {
        value: here.perCpuSecond,
        unit: "spans/s",
      }),
      shown(`${name}, into sqlite, by the clock`, { value: here.perSecond, unit: "spans/s" }),
      // What the server does is not in the CPU of this process.
      atLeast(8_000, `${name}, into postgres, by the clock`, {
        value: there.perSecond,
        unit: "spans/s",
        detail: `${there.perCpuSecond.toFixed(0)} spans per second of CPU of this process`,
      }),
    ];
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Rates {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

async function rateTo(
  to: string,
  { file, traces }: { readonly file: string; readonly traces: number },
): Promise<Rates> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await migrateStore({ from: `sqlite:${file}`, to });
  const { user, system } = process.cpuUsage(before);
  const spans = traces * SPANS_PER_TRACE;
  return {
    perCpuSecond: (spans * 1e6) / (user + system),
    perSecond: (spans * 1e3) / (performance.now() - begun),
  };
}
