import { type CheckInput, check } from './check.ts';
import { verifiedFixes } from './check-fixes.ts';
import type { OtherFailure } from './explain/failed-call.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { ExplainedOther } from './report/explained-other.ts';
import type { Finding } from './rules/apply.ts';
import { locate, textAt } from './source/source.ts';
import { closest } from './symbolic/distance.ts';
import { show } from './symbolic/text.ts';

/** Rules about what AWS refuses to save. */
const ABOUT_TEXT = ['invalid-policy', 'invalid-principal', 'principal-not-found', 'unknown-action'];
const MOST_PLACES = 10;

/** An error that no policy decided, with what the documents have of it. */
export function explainOther(failure: OtherFailure, head: string | undefined, input: CheckInput): ExplainedOther {
  switch (failure.what) {
    case 'policy':
      return ofPolicy(failure, head, input);
    case 'duration':
    case 'chained-duration':
      return ofDuration(failure, head, input);
    case 'no-provider':
      return { head, failure, findings: [], places: providerPlaces(failure, check(input).inventory) };
    default:
      return { head, failure, findings: [], places: [] };
  }
}

/** A policy that could not be saved: the finding that tells why, or where the principal stands that AWS did not find. */
function ofPolicy(failure: OtherFailure, head: string | undefined, input: CheckInput): ExplainedOther {
  const checked = check(input);
  const about = checked.findings.filter(({ rule }) => ABOUT_TEXT.includes(rule));
  const named = about.filter((finding) => names(finding, failure.subject));
  const meant = named.length > 0 || failure.subject !== undefined ? named : about;
  const places = meant.length > 0 ? [] : principalPlaces(failure, checked.inventory);
  return { head, failure, findings: reported(meant, input, checked), places };
}

/** The steps of the documents that ask for longer sessions than the role gives. */
function ofDuration(failure: OtherFailure, head: string | undefined, input: CheckInput): ExplainedOther {
  const checked = check(input);
  const about = checked.findings.filter(({ subject }) => {
    const { withheld, role } = subject?.assumption.question ?? {};
    const sameRole = failure.role === undefined || (role !== undefined && show(role.arn) === failure.role);
    return withheld?.answer.startsWith('ValidationError') === true && sameRole;
  });
  const places = checked.inventory.entities.flatMap(({ declaration }) =>
    declaration.kind === 'role' && declaration.longestSession !== undefined && show(declaration.arn) === failure.role
      ? [
          {
            place: declaration.longestSession.place,
            text: `sessions of ${failure.role} last ${show(declaration.longestSession.text)} seconds at most`,
          },
        ]
      : [],
  );
  return { head, failure, findings: reported(about, input, checked), places };
}

function reported(
  findings: readonly Finding[],
  input: CheckInput,
  checked: ReturnType<typeof check>,
): ExplainedOther['findings'] {
  const fixes = verifiedFixes(input, checked, findings);
  return findings.map((finding) => ({ ...finding, status: undefined, fix: fixes.get(finding), before: undefined }));
}

function names({ place, message }: Finding, subject: string | undefined): boolean {
  const value = principalIn(subject);
  return value !== undefined && (textAt(place).includes(value) || message.includes(value));
}

/** `"AWS":"arn:…"` */
function principalIn(subject: string | undefined): string | undefined {
  const value = subject?.replace(/^[^:]*: ?/, '').replace(/"/g, '');
  return value === '' ? undefined : value;
}

/** Where trust policies name the principal, and whether any document declares it: AWS looks it up when it saves. */
function principalPlaces({ subject }: OtherFailure, inventory: Inventory): ExplainedOther['places'] {
  const value = principalIn(subject);
  if (value === undefined) return [];
  const declared = inventory.entities.find(({ declaration }) => show(declaration.arn) === value);
  const arns = inventory.entities.map(({ declaration }) => show(declaration.arn));
  const meant = declared === undefined ? closest(value, arns, 4) : undefined;
  const why =
    declared !== undefined
      ? `it is declared at ${atOf(declared.declaration.place)}: that has to be deployed first`
      : meant === undefined
        ? 'no document declares it: it has to be there before this policy is saved'
        : `no document declares it; did you mean ${meant}?`;
  return inventory.policies
    .flatMap(({ policy, owner }) =>
      policy.statements.flatMap(({ principals }) =>
        (principals?.items ?? []).flatMap(({ text, place }) =>
          show(text) === value ? [{ place, text: `the ${owner.replace(/^the /, '')} names it; ${why}` }] : [],
        ),
      ),
    )
    .slice(0, MOST_PLACES);
}

/** The trust policies that name an issuer's provider, and in which account they look for it. */
function providerPlaces({ subject = '' }: OtherFailure, inventory: Inventory): ExplainedOther['places'] {
  const issuer = subject.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return inventory.entities
    .flatMap(({ declaration, target }) =>
      (target?.trust?.statements ?? []).flatMap(({ principals }) =>
        (principals?.items ?? []).flatMap(({ type, text, place }) =>
          type === 'Federated' && show(text).endsWith(`oidc-provider/${issuer}`)
            ? [{ place, text: `${show(declaration.arn)} trusts ${show(text)}` }]
            : [],
        ),
      ),
    )
    .slice(0, MOST_PLACES);
}

function atOf(place: Finding['place']): string {
  const { path, startLine } = locate(place);
  return `${path}:${startLine}`;
}
