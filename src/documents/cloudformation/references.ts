import { roleArn, userArn } from '../../iam/arn.ts';
import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { concat, isKnown, type Text, unknownText } from '../../symbolic/text.ts';
import type { Value } from '../../symbolic/value.ts';
import { parameterValue } from './parameters.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

function text(value: Text, place: Place): Value {
  return { kind: 'text', text: value, type: 'string', place };
}

/** `Ref`: a pseudo parameter, a parameter, or what a resource's Ref returns. */
export function refTo(scope: Scope, name: string, place: Place): Value | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const pseudo = pseudoParameter(scope, name);
  if (pseudo !== undefined) return text(pseudo, place);
  const parameter = scope.template.parameters.get(name);
  if (parameter !== undefined) return parameterValue(scope, name, parameter, place);
  const resource = scope.template.resources.get(name);
  if (resource !== undefined) return text(refOf(scope, resource), place);
  return text(
    unknownText(scope.named(name, `\${${name}}`, `a value for ${name}, which the template does not define`)),
    place,
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function pseudoParameter(scope: Scope, name: string): Text | undefined {
  const { deployment } = scope.template;
  switch (name) {
    case 'AWS::AccountId':
      return deployment.account;
    case 'AWS::Partition':
      return deployment.partition;
    case 'AWS::Region':
      return deployment.region;
    case 'AWS::URLSuffix':
      return isKnown(deployment.partition)
        ? (URL_SUFFIXES[deployment.partition] ?? 'amazonaws.com')
        : unknownText(scope.named(name, `\${${name}}`, 'the partition that the documents are deployed to'));
    case 'AWS::StackName':
    case 'AWS::StackId':
    case 'AWS::NotificationARNs':
      return unknownText(scope.named(name, `\${${name}}`, `the value of ${name}, which only the deployment knows`));
    default:
      return undefined;
  }
}

/** Where it is not amazonaws.com: botocore's partitions.json. */
const URL_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

function refOf(scope: Scope, resource: Resource): Text {
  switch (resource.type) {
    case 'AWS::IAM::Role':
    case 'AWS::IAM::User':
    case 'AWS::IAM::Group':
    case 'AWS::IAM::InstanceProfile':
      return entityName(scope, resource);
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::IAM::OIDCProvider':
    case 'AWS::IAM::SAMLProvider':
      return arnOf(scope, resource) ?? generated(scope, resource, resource.id);
    case 'AWS::SSM::Parameter':
      return scope.text(property(resource, 'Name'))?.text ?? generated(scope, resource, resource.id);
    default:
      return generated(scope, resource, resource.id);
  }
}

/** `Fn::GetAtt`, as a list or as `Id.Attribute`. */
export function attributeOf(scope: Scope, argument: Tree, place: Place): Value {
  const parts =
    argument.kind === 'list'
      ? argument.items.map((item) => (item.kind === 'scalar' && item.tag === undefined ? item.text : undefined))
      : (scalarText(argument) ?? '').split(/\.(.*)/s).slice(0, 2);
  const [id, attribute] = parts;
  if (id === undefined || attribute === undefined)
    return scope.unknown(place, 'Fn::GetAtt', 'an attribute whose name is computed');
  return attributeNamed(scope, id, attribute, place);
}

export function attributeNamed(scope: Scope, id: string, attribute: string, place: Place): Value {
  const resource = scope.template.resources.get(id);
  const read = place.source.lost === undefined ? '' : ' that can be read';
  if (resource === undefined)
    return scope.unknown(
      place,
      `${id}.${attribute}`,
      `a value for ${id}.${attribute}, since the template has no resource ${id}${read}`,
    );
  const output = attribute.startsWith('Outputs.')
    ? scope.template.outside.nested(resource)?.output(attribute.slice('Outputs.'.length))
    : undefined;
  if (output?.found !== undefined) {
    scope.note(output.assumes);
    // The text that asks is where a person of this template looks.
    return { ...output.found, place };
  }
  const echoed = property(resource, ECHOED[`${resource.type} ${attribute}`] ?? '');
  const own = echoed === undefined ? undefined : scope.resolve(echoed);
  if (own !== undefined) return { ...own, place };
  const arn = /^(Arn|PolicyArn)$/.test(attribute) ? arnOf(scope, resource) : undefined;
  return text(arn ?? generated(scope, resource, `${id}.${attribute}`), place);
}

/** Attributes that are a property of the resource: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
const ECHOED: Readonly<Record<string, string>> = { 'AWS::SSM::Parameter Value': 'Value' };

/** What only AWS knows after the deployment; a name that it makes up is like no text that people write. */
function generated(scope: Scope, resource: Resource, name: string): Text {
  const missing = `what AWS gives to ${name} when it is created`;
  return unknownText(
    scope.named(
      name,
      `\${${name}}`,
      missing,
      name === resource.id && NAMES[resource.type] !== undefined ? 'generated-name' : 'open',
    ),
  );
}

const NAMES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};

const SORTS: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'group',
  'AWS::IAM::ManagedPolicy': 'policy',
  'AWS::IAM::InstanceProfile': 'instance-profile',
};

/** The entity's name; without one in the template, the resource that will get a generated one. */
export function entityName(scope: Scope, resource: Resource): Text {
  const written = scope.text(property(resource, NAMES[resource.type] ?? ''));
  return written?.text ?? generated(scope, resource, resource.id);
}

export function entityPath(scope: Scope, resource: Resource): Text {
  return scope.text(property(resource, 'Path'))?.text ?? '/';
}

/** The ARN that the resource will have, as far as account, path and name tell. */
export function arnOf(scope: Scope, resource: Resource): Text | undefined {
  const { partition, account } = scope.template.deployment;
  switch (resource.type) {
    case 'AWS::IAM::Role':
      return roleArn(partition, account, entityPath(scope, resource), entityName(scope, resource));
    case 'AWS::IAM::User':
      return userArn(partition, account, entityPath(scope, resource), entityName(scope, resource));
    case 'AWS::IAM::Group':
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::IAM::InstanceProfile':
      return concat(
        'arn:',
        partition,
        ':iam::',
        account,
        `:${SORTS[resource.type]}`,
        entityPath(scope, resource),
        entityName(scope, resource),
      );
    case 'AWS::IAM::OIDCProvider': {
      const url = scope.text(property(resource, 'Url'))?.text;
      if (url === undefined) return undefined;
      const host = isKnown(url)
        ? url.replace(/^https:\/\//, '').replace(/\/$/, '')
        : {
            parts: url.parts.map((part, index) =>
              typeof part === 'string' && index === 0 ? part.replace(/^https:\/\//, '') : part,
            ),
          };
      return concat('arn:', partition, ':iam::', account, ':oidc-provider/', host);
    }
    case 'AWS::IAM::SAMLProvider': {
      const name = scope.text(property(resource, 'Name'))?.text ?? generated(scope, resource, resource.id);
      return concat('arn:', partition, ':iam::', account, ':saml-provider/', name);
    }
    default:
      return undefined;
  }
}

export function property(resource: Resource, name: string): Tree | undefined {
  return member(resource.properties, name);
}
