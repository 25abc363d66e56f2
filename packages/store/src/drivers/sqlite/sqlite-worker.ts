// The program of a SQLite store's workers, which are the only threads that access its file.
import { serveBackend } from "../../engine/serving/serve-backend.ts";
import { openSqliteBackend } from "./sqlite-backend.ts";

serveBackend(openSqliteBackend);
