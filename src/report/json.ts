import { assumedBy } from '../assumptions/assumed.ts';
import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { type Difference, sentenceOf } from '../drift/drift.ts';
import { contextOf } from '../iam/context-keys.ts';
import type { DecisionWord } from '../iam/decide.ts';
import type { Question } from '../iam/question.ts';
import type { Severity } from '../rules/finding.ts';
import { type Location, locate, type Place } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { type Change, countBy, type Report, type ReportedFinding } from './report.ts';

const DECISIONS: readonly DecisionWord[] = ['allowed', 'denied', 'conditional', 'unknown'];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

/** The JSON report, version 1, that scripts read. */
export function renderJson(report: Report): string {
  // Thousands of assumptions are read by programs: half of such a report would be white space.
  return `${JSON.stringify(reportData(report), null, report.decided.length > 1000 ? 0 : 2)}\n`;
}

function reportData(report: Report): unknown {
  return {
    version: 1,
    summary: {
      documents: report.documents,
      principals: report.principals,
      roles: report.roles,
      assumptions: countBy(
        DECISIONS,
        report.decided.map(({ decision }) => decision.decision),
      ),
      findings: countBy(
        SEVERITIES,
        report.findings.map(({ severity }) => severity),
      ),
      // Without anything that AWS shows nothing is compared, and the report is as it always was.
      ...(report.drift.compared === 0
        ? {}
        : { drift: { compared: report.drift.compared, differences: report.drift.differences.length } }),
    },
    assumptions: report.decided.map(assumptionData),
    findings: report.findings.map(findingData),
    changes: {
      gained: (report.changes?.gained ?? []).map(changeData),
      lost: (report.changes?.lost ?? []).map(changeData),
      broken: (report.changes?.broken ?? []).map(changeData),
    },
    diagnostics: report.problems.map(({ place, level, message, reproduction }) => ({
      path: locate(place).path,
      line: locate(place).startLine,
      level,
      message,
      ...(reproduction === undefined
        ? {}
        : { case: { document: JSON.parse(reproduction.document), command: reproduction.command } }),
    })),
    drift: report.drift.differences.map(differenceData),
    ...(report.verification === undefined ? {} : { verification: report.verification }),
  };
}

function differenceData(difference: Difference): unknown {
  const { kind, arn, part, name, declared, deployed, place, shownAt } = difference;
  return {
    kind,
    arn,
    part,
    ...(name === undefined ? {} : { name }),
    declared,
    deployed,
    message: sentenceOf(difference),
    location: locate(place),
    ...(shownAt === undefined ? {} : { deployedAt: locate(shownAt) }),
  };
}

/** One assumption, as `simulate` prints it too. */
export function assumptionData(decided: Decided): unknown {
  const { assumption, decision } = decided;
  const { question } = assumption;
  const { layers, answer } = decided.explanation();
  const assumed = assumedBy(assumption);
  return {
    ...(assumption.expectation?.name === undefined ? {} : { name: assumption.expectation.name }),
    principal: principalOf(assumption),
    role: show(question.role.arn),
    action: question.action,
    context: contextData(question),
    decision: decision.decision,
    declaredBy: assumption.declaredBy.map(({ kind, place }) => ({ kind, location: locate(place) })),
    layers: layers.map(({ layer, verdict, place, reason }) => ({ layer, verdict, ...locationOf(place), reason })),
    requires: decision.requires,
    ...(decision.open.length === 0
      ? {}
      : { unknown: decision.open.map(({ shown, missing }) => ({ value: shown, missing })) }),
    ...(assumed.length === 0
      ? {}
      : { assumed: assumed.map(({ name, value, place }) => ({ name, value, location: locate(place) })) }),
    ...(decision.disputed.length === 0 ? {} : { disputed: decision.disputed }),
    ...(answer === undefined ? {} : { answer }),
  };
}

function locationOf(place: Place | undefined): { readonly location?: Location } {
  return place === undefined ? {} : { location: locate(place) };
}

/** The keys that are always worth telling, where they are in the call. */
const DERIVED = [
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalType',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalServiceName',
  'aws:username',
  'aws:ResourceAccount',
  'aws:ResourceOrgID',
  'aws:ResourceOrgPaths',
];

/** The context that an assumption was decided in: what was given, and what follows from the declarations. */
function contextData(question: Question): Readonly<Record<string, string | readonly string[]>> {
  const context = contextOf(question);
  const { caller, role } = question;
  const tags = 'tags' in caller ? [...caller.tags.values.keys()].map((key) => `aws:PrincipalTag/${key}`) : [];
  const names = [...DERIVED, ...tags, ...[...role.tags.values.keys()].map((key) => `aws:ResourceTag/${key}`)];
  const data: Record<string, string | readonly string[]> = {};
  for (const [key, values] of question.given.keys) {
    const [only] = values ?? [];
    if (values !== undefined)
      data[question.given.names?.get(key) ?? key] =
        values.length === 1 && only !== undefined ? show(only) : values.map(show);
  }
  for (const name of names) {
    if (question.given.keys.has(name.toLowerCase())) continue;
    const value = context.lookup(name.toLowerCase());
    const [only] = value.kind === 'present' ? value.values : [];
    if (value.kind === 'present' && only !== undefined)
      data[name] = value.values.length === 1 && !name.endsWith('Paths') ? show(only) : value.values.map(show);
  }
  return data;
}

export function findingData(finding: ReportedFinding): unknown {
  const { rule, severity, message, location, related, principal, role, action, status, fix, fingerprint } = finding;
  const shownFix =
    fix === undefined
      ? undefined
      : {
          ...fix,
          edits: fix.edits.map(({ shownPath, startLine, endLine, newText }) => ({
            path: shownPath,
            startLine,
            endLine,
            newText,
          })),
        };
  const defined = { principal, role, action, status, fix: shownFix };
  return {
    rule,
    severity,
    message,
    location,
    related: related.map((one) => ({ location: locate(one.place), message: one.message })),
    ...Object.fromEntries(Object.entries(defined).filter(([, value]) => value !== undefined)),
    fingerprint,
  };
}

/** A decision of `undeclared`: no document says any longer that it is meant to work. */
function changeData({ now, before }: Change): unknown {
  const one = now ?? before;
  return one === undefined
    ? {}
    : {
        principal: principalOf(one.assumption),
        role: show(one.assumption.question.role.arn),
        action: one.assumption.question.action,
        decision: now?.decision.decision ?? 'undeclared',
        ...(before === undefined ? {} : { before: before.decision.decision }),
      };
}
