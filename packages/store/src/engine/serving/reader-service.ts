import { RivuletError, toRivuletError } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";
import { findOperation } from "../store-methods.ts";
import type { BackendService, ServiceParts } from "./backend-service.ts";
import { createChangePoll } from "./change-poll.ts";

type Groups = Readonly<
  Record<string, Readonly<Record<string, (argument: unknown) => Promise<unknown>>>>
>;

/** Answers calls, and looks for what others change. It takes nothing: a store for reading has no journal. */
export function createReaderService({ backend, data, events }: ServiceParts): BackendService {
  const poll = data.pollsChanges
    ? createChangePoll({ ...data, changes: backend.changes, changed: events.changed })
    : undefined;
  return {
    call: (method, argument) => callMethod(backend, method, argument),
    takeLines: async () => {
      throw new RivuletError("internal", "A reader takes no records.");
    },
    drain: async () => undefined,
    watch: async (isWanted) => poll?.watch(isWanted),
    checkIntegrity: () => backend.checkIntegrity(),
    async close() {
      poll?.stop();
      await backend.close();
    },
  };
}

async function callMethod(backend: Backend, name: string, argument: unknown): Promise<unknown> {
  if (findOperation(name) === undefined) {
    throw new RivuletError("internal", `The store has no ${name}.`);
  }
  const [group = "", method = ""] = name.split(".");
  const groups = { ...backend.entities, files: backend.files } as unknown as Groups;
  try {
    return await groups[group]?.[method]?.(argument);
  } catch (error) {
    throw toRivuletError(error);
  }
}
