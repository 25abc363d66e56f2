import { parentPort, workerData } from "node:worker_threads";
import { RivuletError } from "../../errors.ts";
import { jsonPersistence, type Persistence } from "../json/json-persistence.ts";
import { migrate, readVersion, SCHEMA_VERSION } from "../sql/migrate.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { databaseError, toErrorData } from "./database-error.ts";
import { createIntake, type Intake } from "./intake.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { openSqlite } from "./sqlite-connection.ts";
import { type Methods, methodsOf } from "./worker-methods.ts";

const setup = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new RivuletError("internal", "This file runs as a worker of the store.");
const send = (message: FromWorker): void => port.postMessage(message);

// One thing at a time: a connection has one transaction, and calls are answered in order.
let queue: Promise<unknown> = Promise.resolve();
const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
  const result = queue.then(work);
  queue = result.catch(() => undefined);
  return result;
};

interface OpenWorker {
  readonly methods: Methods;
  readonly intake?: Intake;
  readonly persistence?: Persistence;
}

const opened: Promise<OpenWorker> = open(setup);

port.on("message", (message: ToWorker) => {
  if (message.kind === "call") void answer(message);
  else if (message.kind === "lines") void withIntake((intake) => intake.takeLines(message.lines));
  else void withIntake((intake) => intake.wake());
});

async function answer({
  id,
  method,
  argument,
}: Extract<ToWorker, { kind: "call" }>): Promise<void> {
  try {
    const { methods, persistence } = await opened;
    const call = methods.get(method);
    if (call === undefined)
      throw new RivuletError("internal", `The store has no method "${method}".`);
    const value = await enqueue(() => call(argument));
    await persistence?.written();
    send({ kind: "answer", id, value });
    if (method === "close") port?.close();
  } catch (thrown) {
    send({ kind: "refusal", id, error: toErrorData(databaseError(thrown, setup.database)) });
  }
}

async function withIntake(use: (intake: Intake) => Promise<void>): Promise<void> {
  try {
    const { intake } = await opened;
    if (intake !== undefined) await use(intake);
  } catch (thrown) {
    send({ kind: "failure", error: toErrorData(databaseError(thrown, setup.database)) });
  }
}

async function open({ role, database, json }: WorkerSetup): Promise<OpenWorker> {
  const sql = openSqlite(database, { readOnly: role === "reader" });
  if (role === "reader") {
    await refuseEmpty(sql);
    return { methods: methodsOf({ sql, enqueue }) };
  }
  await migrate(sql);
  const kept = json === undefined ? {} : { persistence: await jsonPersistence(sql, json) };
  const intake = createIntake({ sql, setup, enqueue, send, ...kept });
  await intake.start();
  return { methods: methodsOf({ sql, enqueue, intake, ...kept }), intake, ...kept };
}

async function refuseEmpty(sql: SqlConnection): Promise<void> {
  if ((await readVersion(sql, SCHEMA_VERSION)) > 0) return;
  throw new RivuletError(
    "store_unavailable",
    `Store ${setup.database} is empty. Open it once for writing.`,
  );
}
