import type { Counting, CriterionRow, FrameworkDetail, FrameworkSummary } from '#shared/ipc/compliance-views.ts';
import { type CriterionRef, FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import type { RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import { crosswalk } from '../frameworks/crosswalk.ts';
import { evidenceFor, FRAMEWORK_DATA, keyOf } from '../frameworks/frameworks.ts';
import { type ControlFacts, factsOf } from './control-facts.ts';

type State = CriterionRow['state'];

/**
 * What there is for a criterion. Evidenced: records of the last twelve months of an action that is evidence for it, or an
 * occurrence of a control that helps to meet it. Designed: such a control is there, and nothing shows it. Nothing: neither.
 */
function stateOf(ref: CriterionRef, snapshot: RegisterSnapshot | null, controls: readonly ControlFacts[]): State {
  const recorded = evidenceFor(ref).some(({ action }) => (snapshot?.actions[action]?.year ?? 0) > 0);
  if (recorded || controls.some(({ occurrences, days }) => occurrences.actual > 0 || days.length > 0)) {
    return 'evidenced';
  }
  return controls.some(({ status }) => status !== 'not-applicable') ? 'designed' : 'nothing';
}

function byCriterion(facts: readonly ControlFacts[]): ReadonlyMap<string, readonly ControlFacts[]> {
  const found = new Map<string, ControlFacts[]>();
  for (const one of facts) {
    for (const ref of one.control.criteria) {
      const list = found.get(keyOf(ref)) ?? [];
      list.push(one);
      found.set(keyOf(ref), list);
    }
  }
  return found;
}

export function summariesOf(snapshot: RegisterSnapshot | null, facts: readonly ControlFacts[]): FrameworkSummary[] {
  const controls = byCriterion(facts);
  return FRAMEWORKS.map((framework) => {
    const { name, criteria } = FRAMEWORK_DATA[framework];
    const states = criteria.map(({ id }) => {
      const ref = { framework, id };
      return stateOf(ref, snapshot, controls.get(keyOf(ref)) ?? []);
    });
    const count = (wanted: State): number => states.filter((state) => state === wanted).length;
    return {
      id: framework,
      name,
      criteria: criteria.length,
      evidenced: count('evidenced'),
      designed: count('designed'),
      nothing: count('nothing'),
    };
  });
}

/** One framework, criterion by criterion. */
export function frameworkDetailOf(
  snapshot: RegisterSnapshot | null,
  framework: FrameworkId,
  { counting, now }: { readonly counting: Counting; readonly now: number },
): FrameworkDetail {
  const facts = factsOf(snapshot, now);
  const controls = byCriterion(facts);
  const { name, source, licence, note, criteria } = FRAMEWORK_DATA[framework];
  const rows = criteria.map(({ id, group, name: subject, explanation }) => {
    const ref = { framework, id };
    const own = controls.get(keyOf(ref)) ?? [];
    return {
      id,
      group,
      name: subject,
      explanation,
      state: stateOf(ref, snapshot, own),
      actions: evidenceFor(ref).map(({ action, why }) => {
        const found = snapshot?.actions[action];
        return { action, why, count: found?.year ?? 0, lastSeq: found?.lastSeq ?? null };
      }),
      controls: own.map(({ control, status }) => ({ id: control.id, name: control.name, status })).slice(0, 60),
      crosswalk: crosswalk(ref)
        .map((one) => ({ framework: one.framework, id: one.id }))
        .slice(0, 60),
    };
  });
  const count = (wanted: State): number => rows.filter(({ state }) => state === wanted).length;
  const summary = {
    id: framework,
    name,
    criteria: rows.length,
    evidenced: count('evidenced'),
    designed: count('designed'),
    nothing: count('nothing'),
  };
  return { counting, framework: summary, source, licence, note, criteria: rows };
}
