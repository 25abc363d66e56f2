import { RivuletError, type View } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { ViewStore } from "../../port/views.ts";
import type { Database, Sql } from "../database.ts";
import { notFound } from "../kit/entity-errors.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { attempt } from "../savepoint.ts";

const rows: EntityRows<View> = entityRows(ENTITIES.view);

/** Saved views in SQL. */
export function viewStore(database: Database): ViewStore {
  return {
    create: (view) => database.transaction((sql) => createView(sql, view)),
    get: (id) => database.snapshot((sql) => rows.find(sql, [id])),
    update: (patch) =>
      database.transaction(async (sql) => {
        const view = { ...(await rows.get(sql, [patch.id])), ...patch };
        return attempt(
          sql,
          () => rows.patch(sql, [patch.id], patch),
          async (error) => {
            throw (await isTaken(sql, view)) ? nameTaken(view) : error;
          },
        );
      }),
    delete: (id) => database.transaction((sql) => rows.remove(sql, [id])),
    search: (query) => rows.search(database, { query }),
  };
}

async function createView(sql: Sql, view: View): Promise<void> {
  const { experimentId } = view;
  if (experimentId !== undefined) {
    const [found] = await sql.all("SELECT 1 FROM experiments WHERE id = ?", [experimentId]);
    if (found === undefined) throw notFound("experiment", ["id"], [experimentId]);
  }
  const row = { ...view, scope: experimentId ?? "" };
  await rows.create(sql, row).catch(async (error: unknown) => {
    throw (await isTaken(sql, view)) ? nameTaken(view) : error;
  });
}

/** Whether another view has its name. */
async function isTaken(sql: Sql, { id, page, experimentId = "", name }: View): Promise<boolean> {
  const [other] = await sql.all(
    "SELECT 1 FROM views WHERE page = ? AND scope = ? AND name = ? AND id <> ?",
    [page, experimentId, name, id],
  );
  return other !== undefined;
}

function nameTaken({ page, name }: View): RivuletError {
  return new RivuletError(
    "already_exists",
    `View "${name}" of ${page} exists. Choose another name.`,
    { details: { name } },
  );
}
