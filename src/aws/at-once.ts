/** So many questions to all accounts are under way at a time; IAM throttles an account that asks faster. */
const MOST = 8;

export async function atOnce(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: MOST }, work));
}
