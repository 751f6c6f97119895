const MASK = /\*{3,}|X{4,}|<[\w-]{1,40}>|\$\{[^{}\s]{1,80}\}/g;

/** Whether a part of an ARN is hidden: GitHub prints secrets as `***`, people write XXXXXXXXXXXX for an account, templates `${AWS::AccountId}`. */
export function isMasked(arn: string): boolean {
  return new RegExp(MASK.source).test(arn);
}

/** The ARN with a `*` in the place of what is hidden. */
export function asPattern(arn: string): string {
  return arn.replace(MASK, '*');
}
