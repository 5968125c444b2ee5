/**
 * Runs jobs, a few at a time, in order; one that fails does not stop the others. `place`: which of
 * the `atOnce` places a job runs in.
 */

export type Settled<Value> =
  | { readonly status: 'completed'; readonly value: Value }
  | { readonly status: 'failed'; readonly error: unknown }
  /** Not started: the pool was stopped before its turn. */
  | { readonly status: 'skipped' };

export async function runPool<Job, Value>(
  jobs: readonly Job[],
  atOnce: number,
  run: (job: Job, place: number) => Promise<Value>,
  stopped: () => boolean,
): Promise<Settled<Value>[]> {
  const results: Settled<Value>[] = jobs.map(() => ({ status: 'skipped' }));
  let next = 0;
  const lane = async (_: unknown, place: number) => {
    while (next < jobs.length && !stopped()) {
      const turn = next++;
      try {
        // `turn` is below the length.
        results[turn] = { status: 'completed', value: await run(jobs[turn] as Job, place) };
      } catch (error) {
        results[turn] = { status: 'failed', error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, lane));
  return results;
}
