import type { Permission } from '#shared/model/access.ts';
import { usePermissions } from '../../bridge/access-provider.tsx';
import { groupByPrefix, KEY_SCOPES } from './access-words.ts';

interface ScopeChoiceProps {
  readonly value: readonly Permission[];
  readonly onChange: (scopes: readonly Permission[]) => void;
  readonly disabled: boolean;
}

/** What the key may do: only what its maker may do, and never a decision. */
export function ScopeChoice({ value, onChange, disabled }: ScopeChoiceProps) {
  const own = usePermissions();
  const offered = KEY_SCOPES.filter((scope) => own.includes(scope)).map((permission) => ({ permission }));
  return (
    <fieldset className="scopes" disabled={disabled}>
      <legend>What it may do</legend>
      {groupByPrefix(offered).map(({ name, rows }) => (
        <div key={name} className="scope-group">
          <span className="faint">{name}</span>
          <span className="scope-boxes">
            {rows.map(({ permission }) => (
              <label key={permission} className="check">
                <input
                  type="checkbox"
                  checked={value.includes(permission)}
                  onChange={(event) =>
                    onChange(
                      event.target.checked ? [...value, permission] : value.filter((scope) => scope !== permission),
                    )
                  }
                />
                <code>{permission}</code>
              </label>
            ))}
          </span>
        </div>
      ))}
    </fieldset>
  );
}
