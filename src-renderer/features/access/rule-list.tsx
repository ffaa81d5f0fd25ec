import { useState } from 'react';
import type { PolicyRule } from '#shared/ipc/protection-views.ts';
import { Field } from '../../components/field.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { EmptyState } from '../../components/states.tsx';
import { formatPlural } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';

const EFFECTS: Readonly<Record<PolicyRule['effect'], StateWord>> = {
  permit: { word: 'Permits', tone: 'good', shape: 'check' },
  forbid: { word: 'Forbids', tone: 'bad', shape: 'cross' },
};

/** From this many on a field to narrow them is worth its place. */
const MANY = 12;

/** Rules as a person reads them; their Cedar text on demand. */
export function RuleList({ rules }: { readonly rules: readonly PolicyRule[] }) {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const shown = rules.filter(({ id, reason, text }) => `${id} ${reason} ${text}`.toLowerCase().includes(wanted));
  return (
    <>
      <p className="pad rules-note sub">
        What no rule permits is denied; what one forbids no other can permit. A rule that cannot be evaluated denies.
      </p>
      {rules.length < MANY ? null : (
        <div className="pad-tight rules-find">
          <Field label="Narrow the rules" optional maxLength={100} value={words} onChange={setWords} />
          <span className="faint num" role="status">
            {wanted === '' ? '' : `${formatPlural(shown.length, 'rule')} of ${rules.length}`}
          </span>
        </div>
      )}
      {shown.length === 0 ? (
        <EmptyState title="No rule has these words">
          <p>Shorten what you typed.</p>
        </EmptyState>
      ) : (
        <ul className="rules">
          {shown.map((rule) => (
            <li key={rule.id} className="rule">
              <StateTag quiet state={EFFECTS[rule.effect]} />
              <div>
                <p>{rule.reason === '' ? <span className="faint">This rule gives no reason.</span> : rule.reason}</p>
                <details>
                  <summary>
                    <code className="wrap">{rule.id}</code>
                  </summary>
                  <pre className="cedar">{rule.text}</pre>
                </details>
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
