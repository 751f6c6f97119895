import type { Environment } from './environment.ts';

/** All look-ups of a run together may take so long: a throttled account must not hold the job up. */
const SECONDS = 120;

/** The moment after which nothing is asked any more, and nothing that was asked is waited for. */
export class Deadline {
  readonly seconds: number;
  /** Ends requests that are under way. It keeps no process alive. */
  readonly signal: AbortSignal;

  constructor({ ASSUME_ROLE_CHECK_AWS_DEADLINE }: Environment) {
    const set = Number(ASSUME_ROLE_CHECK_AWS_DEADLINE ?? '');
    // The timers of Node hold 2^31 milliseconds.
    this.seconds = Number.isFinite(set) && set > 0 && set < 2_000_000 ? set : SECONDS;
    this.signal = AbortSignal.timeout(this.seconds * 1000);
  }

  get sentence(): string {
    return `all that is asked of AWS together took longer than ${this.seconds} seconds (ASSUME_ROLE_CHECK_AWS_DEADLINE)`;
  }

  /** The answer, unless the moment comes first: between two attempts the SDK sleeps, whatever happens. */
  within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.signal.aborted) return Promise.reject(new TooLate());
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new TooLate());
      this.signal.addEventListener('abort', late, { once: true });
      ask()
        .then(resolve, reject)
        .finally(() => this.signal.removeEventListener('abort', late));
    });
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate';
}
