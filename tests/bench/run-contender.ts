// One contender in a process of its own: `run-contender.ts GROUP NAME`. Told a count, it does its work so
// many times and answers with the CPU microseconds each took.
import { type Contender, measureOnce } from "./rounds.ts";

const [group = "", name = ""] = process.argv.slice(2);
const { contenders } = (await import(`./groups/${group}.ts`)) as {
  readonly contenders: Readonly<Record<string, () => Promise<Contender>>>;
};
const contender = await contenders[name]?.();
if (contender === undefined) throw new Error(`No contender "${name}" in "${group}".`);

process.on("message", async (count: number) => {
  process.send?.(await measureOnce(contender, count));
});
process.on("disconnect", async () => {
  await contender.close?.();
  process.exit();
});
