import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import type { OwnPerson } from '#shared/ipc/access-views.ts';
import { useAccess } from '../bridge/access-provider.tsx';
import { useConsole } from '../bridge/console-provider.tsx';
import { IS_MAC, useCommandList } from '../commands/command-context.tsx';
import { ariaShortcut } from '../commands/shortcut.ts';
import { HashText } from '../components/hash-text.tsx';
import { ROLE_NAMES } from '../components/no-permission.tsx';
import { Popover } from '../components/popover.tsx';
import { useSetting, writeSetting } from '../components/settings.ts';
import { ShapeIcon } from '../components/shape-icon.tsx';
import { ShortcutPrint } from '../components/shortcut-keys.tsx';
import { chooseTheme, readTheme, THEMES } from '../components/theme.ts';
import { formatPlural } from '../format/numbers.ts';
import { takeInitials } from './initials.ts';

const THEME_NAMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
/** So few that new ones should be made before the last is used. */
const FEW_CODES = 3;

/** Who is signed in, to which workspace, with which key; the own account, and how the window looks. */
export function AccountMenu() {
  const { person, workspace } = useAccess().state;
  const [open, setOpen] = useState(false);
  if (person === null) return null;
  const place = `${ROLE_NAMES[person.role]}${workspace === null ? '' : ` · ${workspace.title}`}`;
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <AriaButton className="account">
        <span className="visually-hidden">Account of </span>
        <span className="account-text">
          <span className="account-name">{person.name}</span>
          <span className="account-role">{place}</span>
        </span>
        <span className="me" aria-hidden="true">
          {takeInitials(person.name)}
        </span>
      </AriaButton>
      <Popover placement="bottom end">
        <Dialog className="popover-body account-body" aria-label="Account and window">
          <PersonHead person={person} />
          <AccountCommands onChosen={() => setOpen(false)} />
          <WorkspaceFacts />
          <ThemeChoice />
          <SingleKeyChoice />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function PersonHead({ person }: { readonly person: OwnPerson }) {
  const few = person.secondFactor && person.recoveryCodesLeft <= FEW_CODES;
  return (
    <div className="account-person">
      <strong className="external-wrap">{person.name}</strong>
      <span className="sub external-wrap">
        {person.email} · {ROLE_NAMES[person.role]}
      </span>
      {person.secondFactor ? (
        <span className={few ? 'account-factor tone-warn' : 'account-factor tone-good'}>
          <ShapeIcon shape={few ? 'bang' : 'check'} />
          Second factor on, {formatPlural(person.recoveryCodesLeft, 'recovery code')} left
        </span>
      ) : (
        <span className="account-factor tone-warn">
          <ShapeIcon shape="bang" />
          No second factor: the password alone signs in
        </span>
      )}
    </div>
  );
}

/** The account's commands, from the registry: the same words and shortcuts as in the palette. */
function AccountCommands({ onChosen }: { readonly onChosen: () => void }) {
  const commands = useCommandList().filter(({ group }) => group === 'Account');
  return (
    <ul className="account-commands" aria-label="Account">
      {commands.map(({ id, title, shortcut, run }) => (
        <li key={id}>
          <AriaButton
            className="account-command"
            {...(shortcut === undefined ? {} : { 'aria-keyshortcuts': ariaShortcut(shortcut, IS_MAC) ?? '' })}
            onPress={() => {
              onChosen();
              // after the menu gave the focus back, so that what is opened gives it back to the menu's button
              requestAnimationFrame(run);
            }}
          >
            {title}
            {shortcut === undefined ? null : <ShortcutPrint shortcut={shortcut} />}
          </AriaButton>
        </li>
      ))}
    </ul>
  );
}

function WorkspaceFacts() {
  const { info, chain } = useConsole();
  const { workspace } = useAccess().state;
  return (
    <dl className="facts">
      <dt>Workspace</dt>
      <dd>
        {workspace === null ? null : `${workspace.title} `}
        <code>{info.tenant}</code>
      </dd>
      <dt>Your id</dt>
      <dd>
        <code>{info.user.id}</code>
      </dd>
      <dt>Device</dt>
      <dd>{info.device.name}</dd>
      <dt>Keychain</dt>
      <dd>
        {info.keychain.description}
        {info.keychain.durable ? null : <strong> · lost when Causeway closes</strong>}
      </dd>
      <dt>Signing key</dt>
      <dd>
        <code>{chain.keyId}</code>
      </dd>
      <dt>Chain</dt>
      <dd>
        <code className="wrap">{info.chain}</code>
      </dd>
      <dt>Policy</dt>
      <dd>
        <HashText value={info.policyVersion} what="Policy version" />
      </dd>
      <dt>Version</dt>
      <dd>{info.version}</dd>
    </dl>
  );
}

function ThemeChoice() {
  useSetting('theme');
  const theme = readTheme();
  return (
    <fieldset className="choice">
      <legend>Theme</legend>
      {THEMES.map((option) => (
        <label key={option}>
          <input type="radio" name="theme" checked={theme === option} onChange={() => chooseTheme(option)} />
          {THEME_NAMES[option]}
        </label>
      ))}
    </fieldset>
  );
}

function SingleKeyChoice() {
  const on = useSetting('single-keys') !== 'off';
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => writeSetting('single-keys', event.currentTarget.checked ? 'on' : 'off')}
      />
      Shortcuts of letters alone
    </label>
  );
}
