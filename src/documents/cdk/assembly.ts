import {
  type Declarations,
  type Deployment,
  type Intent,
  type IntentCaller,
  NOTHING_DECLARED,
} from '../../inventory/declarations.ts';
import { member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { concat, type Text, unknownText } from '../../symbolic/text.ts';

/**
 * What `cdk synth` says of its stacks and their assets (`cdk.out/manifest.json`, `Stack.assets.json`).
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synthesize
 */
export function isAssembly(tree: Tree): boolean {
  const has = (name: string): boolean => member(tree, name)?.kind === 'map';
  return scalarText(member(tree, 'version')) !== undefined && (has('artifacts') || has('files') || has('dockerImages'));
}

/** Only such a file names roles of a bootstrap. */
export function mentionsAssembly(text: string): boolean {
  return text.includes('"assumeRoleArn"') || text.includes('"cloudFormationExecutionRoleArn"');
}

/** The roles that a deployment works with: whoever deploys assumes some, and CloudFormation one of them. */
export function readAssembly(tree: Tree, own: Deployment): Declarations {
  const intents: Intent[] = [];
  const hand = (role: Tree | undefined, deployment: Deployment, caller: IntentCaller, text: string): void => {
    if (role?.kind !== 'scalar' || role.text === '') return;
    const deploys = caller.kind === 'principal' ? { deploys: true as const } : {};
    intents.push({
      kind: 'service',
      role: itemOf(role, deployment),
      caller,
      deployment,
      text,
      outside: true,
      ...deploys,
    });
  };
  for (const artifact of valuesIn(member(tree, 'artifacts'))) {
    const deployment = inEnvironment(own, scalarText(member(artifact, 'environment')));
    const properties = member(artifact, 'properties');
    const whoever = deployer();
    hand(member(properties, 'assumeRoleArn'), deployment, whoever, 'is assumed by whoever deploys the stack');
    hand(member(member(properties, 'lookupRole'), 'arn'), deployment, whoever, 'is assumed to look up its context');
    hand(
      member(properties, 'cloudFormationExecutionRoleArn'),
      deployment,
      { kind: 'service', name: 'cloudformation.amazonaws.com' },
      'hands this role to cloudformation.amazonaws.com',
    );
  }
  for (const asset of [...valuesIn(member(tree, 'files')), ...valuesIn(member(tree, 'dockerImages'))])
    for (const destination of valuesIn(member(asset, 'destinations')))
      hand(member(destination, 'assumeRoleArn'), own, deployer(), 'is assumed by whoever publishes the assets');
  return { ...NOTHING_DECLARED, intents };
}

function valuesIn(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === 'map' ? tree.entries.map(({ value }) => value) : [];
}

/** Who runs the CDK stands in no document, and nothing is said against it. */
function deployer(): IntentCaller {
  const missing = 'the credentials that the CDK starts from';
  return {
    kind: 'principal',
    arn: unknownText({ id: 'cdk:deployer', kind: 'open', shown: '${deployer}', missing, undeclared: true }),
  };
}

/** `aws://111122223333/eu-west-1`; a stack for any environment has `unknown-account` there. */
function inEnvironment(own: Deployment, environment: string | undefined): Deployment {
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '') ?? [];
  return account === undefined || region === undefined ? own : { ...own, account, region };
}

function itemOf(role: ScalarTree, { account, region, partition }: Deployment): Intent['role'] {
  const pseudo: Readonly<Record<string, Text>> = {
    '${AWS::Partition}': partition,
    '${AWS::AccountId}': account,
    '${AWS::Region}': region,
  };
  const pieces = role.text.split(/(\$\{AWS::\w+\})/);
  return { text: concat(...pieces.map((piece) => pseudo[piece] ?? piece)), place: role.place };
}
