// Adds versions, moves an alias and records spans beside others who do the same. Prints what it was given.
import { openStore, RivuletError } from "@rivulet/core";
import { aModelVersion, aPromptVersion, aSpan, hexId } from "@rivulet/core/testing";

const [url = "", traceId = "", rounds = "0"] = process.argv.slice(2);
const store = await openStore(url);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Moves the alias one version on from where it was seen. */
async function moveAlias(): Promise<void> {
  const seen = (await store.prompts.get("counter"))?.aliases["next"] ?? null;
  const from = seen?.[0]?.version ?? 1;
  try {
    const arms = [{ version: from + 1, weight: 1 }];
    await store.prompts.setAlias({
      name: "counter",
      alias: "next",
      arms,
      expected: seen,
      updatedAt: 0,
    });
    say(`moved ${from}`);
  } catch (error) {
    if (!(error instanceof RivuletError && error.code === "conflict")) throw error;
  }
}

for (let round = 1; round <= Number(rounds); round += 1) {
  const contentHash = `${traceId} ${round}`;
  const [prompt, model] = await Promise.all([
    store.prompts.addVersion(aPromptVersion({ name: "counter", contentHash })),
    store.models.addVersion(aModelVersion({ name: "counter" })),
  ]);
  say(`prompt ${prompt.version}`);
  say(`model ${model.version}`);
  if (prompt.version > 1) await moveAlias();
  const id = `${traceId.slice(-8)}${hexId(round, 8)}`;
  const usage = { totalTokens: 1 };
  store.journal.appendSpan(aSpan({ traceId, id, usage }));
  // One trace is everybody's.
  store.journal.appendSpan(aSpan({ traceId: hexId(99), id, usage, parentId: hexId(1, 16) }));
}
await store.close();
