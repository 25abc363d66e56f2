import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { measureRounds } from "../rounds.ts";

/** What a prompt costs on each request. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { prompts } = client.rivulet;
  await prompts.register({
    name: "support",
    template: [
      { role: "system", content: "You help {{customer}}." },
      { role: "user", content: "{{question}}" },
    ],
  });
  await prompts.setAlias({ name: "support", alias: "production", version: 1 });
  const cpu = await measureRounds(
    {
      fetch: {
        async work(count) {
          for (let index = 0; index < count; index++) await prompts.get("support@production");
        },
      },
    },
    { rounds: 15, count: 20_000, warmUp: 50_000 },
  );
  return [atMost(2, "prompt: fetch by alias, cached", { value: cpu.fetch, unit: "µs" })];
};
