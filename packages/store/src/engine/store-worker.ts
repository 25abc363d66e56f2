// Runs in a worker thread: the only place where the database is touched.
import { parentPort, workerData } from "node:worker_threads";
import { RivuletError } from "@rivulet/domain";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { type OpenWorker, openWorker } from "./open-worker.ts";
import { sendError } from "./sent-error.ts";
import { createTaskQueue } from "./task-queue.ts";

const queue = createTaskQueue();
const opened = openWorker({ setup: workerData as WorkerSetup, queue, send });
// Whoever calls `open` is told.
opened.catch(() => undefined);

parentPort?.on("message", (message: ToWorker) => {
  void receive(message).catch((error) => send({ kind: "failure", error: sendError(error) }));
});

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function receive(message: ToWorker): Promise<void> {
  if (message.kind === "call") return answer(message);
  const { intake } = await opened;
  await intake?.takeLines(message.lines);
}

async function answer(call: Extract<ToWorker, { readonly kind: "call" }>): Promise<void> {
  try {
    const worker = await opened;
    const value = await queue(() => run(worker, call));
    await worker.settled();
    send({
      kind: "answer",
      id: call.id,
      value: value instanceof Uint8Array ? value : JSON.stringify(value),
    });
  } catch (error) {
    send({ kind: "refusal", id: call.id, error: sendError(error) });
  }
}

function run(
  { methods }: OpenWorker,
  { method, argument, file }: Extract<ToWorker, { readonly kind: "call" }>,
): Promise<unknown> {
  const call = methods.get(method);
  if (call === undefined) throw new RivuletError("internal", `The store has no ${method}.`);
  return call(argument === undefined ? file : JSON.parse(argument));
}
