import type { CriterionRow } from '#shared/ipc/compliance-views.ts';
import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import { ShapeIcon } from '../../../components/shape-icon.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { controlHref, frameworkHref } from '../compliance-links.ts';
import { CONTROL_WORDS, CRITERION_WORDS, FRAMEWORK_MARKS } from '../compliance-words.ts';
import { Details } from '../parts/details.tsx';
import { RecordLink } from '../parts/links.tsx';
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
                  <Crosswalk row={row} />
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
    <Details
      summary={
        <>
          {formatPlural(countRecords(row), 'record')} of {formatPlural(row.actions.length, 'action')}
          <span className="visually-hidden"> for {row.id}</span>
        </>
      }
    >
      {() => (
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
      )}
    </Details>
  );
}

/** By their ids, as there may be many; a name is read out, shown on hover, and stands where the control is open. */
function Controls({ row }: { readonly row: CriterionRow }) {
  if (row.controls.length === 0) return <span className="faint">none</span>;
  return (
    <ul className="inline-list">
      {row.controls.map(({ id, name, status }) => {
        const state = CONTROL_WORDS[status];
        return (
          <li key={id} className="control-line" title={`${name}: ${state.word.toLowerCase()}`}>
            <span className={`tone-${state.tone}`}>
              <ShapeIcon shape={state.shape} />
            </span>
            <a className="control-link" href={controlHref(id)}>
              <code>{id}</code>
              <span className="visually-hidden">
                {' '}
                {name}, {state.word.toLowerCase()}
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** The criteria of other frameworks that ask for the same, each framework named once. */
function Crosswalk({ row }: { readonly row: CriterionRow }) {
  if (row.crosswalk.length === 0) return <span className="faint">nowhere</span>;
  const frameworks = [...new Set(row.crosswalk.map(({ framework }) => framework))];
  return (
    <ul>
      {frameworks.map((framework) => (
        <li key={framework}>
          <span className="sub">{FRAMEWORK_MARKS[framework]} </span>
          <ul className="inline-list">
            {row.crosswalk
              .filter((criterion) => criterion.framework === framework)
              .map(({ id }) => (
                <li key={id}>
                  <a className="nowrap" href={frameworkHref(framework, id)}>
                    <span className="visually-hidden">{FRAMEWORK_MARKS[framework]} </span>
                    {id}
                  </a>
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
