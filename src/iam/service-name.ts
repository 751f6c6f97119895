import { concat, isKnown, type Text } from '../symbolic/text.ts';

/** `states` and `eu-west-1` of `states.eu-west-1.amazonaws.com`. */
export function readService(name: string): { readonly service: string; readonly region: Text | undefined } | undefined {
  const match =
    /^([a-z0-9-]+(?:\.[a-z0-9-]+)*?)(?:\.([a-z]{2,4}(?:-[a-z]+)+-\d+))?\.amazonaws\.(?:com|com\.cn|eu)$/.exec(name);
  return match?.[1] === undefined ? undefined : { service: match[1], region: match[2] };
}

/** The same of `states.${AWS::Region}.amazonaws.com`. */
export function readRegional(written: Text): { readonly service: string; readonly region: Text } | undefined {
  if (isKnown(written) || written.parts.length !== 3) return undefined;
  const [head, region, tail] = written.parts;
  if (typeof head !== 'string' || typeof region !== 'object' || typeof tail !== 'string') return undefined;
  if (region.kind !== 'region' || !head.endsWith('.') || !/^\.amazonaws\.(com|com\.cn|eu)$/.test(tail))
    return undefined;
  return { service: head.slice(0, -1), region: concat(region) };
}
