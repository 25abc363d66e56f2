import type { View } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { askPages, type PagedQuestion, refresh } from "../api/query-client.ts";
import { quote } from "../search/filter-text.ts";

/** Where a view belongs: a list, of one experiment or of all. */
export interface ViewPlace {
  readonly page: string;
  readonly experimentId: string | undefined;
}

/** Saved views of a list, by name: those of its experiment, and those of all. */
export function askViews({ page, experimentId }: ViewPlace): PagedQuestion<View> {
  const ofAll = "experimentId IS NULL";
  const scope =
    experimentId === undefined ? ofAll : `(experimentId = ${quote(experimentId)} OR ${ofAll})`;
  return askPages({ subject: "view" }, "views.search", {
    filter: `page = ${quote(page)} AND ${scope}`,
  });
}

export async function saveView(
  { page, experimentId }: ViewPlace,
  view: Pick<View, "name" | "query">,
): Promise<View> {
  const created = await rivulet.views.create({
    ...view,
    page,
    ...(experimentId !== undefined && { experimentId }),
  });
  await refresh("view");
  return created;
}

/** Changes a view that nobody else has changed since it was shown. @throws RivuletError `conflict` */
export async function changeView(
  { id, updatedAt }: View,
  change: Partial<Pick<View, "name" | "query">>,
): Promise<void> {
  await rivulet.views.update(id, { ...change, expected: updatedAt });
  await refresh("view");
}

/** The view as it is now. @throws RivuletError `not_found` */
export function getView(id: string): Promise<View> {
  return rivulet.views.get(id);
}

export async function deleteView(id: string): Promise<void> {
  await rivulet.views.delete(id);
  await refresh("view");
}
