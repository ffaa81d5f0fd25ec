import { Button as AriaButton } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { useConsole } from '../bridge/console-provider.tsx';
import { HashText } from '../components/hash-text.tsx';
import { Popover } from '../components/popover.tsx';
import { useSetting, writeSetting } from '../components/settings.ts';
import { chooseTheme, readTheme, THEMES } from '../components/theme.ts';

const THEME_NAMES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** Who one is here, in which workspace, with which key; and how the window looks. */
export function AccountMenu() {
  const { info, chain } = useConsole();
  const initials = info.user.name
    .split(/\s+/)
    .map((word) => word.slice(0, 1).toUpperCase())
    .slice(0, 2)
    .join('');
  return (
    <DialogTrigger>
      <AriaButton className="account">
        <span className="visually-hidden">Workspace </span>
        <span className="account-text">{info.tenant}</span>
        <span className="me">
          <span aria-hidden="true">{initials}</span>
          <span className="visually-hidden">, user {info.user.name}</span>
        </span>
      </AriaButton>
      <Popover placement="bottom end">
        <Dialog className="popover-body account-body" aria-label="Workspace and window">
          <dl className="facts">
            <dt>Workspace</dt>
            <dd>{info.tenant}</dd>
            <dt>User</dt>
            <dd>
              {info.user.name} <code>{info.user.id}</code>
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
          <ThemeChoice />
          <SingleKeyChoice />
        </Dialog>
      </Popover>
    </DialogTrigger>
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
