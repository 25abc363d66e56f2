import { writeFailure } from "../output.ts";
import { type Finding, isAtLeast, note, ok, problem } from "./finding.ts";

const OLDEST_SERVER = "13";

/** Checks a PostgreSQL server. The store exists if none of the findings is a note. @throws if it cannot be reached */
export async function checkPostgres(url: string): Promise<readonly Finding[]> {
  const { inspectPostgres } = await import("@rivulet/postgres");
  const { serverVersion, schemaVersion, latencyMs } = await inspectPostgres(url, {
    onWait: writeFailure,
  });
  return [
    checkServer(serverVersion, latencyMs),
    schemaVersion === 0
      ? note("Store", "There is none yet; it is made when it is first used.")
      : ok("Schema", `version ${schemaVersion}`),
  ];
}

/** Checks the server's version and reports its latency. */
function checkServer(version: string, latencyMs: number): Finding {
  const server = `PostgreSQL ${version}, ${latencyMs.toFixed(1)} ms away`;
  return isAtLeast(version, OLDEST_SERVER)
    ? ok("Server", server)
    : problem("Server", `${server}, is too old: update it to ${OLDEST_SERVER} or newer.`);
}
