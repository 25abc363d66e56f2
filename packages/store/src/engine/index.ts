export type {
  Backend,
  BatchOutcome,
  ChangeLog,
  OwnerRegistry,
  RecordBatch,
  RunEnding,
  SegmentMarks,
} from "../port/backend.ts";
export {
  type EngineSetup,
  type LocalBackend,
  openEngine,
  type WorkerBackend,
  type WorkerProgram,
} from "./host/open-engine.ts";
export type { BackendRequest, OpenBackend, ServeOptions } from "./serving/backend-request.ts";
export { serveBackend } from "./serving/serve-backend.ts";
