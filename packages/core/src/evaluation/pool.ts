/**
 * Does `work` on each job, some at once, in order of the list. The first failure lets no further job
 * start; it is thrown when those under way have settled.
 */
export async function runPool<Job>(
  jobs: readonly Job[],
  concurrency: number,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = jobs.values();
  let failure: { readonly error: unknown } | undefined;
  const takeJobs = async (): Promise<void> => {
    for (const job of waiting) {
      if (failure !== undefined) return;
      try {
        await work(job);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, takeJobs));
  if (failure !== undefined) throw failure.error;
}
