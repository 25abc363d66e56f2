import type { ChangeLog } from "../../port/backend.ts";
import { EVERYTHING_CHANGED } from "../../port/changes.ts";
import type { Sql } from "../../sql/database.ts";

/**
 * What others have changed, as far as SQLite tells: its data version moves with what other connections commit,
 * never with the connection's own commits.
 */
export function watchDataVersion(sql: Pick<Sql, "all">): ChangeLog {
  let seen: unknown;
  return {
    async poll() {
      const [row = {}] = await sql.all("PRAGMA data_version");
      const version = row["data_version"];
      const isNews = seen !== undefined && version !== seen;
      seen = version;
      return isNews ? EVERYTHING_CHANGED : [];
    },
  };
}
