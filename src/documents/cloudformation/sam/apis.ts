import { type MapEntry, type MapTree, member, scalarText, type Tree } from '../../../source/tree.ts';
import { withGlobals } from './globals.ts';
import { entriesOf, mapOf, written } from './written.ts';

/** A serverless API, or the one that SAM makes for events that name none: that one has what `Globals` says, and no more. */
interface Api {
  readonly id: MapEntry['key'];
  readonly auth: Tree | undefined;
  readonly condition: Tree | undefined;
}

/** Each sort of API: the section of `Globals`, and the authorizer of API Gateway's own with its role. */
const SORTS = {
  'AWS::Serverless::Api': ['Api', 'AWS::ApiGateway::Authorizer', 'AuthorizerCredentials'],
  'AWS::Serverless::HttpApi': ['HttpApi', 'AWS::ApiGatewayV2::Authorizer', 'AuthorizerCredentialsArn'],
  'AWS::Serverless::WebSocketApi': ['WebSocketApi', 'AWS::ApiGatewayV2::Authorizer', 'AuthorizerCredentialsArn'],
} as const;

/** Ways to say that no role is handed on: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html */
const NO_ROLES = new Set(['NONE', 'CALLER_CREDENTIALS']);

/**
 * What hands roles to API Gateway: authorizers, and the integrations of methods that IAM authorizes. SAM writes both into the
 * API's OpenAPI document; here they stand as the resources that mean the same.
 */
export function apiHandOffs(template: MapTree, resources: MapTree): readonly MapEntry[] {
  return Object.entries(SORTS).flatMap(([type, [section, authorizer, property]]) => {
    const apis = apisOf(template, resources, type, section);
    const credentials = apis.flatMap((api) =>
      authorizersOf(api).map(({ name, role }) =>
        made(api, `${name.text}Authorizer`, authorizer, mapOf({ [property]: role }, role.place)),
      ),
    );
    return section === 'Api' ? [...credentials, ...integrations(template, resources, apis)] : credentials;
  });
}

function apisOf(template: MapTree, resources: MapTree, type: string, section: string): readonly Api[] {
  const own = resources.entries
    .filter(({ value }) => scalarText(member(value, 'Type')) === type)
    .map(({ key, value }) => ({
      id: key,
      auth: member(withGlobals(template, section, member(value, 'Properties')), 'Auth'),
      condition: member(value, 'Condition'),
    }));
  const shared = member(member(member(template, 'Globals'), section), 'Auth');
  const implied =
    section === 'WebSocketApi'
      ? undefined
      : eventsOf(template, resources, section).find(({ api }) => api === undefined);
  if (shared === undefined || implied === undefined) return own;
  const id = written(section === 'Api' ? 'ServerlessRestApi' : 'ServerlessHttpApi', shared.place);
  return [...own, { id, auth: shared, condition: undefined }];
}

function authorizersOf({ id, auth }: Api): readonly { readonly name: MapEntry['key']; readonly role: Tree }[] {
  const connect =
    scalarText(member(auth, 'AuthType'))?.toUpperCase() === 'CUSTOM' ? member(auth, 'InvokeRole') : undefined;
  const named = entriesOf(member(auth, 'Authorizers'))
    .filter(({ value }) => member(value, 'UserPoolArn') === undefined)
    .map(({ key, value }) => ({ name: key, role: member(value, 'FunctionInvokeRole') }));
  return [...named, { name: { ...id, text: 'Connect' }, role: connect }].flatMap(({ name, role }) =>
    role === undefined || isNone(role) ? [] : [{ name, role }],
  );
}

/** With IAM authorization the method calls its function as the role that it or its API names. */
function integrations(template: MapTree, resources: MapTree, apis: readonly Api[]): readonly MapEntry[] {
  return eventsOf(template, resources, 'Api').flatMap(({ key, settings, api: named, condition }) => {
    const api = apis.find(({ id }) => id.text === (named ?? 'ServerlessRestApi'));
    const own = member(settings, 'Auth');
    const authorizer = own === undefined ? member(api?.auth, 'DefaultAuthorizer') : member(own, 'Authorizer');
    const role = member(own, 'InvokeRole') ?? member(api?.auth, 'InvokeRole');
    if (scalarText(authorizer) !== 'AWS_IAM' || role === undefined || isNone(role)) return [];
    const integration = mapOf({ Credentials: role }, role.place);
    return [
      made(
        { id: key, auth: undefined, condition },
        'Method',
        'AWS::ApiGateway::Method',
        mapOf({ Integration: integration }, role.place),
      ),
    ];
  });
}

/** The events of functions that make routes of an API; `api` is undefined for the one that SAM makes. */
function eventsOf(template: MapTree, resources: MapTree, type: string) {
  const link = type === 'Api' ? 'RestApiId' : 'ApiId';
  return resources.entries
    .filter(({ value }) => scalarText(member(value, 'Type')) === 'AWS::Serverless::Function')
    .flatMap(({ key: { text: id }, value }) =>
      entriesOf(member(withGlobals(template, 'Function', member(value, 'Properties')), 'Events'))
        .filter(({ value: event }) => scalarText(member(event, 'Type')) === type)
        .map(({ key, value: event }) => {
          const settings = member(event, 'Properties');
          const reference = member(settings, link);
          return {
            key: { ...key, text: `${id}${key.text}` },
            settings,
            api: reference === undefined ? undefined : (referred(reference) ?? ''),
            condition: member(value, 'Condition'),
          };
        }),
    );
}

function referred(tree: Tree): string | undefined {
  return tree.tag === undefined ? scalarText(member(tree, 'Ref')) : tree.tag === '!Ref' ? scalarText(tree) : undefined;
}

function isNone(role: Tree): boolean {
  return role.tag === undefined && NO_ROLES.has(scalarText(role) ?? '');
}

function made({ id, condition }: Api, suffix: string, type: string, properties: Tree): MapEntry {
  const value = mapOf({ Type: written(type, id.place), Condition: condition, Properties: properties }, id.place);
  return { key: { ...id, text: `${id.text}${suffix}` }, value };
}
