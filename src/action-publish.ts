import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setOutput, warning } from '@actions/core';
import type { Environment } from './action-world.ts';
import type { Inputs } from './inputs.ts';
import { renderGithub } from './report/github.ts';
import { renderJson } from './report/json.ts';
import type { Linked } from './report/links.ts';
import { renderMarkdown } from './report/markdown.ts';
import { forLog } from './report/printable.ts';
import { countBy, type Report } from './report/report.ts';
import { renderSarif } from './report/sarif.ts';
import { summaryLine } from './report/text.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './version.ts';

/** Annotations of each level that the run keeps for what it has to say itself: the runner shows ten. */
const KEPT = 2;

/** What needs no permission: the job summary, annotations, outputs, files. */
export function publish(
  report: Report,
  inputs: Inputs,
  environment: Environment,
  link: Linked,
  write: (text: string) => void,
): void {
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  const severities = countBy(
    ['error', 'warning', 'notice'],
    report.findings.map(({ severity }) => severity),
  );
  const decisions = countBy(
    ['allowed', 'denied', 'conditional', 'unknown'],
    report.decided.map(({ decision }) => decision.decision),
  );
  if (inputs.summary) writeSummary(report, environment, link);
  write(renderGithub(report, KEPT));
  write(`${forLog(summaryLine(report))}\n`);
  if (inputs.reportFile !== undefined) writeReport(workspace, inputs.reportFile, renderJson(report));
  if (inputs.sarifFile !== undefined) writeReport(workspace, inputs.sarifFile, renderSarif(report, VERSION));
  setOutput('findings', report.findings.length);
  setOutput('errors', severities.error);
  setOutput('warnings', severities.warning);
  for (const word of ['allowed', 'denied', 'conditional', 'unknown'] as const) setOutput(word, decisions[word]);
  setOutput('report-file', inputs.reportFile ?? '');
  setOutput('sarif-file', inputs.sarifFile ?? '');
}

function writeReport(workspace: string, file: string, text: string): void {
  try {
    writeFileSync(resolve(workspace, file), text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(`cannot write ${file} (${code})`);
  }
}

function writeSummary(report: Report, environment: Environment, link: Linked): void {
  const path = environment.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, renderMarkdown(report, link));
  } catch {
    warning('The job summary could not be written; the annotations say the same.');
  }
}
