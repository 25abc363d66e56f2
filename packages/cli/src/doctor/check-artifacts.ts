import { inspectArtifacts, messageOf } from "@rivulet/core";
import { type Finding, note, ok, problem } from "./finding.ts";

/** Checks the place of the store's files, where it is not beside the store. */
export async function checkArtifacts(artifacts: string | undefined): Promise<readonly Finding[]> {
  if (artifacts === undefined) return [];
  const name = "Artifacts";
  try {
    const { place, owner, latencyMs } = await inspectArtifacts(artifacts);
    const found = `${place}: objects can be listed, written, read and deleted (${latencyMs.toFixed(0)} ms)`;
    return [
      owner === undefined
        ? note(name, `${found}. It is no store's yet; the first that writes there has it.`)
        : ok(name, `${found}. It has the files of ${storeText(owner)}.`),
    ];
  } catch (error) {
    return [problem(name, messageOf(error))];
  }
}

function storeText(owner: string): string {
  return owner === "json" ? "a json: project" : `the store ${owner}`;
}
