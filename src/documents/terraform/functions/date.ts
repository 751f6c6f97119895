import { type Functions, ofTexts } from './function.ts';

/** Of dates only what does not depend on the clock: `timestamp` and `plantimestamp` stay unknown. */
export const DATES: Functions = {
  timecmp: ofTexts((left = '', right = '') => {
    const [one, other] = [instant(left), instant(right)];
    return one === undefined || other === undefined ? undefined : Math.sign(one - other);
  }),
};

function instant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const value = Date.parse(text);
  return Number.isNaN(value) ? undefined : value;
}
