/** An answer other than success, in the shape of GitHub's error bodies; `server.ts` adds `documentation_url` and `status`. */
export class GitHubError extends Error {
  readonly status: number;
  readonly errors: readonly unknown[];

  constructor(status: number, message: string, errors: readonly unknown[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export interface FieldError {
  readonly resource: string;
  readonly code: 'custom' | 'invalid' | 'missing_field' | 'unprocessable';
  readonly field: string;
  readonly message?: string;
}

export const notFound = (): GitHubError => new GitHubError(404, 'Not Found');

/** What a token without the permission gets: forks, Dependabot, or a workflow's `permissions:`. */
export const readOnly = (): GitHubError => new GitHubError(403, 'Resource not accessible by integration');

export const unprocessable = (...errors: readonly string[]): GitHubError =>
  new GitHubError(422, 'Unprocessable Entity', errors);

export const validationFailed = (...errors: readonly FieldError[]): GitHubError =>
  new GitHubError(422, 'Validation Failed', errors);

const MAXIMUM_BODY = 65_536;

/** Bodies are counted in characters, not in UTF-16 units or bytes: danger/danger#424, easybuild-easyconfigs#24647. */
export const checkBody = (resource: string, body: string): void => {
  if (body.length > MAXIMUM_BODY && [...body].length > MAXIMUM_BODY) {
    const message = `Body is too long (maximum is ${MAXIMUM_BODY} characters)`;
    throw validationFailed({ resource, code: 'unprocessable', field: 'data', message });
  }
  if (body.trim() === '') {
    throw validationFailed({ resource, code: 'missing_field', field: 'body', message: "body can't be blank" });
  }
};
