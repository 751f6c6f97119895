import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SERVICE_NAMES } from '../../src/iam/services.ts';
import { check, json } from '../support/documents.ts';

interface HandOff {
  readonly cloudformation: readonly string[];
  readonly terraform: readonly string[];
  readonly principals?: readonly string[];
  readonly caller?: readonly string[];
  readonly confidence: string;
  readonly sourceArn?: { readonly form: string; readonly page: string };
}
const table: Readonly<Record<string, readonly HandOff[]>> = JSON.parse(
  readFileSync(new URL('../../src/documents/services/hand-offs.json', import.meta.url), 'utf8'),
);
const rows = Object.entries(table).flatMap(([kind, all]) => all.map((handOff) => ({ kind, handOff })));

/** A value that holds another at a path: `Targets[].RoleArn`, `OptionSettings[OptionName=ServiceRole].Value`. */
function holding(path: string, value: unknown): unknown {
  const [, name = '', list, key = '', is, rest] = /^([^.[]+)(\[([^=\]]*)(?:=([^\]]*))?\])?\.?(.*)$/.exec(path) ?? [];
  const inner = rest === '' || rest === undefined ? value : holding(rest, value);
  const marked = is === undefined ? inner : merge(holding(key, is), inner);
  return { [name === '*' ? 'Anything' : name]: list === undefined ? marked : [marked] };
}

function merge(left: unknown, right: unknown): unknown {
  return { ...(left as object), ...(right as object) };
}

const role = (name: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'polly.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
});

describe('every property that CloudFormation has', () => {
  const resources: Record<string, unknown> = { Caller: role('caller') };
  const expected: { name: string; path: string; confidence: string }[] = [];
  for (const [index, { kind, handOff }] of rows.entries()) {
    for (const [nth, written] of handOff.cloudformation.entries()) {
      const [type = '', path = ''] = written.split(' ');
      const name = `row-${index}-${nth}`;
      expected.push({ name, path: written, confidence: handOff.confidence });
      const own = kind === 'instance-profile' ? { Ref: `P${index}x${nth}` } : stackSetOr(type, name);
      const [callerPath] = handOff.caller ?? [];
      const caller = callerPath === undefined ? {} : holding(callerPath, { 'Fn::GetAtt': ['Caller', 'Arn'] });
      resources[`X${index}x${nth}`] = { Type: type, Properties: merge(caller, holding(path, own)) };
      resources[`R${index}x${nth}`] = role(name);
      if (kind === 'instance-profile')
        resources[`P${index}x${nth}`] = {
          Type: 'AWS::IAM::InstanceProfile',
          Properties: { Roles: [{ Ref: `R${index}x${nth}` }] },
        };
    }
  }
  const { report } = check({ 'all.json': json({ Resources: resources }) });

  test.each(expected)('$path', ({ name, path, confidence }) => {
    const found = report.assumptions.filter(
      ({ role: arn, principal }) => arn.endsWith(`/${name}`) && principal !== 'polly.amazonaws.com',
    );
    expect(found.length).toBeGreaterThan(0);
    const levels = report.findings.filter(({ role: arn }) => arn?.endsWith(`/${name}`)).map(({ severity }) => severity);
    if (confidence === 'memory') expect(levels).not.toContain('error');
    // What uses a profile, if anything does, stands elsewhere.
    if (confidence === 'confirmed' && path !== 'AWS::IAM::InstanceProfile Roles[]') expect(levels).toContain('error');
  });
});

describe('every attribute that Terraform has', () => {
  const expected: { name: string; path: string; confidence: string }[] = [];
  const resources: Record<string, Record<string, unknown>> = {};
  const add = (type: string, name: string, body: unknown): void => {
    resources[type] = { ...resources[type], [name]: body };
  };
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'polly.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  add('aws_iam_role', 'caller', { name: 'caller', assume_role_policy: trust });
  for (const [index, { kind, handOff }] of rows.entries()) {
    for (const [nth, written] of handOff.terraform.entries()) {
      const [type = '', path = ''] = written.split(' ');
      const [name, id] = [`row-${index}-${nth}`, `r${index}x${nth}`];
      expected.push({ name, path: written, confidence: handOff.confidence });
      add('aws_iam_role', id, { name, assume_role_policy: trust });
      if (kind === 'instance-profile')
        add('aws_iam_instance_profile', id, { name, role: `\${aws_iam_role.${id}.name}` });
      const reference =
        kind === 'instance-profile' ? `\${aws_iam_instance_profile.${id}.name}` : `\${aws_iam_role.${id}.arn}`;
      const [, callerPath] = handOff.caller ?? [];
      const caller = callerPath === undefined ? {} : holding(callerPath, '${aws_iam_role.caller.arn}');
      const own = type === 'aws_cloudformation_stack_set' ? name : reference;
      add(type, `x${index}x${nth}`, merge(caller, holding(path, own)));
    }
  }
  const { report } = check({ 'main.tf.json': json({ resource: resources }) });

  test.each(expected)('$path', ({ name, path, confidence }) => {
    const found = report.assumptions.filter(
      ({ role: arn, principal }) => arn.endsWith(`/${name}`) && principal !== 'polly.amazonaws.com',
    );
    expect(found.length).toBeGreaterThan(0);
    const levels = report.findings.filter(({ role: arn }) => arn?.endsWith(`/${name}`)).map(({ severity }) => severity);
    if (confidence === 'memory') expect(levels).not.toContain('error');
    if (confidence === 'confirmed' && path !== 'aws_iam_instance_profile role') expect(levels).toContain('error');
  });
});

test('a row stands in both languages, unless one of them has no such resource', () => {
  const both = rows.filter(({ handOff }) => handOff.cloudformation.length > 0 && handOff.terraform.length > 0);
  const one = rows.filter(({ handOff }) => handOff.cloudformation.length > 0 !== handOff.terraform.length > 0);
  expect(both.length + one.length).toBe(rows.length);
  expect(one.length).toBeLessThan(rows.length / 4);
});

test('where a row says how a service names the resource, it says by which page, and in the form of an ARN', () => {
  const forms = rows.flatMap(({ handOff }) => handOff.sourceArn ?? []);
  expect(forms.length).toBeGreaterThan(30);
  for (const { form, page } of forms) {
    expect(form).toMatch(/^arn:\$\{partition\}:[a-z0-9-]+:(\$\{region\})?:\$\{account\}:./);
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  }
});

function stackSetOr(type: string, name: string): unknown {
  return type === 'AWS::CloudFormation::StackSet'
    ? name
    : { 'Fn::GetAtt': [`R${name.slice(4).replace('-', 'x')}`, 'Arn'] };
}

test('every service of the table is one that a misspelt name is compared with', () => {
  const named = rows.flatMap(({ handOff }) => handOff.principals ?? []);
  const unknown = named.map((name) => name.replace(/(\.\$\{region\})?\.amazonaws\.com$/, ''));
  expect(unknown.filter((name) => !SERVICE_NAMES.includes(name))).toEqual([]);
});
