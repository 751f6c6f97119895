/** What a failed request means for what comes next. */
export type Fault =
  /** The token may not do it, or nobody can: no use in trying again. */
  | { readonly kind: 'refused'; readonly status: number }
  /** GitHub found something wrong with what was sent. */
  | { readonly kind: 'invalid' }
  /** Nobody knows whether it took effect: look again, after a while. */
  | { readonly kind: 'again'; readonly seconds: number; readonly status: number };

/** Sorts an error of the client; its text is not used, since it may quote the request. */
export function faultOf(error: unknown): Fault {
  const response = at(error, 'response');
  // The client gives 500 to what it got no answer to.
  const status = response === undefined ? 0 : (numberAt(error, 'status') ?? 0);
  const headers = at(response, 'headers');
  const after = Number(at(headers, 'retry-after') ?? Number.NaN);
  const limited =
    status === 429 ||
    (status === 403 &&
      (Number.isFinite(after) || at(headers, 'x-ratelimit-remaining') === '0' || isSecondaryLimit(error)));
  if (limited) return { kind: 'again', seconds: Number.isFinite(after) ? after : secondsToWait(headers), status };
  if (status === 422) return { kind: 'invalid' };
  if (status >= 400 && status < 500 && status !== 408 && status !== 409) return { kind: 'refused', status };
  return { kind: 'again', seconds: 1, status };
}

/** https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
function secondsToWait(headers: unknown): number {
  const reset = Number(at(headers, 'x-ratelimit-reset') ?? Number.NaN);
  return at(headers, 'x-ratelimit-remaining') === '0' && Number.isFinite(reset)
    ? Math.max(1, Math.ceil(reset - Date.now() / 1000) + 1)
    : 60;
}

function isSecondaryLimit(error: unknown): boolean {
  return error instanceof Error && /secondary rate limit|abuse detection/i.test(error.message);
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function numberAt(value: unknown, key: string): number | undefined {
  const found = at(value, key);
  return typeof found === 'number' ? found : undefined;
}
