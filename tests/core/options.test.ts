import { createRivulet, type RivuletOptions } from "@rivulet/core";
import { expect, test } from "vitest";

const none = (): void => undefined;

test.each<[options: unknown, message: string]>([
  ["sqlite:app.db", 'Options of a client are an object, not "sqlite:app.db".'],
  [null, "Options of a client are an object, not null."],
  [[], "Options of a client are an object, not a list."],
  [{ strore: "memory:" }, "There is no option strore of a client. Did you mean store?"],
  [{ onerror: none }, "There is no option onerror of a client. Did you mean onError?"],
  [
    { sampleRate: 0.5 },
    "There is no option sampleRate of a client. There are store, onError, tracing, clock, ids, random, prompts, webhooks, retention, durability, journalBytes, attachmentBytes, artifacts, artifactBytes, spool, waitUntil, systemMetrics, sourceTags, fileMode.",
  ],
  [{ onError: "log" }, 'Option onError of a client is a function, not "log".'],
  [{ clock: 5 }, "Option clock of a client is a function, not 5."],
  [{ random: 0.5 }, "Option random of a client is a function, not 0.5."],
  [{ tracing: false }, "Option tracing of a client is an object, not false."],
  [{ prompts: 1000 }, "Option prompts of a client is an object, not 1000."],
  [{ ids: none }, "Option ids of a client is an object, not a function."],
  [{ durability: "Span" }, 'Option durability of a client is "tick" or "span", not "Span".'],
  [{ journalBytes: "1GB" }, 'Option journalBytes of a client is a number of bytes, not "1GB".'],
  [{ spool: 5 }, "Option spool of a client is the path of a folder, not 5."],
  [
    { fileMode: 600 },
    "Option fileMode of a client is permissions between 0o600 and 0o666, such as 0o660, not 600.",
  ],
  [
    { fileMode: 0o700 },
    "Option fileMode of a client is permissions between 0o600 and 0o666, such as 0o660, not 448.",
  ],
  [
    { tracing: { samplerate: 1 } },
    "There is no option samplerate of tracing. Did you mean sampleRate?",
  ],
  [{ tracing: { enabled: 0 } }, "Option enabled of tracing is true or false, not 0."],
  [
    { tracing: { sampleRate: 50 } },
    "Option sampleRate of tracing is a number from 0 to 1, or such numbers by the names of traces, not 50.",
  ],
  [{ tracing: { mask: {} } }, "Option mask of tracing is a function, not an object."],
  [{ tracing: { maskSecrets: "no" } }, 'Option maskSecrets of tracing is true or false, not "no".'],
  [
    { tracing: { experiment: "" } },
    'Option experiment of tracing is a text that is not empty, not "".',
  ],
  [
    { tracing: { abandonAfterMs: "1h" } },
    'Option abandonAfterMs of tracing is a number of milliseconds, not "1h".',
  ],
  [{ tracing: { prices: 2 } }, "Option prices of tracing is an object, not 2."],
  [
    { prompts: { aliasTtl: 5 } },
    "There is no option aliasTtl of prompts. Did you mean aliasTtlMs?",
  ],
  [
    { prompts: { aliasTtlMs: Number.NaN } },
    "Option aliasTtlMs of prompts is a number of milliseconds, not NaN.",
  ],
  [{ ids: { spn: none } }, "There is no option spn of ids. Did you mean span?"],
  [{ ids: { run: "1" } }, 'Option run of ids is a function, not "1".'],
  [
    { readOnly: true },
    "There is no option readOnly of a client. A client records. For read-only access, pass it a store opened read-only: createRivulet({ store: await openStore(url, { readOnly: true }) }).",
  ],
])("a client with the options %j is refused", (options, message) => {
  expect(() => createRivulet(options as RivuletOptions)).toThrow(
    expect.objectContaining({ code: "invalid_argument", message }),
  );
});

test("options that are undefined are left out", async () => {
  const rivulet = createRivulet({
    store: "memory:",
    tracing: { mask: undefined },
    ids: undefined,
    readOnly: undefined,
  } as unknown as RivuletOptions);
  await rivulet.close();
});
