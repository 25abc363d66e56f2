import { inspectPostgres, openPostgres } from "@rivulet/postgres";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { aFolder } from "../store/folder.ts";

/** Nothing listens on this port: every attempt is refused, and made again until the time is up. */
const URL_OF_NOBODY = "postgres://ann:s3cret@127.0.0.1:1/app";

const STILL_WAITING =
  "Still waiting for PostgreSQL at 127.0.0.1:1/app. Is it running, and can it be reached from here? Rivulet gives up 1500 ms after it was first refused (connectionTimeoutMs).";

const OPENINGS: readonly [
  string,
  (options: {
    readonly onError: (error: Error) => void;
    readonly spool: string;
  }) => Promise<unknown>,
][] = [
  [
    "opening a store",
    (options) =>
      openPostgres(URL_OF_NOBODY, { ...options, postgres: { connectionTimeoutMs: 1500 } }),
  ],
  [
    "looking at a database",
    ({ onError }) => inspectPostgres(URL_OF_NOBODY, { onWait: onError, connectionTimeoutMs: 1500 }),
  ],
];

beforeEach(() => {
  // The waiting itself goes on in real time: only the notice waits for the clock of the test.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
});

test.each(OPENINGS)(
  "%s says after five seconds what is waited for, and fails with the place, never the password",
  async (_what, open) => {
    const told: string[] = [];
    const spool = await aFolder();
    const opening = open({ onError: ({ message }) => told.push(message), spool });
    const failure = opening.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([STILL_WAITING]);
    const error = await failure;
    expect(error).toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("127.0.0.1:1/app"),
    });
    expect(`${String(error)} ${told}`).not.toContain("s3cret");
  },
);
