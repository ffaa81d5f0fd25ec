import type { Role } from '#shared/model/access.ts';
import { ROLE_NAMES, ROLES } from './access-words.ts';

const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  owner: 'Manages the people and everything else. A workspace always has one.',
  admin: 'Runs the workspace: keys, policies, exports and witnesses.',
  operator: 'Investigates incidents and decides on proposals.',
  viewer: 'Reads and verifies. Changes and decides nothing.',
};

interface RoleChoiceProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
  readonly disabled: boolean;
}

export function RoleChoice({ value, onChange, disabled }: RoleChoiceProps) {
  return (
    <fieldset className="options options-dense" disabled={disabled}>
      <legend>Role</legend>
      {ROLES.map((role) => (
        <label key={role}>
          <input type="radio" name="role" checked={value === role} onChange={() => onChange(role)} />
          <span>
            <strong>{ROLE_NAMES[role]}</strong>
            <span className="faint">{ROLE_TEXTS[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
