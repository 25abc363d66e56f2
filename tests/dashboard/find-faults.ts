import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOnly, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL_RULES: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

/** What axe finds, as "rule (impact): element". */
export async function findFaults(page: Page, rules = ALL_RULES): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(async (runOnly): Promise<AxeResults> => {
    const axe = Reflect.get(globalThis, "axe") as {
      run(root: Document, options: RunOptions): Promise<AxeResults>;
    };
    return axe.run(document, { runOnly });
  }, rules);
  // What it cannot decide, such as colours on a dialog over the page, it has looked at, too.
  if (results.passes.length + results.incomplete.length === 0)
    throw new Error("axe has looked at nothing");
  return results.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${id} (${impact}): ${html.slice(0, 120)}`),
  );
}
