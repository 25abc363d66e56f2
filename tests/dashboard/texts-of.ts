import type { Locator } from "playwright-core";

/** What is written in each of some elements, once the first of them is there. */
export async function textsOf(locator: Locator): Promise<readonly string[]> {
  await locator.first().waitFor();
  return (await locator.allTextContents()).map((text) => text.trim());
}
