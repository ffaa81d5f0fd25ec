import type { SampleSheet } from '#shared/ipc/compliance-views.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { formatRoute } from '../../../navigation/route.ts';

interface DrawnTableProps {
  readonly sheet: SampleSheet;
  /** The control whose records are listed; null: all. */
  readonly control: string | null;
  readonly onControl: (control: string | null) => void;
}

/** What was drawn of each control: of how many, and the root that names that population. */
export function DrawnTable({ sheet, control, onControl }: DrawnTableProps) {
  const names = new Map(sheet.rows.map((row) => [row.control as string, row.name]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="table-wide drawn" tabIndex={0} aria-label="Drawn of each control">
      <table className="evidence-table">
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col" className="right">
              Population
            </th>
            <th scope="col" className="right">
              Asked for
            </th>
            <th scope="col" className="right">
              Drawn
            </th>
            <th scope="col">Root of the population</th>
            <th scope="col">
              <span className="visually-hidden">Records</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sheet.sample.drawn.map((drawn) => {
            const shown = control === drawn.control;
            return (
              <tr key={drawn.control} data-shown={shown ? '' : undefined}>
                <td>
                  <a href={formatRoute({ screen: 'compliance', section: 'controls', id: drawn.control })}>
                    {drawn.control}
                  </a>{' '}
                  {names.get(drawn.control) ?? ''}
                </td>
                <td className="right num">{formatCount(drawn.population)}</td>
                <td className="right num">{formatCount(drawn.asked)}</td>
                <td className="right num">
                  {formatCount(drawn.seqs.length)}
                  {drawn.population > 0 && drawn.seqs.length < drawn.asked ? (
                    <span className="block faint">all there are</span>
                  ) : null}
                </td>
                <td>{drawn.root === null ? '–' : <HashText value={drawn.root} what="Root of the population" />}</td>
                <td className="right">
                  {drawn.seqs.length === 0 ? null : (
                    <button
                      type="button"
                      className="link-button"
                      aria-pressed={shown}
                      aria-label={
                        shown ? `Show all, not only ${drawn.control}` : `Only these, the records of ${drawn.control}`
                      }
                      onClick={() => onControl(shown ? null : drawn.control)}
                    >
                      {shown ? 'Show all' : 'Only these'}
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
