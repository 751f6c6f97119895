import { fails, holds } from '../conditions.ts';
import type { Fact } from '../language.ts';
import { denied, when } from '../language.ts';
import { CHECKS, CONDITION, KEYS, OPERATORS, VALUES } from '../sources.ts';

const IP = 'aws:SourceIp';
const address = (...ranges: readonly string[]) => ({ IpAddress: { [IP]: ranges } });
const not = (...ranges: readonly string[]) => ({ NotIpAddress: { [IP]: ranges } });
const from = (ip: string) => ({ [IP]: ip });
const MFA = 'aws:MultiFactorAuthPresent';
const VIA = 'aws:ViaAWSService';
const bytes = (text: string) => ({ BinaryEquals: { 'aws:RequestTag/key': text } });
const BYTES = 'QmluYXJ5VmFsdWVJbkJhc2U2NA==';
const ARN = 'aws:SourceArn';
const arn = (operator: string, ...patterns: readonly string[]) => ({ [operator]: { [ARN]: patterns } });
const source = (value: string) => ({ [ARN]: value });
const TOPIC = 'arn:aws:sns:us-west-2:123456789012:TOPIC-ID';
const ID = 'sts:ExternalId';

export const otherOperators: readonly Fact[] = [
  holds('IpAddress, within the range', OPERATORS, address('203.0.113.0/24'), from('203.0.113.1')),
  fails('IpAddress, outside of the range', OPERATORS, address('203.0.113.0/24'), from('198.51.100.1')),
  fails('IpAddress, just before the range', OPERATORS, address('203.0.113.0/24'), from('203.0.112.255')),
  holds('IpAddress, the first of the range', OPERATORS, address('203.0.113.0/24'), from('203.0.113.0')),
  holds('IpAddress, the last of the range', OPERATORS, address('203.0.113.0/24'), from('203.0.113.255')),
  holds(
    'IpAddress, a range that does not end at a point',
    OPERATORS,
    address('203.0.113.64/26'),
    from('203.0.113.127'),
  ),
  fails('IpAddress, beyond such a range', OPERATORS, address('203.0.113.64/26'), from('203.0.113.128')),
  holds(
    'IpAddress, the bits behind the prefix do not count',
    OPERATORS,
    address('203.0.113.77/24'),
    from('203.0.113.1'),
  ),
  holds('IpAddress, one address', OPERATORS, address('203.0.113.1'), from('203.0.113.1')),
  fails('IpAddress, another than the one address', OPERATORS, address('203.0.113.1'), from('203.0.113.2')),
  holds('IpAddress, one address with its prefix', OPERATORS, address('203.0.113.1/32'), from('203.0.113.1')),
  holds('IpAddress, every address', OPERATORS, address('0.0.0.0/0'), from('198.51.100.1')),
  fails('IpAddress, no key (a VPC endpoint)', OPERATORS, address('0.0.0.0/0'), {}),
  holds('IpAddress, one of several ranges', VALUES, address('198.51.100.0/24', '203.0.113.0/24'), from('203.0.113.9')),
  fails('IpAddress, no wildcards', OPERATORS, address('203.0.113.*'), from('203.0.113.9')),
  holds('IpAddress, IPv6', OPERATORS, address('2001:DB8:1234:5678::/64'), from('2001:db8:1234:5678::1')),
  holds(
    'IpAddress, IPv6 in full',
    OPERATORS,
    address('2001:db8:1234:5678::/64'),
    from('2001:0db8:1234:5678:0000:0000:0000:0001'),
  ),
  fails('IpAddress, IPv6 outside', OPERATORS, address('2001:DB8:1234:5678::/64'), from('2001:db8:1234:5679::1')),
  holds('IpAddress, one IPv6 address', OPERATORS, address('2001:db8::1/128'), from('2001:db8:0::1')),
  fails('IpAddress, every IPv4 address is no IPv6 address', OPERATORS, address('0.0.0.0/0'), from('2001:db8::1')),
  fails('IpAddress, every IPv6 address is no IPv4 address', OPERATORS, address('::/0'), from('203.0.113.1')),
  holds(
    'IpAddress, ranges of both sorts',
    OPERATORS,
    address('203.0.113.0/24', '2001:DB8:1234:5678::/64'),
    from('2001:db8:1234:5678:9::'),
  ),
  fails('NotIpAddress, within the range', OPERATORS, not('203.0.113.0/24'), from('203.0.113.1')),
  holds('NotIpAddress, outside of the range', OPERATORS, not('203.0.113.0/24'), from('198.51.100.1')),
  holds('NotIpAddress, no key', OPERATORS, not('203.0.113.0/24'), {}),
  fails('NotIpAddress, one of several ranges', VALUES, not('198.51.100.0/24', '203.0.113.0/24'), from('203.0.113.9')),
  holds('NotIpAddress, an address of the other sort', OPERATORS, not('0.0.0.0/0'), from('2001:db8::1')),

  holds('Bool, true', OPERATORS, { Bool: { [MFA]: 'true' } }, { [MFA]: 'true' }),
  holds('Bool, a JSON boolean', OPERATORS, { Bool: { [MFA]: true } }, { [MFA]: 'true' }),
  fails('Bool, true for false', OPERATORS, { Bool: { [MFA]: 'false' } }, { [MFA]: 'true' }),
  holds('Bool, false', OPERATORS, { Bool: { [VIA]: 'false' } }, { [VIA]: 'false' }),
  fails('Bool, no key for true', OPERATORS, { Bool: { [MFA]: 'true' } }, {}),
  fails('Bool, no key for false', KEYS, { Bool: { [MFA]: 'false' } }, {}),
  holds('Bool, aws:SecureTransport is in every call', KEYS, { Bool: { 'aws:SecureTransport': 'true' } }, {}),
  fails('Bool, a call over TLS', KEYS, { Bool: { 'aws:SecureTransport': 'false' } }, {}),

  holds('BinaryEquals, the same bytes', OPERATORS, bytes(BYTES), { 'aws:RequestTag/key': BYTES }),
  fails('BinaryEquals, other bytes', OPERATORS, bytes(BYTES), { 'aws:RequestTag/key': 'QUJD' }),
  fails('BinaryEquals, base64 has its case', OPERATORS, bytes(BYTES), { 'aws:RequestTag/key': BYTES.toLowerCase() }),
  fails('BinaryEquals, no key', OPERATORS, bytes(BYTES), {}),
  holds(
    'BinaryEquals, one of several values',
    VALUES,
    { BinaryEquals: { 'aws:RequestTag/key': ['QUJD', BYTES] } },
    { 'aws:RequestTag/key': BYTES },
  ),

  holds('ArnEquals, the same ARN', OPERATORS, arn('ArnEquals', TOPIC), source(TOPIC)),
  fails(
    'ArnEquals, another account',
    OPERATORS,
    arn('ArnEquals', TOPIC),
    source('arn:aws:sns:us-west-2:777788889999:TOPIC-ID'),
  ),
  fails('ArnEquals, no key', OPERATORS, arn('ArnEquals', TOPIC), {}),
  fails('ArnEquals, other case', OPERATORS, arn('ArnEquals', TOPIC), source(TOPIC.toLowerCase())),
  holds(
    'ArnEquals takes wildcards as ArnLike does',
    OPERATORS,
    arn('ArnEquals', 'arn:aws:sns:*:123456789012:*'),
    source(TOPIC),
  ),
  holds('ArnLike, a star in each part', OPERATORS, arn('ArnLike', 'arn:*:*:*:*:*'), source(TOPIC)),
  holds(
    'ArnLike, a question mark',
    OPERATORS,
    arn('ArnLike', 'arn:aws:sns:us-west-?:123456789012:TOPIC-ID'),
    source(TOPIC),
  ),
  fails(
    'ArnLike, a star does not cross a colon',
    OPERATORS,
    arn('ArnLike', 'arn:aws:someservice:*:111122223333:finance/*'),
    source('arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt'),
  ),
  holds(
    'StringLike on the same, a star crosses colons',
    OPERATORS,
    arn('StringLike', 'arn:aws:someservice:*:111122223333:finance/*'),
    source('arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt'),
  ),
  fails('ArnLike, too few parts', OPERATORS, arn('ArnLike', 'arn:aws:sns:*'), source(TOPIC)),
  holds(
    'ArnLike, the last part keeps its colons',
    OPERATORS,
    arn('ArnLike', 'arn:aws:lambda:*:123456789012:function:*'),
    source('arn:aws:lambda:eu-west-1:123456789012:function:work:3'),
  ),
  fails(
    'ArnLike, an empty part is not left out',
    OPERATORS,
    arn('ArnLike', 'arn:aws:iam:*:role/App'),
    source('arn:aws:iam::123456789012:role/App'),
  ),
  holds(
    'ArnLike, one of several patterns',
    VALUES,
    arn('ArnLike', 'arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:*'),
    source(TOPIC),
  ),
  fails('ArnNotEquals, the same ARN', OPERATORS, arn('ArnNotEquals', TOPIC), source(TOPIC)),
  holds(
    'ArnNotEquals, another ARN',
    OPERATORS,
    arn('ArnNotEquals', TOPIC),
    source('arn:aws:sns:us-west-2:777788889999:TOPIC-ID'),
  ),
  holds('ArnNotEquals, no key', OPERATORS, arn('ArnNotEquals', TOPIC), {}),
  fails('ArnNotLike, a pattern that matches', OPERATORS, arn('ArnNotLike', 'arn:aws:sns:*:*:*'), source(TOPIC)),
  holds('ArnNotLike, no key', OPERATORS, arn('ArnNotLike', 'arn:aws:sns:*:*:*'), {}),
  fails(
    'ArnNotLike, one of several patterns',
    VALUES,
    arn('ArnNotLike', 'arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:*'),
    source(TOPIC),
  ),

  holds('Null true, no key', OPERATORS, { Null: { [ID]: 'true' } }, {}),
  fails('Null true, a key', OPERATORS, { Null: { [ID]: 'true' } }, { [ID]: 'abc' }),
  holds('Null false, a key', OPERATORS, { Null: { [ID]: 'false' } }, { [ID]: 'abc' }),
  fails('Null false, no key', OPERATORS, { Null: { [ID]: 'false' } }, {}),
  holds('Null, a JSON boolean', OPERATORS, { Null: { [ID]: true } }, {}),
  fails('Null false, a key that is said to be absent', OPERATORS, { Null: { [ID]: 'false' } }, { [ID]: null }),
  denied('trust', 'NullIfExists is no operator', CHECKS, when({ NullIfExists: { [ID]: 'true' } })),
  denied('trust', 'an operator that does not exist', CONDITION, when({ StringMatches: { [ID]: 'abc' } })),
  denied('trust', 'NotBool is no operator', CONDITION, when({ NotBool: { [MFA]: 'true' } })),
];
