import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Simulated, simulated } from './simulator.ts';

/** What one account has. */
export interface Account {
  readonly roles?: Readonly<Record<string, Role>>;
  readonly users?: Readonly<Record<string, Holder & { readonly groups?: readonly string[] }>>;
  readonly groups?: Readonly<Record<string, Holder>>;
  /** The audiences of OIDC providers, by their issuers; names of SAML providers. */
  readonly oidc?: Readonly<Record<string, readonly string[]>>;
  readonly saml?: readonly string[];
  /** Customer managed policies, by name. */
  readonly policies?: Readonly<Record<string, object>>;
}

interface Role extends Holder {
  readonly trust: object;
  readonly path?: string;
  /** Seconds. */
  readonly longest?: number;
}

interface Holder {
  readonly inline?: Readonly<Record<string, object>>;
  /** ARNs. */
  readonly attached?: readonly string[];
  readonly boundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What goes wrong with a call; `times` of them, all where it is not set. */
export interface ServerFault {
  readonly status?: number;
  readonly code?: string;
  /** Answered as it stands. */
  readonly body?: string;
  /** Never answered, or cut off. */
  readonly silent?: 'hangs' | 'cut';
  readonly times?: number;
}

export interface IamServer {
  readonly url: string;
  /** `GetRole target`, in the order in which they were asked. */
  readonly calls: readonly string[];
  /** For which region and service each was signed: `us-east-1/iam`. */
  readonly scopes: readonly string[];
  close(): Promise<void>;
}

const PAGE = 2;

/**
 * IAM and STS over HTTP as AWS's Query API has them: form-encoded requests, XML answers, pages of two. The access key tells whose
 * credentials they are: `ASIA111122223333`.
 */
export async function iamServer(
  accounts: Readonly<Record<string, Account>>,
  faults: Readonly<Record<string, ServerFault>> = {},
): Promise<IamServer> {
  const calls: string[] = [];
  const scopes: string[] = [];
  const failed = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await bodyOf(request));
    const action = form.get('Action') ?? '';
    const named = [
      'RoleName',
      'UserName',
      'GroupName',
      'PolicyArn',
      'RoleArn',
      'PolicySourceArn',
      'OpenIDConnectProviderArn',
      'SAMLProviderArn',
    ].flatMap((key) => form.get(key) ?? []);
    const call = [action, ...named].join(' ');
    calls.push(call);
    scopes.push(/Credential=[^/]+\/\d+\/([\w-]+\/\w+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const fault = faults[call] ?? faults[action];
    const before = failed.get(call) ?? 0;
    if (fault !== undefined && before < (fault.times ?? Number.POSITIVE_INFINITY)) {
      failed.set(call, before + 1);
      fail(response, fault);
      return;
    }
    const account = /Credential=\w{4}(\d{12})\w*\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const result = resultOf(action, form, account, accounts[account] ?? {}, accounts);
    if (result === undefined) fail(response, { status: 404, code: 'NoSuchEntity' });
    else {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata/></${action}Response>`,
      );
    }
  };
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    scopes,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

function fail(response: ServerResponse, { status = 400, code = 'InternalFailure', body, silent }: ServerFault): void {
  if (silent === 'hangs') return;
  if (silent === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(body === undefined ? status : 200, { 'content-type': 'text/xml' });
  response.end(
    body ??
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>of AWS about ASIASECRET</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );
}

function resultOf(
  action: string,
  form: URLSearchParams,
  id: string,
  own: Account,
  accounts: Readonly<Record<string, Account>>,
): string | undefined {
  const name = form.get('RoleName') ?? form.get('UserName') ?? form.get('GroupName') ?? '';
  const holder = own[/Role/.test(action) ? 'roles' : /User/.test(action) ? 'users' : 'groups']?.[name];
  switch (action) {
    case 'GetCallerIdentity':
      return id === '' ? undefined : `<Account>${id}</Account><Arn>arn:aws:sts::${id}:assumed-role/ci/s</Arn>`;
    case 'AssumeRole': {
      const arn = form.get('RoleArn') ?? '';
      const account = arn.split(':')[4] ?? '';
      if (accounts[account] === undefined) return undefined;
      const keys = `<AccessKeyId>ASIA${account}</AccessKeyId><SecretAccessKey>assumedsecret</SecretAccessKey><SessionToken>assumedtoken</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration>`;
      return `<Credentials>${keys}</Credentials><AssumedRoleUser><Arn>arn:aws:sts::${account}:assumed-role/r/s</Arn><AssumedRoleId>A</AssumedRoleId></AssumedRoleUser>`;
    }
    case 'GetRole': {
      const role = own.roles?.[name];
      if (role === undefined) return undefined;
      const path = role.path ?? '/';
      const head = `<Path>${path}</Path><RoleName>${name}</RoleName><RoleId>AROAEXAMPLE</RoleId><Arn>arn:aws:iam::${id}:role${path}${name}</Arn>`;
      return `<Role>${head}<AssumeRolePolicyDocument>${encodeURIComponent(JSON.stringify(role.trust))}</AssumeRolePolicyDocument><MaxSessionDuration>${role.longest ?? 3600}</MaxSessionDuration>${extras(role)}</Role>`;
    }
    case 'GetUser':
      return holder === undefined
        ? undefined
        : `<User><Path>/</Path><UserName>${name}</UserName><UserId>AIDAEXAMPLE</UserId><Arn>arn:aws:iam::${id}:user/${name}</Arn>${extras(holder)}</User>`;
    case 'ListGroupsForUser':
      return page(
        'Groups',
        (own.users?.[name]?.groups ?? []).map(
          (group) => `<GroupName>${group}</GroupName><Arn>arn:aws:iam::${id}:group/${group}</Arn>`,
        ),
        form,
      );
    case 'ListRolePolicies':
    case 'ListUserPolicies':
    case 'ListGroupPolicies':
      return holder === undefined ? undefined : page('PolicyNames', Object.keys(holder.inline ?? {}), form);
    case 'GetRolePolicy':
    case 'GetUserPolicy':
    case 'GetGroupPolicy': {
      const document = holder?.inline?.[form.get('PolicyName') ?? ''];
      return document === undefined
        ? undefined
        : `<PolicyDocument>${encodeURIComponent(JSON.stringify(document))}</PolicyDocument>`;
    }
    case 'ListAttachedRolePolicies':
    case 'ListAttachedUserPolicies':
    case 'ListAttachedGroupPolicies':
      return holder === undefined
        ? undefined
        : page(
            'AttachedPolicies',
            (holder.attached ?? []).map((arn) => `<PolicyName>p</PolicyName><PolicyArn>${arn}</PolicyArn>`),
            form,
          );
    case 'GetPolicy': {
      const arn = form.get('PolicyArn') ?? '';
      return policyOf(own, arn, id) === undefined
        ? undefined
        : `<Policy><Arn>${arn}</Arn><DefaultVersionId>v3</DefaultVersionId></Policy>`;
    }
    case 'GetPolicyVersion': {
      const document = policyOf(own, form.get('PolicyArn') ?? '', id);
      return document === undefined || form.get('VersionId') !== 'v3'
        ? undefined
        : `<PolicyVersion><Document>${encodeURIComponent(JSON.stringify(document))}</Document><VersionId>v3</VersionId></PolicyVersion>`;
    }
    case 'ListOpenIDConnectProviders':
      return providers('OpenIDConnectProviderList', 'oidc-provider', Object.keys(own.oidc ?? {}), id);
    case 'ListSAMLProviders':
      return providers('SAMLProviderList', 'saml-provider', own.saml ?? [], id);
    case 'GetOpenIDConnectProvider': {
      const [, issuer = ''] = (form.get('OpenIDConnectProviderArn') ?? '').split(':oidc-provider/');
      const clients = own.oidc?.[issuer]?.map((client) => `<member>${client}</member>`);
      return clients && `<Url>${issuer}</Url><ClientIDList>${clients.join('')}</ClientIDList>`;
    }
    case 'GetSAMLProvider': {
      const [, saml = ''] = (form.get('SAMLProviderArn') ?? '').split(':saml-provider/');
      return own.saml?.includes(saml) ? '<SAMLMetadataDocument>metadata</SAMLMetadataDocument>' : undefined;
    }
    case 'SimulateCustomPolicy':
    case 'SimulatePrincipalPolicy': {
      const found = action === 'SimulateCustomPolicy' ? givenPolicies(form) : attachedPolicies(form, own, id);
      return found === undefined ? undefined : simulation({ ...found, ...simulatedCall(form) });
    }
    default:
      return undefined;
  }
}

function providers(list: string, sort: string, names: readonly string[], id: string): string {
  const all = names.map((name) => `<member><Arn>arn:aws:iam::${id}:${sort}/${name}</Arn></member>`);
  return `<${list}>${all.join('')}</${list}>`;
}

function members(form: URLSearchParams, list: string): readonly string[] {
  const found: string[] = [];
  for (let index = 1; form.has(`${list}.member.${index}`); index++)
    found.push(form.get(`${list}.member.${index}`) ?? '');
  return found;
}

function givenPolicies(form: URLSearchParams) {
  return {
    policies: members(form, 'PolicyInputList'),
    boundaries: members(form, 'PermissionsBoundaryPolicyInputList'),
  };
}

function attachedPolicies(form: URLSearchParams, own: Account, id: string) {
  const [, kind, name = ''] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(form.get('PolicySourceArn') ?? '') ?? [];
  const holder = own[kind === 'user' ? 'users' : 'roles']?.[name];
  if (holder === undefined) return undefined;
  const textOf = (arn: string) => policyOf(own, arn, id) ?? { Statement: [] };
  return {
    policies: [...Object.values(holder.inline ?? {}), ...(holder.attached ?? []).map(textOf)].map((one) =>
      JSON.stringify(one),
    ),
    boundaries: holder.boundary === undefined ? [] : [JSON.stringify(textOf(holder.boundary))],
  };
}

function simulatedCall(form: URLSearchParams) {
  const context = new Map<string, readonly string[]>();
  for (let index = 1; form.has(`ContextEntries.member.${index}.ContextKeyName`); index++) {
    const entry = `ContextEntries.member.${index}`;
    context.set((form.get(`${entry}.ContextKeyName`) ?? '').toLowerCase(), members(form, `${entry}.ContextKeyValues`));
  }
  return {
    action: members(form, 'ActionNames')[0] ?? '',
    resource: members(form, 'ResourceArns')[0] ?? '*',
    context,
  };
}

function simulation(asked: Simulated): string {
  const { decision, missing } = simulated(asked);
  const keys = missing.map((key) => `<member>${key}</member>`).join('');
  const onRole = `<ResourceSpecificResults><member><EvalResourceName>${asked.resource}</EvalResourceName><EvalResourceDecision>${decision}</EvalResourceDecision><MissingContextValues>${keys}</MissingContextValues></member></ResourceSpecificResults>`;
  return `<EvaluationResults><member><EvalActionName>${asked.action}</EvalActionName><EvalDecision>${decision}</EvalDecision>${onRole}</member></EvaluationResults><IsTruncated>false</IsTruncated>`;
}

function policyOf({ policies }: Account, arn: string, id: string): object | undefined {
  const prefix = `arn:aws:iam::${id}:policy/`;
  return arn.startsWith(prefix) ? policies?.[arn.slice(prefix.length)] : undefined;
}

function extras({ boundary, tags }: Holder): string {
  const limit =
    boundary === undefined
      ? ''
      : `<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>${boundary}</PermissionsBoundaryArn></PermissionsBoundary>`;
  const pairs = Object.entries(tags ?? {}).map(
    ([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`,
  );
  return `${limit}<Tags>${pairs.join('')}</Tags>`;
}

function page(list: string, items: readonly string[], form: URLSearchParams): string {
  const from = Number(form.get('Marker') ?? '0');
  const more = from + PAGE < items.length;
  const members = items.slice(from, from + PAGE).map((item) => `<member>${item}</member>`);
  return `<${list}>${members.join('')}</${list}><IsTruncated>${more}</IsTruncated>${more ? `<Marker>${from + PAGE}</Marker>` : ''}`;
}
