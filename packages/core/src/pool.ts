import pLimit from "p-limit";

/**
 * Does `work` on each job, some at once, in order of the list. The first failure lets no further job
 * start; it is thrown when those under way have settled.
 */
export async function runPool<Job>(
  jobs: readonly Job[],
  concurrency: number,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  await pLimit(concurrency).map(jobs, async (job) => {
    if (failure !== undefined) return;
    await work(job).catch((error: unknown) => {
      failure ??= { error };
    });
  });
  if (failure !== undefined) throw failure.error;
}
