import * as z from 'zod/mini';

/** The configuration file, checked strictly: a key that is not here is an error with its line. */
const text = z.string();
const texts = z.array(text);
const accountId = z.string().check(z.regex(/^\d{12}$/, 'an account id has 12 digits'));

const account = z.strictObject({
  id: accountId,
  organization: z.optional(z.string().check(z.regex(/^o-[a-z0-9]+$/, 'an organization id looks like o-exampleorgid'))),
  'organizational-unit': z.optional(
    z
      .string()
      .check(
        z.regex(
          /^o-[^/]+\/r-[^/]+\/(ou-[^/]+\/)*$/,
          'an aws:PrincipalOrgPaths value looks like o-exampleorgid/r-ab12/ou-ab12-11111111/',
        ),
      ),
  ),
  management: z.optional(z.boolean()),
  'lookup-role': z.optional(
    z.string().check(z.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'the ARN of a role is expected')),
  ),
  partition: z.optional(text),
  region: z.optional(text),
  paths: z.optional(texts),
  parameters: z.optional(z.record(text, z.union([text, texts]))),
  'parameter-files': z.optional(texts),
  scps: z.optional(z.array(z.union([text, texts]))),
  rcps: z.optional(z.array(z.union([text, texts]))),
});

const document = z.strictObject({
  path: text,
  as: z.enum(['trust', 'identity', 'boundary', 'session']),
  of: text,
  tags: z.optional(z.record(text, text)),
});

const expectation = z.strictObject({
  name: z.optional(text),
  principal: text,
  role: text,
  action: z.optional(z.enum(['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'])),
  context: z.optional(z.record(text, z.nullable(z.union([text, texts])))),
  unknown: z.optional(texts),
  'session-policy': z.optional(text),
  decision: z.optional(z.enum(['allowed', 'denied'])),
});

const conventions = z.strictObject({
  'role-names': z.optional(texts),
  'longest-session': z.optional(
    z.union([z.number(), z.string().check(z.regex(/^\d{3,5}$/, 'seconds are digits, as in 3600'))]),
  ),
});

const ignored = z.strictObject({
  rule: text,
  role: z.optional(text),
  principal: z.optional(text),
  path: z.optional(text),
  reason: z.string().check(z.minLength(1, 'an ignore entry needs a reason')),
  until: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a date looks like 2027-01-31'))),
});

const workflows = z.strictObject({
  repository: z.optional(z.string().check(z.regex(/^[\w.-]+\/[\w.-]+$/, 'a repository looks like octo-org/app'))),
  vars: z.optional(z.record(text, text)),
  secrets: z.optional(z.record(text, text)),
  issuer: z.optional(
    z
      .string()
      .check(
        z.regex(/^[^:/]+(\/.*)?$/, 'an issuer is written without https://, as in token.actions.githubusercontent.com'),
      ),
  ),
  'default-branch': z.optional(text),
  'subject-claims': z.optional(texts),
  'immutable-subject': z.optional(z.boolean()),
  'owner-id': z.optional(z.string().check(z.regex(/^\d+$/, 'an id has digits only'))),
  'repository-id': z.optional(z.string().check(z.regex(/^\d+$/, 'an id has digits only'))),
});

export const configurationSchema = z.strictObject({
  accounts: z.optional(z.record(text, account)),
  documents: z.optional(z.array(document)),
  imports: z.optional(z.record(text, z.union([text, texts]))),
  workflows: z.optional(workflows),
  expect: z.optional(z.array(expectation)),
  rules: z.optional(z.record(text, z.enum(['error', 'warning', 'notice', 'off']))),
  conventions: z.optional(conventions),
  ignore: z.optional(z.array(ignored)),
});

export type ConfigurationFile = z.infer<typeof configurationSchema>;
export type AccountEntry = NonNullable<ConfigurationFile['accounts']>[string];
export type DocumentEntry = NonNullable<ConfigurationFile['documents']>[number];
export type WorkflowSettings = NonNullable<ConfigurationFile['workflows']>;
export type ExpectEntry = NonNullable<ConfigurationFile['expect']>[number];
export type IgnoreEntry = NonNullable<ConfigurationFile['ignore']>[number];

/** The schema for editors. */
export function jsonSchema(): unknown {
  return z.toJSONSchema(configurationSchema, { target: 'draft-7' });
}
