// The program of a SQLite store's workers: the only threads that touch its file.
import { serveBackend } from "../../engine/serving/serve-backend.ts";
import { openSqliteBackend } from "./sqlite-backend.ts";

serveBackend(openSqliteBackend);
