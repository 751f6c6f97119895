import type { Attachment } from '../../../inventory/declarations.ts';

/** Which attributes of a resource attach a policy, and to whom. */
export interface Attaching {
  readonly to: Attachment['to'];
  /** The attribute that names whom, one or several. */
  readonly names: string;
  /** The attribute with the document, or the one with the ARNs. */
  readonly document?: string;
  readonly arns?: string;
}

export const ATTACHING: Readonly<Record<string, readonly Attaching[]>> = {
  aws_iam_role_policy: [{ to: 'role', names: 'role', document: 'policy' }],
  aws_iam_user_policy: [{ to: 'user', names: 'user', document: 'policy' }],
  aws_iam_group_policy: [{ to: 'group', names: 'group', document: 'policy' }],
  aws_iam_role_policy_attachment: [{ to: 'role', names: 'role', arns: 'policy_arn' }],
  aws_iam_user_policy_attachment: [{ to: 'user', names: 'user', arns: 'policy_arn' }],
  aws_iam_group_policy_attachment: [{ to: 'group', names: 'group', arns: 'policy_arn' }],
  aws_iam_role_policy_attachments_exclusive: [{ to: 'role', names: 'role_name', arns: 'policy_arns' }],
  aws_iam_user_policy_attachments_exclusive: [{ to: 'user', names: 'user_name', arns: 'policy_arns' }],
  aws_iam_group_policy_attachments_exclusive: [{ to: 'group', names: 'group_name', arns: 'policy_arns' }],
  aws_iam_policy_attachment: [
    { to: 'role', names: 'roles', arns: 'policy_arn' },
    { to: 'user', names: 'users', arns: 'policy_arn' },
    { to: 'group', names: 'groups', arns: 'policy_arn' },
  ],
  awscc_iam_role_policy: [{ to: 'role', names: 'role_name', document: 'policy_document' }],
  awscc_iam_user_policy: [{ to: 'user', names: 'user_name', document: 'policy_document' }],
  awscc_iam_group_policy: [{ to: 'group', names: 'group_name', document: 'policy_document' }],
};
