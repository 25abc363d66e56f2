import { type Finding, note, ok } from "./finding.ts";

/** Looks at a PostgreSQL server. The store is there when none of the findings is a note. @throws why it cannot be reached */
export async function checkPostgres(url: string): Promise<readonly Finding[]> {
  const { inspectPostgres } = await import("@rivulet/postgres");
  const { serverVersion, schemaVersion, latencyMs } = await inspectPostgres(url);
  return [
    ok("Server", `PostgreSQL ${serverVersion}, ${latencyMs.toFixed(1)} ms away`),
    schemaVersion === 0
      ? note("Store", "There is none yet; it is made when it is first used.")
      : ok("Schema", `version ${schemaVersion}`),
  ];
}
