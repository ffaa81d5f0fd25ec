import type { CriterionRow } from '#shared/ipc/compliance-views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import { ShapeIcon } from '../../../components/shape-icon.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { CONTROL_WORDS, CRITERION_WORDS } from '../compliance-words.ts';
import { ControlLink, CriterionLink, RecordLink } from '../parts/links.tsx';
import { countRecords } from './criteria-groups.ts';

interface CriteriaTableProps {
  readonly groups: readonly { readonly group: string; readonly rows: readonly CriterionRow[] }[];
  /** The one the address names. */
  readonly current: string | null;
}

/** Criteria in their groups, each with its evidence, its controls and what asks for the same elsewhere. */
export function CriteriaTable({ groups, current }: CriteriaTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide" tabIndex={0} aria-label="Criteria by group">
      <table className="criteria-table">
        <thead>
          <tr>
            <th scope="col">Criterion</th>
            <th scope="col">What it asks for</th>
            <th scope="col">State</th>
            <th scope="col">Evidence</th>
            <th scope="col">Controls</th>
            <th scope="col">Asked for elsewhere</th>
          </tr>
        </thead>
        {groups.map(({ group, rows }) => (
          <tbody key={group}>
            <tr className="group-row">
              <th scope="rowgroup" colSpan={6}>
                {group}
              </th>
            </tr>
            {rows.map((row) => (
              <tr
                key={row.id}
                id={`criterion-${row.id}`}
                tabIndex={-1}
                {...(row.id === current ? { className: 'row-current' } : {})}
              >
                <th scope="row">
                  <code>{row.id}</code>
                </th>
                <td className="criterion-text">
                  <strong>{row.name}</strong>
                  <span className="block sub">{row.explanation}</span>
                </td>
                <td>
                  <StateTag state={CRITERION_WORDS[row.state]} />
                </td>
                <td className="evidence-cell">
                  <Evidence row={row} />
                </td>
                <td className="controls-cell">
                  <Controls row={row} />
                </td>
                <td className="crosswalk-cell">
                  {row.crosswalk.length === 0 ? (
                    <span className="faint">nowhere</span>
                  ) : (
                    <ul className="inline-list">
                      {row.crosswalk.map((criterion) => (
                        <li key={`${criterion.framework} ${criterion.id}`}>
                          <CriterionLink criterion={criterion} />
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Evidence({ row }: { readonly row: CriterionRow }) {
  if (row.actions.length === 0) return <span className="faint">No action is evidence for it</span>;
  return (
    <details>
      <summary className="num">
        {formatPlural(countRecords(row), 'record')} of {formatPlural(row.actions.length, 'action')}
        <span className="visually-hidden"> for {row.id}</span>
      </summary>
      <ul className="reasons">
        {row.actions.map(({ action, why, count, lastSeq }) => (
          <li key={action}>
            <code title={ACTION_DESCRIPTIONS[action]}>{action}</code>{' '}
            <span className="num">
              {count === 0 ? 'no record' : `${formatCount(count)}×`}
              {lastSeq === null ? null : (
                <>
                  {', last '}
                  <RecordLink seq={lastSeq} />
                </>
              )}
            </span>
            <span className="block sub">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Controls({ row }: { readonly row: CriterionRow }) {
  if (row.controls.length === 0) return <span className="faint">none</span>;
  return (
    <ul>
      {row.controls.map(({ id, name, status }) => {
        const state = CONTROL_WORDS[status];
        return (
          <li key={id} className="control-line">
            <span className={`tone-${state.tone}`} title={state.word}>
              <ShapeIcon shape={state.shape} />
              <span className="visually-hidden">{state.word}: </span>
            </span>
            <ControlLink id={id} name={name} />
          </li>
        );
      })}
    </ul>
  );
}
