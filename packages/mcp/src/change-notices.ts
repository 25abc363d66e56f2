import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Rivulet, StoreChange } from "@rivulet/core";
import { uris } from "./uris.ts";

/** A burst of changes is announced once. */
const DEBOUNCE_MS = 250;

/** Most resources that one client may subscribe to. */
const MAX_SUBSCRIPTIONS = 1000;

/** Tells a connected client when the list of prompts or a resource it watches has changed. */
export function announceChanges(mcp: McpServer, rivulet: Rivulet): void {
  const watched = new Set<string>();
  mcp.server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    if (watched.size < MAX_SUBSCRIPTIONS) watched.add(uri);
    return {};
  });
  mcp.server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    watched.delete(uri);
    return {};
  });

  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    if (pending.delete("prompts")) mcp.sendPromptListChanged();
    for (const uri of pending) {
      mcp.server.sendResourceUpdated({ uri }).catch((error: unknown) => rivulet.reportError(error));
    }
    pending.clear();
  };
  const unsubscribe = rivulet.subscribe((change) => {
    if (change.entity === "prompt") pending.add("prompts");
    for (const uri of addressesOf(change)) if (watched.has(uri)) pending.add(uri);
    if (pending.size > 0) timer ??= setTimeout(tell, DEBOUNCE_MS).unref();
  });

  const { onclose } = mcp.server;
  mcp.server.onclose = () => {
    unsubscribe();
    clearTimeout(timer);
    onclose?.();
  };
}

function addressesOf({ entity, ids }: StoreChange): readonly string[] {
  if (entity === "prompt") return ids.map(uris.prompt);
  if (entity === "model") return ids.map(uris.model);
  if (entity === "run") return ids.map(uris.run);
  if (entity === "trace") return ids.map(uris.trace);
  return [];
}
