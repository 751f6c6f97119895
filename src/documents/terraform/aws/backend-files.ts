import type { Declarations, Deployment } from '../../../inventory/declarations.ts';
import { NOTHING_DECLARED } from '../../../inventory/declarations.ts';
import type { SourceFile } from '../../../source/source.ts';
import { parseTerraform } from '../module/module-source.ts';
import { literalBody } from '../module/variables.ts';
import { assumedBy } from './provider-intents.ts';

/**
 * What `terraform init -backend-config=FILE` gives to a backend: `prod.s3.tfbackend`, `backend.hcl`.
 * https://developer.hashicorp.com/terraform/language/backend#file
 */
export function isBackendFile(path: string): boolean {
  return /\.tfbackend$|backend[\w.-]*\.hcl$/i.test(path);
}

/** The roles of such a file; what it leaves out the backend itself may say. */
export function readBackendFile(file: SourceFile, deployments: readonly Deployment[]): Declarations {
  if (!file.text.includes('role_arn')) return NOTHING_DECLARED;
  const { body, problems } = parseTerraform(file);
  const written = literalBody(body, { source: file, start: 0, end: file.text.length });
  if (written === undefined) return { ...NOTHING_DECLARED, problems };
  const intents = deployments.flatMap((own) =>
    assumedBy(`the backend that ${file.path} configures`, written, own, true),
  );
  return { ...NOTHING_DECLARED, intents, problems };
}
