import type { Page } from "playwright-core";
import type { PageCase } from "./pages.ts";
import type { Seeded } from "./seed.ts";

/** A page of the dashboard over seeded data. */
export interface RouteOptions {
  readonly url: string;
  readonly ids: Seeded;
  readonly pageCase: PageCase;
}

/** Opens a page anew and waits until its title and all its texts are there. */
export async function openRoute(page: Page, { url, ids, pageCase }: RouteOptions): Promise<void> {
  await page.goto("about:blank");
  await page.goto(url + pageCase.route(ids));
  await page.getByRole("heading", { level: 1, name: pageCase.title, exact: true }).waitFor();
  for (const text of pageCase.texts) {
    await page.locator("main").getByText(text).first().waitFor({ state: "attached" });
  }
}
