import { useState } from 'react';
import type { FrameworkDetail } from '#shared/ipc/compliance-views.ts';
import type { CriterionRef, FrameworkId } from '#shared/model/control.ts';
import { call } from '../../../bridge/call.ts';
import { useQuery } from '../../../bridge/use-query.ts';
import { Button } from '../../../components/button.tsx';
import { ModalDialog } from '../../../components/modal-dialog.tsx';
import { ErrorPanel, Loading } from '../../../components/states.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { groupCriteria, keyOf, toggleAll, toggleOne } from './criteria-model.ts';

interface CriteriaChoiceProps {
  readonly frameworks: readonly FrameworkId[];
  /** null: all. */
  readonly value: readonly CriterionRef[] | null;
  readonly onChange: (value: readonly CriterionRef[] | null) => void;
  readonly problem: string | null;
}

/** Which criteria a report is about: all of its frameworks', or those chosen. */
export function CriteriaChoice({ frameworks, value, onChange, problem }: CriteriaChoiceProps) {
  const [choosing, setChoosing] = useState(false);
  const own = value?.filter(({ framework }) => frameworks.includes(framework)) ?? null;
  return (
    <div className="choice-line">
      <span className="choice-name">Criteria</span>
      <span>{own === null ? 'All of them' : `${formatCount(own.length)} chosen`}</span>
      <Button onPress={() => setChoosing(true)}>Choose criteria…</Button>
      {own === null ? null : (
        <Button look="ghost" onPress={() => onChange(null)}>
          Take all
        </Button>
      )}
      {problem === null ? null : (
        <p className="hint hint-bad" role="alert">
          {problem}
        </p>
      )}
      {choosing ? (
        <CriteriaDialog
          frameworks={frameworks}
          value={own}
          onClose={() => setChoosing(false)}
          onChoose={(chosen) => {
            onChange(chosen);
            setChoosing(false);
          }}
        />
      ) : null}
    </div>
  );
}

interface CriteriaDialogProps {
  readonly frameworks: readonly FrameworkId[];
  readonly value: readonly CriterionRef[] | null;
  readonly onChoose: (value: readonly CriterionRef[] | null) => void;
  readonly onClose: () => void;
}

function CriteriaDialog({ frameworks, value, onChoose, onClose }: CriteriaDialogProps) {
  const query = useQuery(`criteria ${frameworks.join(' ')}`, () =>
    Promise.all(frameworks.map((framework) => call('compliance.framework', { framework }))),
  );
  const [chosen, setChosen] = useState<readonly CriterionRef[] | null>(value);
  const details = query.data;
  const total = details?.reduce((sum, { criteria }) => sum + criteria.length, 0) ?? 0;
  const count = chosen?.length ?? total;
  return (
    <ModalDialog
      title="Criteria of the report"
      lead="What is left out is not looked at, and the report says which criteria it is about."
      size="large"
      onClose={onClose}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="dialog-body" tabIndex={0} aria-label="Criteria">
        {query.error === null ? null : (
          <ErrorPanel error={query.error} title="The criteria could not be read" onRetry={query.reload} />
        )}
        {details === null && query.loading ? <Loading what="Reading criteria…" /> : null}
        {details?.map((detail) => (
          <FrameworkCriteria
            key={detail.framework.id}
            detail={detail}
            named={details.length > 1}
            chosen={chosen ?? everything(details)}
            onChange={setChosen}
          />
        ))}
      </section>
      <footer className="dialog-foot">
        <span className="foot-note num" role="status">
          {details === null ? '' : `${formatCount(count)} of ${formatPlural(total, 'criterion', 'criteria')}`}
        </span>
        <Button look="ghost" disabled={details === null} onPress={() => setChosen(count === total ? [] : null)}>
          {count === total ? 'None' : 'All'}
        </Button>
        <Button look="ghost" onPress={onClose}>
          Cancel
        </Button>
        <Button
          look="primary"
          disabled={details === null || count === 0}
          onPress={() => onChoose(count === total ? null : chosen)}
        >
          Take these
        </Button>
      </footer>
    </ModalDialog>
  );
}

const everything = (details: readonly FrameworkDetail[]): readonly CriterionRef[] =>
  details.flatMap(({ framework, criteria }) => criteria.map(({ id }) => ({ framework: framework.id, id })));

interface FrameworkCriteriaProps {
  readonly detail: FrameworkDetail;
  readonly named: boolean;
  readonly chosen: readonly CriterionRef[];
  readonly onChange: (chosen: readonly CriterionRef[]) => void;
}

function FrameworkCriteria({ detail, named, chosen, onChange }: FrameworkCriteriaProps) {
  const framework = detail.framework.id;
  const taken = new Set(chosen.map(keyOf));
  return groupCriteria(detail.criteria).map(({ group, criteria }) => {
    const refs = criteria.map(({ id }) => ({ framework, id }));
    const held = refs.filter((ref) => taken.has(keyOf(ref))).length;
    const title = named ? `${detail.framework.name} · ${group}` : group;
    return (
      <fieldset key={group} className="criteria-group">
        <legend>
          <label className="check">
            <input
              type="checkbox"
              checked={held === refs.length}
              ref={(box) => {
                if (box !== null) box.indeterminate = held > 0 && held < refs.length;
              }}
              onChange={(event) => onChange(toggleAll(chosen, refs, event.target.checked))}
            />
            <strong>{title}</strong>
            <span className="faint num">
              {held} of {refs.length}
            </span>
          </label>
        </legend>
        <div className="criteria-boxes">
          {criteria.map(({ id, name }) => (
            <label key={id} className="criterion-box">
              <input
                type="checkbox"
                checked={taken.has(keyOf({ framework, id }))}
                onChange={(event) => onChange(toggleOne(chosen, { framework, id }, event.target.checked))}
              />
              <span>
                <code>{id}</code> {name}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    );
  });
}
