export type {
  Backend,
  BatchOutcome,
  ChangeLog,
  OwnerRegistry,
  RecordBatch,
  RunEnding,
  SegmentMarks,
} from "../port/backend.ts";
export type { EngineSetup, LocalBackend, WorkerBackend } from "./host/engine-setup.ts";
export { openEngine } from "./host/open-engine.ts";
export type { WorkerProgram } from "./host/worker-thread.ts";
export type { BackendRequest, OpenBackend, ServeOptions } from "./serving/backend-request.ts";
export { serveBackend } from "./serving/serve-backend.ts";
