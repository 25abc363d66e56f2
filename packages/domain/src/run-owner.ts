import * as z from "zod";
import { objectSchema } from "./object-schema.ts";

/** A process, or a client in it, that writes to a running run and ends it when it goes away. */
export interface RunOwner {
  /** The run. */
  readonly runId: string;
  /** Stands for the client; of no use elsewhere. */
  readonly id: string;
  /** When it was last heard of, in milliseconds since the epoch, by the clock of the store; twice a minute it says so. */
  readonly seenAt: number;
  /** How long ago that was, in milliseconds. */
  readonly silentMs: number;
}

/** Schema of {@link RunOwner}. */
export const runOwnerSchema: z.ZodType<RunOwner> = objectSchema(() => ({
  runId: z.string(),
  id: z.string(),
  seenAt: z.number(),
  silentMs: z.number(),
}));
