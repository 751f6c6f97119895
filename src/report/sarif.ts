import type { Severity } from '../rules/finding.ts';
import { RULES } from '../rules/index.ts';
import { type Location, locate, placeKey } from '../source/source.ts';
import { rulePage } from './links.ts';
import { forTerminal, inAddress } from './printable.ts';
import type { Report, ReportedFinding } from './report.ts';
import { mostSevereFirst } from './severity.ts';

/** Code scanning keeps this many of a run. https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit */
const MOST_RESULTS = 5000;
const MOST_RELATED = 100;

const LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const;

/** 0.1 to 10, as code scanning sorts: what opens a role to strangers weighs more than what keeps the owner out. */
const WEIGHTS: Readonly<Record<Severity, string>> = { error: '5.0', warning: '3.0', notice: '1.0' };
const OPENING: ReadonlyMap<string, string> = new Map([
  ['oidc-subject-not-restricted', '9.1'],
  ['open-trust', '8.1'],
  ['confused-deputy', '6.5'],
  ['broad-grant', '5.5'],
]);

/** SARIF 2.1.0, within the limits of code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(report: Report, version: string): string {
  const findings = mostSevereFirst(report.findings);
  const shown = findings.slice(0, MOST_RESULTS);
  const seen = new Map<string, number>();
  const results = shown.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return resultOf(finding, `${finding.fingerprint}:${count}`);
  });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'assume-role-check',
            semanticVersion: version,
            informationUri: 'https://github.com/assume-role-check/assume-role-check',
            rules: RULES.map(ruleOf),
          },
        },
        automationDetails: { id: 'assume-role-check/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: notifications(report, findings.length - shown.length),
          },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, shown.length > 1000 ? 0 : 2)}\n`;
}

function ruleOf({ id, title, severity }: (typeof RULES)[number]) {
  const page = rulePage(id);
  return {
    id,
    name: id.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase()),
    shortDescription: { text: plainText(title) },
    fullDescription: { text: plainText(title) },
    help: {
      text: `Finds: ${plainText(title)}. Why it matters, how to mend it and how to suppress it: ${page}`,
      markdown: `Finds: ${title}.\n\n[Why it matters, how to mend it and how to suppress it](${page})`,
    },
    helpUri: page,
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'aws', 'iam'],
      precision: severity === 'error' ? 'very-high' : 'high',
      'problem.severity': severity === 'notice' ? 'recommendation' : severity,
      'security-severity': OPENING.get(id) ?? WEIGHTS[severity],
    },
  };
}

function resultOf(finding: ReportedFinding, fingerprint: string) {
  const { rule, severity, message, location, principal, role, action, status, subject } = finding;
  const answer = subject?.explanation().answer;
  const text = answer === undefined ? message : `${message}. AWS would answer: ${answer}`;
  const properties = { principal, role, action, decision: subject?.decision.decision };
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ id }) => id === rule),
    level: LEVELS[severity],
    message: { text: plainText(text) },
    locations: [{ physicalLocation: physical(location) }],
    relatedLocations: relatedOf(finding),
    // Code scanning knows an alert again by the first, whatever lines shift.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'assumeRoleCheck/v1': finding.fingerprint },
    ...(status === undefined ? {} : { baselineState: status === 'new' ? 'new' : 'unchanged' }),
    ...fixesOf(finding),
    properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)),
  };
}

/** Where it is declared, and what else has to do with it. */
function relatedOf({ related, subject, place }: ReportedFinding) {
  const declared = subject?.assumption.declaredBy ?? [];
  const all = [...related, ...declared.map((one) => ({ place: one.place, message: one.text }))];
  const layers = subject?.explanation().layers ?? [];
  for (const { place: at, layer, reason } of layers)
    if (at !== undefined) all.push({ place: at, message: `${layer}: ${reason}` });
  const seen = new Set([placeKey(place)]);
  return all
    .filter((one) => {
      const key = placeKey(one.place);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, MOST_RELATED)
    .map((one, index) => ({
      id: index + 1,
      physicalLocation: physical(locate(one.place)),
      message: { text: plainText(one.message) },
    }));
}

function physical({ path, startLine, startColumn, endLine, endColumn }: Location) {
  return { ...artifact(path), region: { startLine, startColumn, endLine, endColumn } };
}

function artifact(path: string) {
  return { artifactLocation: { uri: inAddress(path), uriBaseId: '%SRCROOT%' } };
}

function fixesOf({ fix }: ReportedFinding) {
  if (fix === undefined) return {};
  const paths = [...new Set(fix.edits.map(({ shownPath }) => shownPath))];
  return {
    fixes: [
      {
        description: { text: plainText(fix.description) },
        artifactChanges: paths.map((path) => ({
          ...artifact(path),
          replacements: fix.edits
            .filter(({ shownPath }) => shownPath === path)
            // Without columns a region is whole lines, the last line's break left out.
            .map(({ startLine, endLine, newText }) => ({
              deletedRegion: { startLine, endLine },
              insertedContent: { text: newText },
            })),
        })),
      },
    ],
  };
}

function notifications({ problems }: Report, leftOut: number) {
  const unread = problems.slice(0, 1000).map(({ place, level, message }) => {
    const { path, startLine } = locate(place);
    return {
      level,
      message: { text: plainText(message) },
      locations: [{ physicalLocation: { ...artifact(path), region: { startLine } } }],
    };
  });
  const rest = {
    level: 'warning',
    message: { text: `${leftOut} more results are left out: code scanning keeps 5000` },
  };
  return leftOut > 0 ? [...unread, rest] : unread;
}

/** In a message `[text](target)` is a link. https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317468 */
function plainText(text: string): string {
  return forTerminal(text).replace(/[\\[\]]/g, '\\$&');
}
