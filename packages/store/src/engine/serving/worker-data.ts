/** What a worker is started with. */
export interface WorkerData {
  readonly role: "writer" | "reader";
  /** The engine's id. */
  readonly owner: string;
  /** What the driver gave for its backend. */
  readonly setup: unknown;
}
