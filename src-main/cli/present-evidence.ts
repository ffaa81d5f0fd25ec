import type { BundleView, ComplianceOverview, ControlDetail, ReviewView } from '#shared/ipc/compliance-views.ts';
import { cadencesBeside } from '#shared/model/control.ts';
import type { Reperformed, ReportException } from '#shared/model/report.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { plain } from './io.ts';

const VERDICTS: Readonly<Record<Reperformed['verdict'], string>> = {
  agrees: 'AGREES: the chain gives the same report',
  differs: 'DIFFERS: this is not what the chain gives',
  'cannot-tell': 'CANNOT BE TOLD: see the checks that are open',
};

export function presentReperformed(result: Reperformed): string {
  const checks = result.checks.map(
    ({ state, name, detail }) => `  ${state.padEnd(6)} ${plain(name)}: ${plain(detail)}\n`,
  );
  const differences = result.differences.map(
    ({ where, report, recomputed }) =>
      `  ${plain(where)}\n    report      ${plain(report)}\n    recomputed  ${plain(recomputed)}\n`,
  );
  const more = result.differenceCount - result.differences.length;
  return (
    `${VERDICTS[result.verdict]}\n${plain(result.title)}\n` +
    `${result.figures} figures compared; ${result.notGiven} sealed values are not opened by this chain file\n` +
    `Checks\n${checks.join('')}` +
    (differences.length === 0 ? '' : `Differences\n${differences.join('')}`) +
    (more > 0 ? `  and ${more} more\n` : '')
  );
}

export function presentOverview({
  counting,
  controls,
  exceptions,
  frameworks,
  occurrences,
  window,
}: ComplianceOverview): string {
  const asOf =
    counting.asOf === null ? 'nothing counted yet' : `as of record ${counting.asOf.seq}, ${counting.asOf.time}`;
  const rows = controls.map(
    ({ id, name, status, frequency, occurrences: seen, exceptions: open }) =>
      `  ${id.padEnd(6)} ${status.padEnd(14)} ${frequency.padEnd(10)} ${String(seen.actual).padStart(6)} of ${String(seen.expected).padEnd(6)} ${open.open > 0 ? `${open.open} open  ` : ''}${plain(name)}\n`,
  );
  const covered = frameworks.map(
    ({ name, criteria, evidenced, designed, nothing }) =>
      `  ${plain(name)}: ${evidenced} of ${criteria} with evidence, ${designed} with a control only, ${nothing} with nothing\n`,
  );
  return (
    `${asOf}; window ${window.from.slice(0, 10)} to ${window.to.slice(0, 10)}\n` +
    `${occurrences.actual} of ${occurrences.expected} occurrences, ${exceptions.open} exceptions open, ${exceptions.fixed} fixed\n` +
    `Frameworks\n${covered.join('')}Controls\n${rows.join('')}`
  );
}

export function presentControl({
  control,
  objective,
  occurrenceRule,
  deviationRule,
  check,
  criteria,
  exceptions,
  performed,
  remedy,
}: ControlDetail): string {
  const { id, name, status, reasons, frequency, owner, due } = control;
  return (
    `${id}  ${plain(name)}\n${plain(objective)}\n` +
    `status     ${status}\n${reasons.map((reason) => `           ${plain(reason)}\n`).join('')}` +
    `cadence    ${frequency}${cadencesBeside(frequency).length === 0 ? ' (seen each time; it has no other)' : ''}\nowner      ${owner === null ? 'nobody' : plain(owner.name)}\n${due === null ? '' : `due        ${due}\n`}` +
    (check === null ? '' : `self-check ${check.result} at ${check.time}: ${plain(check.detail)}\n`) +
    (status === 'gap' || status === 'partial' ? `to close   ${plain(remedy)}\n` : '') +
    `occurrence ${plain(occurrenceRule)}\ndeviation  ${plain(deviationRule)}\n` +
    `Criteria\n${criteria.map(({ framework, id: criterion, why }) => `  ${framework} ${criterion}: ${plain(why)}\n`).join('')}` +
    (performed.length === 0
      ? ''
      : `Performed\n${performed.map(({ on, by, note }) => `  ${on.slice(0, 10)} by ${plain(by.name)}: ${plain(note ?? '(erased)')}\n`).join('')}`) +
    (exceptions.length === 0 ? '' : `Exceptions\n${presentExceptions(exceptions)}`)
  );
}

export function presentExceptions(exceptions: readonly ReportException[]): string {
  if (exceptions.length === 0) return 'No exceptions.\n';
  return exceptions
    .map(({ state, control, text, seq, time, fixedBy }) => {
      const where = seq === null ? '' : ` (record ${seq})`;
      const fixed = fixedBy === null ? '' : `, put right by record ${fixedBy}`;
      return `  ${state.padEnd(5)} ${control ?? ''} ${time ?? ''}  ${plain(text)}${where}${fixed}\n`;
    })
    .join('');
}

export function presentReview({ id, state, opened, due, subjects, root }: ReviewView): string {
  const people = subjects.map(
    ({ id: subject, name, role, decision, own }) =>
      `  ${subject}  ${role.padEnd(10)} ${plain(name)}: ${decision === null ? (own ? 'yours: somebody else decides' : 'to be decided') : `${decision.decision} by ${plain(decision.by.name)}`}\n`,
  );
  return `${id}  ${state}  opened ${opened.slice(0, 10)}, due ${due.slice(0, 10)}\n  population ${root}\n${people.join('')}`;
}

const BUNDLE_VERDICTS: Readonly<Record<BundleView['verdict'], string>> = {
  complete: 'COMPLETE: every file is there as it was signed',
  'broken-chain':
    'BROKEN CHAIN: made over a chain that does not verify; this is what was given out, and every file is there as it was signed',
  damaged: 'DAMAGED: this is not what was given out',
};
const MOST_PROBLEMS = 20;

function presentProblems(problems: BundleView['chainVerdict']['problems']): string {
  return problems
    .slice(0, MOST_PROBLEMS)
    .map(({ seq, message }) => `          ${seq === undefined ? '' : `record ${seq}: `}${plain(message)}\n`)
    .join('');
}

export function presentBundle(view: BundleView): string {
  const wrong = view.files.filter(({ state }) => state !== 'holds');
  return (
    `${view.chainVerdict.synthetic ? `${SYNTHETIC_CHAIN}\n` : ''}` +
    `${BUNDLE_VERDICTS[view.verdict]}\n` +
    `${view.problems.map(({ file, text }) => `  ${plain(file)}: ${plain(text)}\n`).join('')}` +
    `${wrong.map(({ file, state }) => `  ${state.padEnd(10)} ${plain(file)}\n`).join('')}` +
    `chain     ${view.chain} of ${view.tenant}: ${view.chainVerdict.verdict}\n` +
    `${view.verdict === 'broken-chain' ? presentProblems(view.chainVerdict.problems) : ''}` +
    `key       ${signer(view)}\n` +
    `manifest  ${view.manifest}\nfiles     ${view.files.length}\n` +
    `${view.reports.map(({ file, title, exceptions }) => `report    ${plain(file)}: ${plain(title)}, ${exceptions.length} exceptions\n`).join('')}`
  );
}

/** A key that only the manifest names is nobody's to compare: whoever wrote the manifest chose it. */
function signer({ key }: BundleView): string {
  return key.holds
    ? `${key.id}: compare it with what the chain's owner tells you another way`
    : 'who signed it cannot be said: the signature of its manifest does not hold, or could not be checked';
}
