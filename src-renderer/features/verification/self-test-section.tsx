import type { SelfTest } from '#shared/ipc/verification-views.ts';
import type { Query } from '../../bridge/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState, ErrorPanel, Loading } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { type Attack, orderAttacks, wordSelfTest } from './self-test-words.ts';

const HELD = { word: 'Held', tone: 'good', shape: 'check' } as const;
const NOT_HELD = { word: 'Not held', tone: 'bad', shape: 'cross' } as const;

/** What came of the store's attack on a copy of itself. */
export function SelfTestSection({ test }: { readonly test: Query<SelfTest | null> }) {
  return (
    <Panel title="Self-test" className="list-section">
      {test.error === null ? null : (
        <ErrorPanel error={test.error} title="The self-test could not be read" onRetry={test.reload} />
      )}
      {test.loading && test.data === null ? <Loading what="Reading the self-test…" /> : null}
      {test.data === null ? (
        test.loading || test.error !== null ? null : (
          <EmptyState title="No self-test yet">
            <p>At every start the console attacks a copy of its own database. This start has not come to it.</p>
          </EmptyState>
        )
      ) : (
        <SelfTestBody test={test.data} />
      )}
    </Panel>
  );
}

function SelfTestBody({ test }: { readonly test: SelfTest }) {
  const { state, sentence } = wordSelfTest(test);
  const attacks = orderAttacks(test.attacks);
  const failed = attacks.filter((attack) => !attack.held);
  return (
    <div className="pad stack">
      <div className="verdict-word">
        <StateTag state={state} />
        <span className="num">{sentence}</span>
      </div>
      <p className="sub">
        Tried <TimeText iso={test.at} /> on a copy of this workspace&apos;s database, with SQLite {test.sqlite}. Each
        way has to be refused by the database&apos;s guards, or be told by them afterwards. The result is on record.
      </p>
      {failed.length === 0 ? null : (
        <div className="problems">
          <h3>
            {failed.length === 1 ? 'What got through' : `The ${formatPlural(failed.length, 'way')} that got through`}
          </h3>
          <AttackTable attacks={failed} />
        </div>
      )}
      <details>
        <summary>{formatPlural(attacks.length, 'way')} tried</summary>
        <AttackTable attacks={attacks} />
      </details>
    </div>
  );
}

function AttackTable({ attacks }: { readonly attacks: readonly Attack[] }) {
  return (
    <table className="attacks">
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col">What was tried</th>
          <th scope="col">What happened</th>
        </tr>
      </thead>
      <tbody>
        {attacks.map((attack) => (
          <tr key={attack.id}>
            <td>
              <StateTag state={attack.held ? HELD : NOT_HELD} quiet />
            </td>
            <td className="wrap capital">{attack.text}</td>
            <td className="wrap faint">{attack.detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
