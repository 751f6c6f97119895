import type { Claims } from '../../inventory/declarations.ts';
import { concat, isKnown, type Text } from '../../symbolic/text.ts';
import { unknownValue } from './evaluate.ts';
import type { Repository } from './repository.ts';
import type { Run } from './triggers.ts';

/** What of a job goes into its token. */
export interface TokenJob {
  readonly run: Run;
  readonly repository: Repository;
  readonly environment: Text | undefined;
  readonly audience: Text;
  /** `.github/workflows/deploy.yml`, of the workflow that holds the job. */
  readonly workflowPath: string;
  readonly workflowName: Text;
}

/**
 * The claims of a job's token, once for each form that it may have.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function claimsOf(job: TokenJob): readonly Claims[] {
  const { run, repository, environment, audience, workflowPath, workflowName } = job;
  const jobWorkflow = concat(repository.name, '/', workflowPath, '@', run.ref);
  const environmentClaim: readonly (readonly [string, Text | undefined])[] = [['environment', environment]];
  if (run.foreign) {
    const sub = unknownValue('sub', 'the subject of whoever calls this workflow', true);
    return [new Map([['sub', sub], ['aud', audience], ['job_workflow_ref', jobWorkflow], ...environmentClaim])];
  }
  const contexts = environment === undefined ? run.contexts : (['environment'] as const);
  return repository.subjects.flatMap((subject) =>
    contexts.map((context): Claims => {
      const claims = new Map<string, Text | undefined>([
        ['aud', audience],
        ['repository', repository.name],
        ['ref', run.ref],
        ['job_workflow_ref', jobWorkflow],
        ['workflow', workflowName],
        ...environmentClaim,
      ]);
      if (repository.id !== undefined) claims.set('repository_id', repository.id);
      if (repository.ownerId !== undefined) claims.set('repository_owner_id', repository.ownerId);
      const place =
        context === 'pull_request'
          ? 'pull_request'
          : context === 'ref'
            ? concat('ref:', run.ref)
            : concat('environment:', escaped(environment ?? ''));
      return new Map([['sub', subjectOf(subject, place, claims, repository)], ...claims]);
    }),
  );
}

/** The claims that make up the subject, in the order that the repository or its organization sets. */
function subjectOf(subject: Text, context: Text, claims: Claims, repository: Repository): Text {
  const parts = repository.subjectClaims.map((name): Text => {
    if (name === 'repo') return subject;
    if (name === 'context') return context;
    if (name === 'repository_owner') return concat('repository_owner:', repository.owner);
    return concat(name, ':', escaped(claims.get(name) ?? unknownValue(name, `the claim ${name} of the token`, true)));
  });
  return parts.reduce<Text>((all, part) => (all === '' ? part : concat(all, ':', part)), '');
}

/** A colon in a value would part the subject. */
function escaped(value: Text): Text {
  if (isKnown(value)) return value.replaceAll(':', '%3A');
  return { parts: value.parts.map((part) => (typeof part === 'string' ? part.replaceAll(':', '%3A') : part)) };
}
