import { expect, test } from 'vitest';
import { check, lines, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const call = { principal: PROVIDER, role: DEPLOY, action: 'sts:AssumeRoleWithWebIdentity' };
const options = ['--repository', 'octo-org/app', '--account', '111122223333'];
const PATH = '.github/workflows/deploy.yml';

const trusting = (condition: string, action = 'sts:AssumeRoleWithWebIdentity') =>
  template(
    role('Deploy', {
      name: 'deploy',
      trust: `
        - Effect: Allow
          Principal: {Federated: ${PROVIDER}}
          Action: ${action}
          Condition: ${condition}
      `,
    }),
  );
const subject = (text: string, operator = 'StringEquals') => {
  const sub = `"${ISSUER}:sub": ${/^["[]/.test(text) ? text : `"${text}"`}`;
  const aud = `"${ISSUER}:aud": sts.amazonaws.com`;
  return trusting(
    operator === 'StringEquals'
      ? `{StringEquals: {${sub}, ${aud}}}`
      : `{${operator}: {${sub}}, StringEquals: {${aud}}}`,
  );
};

interface WorkflowText {
  readonly on?: string;
  readonly permissions?: string;
  /** Further keys of the job. */
  readonly job?: string;
  readonly step?: string;
  readonly role?: string;
  /** A further input of the step. */
  readonly more?: string;
}

/** A workflow with one job that assumes a role. */
function workflow({
  on = 'push: {branches: [main]}',
  permissions,
  job,
  step,
  role: arn = DEPLOY,
  more,
}: WorkflowText = {}) {
  const own = lines(`
    name: deploy
    on: {${on}}
    permissions: ${permissions ?? '{id-token: write, contents: read}'}
    jobs:
      ship:
        runs-on: ubuntu-latest
        ${job ?? 'timeout-minutes: 5'}
        steps:
          - uses: actions/checkout@v6
          - uses: aws-actions/configure-aws-credentials@v5
            ${step ?? 'name: credentials'}
            with:
              role-to-assume: ${arn}
              ${more ?? 'aws-region: eu-west-1'}
  `);
  return permissions === 'absent' ? own.replace('permissions: absent\n', '') : own;
}

const by = (run: string) => `the job ship assumes it with its token (${run})`;
const MAIN = by('push on refs/heads/main');
const declared = (marker: string, why = MAIN) =>
  [
    [PATH, marker, why],
    ['roles.yaml', PROVIDER, 'trusts this principal'],
  ] as const;
const HERE = `role-to-assume: «${DEPLOY}»`;

const bad: readonly BadCase[] = [
  {
    name: 'an environment, which takes the place of the branch in the subject',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:ref:refs/heads/main'),
      [PATH]: workflow({ job: 'environment: prod' }),
    },
    findings: [
      {
        ...call,
        says: [
          'repo:octo-org/app:environment:prod cannot assume role/deploy',
          'a job with an environment has that in its subject, and no branch',
        ],
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'an environment by its name, with a URL beside it',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:environment:staging'),
      [PATH]: workflow({ job: 'environment: {name: prod, url: "https://example.com"}' }),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:prod cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:environment:staging'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'a subject that ends with the repository',
    options,
    documents: { 'roles.yaml': subject('repo:octo-org/app', 'StringLike'), [PATH]: workflow() },
    findings: [
      {
        ...call,
        says: 'a subject goes on after the repository, as in :ref:refs/heads/main',
        at: ['roles.yaml', 'sub": "«repo:octo-org/app»"}'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'an organization in another case, at the one value that differs by it',
    options: ['--repository', 'Octo-Org/app', '--account', '111122223333'],
    documents: {
      'roles.yaml': subject('["repo:acme/app:*", "repo:octo-org/app:*"]', 'StringLike'),
      [PATH]: workflow(),
    },
    findings: [
      {
        ...call,
        says: ['repo:Octo-Org/app:ref:refs/heads/main', 'they differ by upper and lower case'],
        at: ['roles.yaml', 'repo:octo-org/app:*'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'a repository that is not in the list',
    options,
    documents: {
      'roles.yaml': subject('["repo:octo-org/web:*", "repo:octo-org/api:*"]', 'StringLike'),
      [PATH]: workflow(),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/web:* or repo:octo-org/api:*',
        at: ['roles.yaml', '["repo:octo-org/web:*", "repo:octo-org/api:*"]'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'a star under StringEquals',
    options,
    documents: { 'roles.yaml': subject('"repo:octo-org/app:*"'), [PATH]: workflow() },
    findings: [
      {
        ...call,
        says: 'StringEquals takes * as a letter',
        at: ['roles.yaml', 'repo:octo-org/app:*'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'no permission at all to request a token, in the workflow',
    options,
    documents: {
      'roles.yaml': subject('"repo:octo-org/app:*"', 'StringLike'),
      [PATH]: workflow({ permissions: 'absent' }),
    },
    findings: [
      {
        ...call,
        says: 'the job ship cannot assume role/deploy: it has no permission id-token: write',
        at: [PATH, 'ship'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'another audience than the trust policy asks for',
    others: ['oidc-subject-not-restricted'],
    options,
    documents: {
      'roles.yaml': trusting(`{StringEquals: {"${ISSUER}:aud": "https://github.com/octo-org"}}`),
      [PATH]: workflow(),
    },
    findings: [
      {
        ...call,
        says: 'the call has sts.amazonaws.com',
        at: ['roles.yaml', 'https://github.com/octo-org'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'each of several triggers, together',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:ref:refs/heads/release'),
      [PATH]: workflow({ on: 'push: {branches: [main]}, pull_request: {}' }),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:ref:refs/heads/main (nor repo:octo-org/app:pull_request) cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/release'],
        related: [...declared(HERE), [PATH, HERE, by('pull_request')]],
      },
    ],
  },
  {
    name: 'one of several triggers, as a notice',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:ref:refs/heads/main'),
      [PATH]: workflow({ on: 'push: {branches: [main]}, pull_request: {}' }),
    },
    findings: [
      {
        ...call,
        severity: 'notice',
        says: 'repo:octo-org/app:pull_request cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: declared(HERE, by('pull_request')),
      },
    ],
  },
  {
    name: 'branches that a filter lets through, none of which is trusted',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:ref:refs/heads/main'),
      [PATH]: workflow({ on: 'push: {branches: ["release/**"]}' }),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:ref:refs/heads/release/** cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: declared(HERE, by('push')),
      },
    ],
  },
  {
    name: 'a subject with ids that the configuration knows the repository to have',
    options,
    documents: {
      '.github/assume-role-check.yml':
        'workflows: {immutable-subject: true, owner-id: "123456", repository-id: "456789"}\n',
      'roles.yaml': subject('"repo:octo-org/app:*"', 'StringLike'),
      [PATH]: workflow(),
    },
    findings: [
      {
        ...call,
        says: ['repo:octo-org@123456/app@456789:ref:refs/heads/main', 'has ids in it'],
        at: ['roles.yaml', 'repo:octo-org/app:*'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'the environment of one job of a matrix',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:environment:dev'),
      [PATH]: workflow({
        job: `strategy: {matrix: {stage: [dev, prod], exclude: [{stage: dev}]}}\n        environment: \${{ matrix.stage }}`,
      }),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:prod cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:environment:dev'],
        related: declared(HERE),
      },
    ],
  },
  {
    name: 'a role by an expression whose account alone is a secret',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:environment:prod'),
      [PATH]: workflow({
        role: "arn:aws:iam::${{ secrets.ACCOUNT }}:role/${{ github.event_name == 'push' && 'deploy' || 'plan' }}",
      }),
    },
    findings: [
      {
        ...call,
        says: 'only a job with an environment has one in its subject',
        at: ['roles.yaml', 'repo:octo-org/app:environment:prod'],
        related: [
          [
            PATH,
            "role-to-assume: «arn:aws:iam::${{ secrets.ACCOUNT }}:role/${{ github.event_name == 'push' && 'deploy' || 'plan' }}»",
            MAIN,
          ],
          ['roles.yaml', PROVIDER, 'trusts this principal'],
        ],
      },
    ],
  },
];

const HUB = 'arn:aws:iam::111122223333:role/hub';
/** A job that opens the hub's session, and with it that of another role. */
const chain = (more: string) =>
  workflow({ role: HUB }).concat(
    lines(`
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: ${DEPLOY}
          role-chaining: true
          ${more}
    `).replace(/^(?=.)/gm, '      '),
  );
const hub = (actions: string) =>
  template(
    role('Hub', {
      name: 'hub',
      trust: `
        - Effect: Allow
          Principal: {Federated: ${PROVIDER}}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringLike: {"${ISSUER}:sub": "repo:octo-org/app:*"}}
      `,
    }),
    role('Deploy', { name: 'deploy', trust: `- {Effect: Allow, Principal: {AWS: ${HUB}}, Action: ${actions}}` }),
  );

const works = [[PROVIDER, DEPLOY, 'allowed']] as const;
const TRUSTED = subject('repo:octo-org/app:ref:refs/heads/main');

const good: readonly GoodCase[] = [
  {
    name: 'the branch that is trusted',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: workflow() },
    decided: works,
  },
  {
    name: 'a permission of the job itself',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ permissions: '{}', job: 'permissions: {id-token: write}' }),
    },
    decided: works,
  },
  {
    name: 'any branch: who starts it chooses',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ on: 'workflow_dispatch: {}' }) },
    decided: [[PROVIDER, DEPLOY, 'conditional']],
  },
  {
    name: 'triggers that a condition keeps from the step',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [PATH]: workflow({
        on: 'push: {branches: [main]}, pull_request: {}',
        step: "if: github.event_name != 'pull_request'",
      }),
    },
    decided: works,
  },
  {
    name: 'a condition on the branch',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ on: 'push: {}, pull_request: {}', job: "if: ${{ github.ref == 'refs/heads/main' }}" }),
    },
    decided: works,
  },
  {
    name: 'what an earlier job is passed over for',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ on: 'push: {branches: [main]}, pull_request: {}', job: 'needs: gate' }).replace(
        'jobs:\n',
        "jobs:\n  gate:\n    if: github.ref_name == 'main'\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n",
      ),
    },
    decided: works,
  },
  {
    name: 'a runner of one’s own without the permission: it may hold credentials',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:*', 'StringLike'),
      [PATH]: workflow({ permissions: 'absent' }).replace('ubuntu-latest', 'self-hosted'),
    },
    decided: [[PROVIDER, DEPLOY, 'conditional']],
  },
  {
    name: 'a role of an account that no document declares',
    options: ['--repository', 'octo-org/app', '--account', '444455556666'],
    documents: {
      'roles.yaml': subject('repo:octo-org/web:*', 'StringLike').replaceAll('111122223333', '444455556666'),
      [PATH]: workflow(),
    },
    decided: [[PROVIDER, DEPLOY, 'unknown']],
  },
  {
    name: 'either form of the subject, as long as nobody knows which',
    options,
    documents: {
      'roles.yaml': subject('"repo:octo-org@*/app@*:ref:refs/heads/main"', 'StringLike'),
      [PATH]: workflow(),
    },
    decided: works,
  },
  {
    name: 'an environment in another case: nobody knows how the token spells it',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:environment:Prod'),
      [PATH]: workflow({ job: 'environment: prod' }),
    },
    others: ['unresolved-value'],
    decided: [[PROVIDER, DEPLOY, 'unknown']],
  },
  {
    name: 'a reusable workflow that a trusted branch calls',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ on: 'workflow_call: {inputs: {role: {type: string}}}', role: '${{ inputs.role }}' }),
      '.github/workflows/main.yml': lines(`
        on: {push: {branches: [main]}}
        jobs:
          call:
            permissions: {id-token: write}
            uses: ./.github/workflows/deploy.yml
            with: {role: "${DEPLOY}"}
      `),
    },
    decided: works,
  },
  {
    name: 'a customized subject',
    options,
    documents: {
      '.github/assume-role-check.yml': 'workflows: {subject-claims: [repo, job_workflow_ref]}\n',
      'roles.yaml': subject(`"repo:octo-org/app:job_workflow_ref:octo-org/app/${PATH}@refs/heads/main"`),
      [PATH]: workflow(),
    },
    decided: works,
  },
  {
    name: 'values of the configuration',
    options,
    documents: {
      '.github/assume-role-check.yml': `workflows: {vars: {ROLE: "${DEPLOY}"}}\n`,
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ role: '${{ vars.ROLE }}' }),
    },
    decided: works,
  },
];

const chained: readonly BadCase[] = [
  {
    name: 'a chained session that is to last longer than an hour',
    options,
    documents: { 'roles.yaml': hub('[sts:AssumeRole, sts:TagSession]'), [PATH]: chain('role-duration-seconds: 7200') },
    findings: [
      {
        principal: HUB,
        role: DEPLOY,
        action: 'sts:AssumeRole',
        says: 'the job ship cannot assume role/deploy: role-duration-seconds is 7200',
        at: [PATH, '7200'],
        related: [
          [PATH, DEPLOY, `the job ship assumes it with the credentials of ${HUB}`],
          ['roles.yaml', `AWS: «${HUB}»`, 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'the tags of a chained session, by the rule for tags',
    options,
    others: ['missing-tag-session'],
    documents: { 'roles.yaml': hub('sts:AssumeRole'), [PATH]: chain('role-duration-seconds: 3600') },
    findings: [],
  },
];

const unchained: readonly GoodCase[] = [
  {
    name: 'a chained session with its tags trusted',
    options,
    documents: { 'roles.yaml': hub('[sts:AssumeRole, sts:TagSession]'), [PATH]: chain('role-duration-seconds: 3600') },
    decided: [
      [PROVIDER, HUB, 'allowed'],
      [HUB, DEPLOY, 'allowed'],
    ],
  },
  {
    name: 'a role by its name, in the account of the session before it',
    options,
    documents: {
      'roles.yaml': hub('sts:AssumeRole'),
      [PATH]: chain('role-skip-session-tagging: true').replace(`role-to-assume: ${DEPLOY}`, 'role-to-assume: deploy'),
    },
    decided: [[HUB, DEPLOY, 'allowed']],
  },
  {
    name: 'a step that does nothing where there are credentials',
    options,
    documents: {
      'roles.yaml': hub('sts:TagSession'),
      [PATH]: chain('use-existing-credentials: true').replace('role-chaining: true', 'mask-aws-account-id: true'),
    },
    decided: [[PROVIDER, HUB, 'allowed']],
  },
  {
    name: 'a chained session without tags',
    options,
    documents: { 'roles.yaml': hub('sts:AssumeRole'), [PATH]: chain('role-skip-session-tagging: true') },
    decided: [[HUB, DEPLOY, 'allowed']],
  },
  {
    name: 'a workflow that sets keys of its own, without the permission',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/web:*', 'StringLike'),
      [PATH]: workflow({ permissions: 'absent', job: 'env: {AWS_ACCESS_KEY_ID: "${{ secrets.KEY }}"}' }),
    },
    decided: [[PROVIDER, DEPLOY, 'conditional']],
  },
  {
    name: 'a workflow of an example in a folder of its own',
    options: ['--account', '111122223333'],
    others: ['unresolved-value'],
    documents: { 'roles.yaml': TRUSTED, [`examples/app/${PATH}`]: workflow() },
    decided: [[PROVIDER, DEPLOY, 'unknown']],
  },
];

const longer = (seconds: string) => workflow({ more: `role-duration-seconds: ${seconds}` });
const LASTING = TRUSTED.replace('RoleName: deploy\n', 'RoleName: deploy\n      MaxSessionDuration: 7200\n');

const lasting: readonly BadCase[] = [
  {
    name: 'a session longer than the role grants by default',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: longer('7200') },
    findings: [
      {
        ...call,
        says: 'the job ship cannot assume role/deploy: role-duration-seconds is 7200, and a session of the role lasts 3600 seconds at most (MaxSessionDuration)',
        at: [PATH, '7200'],
        related: [['roles.yaml', 'Deploy', 'its sessions last 3600 seconds at most'], ...declared(HERE)],
      },
    ],
  },
  {
    name: 'a session longer than the role says, asked for by the AWS CLI',
    options,
    documents: {
      'roles.yaml': LASTING,
      [PATH]: workflow().replace(
        /- uses: aws-actions.*$/s,
        `- run: |\n          curl "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com"\n          aws sts assume-role-with-web-identity --role-arn ${DEPLOY} --duration-seconds 10800\n`,
      ),
    },
    findings: [
      {
        ...call,
        says: '--duration-seconds is 10800, and a session of the role lasts 7200 seconds at most',
        at: [PATH, '10800'],
        related: [
          ['roles.yaml', '7200', 'its sessions last 7200 seconds at most'],
          [PATH, DEPLOY, MAIN],
          ['roles.yaml', PROVIDER, 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'a session shorter than AWS grants',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: longer('600') },
    findings: [
      {
        ...call,
        says: 'role-duration-seconds is 600, and a session lasts 900 to 43200 seconds',
        at: [PATH, '600'],
        related: declared(HERE),
      },
    ],
  },
];

const lastingWell: readonly GoodCase[] = [
  {
    name: 'a session as long as the role grants',
    options,
    documents: { 'roles.yaml': LASTING, [PATH]: longer('7200') },
    decided: works,
  },
  {
    name: 'a session of the default length, which every role grants',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: longer('0') },
    decided: works,
  },
  {
    name: 'a length that only the run knows',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: longer('${{ vars.SECONDS }}') },
    decided: works,
  },
];

/** Steps that stand in an action of the repository. */
const action = (role: string, more = '') =>
  lines(`
    name: aws
    inputs: {role: {required: false}, environment: {default: prod}}
    runs:
      using: composite
      steps:
        - uses: aws-actions/configure-aws-credentials@v5
          ${more}
          with: {role-to-assume: "${role}", aws-region: eu-west-1}
  `);
const using = (given: string, job?: string) =>
  workflow(job === undefined ? {} : { job }).replace(
    /aws-actions\/configure-aws-credentials@v5\n.*$/s,
    `./.github/actions/aws\n        ${given}\n`,
  );
const ACTION = '.github/actions/aws/action.yml';
const BY_ACTION = `${MAIN}, by ${ACTION}`;

const inActions: readonly BadCase[] = [
  {
    name: 'an action of the repository that gets the role from the workflow',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [ACTION]: action('${{ inputs.role }}'),
      [PATH]: using(`with: {role: "${DEPLOY}"}`, 'environment: prod'),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:prod cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: declared(`role: "«${DEPLOY}»"`, BY_ACTION),
      },
    ],
  },
  {
    name: 'an action that names the role itself, used by another action',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      '.github/actions/inner/action.yaml': action(DEPLOY),
      [ACTION]: 'runs: {using: composite, steps: [{uses: ./.github/actions/inner}]}\n',
      [PATH]: using('name: credentials', 'environment: prod'),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:prod cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: declared('./.github/actions/aws', `${MAIN}, by .github/actions/inner/action.yaml`),
      },
    ],
  },
  {
    name: 'one of two jobs that use the same action',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [ACTION]: action(DEPLOY),
      [PATH]: using('name: credentials').concat(
        lines(`
          other:
            environment: prod
            runs-on: ubuntu-latest
            steps: [{uses: ./.github/actions/aws/}]
        `).replace(/^(?=.)/gm, '  '),
      ),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:prod cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/main'],
        related: [
          [
            PATH,
            './.github/actions/aws/',
            `the job other assumes it with its token (push on refs/heads/main), by ${ACTION}`,
          ],
          ['roles.yaml', PROVIDER, 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'no permission for a job that uses an action',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [ACTION]: action(DEPLOY),
      [PATH]: using('name: credentials').replace('id-token: write', 'id-token: none'),
    },
    findings: [
      {
        ...call,
        says: 'the job ship cannot assume role/deploy: it has no permission id-token: write',
        at: [PATH, 'id-token: «none»'],
        related: declared('./.github/actions/aws', BY_ACTION),
      },
    ],
  },
];

const called = workflow({
  on: 'workflow_call: {inputs: {role: {type: string}, stage: {type: string}}}',
  role: '${{ inputs.role }}',
  job: 'environment: ${{ inputs.stage }}',
});
const caller = (stage: string) =>
  lines(`
    on: {push: {branches: [main]}}
    jobs:
      call:
        permissions: {id-token: write}
        uses: ./.github/workflows/deploy.yml
        with: {role: "${DEPLOY}", stage: ${stage}}
  `);

const byName: readonly BadCase[] = [
  {
    name: 'a role by its name, which a token does not tell the account of',
    options,
    documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ role: 'deploy' }) },
    findings: [
      {
        ...call,
        says: 'the job ship cannot assume role/deploy: it is given by its name',
        at: [PATH, 'role-to-assume: «deploy»'],
        related: [['roles.yaml', PROVIDER, 'trusts this principal']],
      },
    ],
  },
];

const calling: readonly BadCase[] = [
  {
    name: 'one of two callers of a workflow, where it names the role',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/app:environment:prod'),
      [PATH]: called,
      '.github/workflows/prod.yml': caller('prod'),
      '.github/workflows/test.yml': caller('test'),
    },
    findings: [
      {
        ...call,
        says: 'repo:octo-org/app:environment:test cannot assume role/deploy',
        at: ['roles.yaml', 'repo:octo-org/app:environment:prod'],
        related: [
          ['.github/workflows/test.yml', DEPLOY, `${MAIN}, by ${PATH}`],
          ['roles.yaml', PROVIDER, 'trusts this principal'],
        ],
      },
    ],
  },
];

test('tells of an action that cannot be read', () => {
  const broken = `runs: {using: composite, steps: [{uses: aws-actions/configure-aws-credentials@v5\n`;
  const { report } = check({ [ACTION]: broken, [PATH]: using('name: credentials') }, ...options);
  expect(report.diagnostics.length).toBeGreaterThan(0);
  expect(report.diagnostics[0]).toMatchObject({ path: ACTION, level: 'error' });
});

const inGoodActions: readonly GoodCase[] = [
  {
    name: 'an action whose role a trusted job gives it',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [ACTION]: action('${{ inputs.role }}'),
      [PATH]: using(`with: {ROLE: "${DEPLOY}"}`),
    },
    decided: works,
  },
  {
    name: 'an action that assumes the role by a variable of the step that uses it',
    options,
    documents: {
      'roles.yaml': TRUSTED,
      [ACTION]: action('${{ env.ROLE }}'),
      [PATH]: using(`env: {ROLE: "${DEPLOY}"}`),
    },
    decided: works,
  },
  {
    name: 'a step of an action that its input keeps from running',
    options,
    documents: {
      'roles.yaml': subject('repo:octo-org/web:ref:refs/heads/main'),
      [ACTION]: action(DEPLOY, "if: inputs.environment == 'prod'"),
      [PATH]: using('with: {environment: dev}', 'environment: dev').concat(
        '      - uses: aws-actions/configure-aws-credentials@v5\n        with: {role-to-assume: "arn:aws:iam::111122223333:role/x"}\n',
      ),
    },
    decided: [[PROVIDER, 'arn:aws:iam::111122223333:role/x', 'unknown']],
  },
  {
    name: 'a secret that the calling workflow hands on under another name',
    options,
    documents: {
      '.github/assume-role-check.yml': `workflows: {secrets: {MAIN_ROLE: "${DEPLOY}", ROLE: "arn:aws:iam::111122223333:role/x"}}\n`,
      'roles.yaml': TRUSTED,
      [PATH]: workflow({ on: 'workflow_call: {secrets: {ROLE: {}}}', role: '${{ secrets.ROLE }}' }),
      '.github/workflows/main.yml': lines(`
        on: {push: {branches: [main]}}
        jobs:
          call:
            permissions: {id-token: write}
            uses: ./.github/workflows/deploy.yml
            secrets: {ROLE: "\${{ secrets.MAIN_ROLE }}"}
      `),
    },
    decided: works,
  },
];

const TWO = subject('["repo:octo-org/app:ref:refs/heads/main", "repo:octo-org/app:environment:staging"]');
const notice = { severity: 'notice' } as const;

const unused: readonly BadCase[] = [
  {
    name: 'an environment that no job has, as a notice',
    options,
    documents: { 'roles.yaml': TWO, [PATH]: workflow() },
    findings: [
      {
        ...notice,
        says: 'role/deploy trusts repo:octo-org/app:environment:staging, but no job of this repository’s workflows has the environment staging',
        at: ['roles.yaml', 'repo:octo-org/app:environment:staging'],
      },
    ],
  },
  {
    name: 'a branch that no workflow runs on, and pull requests, as notices',
    options,
    documents: {
      'roles.yaml': subject(
        '["repo:octo-org/app:ref:refs/heads/main", "repo:octo-org/app:ref:refs/heads/next", "repo:octo-org/app:pull_request"]',
      ),
      [PATH]: workflow(),
      '.github/workflows/test.yml':
        'on: {push: {branches: [main, "release/**"]}}\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n',
    },
    findings: [
      {
        ...notice,
        says: 'runs on the branch next without an environment',
        at: ['roles.yaml', 'repo:octo-org/app:ref:refs/heads/next'],
      },
      { ...notice, says: 'runs for a pull request', at: ['roles.yaml', 'repo:octo-org/app:pull_request'] },
    ],
  },
];

const used: readonly GoodCase[] = [
  {
    name: 'an environment of a job that assumes no role as far as anyone can see',
    options,
    documents: {
      'roles.yaml': TWO,
      [PATH]: workflow(),
      '.github/workflows/other.yml':
        'on: workflow_dispatch\njobs: {a: {runs-on: x, environment: Staging, steps: [{run: ./deploy}]}}\n',
    },
    decided: works,
  },
  {
    name: 'an environment that a workflow of another repository may have',
    options,
    documents: {
      'roles.yaml': TWO,
      [PATH]: workflow(),
      '.github/workflows/other.yml': 'on: push\njobs: {a: {uses: octo-org/ci/.github/workflows/deploy.yml@v1}}\n',
    },
    decided: works,
  },
  {
    name: 'an environment that an expression gives',
    options,
    documents: {
      'roles.yaml': TWO,
      [PATH]: workflow(),
      '.github/workflows/other.yml':
        'on: push\njobs: {a: {runs-on: x, environment: "${{ vars.STAGE }}", steps: [{run: make}]}}\n',
    },
    decided: works,
  },
  {
    name: 'a branch of a repository whose workflows are not read',
    options,
    documents: { 'roles.yaml': TWO },
    decided: [[PROVIDER, DEPLOY, 'conditional']],
  },
];

test('a session with a policy of its own has no more than that allows', () => {
  const limiting = (action: string) =>
    chain('role-skip-session-tagging: true').replace(
      'aws-region: eu-west-1',
      `aws-region: eu-west-1\n          inline-session-policy: '{"Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "*"}]}'`,
    );
  const roles = hub('sts:AssumeRole')
    .replace(`{AWS: ${HUB}}`, '{AWS: "111122223333"}')
    .replace(
      '      RoleName: hub\n',
      '      RoleName: hub\n      Policies: [{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: "sts:AssumeRole", Resource: "*"}]}}]\n',
    );
  const denied = check({ 'roles.yaml': roles, [PATH]: limiting('s3:*') }, ...options).report;
  expect(denied.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual([
    'missing-grant',
  ]);
  expect(denied.findings.find(({ severity }) => severity === 'error')?.message).toContain('session policy');
  const allowed = check({ 'roles.yaml': roles, [PATH]: limiting('sts:*') }, ...options).report;
  expect(allowed.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('tells of a role that is given to what cannot be followed', () => {
  const given = `with: {aws-role-arn: "${DEPLOY}", function-name: app}`;
  const steps = [`{uses: octo-org/deploy@v1, ${given}}`, `{uses: ./missing, ${given}}`, '{uses: actions/checkout@v6}'];
  const jobs = `a: {runs-on: ubuntu-latest, steps: [${steps.join(', ')}]}, b: {uses: octo-org/ci/.github/workflows/d.yml@v1, ${given}}`;
  const { report } = check({ 'roles.yaml': TRUSTED, [PATH]: `on: push\njobs: {${jobs}}\n` }, ...options);
  expect(report.diagnostics.map(({ message }) => message.split(' ')[0])).toEqual([
    'octo-org/deploy@v1',
    './missing',
    'octo-org/ci/.github/workflows/d.yml@v1',
  ]);
});

test('reads no more of actions that use each other than a job can have', () => {
  const steps = Array.from({ length: 20 }, () => '{uses: ./.github/actions/aws}').join(', ');
  const { report } = check(
    {
      'roles.yaml': TRUSTED,
      [ACTION]: `runs: {using: composite, steps: [${steps}, {uses: aws-actions/configure-aws-credentials@v5, with: {role-to-assume: "${DEPLOY}"}}]}\n`,
      [PATH]: using('name: credentials'),
    },
    ...options,
  );
  expect(report.findings).toEqual([]);
});

ruleCases('workflow-not-trusted', {
  bad: [...bad, ...chained, ...lasting, ...inActions, ...unused, ...calling, ...byName],
  good: [...good, ...unchained, ...lastingWell, ...inGoodActions, ...used],
});
