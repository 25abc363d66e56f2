import { serveBackend } from "@rivulet/store/engine";
import { openPostgresBackend, type PostgresSetup } from "./open-backend.ts";

serveBackend<PostgresSetup>(openPostgresBackend, { ownersLive: "heartbeat" });
