import type { CallStorage } from "../calls/worker-functions.ts";
import type { OpenBackend, ServeOptions } from "./backend-request.ts";
import type { BackendService, ServiceEvents } from "./backend-service.ts";
import { createReaderService } from "./reader-service.ts";
import type { ServiceData } from "./service-data.ts";
import { createWriterService } from "./writer-service.ts";

/** Options of {@link openService}. */
export interface ServiceOpening<Setup> {
  readonly open: OpenBackend<Setup>;
  readonly options: ServeOptions;
  readonly data: ServiceData;
  readonly events: ServiceEvents;
  /** Calls the files' storage, where that is in the app's thread. */
  readonly storage?: CallStorage;
}

/** Opens a backend and starts its service. @throws RivuletError if it cannot be opened */
export async function openService<Setup>({
  open,
  options,
  data,
  events,
  storage,
}: ServiceOpening<Setup>): Promise<BackendService> {
  const { role, owner } = data;
  const access = role === "writer" ? "writer" : "reader";
  const backend = await open({
    role: access,
    owner,
    setup: data.setup as Setup,
    report: events.failed,
    ...(storage === undefined ? {} : { storage }),
  });
  const parts = { backend, data, events };
  try {
    return role === "writer" ? createWriterService(parts, options) : createReaderService(parts);
  } catch (error) {
    await backend.close();
    throw error;
  }
}
