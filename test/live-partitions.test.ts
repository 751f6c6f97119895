import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { checkLive, trusting } from './support/aws/checked-live.ts';

/** IAM is one service for each partition, at an address of its own and signed for one region: both are the SDK's to know. */
const PARTITIONS = [
  ['aws', 'us-east-1', 'iam.amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'iam.cn-north-1.amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'iam.us-gov.amazonaws.com'],
  ['aws-iso', 'us-iso-east-1', 'iam.us-iso-east-1.c2s.ic.gov'],
  ['aws-iso-b', 'us-isob-east-1', 'iam.us-isob-east-1.sc2s.sgov.gov'],
  ['aws-iso-e', 'eu-isoe-west-1', 'iam.eu-isoe-west-1.cloud.adc-e.uk'],
  ['aws-iso-f', 'us-isof-south-1', 'iam.us-isof-south-1.csp.hci.ic.gov'],
  ['aws-eusc', 'eusc-de-east-1', 'iam.eusc-de-east-1.amazonaws.eu'],
] as const;

const app = (partition: string) => trusting(`arn:${partition}:iam::111122223333:role/caller`);
const live = (partition: string, environment: Readonly<Record<string, string>>) =>
  checkLive(
    { 'app.yaml': app(partition) },
    { accounts: { '111122223333': {} }, environment, options: ['--account', '111122223333'] },
  );

describe.each(PARTITIONS)('in %s', (partition, region, host) => {
  test('requests are signed for a region of it, whichever one the job has set', async () => {
    for (const set of [{}, { AWS_REGION: partition === 'aws' ? 'cn-north-1' : 'eu-central-1' }]) {
      const { calls, scopes, report } = await live(partition, set);
      expect(calls).toEqual(['GetCallerIdentity', 'GetRole caller']);
      expect(new Set(scopes)).toEqual(new Set([`${region}/sts`, `${region}/iam`]));
      expect(report.diagnostics).toEqual([]);
    }
  });

  test('the SDK’s own rules lead to its address and sign for it', () => {
    const { endpointProvider } = new IAMClient({ region }).config;
    const { url, properties } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    expect(url.hostname).toBe(host);
    expect(JSON.stringify(properties?.authSchemes)).toContain(`"signingRegion":"${region}"`);
  });
});

test('a partition that there is not is a wrong principal, and nobody is asked for it', async () => {
  const { calls, report } = await live('aws-moon', {});
  expect(calls).toEqual([]);
  expect(report.findings.map(({ rule }) => rule)).toEqual(['invalid-principal']);
});

test('a region of the partition that the job has set is used', async () => {
  const { scopes } = await live('aws', { AWS_REGION: 'eu-central-1' });
  expect(new Set(scopes)).toEqual(new Set(['eu-central-1/sts', 'eu-central-1/iam']));
});
