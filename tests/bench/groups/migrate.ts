import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateStore, openStore } from "@rivulet/core";
import "@rivulet/postgres";
import { makeServer } from "../../postgres/embedded-server.ts";
import { atLeast, type Figure } from "../figure.ts";
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
    return [
      await rateTo(`sqlite:${join(folder, "to.db")}`, { file, traces, least: 20_000 }),
      await rateTo(server.url, { file, traces, least: 8_000 }),
    ];
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Rated {
  readonly file: string;
  readonly traces: number;
  readonly least: number;
}

async function rateTo(to: string, { file, traces, least }: Rated): Promise<Figure> {
  const begun = performance.now();
  await migrateStore({ from: `sqlite:${file}`, to });
  const seconds = (performance.now() - begun) / 1000;
  const spans = traces * SPANS_PER_TRACE;
  const [kind = ""] = to.split(":");
  return atLeast(least, `migrate: ${spans} spans, compared, into ${kind}`, {
    value: spans / seconds,
    unit: "spans/s",
  });
}
