// One group in a process of its own: `run-group.ts GROUP SETTINGS`. Sends its figures to its parent.
import type { BenchSettings, Measure } from "./group.ts";

const [group = "", settings = "{}"] = process.argv.slice(2);
const { measure } = (await import(`./groups/${group}.ts`)) as { readonly measure: Measure };
const figures = await measure(JSON.parse(settings) as BenchSettings);
process.send?.(figures, () => process.exit());
