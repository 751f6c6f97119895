import fc from 'fast-check';
import { test } from 'vitest';
import { decide } from '../../src/iam/decide.ts';
import { questionOf } from '../support/questions.ts';
import { symbolicScenarios, meanings, withMeanings, UNKNOWNS } from './worlds.ts';
const d = (s: any) => decide(questionOf(s, UNKNOWNS)).decision;
const bad = (x: any) => { const t = JSON.stringify(x); return t.includes('"*"') || t.includes('assumed-role'); };
test('x', () => {
  for (let i = 0; i < Number(process.env.N ?? 10); i++) {
    const r = fc.check(fc.property(symbolicScenarios, meanings, (s, v) => {
      if (bad(v['‹P›']) || bad(v['‹?R›']) || (bad((v['‹?S›'] as any).Principal ?? ''))) return true;
      const a = d(s), b = d(withMeanings(s, v));
      return !(a === 'allowed' || a === 'denied') || a === b;
    }), { numRuns: 20000 });
    if (r.failed) { const [s, v] = r.counterexample as any; const t = JSON.stringify(s); const used = Object.fromEntries(Object.entries(v).filter(([m]) => t.includes(m)));
      console.log('CEX', d(s), '=>', d(withMeanings(s, v)), t, JSON.stringify(used)); }
  }
}, 600000);
