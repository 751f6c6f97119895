import type { Deadline } from './deadline.ts';

/** Why a call was not answered. */
export type Fault =
  /** IAM says that there is no such thing. */
  | { readonly kind: 'absent' }
  /** All look-ups together have taken too long. */
  | { readonly kind: 'late' }
  | { readonly kind: 'refused'; readonly name: string }
  | { readonly kind: 'no-credentials'; readonly name: string }
  | { readonly kind: 'unanswered'; readonly name: string };

const REFUSED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnrecognizedClientException)$/;
const NO_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|OptInRequired)$/;

/** By the error's name alone: its text may repeat the request, and with it what signs it. */
export function faultOf(error: unknown): Fault {
  const name = nameOf(error);
  if (/^NoSuchEntity(Exception)?$/.test(name)) return { kind: 'absent' };
  if (/^(TooLate|AbortError)$/.test(name)) return { kind: 'late' };
  if (REFUSED.test(name)) return { kind: 'refused', name };
  return NO_CREDENTIALS.test(name) ? { kind: 'no-credentials', name } : { kind: 'unanswered', name };
}

/** A sentence on a call that was not answered. */
export function whyNot(permission: string, fault: Fault, deadline: Deadline): string {
  switch (fault.kind) {
    case 'refused':
      return `the credentials do not allow ${permission}`;
    case 'late':
      return deadline.sentence;
    case 'absent':
      return `${permission} found nothing`;
    default:
      return `${permission} was not answered (${fault.name})`;
  }
}

function nameOf(error: unknown): string {
  const { name, code, $metadata } = Object(error);
  const [own, network] = [String(name), String(code)];
  if (/^[A-Z]{4,20}$/.test(network)) return network;
  const status = Number($metadata?.httpStatusCode);
  if (/^[A-Za-z]{1,60}$/.test(own) && own !== 'Error' && own !== 'Unknown') return own;
  return Number.isInteger(status) ? `status ${status}` : 'no answer';
}
