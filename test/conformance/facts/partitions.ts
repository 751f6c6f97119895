import {
  ASSUME,
  AWAY,
  allowed,
  by,
  denied,
  type Fact,
  FULL,
  grants,
  HOME,
  lets,
  may,
  type Piece,
  refused,
  role,
  trusts,
  when,
} from '../language.ts';
import { CHINA, PARTITIONS, PRINCIPAL } from '../sources.ts';

const CN_APP = `arn:aws-cn:iam::${HOME}:role/App`;
const CN_TARGET = `arn:aws-cn:iam::${HOME}:role/Target`;
const CN_FAR = `arn:aws-cn:iam::${AWAY}:role/Target`;
const chinese: Piece = (made) => role(CN_TARGET)(by(`arn:aws-cn:sts::${HOME}:assumed-role/App/s1`)(made));
const gov = by(`arn:aws-us-gov:sts::${HOME}:assumed-role/App/s1`);

export const partitions: readonly Fact[] = [
  allowed('a role of China, named by its ARN', CHINA, chinese, trusts(CN_APP)),
  allowed(
    'the account in China by its root ARN',
    CHINA,
    chinese,
    trusts(`arn:aws-cn:iam::${HOME}:root`),
    grants(may(ASSUME, CN_TARGET)),
  ),
  allowed('the account in China by its 12 digits', CHINA, chinese, trusts(HOME), grants(FULL)),
  denied(
    'trust',
    'a root ARN of another partition',
    PARTITIONS,
    chinese,
    trusts(`arn:aws:iam::${HOME}:root`),
    grants(FULL),
  ),
  denied(
    'trust',
    'a role’s ARN of another partition',
    PARTITIONS,
    chinese,
    trusts(`arn:aws:iam::${HOME}:role/App`),
    grants(FULL),
  ),
  denied(
    'identity',
    'a grant for the ARN of another partition',
    PARTITIONS,
    chinese,
    trusts(HOME),
    grants(may(ASSUME, `arn:aws:iam::${HOME}:role/Target`)),
  ),
  allowed(
    'a grant for every partition',
    PRINCIPAL,
    chinese,
    trusts(HOME),
    grants(may(ASSUME, `arn:*:iam::${HOME}:role/Target`)),
  ),
  allowed('across accounts of China', CHINA, chinese, role(CN_FAR), trusts(CN_APP), grants(may(ASSUME, CN_FAR))),
  allowed(
    'within AWS GovCloud',
    PARTITIONS,
    gov,
    role(`arn:aws-us-gov:iam::${HOME}:role/Target`),
    trusts(`arn:aws-us-gov:iam::${HOME}:role/App`),
  ),
  allowed(
    'aws:PrincipalArn has its partition',
    CHINA,
    chinese,
    trusts(lets(CN_APP, ASSUME, { ArnLike: { 'aws:PrincipalArn': 'arn:aws-cn:iam::*:role/*' } })),
  ),
  refused(
    'from China to the rest of the world',
    PARTITIONS,
    chinese,
    role(`arn:aws:iam::${AWAY}:role/Target`),
    trusts(CN_APP),
    grants(FULL),
  ),
  refused(
    'from the rest of the world to China',
    PARTITIONS,
    role(CN_FAR),
    grants(FULL),
    when({ StringEquals: { 'aws:PrincipalAccount': HOME } }),
  ),
  refused(
    'from AWS GovCloud to the rest of the world',
    PARTITIONS,
    gov,
    role(`arn:aws:iam::${AWAY}:role/Target`),
    trusts(`arn:aws-us-gov:iam::${HOME}:role/App`),
    grants(FULL),
  ),
];
