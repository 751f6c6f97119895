import { concat, type Text } from '../../symbolic/text.ts';
import type { Scope } from './scope.ts';

/**
 * Templates are often written for another tool that fills them in before CloudFormation reads them: `${self:…}` of the
 * Serverless Framework, `{{ … }}` of Jinja and cookiecutter, `<% … %>`, org-formation's `Fn::…` in plain text.
 * What such a tool will put there is unknown. `${AWS::AccountId}` without Fn::Sub stays as it is: that is a slip.
 */
export function withForeignParts(text: string, scope: Scope): Text {
  if (/^Fn::\w+ /.test(text))
    return concat(
      scope.named(`foreign:${text}`, text, `what another tool puts in the place of ${JSON.stringify(text)}`),
    );
  if (!/\$\{|\{\{|<%/.test(text)) return text;
  return concat(
    ...text.split(/(\{\{.*?\}\}|<%.*?%>|\$\{[^}]*\})/).map((piece) => {
      if (!/^(\{\{|<%|\$\{)/.test(piece) || isOwn(piece, scope)) return piece;
      return scope.named(`foreign:${piece}`, piece, `what another tool puts in the place of ${piece}`);
    }),
  );
}

/** A policy variable, or a name that this template defines and somebody forgot to substitute. */
function isOwn(piece: string, { template }: Scope): boolean {
  const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1]?.trim();
  if (name === undefined) return false;
  const [head = ''] = name.split('.');
  const defined = head.startsWith('AWS::') || template.parameters.has(head) || template.resources.has(head);
  return defined || /^[*?$]$/.test(name) || /^(aws|sts|iam|saml|s3|ec2|[\w.-]+\.[\w./-]+):/.test(name);
}
