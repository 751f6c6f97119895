import type { Place } from '../source/source.ts';
import type { Rule } from './finding.ts';
import { isCaseSlip, tokenDenials } from './token-denials.ts';
import { unusedSubjects } from './unused-subjects.ts';

export const workflowNotTrusted: Rule = {
  id: 'workflow-not-trusted',
  title: 'a workflow’s OIDC token cannot meet the role’s trust policy',
  severity: 'error',
  check: (world) => {
    const denials = tokenDenials('workflow-not-trusted', 'workflow', world, adviceOn);
    // Of a role that admits no token, the denial says what is wrong with the subjects that it trusts.
    const unused = unusedSubjects(world).filter(
      ({ place }) => !denials.some((denial) => overlaps(denial.place, place)),
    );
    return [...denials, ...unused];
  },
};

function overlaps(one: Place, other: Place): boolean {
  return one.source === other.source && one.start < other.end && other.start < one.end;
}

/** https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims */
function adviceOn(subject: string, written: readonly string[]): string | undefined {
  const repository = /^repo:[^:]*/.exec(subject)?.[0];
  if (repository === undefined || written.length === 0) return undefined;
  const name = repository.slice('repo:'.length);
  const has = (start: string): boolean => written.some((one) => one.startsWith(`${repository}:${start}`));
  if (written.some((one) => isCaseSlip(one, subject))) return 'they differ by upper and lower case';
  if (written.some((one) => one.includes('*') && subject.startsWith(one.slice(0, one.indexOf('*')))))
    return 'StringEquals takes * as a letter';
  if (written.includes(repository)) return 'a subject goes on after the repository, as in :ref:refs/heads/main';
  if (written.some((one) => one === name || one.startsWith(`${name}:`))) return 'a subject starts with repo:';
  if (/@\d/.test(repository) && written.every((one) => !/@\d/.test(one)))
    return 'the subject of a repository made since 15 July 2026 has ids in it';
  if (subject.startsWith(`${repository}:environment:`) && has('ref:'))
    return 'a job with an environment has that in its subject, and no branch';
  if (subject === `${repository}:pull_request` && has('ref:')) return 'a pull request has no branch in its subject';
  if (subject.startsWith(`${repository}:ref:`) && has('environment:'))
    return 'only a job with an environment has one in its subject';
  return undefined;
}
