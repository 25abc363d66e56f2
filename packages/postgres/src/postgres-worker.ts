import { serveBackend } from "@rivulet/store/engine";
import type { ConnectionSettings } from "./connection-settings.ts";
import { openPostgresBackend } from "./open-backend.ts";

serveBackend<ConnectionSettings>(openPostgresBackend, { ownersLive: "heartbeat" });
