import { principalOf } from './assumptions/assumption.ts';
import type { Decided } from './assumptions/decided.ts';
import type { Environment } from './aws/environment.ts';
import type { Simulation } from './aws/simulate.ts';
import type { AskedAccount } from './aws/wanted.ts';
import type { Problem } from './inventory/declarations.ts';
import type { Verification } from './report/report.ts';
import { reproductionOf } from './report-case.ts';
import { simulationOf } from './second-opinion.ts';
import { show } from './symbolic/text.ts';

const ISSUES = 'https://github.com/assume-role-check/assume-role-check/issues/new';

/** AWS's opinion on the identity side of each assumption. It changes no decision: where it differs, one of the two is wrong. */
export async function verifyWithAws(
  decided: readonly Decided[],
  accounts: readonly AskedAccount[],
  environment: Environment,
): Promise<{ readonly verification: Verification; readonly problems: readonly Problem[] }> {
  const simulations = new Map<string, Simulation>();
  const notAsked: Verification['notAsked'][number][] = [];
  for (const one of decided) {
    const simulation = simulationOf(one);
    if (simulation === undefined) continue;
    if ('why' in simulation)
      notAsked.push({
        principal: principalOf(one.assumption),
        role: show(one.assumption.question.role.arn),
        reason: simulation.why,
      });
    else simulations.set(keyOf(simulation), simulation);
  }
  const { simulateWithAws } = await import(/* webpackMode: "eager" */ './aws/simulate.ts');
  const opinions = await simulateWithAws([...simulations.values()], accounts, environment);
  const problems = new Map<string, Problem>();
  const counts = { agreed: 0, disagreed: 0 };
  for (const simulation of simulations.values()) {
    const opinion = opinions.get(simulation) ?? { kind: 'none', why: 'AWS gave no decision' };
    const { principal, role, place } = simulation;
    if (opinion.kind === 'agrees') counts.agreed += 1;
    else if (opinion.kind === 'disagrees') {
      counts.disagreed += 1;
      const reproduction = reproductionOf(simulation);
      problems.set(keyOf(simulation), {
        level: 'warning',
        message: disagreement(simulation, opinion.answer),
        place,
        reproduction,
      });
    } else {
      notAsked.push({ principal, role, reason: opinion.why });
      const message = `not verified with AWS: ${opinion.why}`;
      if (!problems.has(message)) problems.set(message, { level: 'warning', message, place });
    }
  }
  return { verification: { ...counts, notAsked }, problems: [...problems.values()] };
}

function disagreement({ principal, role, action, allowed, deployed }: Simulation, answer: string): string {
  const [ours, theirs] = allowed ? ['allow', answer] : ['do not allow', answer];
  const since = deployed ? ', as they are deployed,' : '';
  return `AWS’s policy simulator answers ${theirs}, but by the decision here the identity policies of ${principal}${since} ${ours} ${action} on ${role}: one of the two is wrong. Please report it with the case that is attached, once you have seen that nothing in it is secret: ${ISSUES}`;
}

/** Many declarations ask one and the same of the simulator. */
function keyOf({ place: _, ...asked }: Simulation): string {
  return JSON.stringify(asked);
}
