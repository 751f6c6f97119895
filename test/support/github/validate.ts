import { readFileSync } from 'node:fs';
import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** The parts of OpenAPI 3.0 that we read; schemas go to ajv as they are. */
interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly externalDocs: { readonly url: string };
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: { readonly requestBody: Content } }>>;
}

// Typed by hand: TypeScript's own type of this document is megabytes of declaration.
const description: Description = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
export const paths = description.paths;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * OpenAPI 3.0 says `nullable: true` where JSON Schema says `null`.
 * https://spec.openapis.org/oas/v3.0.3#fixed-fields-20
 */
const withNull = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(withNull);
  if (!isRecord(node)) return node;
  const { nullable, discriminator, ...rest } = node;
  const schema = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withNull(value)]));
  // `nullable` is also a legal property name, and then it holds a schema.
  if (nullable !== true) return isRecord(nullable) ? { ...schema, nullable: withNull(nullable) } : schema;
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const choices = schema.enum;
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(Array.isArray(choices) ? { enum: [...choices, null] } : {}),
  };
};

/**
 * Where GitHub answers otherwise than it publishes: a comment that is outdated, or on a whole file, has no line.
 * https://github.com/github/rest-api-description/issues/5568
 */
const NULLABLE_IN_TRUTH = ['position', 'original_position', 'line', 'original_line'];

const corrected = (document: typeof description): unknown =>
  JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key !== 'pull-request-review-comment' || !isRecord(value) || !isRecord(value.properties)) return value;
    const fixes = NULLABLE_IN_TRUTH.map((name) => [name, { type: 'integer', nullable: true }]);
    return { ...value, properties: { ...value.properties, ...Object.fromEntries(fixes) } };
  });

const document = withNull(corrected(description));
const ajv = new Ajv({ strict: false, allErrors: false, validateSchema: false });
formats.default(ajv);
ajv.addFormat('int64', true);
ajv.addSchema({ $id: 'github', ...(isRecord(document) ? document : {}) });

const compiled = new Map<string, ValidateFunction>();

/** Compiled on first use, as that is what takes the time. */
const validatorOf = (schema: AnySchemaObject): ValidateFunction => {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  compiled.set(key, validate);
  return validate;
};

/** The validator of the schema at this JSON pointer of the description. */
const validatorAt = (...pointer: readonly string[]): ValidateFunction => {
  const parts = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return validatorOf({ $ref: `github#/${parts.join('/')}` });
};

const problems = (validate: ValidateFunction, value: unknown): readonly string[] =>
  validate(value) ? [] : (validate.errors ?? []).map(readable);

const readable = ({ instancePath, message, params }: ErrorObject): string => {
  const choices = 'allowedValues' in params ? ` ${JSON.stringify(params.allowedValues)}` : '';
  return `For '${instancePath.slice(1)}', ${message ?? 'invalid'}${choices}.`;
};

const componentName = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1);

const resolve = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolve(description.components.schemas[componentName(schema.$ref)] ?? {});

/** GitHub's schemas leave objects open although GitHub refuses unknown keys ("x" is not a permitted key). */
const unknownKeys = (schema: Schema, value: unknown): readonly string[] => {
  const { properties, items, additionalProperties } = resolve(schema);
  if (Array.isArray(value)) return items === undefined ? [] : value.flatMap((item) => unknownKeys(items, item));
  if (properties === undefined || !isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const known = properties[key];
    if (known !== undefined) return unknownKeys(known, child);
    return additionalProperties === true ? [] : [`"${key}" is not a permitted key.`];
  });
};

/** GitHub ignores parameters that it does not know; here they are refused, as each of them is a misspelling. */
const parameterProblems = (operation: Operation, where: Parameter['in'], given: ReadonlyMap<string, string>) => {
  const declared = parametersOf(operation).filter((parameter) => parameter.in === where);
  const unknown = [...given.keys()]
    .filter((name) => !declared.some((parameter) => parameter.name === name))
    .map((name) => `"${name}" is not a permitted ${where} parameter.`);
  const wrong = declared.flatMap(({ name, required, schema }) => {
    const text = given.get(name);
    if (text === undefined) return required === true ? [`"${name}" wasn't supplied.`] : [];
    const validate = validatorOf({ type: 'object', properties: { [name]: withNull(schema) } });
    return problems(validate, { [name]: typed(schema, text) });
  });
  return [...unknown, ...wrong];
};

const parametersOf = ({ parameters = [] }: Operation): readonly Parameter[] =>
  parameters.flatMap((parameter) =>
    '$ref' in parameter ? (description.components.parameters[componentName(parameter.$ref)] ?? []) : parameter,
  );

/** The value that a text in a URL stands for. */
const typed = ({ type }: Schema, text: string): unknown => {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
};

export interface Address {
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
}

export interface RequestToCheck {
  readonly params: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: unknown;
}

export const requestProblems = (address: Address, { params, query, body }: RequestToCheck): readonly string[] => {
  const { method, template, operation } = address;
  const found = [...parameterProblems(operation, 'path', params), ...parameterProblems(operation, 'query', query)];
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (schema === undefined) return body === undefined ? found : [...found, 'This operation takes no body.'];
  if (body === undefined) {
    return operation.requestBody?.required === true ? [...found, "The body wasn't supplied."] : found;
  }
  const validate = validatorAt('paths', template, method, 'requestBody', 'content', 'application/json', 'schema');
  return [...found, ...problems(validate, body), ...unknownKeys(schema, body)];
};

export const responseProblems = ({ method, template, operation }: Address, status: number, body: unknown) => {
  if (status >= 400) {
    const { message, documentation_url: url } = isRecord(body) ? body : {};
    return typeof message === 'string' && typeof url === 'string' ? [] : ['An error needs a message and a URL.'];
  }
  const response = operation.responses[String(status)];
  if (response === undefined) return [`The status ${status} is not one that this operation documents.`];
  if (response.content === undefined) return body === undefined ? [] : [`A ${status} has no body.`];
  return problems(
    validatorAt('paths', template, method, 'responses', String(status), 'content', 'application/json', 'schema'),
    body,
  );
};

/** What is wrong with an event's payload; `undefined` where the subset describes no such event. */
export const webhookProblems = (name: string, payload: unknown): readonly string[] | undefined =>
  description['x-webhooks'][name] === undefined
    ? undefined
    : problems(
        validatorAt('x-webhooks', name, 'post', 'requestBody', 'content', 'application/json', 'schema'),
        payload,
      );
