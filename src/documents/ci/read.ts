import { type Declarations, type Deployment, type Intent, NOTHING_DECLARED } from '../../inventory/declarations.ts';
import type { Place, SourceFile } from '../../source/source.ts';
import { member, scalarText } from '../../source/tree.ts';
import { concat, type Text, unknownText } from '../../symbolic/text.ts';
import { parseText } from '../text.ts';
import { callsIn } from '../workflows/credential-steps.ts';
import { bitbucketJobs } from './bitbucket.ts';
import { buildkiteJobs } from './buildkite.ts';
import { circleJobs } from './circleci.ts';
import { gitlabJobs } from './gitlab.ts';
import { type Checkout, includesFiles, withIncluded } from './gitlab-file.ts';
import type { CiJob, CiSystem } from './job.ts';

/** What the jobs of each system can present to AWS; of the values that only the system knows, nothing is said. */
const SYSTEMS: readonly CiSystem[] = [
  {
    name: 'GitLab',
    path: /(^|\/)(\.gitlab-ci|[\w.-]+\.gitlab-ci)\.ya?ml$/,
    // https://docs.gitlab.com/ci/secrets/id_token_authentication/ : any host may be one of GitLab's own.
    issuer: open('gitlab:issuer', 'the host of GitLab'),
    hosts:
      /^(?!oidc\.eks\.|token\.actions\.|oidc\.circleci\.com|api\.bitbucket\.org|agent\.buildkite\.com|app\.terraform\.io)/,
    subject: concat(
      'project_path:',
      open('gitlab:project', 'the path of the project in GitLab'),
      ':ref_type:',
      open('gitlab:ref', 'the branch or tag that the pipeline runs on', true),
    ),
    jobs: gitlabJobs,
    whole: withIncluded,
  },
  {
    name: 'CircleCI',
    path: /(^|\/)\.circleci\/[\w.-]+\.ya?ml$/,
    // https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
    issuer: concat('oidc.circleci.com/org/', open('circleci:org', 'the id of the organization in CircleCI')),
    hosts: /^oidc\.circleci\.com\/org\//,
    subject: concat('org/', open('circleci:org', 'the id of the organization in CircleCI')),
    audience: open('circleci:org', 'the id of the organization in CircleCI'),
    jobs: circleJobs,
  },
  {
    name: 'Bitbucket',
    path: /(^|\/)bitbucket-pipelines\.ya?ml$/,
    // https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/
    issuer: concat(
      'api.bitbucket.org/2.0/workspaces/',
      open('bitbucket:workspace', 'the workspace in Bitbucket'),
      '/pipelines-config/identity/oidc',
    ),
    hosts: /^api\.bitbucket\.org\/2\.0\/workspaces\//,
    subject: concat('{', open('bitbucket:repository', 'the ids of the repository and the step in Bitbucket'), '}'),
    audience: concat(
      'ari:cloud:bitbucket::workspace/',
      open('bitbucket:workspace-id', 'the id of the workspace in Bitbucket'),
    ),
    jobs: bitbucketJobs,
  },
  {
    name: 'Buildkite',
    path: /(^|\/)\.buildkite\/[\w./-]+\.ya?ml$/,
    mentions: /buildkite-agent\s+oidc|assume-role-with-web-identity/,
    // https://buildkite.com/docs/agent/cli/reference/oidc
    issuer: 'agent.buildkite.com',
    hosts: /^agent\.buildkite\.com$/,
    subject: concat(
      'organization:',
      open('buildkite:organization', 'the organization in Buildkite'),
      ':pipeline:',
      open('buildkite:pipeline', 'the pipeline in Buildkite'),
      ':ref:',
      open('buildkite:ref', 'the branch or tag that the build runs on', true),
    ),
    jobs: buildkiteJobs,
  },
];

/** The pipelines of other systems than GitHub Actions; undefined for what is none, or assumes no role. */
export function openPipeline(
  file: SourceFile,
  deployment: Deployment,
  checkout: Checkout,
): (() => Declarations) | undefined {
  const system = SYSTEMS.find(({ path }) => path.test(file.path));
  // Other documents may stand beside a pipeline.
  if (system?.mentions?.test(file.text) === false) return undefined;
  const elsewhere = system?.whole !== undefined && includesFiles(file.text);
  if (system === undefined || !(/role/i.test(file.text) || elsewhere)) return undefined;
  return () => {
    const { documents, problems: own } = parseText(file);
    const included = new Map<string, SourceFile>();
    const read = (path: string): SourceFile | undefined => {
      const one = checkout.read(path);
      if (one !== undefined) included.set(path, one);
      return one;
    };
    const intents = documents
      .map((tree) => system.whole?.(tree, file.path, { ...checkout, read }) ?? tree)
      .flatMap((tree) => system.jobs(tree))
      .flatMap((job) => intentsOf(job, system, deployment));
    const problems = [...own, ...[...included.values()].flatMap((one) => parseText(one).problems)];
    // What is wrong with a pipeline is for its own system to say.
    return { ...NOTHING_DECLARED, intents, problems: problems.filter(({ level }) => level === 'error') };
  };
}

function intentsOf(job: CiJob, system: CiSystem, deployment: Deployment): readonly Intent[] {
  const calls = job.scripts.flatMap((script) =>
    callsIn(script)
      .filter(({ web }) => web)
      .map(({ role, option }) => ({
        ...role,
        token: /^\$\{?(\w+)\}?$/.exec(option('web-identity-token')?.text ?? '')?.[1],
      })),
  );
  const named = job.roles.map(({ text, place }) => ({ text, place, token: undefined }));
  return [...calls, ...named].map(({ text, place, token }): Intent => {
    const audience =
      job.audience(token) ?? system.audience ?? open(`${system.name}:aud:${job.name}`, 'the audience of the token');
    return {
      kind: 'workflow',
      role: { text: filled(text, job, place), place },
      caller: {
        kind: 'token',
        issuer: system.issuer,
        hosts: system.hosts,
        forms: [
          new Map([
            [
              'sub',
              job.ownSubject === true ? open(`${system.name}:sub`, 'the claim that makes the subject') : system.subject,
            ],
            ['aud', audience],
          ]),
        ],
      },
      deployment,
      ...(job.carries === undefined || job.carries.length === 0 ? {} : { carries: job.carries }),
      text: `the ${system.name} job ${job.name} assumes it with its token`,
    };
  });
}

/** So deep, and so many in one value: a hostile file lets each stand for many others. */
const MOST_NESTED = 5;

/** `$ROLE` and `${ROLE}` are the job's variables; others stand in the system's settings. */
function filled(text: string, job: CiJob, place: Place, depth = 0): Text {
  const { variables, varying, nests, name } = job;
  const pieces = text.split(/(\$\{\w+\}|\$\w+|<<[^>]*>>)/);
  return concat(
    ...pieces.map((piece, index): Text => {
      if (index % 2 === 0) return piece;
      const variable = piece.replace(/[${}]/g, '');
      const written = variables.map((map) => scalarText(member(map, variable))).find((one) => one !== undefined);
      if (written !== undefined && varying?.has(variable) !== true) {
        if (!/[$<]/.test(written)) return written;
        if (nests === true && depth < MOST_NESTED && written.split('$').length <= MOST_NESTED)
          return filled(written, job, place, depth + 1);
      }
      return open(`${place.source.path}:${name}:${piece}`, `the value of ${piece}`, false, piece);
    }),
  );
}

function open(id: string, missing: string, chosen = false, shown = '…'): Text {
  return unknownText({ id: `ci:${id}`, kind: 'open', shown, missing, ...(chosen ? { chosen } : {}) });
}
