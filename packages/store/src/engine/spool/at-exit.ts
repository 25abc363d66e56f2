/** Everything to be done when this process or worker thread ends, behind a single listener. */
const listeners = new Set<(exitCode: number) => void>();

/** Calls the listener on `process.on("exit")`. Returns a function that removes it. */
export function atExit(listener: (exitCode: number) => void): () => void {
  if (listeners.size === 0) process.on("exit", tellAll);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.off("exit", tellAll);
  };
}

function tellAll(exitCode: number): void {
  for (const listener of listeners) listener(exitCode);
}
